"""How the pages become a site: `make docs`. What the code knows best is written from it into docs/generated/ first."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from generating import write_pages  # noqa: E402  it lies beside this file

from sync import __version__  # noqa: E402

project = "csh-sync"
author = "csh-sync"
copyright = "the csh-sync authors"  # noqa: A001  the name is Sphinx's
version = release = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
nitpicky = True
html_theme = "furo"
html_title = f"csh-sync {version}"
html_show_sourcelink = False
html_show_copyright = False
html_static_path: list[str] = []

write_pages(HERE / "generated")
