"""The rooms of the package: which there are, and that imports run one way."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import nst_jax as nst

PACKAGE = Path(nst.__file__).parent
# What a room imports stands before it; rooms of one line may not import each other.
ORDER = (
    ("errors", "bundle"),
    ("files", "progress", "described"),
    ("download",),
    ("images",),
    ("networks",),
    ("losses",),
    ("optim",),
    ("transfer",),
    ("training",),
    ("feedforward", "video", "history"),
    ("research",),
    ("notebook",),
    ("course",),
    ("cli",),
    ("__main__",),
)
FLOOR = {room: floor for floor, rooms in enumerate(ORDER) for room in rooms}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(path):
    """(room, line) of everything in the package that a module imports, within functions too; for types is too."""
    package = path.relative_to(PACKAGE).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names if alias.name.split(".")[0] == "nst_jax"]
            yield from ((name[1] if len(name) > 1 else "", node.lineno) for name in names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            full = (*base, *(node.module or "").split("."))
            full = tuple(part for part in full if part)
            yield from ((full[0] if full else alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "nst_jax":
            full = (node.module or "").split(".")[1:]
            yield from ((full[0] if full else alias.name, node.lineno) for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(PACKAGE)) for path in MODULES])
def test_imports_run_one_way(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    if parts == ("__init__",):
        assert not list(imported(path))  # names are lazy
        return
    room = parts[0]
    assert room in FLOOR, f"{room} is not a room; add it to ORDER, docs/rooms.md and CONTRIBUTING.md"
    for found, line in imported(path):
        if found in ("__version__", room):
            continue
        typing_only = room == "errors"  # its exceptions hold snapshots and results
        assert FLOOR[found] < FLOOR[room] or typing_only, f"{path}:{line}: {room} imports {found}, a later room"


def test_few_modules_lie_directly_in_the_package():
    assert len(list(PACKAGE.glob("*.py"))) <= 8


def test_no_public_name_is_also_a_module_of_the_package():
    direct = {path.stem for path in PACKAGE.iterdir() if not path.name.startswith("_")}
    assert not direct & set(nst.__all__)


def test_every_public_name_is_there():
    for name in nst.__all__:
        assert getattr(nst, name) is not None
    assert set(nst.__all__) <= set(dir(nst))


def test_importing_the_package_imports_no_room():
    program = (
        "import sys, nst_jax; print([name for name in sys.modules if name.startswith('nst_jax.') or name == 'jax'])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.strip() == "[]"


def test_reading_a_picture_does_not_wait_for_jax():
    program = "import sys, nst_jax; nst_jax.load_image('coffee', 32); print('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.strip() == "False"


def test_data_hold_data_alone():
    folder = Path(__file__).parents[1] / "data"
    assert not list(folder.rglob("*.py"))
