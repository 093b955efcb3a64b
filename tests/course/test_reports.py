"""Students' work: what is kept of verdicts, the code that reports it, and the teacher's table of many codes."""

import csv
import hashlib
import hmac
import io
import re
from base64 import b32decode
from datetime import date
from pathlib import Path

import pytest

import nst_jax as nst
from nst_jax import checks
from nst_jax.cli.main import main
from nst_jax.course import record
from nst_jax.course.chapters import ASKED, CHAPTERS
from nst_jax.course.codes import WORD_FILE, CodeError, Report, Standing, number, read_code, write_code
from nst_jax.course.exercises import EXERCISES
from nst_jax.course.record import FILE
from nst_jax.course.reports import read_reports

ROOT = Path(__file__).parents[2]
DONE = {"gram": Standing(True, 2), "style_loss": Standing(False, 3)}
ADA = Report("Ada Lovelace", date(2026, 11, 29), DONE)
ALL = Report("x" * 60, date(2100, 1, 1), dict.fromkeys(ASKED, Standing(True, 7)))
BO = Report("Bo Østergård", date(2026, 11, 30), {"gram": Standing(False, 1)})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of notebooks in which somebody works."""
    monkeypatch.setattr(record, "headless", lambda: False)
    monkeypatch.setattr(record, "_session", {})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_chapters_are_what_the_notebooks_ask():
    """In each notebook, the checks after the heading "Exercises"."""
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.py")):
        asked = re.findall(r"^checks\.(\w+)\(", path.read_text(encoding="utf-8").split("# ## Exercises")[1], re.M)
        names = tuple(dict.fromkeys(name for name in asked if name in EXERCISES))
        assert names == CHAPTERS.get(path.stem, ()), path.stem
    assert len(set(ASKED)) == len(ASKED)


# What is kept


def test_the_last_verdict_counts_and_what_returns_the_same_is_one_try(folder):
    right = EXERCISES["gram"].solution
    checks.gram(lambda F: right(F) / 2)
    checks.gram(lambda F: 0.5 * right(F))
    assert record.standings() == {"gram": Standing(False, 1)}
    checks.gram(lambda F: right(F) / 3)
    checks.gram(right)
    checks.gram(right)
    assert record.standings() == {"gram": Standing(True, 3)}
    checks.gram(lambda F: right(F) / 2)
    assert record.standings() == {"gram": Standing(False, 3)}
    assert checks.progress().startswith(f"0 of {len(ASKED)} exercises")
    assert "✗ gram (3 tries)   · style_loss" in checks.progress()


def test_exercises_that_a_notebook_works_out_itself_are_not_kept(folder):
    checks.content_loss(EXERCISES["content_loss"].solution)
    assert record.standings() == {}
    assert not (folder / FILE).exists()


def test_nothing_is_kept_where_nobody_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    checks.gram(EXERCISES["gram"].solution)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_written_is_known_to_this_notebook_and_no_fault(folder, monkeypatch):
    def full(path, mode="wb"):
        raise nst.NSTError("no space")

    with monkeypatch.context() as patched:
        patched.setattr(record, "atomic_write", full)
        assert checks.gram(EXERCISES["gram"].solution)
    assert record.standings() == {"gram": Standing(True, 1)}
    assert not (folder / FILE).exists()
    checks.gram(lambda F: F)  # the file can be written again, and has both verdicts
    assert record.standings() == {"gram": Standing(False, 2)}
    assert (folder / FILE).exists()


@pytest.mark.parametrize("damage", [b"", b"[1]", b'{"gram": {"passed": 3}}', b"\xff\xfe"])
def test_a_damaged_file_is_set_aside(folder, damage):
    (folder / FILE).write_bytes(damage)
    checks.gram(EXERCISES["gram"].solution)
    assert record.standings() == {"gram": Standing(True, 1)}
    assert (folder / FILE).with_suffix(".damaged").read_bytes() == damage


# A code


@pytest.mark.parametrize("word", ["", "starry night", "ночь"])
@pytest.mark.parametrize("report", [ADA, BO, ALL])
def test_a_code_says_what_was_reported(report, word):
    assert read_code(write_code(report, word), word) == report


def test_the_signature_is_the_hmac_of_the_standard(tmp_path):
    """Against RFC 2104 written out: H((K ⊕ opad) · H((K ⊕ ipad) · text))."""
    text = write_code(ADA, "starry night").removeprefix("NST1").replace("-", "")
    held = b32decode(text + "=" * (-len(text) % 8))
    body, signature = held[:-6], held[-6:]
    key = b"starry night".ljust(64, b"\0")
    inner = hashlib.sha256(bytes(k ^ 0x36 for k in key) + b"NST1" + body).digest()
    outer = hashlib.sha256(bytes(k ^ 0x5C for k in key) + inner).digest()
    assert hmac.compare_digest(signature, outer[:6])


def test_every_letter_that_is_changed_is_noticed():
    code = write_code(ADA, "starry night")
    for i in range(5, len(code) - 1):  # the last one holds bits that nothing uses
        if code[i] != "-":
            changed = code[:i] + ("A" if code[i] != "A" else "B") + code[i + 1 :]
            with pytest.raises(CodeError):
                read_code(changed, "starry night")
    for length in range(5, len(code) - 2):
        with pytest.raises(CodeError):
            read_code(code[:length], "starry night")


def test_another_word_is_noticed_and_spaces_around_it_are_not():
    code = write_code(ADA, " starry  night\n")
    assert read_code(code, "starry night") == ADA
    for word in ("", "starry", "Starry night"):
        with pytest.raises(CodeError, match="another class's word"):
            read_code(code, word)


def test_exercises_are_known_by_their_names_alone(monkeypatch):
    assert len({number(name) for name in EXERCISES}) == len(EXERCISES)
    code = write_code(Report("Ada", date(2026, 1, 1), {"of the next version": Standing(True, 1)}), "")
    assert read_code(code, "").standings == {f"exercise {number('of the next version')}": Standing(True, 1)}


def test_a_name_is_neither_empty_nor_endless_nor_a_command_to_the_console():
    for name in ("", "  ", "x" * 61, "a\x1b[2Jb", None, 7):
        with pytest.raises(nst.SettingError, match="give your name"):
            write_code(Report(name, date(2026, 1, 1), {}), "")


def test_more_tries_than_seven_are_seven_and_a_clock_before_2020_is_its_first_day():
    report = Report("Ada", date(1999, 1, 1), {"gram": Standing(True, 40)})
    assert read_code(write_code(report, ""), "") == Report("Ada", date(2020, 1, 1), {"gram": Standing(True, 7)})
    assert read_code(write_code(Report("Ada", date(9999, 1, 1), {}), ""), "").day == date(2199, 6, 6)


# From the notebook to the teacher


def test_a_students_report_is_read_by_the_teachers_command(folder, capsys):
    (folder / WORD_FILE).write_text("starry night\n")
    checks.gram(lambda F: F)
    checks.gram(EXERCISES["gram"].solution)
    said = checks.report("Ada")
    assert "for Ada: 1 of " in said
    (folder / "codes.txt").write_text(f"Dear teacher,\n{said}\n")
    assert main(["reports", "codes.txt", "--class-word", "starry night", "-o", "class.csv"]) == 0
    printed = capsys.readouterr()
    assert f" 1  Ada, {date.today()}" in printed.out
    assert re.search(r"^  gram +✓2  1 of 1$", printed.out, re.M)
    assert re.search(r"^  style_loss +·  0 of 1$", printed.out, re.M)
    assert printed.err == ""
    (row,) = csv.DictReader(io.StringIO((folder / "class.csv").read_text(encoding="utf-8-sig")))
    assert (row["name"], row["passed"], row["gram"], row["gram tries"]) == ("Ada", "1", "passed", "2")
    assert row["style_loss"] == row["style_loss tries"] == ""
    (folder / "class.csv").write_text("of last week")
    assert main(["reports", "codes.txt", "--class-word", "another", "-o", "class.csv"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "line 2: the code is altered, mistyped, or signed with another class's word" in printed.err
    assert "no code in it can be trusted with the class's word 'another'; give --class-word as in" in printed.err
    assert (folder / "class.csv").read_text() == "of last week"
    (folder / "more.txt").write_text(f"\n\n{said}\n")
    assert main(["reports", "codes.txt", "more.txt"]) == 2
    *lines, last = capsys.readouterr().err.splitlines()
    assert [each.partition(":")[0] for each in lines] == ["codes.txt, line 2", "more.txt, line 3"]
    assert "codes.txt, more.txt: no code in it can be trusted without a class's word; give --class-word" in last


def test_a_code_that_was_made_away_from_the_classs_word_is_said_to_lack_it():
    found = read_reports(f"{write_code(ADA, 'w')}\n{write_code(BO, '')}\n", "w")
    assert found.reports == (ADA,)
    assert found.faults == (
        "line 2: the code has no class's word: where it was made, class-word.txt was not beside the notebook",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_codes_come_from_standard_input_in_any_encoding(monkeypatch, capsys, encoding):
    text = f"Grüße\n{write_code(ADA, '')}\n".encode(encoding)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text), "utf-8"))
    assert main(["reports", "-"]) == 0
    assert " 1  Ada Lovelace" in capsys.readouterr().out


def test_codes_are_found_whatever_stands_around_them():
    a, b = write_code(ADA, "w"), write_code(BO, "w")
    broken = a[:23] + "\n> " + a[23:]
    for text in (
        f"{a}\n{b}\n",
        f'ada,"{a}",10\nbo,{b};20\n',
        f"My code is {a}. Best wishes, Ada\n\n-- \nBo: <{b}>",
        f"> {broken}\n> and\n> {b.lower()}",
        f"{a}{b}",
        f"{a.replace('O', '0').replace('I', '1').replace('B', '8')} {b}",
    ):
        found = read_reports(text, "w")
        assert found.reports == (ADA, BO), text
        assert found.faults == ()


def test_of_several_codes_of_a_student_the_newest_counts_and_it_is_said():
    later = Report("ada  LOVELACE", date(2026, 12, 1), {"gram": Standing(True, 4)})
    for order in ((ADA, later), (later, ADA)):
        found = read_reports("\n".join(write_code(each, "") for each in order))
        assert [report.day for report in found.reports] == [later.day]
        assert re.match(r"line 2: another code of ada lovelace; the newest counts", found.faults[0], re.I)
    assert read_reports("\n".join([write_code(ADA, "")] * 2)).faults == ()


def test_the_table_counts_those_who_passed():
    lines = read_reports(f"{write_code(ADA, '')} {write_code(BO, '')}").table().splitlines()
    assert lines[:2] == [" 1  Ada Lovelace, 2026-11-29", " 2  Bo Østergård, 2026-11-30"]
    assert lines[3].split() == ["1", "2", "passed"]
    rows = {line.split()[0]: line.split()[1:] for line in lines if line.startswith("  ")}
    assert rows["gram"] == ["✓2", "✗1", "1", "of", "2"]
    assert rows["style_loss"] == ["✗3", "·", "0", "of", "2"]
    assert list(rows)[1:] == list(ASKED)


def test_the_line_in_the_guide_is_a_code_of_the_word_that_stands_there():
    page = (ROOT / "docs" / "guides" / "classroom.md").read_text(encoding="utf-8")
    assert '--class-word "starry night"' in page
    found = read_reports(page, "starry night")
    assert [report.name for report in found.reports] == ["Ada"]


def test_no_name_is_a_formula_in_a_spreadsheet():
    text = read_reports(write_code(Report("=1+1", date(2026, 1, 1), {}), "")).csv()
    assert "\n'=1+1," in text


def test_a_file_without_codes_and_one_that_is_not_there_are_refused(folder, capsys):
    (folder / "codes.txt").write_bytes("Привет".encode("utf-16"))
    assert main(["reports", "codes.txt"]) == 2
    assert "codes.txt: no code in it; codes begin with NST1-" in capsys.readouterr().err
    (folder / "codes.txt").write_bytes(write_code(ADA, "").encode("utf-16"))
    assert main(["reports", "codes.txt"]) == 0
    assert main(["reports", "elsewhere.txt"]) == 2
    assert "elsewhere.txt: cannot be read" in capsys.readouterr().err
    assert main(["reports", "codes.txt", "-o", "codes.txt"]) == 2
    assert "would write over what this command reads" in capsys.readouterr().err
