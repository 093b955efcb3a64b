"""The kit of a class: the students' notebooks, the folder, and what its start script does."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.course import class_kit, handout, kit_wheels
from nst_jax.course.editions import read_notebook, students_edition
from nst_jax.course.reports import class_word
from nst_jax.course.teachers import asking

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_the_students_edition_lacks_the_solutions_and_nothing_else(path):
    book = read_notebook(path)
    before, after = (words(each) for each in (book, students_edition(book)))
    open_lines, folded = [], False
    for line in before:
        folded = folded or line.startswith("<details>")
        open_lines += [] if folded else [line]
        folded = folded and not line.endswith("</details>")
    assert after == [re.sub(r"\[([^]]+)\]\(\.\./[^)]+\)", r"\1", line) for line in open_lines]
    assert len(after) < len(before)
    assert not any("checks.solution(" in line or "folded" in line for line in after)


def test_no_link_of_the_students_edition_leads_out_of_their_folder():
    names = {path.name for path in NOTEBOOKS}
    for path in NOTEBOOKS:
        cells = students_edition(read_notebook(path))["cells"]
        text = "".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
        for target in re.findall(r"\]\(([\w./-]+\.(?:md|ipynb|py|csv|html))\b", text):
            assert target in names, (path.name, target)


def test_the_code_that_installs_is_folded_away_for_students():
    for path in NOTEBOOKS:
        book = read_notebook(path)
        before, cells = json.dumps(book), students_edition(book)["cells"]
        assert json.dumps(book) == before
        hidden = [cell["source"] for cell in cells if cell["metadata"].get("jupyter", {}).get("source_hidden")]
        assert len(hidden) == 1, path.name
        assert 'run_line_magic("pip"' in hidden[0]


def words(book):
    """The lines of all cells that are not blank."""
    lines = (line for cell in book["cells"] for line in "".join(cell["source"]).splitlines())
    return [line for line in lines if line.strip()]


def test_what_is_no_notebook_is_refused(tmp_path):
    for wrong in ("", "[]", '{"cells": [1]}', '{"cells": [{"cell_type": "code"}]}', '{"cells": []}'):
        (tmp_path / "a.ipynb").write_text(wrong)
        with pytest.raises(nst.NSTError, match=r"a\.ipynb: is not a notebook"):
            read_notebook(tmp_path / "a.ipynb")


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """uv and pip that write down what they are asked for, and bring one wheel."""
    asked = []

    def run(command, what):
        asked.append(command)
        for option in ("--dest", "--wheel-dir"):
            if option in command:
                Path(command[command.index(option) + 1], "nst_jax-1-py3-none-any.whl").write_bytes(b"wheel")

    monkeypatch.setattr(kit_wheels, "_run", run)
    monkeypatch.setattr(class_kit, "find_spec", lambda name: True)
    monkeypatch.setattr(handout, "write_handout", lambda path: path.write_bytes(b"%PDF"))
    monkeypatch.setenv("NST_JAX_DATA", str(tmp_path / "cache"))
    (tmp_path / "cache" / "networks").mkdir(parents=True)
    (tmp_path / "cache" / "networks" / "some.safetensors").write_bytes(b"weights")
    return asked


def test_the_kits_own_wheel_is_built_from_everything_that_is_packaged(tmp_path):
    kit_wheels.copy_source(ROOT, tmp_path)

    def files(root):
        found = (path for folder in ("nst_jax", "data") for path in (root / folder).rglob("*") if path.is_file())
        return {path.relative_to(root) for path in found if "__pycache__" not in path.parts}

    assert files(tmp_path) == files(ROOT)
    assert (tmp_path / "pyproject.toml").read_bytes() == (ROOT / "pyproject.toml").read_bytes()


def test_the_kit_has_wheels_notebooks_data_and_scripts(offline, tmp_path, capsys):
    kit = tmp_path / "stick"
    assert main(["class", str(kit), "--platforms", "windows", "linux", "--python", "3.11", "3.12"]) == 0
    assert sorted(os.listdir(kit / "notebooks")) == [*(path.name for path in NOTEBOOKS), "ask.ipynb"]
    for path in NOTEBOOKS:
        assert (kit / "teacher" / path.name).read_bytes() == path.read_bytes()
    assert (kit / "data" / "networks" / "some.safetensors").read_bytes() == b"weights"
    compiled = [command for command in offline if "compile" in command]
    assert {(c[c.index("--python-platform") + 1], c[c.index("--python-version") + 1]) for c in compiled} == {
        (kit_wheels.PLATFORMS[name].resolver, python) for name in ("linux", "windows") for python in ("3.11", "3.12")
    }
    assert (kit / "handout.pdf").is_file()
    assert "for version in 3.11 3.12; do" in (kit / "start.sh").read_text()
    assert b"\r\n" in (kit / "start.bat").read_bytes()
    assert b"\r\n" not in (kit / "start.sh").read_bytes()
    assert "1 wheel, 1 fetched file;" in capsys.readouterr().out


def test_the_guides_on_the_stick_lead_to_what_is_beside_them(offline, tmp_path):
    kit = tmp_path / "stick"
    class_kit.make_kit(kit, ROOT, ["linux"], ["3.11"], say=lambda text: None)
    for guide in class_kit.GUIDES:
        text, source = (kit / "teacher" / Path(guide).name).read_text(encoding="utf-8"), ROOT / guide
        targets = re.findall(r"\]\((?!https?:)([^)#]+)", text)
        assert targets
        assert all((kit / "teacher" / target).is_file() for target in targets), guide
        assert not re.search(r"\{\w+\}`", text)  # what only Sphinx reads
        before = source.read_text(encoding="utf-8")
        led = {(source.parent / target).resolve() for target in re.findall(r"\]\((?!https?:)([^)#]+)", before)}
        assert {Path(target).name for target in targets} <= {path.name for path in led if path.is_file()}
        assert len(text.splitlines()) == len(before.splitlines())


def test_the_notebook_that_asks_has_the_cells_of_the_plan():
    nbformat = pytest.importorskip("nbformat", reason="notebooks need nbformat")
    text = (ROOT / "docs/guides/lessons.md").read_text(encoding="utf-8")
    book = nbformat.reads(asking(text), as_version=4)
    nbformat.validate(book)
    kinds = [cell.cell_type for cell in book.cells]
    assert kinds == ["markdown", "code", "code", "markdown", "code"]
    for cell in book.cells:
        assert cell.cell_type == "markdown" or cell.source in text
    with pytest.raises(nst.NSTError, match="have 2 marked cells"):
        asking(text.replace("<!-- cell -->", "", 1))


def test_what_the_handout_needs_is_missed_before_anything_is_downloaded(offline, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(class_kit, "find_spec", lambda name: None if name == "matplotlib" else True)
    assert main(["class", str(tmp_path / "stick")]) == 2
    assert "pip install 'nst_jax[class]'" in capsys.readouterr().err
    assert not offline
    assert not (tmp_path / "stick").exists()


def test_the_key_goes_where_students_do_not_get_it(offline, tmp_path, capsys):
    kit, key = tmp_path / "stick", tmp_path / "mine" / "key.ipynb"
    arguments = ["class", str(kit), "--platforms", "linux", "--python", "3.11"]
    assert main(arguments) == 0
    assert (kit / "teacher" / "key.ipynb").is_file()
    assert "For the teacher" in (kit / "README.txt").read_text()
    (kit / "teacher" / "notes.txt").touch()
    mine = kit / "teacher" / NOTEBOOKS[3].name
    mine.write_text("my own")
    for _ in range(2):  # a kit that had them loses them, and keeps what the teacher put or changed there
        capsys.readouterr()
        assert main([*arguments, "--key", str(key)]) == 0
        assert key.is_file()
        assert sorted(os.listdir(kit / "teacher")) == [mine.name, "notes.txt"]
        assert mine.read_text() == "my own"
        assert "teacher: holds files of yours, which students would get; move them" in capsys.readouterr().out
    mine.unlink()
    (kit / "teacher" / "notes.txt").unlink()
    assert main([*arguments, "--key", str(key)]) == 0
    assert not (kit / "teacher").exists()
    assert "teacher:" not in (kit / "README.txt").read_text()
    for path in kit.rglob("*"):
        assert path.suffix == ".whl" or not path.is_file() or b"checks.solution" not in path.read_bytes(), path
    assert main([*arguments, "--key", str(kit / "key.ipynb")]) == 2
    assert "students would get it" in capsys.readouterr().err
    key.write_text("with my notes")
    assert main([*arguments, "--key", str(key)]) == 2
    assert "is there already, and is not this key" in capsys.readouterr().err
    assert key.read_text() == "with my notes"


def test_what_was_changed_in_a_kit_is_kept_and_what_was_not_is_brought_up_to_date(offline, tmp_path, monkeypatch):
    kit, said = tmp_path / "stick", []
    how = {"platforms": ["linux"], "pythons": ["3.11"], "say": said.append}
    class_kit.make_kit(kit, ROOT, **how)
    before = (kit / "notebooks" / NOTEBOOKS[0].name).read_bytes()
    mine = ["notebooks/" + NOTEBOOKS[1].name, "teacher/" + NOTEBOOKS[2].name, "handout.pdf", "README.txt"]
    for name in mine:
        (kit / name).write_text("my own")
    edition = class_kit.students_edition
    monkeypatch.setattr(class_kit, "students_edition", lambda book: edition(book) | {"of": "the next version"})
    class_kit.make_kit(kit, ROOT, **how)
    assert all((kit / name).read_text() == "my own" for name in mine)
    assert (kit / "notebooks" / NOTEBOOKS[0].name).read_bytes() != before
    assert f"kept, since somebody changed them: {', '.join(mine)}; delete them to get the course's" in said
    for name in mine:
        (kit / name).unlink()
    said.clear()
    class_kit.make_kit(kit, ROOT, **how)
    assert all((kit / name).read_bytes() != b"my own" for name in mine)
    assert not any("kept" in line for line in said)


def test_the_kit_carries_the_classs_word_and_drops_an_old_one(offline, tmp_path):
    kit = tmp_path / "stick"
    arguments = ["class", str(kit), "--platforms", "linux", "--python", "3.11"]
    assert main([*arguments, "--class-word", "starry night"]) == 0
    assert class_word(kit / "notebooks") == "starry night"
    assert main(arguments) == 0
    assert class_word(kit / "notebooks") == ""


def test_a_kit_is_brought_up_to_date_and_nothing_else_is(offline, tmp_path):
    kit = tmp_path / "stick"
    for _ in range(2):
        class_kit.make_kit(kit, ROOT, ["linux"], ["3.11"], say=lambda text: None)
    other = tmp_path / "pictures"
    other.mkdir()
    (other / "mine.png").write_bytes(b"")
    with pytest.raises(nst.NSTError, match="holds something else"):
        class_kit.make_kit(other, ROOT)
    with pytest.raises(nst.NSTError, match="is not a checkout"):
        class_kit.make_kit(tmp_path / "new", tmp_path)
    with pytest.raises(nst.SettingError, match=r"Python '2\.7'"):
        class_kit.make_kit(tmp_path / "new", ROOT, pythons=["2.7"])
    with pytest.raises(nst.SettingError, match="platform 'amiga'"):
        class_kit.make_kit(tmp_path / "new", ROOT, platforms=["amiga"])
    assert not (tmp_path / "new").exists()


def test_without_uv_or_a_connection_one_line_says_so(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(class_kit, "find_spec", lambda name: None)
    assert main(["class", str(tmp_path / "stick")]) == 2
    assert "pip install 'nst_jax[class]'" in capsys.readouterr().err
    monkeypatch.setattr(class_kit, "find_spec", lambda name: True)
    monkeypatch.setattr(kit_wheels.sys, "executable", "/bin/false")
    assert main(["class", str(tmp_path / "stick")]) == 2
    assert "this package: cannot be had by pip (it says nothing)" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_start_script_installs_once_and_keeps_what_was_worked_on(offline, tmp_path):
    kit, home, programs = tmp_path / "my stick", tmp_path / "home", tmp_path / "programs"
    class_kit.make_kit(kit, ROOT, ["linux"], ["3.11", "3.12"], say=lambda text: None, word="starry night")
    home.mkdir()
    programs.mkdir()
    log = tmp_path / "log"
    # A Python that makes a "virtual environment" of itself, and writes down what it was asked to do.
    python = programs / "python3.11"
    python.write_text(
        '#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "$@" >> "$LOG"\n'
        '[ "$2" = venv ] && mkdir -p "$3/bin" && cp "$0" "$3/bin/python"\nexit 0\n'
    )
    python.chmod(0o755)
    (programs / "python3.12").write_text("#!/bin/sh\nexit 127\n")  # a shim whose version is not installed
    (programs / "python3.12").chmod(0o755)
    (programs / "python3").write_text("#!/bin/sh\nexit 1\n")
    (programs / "python3").chmod(0o755)
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(home), "LOG": str(log)}

    def start():
        return subprocess.run(["sh", kit / "start.sh"], env=environment, capture_output=True, text=True, check=False)

    assert start().returncode == 0
    lines = log.read_text().splitlines()
    assert any(
        "-m pip install --quiet --no-index --find-links" in line and str(kit / "wheels") in line for line in lines
    )
    assert lines[-1] == "-m jupyter lab 00_quickstart.ipynb"
    place = home / "nst_jax class"
    asks = json.loads((place / "venv" / "share" / "jupyter" / "lab" / "settings" / "overrides.json").read_text())
    assert asks == {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
    batch = (kit / "start.bat").read_text()
    assert f"echo {json.dumps(asks)}> " in batch  # the same words for Windows
    assert 'fc /b "%package%" "%home%\\installed"' in batch
    assert (place / "data" / "networks" / "some.safetensors").is_file()
    assert class_word(place / "notebooks") == "starry night"
    assert sorted(os.listdir(place / "notebooks" / "teacher")) == sorted(os.listdir(kit / "teacher"))
    (place / "notebooks" / "teacher" / "lessons.md").write_text("with my notes")
    worked_on = place / "notebooks" / NOTEBOOKS[0].name
    worked_on.write_text(json.dumps({"mine": True}))
    (kit / "notebooks" / "class-word.txt").unlink()
    assert start().returncode == 0
    assert log.read_text().count("pip install") == 1
    assert json.loads(worked_on.read_text()) == {"mine": True}
    assert (place / "notebooks" / "teacher" / "lessons.md").read_text() == "with my notes"
    assert class_word(place / "notebooks") == ""  # a kit without a word takes that of an earlier one away
    (package,) = (kit / "wheels").glob("nst_jax-*.whl")
    package.write_bytes(b"a newer one")
    assert start().returncode == 0
    assert log.read_text().count("pip install") == 2
    assert json.loads(worked_on.read_text()) == {"mine": True}
    python.write_text("#!/bin/sh\nexit 1\n")
    (place / "installed").unlink()
    failed = start()
    assert failed.returncode == 2
    assert "needs one of these versions of Python: 3.11 3.12" in failed.stderr
