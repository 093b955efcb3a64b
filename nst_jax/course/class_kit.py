"""A folder, for a stick, from which a class installs and runs the course without a connection.

wheels/      this package and all that it needs, for every platform and Python stated
notebooks/   the students' edition of the course, and the notebook of the lesson in which the class is asked
teacher/     the course with its solutions, its key, and guides; not there if the key goes elsewhere
data/        networks and pictures that were fetched, as the cache has them
handout.pdf  the method on one page
start.sh, start.bat, README.txt
"""

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from ..described import counted
from ..download import cache_folder
from ..errors import NSTError, SettingError
from ..files import atomic_write
from .codes import WORD_FILE
from .editions import notebooks, read_notebook, students_edition
from .kit_files import KitFiles, kit_files
from .kit_wheels import PLATFORMS, PYTHONS, own_wheel, wheels_for
from .teachers import asking, in_one_folder

KEY, PLANS, HANDOUT, ASK = "key.ipynb", "lessons.md", "handout.pdf", "ask.ipynb"
GUIDES = ("notebooks/README.md", f"docs/guides/{PLANS}", "docs/guides/classroom.md")


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
    """Fill a folder with all that a class needs.

    What is there already is not downloaded again; notebooks and texts that somebody changed there are kept.

    Args:
        folder: made if necessary.
        project: a checkout of this project.
        platforms: names in `PLATFORMS`.
        pythons: versions, such as "3.11".
        say: told what is done.
        key: where the teacher's key is written, outside of the folder, which then has nothing for teachers.
        word: the class's, with which students' codes are signed; it stands in the folder as a text.

    Raises:
        NSTError: if the folder is not empty and not a kit, `project` is no checkout, or the key would be in the folder
            or replace another file.
        SettingError: for a version of Python or a platform that is not known, or if the extra is not installed.
        DownloadError: if a wheel cannot be had.
    """
    for kind, given, known in (("Python", pythons, PYTHONS), ("platform", platforms, PLATFORMS)):
        if wrong := set(given) - set(known):
            raise SettingError(f"{kind} {sorted(wrong)[0]!r}: give some of {', '.join(known)}")
    if find_spec("uv") is None or find_spec("matplotlib") is None:  # for wheels, and for the handout
        raise SettingError("a kit needs the extra: pip install 'nst_jax[class]'")
    if not (project / "notebooks").is_dir() or not (project / "pyproject.toml").is_file():
        raise NSTError(f"{project}: is not a checkout of nst_jax, which has the notebooks; run the command in one")
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / "wheels").is_dir())):
        raise NSTError(f"{folder}: holds something else; give a new folder, or one that this command made")
    if key is not None and key.resolve().is_relative_to(folder.resolve()):
        raise NSTError(f"{key}: students would get it with {folder}; write the key to another folder")
    from .key import key_text  # with JAX, which the command's help does without

    if key is not None:  # first of all: a name that cannot be written is known at once
        _write_key(key, key_text(project / "notebooks", key))
    wheels = folder / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    own_wheel(project, wheels)
    for platform in platforms:
        for python in pythons:
            say(f"wheels for {platform}, Python {python}")
            wheels_for(project, wheels, PLATFORMS[platform], python)
    say("notebooks, data, and the handout, whose pictures are computed now")
    with kit_files(folder) as files:
        _texts(files, project, pythons, with_key=key is None)
    if files.kept:
        say(f"kept, since somebody changed them: {', '.join(files.kept)}; delete them to get the course's")
    _class_word(folder / "notebooks" / WORD_FILE, word)
    if key is not None:
        _nothing_for_teachers(folder / "teacher", say)
    copied = copy_new(cache_folder(), folder / "data") if cache_folder().is_dir() else 0
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    fetched = counted(copied, "fetched file") if copied else "nothing fetched beside the bundled network and pictures"
    found = counted(len(list(wheels.glob("*.whl"))), "wheel")
    say(f"{folder}: {size / 1e9:.1f} GB, {found}, {fetched}; see its README.txt")


def _write_key(path: Path, text: str) -> None:
    if path.exists() and (not path.is_file() or path.read_bytes() != text.encode()):
        raise NSTError(f"{path}: is there already, and is not this key; choose another name, or delete it")
    with atomic_write(path) as file:
        file.write(text.encode())


def _texts(files: KitFiles, project: Path, pythons: Sequence[str], *, with_key: bool) -> None:
    """What people read: notebooks, what is for teachers, the handout, how to start."""
    from . import handout
    from .key import key_text

    source = project / "notebooks"
    books = notebooks(source)
    for path in books:
        book = students_edition(read_notebook(path))
        files.put(f"notebooks/{path.name}", (json.dumps(book, ensure_ascii=False, indent=1) + "\n").encode())
    files.put(f"notebooks/{ASK}", asking((project / "docs/guides" / PLANS).read_text(encoding="utf-8")).encode())
    handed = {path.name: path.read_bytes() for path in books}
    names = {*handed, *(Path(guide).name for guide in GUIDES)}
    for guide in (project / each for each in GUIDES):
        handed[guide.name] = in_one_folder(guide.read_text(encoding="utf-8"), names).encode()
    for name, data in {**handed, KEY: key_text(source, Path(KEY)).encode()}.items():
        (files.put if with_key else files.remove)(f"teacher/{name}", data)
    with TemporaryDirectory() as place:
        handout.write_handout(Path(place, HANDOUT))
        files.put(HANDOUT, Path(place, HANDOUT).read_bytes())
    for path in sorted((source / "class").iterdir()):
        text = path.read_text(encoding="utf-8").replace("@PYTHONS@", " ".join(pythons))
        text = text if with_key else text.split("\nFor the teacher:")[0]
        files.put(path.name, (text if path.suffix == ".sh" else text.replace("\n", "\r\n")).encode())


def _nothing_for_teachers(folder: Path, say: Callable[[str], object]) -> None:
    """Remove the folder for teachers, from which the course's files are gone, or say that something is left."""
    if folder.is_dir() and any(folder.iterdir()):
        say(f"{folder}: holds files of yours, which students would get; move them elsewhere")
    elif folder.is_dir():
        folder.rmdir()


def _class_word(path: Path, word: str) -> None:
    if word.strip():
        with atomic_write(path, "w") as file:
            file.write(word.strip() + "\n")
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
