"""Asking which of two pictures is better: answered by clicks, kept in a log, resumed, static without a frontend."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("ipywidgets", reason="the views need ipywidgets")
pytest.importorskip("matplotlib", reason="the views need matplotlib")

import nst_jax as nst
from nst_jax.notebook import asking, widgets
from nst_jax.research.forced_choice import Group, read_log
from tests.support.pictures import picture

# What ipywidgets 7.7 does with the ipykernel of its time.
pytestmark = pytest.mark.filterwarnings("ignore:The `ipykernel.comm.Comm` class:DeprecationWarning")
WIDGET = "application/vnd.jupyter.widget-view+json"
GREY = {"dark result": 0.2, "light result": 0.9}  # what stands where can be seen in a button's picture
RESULTS = {name: np.full((30, 40, 3), value, np.float32) for name, value in GREY.items()}


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Clicks of a program follow at once."""
    monkeypatch.setattr(asking, "QUICKEST", 0)


def asked(**how):
    return nst.ask(RESULTS, picture(30, 40), picture(20, 20, 1), **how)


def shown(session):
    """The mean value of A and of B."""
    return [np.asarray(Image.open(io.BytesIO(each.value))).mean() / 255 for each in session.panel.pictures]


def click_lighter(session):
    a, b = shown(session)
    session.panel.buttons["A" if a > b else "B"].click()


def test_clicks_answer_what_is_shown_and_thanks_come_at_the_end():
    session = asked()
    for number, trial in enumerate(session.trials, 1):
        assert session.panel.progress.value == f"{number} of 4"
        for value, name in zip(shown(session), (trial.left, trial.right), strict=True):
            if name in GREY:
                assert value == pytest.approx(GREY[name], abs=0.02)
        session.panel.buttons["AB"[number % 2]].click()
        answer = session.answers[-1]
        assert answer.chosen == (trial.left, trial.right)[number % 2]
        assert (answer.pair, answer.left, answer.catch, answer.repeat) == (
            trial.pair, trial.left, trial.catch, trial.repeat,
        )  # fmt: skip
        assert 0 <= answer.seconds < 60
    assert session.done
    assert "Thank you" in session.panel.progress.value
    assert all(button not in session.panel.widget.children for button in session.panel.buttons.values())
    assert "dark result" in session.panel.widget.children[-1].value
    session.panel.buttons["A"].click()
    assert len(session.answers) == 4
    with pytest.raises(nst.SettingError, match="all trials are answered"):
        session.answer("A")


def test_nothing_that_is_shown_says_a_name(monkeypatch):
    monkeypatch.setattr(widgets, "headless", lambda: False)
    session = asked(rater="ann")
    reached, seen = [session.panel.widget], []
    while reached:
        each = reached.pop()
        reached += getattr(each, "children", ())
        seen += [str(value) for name, value in each.get_state().items() if name != "children"]
    live, kept = session._outputs()
    assert WIDGET in live.data
    assert "content" in seen
    assert not [text for text in [*seen, str(kept.data["text/html"])] if "dark" in text or "light" in text]
    sizes = {Image.open(io.BytesIO(each.value)).size for each in session.panel.pictures}
    assert sizes == {(400, 300)}


def test_a_log_is_resumed_where_it_ended(tmp_path):
    path = tmp_path / "class" / "log.csv"
    first = asked(rater="ann", log=path)
    for _ in range(2):
        click_lighter(first)
    other = asked(rater="bob", log=path)
    click_lighter(other)
    again = asked(rater="ann", log=path)
    assert again.panel.progress.value == "3 of 4"
    assert again.answers == first.answers
    assert shown(again) == shown(first)
    for _ in range(2):
        click_lighter(again)
    assert asked(rater="ann", log=path).done
    assert asked(rater="ann", log=path, seed=1).answers == []
    log = read_log(path)
    assert log.groupby("rater").size().to_dict() == {"ann": 4, "bob": 1}
    table = again.table()
    assert list(table.index) == ["light result", "dark result"]
    assert table.wins["light result"] == (~log.catch).sum()
    assert table.low.notna().all()  # bob counts too


def test_a_log_about_other_results_is_refused(tmp_path):
    path = tmp_path / "log.csv"
    click_lighter(asked(rater="ann", log=path))
    other = {"a": picture(8, 8), "b": picture(8, 8)}
    for rater in ("ann", "bob"):
        with pytest.raises(nst.NSTError, match="other results; choose another log"):
            nst.ask(other, rater=rater, log=path)
    with pytest.raises(nst.SettingError, match='rater="ann"'):
        asked(log=path)


def test_the_second_click_of_a_double_click_answers_nothing(monkeypatch):
    monkeypatch.setattr(asking, "QUICKEST", 30)
    session = asked()
    session.panel.buttons["A"].click()
    assert session.answers == []


def test_an_answer_that_cannot_be_kept_leaves_its_trial(tmp_path):
    session = asked(rater="ann", log=tmp_path / "log.csv")
    click_lighter(session)
    kept = (tmp_path / "log.csv").read_bytes()
    (tmp_path / "log.csv").write_bytes(b"something else")
    click_lighter(session)
    assert "is not a log of answers" in session.panel.message.value
    assert session.panel.progress.value == "2 of 4"
    assert len(session.answers) == 1
    (tmp_path / "log.csv").write_bytes(kept)
    click_lighter(session)
    assert session.panel.message.value == ""
    assert len(read_log(tmp_path / "log.csv")) == 2


def test_every_group_shows_its_own_pictures():
    groups = {name: Group(RESULTS, picture(30, 40, i)) for i, name in enumerate(("cat", "boat"))}
    session = nst.ask(groups)
    above = {}
    while not session.done:
        (box,) = session.panel._given.children
        above.setdefault(session.trial.group, set()).add(box.children[1].value)
        session.answer("A")
    assert {name: len(pictures) for name, pictures in above.items()} == {"cat": 1, "boat": 1}
    assert above["cat"] != above["boat"]


def test_without_a_frontend_there_is_a_picture_and_answers_are_given_in_python(monkeypatch):
    session = asked()
    (output,) = session._outputs()
    bundle = output.data
    assert output.metadata["image/jpeg"]["alt"] == f"content, style, A and B: {asking.QUESTION}"
    assert set(bundle) == {"text/plain", "image/jpeg"}
    assert bundle["text/plain"] == "0 of 4 trials are answered"
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(bundle["image/jpeg"]))))
    assert sheet.shape[1] > 2 * 256
    assert nst.ask(RESULTS).sheet() != session.sheet()  # neither content nor style above
    session.answer("B")
    assert session.answers[0].chosen == session.trials[0].right
    with pytest.raises(nst.SettingError, match='give "A" or "B"'):
        session.answer("left")
    monkeypatch.setitem(__import__("sys").modules, "ipywidgets", None)
    plain = asked()
    assert set(plain._outputs()[0].data) == {"text/plain", "image/jpeg"}
    plain.answer("A")
    assert repr(plain) == "1 of 4 trials are answered"


def test_a_table_of_nothing_is_empty_so_that_all_cells_run(tmp_path):
    assert asked().table().empty
    assert asked(rater="ann", log=tmp_path / "log.csv").table().empty
