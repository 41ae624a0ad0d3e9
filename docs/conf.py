"""The documentation site: pages in Markdown, the reference written from the code when it is built.

`sphinx-build -W -b dirhtml docs site` needs no network.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import generated

import contracts

project = "pytest-contracts"
author = "the authors of pytest-contracts"
release = version = generated.version()
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["site"]
nitpicky = False
smartquotes = False  # options are written with two hyphens, and quotes as they are typed
html_theme = "furo"
html_title = "pytest-contracts"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]  # a page shows a line of JSON that was torn off
autodoc_typehints = "description"
autodoc_member_order = "bysource"


def setup(app: Any) -> None:
    """Fill the pages of the reference in when they are read."""
    assert contracts.__all__
    app.connect("source-read", lambda _app, _name, source: source.__setitem__(0, generated.filled(source[0])))
