"""Quizzes: as text they read well, as widgets they answer, and without ipywidgets nothing is missed."""

import importlib
import sys
import types

import pytest

import nst_jax as nst
from nst_jax.course import questions
from nst_jax.course.quiz import Question, quiz
from nst_jax.notebook.widgets import WIDGET

GRAM = Question(
    "What does `G_ij` tell?",
    ("where filter i is active", "how often i and j are active **together**", "whether i < j"),
    1,
    ("Places are summed over.", "It sums F_ik F_jk over places.", "G is symmetric."),
)
HALF = Question("Why the ½?", ["habit", "the gradient is F - P"], 1, ["There is a reason.", "It cancels the 2."])


class Box:
    """As much of ipywidgets as a quiz uses, for where it is not installed."""

    def __init__(self, children=(), **traits):
        self.children, self.clicked, self.observers, self.model_id = children, None, [], "a-model"
        self.__dict__.update({"value": ""} | traits)

    def on_click(self, function):
        self.clicked = function

    def click(self):
        self.clicked(self)

    def observe(self, function, names):
        self.observers.append(function)

    def choose(self, value):
        self.value = value
        for function in self.observers:
            function({"new": value})


@pytest.fixture(params=["stand-in", "ipywidgets"])
def widgets(request, monkeypatch):
    """A stand-in, and the real thing where it is installed."""
    if request.param == "ipywidgets":
        pytest.importorskip("ipywidgets", reason="ipywidgets is not installed")
        return "ipywidgets"
    module = types.ModuleType("ipywidgets")
    for name in ("VBox", "HTML", "RadioButtons", "Button"):
        setattr(module, name, type(name, (Box,), {}))
    monkeypatch.setitem(sys.modules, "ipywidgets", module)
    return "stand-in"


@pytest.fixture
def no_widgets(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)


def choose(radio, value):
    if hasattr(radio, "choose"):
        radio.choose(value)
    else:
        radio.value = value


def test_plain_text_has_lettered_choices_and_no_answers():
    text = repr(quiz(GRAM, HALF))
    assert text.splitlines()[:2] == ["1. What does `G_ij` tell?", "   a) where filter i is active"]
    assert "2. Why the ½?\n   a) habit\n   b) the gradient is F - P" in text
    assert "cancels" not in text


@pytest.mark.parametrize("name", questions.__all__)
def test_the_courses_quizzes_have_several_questions_and_explain_without_repeating_the_verdict(name):
    asked = getattr(questions, name)
    assert len(asked) >= 3
    told = [text for question in asked for text in question.explanations]
    assert not [text for text in told if text.startswith(("Yes", "No.", "No:", "Right", "Wrong"))]


def test_answers_can_be_printed():
    assert quiz(GRAM, HALF).answers() == "1. b) It sums F_ik F_jk over places.\n2. b) It cancels the 2."


def test_markdown_folds_the_answers():
    text = quiz(GRAM, HALF)._repr_markdown_()
    question, folded = text.split("<details>")[:2]
    assert question.startswith("**1.** What does `G_ij` tell?\n\n- a) where")
    assert "sums" not in question
    assert folded.startswith("<summary>Answer</summary>\n\n- a) ✗ Places")
    assert "- b) ✓ It sums" in folded
    assert text.count("<details>") == text.count("\n\n</details>") == 2


def test_without_a_kernel_there_are_no_widgets(no_widgets):
    assert WIDGET not in quiz(GRAM)._outputs()[0].data
    with pytest.raises(nst.SettingError, match="pip install ipywidgets"):
        quiz(GRAM).widget()


def test_a_kernel_gets_widgets_beside_the_text(widgets, monkeypatch):
    kernel = types.SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: kernel))
    if widgets == "stand-in":
        live, kept = quiz(GRAM)._outputs()
        assert live.data[WIDGET]["model_id"] == "a-model"
        assert "<br>b) how often " in kept.data["text/html"]
        assert kept.data["text/html"].count("✓") == 1
    (text,) = quiz(GRAM, live=False)._outputs()
    assert set(text.data) == {"text/plain", "text/markdown"}
    kernel.kernel = None  # IPython in a terminal
    assert len(quiz(GRAM)._outputs()) == 1


def test_widgets_explain_each_choice(widgets):
    box = quiz(GRAM, HALF).widget()
    assert len(box.children) == 2
    text, radio, button, feedback = box.children[0].children
    assert text.value == "<b>1.</b> What does <code>G_ij</code> tell?"
    assert [label for label, _ in radio.options][1:] == ["b) how often i and j are active together", "c) whether i < j"]
    assert radio.value is None
    button.click()
    assert feedback.value == "Choose one first."
    choose(radio, 0)
    assert feedback.value == ""
    button.click()
    assert feedback.value == "✗ Not quite. Places are summed over."
    choose(radio, 1)
    button.click()
    assert feedback.value == "✓ Right. It sums F_ik F_jk over places."


def test_widgets_emphasise_what_stands_between_stars_and_leave_other_stars(widgets):
    question = Question("How far are *two runs* from C*, and is C* = a * b?", ("of the *same* C*", "no"), 0, ("", "x"))
    text, radio, _, _ = quiz(question).widget().children[0].children
    assert text.value == "<b>1.</b> How far are <em>two runs</em> from C*, and is C* = a * b?"
    assert radio.options[0][0] == "a) of the same C*"


def test_texts_are_escaped_in_widgets(widgets):
    question = Question("Is `a < b` & <script>?", ("yes", "no"), 0, ("<b>", "x"))
    text, radio, button, feedback = quiz(question).widget().children[0].children
    assert text.value == "<b>1.</b> Is <code>a &lt; b</code> &amp; &lt;script&gt;?"
    choose(radio, 0)
    button.click()
    assert feedback.value == "✓ Right. &lt;b&gt;"


def test_importing_a_quiz_imports_no_widgets(no_widgets, monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", None)
    monkeypatch.delitem(sys.modules, "nst_jax.course.quiz")
    importlib.import_module("nst_jax.course.quiz")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("q", ("a",), 0, ("x",)), "has 1 choices"),
        (("q", ("a", "b"), 0, ("x",)), "2 choices and 1 explanations"),
        (("q", ("a", "b"), 2, ("x", "y")), "the answer of the question 'q' is 2; use 0 to 1"),
        (("q", ("a", "b"), -1, ("x", "y")), "use 0 to 1"),
        (("q", ("a", "b"), "b", ("x", "y")), "use 0 to 1"),
        (("q", "ab", 0, ("x", "y")), "choices of the question 'q' is one text"),
    ],
)
def test_a_question_that_does_not_fit_together(arguments, message):
    with pytest.raises(nst.SettingError, match=message):
        Question(*arguments)


@pytest.mark.parametrize("questions", [(), ("What?",)])
def test_a_quiz_is_made_of_questions(questions):
    with pytest.raises(nst.SettingError, match="one or more Question"):
        quiz(*questions)
