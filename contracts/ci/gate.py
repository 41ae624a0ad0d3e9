"""The gate of a pull request: check offline, write the reports, tell the code host, give the exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeAlias

from contracts.atomic import write_whole
from contracts.check import (
    CheckOptions,
    ProviderCheck,
    choose_providers,
    consumers_of,
    each_of,
    merged,
    read_options,
    report_targets,
    with_aside,
)
from contracts.ci.actions import Actions, append_summary, write_output
from contracts.ci.comment import upsert_comment
from contracts.ci.rest import Forbidden, GitHub, HostError
from contracts.consumers import Compared, answers, behaviours, run, version
from contracts.model import Report
from contracts.policy import Waiver, exit_code, verdict, waivers_of
from contracts.report import ALIASES, FORMATS, github, markdown, remember, render
from contracts.report.terminal import lines as text
from contracts.spec import load, names

Say: TypeAlias = Callable[[str], None]
"""Prints one line of inert text to the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to check and to write; `fail_on` is a severity word, or "" for that of the settings.

    `policy_from` names the revision or folder whose settings and waivers decide; "" for the project as it is.
    """

    root: Path
    today: date
    providers: tuple[str, ...] = ()
    fail_on: str = ""
    policy_from: str = ""
    reports: tuple[tuple[str, Path], ...] = ()
    comment: bool = True


def run_gate(wanted: Wanted, actions: Actions | None, say: Say) -> int:
    """Check, write, tell; gives 0 for conforms, 1 for findings, 3 when nothing could be judged."""
    options, waived = _policy(wanted)
    chosen = choose_providers(wanted.root, wanted.providers, options.policy)

    def checked(name: str) -> ProviderCheck:
        waivers = None if waived is None else waived.get(name, ())
        return ProviderCheck(load(name, wanted.root), options, waivers=waivers)

    checks, aside = each_of(chosen, checked)
    report = merged(checks) + Report(notices=aside)
    compared = list(_compared(wanted.root, checks, options.policy.base))
    for line in (line for one in compared for line in one.lines()):
        say(line)
    report += Report(notices=tuple(_notice(one) for one in compared if one.alters or one.why))
    write_reports(report, wanted.reports, wanted.root)
    remember(wanted.root, report)
    for line in text(report, width=100):
        say(line)
    code = with_aside(exit_code(report, options.policy), aside)
    if actions:
        altered = [line for one in compared if one.alters for line in one.lines()]
        _tell(report, code, wanted, actions, say, altered)
    return code


def _policy(wanted: Wanted) -> tuple[CheckOptions, Mapping[str, tuple[Waiver, ...]] | None]:
    """Read the settings and, where another version decides, the waivers of that by provider."""
    if not wanted.policy_from:
        return read_options(wanted.root, fail_on=wanted.fail_on, today=wanted.today), None
    with version(wanted.policy_from, wanted.root, "--policy-from") as base:
        options = read_options(base.folder, fail_on=wanted.fail_on, today=wanted.today)
        return options, {name: waivers_of(load(name, base.folder)) for name in names(base.folder)}


def _compared(root: Path, checks: Iterable[ProviderCheck], base: str | None) -> Iterator[Compared]:
    """Compare the consumers of the checked providers with the version of the settings, if they name one."""
    pairs = [(check.provider, one) for check in checks for one in consumers_of(root, check.provider)]
    found = [(one, answers(provider, one.operation)) for provider, one in pairs if base is not None]
    asked = [(one, partial(run.samples, payloads), payloads) for one, payloads in found]
    yield from behaviours(base or "", root, asked)


def _notice(one: Compared) -> str:
    """Say in one sentence what a change does to a consumer."""
    said = f"could not be compared: {one.why}" if one.why else one.closing
    return f"{one.consumer.id} against {one.base}: {said}"


def reports_of(given: Iterable[str], option: str) -> tuple[tuple[str, Path], ...]:
    """Read `FORMAT=PATH`; ConfigError or UnknownName when it is something else."""
    return report_targets(given, (*FORMATS, *ALIASES), option)


def write_reports(report: Report, wanted: Iterable[tuple[str, Path]], root: Path) -> None:
    """Write each report to its file, whole or not at all."""
    for name, path in wanted:
        text = "".join(f"{line}\n" for line in render(name, report, root))
        write_whole(root / path, text.encode("utf-8", "backslashreplace"))


def _tell(
    report: Report, code: int, wanted: Wanted, actions: Actions, say: Say, behaviour: Sequence[str]
) -> None:
    for line in github.lines(report, root=wanted.root):
        say(line)
    if actions.summary and not append_summary(actions.summary, "\n".join((*markdown.lines(report), "", ""))):
        say("the step's summary is full; the reports hold everything")
    if actions.output:
        written = {f"{name}-report": str(path) for name, path in wanted.reports}
        write_output(actions.output, {"verdict": verdict(report).value, "exit-code": str(code), **written})
    if wanted.comment and actions.pull_request and actions.can_ask:
        say(f"pull request comment: {_comment(report, actions, behaviour)}")


def _comment(report: Report, actions: Actions, behaviour: Sequence[str]) -> str:
    """Comment if the token may; a gate is never closed or opened by a comment."""
    assert actions.token
    assert actions.pull_request
    try:
        with GitHub(actions.api, actions.repository, actions.token) as host:
            return upsert_comment(
                host, actions.pull_request, report, link=actions.run_url, behaviour=behaviour
            )
    except Forbidden:
        return "skipped, the token may only read; the summary says the same"
    except HostError as error:
        return f"skipped, {error}"
