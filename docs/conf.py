"""The site: `sphinx-build -W -c docs . build/site` makes it from this folder, the notebooks and the docstrings."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent / "extensions")]

import nst_jax  # noqa: E402

project = "nst_jax"
author = "the nst_jax authors"
version = release = nst_jax.__version__

# The sources lie all over the repository, so that nothing is copied: notebooks, model cards and changes as they are.
root_doc = "docs/index"
include_patterns = ["docs/**", "notebooks/**", "data/*/README.md", "CHANGELOG.md", "CONTRIBUTING.md"]
exclude_patterns = [".*", "*.egg-info", "build", "dist", "out*", "nst_jax", "tests", "benchmarks", "docs/extensions"]

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "docstrings",  # these five are in the folder extensions
    "mathml",
    "pages",
    "folders",
    "offline",
]
nb_execution_mode = "off"  # notebooks are shown as committed
nb_ipywidgets_js = {}
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_inherit_docstrings = False
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_custom_sections = [("Settings", "params_style")]
default_role = "py:obj"
python_maximum_signature_line_length = 88
python_use_unqualified_type_names = True
add_module_names = False

html_theme = "pydata_sphinx_theme"
html_title = f"nst_jax {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_math_renderer = "mathml"
html_additional_pages = {"index": "forward.html"}
templates_path = ["templates"]
# Pages without others below them have no list of pages at their side.
html_sidebars = {f"docs/{page}": [] for page in ("method", "conventions", "glossary", "bad-pictures", "measured")} | {
    "docs/generated/commands": []
}
html_theme_options = {
    "navigation_with_keys": False,
    "show_prev_next": True,
    "show_nav_level": 1,
    "secondary_sidebar_items": ["page-toc"],
    "navbar_align": "left",
    "header_links_before_dropdown": 10,
    "footer_start": [],
    "footer_end": [],
}
