"""Links to folders of the repository, which the site does not have: their text stays, without a link."""

from pathlib import Path

from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


class Folders(SphinxPostTransform):
    default_priority = 8  # before links are resolved

    def run(self) -> None:
        page = Path(self.env.doc2path(self.env.docname))
        for node in list(self.document.findall(pending_xref)):
            if node["reftype"] == "myst" and (page.parent / node["reftarget"]).is_dir():
                node.replace_self(node.children)


def setup(app: Sphinx) -> dict:
    app.add_post_transform(Folders)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
