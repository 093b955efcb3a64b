"""Docstrings, which are plain text with formulas in Unicode, made into what Sphinx reads.

A letter with an index, such as G_ij, μ*_i or F^l, is set with the index below or above; the asterisks and bars of
formulas stay what they are; a table in the manner of Markdown becomes a table.
"""

import inspect
import re
from contextlib import suppress

from sphinx.application import Sphinx
from sphinx.util.inspect import object_description

from nst_jax.losses.style.statistic import Statistic

COLON = "\ue000"  # stands for a colon in a list of what is returned, in which napoleon would see a type
CODE = re.compile(r"(``[^`]+``|`[^`]+`|:[\w:]+:`[^`]+`)")
SHIFTED = r"(?:\([ijkuv][+−]\w+\)|(?<=\))[ijk])?"  # of an index such as (i−s)j
INDEX = rf"(\{{[^{{}}]*\}}|(?:\([^()\s]*\)|[A-Za-zα-ωΑ-Ω0-9−+½]+(?:,[A-Za-zα-ω0-9+−]+)*){SHIFTED})"
WORDS = "Lap|pool|mean|min|max|argmin|argmax"
LETTER = re.compile(rf"((?<![\w`\\])(?:{WORDS}|[^\W\d_]\u0302?\*?)|[)|‖\]])([_^]){INDEX}")
FIELD = re.compile(r"(\s*(?::[a-z]+(?: [^:]+)?:|\.\. [a-z]+::.*?$|\*\*Departs from the paper:\*\*))(.*)")
ESCAPED = str.maketrans({"*": r"\*", "|": r"\|", "_": r"\_"})


def typeset(text: str) -> str:
    """A line with its formulas set: G_ij → G with ij below; code in backticks stays as it is."""
    parts = CODE.split(text)
    parts[::2] = [_formulas(part) for part in parts[::2]]
    for i in range(1, len(parts), 2):  # what touches code is parted from it: `row`s
        before, after = parts[i - 1][-1:], parts[i + 1][:1]
        parts[i] = (r"\ " if before.isalnum() else "") + parts[i] + (r"\ " if after.isalnum() else "")
    return "".join(parts)


def _formulas(text: str) -> str:
    text, done, at = text.replace(r"\*", "*").replace(r"\_", "_").replace(r"\|", "|"), "", 0
    for found in LETTER.finditer(text):
        base, sign, index = found.groups()
        role, inner = ("sub", "sup")[sign == "^"], index.strip("{}") if index.startswith("{") else index
        done += text[at : found.start()].translate(ESCAPED) + base.translate(ESCAPED)
        done += rf"\ :{role}:`{inner.translate(ESCAPED)}`\ "
        at = found.end()
    return done + text[at:].translate(ESCAPED)


def before_napoleon(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Colons in what is returned or yielded are hidden; tables are lists that Sphinx reads."""
    inside, result, table = False, [], []
    for line in [*columns(lines), ""]:
        if re.match(r"\s*(Returns|Yields):\s*$", line):
            inside, margin = True, len(line) - len(line.lstrip())
        elif inside and line.strip() and len(line) - len(line.lstrip()) <= margin:
            inside = False
        elif inside:
            line = line.replace(":", COLON)
        if line.lstrip().startswith("|") and line.rstrip().endswith("|"):
            table.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        if len(table) > 1:
            result += _table(table)
            table = []
        result.append(line)
    lines[:] = result[:-1]


def columns(lines: list[str]) -> list[str]:
    """Blocks of words and their meanings in columns become tables, as they are written with bars."""
    result, block = [], []
    for line in [*lines, ""]:
        if line.strip():
            block.append(line)
            continue
        pairs = [re.fullmatch(r"(\S+)\s{2,}(\S.*)", each) for each in block]
        if pairs and pairs[0] and sum(map(bool, pairs)) > 1:
            rows: list[list[str]] = []
            for pair, each in zip(pairs, block, strict=True):
                if pair:
                    rows.append([pair[1], pair[2]])
                else:
                    rows[-1][1] += " " + each.strip()
            block = _table([["word", "meaning"], [], *rows])
        result += [*block, line]
        block = []
    return result[:-1]


def _table(rows: list[list[str]]) -> list[str]:
    lines = ["", ".. list-table::", "   :header-rows: 1", ""]
    for row in (rows[0], *rows[2:]):
        lines += [f"   {'*' if i == 0 else ' '} - {cell}" for i, cell in enumerate(row)]
    return [*lines, ""]


def after_napoleon(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Formulas are set; examples and directives stay as they are."""
    example = False
    for i, line in enumerate(lines):
        line = line.replace(COLON, ":")
        example = bool(line.strip()) and (example or line.lstrip().startswith(">>>"))
        if example or line.lstrip().startswith((".. ", ":header-rows:")):
            lines[i] = line
            continue
        line = re.sub(r"^(\s*)Departs from the paper:", r"\1**Departs from the paper:**", line)
        bullet = re.match(r"(\s*(?:\* - |- |\* ))(.*)", line)
        head, body = (bullet or FIELD.fullmatch(line) or re.match(r"()(.*)", line)).groups()
        lines[i] = head + typeset(body)


ARRAYS = re.compile(r"\b(\w+)\[Array, ('[^']*')\] \| \1\[ndarray, \2\]")


def signature(
    app: Sphinx, what: str, name: str, obj: object, options: object, given: str | None, returned: str | None
) -> tuple[str | None, str | None]:
    """Annotations as they are written: Float[Array | ndarray, "h w N"]."""

    def written(text: str | None) -> str | None:
        if text is None:
            return None
        text = re.sub(r"\b(?:jaxlib\._jax|jax|numpy)\.(?=Array|ndarray)", "", text)
        return ARRAYS.sub(r"\1[Array | ndarray, \2]", text)

    if given is not None:
        with suppress(TypeError, ValueError):  # of what is built in
            for each in inspect.signature(obj).parameters.values():  # pyright: ignore[reportArgumentType]
                if isinstance(each.default, Statistic):
                    given = given.replace(object_description(each.default), each.default.name.upper())
        given = given.replace("<factory>", "...")
    return written(given), written(returned)


def setup(app: Sphinx) -> dict:
    app.connect("autodoc-process-docstring", before_napoleon, priority=400)
    app.connect("autodoc-process-docstring", after_napoleon, priority=600)
    app.connect("autodoc-process-signature", signature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
