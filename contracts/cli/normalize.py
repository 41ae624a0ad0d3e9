"""`contracts normalize`: a vendor's payload, or many of many vendors, read as batches."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from contracts.batch import to_json
from contracts.cli.output import print_lines, root
from contracts.providers.files import Reading, details, read_body, read_file, table
from contracts.spec.provider import load, names


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="[PROVIDER=]FILE...")
@click.option(
    "--provider",
    "-p",
    default="",
    metavar="PROVIDER",
    help="Whose answers the files hold; recordings tell by themselves.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json prints one canonical document a line.",
)
def normalize(files: tuple[str, ...], provider: str, form: str) -> None:
    """Read FILES (bodies, cassettes, HAR; - is standard input) as batches, and print them as one table.

    \b
    contracts normalize answer.json --provider matil
    contracts normalize nimble=a.json wickson=b.json capture.har
    contracts normalize --provider matil --format json - < answer.json

    Exit code 1 when something is not a batch, 3 when the files held no answer at all.
    """
    readings = [reading for name in files for reading in _readings(name, provider)]
    if form == "json":
        print_lines(json.dumps(to_json(one.batch)) if one.batch else _problem(one) for one in readings)
    elif readings:
        print_lines(table(readings))
        if len(readings) == 1 and readings[0].batch:
            print_lines(details(readings[0].batch))
    if not readings:
        click.echo("no answer with a batch in it", err=True)
    raise click.exceptions.Exit(3 if not readings else int(any(one.batch is None for one in readings)))


def _readings(name: str, provider: str) -> Iterator[Reading]:
    before, equals, rest = name.partition("=")
    known = names(root())
    if equals and before in known and not Path(name).exists():
        name, provider = rest, before
    if name == "-":
        if not provider:
            raise click.UsageError("whose answer is on standard input? Name it: --provider")
        yield read_body("-", provider, sys.stdin.buffer.read())
        return
    if not Path(name).is_file():
        raise click.UsageError(f"{name[:80]}: no such file")
    yield from read_file(Path(name), provider, {key: load(key, root()) for key in known})


def _problem(one: Reading) -> str:
    return json.dumps({"provider": one.provider, "file": one.name, "not_a_batch": one.problem})
