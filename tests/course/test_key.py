"""The teacher's key and the students' edition: one source, and every solution passes its own check."""

import ast
import json
import re
from pathlib import Path

import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.course import questions
from nst_jax.course.chapters import ASKED, CHAPTERS
from nst_jax.course.editions import read_notebook, students_edition
from nst_jax.course.key import as_text, key_of

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
BOOKS = {path.stem: read_notebook(path) for path in NOTEBOOKS}
KEYS = {name: key_of({name: book}) for name, book in BOOKS.items()}
FOLDED = re.compile(r"<details>\s*<summary>.*?</summary>(.*?)</details>", re.DOTALL)


def text_of(book, kind="markdown"):
    return "\n\n".join("".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == kind)


def words(text):
    """The words of a text without the addresses of its links."""
    return re.sub(r"\[([^\]]+)\]\((?!http)[^)]+\)", r"\1", text).split()


@pytest.mark.parametrize("name", BOOKS)
def test_every_solution_of_the_key_passes_its_own_check(name):
    """Each code cell runs in a namespace of its own, as in a fresh notebook."""
    passed = []
    for cell in KEYS[name]["cells"][2:]:
        if cell["cell_type"] != "code":
            continue
        *body, last = ast.parse(cell["source"]).body
        names = {"checks": nst.checks}
        exec(compile(ast.Module(body, []), name, "exec"), names)
        verdict = eval(compile(ast.Expression(last.value), name, "eval"), names)
        assert verdict.right, verdict
        passed.append(verdict.exercise)
    assert tuple(passed) == CHAPTERS.get(name, ())


@pytest.mark.parametrize("name", BOOKS)
def test_all_that_students_do_not_get_is_in_the_key_and_what_they_are_asked_too(name):
    key = " ".join(words(text_of(KEYS[name])))
    whole, students = text_of(BOOKS[name]), text_of(students_edition(BOOKS[name]))
    asked = whole.split("## Exercises")[1]
    folded = FOLDED.findall(asked)
    assert folded
    for solution in folded:
        assert " ".join(words(solution)) in key
        assert " ".join(words(solution)) not in " ".join(words(students))
    for paragraph in FOLDED.sub("", students.split("## Exercises")[1]).split("\n\n"):
        if not paragraph.startswith("#"):
            assert " ".join(words(paragraph)) in key, paragraph
    assert "<details>" not in key


@pytest.mark.parametrize("name", BOOKS)
def test_the_key_marks_the_answer_of_every_question(name):
    text = text_of(KEYS[name])
    asked = getattr(questions, name[3:].upper())
    right = re.findall(r"^- ✓ (\w)\) (.*?): \*", text, re.M)
    assert [ord(letter) - ord("a") for letter, _ in right] == [question.answer for question in asked]
    assert text.count("### Quiz") == 1
    assert text.index("### Quiz") < text.index(f"**1.** {asked[0].text}")
    for (_, choice), question in zip(right, asked, strict=True):
        assert question.choices[question.answer].startswith(choice.split(":")[0])
        assert all(why in text for why in question.explanations)


def test_the_command_writes_a_notebook_or_a_text(tmp_path, capsys):
    nbformat = pytest.importorskip("nbformat")
    assert main(["key", str(tmp_path / "key.ipynb")]) == 0
    book = nbformat.read(tmp_path / "key.ipynb", 4)
    nbformat.validate(book)
    checked = re.findall(r"^checks\.(\w+)\(", text_of(book, "code"), re.M)
    assert tuple(checked) == ASKED
    assert main(["key", str(tmp_path / "key.md")]) == 0
    assert (tmp_path / "key.md").read_text() == as_text(json.loads((tmp_path / "key.ipynb").read_text()))
    assert main(["key", str(tmp_path / "key.pdf")]) == 2
    assert "key.pdf: the key is a notebook or a text" in capsys.readouterr().err
    assert main(["key", str(NOTEBOOKS[0])]) == 2
    assert "would write over what this command reads" in capsys.readouterr().err


def test_a_notebook_without_exercises_has_no_key():
    book = {"cells": [{"cell_type": "markdown", "source": "# 99 · Nothing"}]}
    with pytest.raises(nst.NSTError, match="99_nothing: has no heading"):
        key_of({"99_nothing": book})
