"""`contracts check --live`: the options, progress with latency while it runs, and the table at its end."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from contracts.check import CheckOptions, each_of, why_open
from contracts.cli.option import print_lines
from contracts.cli.output import notice, root, style
from contracts.errors import ConfigError
from contracts.model import Assessment, Finding, Interaction, Report, Verdict
from contracts.spec import load
from contracts.text import safe_text

if TYPE_CHECKING:
    from contracts.check import LiveCheck

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("--live", "live", is_flag=True, help="Call the vendor, with the key from the environment."),
    click.option(
        "--param",
        "params",
        multiple=True,
        metavar="NAME=VALUE",
        help="With --live: a parameter (repeatable).",
    ),
    click.option(
        "--base-url",
        "base_urls",
        multiple=True,
        metavar="PROVIDER=URL",
        help="With --live: a gateway or test server instead of the vendor (repeatable).",
    ),
    click.option(
        "--budget",
        type=click.IntRange(1),
        default=25,
        show_default=True,
        help="With --live: requests per provider at most, retries counted.",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(0.1),
        default=60.0,
        show_default=True,
        metavar="S",
        help="With --live: seconds for one whole exchange.",
    ),
    click.option(
        "--wait",
        type=click.FloatRange(0),
        default=0.0,
        metavar="S",
        help="With --live: wait at most S seconds for a server that starts.",
    ),
    click.option("--poll", is_flag=True, help="With --live: follow the batch to its end."),
    click.option("--record", is_flag=True, help="With --live: write the answers as redacted cassettes."),
    click.option("--no-auth-probes", is_flag=True, help="With --live: never send a missing or wrong key."),
    click.option(
        "--allow-unsafe", is_flag=True, help="With --live: allow writing operations marked safe = true."
    ),
)


LIVE_ONLY = (
    "params",
    "base_urls",
    "budget",
    "timeout",
    "wait",
    "poll",
    "record",
    "no_auth_probes",
    "allow_unsafe",
)
"""Parameters of the command that act with --live only."""


def live_options(command: Any) -> Any:
    """Add the live options to a command; they arrive as keyword arguments for `run`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def run(
    names: Sequence[str], wanted: Sequence[str], gate: CheckOptions, given: Mapping[str, Any], *, named: bool
) -> tuple[Report, bool, tuple[str, ...]]:
    """Put the probes to each provider and judge the answers.

    Gives the report, whether it was stopped, and a sentence for each provider that could not be loaded.

    A provider without a key is skipped and said; ConfigError when the providers were `named` one by one.
    """
    from contracts.check import LiveCheck, LiveSettings, base_urls, narrowed, pairs, refuse_unused

    settings = LiveSettings(
        params=pairs(given["params"], "--param"),
        base_urls=base_urls(given["base_urls"], names, "--base-url"),
        budget=given["budget"],
        timeout=given["timeout"],
        wait=given["wait"],
        follow=given["poll"],
        credentials=not given["no_auth_probes"],
        allow_unsafe=given["allow_unsafe"],
    )
    checks, aside = each_of(names, lambda name: LiveCheck(load(name, root()), gate, settings, os.environ))
    mine = {one.provider.id: asked for one, asked in narrowed([check.check for check in checks], wanted)}
    checks = [check for check in checks if check.check.provider.id in mine]
    refuse_unused((check, mine[check.check.provider.id]) for check in checks)
    ready = [check for check in checks if not check.missing_key]
    for check in checks:
        if check.missing_key and named:
            raise ConfigError(check.missing_key)
        if check.missing_key:
            notice(f"skipped: {check.missing_key}")
    reports, stopped = [Report()], False
    for check in ready:
        report, stopped = _provider(check, mine[check.check.provider.id], keep=given["record"])
        reports.append(report)
        if stopped:
            break
    return Report.merge(reports), stopped, aside


def _provider(check: LiveCheck, wanted: tuple[str, ...], *, keep: bool) -> tuple[Report, bool]:
    """Ask everything of one provider; Ctrl-C ends the asking and keeps what was seen."""
    stopped = False
    assessments: list[Assessment] = []
    findings: list[Finding] = []
    check.live.told = notice
    notice(f"{check.check.provider.id} is asked at {safe_text(check.base, 120)}")
    try:
        for operation in check.operations(wanted):
            for answers in check.answers(operation):
                walk: list[Interaction] = []
                for answer in answers:
                    walk.append(answer)
                    assessments.append(check.check.assess(answer))
                    notice("  ".join(_row(assessments[-1])))
                findings += check.sequence(tuple(walk)) if len(walk) > 1 else ()
                if keep:
                    print_lines(map(str, check.keep(tuple(walk))))
    except KeyboardInterrupt:
        notice("stopped; what follows was seen so far")
        stopped = True
    notice(f"requests sent: {check.check.provider.id} {check.live.ledger.used} of {check.settings.budget}")
    return check.report(tuple(assessments), tuple(findings)), stopped


def _row(one: Assessment) -> tuple[str, ...]:
    seen = one.interaction
    status = str(seen.response.status) if seen.response else "---"
    latency = f"{seen.elapsed_ms:>6} ms" if seen.elapsed_ms is not None else f"{'':>9}"
    place = f"{one.provider} {one.operation} {seen.probe or seen.name}"
    open_ = one.verdict is Verdict.INCONCLUSIVE
    why = f"{one.verdict}: {safe_text(why_open(one), 120)}" if open_ else str(one.verdict)
    return f"{place:<44}", f"{status:>3}", latency, style()(str(one.verdict), why)
