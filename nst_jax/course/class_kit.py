"""A folder, for a stick, from which a class installs and runs the course without a connection.

wheels/      this package and all that it needs, for every platform and Python stated
notebooks/   the students' edition of the course
teacher/     the course with its solutions, its key, and lesson plans; not there if the key goes elsewhere
data/        networks and pictures that were fetched, as the cache has them
handout.pdf  the method on one page
start.sh, start.bat, README.txt
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ..described import counted
from ..download import cache_folder
from ..errors import DownloadError, NSTError, SettingError
from ..files import atomic_write
from ..images.printing import check_print
from .codes import WORD_FILE
from .editions import read_notebook, students_edition

KEY, PLANS = "key.ipynb", "lessons.md"
PYTHONS = ("3.11", "3.12", "3.13")


class Platform(NamedTuple):
    """What wheels for a kind of laptop are called.

    Attributes:
        resolver: its name for uv, which finds what is needed there.
        tags: the platform tags of the wheels that fit it.
    """

    resolver: str
    tags: tuple[str, ...]


_MANYLINUX = tuple(f"manylinux_2_{n}_x86_64" for n in range(28, 16, -1))
PLATFORMS = {
    "linux": Platform("x86_64-manylinux_2_28", (*_MANYLINUX, "manylinux2014_x86_64", "linux_x86_64")),
    "macos": Platform("aarch64-apple-darwin", ("macosx_14_0_arm64", "macosx_14_0_universal2")),
    "windows": Platform("x86_64-pc-windows-msvc", ("win_amd64",)),
}


def make_kit(
    folder: Path,
    project: Path,
    platforms: Sequence[str] = tuple(PLATFORMS),
    pythons: Sequence[str] = PYTHONS,
    say: Callable[[str], object] = print,
    *,
    key: Path | None = None,
    word: str = "",
) -> None:
    """Fill a folder with all that a class needs. What is there already is not downloaded again.

    Args:
        folder: made if necessary.
        project: a checkout of this project.
        platforms: names in `PLATFORMS`.
        pythons: versions, such as "3.11".
        say: told what is done.
        key: where the teacher's key is written, outside of the folder, which then has nothing for teachers.
        word: the class's, with which students' codes are signed; it stands in the folder as a text.

    Raises:
        NSTError: if the folder is not empty and not a kit, `project` is no checkout, the key would be in the folder, or
            matplotlib is missing.
        SettingError: for a version of Python or a platform that is not known, or if uv is missing.
        DownloadError: if a wheel cannot be had.
    """
    for kind, given, known in (("Python", pythons, PYTHONS), ("platform", platforms, PLATFORMS)):
        if wrong := set(given) - set(known):
            raise SettingError(f"{kind} {sorted(wrong)[0]!r}: give some of {', '.join(known)}")
    if find_spec("uv") is None:
        raise SettingError("the wheels for other computers are found by uv: pip install 'nst_jax[class]'")
    if not (project / "notebooks").is_dir() or not (project / "pyproject.toml").is_file():
        raise NSTError(f"{project}: is not a checkout of nst_jax, which has the notebooks; run the command in one")
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / "wheels").is_dir())):
        raise NSTError(f"{folder}: holds something else; give a new folder, or one that this command made")
    if key is not None and key.resolve().is_relative_to(folder.resolve()):
        raise NSTError(f"{key}: students would get it with {folder}; write the key to another folder")
    handed_out = folder / "handout.pdf"
    check_print(handed_out)
    from . import handout
    from .key import write_key  # both with JAX, which the command's help does without

    if key is not None:  # first of all: a name that cannot be written is known at once
        write_key(project / "notebooks", key)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    _own_wheel(project, wheels)
    for platform in platforms:
        for python in pythons:
            say(f"wheels for {platform}, Python {python}")
            _wheels(project, wheels, PLATFORMS[platform], python)
    say("notebooks, handout and data")
    _notebooks(project / "notebooks", folder)
    _for_teachers(project / "notebooks", folder / "teacher", wanted=key is None)
    handout.write_handout(handed_out)
    _class_word(folder / "notebooks" / WORD_FILE, word)
    copied = copy_new(cache_folder(), folder / "data") if cache_folder().is_dir() else 0
    for path in sorted((project / "notebooks" / "class").iterdir()):
        text = path.read_text(encoding="utf-8").replace("@PYTHONS@", " ".join(pythons))
        text = text if key is None else text.split("\nFor the teacher:")[0]
        _write(folder / path.name, text if path.suffix == ".sh" else text.replace("\n", "\r\n"))
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    fetched = counted(copied, "fetched file") if copied else "nothing fetched beside the bundled network and pictures"
    found = counted(len(list(wheels.glob("*.whl"))), "wheel")
    say(f"{folder}: {size / 1e9:.1f} GB, {found}, {fetched}; see its README.txt")


def _own_wheel(project: Path, wheels: Path) -> None:
    for old in wheels.glob("nst_jax-*.whl"):
        old.unlink()
    with TemporaryDirectory() as built:  # setuptools leaves its build folder beside what it builds
        source = Path(built, "source")
        copy_source(project, source)
        _run(["pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(source)], "this package")


def copy_source(project: Path, target: Path) -> None:
    """Copy what the package is built from."""
    for name in ("nst_jax", "data"):
        shutil.copytree(project / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(project / name, target / name)


def _wheels(project: Path, wheels: Path, platform: Platform, python: str) -> None:
    with TemporaryDirectory() as place:
        pinned = Path(place, "pinned.txt")
        resolve = ["uv", "pip", "compile", "--quiet", "--extra", "notebook", "--no-annotate", "--no-header"]
        resolve += ["--python-platform", platform.resolver, "--python-version", python, "--only-binary", ":all:"]
        _run([*resolve, "--output-file", str(pinned), str(project / "pyproject.toml")], f"what Python {python} needs")
        tags = [option for tag in platform.tags for option in ("--platform", tag)]
        get = ["pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
        get += ["--implementation", "cp", "--python-version", python, *tags, "--dest", str(wheels)]
        _run([*get, "--requirement", str(pinned)], f"wheels for {platform.resolver}, Python {python}")


def _run(module: list[str], what: str) -> None:
    done = subprocess.run([sys.executable, "-m", *module], capture_output=True, text=True)
    if done.returncode:
        lines = [line.removeprefix("ERROR: ").strip() for line in done.stderr.splitlines() if line.strip()]
        reason = lines[-1] if lines else "it says nothing"
        raise DownloadError(f"{what}: cannot be had by {module[0]} ({reason}); see to the connection and try again")


def _notebooks(source: Path, folder: Path) -> None:
    for path in sorted(source.glob("[0-9][0-9]_*.ipynb")):
        book = students_edition(read_notebook(path))
        _write(folder / "notebooks" / path.name, json.dumps(book, ensure_ascii=False, indent=1) + "\n")


def _for_teachers(source: Path, folder: Path, *, wanted: bool) -> None:
    """The folder for teachers, or, where it is not wanted, without what an earlier call has put there."""
    books = sorted(source.glob("[0-9][0-9]_*.ipynb"))
    if wanted:
        from .key import write_key

        for path in (*books, source / "README.md", source.parent / "docs" / "guides" / PLANS):
            _copy(path, folder / path.name)
        write_key(source, folder / KEY)
        return
    for name in (*(path.name for path in books), "README.md", PLANS, KEY):
        (folder / name).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _class_word(path: Path, word: str) -> None:
    if word.strip():
        _write(path, word.strip() + "\n")
    else:
        path.unlink(missing_ok=True)


def copy_new(source: Path, target: Path) -> int:
    """Copy the files of a folder that the target lacks or has with another size.

    Returns:
        How many files the source has.
    """
    files = list(_files(source))
    for path in files:
        place = target / path.relative_to(source)
        if not place.is_file() or place.stat().st_size != path.stat().st_size:
            _copy(path, place)
    return len(files)


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith((".part", ".lock")))


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, atomic_write(target) as file:
        shutil.copyfileobj(read, file)


def _write(path: Path, text: str) -> None:
    with atomic_write(path) as file:
        file.write(text.encode())
