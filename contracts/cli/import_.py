"""`contracts import`: other tools' recordings become redacted cassettes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from contracts.check import Intake, asked_of, refuse_unmet, store, summary
from contracts.cli.option import place_option, print_text, recording_options, strictly
from contracts.cli.output import root, several, told_secrets
from contracts.interactions import Kept, Opened, Store, files_in
from contracts.secret import Secret
from contracts.spec import load, names


@click.command("import")
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--provider", metavar="NAME", help="Whose answers these are (default: by the host that answered)."
)
@click.option("--operation", metavar="OPERATION", help="The operation that a bare response body answers.")
@click.option("--note", default="", help="A sentence about where they come from, kept in the files.")
@place_option
@click.option(
    "--secret-env",
    "variables",
    multiple=True,
    metavar="VARIABLE",
    help="The value of this environment variable is a secret too (repeatable).",
)
@recording_options
def import_(
    files: tuple[str, ...],
    provider: str | None,
    operation: str | None,
    note: str,
    places: tuple[str, ...],
    variables: tuple[str, ...],
    *,
    fields: dict[str, str],
    strict: bool,
) -> None:
    """Turn FILES (recordings of any tool, folders, patterns, - for standard input) into redacted cassettes.

    Written below specs/<provider>/cassettes of your project; nothing that looks like a secret is written.

    \b
    contracts import capture.har
    contracts import access.jsonl.gz --provider matil --field url=/http/url
    """
    vendors = several([provider] if provider else names(root()), lambda name: load(name, root()))
    wanted = (operation,) if operation else ()
    intake = Intake(vendors, fields, asked_of(vendors, wanted))
    more = told_secrets(variables)
    stores: dict[str, Store] = {}
    kept = list(_kept(files_in(files), intake, stores, places, more, note))
    print_text([*intake.notices, *summary(kept, Path.cwd())])
    if any(one.outcome == "refused" for one in kept):
        raise click.exceptions.Exit(1)
    refuse_unmet(stores.values(), places if kept else ())
    strictly(intake.unread, strict=strict)
    raise click.exceptions.Exit(0 if any(one.path for one in kept) else 3)


def _kept(
    files: Iterator[Opened],
    intake: Intake,
    stores: dict[str, Store],
    places: tuple[str, ...],
    more: tuple[Secret, ...],
    note: str,
) -> Iterator[Kept]:
    for vendor, interaction in intake.read(files):
        if vendor.id not in stores:
            stores[vendor.id] = store(vendor, secrets=more, places=places)
        yield stores[vendor.id].keep(interaction, note)
