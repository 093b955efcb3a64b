"""The lesson plans: minutes add up, what they name is there, and the cells of the lesson on judgement run."""

import re
from pathlib import Path

import pytest

from nst_jax.course.exercises import EXERCISES
from nst_jax.research.forced_choice.trials import DECOY

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "guides" / "lessons.md").read_text(encoding="utf-8")
PLANS = re.findall(r"<!-- plan (\d+) -->\n((?:\|.*\n)+)", PAGE)
CELLS = re.findall(r"<!-- cell -->\n```python\n(.*?)```", PAGE, re.S)
BOOKS = {path.name[:2]: path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.py")}


@pytest.mark.parametrize(("minutes", "table"), PLANS, ids=[f"{i}-{minutes}" for i, (minutes, _) in enumerate(PLANS)])
def test_the_minutes_of_a_plan_add_up_and_its_sections_and_exercises_are_there(minutes, table):
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]]
    assert sum(int(row[0]) for row in rows) == int(minutes)
    for _, what, how, _ in rows:
        assert how in ("together", "pairs", "all", "")
        for book, sections in re.findall(r"\b(\d\d) ((?:§\d+(?:, | to )?)+)", what):
            for number in re.findall(r"§(\d+)", sections):
                assert re.search(rf"^# ## {number}( ·|\.) ", BOOKS[book], re.M), (book, number)
        for name in re.findall(r"`(\w+)`", what):
            assert name in EXERCISES, name
        for book, number, name in re.findall(r"\b(\d\d) exercise (\d), `(\w+)`", what):
            asked = BOOKS[book].split("# ## Exercises")[1]
            after = re.search(rf"^# \*\*{number}\b.*?checks\.(\w+)\(", asked, re.M | re.S)
            assert after[1] == name


def test_there_is_a_plan_for_two_lessons_two_hours_a_week_and_judgement():
    assert [int(minutes) for minutes, _ in PLANS] == [120, 45, 45, 180, 180, 180, 180, 180, 45]


def test_the_lesson_on_judgement_runs_from_its_first_cell_to_its_scores(tmp_path, monkeypatch, capsys):
    pytest.importorskip("ipywidgets", reason="asking needs ipywidgets")
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(CELLS[0].replace("size=192", "size=24, steps=2"), names)
    for rater in ("ann", "bo"):
        exec(CELLS[1].replace('me = ""', f'me = "{rater}"').replace("\nsession\n", "\n"), names)
        session = names["session"]
        assert len(session.trials) == 22  # as the plan says
        while not session.done:  # ann looks, bo does not
            left, right = session.trial.left, session.trial.right
            session.answer("A" if rater == "bo" or right == DECOY or (left != DECOY and left < right) else "B")
    exec(CELLS[2], names)
    assert set(names["looked"]["rater"]) == {"ann"}
    said = capsys.readouterr().out
    assert "ann" in said
    assert all(name in said for name in names["results"])
    assert said.splitlines()[-1] == "49"
    assert "`trials_needed(0.7)` is 49" in PAGE
