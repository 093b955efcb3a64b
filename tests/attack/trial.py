"""Attempts in a process of its own, which may fail, hang or take too much without the attack ending with it."""

import json
import os
import select
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 60  # that one attempt may take, on a machine that does other things too
BYTES = 2**30  # that a process may hold at most, Python and JAX with it
USED, REFUSED = "used", "refused"
SOUND = (USED, REFUSED)


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt.

    Attributes:
        kind: "used", "refused", or a fault: "traceback", "long message", "hang", "died", "memory".
        words: the message, or the traceback.
        bytes: that the process held at most meanwhile.
    """

    kind: str
    words: str = ""
    bytes: int = 0


@dataclass
class Tally:
    """Attempts counted by what came of them, and the faults in words."""

    counts: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    most: int = 0

    def add(self, name: str, outcome: Outcome, wanted: tuple[str, ...] = SOUND) -> None:
        """Count an attempt; one that did not come out as wanted is a fault."""
        self.counts[outcome.kind] += 1
        self.most = max(self.most, outcome.bytes)
        if outcome.kind not in wanted:
            self.faults.append(f"{name}: {outcome.kind}: {outcome.words}")

    @property
    def tried(self) -> int:
        """How many attempts there were."""
        return self.counts.total()


class Worker:
    """A process that makes attempts, one after the other; it is replaced if it dies or hangs."""

    def __init__(self):
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *exception: object) -> None:
        self._end()

    def attempt(self, task: str, *arguments: object) -> Outcome:
        """One attempt.

        Args:
            task: its name, in `tests.attack.tasks`.
            *arguments: of the task, as JSON can hold them.

        Returns:
            What came of it.
        """
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps([task, *arguments]).encode() + b"\n")
            process.stdin.flush()
            if not select.select([process.stdout], [], [], SECONDS)[0]:
                self._end()
                return Outcome("hang", f"no answer within {SECONDS} seconds")
            kind, words, held = json.loads(process.stdout.readline())
        except (BrokenPipeError, ValueError):
            self._end()
            return Outcome("died", f"exit status {process.returncode}")
        return Outcome("memory" if held > BYTES else kind, words, held)

    def _running(self) -> subprocess.Popen:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-m", "tests.attack.tasks"]
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # libraries in C write there what they think of a file
            )
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def environment(**more: str) -> dict[str, str]:
    """That of a process which finds this checkout, and looks for no accelerator."""
    return os.environ | {"PYTHONPATH": str(ROOT), "JAX_PLATFORMS": "cpu", "TQDM_DISABLE": "1"} | more
