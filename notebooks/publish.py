"""Run notebooks and write them as they are published: from NAME.py (py:percent), which is edited, to NAME.ipynb.

    python -m notebooks.publish [NAME …] [--fast] [--text] [-o FOLDER]
    python -m notebooks.publish --repository OWNER/NAME
    python -m notebooks.publish --format

Runs every cell in a fresh kernel; writes the notebook with its outputs, without counts, widgets and metadata other than
slide types and the words for each picture (`alt`), and prints its seconds and its size. --text brings text alone up to
date, and keeps the outputs of cells whose code is as it was; --fast runs small (NST_MODE=fast) and writes nothing,
unless to a FOLDER. --repository stamps the address of the project's repository on GitHub into all notebooks: a badge
that opens them in Colab, and the source of the install cell; "" takes it out again. While nobody can confirm an
address, there is none. --format gives the cells of notebooks 00 to 08 lines of 88 columns, to be read beside figures.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import jupytext
import nbclient
import nbformat

from nst_jax.files import atomic_write

HERE = Path(__file__).parent
LIMIT = 500_000  # bytes of a notebook
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
WIDGET = "application/vnd.jupyter.widget-view+json"
SLIDESHOW = "slideshow"  # what `nst_jax slides` shows of a cell
PICTURES = ("image/jpeg", "image/png")


ADDRESS = re.compile(r'^    repository = "(.*)"', re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)", re.MULTILINE)
BADGE = re.compile(r"^# \[!\[Open in Colab\].*\n#\n", re.MULTILINE)
INSTALL = re.compile(r"^from importlib.util import find_spec\n.*?(?=^# %%)", re.MULTILINE | re.DOTALL)
NARROW, COLUMNS = re.compile(r"0\d_"), 88  # the notebooks that a class reads
COLAB = "https://colab.research.google.com"


def sources() -> list[Path]:
    """The notebooks' py:percent files, in order."""
    return sorted(HERE.glob("[0-9][0-9]_*.py"))


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook of a py:percent file, as it is before it is run."""
    return cleaned(jupytext.read(path))


def run(book: nbformat.NotebookNode, mode: str, folder: Path = HERE) -> float:
    """Run all cells, with static views and without progress bars.

    Args:
        book: it is filled with outputs.
        mode: "fast" or "full", as NST_MODE.
        folder: to run in.

    Returns:
        Seconds.

    Raises:
        CellExecutionError: nbclient's, if a cell raises.
    """
    began = time.perf_counter()
    place = {"metadata": {"path": str(folder)}}
    client = nbclient.NotebookClient(book, timeout=None, resources=place, store_widget_state=False)
    quiet = {"NST_MODE": mode, "NST_STATIC": "1", "TQDM_DISABLE": "1", "PYTHONPATH": str(HERE.parent)}
    client.execute(env=os.environ | quiet)
    return time.perf_counter() - began


def cleaned(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without counts, widgets and metadata; cells are numbered, so that they are the same each time.

    Of the metadata stay what slides show of a cell, and a picture's `alt`, which nbconvert writes into its pages. A
    picture that has none gets its text, or, where that names a class alone, as matplotlib's does, the heading that it
    stands under.
    """
    heading = ""
    for i, cell in enumerate(book.cells):
        cell.id, cell.metadata = (
            f"cell-{i}",
            nbformat.NotebookNode({name: value for name, value in cell.metadata.items() if name == SLIDESHOW}),
        )
        if cell.cell_type == "markdown":
            heading = (HEADING.findall(cell.source) or [heading])[-1]
        if cell.cell_type == "code":
            cell.execution_count = None
            for output in cell.outputs:
                output.pop("execution_count", None)
                if output.output_type == "execute_result":
                    output.execution_count = None
                if "data" in output:
                    output.data.pop(WIDGET, None)
                    output.metadata = nbformat.NotebookNode(
                        {kind: {"alt": alt_of(output, kind, heading)} for kind in PICTURES if kind in output.data}
                    )
    book.metadata = nbformat.NotebookNode(kernelspec=KERNEL, language_info={"name": "python"})
    book.nbformat, book.nbformat_minor = 4, 5
    return book


def alt_of(output: nbformat.NotebookNode, kind: str, heading: str) -> str:
    """The words for a picture in an output: those it has, else its text, else the heading that it stands under."""
    text = output.metadata.get(kind, {}).get("alt") or output.data.get("text/plain", "")
    words = " ".join(text.split())
    return f"figure: {heading}" if words in ("", "figure:") or words.startswith("<") else words


def write(book: nbformat.NotebookNode, path: Path) -> int:
    """Write the notebook atomically; returns its size in bytes."""
    with atomic_write(path, "w") as file:
        file.write(nbformat.writes(book) + "\n")
    return path.stat().st_size


def with_outputs_of(book: nbformat.NotebookNode, published: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook with the outputs of the published one.

    Args:
        book: without outputs.
        published: with them.

    Returns:
        The notebook.

    Raises:
        ValueError: if the code is not the same, apart from the repository's address.
    """
    code, before = ([cell for cell in each.cells if cell.cell_type == "code"] for each in (book, published))
    if [ADDRESS.sub("", cell.source) for cell in code] != [ADDRESS.sub("", cell.source) for cell in before]:
        raise ValueError("its code has changed since it was run; run it again")
    for cell, old in zip(code, before, strict=True):
        cell.outputs = old.outputs
    return book


def stamped(source: str, stem: str, repository: str) -> str:
    """The text of a notebook's .py with the address of a repository, or without one.

    Args:
        source: its text.
        stem: its name.
        repository: OWNER/NAME on GitHub; "" for none.

    Returns:
        Its text.
    """
    text = BADGE.sub("", source)
    if repository:
        page = f"{COLAB}/github/{repository}/blob/main/notebooks/{stem}.ipynb"
        badge = f"# [![Open in Colab]({COLAB}/assets/colab-badge.svg)]({page})\n#\n"
        title, rest = text.split("#\n", 1)
        text = f"{title}#\n{badge}{rest}"
    return ADDRESS.sub(lambda _: f'    repository = "{repository}"', text)


def formatted(text: str) -> str:
    """The text of a notebook's .py in narrow lines; its install cell, which all notebooks share, stays as it is."""
    (install,) = INSTALL.findall(text)
    command = [sys.executable, "-m", "ruff", "format", "--line-length", str(COLUMNS), "--isolated", "-"]
    rest = INSTALL.sub("INSTALL = None\n\n", text)
    done = subprocess.run(command, input=rest, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout.replace("INSTALL = None\n\n", install, 1)


def main() -> None:
    """Run, or bring up to date, the notebooks named, or all."""
    parser = argparse.ArgumentParser(description="Run notebooks and write them as they are published.")
    parser.add_argument("names", nargs="*", help="such as 00_quickstart or 00; all unless given")
    parser.add_argument("--fast", action="store_true", help="small and quick")
    parser.add_argument("--text", action="store_true", help="bring text alone up to date")
    parser.add_argument("--format", action="store_true", help=f"give 00 to 08 lines of {COLUMNS} columns")
    parser.add_argument("--repository", metavar="OWNER/NAME", help="stamp this address into all notebooks")
    parser.add_argument("-o", "--out", type=Path, help="folder for the notebooks; this one unless given")
    options = parser.parse_args()
    if options.repository is not None:
        if options.repository and not re.fullmatch(r"[\w.-]+/[\w.-]+", options.repository):
            sys.exit(f'--repository {options.repository}: give OWNER/NAME, or "" for none')
        for source in sources():
            with atomic_write(source, "w") as file:
                file.write(stamped(source.read_text(encoding="utf-8"), source.stem, options.repository))
        options.text = True
    if options.format:
        for source in filter(lambda path: NARROW.match(path.name), sources()):
            with atomic_write(source, "w") as file:
                file.write(formatted(source.read_text(encoding="utf-8")))
        return
    chosen = [path for path in sources() if not options.names or any(map(path.name.startswith, options.names))]
    if not chosen:
        sys.exit(f"there is no notebook {' '.join(options.names)}; there are {', '.join(p.stem for p in sources())}")
    for source in chosen:
        book, target = read(source), (options.out or HERE) / f"{source.stem}.ipynb"
        if options.text:
            size = write(cleaned(with_outputs_of(book, nbformat.read(target, 4))), target)
            print(f"{source.stem}: {size:,} bytes, text alone")
            continue
        seconds, size = run(book, "fast" if options.fast else "full"), ""
        if options.out or not options.fast:
            size = f", {write(cleaned(book), target):,} bytes"
        print(f"{source.stem}: {seconds:.0f} s{size}", flush=True)


if __name__ == "__main__":
    main()
