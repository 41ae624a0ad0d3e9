"""`contracts gate`: what CI runs on a pull request, the same on every machine."""

from __future__ import annotations

import os

import click

from contracts.check import current_day
from contracts.ci.actions import read_actions
from contracts.ci.gate import Wanted, reports_of, run_gate
from contracts.cli.output import root
from contracts.policy import FAIL_ON


@click.command()
@click.argument("providers", nargs=-1)
@click.option("--report", "reports", multiple=True, metavar="FMT=PATH", help="Write a report (repeatable).")
@click.option(
    "--fail-on", type=click.Choice(sorted(FAIL_ON)), default=None, help="Severity that closes the gate."
)
@click.option(
    "--policy-from",
    default="",
    metavar="REV",
    help="Revision or folder whose settings and waivers decide: no change waives its own findings.",
)
@click.option("--no-comment", is_flag=True, help="Leave the pull request alone.")
def gate(
    providers: tuple[str, ...],
    reports: tuple[str, ...],
    fail_on: str | None,
    policy_from: str,
    no_comment: bool,
) -> None:
    """Check PROVIDERS offline, write reports, and in a GitHub workflow annotate, summarise and comment.

    \b
    contracts gate --report html=contracts.html --report sarif=contracts.sarif
    """
    wanted = Wanted(
        root=root(),
        today=current_day(),
        providers=providers,
        fail_on=fail_on or "",
        policy_from=policy_from,
        reports=reports_of(reports, "--report"),
        comment=not no_comment,
    )
    raise click.exceptions.Exit(run_gate(wanted, read_actions(os.environ), click.echo))
