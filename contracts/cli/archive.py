"""`contracts archive`: a month of answers judged part by part, on one machine or many."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contracts.atomic import alone
from contracts.cli.option import (
    format_option,
    place_option,
    print_lines,
    print_text,
    recording_options,
    strictly,
)
from contracts.cli.output import chosen, coloured, notice, options, refuse_without, root, several, style
from contracts.errors import CassetteError, ConfigError
from contracts.policy import FAIL_ON
from contracts.spec import load

if TYPE_CHECKING:
    from contracts.archive import ArchiveFolder, Bundle, Job, Part, Row, Summary

    Judging = Callable[[Job, ArchiveFolder], None]
FORMS = ("text", "json", "html", "markdown", "sarif", "junit", "gitlab", "github")
_FOLDER = click.Path(file_okay=False, path_type=Path)
NEWER = "newer"
"""The folder below the results in which those by a newer document are kept."""

_fail_on = click.option(
    "--fail-on",
    type=click.Choice(sorted(FAIL_ON)),
    help="Severity that gives exit code 1 (default: [tool.contracts] fail-on, else error).",
)
_verbose = click.option(
    "-v", "--verbose", is_flag=True, help="Show every kind of fault with its first row, and waived ones."
)


@click.group()
def archive() -> None:
    """Judge archives of traffic: which answers broke the contract, since when, and where they are.

    An archive is what proxies, gateways and recorders kept: JSON lines, HAR, Parquet and more, plain or
    packed, in folders or object stores. Every part of it is judged once; what is done stays done.

    \b
    contracts archive scan logs/2026-10 --dry-run            how would a few records be read?
    contracts archive scan logs/2026-10 --out oct            judge all, with all processors
    contracts archive scan s3://logs/2026-10/ --out oct --shard 3/16     one of sixteen machines
    contracts archive merge oct-* --out oct                  the sum of all shards
    contracts archive report oct --format html > oct.html    once more, from the results
    contracts archive keep oct --budget 40                   the recordings that show it all, redacted
    contracts archive scan logs/2026-10 --out oct --provider matil --against newer.yaml
    """


@archive.command(short_help="Judge files, folders and object stores.")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--provider", "providers", multiple=True, metavar="NAME", help="Only this vendor (repeatable).")
@click.option("--out", type=_FOLDER, help="Keep results here; the same command goes on where it stopped.")
@click.option("--dry-run", is_flag=True, help="Show how a few records are read, and judge nothing.")
@recording_options
@click.option("--keep", "facts", is_flag=True, help="Note which rows show which facts, for archive keep.")
@click.option(
    "--salvage", is_flag=True, help="Count what stands before the damage of a part that breaks off."
)
@click.option(
    "--workers", type=click.IntRange(0, 512), metavar="N", help="Processes (default: as fits; 0: none)."
)
@click.option(
    "--engine",
    type=click.Choice(["processes", "spark"]),
    default="processes",
    show_default=True,
    help="Who judges the parts; spark lists and reads SOURCES itself.",
)
@click.option("--shard", metavar="I/N", help="Judge only the parts of shard I of N, counted from 1.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Only parts written on this day or later.",
)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A newer document of the one vendor: say what only it finds on the same answers.",
)
@format_option(("text", "json"))
@_fail_on
@_verbose
def scan(
    sources: tuple[str, ...],
    *,
    providers: tuple[str, ...],
    out: Path | None,
    dry_run: bool,
    fields: dict[str, str],
    strict: bool,
    facts: bool,
    salvage: bool,
    workers: int | None,
    engine: str,
    shard: str | None,
    since: Any,
    against: Path | None,
    form: str,
    fail_on: str | None,
    verbose: bool,
) -> None:
    """Judge the answers in SOURCES: files, folders, patterns, URLs of object stores, - for standard input.

    Exit codes are those of `contracts check`; a part that cannot be read, or nothing judged, is never 0.
    """
    from contracts.check import ProviderCheck

    vendors = several(chosen(providers), lambda name: ProviderCheck(load(name, root()), options()).provider)
    names = tuple(one.id for one in vendors)
    if against is not None and len(names) != 1:
        raise click.UsageError("--against compares documents of one vendor; name it with --provider")
    if engine == "spark":
        refuse_without("--engine processes", "workers", "shard", "since", "dry_run")
        judge = _by_spark(sources)
    else:
        from contracts.archive import parts_of, previewed, refuse_unmet, without_bodies

        parts = _of_shard(parts_of(sources, since.date() if since else None, fields, out), shard)
        if dry_run:
            print_lines(previewed(parts, vendors, fields))
            return
        refuse_unmet(parts, fields)
        _say(without_bodies(parts, fields))
        if not parts:
            notice(f"shard {shard} has no part")
        judge = _by_processes(parts, workers)
    with _results(out) as folder:
        summary = _judged(judge, names, folder, against, fields, fail_on, facts=facts, salvage=salvage)
        _finish(summary, folder if out else None, form, verbose=verbose)
    strictly(summary.total.unread, strict=strict)
    raise click.exceptions.Exit(summary.code if summary.parts else 0)  # only a shard may have no part


def _say(lines: Iterable[str]) -> None:
    """Say lines beside the result."""
    for line in lines:
        notice(line)


def _by_processes(parts: Sequence[Part], workers: int | None) -> Judging:
    from contracts.archive import judge_parts

    terminal = coloured(sys.stderr) and sys.stderr.isatty()
    return lambda job, folder: judge_parts(parts, job, folder, workers, terminal=terminal)


def _by_spark(sources: Sequence[str]) -> Judging:
    from contracts.archive import judge_files, spark_session

    return lambda job, folder: judge_files(spark_session(), list(sources), job, folder)


@contextmanager
def _results(out: Path | None) -> Iterator[Path]:
    """Give the folder of results; one that nobody named is there for this run alone."""
    if out is not None:
        yield out
        return
    with tempfile.TemporaryDirectory(prefix="contracts-archive-") as name:
        yield Path(name)


def _of_shard(parts: Sequence[Part], shard: str | None) -> Sequence[Part]:
    from contracts.archive import in_shard

    if shard is None:
        return parts
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", shard)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise click.UsageError("--shard is written I/N, I from 1 to N, such as 3/16")
    return in_shard(parts, int(found[1]), int(found[2]))


def _judged(
    judge: Judging,
    names: tuple[str, ...],
    out: Path,
    against: Path | None,
    fields: dict[str, str],
    fail_on: str | None,
    *,
    facts: bool,
    salvage: bool,
) -> Summary:
    """Judge by the vendored documents and, where it is named, by a newer one; Ctrl-C keeps what is done."""
    from contracts.archive import Bundle, Job, Partial, Summary

    limits = options(fail_on=fail_on)
    job = Job(Bundle.of(root(), names, _options(limits, keep=facts)), fields, salvage)
    newer = Job(_newer(names[0], against, limits), fields, salvage) if against else None
    stopped, folder = _run(judge, job, out, names)
    other = None
    if newer and not stopped:
        stopped, other = _run(judge, newer, out / NEWER, names)
    total = Partial.merge(other.results()) if other else None
    summary = Summary.of(folder, limits.policy.fail_on, total)
    if stopped:
        _finish(summary, out, "text", verbose=False)
        raise KeyboardInterrupt
    return summary


def _options(limits: Any, *, keep: bool = False) -> Any:
    from contracts.archive import ArchiveOptions

    return ArchiveOptions(gate=limits, keep=keep)


def _newer(name: str, path: Path, limits: Any) -> Bundle:
    from contracts.archive import Bundle, with_document

    return Bundle.made([with_document(name, root(), path)], _options(limits))


def _run(judge: Judging, job: Job, out: Path, names: tuple[str, ...]) -> tuple[bool, ArchiveFolder]:
    """Give whether the user stopped it, and what was judged."""
    from contracts.archive import ArchiveFolder

    folder = ArchiveFolder(out, job.digest, names, job.fields)
    with ExitStack() as held:
        try:
            held.enter_context(alone(out, timeout=0))
        except TimeoutError:
            why = "another scan writes into it; wait for its end, or name another --out"
            raise ConfigError(f"{out}: {why}") from None
        try:
            judge(job, folder)
        except KeyboardInterrupt:
            return True, folder
    return False, folder


def _finish(summary: Summary, out: Path | None, form: str, *, verbose: bool) -> None:
    """Write the results, if they are kept, and print them."""
    from contracts.archive import write_results

    if out is not None:
        for line in write_results(summary, out):
            notice(line)
    _print(summary, form, verbose=verbose)


def _print(summary: Summary, form: str, *, verbose: bool) -> None:
    from contracts.archive import as_report, report_html, report_json, report_lines

    if form == "text":
        width = shutil.get_terminal_size((100, 24)).columns
        print_lines(report_lines(summary, width=width, style=style(), verbose=verbose))
    elif form == "json":
        click.echo(json.dumps(report_json(summary), indent=1, ensure_ascii=False))
    elif form == "html":
        click.echo(report_html(summary))
    else:
        from contracts.report import render

        print_lines(render(form, as_report(summary), root()))


@archive.command(short_help="Add up the results of shards.")
@click.argument("folders", nargs=-1, required=True, type=_FOLDER, metavar="FOLDER...")
@click.option("--out", type=_FOLDER, required=True, help="Write the sum of all folders here.")
@format_option(("text", "json"))
@_fail_on
@_verbose
def merge(folders: tuple[Path, ...], *, out: Path, form: str, fail_on: str | None, verbose: bool) -> None:
    """Add up the results in FOLDERS, such as those of all shards; a part in two of them counts once."""
    from contracts.archive import combine

    newer = [one / NEWER for one in folders if (one / NEWER).is_dir()]
    if newer and len(newer) < len(folders):
        raise ConfigError("some of the folders have results of a newer document and some have not")
    combine(folders, out)
    if newer:
        combine(newer, out / NEWER)
    summary = _read(out, fail_on)
    _finish(summary, out, form, verbose=verbose)
    raise click.exceptions.Exit(summary.code)


@archive.command(short_help="Print results in any format of reports.")
@click.argument("folder", type=_FOLDER)
@format_option(FORMS)
@_fail_on
@_verbose
def report(folder: Path, *, form: str, fail_on: str | None, verbose: bool) -> None:
    """Print what the results in FOLDER say, in any format of reports; nothing is judged again."""
    summary = _read(folder, fail_on)
    _print(summary, form, verbose=verbose)
    raise click.exceptions.Exit(summary.code)


@archive.command("keep", short_help="Write the fewest cassettes that show it all.")
@click.argument("folder", type=_FOLDER)
@click.option("--budget", type=click.IntRange(1), metavar="N", help="Keep so many recordings at most.")
@place_option
def keep_(folder: Path, *, budget: int | None, places: tuple[str, ...]) -> None:
    """Write the fewest redacted cassettes that show every kind of fault, and every fact after scan --keep.

    The parts are read again where they were; written below specs/VENDOR/cassettes of your project.
    """
    from contracts.archive import ArchiveFolder, Partial, choose, keep, part_named, rows_of
    from contracts.check import store, summary

    kept = ArchiveFolder.open(folder)
    total = Partial.merge(kept.results())
    if not total.facts:
        notice("note: only kinds of faults are known; contracts archive scan --keep notes facts too")
    vendors = several(kept.vendors, lambda name: load(name, root()))
    keys = tuple(key for vendor in vendors for key in vendor.manifest.secrets(os.environ))
    stores = {one.id: store(one, secrets=keys, places=places) for one in vendors}

    def read(part: str) -> Iterator[Row]:
        with suppress(CassetteError):
            yield from rows_of(part_named(part), kept.fields, salvage=True)

    outcomes = list(keep(choose(total, budget), read, stores, kept.fields))
    print_text(summary(outcomes, Path.cwd()))
    if any(one.outcome == "refused" for one in outcomes):
        raise click.exceptions.Exit(1)
    raise click.exceptions.Exit(0 if any(one.path for one in outcomes) else 3)


def _read(path: Path, fail_on: str | None) -> Summary:
    from contracts.archive import ArchiveFolder, Partial, Summary

    newer = ArchiveFolder.open(path / NEWER) if (path / NEWER).is_dir() else None
    total = Partial.merge(newer.results()) if newer else None
    return Summary.of(ArchiveFolder.open(path), options(fail_on=fail_on).policy.fail_on, total)
