"""`contracts import`: other tools' recordings become redacted cassettes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from contracts.auth import find_keys, secrets_of
from contracts.check import store, summary
from contracts.cli.option import print_lines
from contracts.cli.output import root
from contracts.errors import CassetteError, ConfigError
from contracts.interactions import Kept, Store, read_recording
from contracts.secret import Secret
from contracts.spec import load


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--provider", required=True, metavar="NAME", help="Whose answers these are.")
@click.option("--note", default="", help="A sentence about where they come from, kept in the files.")
@click.option(
    "--place",
    "places",
    multiple=True,
    metavar="POINTER",
    help="Always replace what is here, such as /tasks/*/account_name (repeatable).",
)
@click.option(
    "--secret-env",
    "names",
    multiple=True,
    metavar="VARIABLE",
    help="The value of this environment variable is a secret too (repeatable).",
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="FACT=POINTER",
    help="Where a fact stands in a JSON line, such as url=/http/url (repeatable).",
)
def import_(
    files: tuple[Path, ...],
    provider: str,
    note: str,
    places: tuple[str, ...],
    names: tuple[str, ...],
    fields: tuple[str, ...],
) -> None:
    """Turn FILES (HAR, VCR of Python or Ruby, JSON lines, cassettes) into redacted cassettes.

    Written below specs/<provider>/cassettes of your project; nothing that looks like a secret is written.

    \b
    contracts import capture.har --provider nimble
    contracts import access.jsonl.gz --provider matil --field url=/http/url
    """
    found = load(provider, root())
    keys = secrets_of(find_keys(found.manifest.carriers, os.environ))
    more = [Secret(os.environ[name].strip(), name) for name in names if os.environ.get(name, "").strip()]
    keeper = store(found, secrets=(*keys, *more), places=places)
    kept = list(_kept(files, keeper, note, dict(map(_pair, fields))))
    print_lines(summary(kept, Path.cwd()))
    if any(one.outcome == "refused" for one in kept):
        raise click.exceptions.Exit(1)
    raise click.exceptions.Exit(0 if any(one.path for one in kept) else 3)


def _kept(files: tuple[Path, ...], keeper: Store, note: str, fields: dict[str, str]) -> Iterator[Kept]:
    for path in files:
        problems: list[CassetteError] = []
        for interaction in read_recording(path, fields=fields, on_problem=problems.append):
            yield keeper.keep(interaction, note)
        yield from (Kept("left", path.name, reason=str(problem)) for problem in problems)


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark:
        raise ConfigError(f"--field {text[:40]!r} is not written as in url=/http/url")
    return name, value
