"""What the commands share: where the root is, which policy holds, how a report is printed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from contracts.check import CheckOptions, choose_providers, each_of, find_root, read_options
from contracts.cli.option import ASIDE, print_lines
from contracts.errors import UnknownName
from contracts.secret import Secret
from contracts.text import safe_text

if TYPE_CHECKING:
    from contracts.model import Report
    from contracts.report.terminal import Style

_Made = TypeVar("_Made")
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


def root() -> Path:
    """Give the folder whose `specs/` counts: that of the nearest pyproject.toml, else the current one."""
    return find_root(Path.cwd())


def options(engine: str = "fast", max_body: int | None = None, fail_on: str | None = None) -> CheckOptions:
    """Give the options of this run."""
    return read_options(root(), engine=engine, max_body=max_body, fail_on=fail_on or "")


def chosen(wanted: Sequence[str]) -> tuple[str, ...]:
    """Give the providers that were named, else those of the settings; UnknownName offers the nearest."""
    return choose_providers(root(), wanted, options().policy)


def several(names: Iterable[str], make: Callable[[str], _Made]) -> list[_Made]:
    """Make something of every vendor; one that cannot be loaded is said once, and gives the command a 2.

    Where nothing is left, the first error is raised as it is.
    """
    made, aside = each_of(names, make)
    told: dict[str, None] = click.get_current_context().meta.setdefault(ASIDE, {})
    for sentence in aside:
        if sentence not in told:
            notice(f"note: {sentence}")
        told[sentence] = None
    return made


def refuse_without(needed: str, *names: str) -> None:
    """Refuse options that were given though another one, without which they do nothing, was not.

    `needed` says what that is, `names` are parameters of the command that runs.
    """
    _refuse(f"without {needed}", names)


def refuse_with(other: str, *names: str) -> None:
    """Refuse options that were given though another one, beside which they do nothing, was given too."""
    _refuse(f"with {other}", names)


def _refuse(why: str, names: Collection[str]) -> None:
    context = click.get_current_context()
    for option in context.command.params:
        given = context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
        if option.name in names and given:
            said = option.opts[-1] if isinstance(option, click.Option) else option.make_metavar(context)
            raise click.UsageError(f"{said} is of no use {why}")


def told_secrets(variables: Sequence[str]) -> tuple[Secret, ...]:
    """Give the secrets in environment variables that were named; UnknownName for one that holds nothing."""
    for name in variables:
        if not os.environ.get(name, "").strip():
            raise UnknownName(
                "environment variable with a value", safe_text(name, 60), os.environ, "--secret-env"
            )
    return tuple(Secret(os.environ[name].strip(), name) for name in variables)


def coloured(stream: Any = None) -> bool:
    """Whether to use colour: not with NO_COLOR, always with FORCE_COLOR, else on a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    out = stream or sys.stdout
    return bool(os.environ.get("FORCE_COLOR")) or (out.isatty() and os.environ.get("TERM") != "dumb")


def style() -> Style:
    """Give the colours of this terminal, or none."""
    return _coloured if coloured() else lambda _role, text: text


def _coloured(role: str, text: str) -> str:
    colour, bold = _COLOURS.get(role, (None, False))
    return click.style(text, fg=colour, bold=bold or None, dim=role == "dim" or None)


def print_report(report: Report, form: str, *, verbose: bool = False) -> None:
    """Print a report in a format, and keep its findings; text takes the width of the terminal."""
    from contracts.report import remember, render  # here, since most commands print none
    from contracts.report.terminal import lines as text_lines

    remember(root(), report)
    if form == "text":
        width = shutil.get_terminal_size((100, 24)).columns
        print_lines(_joined(text_lines(report, width=width, style=style(), verbose=verbose)))
    else:
        print_lines(_joined(render(form, report, root())))


def _joined(lines: Iterator[str]) -> Iterator[str]:
    """Join many lines: each that is printed by itself is written and flushed by itself."""
    while part := list(islice(lines, 500)):
        yield "\n".join(part)


def notice(text: str) -> None:
    """Say something beside the result, on standard error."""
    click.echo(text, err=True)
