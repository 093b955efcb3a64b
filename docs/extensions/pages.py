"""Pages that are computed when the site is built: one a room of the package, its commands, and tables of formulas."""

import argparse
import ast
import importlib
import inspect
import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from docstrings import typeset
from sphinx.application import Sphinx

import nst_jax
from nst_jax.cli.main import COMMANDS
from nst_jax.course.handout import write_handout
from nst_jax.losses.conventions import CONVENTIONS, convert, loss_weights
from nst_jax.losses.style.catalogue import STATISTICS
from nst_jax.networks.geometry import CONTENT_LAYERS, STYLE_LAYERS, block, stride

PACKAGE = Path(nst_jax.__file__).parent
FOLDER = Path(__file__).parents[1] / "generated"
# In the order of imports, as in docs/rooms.md; the command line has a page of another kind.
ROOMS = (
    "images", "networks", "losses", "optim", "transfer", "training", "feedforward", "video", "history", "research",
    "notebook", "course",
)  # fmt: skip
WIDTHS = dict(zip(range(1, 6), (64, 128, 256, 512, 512), strict=True))  # filters of VGG-19 in each block
HEIGHT, WIDTH = 384, 512  # of the picture in the table of conventions


def public() -> dict[str, list[str]]:
    """Module → its public names, as `__init__.pyi` has them."""
    names: dict[str, list[str]] = {}
    for node in ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            names.setdefault(f"nst_jax.{node.module}", []).extend(alias.name for alias in node.names)
    return names


def modules(room: str) -> Iterator[str]:
    """The modules of a room, those directly in it first."""
    paths = sorted((PACKAGE / room).rglob("*.py"), key=lambda path: (len(path.parts), path))
    for path in paths:
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[-1] != "__main__" and parts != (room, "__init__"):
            yield ".".join(("nst_jax", *parts)).removesuffix(".__init__")


def room_page(room: str, names: dict[str, list[str]]) -> str:
    """The page of a room: its docstring, its public names, then its modules without them."""
    lines = [room, "=" * len(room), "", f".. automodule:: nst_jax.{room}", "", ""]
    shown = [name for module in (f"nst_jax.{room}", *modules(room)) for name in names.get(module, ())]
    directives = [_directive(name) for name in shown]
    if any(directives):
        lines += ["Public names", "-" * 12, "", *(line for each in directives for line in each)]
    lines += ["Modules", "-" * 7, ""]
    for module in modules(room):
        title = module.removeprefix("nst_jax.")
        hidden = ", ".join(names.get(module, ()))
        package = inspect.getfile(importlib.import_module(module)).endswith("__init__.py")
        lines += [title, "^" * len(title), "", f".. automodule:: {module}"]
        lines += [] if package else ["   :members:", "   :show-inheritance:"]
        lines += [f"   :exclude-members: {hidden}"] if hidden else []
        lines += ["", ""]
    return "\n".join(lines)


def _directive(name: str) -> list[str]:
    found = getattr(nst_jax, name)
    if inspect.ismodule(found):
        return []
    if inspect.isclass(found):
        return [f".. autoclass:: nst_jax.{name}", "   :members:", "   :special-members: __call__", ""]
    if inspect.isroutine(found):
        return [f".. autofunction:: nst_jax.{name}", ""]
    return [f".. py:data:: {name}", "   :module: nst_jax", "", f"   {_meaning(found)}", ""]


def rooms_page(names: dict[str, list[str]]) -> str:
    """All public names by room, one line each, and the errors."""
    lines = ["API", "===", "", "Everything public is a name of the package, ``import nst_jax as nst``.", ""]
    lines += [".. toctree::", "   :hidden:", "", *(f"   {room}" for room in ROOMS), "   errors", ""]
    for room in (*ROOMS, "errors"):
        modules_of = [f"nst_jax.{room}"] + ([] if room == "errors" else list(modules(room)))
        rows = [name for module in modules_of for name in names.get(module, ())]
        lines += [f":doc:`{room}`", "-" * (len(room) + 7), ""]
        if room != "errors":
            lines += [_first(importlib.import_module(f"nst_jax.{room}")), ""]
        if rows:
            lines += [".. list-table::", "   :widths: 30 70", ""]
        for name in rows:
            found = getattr(nst_jax, name)
            role = f":py:mod:`nst.{name} <{found.__name__}>`" if inspect.ismodule(found) else _reference(name)
            lines += [f"   * - {role}", f"     - {_meaning(found)}"]
        lines.append("")
    return "\n".join(lines)


def _reference(name: str) -> str:
    return f":py:obj:`nst.{name} <nst_jax.{name}>`"


def _meaning(found: object) -> str:
    if isinstance(found, dict):
        return "By name: " + ", ".join(map(str, found))
    if isinstance(found, tuple):
        return ", ".join(map(str, found))
    documented = inspect.ismodule(found) or inspect.isclass(found) or inspect.isroutine(found)
    return _first(found) if documented else f"A `nst.{type(found).__name__} <nst_jax.{type(found).__name__}>`"


def _first(found: object) -> str:
    text = (inspect.getdoc(found) or "").split("\n\n")[0].replace("\n", " ")
    return typeset(text)


def errors_page() -> str:
    return "\n".join(["errors", "======", "", ".. automodule:: nst_jax.errors", ""]) + "\n".join(
        f".. autoexception:: nst_jax.{name}\n   :show-inheritance:\n" for name in public()["nst_jax.errors"]
    )


def commands_page() -> str:
    """What `--help` prints for each command."""
    commands = argparse.ArgumentParser(prog="nst_jax").add_subparsers()
    for command in COMMANDS:
        command.add_to(commands)
    lines = ["# The command line", "", "`nst_jax COMMAND`, or `python -m nst_jax COMMAND`.", ""]
    with mock.patch.dict(os.environ, COLUMNS="100"):  # whatever the terminal's width
        for name, parser in commands.choices.items():
            lines += [f"## {name}", "", "```text", parser.format_help().rstrip(), "```", ""]
    return "\n".join(lines)


def conventions_table() -> str:
    """The constants of each convention, and the paper's α/β = 1e-3 in each."""
    shapes = {
        layer: (HEIGHT // stride(layer), WIDTH // stride(layer), WIDTHS[block(layer)])
        for layer in (*CONTENT_LAYERS, *STYLE_LAYERS)
    }
    lines = ["| convention | content term at layer l | style term at layer l |", "|---|---|---|"]
    lines += [f"| `{name}` | ${each.content_formula}$ | ${each.style_formula}$ |" for name, each in CONVENTIONS.items()]
    lines += ["", "They are written in:", "", *(f"- `{name}`: {each.source}" for name, each in CONVENTIONS.items())]
    lines += ["", "<!-- weights -->", "", "```{list-table}", ":header-rows: 1", "", "* - layer", "  - shape [h, w, N]"]
    lines += [f"  - `{name}`" for name in CONVENTIONS]
    paper = loss_weights(1, 1e3)
    converted = {name: convert(paper, "paper", name, shapes) for name in CONVENTIONS}
    for kind, layers in (("content", CONTENT_LAYERS), ("style", STYLE_LAYERS)):
        for layer in layers:
            h, w, N = shapes[layer]
            lines += [f"* - {kind}, {layer}", f"  - {h} × {w} × {N}"]
            lines += [f"  - {getattr(converted[name], kind)[layer]:.4g}" for name in CONVENTIONS]
    return "\n".join([*lines, "```", ""])


def statistics_table() -> str:
    """Every style statistic with its formula, and what it can do."""
    lines = ["```{list-table}", ":header-rows: 1", "", "* - `--statistic`", "  - distance at layer l"]
    lines += ["  - tiles, blends", "  - L-BFGS"]
    for name, each in STATISTICS.items():
        lines += [f"* - `{name}`", f"  - ${each.formula}$"]
        lines += [f"  - {'yes' if able else 'no'}" for able in (each.additive, each.smooth)]
    return "\n".join([*lines, "```", ""])


def write(app: Sphinx) -> None:
    """Write what has changed, so that only that is built again."""
    names = public()
    pages = {f"api/{room}.rst": room_page(room, names) for room in ROOMS}
    pages |= {"api/index.rst": rooms_page(names), "api/errors.rst": errors_page(), "commands.md": commands_page()}
    pages |= {"conventions.txt": conventions_table(), "statistics.txt": statistics_table()}
    for name, text in pages.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    if not (FOLDER / "handout.pdf").is_file():  # four runs, half a minute
        write_handout(FOLDER / "handout.pdf")


def setup(app: Sphinx) -> dict:
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
