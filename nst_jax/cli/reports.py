"""`reports`: a class's codes as one table."""

import argparse
import sys
from pathlib import Path
from typing import Any

from ..errors import NSTError


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("reports", help="read a class's codes, from checks.report, into one table")
    parser.set_defaults(command=run)
    where = "a text or CSV with codes in it, one a line; what stands around them is passed over; - for standard input"
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=where)
    word = "the class's word, which `class --class-word` put into the kit [none]"
    parser.add_argument("--class-word", metavar="WORD", default="", help=word)
    parser.add_argument("-o", "--out", type=Path, metavar="TABLE", help="CSV to write, a row for each student")


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..course.codes import WORD_FILE
    from ..course.reports import read_reports, read_text, text_of
    from ..files import atomic_write
    from .places import keep_inputs
    from .words import in_one_line

    if options.out:
        keep_inputs(options.out, options.files)
    texts = {
        str(path): text_of(sys.stdin.buffer.read()) if str(path) == "-" else read_text(path) for path in options.files
    }
    try:
        found = read_reports(texts, options.class_word)
    except NSTError as error:
        raise NSTError(f"{', '.join(map(str, options.files))}: {error}") from None
    if found.reports:
        print(found.table())
    for fault in found.faults:
        print(in_one_line(fault), file=sys.stderr)
    if not found.reports:
        word = f"with the class's word {options.class_word!r}" if options.class_word else "without a class's word"
        raise NSTError(
            f"{', '.join(map(str, options.files))}: no code in it can be trusted {word}; give --class-word as in "
            f"{WORD_FILE} beside the kit's notebooks, capitals too, or leave it out if the kit has no such file"
        )
    if options.out:
        with atomic_write(options.out) as file:
            file.write(found.csv().encode("utf-8-sig"))  # with the mark that spreadsheets look for
    return 0
