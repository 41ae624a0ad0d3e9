"""What the commands share: where the root is, which policy holds, how a report is printed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from contracts.check import CheckOptions, find_pyproject
from contracts.errors import UnknownName
from contracts.model import Report
from contracts.policy import Policy, read_policy
from contracts.report import render
from contracts.report.terminal import Style, plain
from contracts.report.terminal import lines as text_lines
from contracts.spec import names

_COLOURS = {
    "error": ("red", True),
    "warning": ("yellow", False),
    "note": ("cyan", False),
    "heading": (None, True),
    "place": ("blue", False),
    "conforms": ("green", True),
    "violates": ("red", True),
    "inconclusive": ("yellow", True),
}


def today() -> date:
    """Give the day in UTC; the doors are the only ones that look at the clock."""
    return datetime.now(UTC).date()


def root() -> Path:
    """Give the folder whose `specs/` counts: that of the nearest pyproject.toml, else the current one."""
    found = find_pyproject(Path.cwd())
    return found.parent if found else Path.cwd()


def policy() -> Policy:
    """Read `[tool.contracts]` of the nearest pyproject.toml."""
    return read_policy(find_pyproject(Path.cwd()), providers=names(root()))


def gate(engine: str = "fast", max_body: int | None = None) -> CheckOptions:
    """Give the gate of this run."""
    chosen_policy = policy()
    return CheckOptions(chosen_policy, today(), engine, max_body or chosen_policy.max_body)


def chosen(wanted: Sequence[str]) -> tuple[str, ...]:
    """Give the providers that were named, else those of the settings; UnknownName offers the nearest."""
    known = names(root())
    listed = (
        [name for part in wanted for name in part.split(",") if name] or list(policy().providers) or ["all"]
    )
    if "all" in listed:
        return known
    for name in listed:
        if name not in known:
            raise UnknownName("provider", name, known)
    return tuple(dict.fromkeys(listed))


def coloured(stream: Any = None) -> bool:
    """Whether to use colour: a terminal, and neither NO_COLOR nor TERM=dumb."""
    out = stream or sys.stdout
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def style() -> Style:
    """Give the colours of this terminal, or none."""
    return _coloured if coloured() else plain


def _coloured(role: str, text: str) -> str:
    colour, bold = _COLOURS.get(role, (None, False))
    return click.style(text, fg=colour, bold=bold or None, dim=role == "dim" or None)


def print_report(report: Report, form: str, *, verbose: bool = False) -> None:
    """Print a report in a format; text takes the width of the terminal."""
    if form == "text":
        width = shutil.get_terminal_size((100, 24)).columns
        print_lines(text_lines(report, width=width, style=style(), verbose=verbose))
    else:
        print_lines(render(form, report))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        click.echo(line)


def notice(text: str) -> None:
    """Say something beside the result, on standard error."""
    click.echo(text, err=True)
