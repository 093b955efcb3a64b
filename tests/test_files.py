"""Files are complete or absent."""

from contextlib import suppress

import pytest
from filelock import FileLock, Timeout

from nst_jax import NSTError
from nst_jax.files import atomic_write, locked, sha256


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "new" / "a.txt"
    with atomic_write(path, "w") as file:
        file.write("π")
        assert not path.exists()
    assert path.read_text(encoding="utf-8") == "π"
    assert path.stat().st_mode & 0o444 == 0o444
    assert list(path.parent.iterdir()) == [path]


def test_what_fails_halfway_leaves_the_old_file_and_no_rest(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail():
        with atomic_write(path, "w") as file:
            file.write("half")
            raise RuntimeError("on the way")

    with pytest.raises(RuntimeError, match="on the way"):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NSTError, match="cannot be written"), atomic_write(tmp_path / "file" / "a.txt"):
        pass


def test_one_holds_a_lock_at_a_time_and_lets_go(tmp_path):
    path, lock = tmp_path / "new" / "a.txt", tmp_path / "new" / ".a.txt.lock"

    def free():
        with suppress(Timeout), FileLock(lock, timeout=0):
            return True
        return False

    def fail():
        with locked(path):
            assert not free()
            raise RuntimeError("on the way")

    with pytest.raises(RuntimeError, match="on the way"):
        fail()
    assert free()


@pytest.mark.parametrize("path", ["file/a.txt", "other"])
def test_what_cannot_be_locked_is_named(tmp_path, path):
    (tmp_path / "file").write_text("")
    (tmp_path / ".other.lock").mkdir()
    with pytest.raises(NSTError, match=f"{path}: cannot be changed"), locked(tmp_path / path):
        pass


def test_sha256_is_the_files(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
