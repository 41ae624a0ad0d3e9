"""What even the quickest commands share, at no cost: the option `--format`, and printing line by line."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Final, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])
ASIDE: Final = "contracts.aside"
"""Where the context of a command keeps what was said of vendors that could not be loaded."""


def format_option(
    formats: Collection[str] = ("text", "json"),
    help: str = "How to print.",  # noqa: A002 -- click's own word
) -> Callable[[_Command], _Command]:
    """Give the option `--format`, which arrives as `form`."""
    kind = click.Choice(sorted(formats, key=lambda one: one != "text"))
    return click.option("--format", "form", type=kind, default="text", show_default=True, help=help)


place_option = click.option(
    "--place",
    "places",
    multiple=True,
    metavar="POINTER",
    help="Always replace what is here, such as /tasks/*/account_name (repeatable).",
)
"""The option of every command that writes redacted recordings; it arrives as `places`."""


reads_option = click.option(
    "--operation",
    default="",
    metavar="OPERATION",
    help="Whose answer they read: alias, 'GET /path' or operationId (default: getBatch, or the only one).",
)
"""The option of every command that runs functions that read answers; it arrives as `operation`."""


def recording_options(command: _Command) -> _Command:
    """Give the options of every command that reads recordings: `fields` and `strict`."""
    field = click.option(
        "--map",
        "--field",
        "fields",
        multiple=True,
        metavar="FACT=PLACE",
        callback=lambda _context, _option, given: dict(pair for one in given for pair in _pairs(one)),
        help="Where facts stand in a line or row, such as url=request.uri,status=/code (repeatable).",
    )
    strict = click.option("--strict", is_flag=True, help="Exit with 1 when an entry cannot be read.")
    return field(strict(command))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Read `FACT=PLACE,FACT=PLACE`; a place may hold commas and blanks."""
    for one in re.split(r",(?=\w+=)", text):
        name, _, place = one.partition("=")
        if not name or not place:
            raise click.UsageError(f"--field {text[:40]!r} is not written as in url=/http/url")
        yield name, place


def strictly(unread: Collection[object], *, strict: bool) -> None:
    """Leave with 1 when entries could not be read and `--strict` was given."""
    if unread and strict:
        raise click.exceptions.Exit(1)


def json_text(value: Any, indent: int | None = None) -> str:
    """Write a document that is printed; keys of the environment are in no text of it."""
    from contracts.secret import keyless  # late: the quickest commands print no document

    return json.dumps(keyless(value), indent=indent)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        click.echo(line)


def print_text(lines: Iterable[str]) -> None:
    """Print lines for people: on a terminal, what does not fit goes on below the start of its last column."""
    if not sys.stdout.isatty():
        print_lines(lines)
        return
    width = shutil.get_terminal_size().columns
    print_lines(part for line in lines for part in fitted(line, width))


def fitted(line: str, width: int) -> Iterator[str]:
    """Break a line at its blanks; marks of colour have no width, and a word that is too long stays whole."""
    plain = click.unstyle(line)
    if len(plain) <= width:
        yield line
        return
    lead = len(plain) - len(plain.lstrip())
    columns = (found.end() for found in re.finditer(r"(?<=\S) {2,}(?=\S)", plain))
    indent = max((at for at in columns if at <= width // 2), default=min(lead + 2, width // 2))
    text, size = "", 0
    for blank, word in re.findall(r"(\s*)(\S+)", line):
        more = len(click.unstyle(word))
        if size > indent and size + len(blank) + more > width:
            yield text
            text, size = " " * indent + word, indent + more
        else:
            text, size = f"{text}{blank}{word}", size + len(blank) + more
    yield text
