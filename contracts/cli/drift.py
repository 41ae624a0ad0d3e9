"""`contracts drift`: two documents, or a provider's vendored document against a newer one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from contracts.check import CheckOptions, keyless_finding
from contracts.cli.option import format_option, print_text
from contracts.cli.output import options, print_report, refuse_without, root
from contracts.drift import tolerance_of
from contracts.errors import ConfigError, ContractsError
from contracts.model import Finding, Report
from contracts.policy import FAIL_ON, Policy, fails
from contracts.spec import Document, learn_keys

if TYPE_CHECKING:
    from contracts.drift import Tolerance

_FORMATS: Final = ("text", "json", "markdown", "html", "sarif")
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("places", nargs=-1, metavar="[BASE REVISION | PROVIDER]")
@click.option(
    "--against", type=_FILE, metavar="FILE", help="With PROVIDER: the vendor's newer document or page."
)
@click.option(
    "--live", is_flag=True, help="With PROVIDER: fetch the newer document from the manifest's address."
)
@click.option(
    "--pairs",
    type=_FILE,
    metavar="FILE.jsonl",
    help="Compare many pairs ({id, base, revision} a line), one JSON line each.",
)
@click.option(
    "--tolerance",
    "reader",
    help="What your reader tolerates: tolerant, strict, or enum=error,null=note (default: your settings).",
)
@click.option("--verify", is_flag=True, help="Check every witness with the second engine too.")
@click.option("--full", is_flag=True, help="List notes, changes of documentation and every operation.")
@click.option("--no-impact", is_flag=True, help="Do not run your consumers on the changes.")
@format_option(_FORMATS)
@click.option(
    "--fail-on",
    type=click.Choice(list(FAIL_ON)),
    help="Severity that gives exit code 1 (default: error; with PROVIDER, that of your settings).",
)
def drift(
    places: tuple[str, ...],
    *,
    against: Path | None,
    live: bool,
    pairs: Path | None,
    reader: str | None,
    verify: bool,
    full: bool,
    no_impact: bool,
    form: str,
    fail_on: str | None,
) -> None:
    """Compare two OpenAPI documents, or what a PROVIDER published then and now.

    \b
    contracts drift old.yaml new.yaml
    contracts drift matil --against page.md
    contracts drift --pairs pairs.jsonl
    """
    _refuse_useless(places, pairs)
    settings = _options(fail_on, ours=len(places) == 1)
    chosen = tolerance_of(reader if reader is not None else settings.policy.tolerance)
    if pairs is not None:
        code = _many(pairs, chosen, verify=verify, full=full, options=settings)
    elif len(places) == 2 and against is None:
        code = _two(places[0], places[1], chosen, verify=verify, full=full, form=form, options=settings)
    elif len(places) == 1:
        code = _provider(
            places[0],
            against,
            chosen,
            live=live,
            verify=verify,
            full=full,
            impact=not no_impact,
            form=form,
            options=settings,
        )
    else:
        raise click.UsageError("name two documents, or one provider with --against FILE or --live")
    raise click.exceptions.Exit(code)


def _refuse_useless(places: tuple[str, ...], pairs: Path | None) -> None:
    """Refuse what the kind of comparison cannot take: a second kind of it, and options of another."""
    if pairs is not None and places:
        raise click.UsageError("--pairs names the documents; leave out the others")
    if pairs is not None:
        refuse_without("one comparison, not --pairs", "form")
    if len(places) != 1:
        refuse_without("a PROVIDER", "against", "live")


def _options(fail_on: str | None, *, ours: bool) -> CheckOptions:
    """Give the options; those of the settings count for a provider, not for two documents of anybody's."""
    if ours:
        return options(fail_on=fail_on)
    learn_keys(root())
    return CheckOptions(Policy(fail_on=FAIL_ON[fail_on or "error"]))


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise ConfigError(f"{name[:200]}: {(error.strerror or 'cannot be read').lower()}") from None


def _two(
    base: str, revision: str, chosen: Tolerance, *, verify: bool, full: bool, form: str, options: CheckOptions
) -> int:
    from contracts.drift import beside, calendar_of, read_late

    old, new = read_late(base, _read(base)), read_late(revision, _read(revision))
    found = _compared(old, new, chosen, verify=verify, full=full or form != "text")
    apart, title = beside(old.value, new.value, found=bool(found)), f"{base} → {revision}"
    if form == "text":
        from contracts.drift import changelog_lines

        due = calendar_of(new.value)
        print_text(changelog_lines(found, title, full=full, due=due, today=_today(), apart=apart))
    else:
        print_report(Report(findings=found, notices=(apart,) if apart else ()), form)
    return _code(found, options)


def _compared(
    base: Document, revision: Document, chosen: Tolerance, *, verify: bool, full: bool
) -> tuple[Finding, ...]:
    """Compare two documents; no finding says a key of the environment that one of them holds."""
    from contracts.drift import drift as compare

    found = compare(base, revision, tolerance=chosen, today=_today(), verify=verify, full=full)
    return tuple(map(keyless_finding, found))


def _code(findings: tuple[Finding, ...], options: CheckOptions) -> int:
    return int(fails(Report(findings=findings), options.policy.fail_on))


def _many(path: Path, chosen: Tolerance, *, verify: bool, full: bool, options: CheckOptions) -> int:
    """Compare pair after pair; a pair that cannot be read is one line with an `error`, and exit code 2."""
    code = 0
    for line in _rows(path):
        try:
            row, found = _row(line, path, chosen, verify=verify, full=full)
        except ContractsError as error:
            click.echo(json.dumps({"id": _id(line), "findings": [], "error": str(error)}))
            code = 2
            continue
        click.echo(row)
        code = max(code, _code(found, options))
    sys.stdout.flush()
    return code


def _rows(path: Path) -> Iterator[dict[str, str]]:
    for number, text in enumerate(path.read_bytes().splitlines(), 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            raise ConfigError(f"{path}:{number}: not JSON") from None
        if not isinstance(row, dict) or not all(
            isinstance(row.get(key), str) for key in ("base", "revision")
        ):
            raise ConfigError(f"{path}:{number}: a line holds id, base and revision")
        yield row


def _id(row: dict[str, str]) -> str:
    return str(row.get("id", ""))


def _row(
    row: dict[str, str], path: Path, chosen: Tolerance, *, verify: bool, full: bool
) -> tuple[str, tuple[Finding, ...]]:
    from contracts.drift import beside, read_late
    from contracts.report.json import finding

    sides = []
    for name in (row["base"], row["revision"]):
        where = Path(name) if Path(name).exists() else path.parent / name
        sides.append(read_late(name, _read(str(where))))
    findings = _compared(sides[0], sides[1], chosen, verify=verify, full=full)
    apart = beside(sides[0].value, sides[1].value, found=bool(findings))
    found = {"id": _id(row), "findings": [finding(one) for one in findings]}
    return json.dumps(found | ({"notices": [apart]} if apart else {})), findings


def _provider(
    name: str,
    against: Path | None,
    chosen: Tolerance,
    *,
    live: bool,
    verify: bool,
    full: bool,
    impact: bool,
    form: str,
    options: CheckOptions,
) -> int:
    from contracts.cli.upstream import compare_provider

    found, read = compare_provider(
        name, against, chosen, live=live, verify=verify, full=full, form=form, today=_today(), impact=impact
    )
    return _code(found, options) or (0 if read else 3)
