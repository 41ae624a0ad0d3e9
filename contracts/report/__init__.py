"""One Report, many renderings: each a generator of lines, deterministic, and inert whatever a vendor sent.

`FORMATS` names them; `render` looks one up late, so that a terminal run never imports the HTML writer.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from contracts.errors import UnknownName
from contracts.model import Report
from contracts.report.entries import place
from contracts.report.excerpt import excerpts
from contracts.report.recent import cleaned, recall, remember
from contracts.report.tally import choices
from contracts.spec import bundled

FORMATS: Final = {
    "text": "contracts.report.terminal",
    "json": "contracts.report.json",
    "jsonl": "contracts.report.jsonl",
    "markdown": "contracts.report.markdown",
    "html": "contracts.report.html",
    "sarif": "contracts.report.sarif",
    "junit": "contracts.report.junit",
    "github": "contracts.report.github",
    "gitlab": "contracts.report.gitlab",
}
"""Format name to the module whose `lines(report)` writes it."""

ALIASES: Final = {"md": "markdown", "terminal": "text"}


def render(name: str, report: Report, root: Path | None = None) -> Iterator[str]:
    """Yield the lines of a report in the named format, without line ends; UnknownName for another name.

    HTML shows the lines of the specs around its findings, read below `root` (by default the current
    folder) or from the bundled specs. What code hosts read points into files below `root` only.
    """
    known = ALIASES.get(name, name)
    if known not in FORMATS:
        raise UnknownName("report format", name, FORMATS)
    home, options = root or Path.cwd(), dict[str, Any]()
    if known == "html":
        options = {"excerpt": excerpts(home, bundled())}
    elif known in {"github", "gitlab", "sarif"}:
        options = {"root": home}
    lines: Iterator[str] = import_module(FORMATS[known]).lines(report, **options)
    return lines
