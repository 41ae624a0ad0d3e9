"""`contracts impact`: what a vendor's changes do to the functions that read its answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from contracts.check import consumers_of
from contracts.cli.option import format_option, json_text, print_text, reads_option
from contracts.cli.output import notice, refuse_without, root
from contracts.cli.upstream import vendored_parts
from contracts.consumers import TAKES, Consumer, answers, bundled, consumer_named, make_importable
from contracts.consumers import impact as impacts
from contracts.drift import against, choose
from contracts.errors import ConfigError
from contracts.spec import Provider, load
from contracts.vendoring import parts_beside

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("provider")
@click.argument("functions", nargs=-1, metavar="[MODULE:FUNCTION]...")
@click.option(
    "--against", "file", type=_FILE, required=True, metavar="FILE", help="The vendor's newer document."
)
@reads_option
@click.option("--refuses", multiple=True, metavar="MODULE:EXCEPTION", help="How they refuse (repeatable).")
@click.option("--takes", type=click.Choice(TAKES), default="json", show_default=True, help="What they take.")
@format_option()
def impact(
    provider: str,
    functions: tuple[str, ...],
    *,
    file: Path,
    operation: str,
    refuses: tuple[str, ...],
    takes: str,
    form: str,
) -> None:
    """Run the payloads of each change of PROVIDER through FUNCTIONS: which break, fabricate or degrade.

    Without FUNCTIONS, the consumers of [tool.contracts.consumers] and our own normalizer are run.

    \b
    contracts impact nimble --against openapi.json
    contracts impact matil myapp.matil:parse --against page.txt --refuses myapp.matil:NotABatch

    Exit code 1 when a consumer breaks or fabricates, 3 when there is no consumer or nothing was judged.
    """
    if not functions:
        refuse_without("FUNCTIONS", "refuses", "takes")
    make_importable(Path.cwd(), root())
    vendor = load(provider, root())
    named = tuple(
        consumer_named(one, provider, operation=operation, refuses=refuses, takes=takes) for one in functions
    )
    chosen = named or _registered(vendor, operation)
    if not chosen:
        notice(f"no consumer of {provider}: name a function, or register some in [tool.contracts.consumers]")
        raise click.exceptions.Exit(3)
    found = _found(vendor, file, chosen)
    if form == "json":
        click.echo(json_text([_datum(one) for one in found]))
    else:
        print_text(impacts.lines(found) if found else ["no change of an answer that they read"])
    bad = any(one.verdict in {impacts.Verdict.BREAKS, impacts.Verdict.LIES} for one in found)
    open_ = bool(found) and all(one.verdict is impacts.Verdict.UNJUDGED for one in found)
    raise click.exceptions.Exit(1 if bad else 3 if open_ else 0)


def _registered(provider: Provider, operation: str) -> tuple[Consumer, ...]:
    ours = (replace(one, operation=operation or one.operation) for one in bundled(provider.id))
    return (*consumers_of(root(), provider, operation), *ours)


def _found(vendor: Provider, file: Path, chosen: tuple[Consumer, ...]) -> list[impacts.Impact]:
    data = file.read_bytes()
    mine = choose(vendor.manifest, file.resolve().as_posix(), data)
    path = next((folder / mine.file for folder in vendor.folders if (folder / mine.file).is_file()), None)
    if path is None:
        raise ConfigError(
            f"{vendor.shown(vendor.home / mine.file)} is missing; it is what changes are told from"
        )
    parts = vendored_parts(vendor, mine), parts_beside(file, data).held
    compared = against(vendor.manifest, mine, path.read_bytes(), data, str(file), parts=parts)
    if compared.unread:
        raise ConfigError(f"{file.name}: not understood, so nothing was compared: {compared.unread}")
    if not compared.findings:
        return []
    pairs = [(one, answers(vendor, one.operation).operation.title) for one in chosen]
    return list(impacts.impact_of(compared.findings, pairs, impacts.Documents(*compared.documents)))


def _datum(one: impacts.Impact) -> dict[str, object]:
    return {
        "consumer": one.consumer,
        "verdict": str(one.verdict),
        "what": one.words,
        "line": str(one.line or ""),
        "read": one.read,
        "payload": one.payload,
        "rule": one.finding.rule,
        "pointer": one.finding.pointer,
        "change": one.finding.message,
        "severity": str(one.finding.severity),
    }
