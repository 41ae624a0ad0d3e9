"""`contracts history`: when each field of a vendor came, changed and went."""

from __future__ import annotations

from dataclasses import asdict

import click

from contracts.cli.option import format_option, json_text, print_text
from contracts.cli.output import root
from contracts.drift import events, timeline
from contracts.spec import load
from contracts.text import plural


@click.command()
@click.argument("provider")
@click.option("--field", default="", metavar="TEXT", help="Only places that hold this text, such as /status.")
@format_option()
def history(provider: str, field: str, form: str) -> None:
    """Show when each field of PROVIDER was introduced, deprecated, changed and removed.

    \b
    contracts history nimble
    contracts history nimble --field /tasks/*/state
    """
    found = load(provider, root())
    path = next(
        (folder / "HISTORY.md" for folder in found.folders if (folder / "HISTORY.md").is_file()), None
    )
    listed = [e for e in events(path.read_text("utf-8", "replace") if path else "") if field in e.place]
    if form == "json":
        click.echo(json_text([asdict(event) for event in listed], 1))
        return
    since = found.manifest.retrieved or "an unknown day"
    click.echo(
        f"{found.id}   held to its documents since {listed[0].day if listed else since};"
        f" {plural(len(listed), 'event')}"
    )
    print_text(timeline(listed))
    if not listed:
        where = f" about {field!r}" if field and path else ""
        click.echo(
            f"nothing recorded{where}; what a newer document brings is written by:"
            f" contracts vendor --update {found.id} FILE"
        )
