"""The log of a forced choice: one row an answer, in a CSV file, and what it says about its raters."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from ...errors import NSTError
from ...files import atomic_write, locked
from .trials import DECOY

ONE_SIDED = 0.01  # p-value of a rater's share of left answers, below which the rater is flagged


@dataclass(frozen=True)
class Answer:
    """One row of the log.

    Attributes:
        rater: who answered.
        seed: of the session.
        pair: the two results, and their group; the same text whichever is on the left.
        left: name of the result on the left.
        right: name of the result on the right.
        chosen: name of one of them.
        seconds: from the trial's appearance to the answer.
        catch: whether one side was the decoy.
        repeat: whether the pair was shown before, with sides swapped.
    """

    rater: str
    seed: int
    pair: str
    left: str
    right: str
    chosen: str
    seconds: float
    catch: bool
    repeat: bool


TYPES: Any = {field.name: field.type for field in fields(Answer)}


def frame(answers: Iterable[Answer]) -> pd.DataFrame:
    """Answers as a table: one row each, columns as the fields of `Answer`."""
    return pd.DataFrame([asdict(answer) for answer in answers], columns=list(TYPES)).astype(TYPES)


def read_log(*paths: str | Path) -> pd.DataFrame:
    """The answers in one or more files; an answer that is in two of them counts once.

    Args:
        *paths: of the files.

    Returns:
        One row an answer, columns as the fields of `Answer`.

    Raises:
        NSTError: if there is no file, or one cannot be read or is not such a log.
    """
    if not paths:
        raise NSTError("there is no log to read; name one file or more")
    return pd.concat([_read(Path(path)) for path in paths]).drop_duplicates(ignore_index=True)


def _read(path: Path) -> pd.DataFrame:
    try:
        log = pd.read_csv(path, dtype=TYPES, keep_default_na=False, encoding="utf-8-sig")
    except OSError as error:
        raise NSTError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    except ValueError:  # no columns, a field that is not of its column's type, or bytes that are not text
        log = pd.DataFrame()
    if list(log) != list(TYPES) or not ((log.chosen == log.left) | (log.chosen == log.right)).all():
        raise NSTError(f"{path}: is not a log of answers, with columns {','.join(TYPES)}; choose another file")
    return log


def append(path: str | Path, answer: Answer) -> None:
    """Add an answer to a log, which is made if it does not exist; raters may share it.

    Args:
        path: of the file.
        answer: the row.

    Raises:
        NSTError: if the file is not such a log, or cannot be written.
    """
    path = Path(path)
    row = frame([answer])
    with locked(path):
        log = pd.concat([_read(path), row]) if path.exists() else row
        with atomic_write(path, "w") as file:
            log.to_csv(file, index=False, lineterminator="\n")


def raters(log: pd.DataFrame) -> pd.DataFrame:
    """How consistent each rater is, and who should be looked at before their answers count.

    Args:
        log: from `read_log`.

    Returns:
        A row for each rater: "answers"; "agreement", the share of pairs shown twice of which the same result was chosen
        twice; "caught", the share of catch trials in which the decoy was not chosen; "left", the share of answers that
        are the left side; the median of "seconds"; and "flag", a reason to leave the rater out, or "". Shares are NaN
        where there is nothing to count.
    """
    rows = {rater: _consistency(answers) for rater, answers in log.groupby("rater", sort=False)}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("rater")


def _consistency(answers: pd.DataFrame) -> dict[str, object]:
    catch, left = answers[answers.catch], int((answers.chosen == answers.left).sum())
    twice = answers[~answers.catch].groupby(["seed", "pair"]).chosen.agg(["size", "nunique"]).query("size == 2")
    flags = {
        "chose a blurred picture": (catch.chosen == DECOY).any(),
        "prefers one side": binomtest(left, len(answers)).pvalue < ONE_SIDED,
    }
    return {
        "answers": len(answers),
        "agreement": (twice["nunique"] == 1).mean() if len(twice) else np.nan,
        "caught": (catch.chosen != DECOY).mean() if len(catch) else np.nan,
        "left": left / len(answers),
        "seconds": answers.seconds.median(),
        "flag": ", ".join(flag for flag, raised in flags.items() if raised),
    }
