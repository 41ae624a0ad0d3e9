"""What even the quickest commands share, at no cost: the option `--format`, and printing line by line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def format_option(
    formats: Collection[str] = ("text", "json"),
    help: str = "How to print.",  # noqa: A002 -- click's own word
) -> Callable[[_Command], _Command]:
    """Give the option `--format`, which arrives as `form`."""
    kind = click.Choice(sorted(formats, key=lambda one: one != "text"))
    return click.option("--format", "form", type=kind, default="text", show_default=True, help=help)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        click.echo(line)
