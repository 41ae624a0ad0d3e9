"""`contracts observe`: real traffic as a summary that can be merged, and what it says against a spec."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import click

from contracts.check import asked_of, current_day
from contracts.cli.option import format_option, print_text, recording_options, strictly
from contracts.cli.output import notice, options, print_report, refuse_with, refuse_without, root
from contracts.drift import against_spec, only_words, over_time
from contracts.errors import CassetteError, ConfigError
from contracts.interactions import OnProblem, Opened, files_in, published, read_recordings
from contracts.model import Finding, Interaction, Json, Report, Request, Severity
from contracts.policy import fails, settle, waivers_of
from contracts.report import choices, remember
from contracts.spec import Provider, load, shown
from contracts.text import plural, safe_text
from contracts.vendoring import Collector, add_observed, hosted_name, merged, read_observed

OBSERVED = "observed.json"


@click.command()
@click.argument("files", nargs=-1)
@click.option(
    "--provider",
    metavar="NAME",
    help="Compare with this vendor's spec; its own recordings when no FILES are named.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Add what was seen to this summary.",
)
@click.option(
    "--save",
    is_flag=True,
    help="With --provider: add what was seen to specs/NAME/observed.json of your project.",
)
@click.option(
    "--overlay", is_flag=True, help="With --provider: print a suggested overlay for what is not described."
)
@click.option(
    "--operation",
    metavar="OPERATION",
    help="With --provider: the operation that a bare response body answers.",
)
@recording_options
@format_option()
def observe(
    files: tuple[str, ...],
    *,
    provider: str | None,
    output: Path | None,
    save: bool,
    overlay: bool,
    operation: str | None,
    fields: dict[str, str],
    strict: bool,
    form: str,
) -> None:
    """Summarise the traffic in FILES (recordings of any tool, summaries), and compare it with a spec.

    \b
    contracts observe capture.har --output observed.json
    contracts observe --provider nimble traffic.jsonl --save
    """
    if not files and provider is None:
        raise click.UsageError("name recordings, or a vendor with --provider NAME")
    refuse_without("FILES", *(() if files else ("fields", "strict")))
    refuse_without("--provider", *(() if provider else ("save", "overlay", "operation")))
    refuse_with("--overlay, which prints YAML", *(("form",) if overlay else ()))
    vendor = load(provider, root()) if provider else None
    chosen = files or (vendor.files("cassettes/*/*.json") if vendor else ())
    unread: list[CassetteError] = []
    asked = asked_of([vendor], [operation]) if vendor and operation else None
    seen = summary(chosen, vendor, fields=fields, asked=asked, say=notice, on_problem=unread.append)
    _keep(seen, output, vendor if save else None)
    findings = tuple(_findings(seen, vendor))
    whole = Report(findings=findings)
    if overlay and vendor is not None:
        _suggest(findings, vendor)
    elif form == "json":
        print_report(whole, "json")
    else:
        remember(root(), whole)
        print_text((*lines(seen, findings), *choices(whole)))
    strictly(unread, strict=strict)
    if not seen["operations"]:
        raise click.exceptions.Exit(3)
    closes = not overlay and fails(whole, options().policy.fail_on)
    raise click.exceptions.Exit(int(closes))


def summary(
    files: Iterable[str | Path],
    vendor: Provider | None,
    *,
    fields: Mapping[str, str] = MappingProxyType({}),
    asked: Request | None = None,
    say: Callable[[str], None] = lambda _: None,
    on_problem: OnProblem = lambda _: None,
) -> Json:
    """Add up what recordings and summaries of traffic hold; `say` is told what could not be used."""
    document = vendor.spec.document if vendor else None
    collector = Collector(
        _namer(vendor) if vendor else hosted_name,
        frozenset(published(document, document)) if document else frozenset(),
    )
    chosen = list(files_in(files))
    summaries = [file for file in chosen if _is_summary(file)]

    def noted(problem: CassetteError) -> None:
        on_problem(problem)
        say(f"note: not read: {problem}")

    recordings = (file for file in chosen if file not in summaries)
    for one in read_recordings(recordings, fields=fields, on_problem=noted, asked=asked):
        collector.take(replace(one, response=None) if one.response and one.response.missing else one)
    if collector.passed:
        say(
            f"note: {plural(collector.passed, 'interaction')} skipped:"
            " not observed, not JSON, or of no known operation or host"
        )
    whole = merged([*(read_observed(one.name, one.whole()) for one in summaries), collector.summary()])
    return only_words(whole, document)


def _is_summary(file: Opened) -> bool:
    return b'"operations"' in file.head[:2000] and b'"more_fields"' in file.whole()[:200_000]


def _namer(vendor: Provider) -> Callable[[Interaction], str | None]:
    def name(interaction: Interaction) -> str | None:
        request = interaction.request
        found = (
            vendor.spec.find(request.method, request.url) if vendor.spec.router.serves(request.url) else None
        )
        return found[0].title if found else None

    return name


def _keep(summary: Json, output: Path | None, vendor: Provider | None) -> None:
    path = root() / "specs" / vendor.id / OBSERVED if vendor is not None else output
    if path is None:
        return
    add_observed(path, summary, shown(path, root()))
    notice(f"added to {path}")


def _findings(summary: Json, vendor: Provider | None) -> Iterator[Finding]:
    found = [*(against_spec(summary, vendor.spec.document) if vendor else ()), *over_time(summary)]
    named = (replace(one, provider=vendor.id) for one in found) if vendor else found
    waivers = waivers_of(vendor) if vendor else ()
    return settle(named, options().policy, waivers, current_day())


_TITLE = "What was observed and is not described"


def _suggest(findings: tuple[Finding, ...], vendor: Provider) -> None:
    from contracts.drift import overlay_of
    from contracts.vendoring import dump

    made = overlay_of(findings, vendor.spec.document, OBSERVED, title=_TITLE)
    if made is None:
        raise ConfigError(f"{vendor.id}: nothing was observed that is not described")
    click.echo(dump(made).decode(), nl=False)


def lines(summary: Json, findings: tuple[Finding, ...]) -> Iterator[str]:
    """Yield what was seen, operation by operation, and the findings under each."""
    for name, seen in summary["operations"].items():
        days = sorted(day for day in seen["days"])
        total = sum(seen["days"].values())
        span = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
        yield f"{safe_text(name)}   {plural(total, 'answer')}, {span}, {plural(len(seen['fields']), 'field')}"
        for one in findings:
            if f"{one.operation} {one.status}" == name:
                level = "waived" if one.waived else one.severity.value
                where = safe_text(one.pointer) or "/"
                yield f"  {level:<8} {where}  {one.sentence}   {one.rule}"
    counts = {
        s: sum(one.severity is s and not one.waived for one in findings)
        for s in (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    }
    said = ", ".join(plural(count, severity.value) for severity, count in counts.items() if count)
    yield said or "no findings"
