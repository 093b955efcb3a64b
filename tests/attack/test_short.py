"""The attack's short form; `python -m tests.attack --long` is the long one."""

from importlib.util import find_spec

import pytest

from tests.attack import folders, kills, mutation, pictures, trial, values, weights
from tests.attack.__main__ import of_pictures, of_settings, of_weights
from tests.attack.material import material
from tests.attack.table import MEASURED, record
from tests.attack.trial import Tally, Worker


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with material, where what is undisturbed is made once."""
    folder = tmp_path_factory.mktemp("attack")
    material(folder)
    return folder


def assert_sound(tally, least):
    assert not tally.faults, "\n".join(tally.faults)
    assert tally.counts["used"] >= 1
    assert tally.counts["refused"] >= 1
    assert tally.tried >= least


def test_every_kind_of_picture_is_read_or_refused_in_one_line(tmp_path):
    assert len(pictures.KINDS) >= 40
    assert_sound(of_pictures(tmp_path), 2 * len(pictures.KINDS))


def test_every_kind_of_weights_is_read_or_refused_in_one_line(tmp_path):
    assert len(weights.KINDS) >= 20
    assert_sound(of_weights(tmp_path), len(weights.KINDS))


def test_every_setting_with_every_absurd_value_is_taken_or_refused_in_one_line(made):
    assert_sound(of_settings(made, whole=False), 2000)


def test_damaged_and_foreign_manifests_and_checkpoints(made):
    assert_sound(folders.damage(made, made, 5), 10)


def test_two_processes_on_one_run(made):
    tally = folders.together(made, made, 1)
    assert not tally.faults, "\n".join(tally.faults)


def test_a_run_on_a_full_disk_ends_in_one_line_and_resumes(made):
    assert_sound(folders.without_space(made, made, (3000,)), 2)


def test_a_place_where_nothing_can_be_written(made):
    assert not folders.without_permission(made, made, ("/proc/run",)).faults


def test_kills_at_random_moments_change_no_byte(made):
    found = kills.attack(made, made, 1, kinds=("grid",))
    assert not found.faults, "\n".join(found.faults)
    assert found.kills == 1


def test_mutated_files_are_read_or_refused_in_one_line(tmp_path):
    for tally in mutation.attack(tmp_path, 4).values():
        assert not tally.faults, "\n".join(tally.faults)


def test_what_the_attack_looks_for_is_seen(monkeypatch, tmp_path):
    """A traceback, a process that dies, too much memory, a hang, and what should have been refused."""
    tally, path = Tally(), str(tmp_path / "a.png")
    pictures.KINDS["png.png"][0](tmp_path / "a.png")
    with Worker() as worker:
        tally.add("a", worker.attempt("picture", path, "one argument too many"))
        tally.add("b", worker.attempt("end"))
        tally.add("c", worker.attempt("picture", path), ("refused",))
        monkeypatch.setattr(trial, "BYTES", 1000)
        tally.add("d", worker.attempt("picture", path))
        monkeypatch.setattr(trial, "SECONDS", 0)
        tally.add("e", worker.attempt("picture", path))
    assert [fault.split(":")[1].strip() for fault in tally.faults] == ["traceback", "died", "used", "memory", "hang"]


def test_a_row_replaces_that_of_its_part(tmp_path):
    head = "before\n\n<!-- attack -->\n| what | part | figures | faults |\n|---|---|---|---|\n"
    (tmp_path / "a.md").write_text(head + "| old | `kills` | 1 | 0 |\n| b | `pictures` | 2 | 0 |\n\nafter\n")
    record({("kills", "new"): ("3 SIGKILLs", 0)}, tmp_path / "a.md")
    rows = "| b | `pictures` | 2 | 0 |\n| new | `kills` | 3 SIGKILLs | 0 |"
    assert (tmp_path / "a.md").read_text() == f"{head}{rows}\n\nafter\n"


def test_the_table_names_as_many_kinds_as_there_are():
    text = MEASURED.read_text(encoding="utf-8")
    assert f"{len(pictures.KINDS)} kinds of pictures" in text
    if find_spec("torch"):  # which writes some of them
        assert f"{len(weights.KINDS)} kinds of files of weights" in text
    assert f"{len(values.NAMES)} settings" in text
