"""What the kit makes of the guides for teachers: texts whose links hold in one folder, and a notebook that asks."""

import re
from collections.abc import Collection
from pathlib import PurePosixPath

from ..errors import NSTError
from .cells import code, file_text, markdown, notebook

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:)([^)#\s]+)(#[^)\s]*)?\)")
ROLE = re.compile(r"\{(?:doc|download)\}`([^`<]+?)\s*(?:<[^>`]*>)?`")  # Sphinx's own links
CELL = re.compile(r"<!-- cell -->\n```python\n(.*?)```", re.DOTALL)
SAID = (
    """# Which picture is better?

Run the first cell: it makes five results of one photo and one painting. In the second cell put a nickname between the
quotes, one that nobody else has, and run it. Then answer alone and in silence, a click for each pair. Your answers are
in the file `answers/NICKNAME.csv` beside this notebook; give it to your teacher.""",
    "",
    """## When all have answered

For the teacher: put everyone's files into the folder `answers` beside this notebook, and run the last cell.""",
)


def in_one_folder(text: str, names: Collection[str]) -> str:
    """A guide, with links to what lies beside it.

    Args:
        text: Markdown, with links within the project and roles of Sphinx.
        names: of the files beside it.

    Returns:
        The text; of a link to anything else in the project, its words alone.
    """

    def beside(match: re.Match[str]) -> str:
        name = PurePosixPath(match[2]).name
        return f"[{match[1]}]({name}{match[3] or ''})" if name in names else match[1]

    return ROLE.sub(r"\1", LINK.sub(beside, text))


def asking(plans: str) -> str:
    """The notebook of the lesson on judgement, from the cells of the lesson plans.

    Args:
        plans: Markdown, in which `<!-- cell -->` stands before each of the lesson's three cells.

    Returns:
        The text of an .ipynb.

    Raises:
        NSTError: if there are not three.
    """
    code_cells = CELL.findall(plans)
    if len(code_cells) != len(SAID):
        raise NSTError(f"the lesson plans have {len(code_cells)} marked cells; the lesson on judgement has {len(SAID)}")
    cells = [
        cell
        for said, source in zip(SAID, code_cells, strict=True)
        for cell in (*([markdown(said)] if said else []), code(source.rstrip()))
    ]
    return file_text(notebook(cells))
