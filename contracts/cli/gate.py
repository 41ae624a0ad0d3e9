"""`contracts gate`: what CI runs on a pull request, the same on every machine."""

from __future__ import annotations

import os

import click

from contracts.ci.actions import read_actions
from contracts.ci.gate import FAIL_ON, Wanted, parse_report, run_gate
from contracts.cli.output import root, today


@click.command()
@click.argument("providers", nargs=-1)
@click.option("--report", "reports", multiple=True, metavar="FMT=PATH", help="Write a report (repeatable).")
@click.option(
    "--fail-on", type=click.Choice(sorted(FAIL_ON)), default=None, help="Severity that closes the gate."
)
@click.option("--no-comment", is_flag=True, help="Leave the pull request alone.")
def gate(providers: tuple[str, ...], reports: tuple[str, ...], fail_on: str | None, no_comment: bool) -> None:
    """Check PROVIDERS offline, write reports, and in a GitHub workflow annotate, summarise and comment.

    \b
    contracts gate --report html=contracts.html --report sarif=contracts.sarif
    """
    wanted = Wanted(
        root=root(),
        today=today(),
        providers=providers,
        fail_on=fail_on or "",
        reports=tuple(map(parse_report, reports)),
        comment=not no_comment,
    )
    raise click.exceptions.Exit(run_gate(wanted, read_actions(os.environ), click.echo))
