"""The gate of a pull request: check offline, write the reports, tell the code host, give the exit code."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

from contracts.check import CheckOptions, ProviderCheck, merged
from contracts.ci.actions import Actions, append_summary, write_output
from contracts.ci.comment import upsert_comment
from contracts.ci.rest import Forbidden, GitHub, HostError
from contracts.errors import ConfigError, UnknownName
from contracts.model import Report, Severity
from contracts.policy import Policy, exit_code, read_policy, verdict
from contracts.report import ALIASES, FORMATS, github, markdown, render
from contracts.report.terminal import lines as text
from contracts.spec import load, names

Say: TypeAlias = Callable[[str], None]
"""Prints one line of inert text to the log."""

FAIL_ON: Final = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE, "never": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to check and to write; `fail_on` is a severity word, or "" for that of the settings."""

    root: Path
    today: date
    providers: tuple[str, ...] = ()
    fail_on: str = ""
    reports: tuple[tuple[str, Path], ...] = ()
    comment: bool = True


def run_gate(wanted: Wanted, actions: Actions | None, say: Say) -> int:
    """Check, write, tell; gives 0 for conforms, 1 for findings, 3 when nothing could be judged."""
    policy = _policy(wanted)
    checks = [
        ProviderCheck(load(name, wanted.root), CheckOptions(policy=policy, today=wanted.today))
        for name in _chosen(wanted, policy)
    ]
    report = merged(checks)
    write_reports(report, wanted.reports, wanted.root)
    for line in text(report, width=100):
        say(line)
    code = exit_code(report, policy)
    if actions:
        _tell(report, code, wanted, actions, say)
    return code


def _policy(wanted: Wanted) -> Policy:
    policy = read_policy(wanted.root / "pyproject.toml", providers=names(wanted.root))
    if not wanted.fail_on:
        return policy
    if wanted.fail_on not in FAIL_ON:
        raise UnknownName("severity", wanted.fail_on, FAIL_ON, "fail-on")
    return replace(policy, fail_on=FAIL_ON[wanted.fail_on])


def _chosen(wanted: Wanted, policy: Policy) -> tuple[str, ...]:
    known = names(wanted.root)
    listed = wanted.providers or policy.providers or known
    return known if "all" in listed else tuple(dict.fromkeys(listed))


def parse_report(text_: str) -> tuple[str, Path]:
    """Read `FORMAT=PATH`; ConfigError or UnknownName when it is something else."""
    name, equals, path = text_.partition("=")
    if not (equals and path):
        raise ConfigError(f"a report is FORMAT=PATH, found {text_[:80]!r}")
    if ALIASES.get(name, name) not in FORMATS:
        raise UnknownName("report format", name, FORMATS)
    return name, Path(path)


def write_reports(report: Report, wanted: Iterable[tuple[str, Path]], root: Path) -> None:
    """Write each report to its file, whole or not at all."""
    for name, path in wanted:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                file.writelines(f"{line}\n" for line in render(name, report, root))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _tell(report: Report, code: int, wanted: Wanted, actions: Actions, say: Say) -> None:
    for line in github.lines(report):
        say(line)
    if actions.summary and not append_summary(actions.summary, "\n".join((*markdown.lines(report), "", ""))):
        say("the step's summary is full; the reports hold everything")
    if actions.output:
        written = {f"{name}-report": str(path) for name, path in wanted.reports}
        write_output(actions.output, {"verdict": verdict(report).value, "exit-code": str(code), **written})
    if wanted.comment and actions.pull_request and actions.can_ask:
        say(f"pull request comment: {_comment(report, actions)}")


def _comment(report: Report, actions: Actions) -> str:
    """Comment if the token may; a gate is never closed or opened by a comment."""
    assert actions.token
    assert actions.pull_request
    try:
        with GitHub(actions.api, actions.repository, actions.token) as host:
            return upsert_comment(host, actions.pull_request, report, link=actions.run_url)
    except Forbidden:
        return "skipped, the token may only read; the summary says the same"
    except HostError as error:
        return f"skipped, {error}"


def split(text_: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Split names by commas and blanks; UnknownName for one that is not known."""
    found = tuple(text_.replace(",", " ").split())
    for name in found:
        if known and name not in known:
            raise UnknownName("provider", name, known)
    return found
