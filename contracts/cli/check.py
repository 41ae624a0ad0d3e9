"""`contracts check` and `contracts coverage`: what recordings say of a spec, and how much they show of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from contracts.check import Intake, ProviderCheck, asked_of, each_of, judged, merged, narrowed, with_aside
from contracts.cli.live import LIVE_ONLY, live_options, run
from contracts.cli.option import format_option, print_text, recording_options, strictly
from contracts.cli.output import chosen, options, print_report, refuse_without, root
from contracts.model import Coverage, Report
from contracts.policy import FAIL_ON, exit_code
from contracts.report import FORMATS
from contracts.spec import load
from contracts.text import plural, safe_text


@click.command()
@click.argument("providers", nargs=-1)
@click.option(
    "--operation",
    "operations",
    multiple=True,
    metavar="OPERATION",
    help="Only this operation: alias, 'GET /path' or operationId (repeatable).",
)
@click.option(
    "--file",
    "files",
    multiple=True,
    metavar="PATH",
    help="Judge this recording of any tool instead of the vendored ones: a file, folder, pattern, or - for"
    " standard input; with --operation a bare response body (repeatable).",
)
@recording_options
@click.option(
    "--engine",
    type=click.Choice(["fast", "reference"]),
    default="fast",
    show_default=True,
    help="Who judges.",
)
@format_option(FORMATS)
@click.option(
    "--fail-on",
    type=click.Choice(sorted(FAIL_ON)),
    help="Severity that gives exit code 1 (default: [tool.contracts] fail-on, else error).",
)
@click.option(
    "--max-body",
    type=click.IntRange(1),
    metavar="BYTES",
    help="Largest body that is judged (5 MiB by default).",
)
@click.option("-v", "--verbose", is_flag=True, help="Show conforming interactions and waived findings too.")
@live_options
def check(
    providers: tuple[str, ...],
    *,
    operations: tuple[str, ...],
    files: tuple[str, ...],
    fields: dict[str, str],
    strict: bool,
    engine: str,
    form: str,
    fail_on: str | None,
    max_body: int | None,
    verbose: bool,
    live: bool,
    **given: Any,
) -> None:
    """Check PROVIDERS (default: those of [tool.contracts], else all) offline, on recordings, or --live.

    \b
    contracts check nimble
    contracts check matil --live --param batch_id=VALUE
    contracts check almanac --file capture.har
    contracts check all --format json > report.json
    """
    refuse_without("--live", *(() if live else LIVE_ONLY))
    refuse_without("--file", *(() if files else ("fields", "strict")))
    if live and files:
        raise click.UsageError("--file is judged offline; leave out --live")
    names = chosen(providers)
    limits, stopped = options(engine, max_body, fail_on), False
    unread: list[str] = []
    aside: tuple[str, ...] = ()
    if live:
        named = bool(providers) and "all" not in ",".join(providers).split(",")
        report, stopped, aside = run(names, operations, limits, given, named=named)
    else:
        checks, aside = each_of(names, lambda name: ProviderCheck(load(name, root()), limits))
        report, unread = (
            _of_files(checks, operations, files, fields) if files else (_recorded(checks, operations), [])
        )
    report += Report(notices=aside)
    print_report(report, form, verbose=verbose)
    if stopped:
        raise KeyboardInterrupt
    strictly(unread, strict=strict)
    raise click.exceptions.Exit(with_aside(exit_code(report, limits.policy), aside))


def _recorded(checks: Sequence[ProviderCheck], operations: Sequence[str]) -> Report:
    return Report.merge(one.report(mine) for one, mine in narrowed(checks, operations))


def _of_files(
    checks: Sequence[ProviderCheck], operations: Sequence[str], files: Sequence[str], fields: dict[str, str]
) -> tuple[Report, list[str]]:
    """Judge recordings of any kind; give the report, and what could not be read."""
    from contracts.interactions import files_in

    chosen_ones = tuple(narrowed(checks, operations))
    vendors = [one.provider for one, _ in chosen_ones]
    intake = Intake(vendors, fields, asked_of(vendors, operations))
    report = judged([one for one, _ in chosen_ones], files_in(files), intake, operations)
    return report, intake.unread


@click.command()
@click.argument("providers", nargs=-1)
@format_option()
@click.option("--unseen", is_flag=True, help="List every fact that no interaction showed.")
def coverage(providers: tuple[str, ...], form: str, unseen: bool) -> None:
    """Show which statuses, properties, words, nulls and list items of the spec were exercised.

    A green check on a batch without one failed task has proved little; this says what was never seen.
    """
    limits = options()
    checks, aside = each_of(chosen(providers), lambda name: ProviderCheck(load(name, root()), limits))
    report = merged(checks)
    if form == "json":
        shown = Report(providers=report.providers, coverage=report.coverage, notices=aside)
        print_report(shown, "json")
    else:
        print_text(aside)
        print_text(line for one in report.coverage for line in _coverage_lines(one, unseen=unseen))
    raise click.exceptions.Exit(with_aside(0, aside))


def _coverage_lines(one: Coverage, *, unseen: bool) -> Iterator[str]:
    total = len(one.seen) + len(one.unseen)
    filled = round(one.share * 20)
    bar = "█" * filled + "░" * (20 - filled)
    facts = f"{len(one.seen)} of {'the first ' * one.cut}{plural(total, 'fact')} seen"
    yield f"{one.provider} {one.operation}   {bar} {one.share:4.0%}   {facts}"
    if one.cut:
        yield f"  not counted: the facts deeper in its schemas, since {total:,} is the limit"
    if unseen:
        yield from (f"  never seen: {safe_text(fact)}" for fact in one.unseen)
    elif one.unseen:
        command = f"contracts coverage {one.provider} --unseen"
        yield f"  {plural(len(one.unseen), 'fact')} never seen; list them with: {command}"
