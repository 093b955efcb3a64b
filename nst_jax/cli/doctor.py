"""`doctor`: report versions, devices, and combinations known to fail."""

import argparse
import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from .. import __version__
from ..described import counted
from ..download import cache_folder
from ..images.bundled import BUNDLED
from ..images.remote import REMOTE, cached_file
from ..networks.device import flags
from ..networks.loading import cached
from ..networks.sources import NETWORKS, SOURCES

PACKAGES = (
    *("jax", "jaxlib", "flax", "optax", "numpy", "pillow", "pooch", "safetensors", "h5py", "scikit-image", "pandas"),
    *("ipykernel", "ipywidgets", "anywidget", "torch"),
)

# package → version → what is wrong with it and what to do; jax#N are issues of the JAX repository.
KNOWN_BAD = {
    "jaxlib": {
        "0.10.2": "wrong results and crashes on the CPU (jax#39103, jax#39257): install jax and jaxlib 0.10.1",
        "0.11.0": "wrong results and crashes on the CPU (jax#39103, jax#39257): install jax and jaxlib 0.10.1",
    },
    "ipykernel": {"7.4.0": "knobs of a live view are dead after Run All: install ipykernel 7.3"},
}
KNOWN_BAD_TOGETHER = (
    (("flax", "0.12.9"), ("jax", "0.11."), "flax 0.12.9 does not import with jax 0.11: install flax 0.12.8"),
)


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("doctor", help="report versions, devices and known faults")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    facts, faults = examine()
    print(*facts, *(f"FAULT        {fault}" for fault in faults), sep="\n")
    print("no known fault" if not faults else counted(len(faults), "known fault"))
    return 2 if faults else 0


def examine() -> tuple[list[str], list[str]]:
    """What is installed, what it runs on, and what is wrong with it.

    Returns:
        Facts and faults, a line each.
    """
    versions = {package: _version(package) for package in PACKAGES}
    facts = [f"{'nst_jax':12} {__version__}"]
    facts += [f"{package:12} {found or 'not installed'}" for package, found in versions.items()]
    faults = [
        f"{p} {versions[p]}: {fault}" for p, bad in KNOWN_BAD.items() for v, fault in bad.items() if versions[p] == v
    ]
    for (first, v1), (second, v2), fault in KNOWN_BAD_TOGETHER:
        if versions[first] == v1 and (versions[second] or "").startswith(v2):
            faults.append(fault)
    if versions["jax"] and versions["jaxlib"] and versions["jax"] != versions["jaxlib"]:
        faults.append(f"jax {versions['jax']} and jaxlib {versions['jaxlib']} differ: install the same version of both")
    facts += [f"{'flag':12} {flag}" for flag in flags()]
    devices, fault = _devices()
    facts += [f"{'device':12} {device}" for device in devices]
    if fault:
        faults.append(f"JAX does not start: {fault}" + (f"; the flags are {', '.join(flags())}" if flags() else ""))
    facts.append(f"{'cores':12} {os.cpu_count()}")
    facts.append(f"{'cache':12} {cache_folder()}")
    here = [*NETWORKS, *(name for name in SOURCES if cached(name))]
    facts.append(f"{'networks':12} {', '.join(here)}")
    here = [*BUNDLED, *(name for name in REMOTE if cached_file(name).is_file())]
    facts.append(f"{'pictures':12} {', '.join(here)}")
    missing = [path for path in NETWORKS.values() if not path.is_file()]
    faults += [f"{path}: is missing from the installation; install nst_jax again" for path in missing]
    return facts, faults


def _devices() -> tuple[list[str], str]:
    """JAX's devices, and why it does not start; in a process of its own, since a flag of XLA's can end one."""
    program = "import jax; print(*(f'{d.platform}: {d.device_kind}' for d in jax.devices()), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, errors="replace")
    if done.returncode == 0:
        return done.stdout.splitlines(), ""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip(" -")]
    said = [line for line in lines if re.match(r"[A-Za-z_.]*(Error|Exception)\b", line) or line.startswith("F")]
    return [], (said or lines or [f"its process ended with status {done.returncode}"])[-1]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
