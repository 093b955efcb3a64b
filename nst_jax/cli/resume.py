"""`resume`: continue a run that was stopped."""

import argparse
from pathlib import Path
from typing import Any

from .following import follow
from .options import seconds
from .places import keep_inputs
from .stylize import EVERY


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("resume", help="continue a run that was stopped")
    parser.set_defaults(command=run)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--checkpoint-every", type=seconds, default=10.0, metavar="S", help=EVERY)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..transfer.manifest import environment
    from ..transfer.run_folder import RunFolder

    kept = RunFolder(options.folder)
    job, manifest = kept.reopen(), kept.manifest
    keep_inputs(manifest.get("out"), [described["path"] for described in job.inputs.values()])
    if manifest.get("began_with", environment()) != environment():
        print("note: the run began with other versions or on another device; its bytes may differ")
    return follow(job, options.folder, manifest.get("out"), options.checkpoint_every)
