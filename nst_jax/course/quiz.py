"""Questions with several choices, where each choice is explained: widgets in a live notebook, plain text elsewhere.

    from nst_jax.course.quiz import Question, quiz

    quiz(Question("What is a Gram matrix?", ("a picture", "inner products"), 1, ("It is ...", "Each entry ...")))

As the last line of a cell it shows itself. Texts are Markdown, of which widgets know `code`, **bold** and *emphasis*.
The course's own questions are in `nst_jax.course.questions`, so that a notebook does not show the answers above them.
"""

import html
import re
import textwrap
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from ..errors import SettingError
from ..notebook.widgets import Output, Shown, beside_the_widget, headless

EMPHASIS = re.compile(r"(?<![\w*])\*(?=\w)([^*]+)\*(?![\w*])")  # not the star of C*


@dataclass(frozen=True)
class Question:
    """A question with several choices.

    Attributes:
        text: in Markdown.
        choices: two to 26.
        answer: the place of the right one, from 0.
        explanations: one for each choice.

    Raises:
        SettingError: if these do not fit together.
    """

    text: str
    choices: tuple[str, ...]
    answer: int
    explanations: tuple[str, ...]

    def __post_init__(self):
        for name in ("choices", "explanations"):
            if isinstance(getattr(self, name), str):
                raise SettingError(f"{name} of the question {self.text!r} is one text; give a tuple of texts")
            object.__setattr__(self, name, tuple(getattr(self, name)))  # lists are welcome
        n = len(self.choices)
        if not 2 <= n <= len(ascii_lowercase):
            raise SettingError(f"the question {self.text!r} has {n} choices; give 2 to {len(ascii_lowercase)}")
        if len(self.explanations) != n:
            raise SettingError(
                f"the question {self.text!r} has {n} choices and {len(self.explanations)} explanations; give one each"
            )
        if self.answer not in range(n):
            raise SettingError(f"the answer of the question {self.text!r} is {self.answer!r}; use 0 to {n - 1}")

    def feedback(self, choice: int) -> str:
        """What to say to a student who chose this."""
        return f"{'✓ Right' if choice == self.answer else '✗ Not quite'}. {self.explanations[choice]}"


@dataclass(frozen=True, repr=False)
class Quiz:
    """Questions that show themselves as the last line of a cell.

    Attributes:
        questions: in order.
        live: whether as widgets; None for widgets if there is a kernel.
    """

    questions: tuple[Question, ...]
    live: bool | None = None

    def __repr__(self) -> str:
        """Questions and choices as plain text; the answers are in `answers()`."""
        return "\n\n".join(_plain(number, question) for number, question in enumerate(self.questions, 1))

    def _repr_markdown_(self) -> str:
        return "\n\n".join(_markdown(number, question) for number, question in enumerate(self.questions, 1))

    def _ipython_display_(self) -> None:
        Shown(self._outputs())

    def _outputs(self) -> list[Output]:
        """Widgets if somebody can answer, and what the notebook keeps of them; else questions as text."""
        if not (_is_live() if self.live is None else self.live):
            return [Output({"text/plain": repr(self), "text/markdown": self._repr_markdown_()})]
        kept = "\n".join(_folded(number, question) for number, question in enumerate(self.questions, 1))
        return beside_the_widget(self.widget(), repr(self), kept)

    def widget(self) -> Any:
        """An ipywidgets.VBox of all questions, one below the other.

        Raises:
            SettingError: if ipywidgets is not installed.
        """
        try:
            import ipywidgets
        except ImportError:
            raise SettingError("widgets need ipywidgets: pip install ipywidgets, or use live=False") from None
        return ipywidgets.VBox(
            [_widget(ipywidgets, number, question) for number, question in enumerate(self.questions, 1)]
        )

    def answers(self) -> str:
        """The answers with their explanations, as plain text to print."""
        return "\n".join(
            textwrap.fill(f"{number}. {_letter(q.answer)}) {q.explanations[q.answer]}", 100, subsequent_indent="   ")
            for number, q in enumerate(self.questions, 1)
        )


def quiz(*questions: Question, live: bool | None = None) -> Quiz:
    """A quiz of these questions, as the last line of a cell.

    Args:
        *questions: one or more.
        live: widgets (True) or text with folded answers (False); by default widgets if there are a kernel and
            ipywidgets.

    Returns:
        The quiz.

    Raises:
        SettingError: if there is no question.
    """
    if not questions or not all(isinstance(question, Question) for question in questions):
        raise SettingError("a quiz is made of one or more Question(text, choices, answer, explanations)")
    return Quiz(questions, live)


def _is_live():
    try:
        import ipywidgets  # noqa: F401
    except ImportError:
        return False
    return not headless()


def _letter(choice):
    return ascii_lowercase[choice]


def _plain(number, question):
    def fill(start, text):
        return textwrap.fill(text, 100, initial_indent=start, subsequent_indent=" " * len(start))

    choices = [fill(f"   {_letter(i)}) ", choice) for i, choice in enumerate(question.choices)]
    return "\n".join([fill(f"{number}. ", question.text), *choices])


def _markdown(number, question):
    choices = [f"- {_letter(i)}) {choice}" for i, choice in enumerate(question.choices)]
    answers = [
        f"- {_letter(i)}) {'✓' if i == question.answer else '✗'} {explanation}"
        for i, explanation in enumerate(question.explanations)
    ]
    # Markdown within <details> is read as such only after an empty line.
    folded = ["<details><summary>Answer</summary>", "", *answers, "", "</details>"]
    return "\n".join([f"**{number}.** {question.text}", "", *choices, "", *folded])


def _folded(number, question):
    """A question in HTML, its answer folded away."""
    choices, answers = [], []
    for i, (choice, explanation) in enumerate(zip(question.choices, question.explanations, strict=True)):
        choices.append(f"{_letter(i)}) {_html(choice)}")
        answers.append(f"{_letter(i)}) {'✓' if i == question.answer else '✗'} {_html(explanation)}")
    first, second = (f"<p>{'<br>'.join(lines)}</p>" for lines in (choices, answers))
    text = _html(f"**{number}.** {question.text}")
    return f"<p>{text}</p>{first}<details><summary>Answer</summary>{second}</details>"


def _widget(ipywidgets, number, question):
    choices = [(f"{_letter(i)}) {_unmarked(choice)}", i) for i, choice in enumerate(question.choices)]
    radio = ipywidgets.RadioButtons(options=choices, value=None, layout={"width": "max-content"})
    button = ipywidgets.Button(description="Check")
    feedback = ipywidgets.HTML()

    def say(_):
        feedback.value = _html("Choose one first." if radio.value is None else question.feedback(radio.value))

    def forget(_):
        feedback.value = ""

    button.on_click(say)
    radio.observe(forget, names="value")
    return ipywidgets.VBox([ipywidgets.HTML(value=_html(f"**{number}.** {question.text}")), radio, button, feedback])


def _html(text):
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return EMPHASIS.sub(r"<em>\1</em>", re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text))


def _unmarked(text):
    return EMPHASIS.sub(r"\1", re.sub(r"`([^`]+)`", r"\1", text).replace("**", ""))
