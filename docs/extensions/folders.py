"""Links to folders of the repository, which the site does not have: their text stays, without a link."""

from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def text_alone(app: Sphinx, env: BuildEnvironment, node: pending_xref, inside: nodes.Element) -> nodes.Node | None:
    place = Path(env.doc2path(node["refdoc"])).parent / node["reftarget"]
    return inside if node["reftype"] == "myst" and place.is_dir() else None


def setup(app: Sphinx) -> dict:
    app.connect("missing-reference", text_alone)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
