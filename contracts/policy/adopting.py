"""Writing waivers: for one finding, or for everything that is open when a team adopts the tool.

The file is only ever added to, so that its comments stay; it is replaced whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from contracts.atomic import alone, write_whole
from contracts.errors import ConfigError
from contracts.model import Finding, Report, Severity, SourceLine
from contracts.policy.waivers import MAX_DAYS, Waiver, place, read_waivers, write_waivers

OWN_RULES: Final = frozenset({"waiver-expired", "waiver-unused"})
"""Findings about the books themselves; they are mended, not waived."""


def open_findings(report: Report, least: Severity) -> tuple[Finding, ...]:
    """Give the open findings at or above a severity, each place and rule once, in the report's order."""
    found: dict[tuple[str, str], Finding] = {}
    for one in report.all_findings():
        if not one.waived and one.severity.weight >= least.weight and one.rule not in OWN_RULES:
            found.setdefault((one.rule, place(one)), one)
    return tuple(found.values())


def find(report: Report, fingerprint: str, waiving: Callable[[Finding], str] = lambda _: "") -> Finding:
    """Give the open finding whose fingerprint begins so; ConfigError for none or several.

    `waiving` says by which line a finding is waived.
    """
    open_ = [one for one in report.all_findings() if not one.waived and one.rule not in OWN_RULES]
    found = {one.fingerprint: one for one in open_ if one.fingerprint.startswith(fingerprint)}
    if len(found) == 1 and len(fingerprint) >= 4:
        return next(iter(found.values()))
    many = "several findings have" if found else "no open finding has"
    if found and len(fingerprint) < 4:
        raise ConfigError(
            f"{fingerprint[:32]!r} is too short; give at least four characters of a fingerprint"
        )
    waived = [one for one in report.all_findings() if one.waived and one.fingerprint.startswith(fingerprint)]
    if waived and not found and len(fingerprint) >= 4:
        where = f" by {line}" if (line := waiving(waived[0])) else ""
        raise ConfigError(f"the finding {waived[0].fingerprint} is waived{where}: {waived[0].waived}")
    raise ConfigError(f"{many} the fingerprint {fingerprint[:32]!r}; list them with: contracts report")


def waiver_for(finding: Finding, reason: str, owner: str, until: date, link: str = "") -> Waiver:
    """Make the waiver that covers exactly the finding's rule and place."""
    where = place(finding)
    return Waiver(
        rule=finding.rule,
        place=where,
        reason=reason,
        owner=owner,
        until=until,
        link=link,
        origin=SourceLine("waivers.toml"),
    )


def check_until(until: date, today: date) -> None:
    """Refuse a day that is over or too far ahead."""
    ahead = (until - today).days
    if not 0 <= ahead <= MAX_DAYS:
        problem = "is over" if ahead < 0 else f"is {ahead} days ahead; {MAX_DAYS} is the most"
        raise ConfigError(f"until {until} {problem}")


def add_waivers(path: Path, waivers: Iterable[Waiver], shown: str = "") -> tuple[Waiver, ...]:
    """Append waivers to a file and give those that were added; what stands there already is left out.

    ConfigError when the one that stands there has ended: its own line is the place to decide again.
    """
    with alone(path.parent):
        return _added(path, waivers, shown)


def _added(path: Path, waivers: Iterable[Waiver], shown: str) -> tuple[Waiver, ...]:
    present = {(one.rule, one.place): one for one in read_waivers(path, shown)}
    new = []
    for one in waivers:
        known = present.get((one.rule, one.place))
        if known and known.until < one.until:
            raise ConfigError(f"{known.origin}: waived until {known.until} already; change the day there")
        if not known:
            new.append(replace(one, origin=SourceLine(shown or str(path))))
            present[one.rule, one.place] = one
    if new:
        before = path.read_text(encoding="utf-8").rstrip("\n") if path.is_file() else ""
        text = "\n".join((*([before, ""] if before else []), *write_waivers(new), ""))
        write_whole(path, text.encode())
    return tuple(new)
