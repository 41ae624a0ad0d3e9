"""`contracts drift`: two documents, or a provider's vendored document against a newer one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from contracts.errors import ConfigError, ContractsError
from contracts.model import Finding, Severity

if TYPE_CHECKING:
    from contracts.drift import Tolerance

_FAIL_ON: Final = ("error", "warning", "note", "never")
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
    help="What your reader can stand: tolerant, strict, or enum=error,null=note,… (default: your settings).",
)
@click.option("--verify", is_flag=True, help="Check every witness with the second engine too.")
@click.option("--full", is_flag=True, help="List notes, changes of documentation and every operation.")
@click.option("--no-impact", is_flag=True, help="Do not run your consumers on the changes.")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="How to print."
)
@click.option(
    "--fail-on",
    type=click.Choice(_FAIL_ON),
    default="error",
    show_default=True,
    help="Severity that gives exit code 1.",
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
    fail_on: str,
) -> None:
    """Compare two OpenAPI documents, or what a PROVIDER published then and now.

    \b
    contracts drift old.yaml new.yaml
    contracts drift matil --against page.md
    contracts drift --pairs pairs.jsonl
    """
    chosen = _tolerance(reader, ours=len(places) == 1)
    if pairs is not None:
        code = _many(pairs, chosen, verify=verify, full=full, fail_on=fail_on)
    elif len(places) == 2 and against is None:
        code = _two(places[0], places[1], chosen, verify=verify, full=full, form=form, fail_on=fail_on)
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
            fail_on=fail_on,
        )
    else:
        raise click.UsageError("name two documents, or one provider with --against FILE or --live")
    raise click.exceptions.Exit(code)


def _tolerance(text: str | None, *, ours: bool) -> Tolerance:
    """Read the tolerance; for a provider of ours the settings speak where the command line does not."""
    from contracts.drift import TOLERANT, tolerance_of

    if text is None and ours:
        from contracts.cli.output import policy

        text = policy().tolerance
    return tolerance_of(text) if text is not None else TOLERANT


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise ConfigError(f"{name[:200]}: {(error.strerror or 'cannot be read').lower()}") from None


def _two(
    base: str, revision: str, chosen: Tolerance, *, verify: bool, full: bool, form: str, fail_on: str
) -> int:
    from contracts.drift import calendar_of, read_late
    from contracts.drift import drift as compare

    old, new = read_late(base, _read(base)), read_late(revision, _read(revision))
    found = compare(old, new, tolerance=chosen, today=_today(), verify=verify, full=full or form != "text")
    if form == "text":
        from contracts.drift import changelog_lines

        _print(
            changelog_lines(
                found, f"{base} → {revision}", full=full, due=calendar_of(new.value), today=_today()
            )
        )
    else:
        _report(found, form)
    return _code(found, fail_on)


def _report(findings: tuple[Finding, ...], form: str) -> None:
    from contracts.model import Report
    from contracts.report import render

    _print(render(form, Report(findings=findings)))


def _code(findings: Iterable[Finding], fail_on: str) -> int:
    return int(
        fail_on != "never"
        and any(f.severity.weight >= Severity(fail_on).weight for f in findings if not f.waived)
    )


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _many(path: Path, chosen: Tolerance, *, verify: bool, full: bool, fail_on: str) -> int:
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
        code = max(code, _code(found, fail_on))
    sys.stdout.flush()
    return code


def _rows(path: Path) -> Iterator[dict[str, str]]:
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except ValueError:
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
    from contracts.drift import drift as compare
    from contracts.drift import read_late
    from contracts.report.json import finding

    sides = []
    for name in (row["base"], row["revision"]):
        found = Path(name) if Path(name).exists() else path.parent / name
        sides.append(read_late(name, _read(str(found))))
    findings = compare(sides[0], sides[1], tolerance=chosen, today=_today(), verify=verify, full=full)
    return json.dumps({"id": _id(row), "findings": [finding(one) for one in findings]}), findings


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
    fail_on: str,
) -> int:
    from contracts.cli.upstream import compare_provider

    found, read = compare_provider(
        name, against, chosen, live=live, verify=verify, full=full, form=form, today=_today(), impact=impact
    )
    return _code(found, fail_on) or (0 if read else 3)
