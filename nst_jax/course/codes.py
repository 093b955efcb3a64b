"""A student's report as a short code that a teacher can read in bulk, and that shows if it was altered.

    NST1-AEGRY-2QDMF-…   base32 of: version, day, exercises with their standings, the name, and a signature

The signature is an HMAC (RFC 2104) with SHA-256, cut to 48 bits, under a word that the teacher chooses and the kit
carries. It protects against mistyping, against a code changed by hand, and against another class's code. It does not
protect against a student who reads the word in the kit, or who copies a solution: there is no server, and no secret
that a student's laptop does not hold.
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ..errors import SettingError
from .chapters import ASKED

MARK = "NST1"
WORD_FILE = "class-word.txt"  # beside the notebooks, in the kit
EPOCH = date(2020, 1, 1)
SIGNATURE = 6  # bytes
NAME = 60  # letters, at most
TRIES = 7  # more are written as these
CODE = re.compile(rf"{MARK}\b(?:(?!{MARK}\b).)*", re.DOTALL | re.IGNORECASE)  # up to the next one
MISREAD = str.maketrans("018", "OIB")  # digits that base32 does not have


class CodeError(ValueError):
    """A code is cut off, altered or signed with another word."""


@dataclass(frozen=True)
class Standing:
    """Where a student stands with an exercise.

    Attributes:
        passed: whether the last verdict was right.
        tries: answers that were checked; one that returns what an earlier one returned counts once.
    """

    passed: bool
    tries: int


@dataclass(frozen=True)
class Report:
    """What a code says.

    Attributes:
        name: as the student typed it.
        day: on which it was made, by the student's clock.
        standings: exercise → standing, of those begun; tries above 7 are given as 7.
    """

    name: str
    day: date
    standings: Mapping[str, Standing]


def write_code(report: Report, word: str) -> str:
    """The code of a report.

    Args:
        report: its name of 1 to 60 letters.
        word: the class's; "" for none.

    Returns:
        Groups of five letters and digits.

    Raises:
        SettingError: for a name that is empty, too long, or not to be printed.
    """
    name = " ".join(unicodedata.normalize("NFC", report.name).split()) if isinstance(report.name, str) else ""
    if not 1 <= len(name) <= NAME or not name.isprintable():
        raise SettingError(f"name {report.name!r}: give your name, 1 to {NAME} letters")
    entries = b"".join(_entry(exercise, standing) for exercise, standing in report.standings.items())
    letters = name.encode()
    day = min(max(0, (report.day - EPOCH).days), 0xFFFF)  # a laptop's clock may be wrong
    head = bytes([len(report.standings), len(letters)]) + day.to_bytes(2, "big")
    body = head + entries + letters
    text = base64.b32encode(body + _signature(body, word)).decode().rstrip("=")
    return "-".join([MARK, *(text[i : i + 5] for i in range(0, len(text), 5))])


def read_code(text: str, word: str) -> Report:
    """The report of a code, with whatever follows it.

    Args:
        text: from the code's mark on; its lines may be broken and quoted, letters small, digits typed for letters.
        word: the class's; "" for none.

    Returns:
        The report.

    Raises:
        CodeError: if the code is cut off, altered or signed with another word.
    """
    letters = re.sub(r"[^A-Z2-7]", "", text[len(MARK) :].upper().translate(MISREAD))
    letters += "A" * (-len(letters) % 8)  # what follows the code fills it up
    held = base64.b32decode(letters)
    if len(held) < 4 + SIGNATURE:
        raise CodeError("is cut off; ask for it again")
    entries, length = held[:2]
    end = 4 + 2 * entries + length
    body, signature = held[:end], held[end : end + SIGNATURE]
    if len(signature) < SIGNATURE:
        raise CodeError("is cut off or altered; ask for it again")
    if not hmac.compare_digest(signature, _signature(body, word)):
        if hmac.compare_digest(signature, _signature(body, "")):
            raise CodeError(f"has no class's word: where it was made, {WORD_FILE} was not beside the notebook")
        raise CodeError("is altered, mistyped, or signed with another class's word")
    standings = dict(_standing(body[i : i + 2]) for i in range(4, 4 + 2 * entries, 2))
    day = EPOCH + timedelta(days=int.from_bytes(body[2:4], "big"))
    name = body[4 + 2 * entries :].decode(errors="replace")
    return Report("".join(c if c.isprintable() else "?" for c in name), day, standings)


def _signature(body: bytes, word: str) -> bytes:
    key = " ".join(unicodedata.normalize("NFC", word).split()).encode()
    return hmac.digest(key, MARK.encode() + body, "sha256")[:SIGNATURE]


def number(exercise: str) -> int:
    """The exercise's number in codes, of 12 bits; it depends on its name alone, so exercises may be added."""
    return int.from_bytes(hashlib.sha256(exercise.encode()).digest()[:2], "big") >> 4


def _entry(exercise: str, standing: Standing) -> bytes:
    return (number(exercise) << 4 | standing.passed << 3 | min(standing.tries, TRIES)).to_bytes(2, "big")


def _standing(entry: bytes) -> tuple[str, Standing]:
    bits = int.from_bytes(entry, "big")
    names = {number(exercise): exercise for exercise in ASKED}
    name = names.get(bits >> 4, f"exercise {bits >> 4}")  # of another version of the course
    return name, Standing(bool(bits >> 3 & 1), bits & 7)
