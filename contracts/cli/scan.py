"""`contracts scan`: find secrets in existing recordings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import click

from contracts.check import scan_files
from contracts.cli.option import print_text
from contracts.cli.output import root, several, told_secrets
from contracts.interactions import files_in
from contracts.spec import load
from contracts.spec import names as vendors
from contracts.text import plural, safe_text


@click.command()
@click.argument("paths", nargs=-1)
@click.option(
    "--secret-env",
    "names",
    multiple=True,
    metavar="VARIABLE",
    help="The value of this environment variable is a secret too (repeatable).",
)
def scan(paths: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Find what looks like a secret in PATHS (default: every cassette below specs/).

    Files, folders, patterns and - are read, packed or not: cassettes and HAR by place, others by line.
    Of files that are no recorded traffic, words, placeholders, code and digests are left out. Values are
    never shown. The keys of all vendors that are set in the environment are looked for in every spelling.

    \b
    contracts scan
    contracts scan tests/cassettes capture.har
    """
    base = root()
    more = told_secrets(names)
    chosen: Sequence[str | Path] = paths or tuple(sorted((base / "specs").glob("*/cassettes")))
    files, lines = 0, []
    keys = several(vendors(base), lambda name: load(name, base).manifest.secrets(os.environ))
    for name, found in scan_files(files_in(chosen, hidden=True), base, (*chain(*keys), *more)):
        files += 1
        lines += [f"{safe_text(name, 200)}: {leak}" for leak in found]
    if not files:
        click.echo("nothing to scan")
        raise click.exceptions.Exit(3)
    places = plural(len(lines), "place") if lines else "no place"
    print_text([*lines, f"{plural(files, 'file')}, {places} that may hold a secret"])
    raise click.exceptions.Exit(1 if lines else 0)
