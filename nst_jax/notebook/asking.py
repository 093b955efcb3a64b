"""Asking people which of two pictures is better: a two-alternative forced choice, answered by clicks."""

import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from textwrap import fill
from typing import Any

import pandas as pd

from ..described import counted
from ..errors import NSTError, SettingError
from ..images.picture import Picture, bytes8
from ..images.sheets import contact_sheet
from ..research.forced_choice.bradley_terry import scores
from ..research.forced_choice.log import Answer, append, frame, read_log
from ..research.forced_choice.trials import Group, Trial, groups_of, session
from ..research.grid import Grid
from .widgets import Names, Shown, ipywidgets, jpeg, outputs, shrunk

QUESTION = "Which picture is better, A or B?"
GIVEN = 200  # pixels, longest side of the content and the style picture
QUICKEST = 0.3  # seconds: a click that follows sooner belongs to the trial before, as in a double click


def ask(
    results: Mapping[str, Any] | Grid,
    content: Any = None,
    style: Any = None,
    *,
    rater: str = "",
    seed: int = 0,
    log: str | Path | None = None,
    question: str = QUESTION,
) -> "Session":
    """Ask one person which of two results is better, for every pair of results.

        nst.ask({"beta 5": one, "beta 50": another}, "coffee", "vortex", rater="ann", log="answers/ann.csv")

    Content and style picture are shown above, the two results below, at one size and without their names. Every pair
    comes twice, with sides swapped; two catch trials show who does not look. A trial takes about five seconds: three
    results make 8 trials, five make 22, three groups of three make 20.

    In a class, everyone runs the cell above under their own name (a nickname will do), and all logs go into one folder.
    People may also share one file. A cell that is run again resumes after the last answer in the log. Then

        from nst_jax.research.forced_choice import raters, read_log, scores, trials_needed
        log = read_log(*Path("answers").glob("*.csv"))
        raters(log)   # who missed a blurred picture, or always chose one side
        scores(log)   # the results, the best first, with intervals over raters

    Decide before you ask how many raters you need: if 70 % prefer one of two results, `trials_needed(0.7)` is 49.

    Args:
        results: name → picture, file, Result or run; name → `Group` (of nst_jax.research.forced_choice), for several
            pairs of content and style; or a grid.
        content: shown above; None if it is not shown. A grid and groups have their own.
        style: likewise.
        rater: who answers; each has their own order of trials.
        seed: of order and sides; it is kept in the log.
        log: CSV file to which every answer is added at once; one for each question, which raters may share. None keeps
            the answers in `session.answers` alone.
        question: shown above the pictures.

    Returns:
        The session; as the last value of a cell it shows itself. `session.table()` scores what is answered.

    Raises:
        SettingError: for fewer than two results, or a log without a rater.
        ShapeError: if the results' proportions differ.
        ImageError: for what is not a picture.
        NSTError: if the log holds answers to something else, or cannot be read.
    """
    return Session(groups_of(results, content, style), rater, seed, log, question)


class Session:
    """The trials of one rater and their answers. Made by `ask`.

    Attributes:
        trials: in order.
        answers: so far, one for each of the first trials.
        log: path of the file; None without a log.
        question: shown above the pictures.
        panel: the widgets; None without ipywidgets.
    """

    def __init__(self, groups: Mapping[str, Group], rater: str, seed: int, log: str | Path | None, question: str):
        self._groups, self.rater, self._seed, self.question = groups, rater, seed, question
        self.trials = session(groups, seed, rater)
        self.log = None if log is None else Path(log)
        self.answers = [] if self.log is None else self._resumed(self.log)
        self._since = time.monotonic()
        self._shown: list[Shown] = []
        self.panel = Panel(self) if find_spec("ipywidgets") else None

    @property
    def done(self) -> bool:
        """Whether all trials are answered."""
        return len(self.answers) == len(self.trials)

    @property
    def trial(self) -> Trial:
        """The one to answer next; the last one if all are answered."""
        return self.trials[min(len(self.answers), len(self.trials) - 1)]

    @property
    def seconds(self) -> float:
        """Since the trial appeared."""
        return time.monotonic() - self._since

    def answer(self, side: str) -> None:
        """Answer the trial that is shown, as its button does.

        Args:
            side: "A" for the left picture, "B" for the right one.

        Raises:
            SettingError: for another side, or if all trials are answered.
            NSTError: if the log cannot be written; the trial stays.
        """
        if self.done or side not in ("A", "B"):
            raise SettingError("all trials are answered" if self.done else f'answer({side!r}): give "A" or "B"')
        trial = self.trial
        answer = Answer(
            rater=self.rater,
            seed=self._seed,
            pair=trial.pair,
            left=trial.left,
            right=trial.right,
            chosen=trial.left if side == "A" else trial.right,
            seconds=round(self.seconds, 2),
            catch=trial.catch,
            repeat=trial.repeat,
        )
        if self.log is not None:
            append(self.log, answer)
        self.answers.append(answer)
        self._since = time.monotonic()
        if self.panel is not None:
            self.panel.show(self)
        for shown in self._shown:
            shown.keep(self._outputs())

    def given(self) -> dict[str, Picture]:
        """What is shown above: "content" and "style" → [h, w, 3], as far as the group has them."""
        group = self._groups[self.trial.group]
        return {name: x for name, x in (("content", group.content), ("style", group.style)) if x is not None}

    def pair(self) -> list[Picture]:
        """A and B of the trial: [h, w, 3] each, of one shape."""
        trial, group = self.trial, self._groups[self.trial.group]
        return [group.picture(trial.left, trial.right), group.picture(trial.right, trial.left)]

    def table(self) -> pd.DataFrame:
        """The scores of the results: of all raters in the log, or of this session if it has none; see `scores`."""
        if self.log is None or not self.log.exists():
            return scores(frame(self.answers))
        return scores(read_log(self.log))

    def sheet(self) -> bytes:
        """The trial that is shown, as a JPEG: what a notebook shows without its kernel."""
        given, how = self.given(), 'Click in Jupyter with\nipywidgets, or call\n.answer("A")'
        rows = [(list(given.values()), " | ".join(given))] if given else []
        rows.append((self.pair(), f"A | B\n\n{fill(self.question, 22)}\n\n{how}"))
        panels, names = zip(*rows, strict=True)
        return jpeg(bytes8(contact_sheet(panels, rows=names, width=256)), quality=80)

    def _resumed(self, path: Path) -> list[Answer]:
        """This rater's answers in the log."""
        if not self.rater:
            raise SettingError(f'{path}: answers of several people must not mix; give a name, such as rater="ann"')
        if not path.exists():
            return []
        log = read_log(path)
        own = log[(log.rater == self.rater) & (log.seed == self._seed)]
        answers = [Answer(*row) for row in own.itertuples(index=False)]
        asked = [(trial.pair, trial.left) for trial in self.trials]
        known = set(log.pair[~log.catch]) <= {pair for pair, _ in asked}
        if not known or [(answer.pair, answer.left) for answer in answers] != asked[: len(answers)]:
            raise NSTError(f"{path}: holds answers about other results; choose another log")
        return answers

    def __repr__(self) -> str:
        return f"{len(self.answers)} of {len(self.trials)} trials are answered"

    def _ipython_display_(self) -> None:
        self._shown.append(Shown(self._outputs()))

    def _outputs(self):
        alt = f"{', '.join([*self.given(), 'A and B'])}: {self.question}"
        return outputs(repr(self), None if self.panel is None else self.panel.widget, self.sheet(), alt)


class Panel:
    """The widgets of a session.

    Attributes:
        progress: which trial it is; thanks at the end.
        message: why an answer could not be kept.
        buttons: "A" and "B" → the button below that picture.
        pictures: A and B.
        widget: all of it, for a layout of your own.
    """

    def __init__(self, session: Session):
        w = ipywidgets()
        self.progress, self.message, self._given = w.Label(), w.Label(), w.HBox()
        self.pictures = [w.Image(format="jpeg", layout=w.Layout(max_width="100%")) for _ in "AB"]
        self.buttons = {side: w.Button(description=f"Choose {side}") for side in "AB"}
        for side, button in self.buttons.items():
            button.on_click(lambda _, side=side: self._choose(session, side))
        column = w.Layout(align_items="center", margin="0 8px 0 0")
        sides = [
            w.VBox([picture, button], layout=column)
            for picture, button in zip(self.pictures, self.buttons.values(), strict=True)
        ]
        self._names = Names(dict(zip(self.pictures, ("picture A", "picture B"), strict=True)))
        question = w.Label(session.question)
        self.widget = w.VBox([self.progress, self._given, question, w.HBox(sides), self.message, *self._names.parts])
        self._group: str | None = None
        self.show(session)

    def show(self, session: Session) -> None:
        """Show the next trial; after the last one, thanks and the answers."""
        w = ipywidgets()
        self.message.value = ""
        if session.done:
            place = "in session.answers" if session.log is None else f"in {session.log}"
            self.progress.value = f"Thank you for {counted(len(session.answers), 'answer')}, kept {place}."
            self.widget.children = (self.progress, w.HTML(frame(session.answers).to_html(index=False)))
            return
        self.progress.value = f"{len(session.answers) + 1} of {len(session.trials)}"
        for image, x in zip(self.pictures, session.pair(), strict=True):
            image.value = jpeg(bytes8(x), quality=95)
        if session.trial.group != self._group:  # else they stay, without a flicker
            self._group = session.trial.group
            given = {
                name: w.Image(format="jpeg", value=jpeg(bytes8(shrunk(x, GIVEN))))
                for name, x in session.given().items()
            }
            self._given.children = [w.VBox([w.Label(name), image]) for name, image in given.items()]
            self._names.say({image: f"the {name} picture" for name, image in given.items()})

    def _choose(self, session: Session, side: str) -> None:
        if session.done or session.seconds < QUICKEST:
            return
        try:
            session.answer(side)
        except NSTError as error:
            self.message.value = str(error)
