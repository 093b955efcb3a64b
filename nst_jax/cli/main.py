"""`nst_jax COMMAND`, or `python -m nst_jax COMMAND`. JAX is imported only by the commands that need it."""

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence

from ..errors import NSTError
from ..networks.device import check_jax
from . import (
    class_kit,
    compare,
    distill,
    doctor,
    fetch,
    figure,
    handout,
    history,
    key,
    paint,
    prune,
    reports,
    resume,
    slides,
    studio,
    stylize,
    train,
    video,
)
from .words import fault

STOPPED = 130  # exit status after Ctrl-C
COMMANDS = (
    stylize, paint, studio, train, resume, video, history, figure, compare, distill, prune, fetch, class_kit, key,
    reports, handout, slides, doctor,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: after the program's name; None for the process's own.

    Returns:
        The exit status: 0, 2 for a fault in the input, 130 for Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that lacks a character shows another instead of failing
    options = _parser().parse_args(arguments)
    status = _run(options)
    if status == STOPPED and arguments is None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # pressed again, it would interrupt JAX's shutdown
    return status


def _run(options: argparse.Namespace) -> int:
    try:
        return options.command(options)
    except NSTError as error:
        return fault(str(error).splitlines()[0])  # JAX appends lines to what passes through it
    except BrokenPipeError:  # whoever read the output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return fault(f"{error.filename or 'a file'}: {error.strerror or error}; check the path and its permissions")
    except MemoryError:
        return fault("there is not enough memory; give --memory with less than there is, or choose a smaller --size")
    except KeyboardInterrupt:
        print("nst_jax: stopped", file=sys.stderr)
        return STOPPED
    except Exception:
        try:  # a flag of JAX's, or its installation, fails wherever JAX is first needed
            check_jax()
        except NSTError as error:
            return fault(str(error))
        raise


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nst_jax", description="Neural style transfer.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(commands)
    return parser
