"""`contracts waive`: accept a finding on purpose, with a reason and an end."""

from __future__ import annotations

import getpass
from datetime import UTC, date, datetime, timedelta

import click

from contracts.check import current_day
from contracts.cli.finding import finding_options, found, of_files, of_recordings
from contracts.cli.output import refuse_without, root
from contracts.errors import ConfigError
from contracts.model import Finding, Severity
from contracts.policy import add_waivers, check_until, open_findings, waiver_for
from contracts.spec import shown
from contracts.text import plural

_LEVELS = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE}


@click.command()
@click.argument("fingerprint", required=False)
@click.option("--all-current", is_flag=True, help="Accept every finding that is open now, to adopt the tool.")
@click.option("--reason", default="", help="Why it is accepted (needed).")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, at most 180 days ahead (default: 90 days)."
)
@click.option("--owner", default="", help="Who answers for it (default: the user's name).")
@click.option("--link", default="", help="A ticket or thread about it.")
@finding_options
@click.option(
    "--severity",
    type=click.Choice(sorted(_LEVELS)),
    default="error",
    show_default=True,
    help="With --all-current: the least severity that is accepted.",
)
def waive(
    *,
    fingerprint: str | None,
    all_current: bool,
    reason: str,
    until: datetime | None,
    owner: str,
    link: str,
    files: tuple[str, ...],
    providers: tuple[str, ...],
    severity: str,
) -> None:
    """Accept the finding with FINGERPRINT until a day, in specs/PROVIDER/waivers.toml.

    \b
    contracts waive 30927433bbe45b1e --reason "they fix it in May" --until 2027-02-01
    contracts waive --all-current --reason "there when we started"
    """
    if bool(fingerprint) == all_current:
        raise click.UsageError("name one FINGERPRINT, or say --all-current")
    refuse_without("--all-current", *(() if all_current else ("severity",)))
    if not reason.strip():
        raise click.UsageError('a waiver needs a --reason, such as --reason "they fix it in May"')
    last = until.replace(tzinfo=UTC).date() if until else current_day() + timedelta(days=90)
    check_until(last, current_day())
    if fingerprint:
        findings: tuple[Finding, ...] = (found(fingerprint, providers, files),)
    else:
        report = of_files(providers, files) if files else of_recordings(providers)
        findings = open_findings(report, _LEVELS[severity])
    _write(findings, reason.strip(), owner.strip() or _user(), last, link)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise ConfigError("nobody is named as owner; say --owner NAME") from None


def _write(findings: tuple[Finding, ...], reason: str, owner: str, until: date, link: str) -> None:
    for provider in dict.fromkeys(one.provider for one in findings):
        path = root() / "specs" / provider / "waivers.toml"
        mine = (one for one in findings if one.provider == provider)
        name = shown(path, root())
        added = add_waivers(path, (waiver_for(one, reason, owner, until, link) for one in mine), name)
        click.echo(f"{name}: {plural(len(added), 'waiver')} added, until {until}")
        for one in added[:20]:
            click.echo(f"  {one.rule}  {one.place}")
    click.echo("next: contracts waivers" if findings else "nothing is open; no waiver was written")
