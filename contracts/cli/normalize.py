"""`contracts normalize`: a vendor's payload, or many of many vendors, read as batches."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import click

from contracts.batch import to_json
from contracts.cli.option import format_option, json_text, print_lines
from contracts.cli.output import root, several
from contracts.errors import UnknownName
from contracts.providers.files import Reading, read_data, read_path
from contracts.providers.table import details, doubts, table
from contracts.spec import Provider, load, names
from contracts.text import safe_text


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="[PROVIDER=]FILE...")
@click.option(
    "--provider",
    "-p",
    default="",
    metavar="PROVIDER",
    help="Whose answers the files hold; recordings tell by themselves.",
)
@format_option(help="json prints one canonical document a line.")
def normalize(files: tuple[str, ...], provider: str, form: str) -> None:
    """Read FILES as batches, and print them as one table.

    A file holds a body, one body a line, or a recording (cassette, HAR, VCR); a folder holds files; - is
    standard input.

    \b
    contracts normalize answer.json --provider matil
    contracts normalize nimble=a.json wickson=b.json capture.har
    contracts normalize --provider matil --format json - < answer.json

    Exit code 1 when something is not a batch, 3 when the files held no answer at all.
    """
    known = tuple(names(root()))
    vendors = {one.id: one for one in several(known, lambda name: load(name, root()))}
    readings = [reading for name in files for reading in _readings(name, provider, vendors, known)]
    if form == "json":
        print_lines(json_text(to_json(one.batch)) if one.batch else _problem(one) for one in readings)
    elif readings:
        # Piped, nothing is left out; COLUMNS speaks for a terminal that cannot be asked.
        print_lines(table(readings, shutil.get_terminal_size((0, 0)).columns))
        alone = readings[0].batch if len(readings) == 1 else None
        print_lines(details(alone) if alone else doubts(readings))
    if not readings:
        click.echo("no answer with a batch in it", err=True)
    raise click.exceptions.Exit(3 if not readings else int(any(one.batch is None for one in readings)))


def _readings(
    name: str, provider: str, vendors: Mapping[str, Provider], known: Collection[str]
) -> Iterator[Reading]:
    before, equals, rest = name.partition("=")
    if equals and not Path(name).exists():
        if before not in known:
            raise UnknownName("provider", before, known)
        name, provider = rest, before
    if name == "-":
        yield from read_data(sys.stdin.buffer.read(), "standard input", provider, vendors)
    elif Path(name).exists():
        yield from read_path(Path(name), provider, vendors)
    else:
        raise click.UsageError(f"{safe_text(name, 80)}: no such file")


def _problem(one: Reading) -> str:
    return json.dumps({"provider": one.provider, "file": one.name, "not_a_batch": one.problem})
