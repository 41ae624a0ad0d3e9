"""The report as JUnit XML: a suite for each provider and operation, a test case for each interaction.

Facts stand as properties of the suite, where every reader's schema allows them; findings that belong to no
interaction are test cases of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from contracts.model import Assessment, Finding, Report, Severity, Verdict
from contracts.report.curl import commands
from contracts.report.entries import again, facts, place
from contracts.text import safe_text


def lines(report: Report) -> Iterator[str]:
    """Yield one XML document; text from outside is shortened and escaped, no CDATA is used."""
    suites: dict[tuple[str, str], _Suite] = {}
    for pair in zip(report.assessments, commands(report), strict=True):
        suites.setdefault((pair[0].provider, pair[0].operation), _Suite([], [])).members.append(pair)
    for finding in report.findings:
        suites.setdefault((finding.provider, finding.operation), _Suite([], [])).others.append(finding)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<testsuites name="contracts">'
    for key, suite in suites.items():
        yield from _suite(report, *key, suite)
    yield "</testsuites>"


class _Suite(NamedTuple):
    """What belongs to one provider and operation: interactions with their requests, other findings."""

    members: list[tuple[Assessment, str]]
    others: list[Finding]


def _suite(report: Report, provider: str, operation: str, suite: _Suite) -> Iterator[str]:
    members, others = suite
    verdicts = Counter(one.verdict for one, _ in members)
    failures = verdicts[Verdict.VIOLATES] + sum(map(_bad, others))
    name = quoteattr(safe_text(".".join(filter(None, (provider, operation))) or "setup", 120))
    total = f'tests="{len(members) + len(others)}" failures="{failures}" errors="0"'
    yield f' <testsuite name={name} {total} skipped="{verdicts[Verdict.INCONCLUSIVE]}">'
    yield "  <properties>"
    findings = [*(finding for one, _ in members for finding in one.findings), *others]
    yield from (_property(*fact) for fact in _facts(report, provider, operation, findings))
    yield "  </properties>"
    for one, command in members:
        yield from _case(one, command, name)
    for finding in others:
        yield from _other(finding, name)
    yield " </testsuite>"


def _bad(finding: Finding) -> bool:
    return finding.severity == Severity.ERROR and not finding.waived


def _facts(
    report: Report, provider: str, operation: str, findings: list[Finding]
) -> Iterator[tuple[str, str]]:
    for known in report.providers:
        if known.id == provider:
            yield from (
                ("provenance", known.provenance),
                ("retrieved", known.retrieved),
                ("spec", known.spec_file),
            )
    for covered in report.coverage:
        if (covered.provider, covered.operation) == (provider, operation):
            yield "coverage", f"{covered.share:.4f}"
    for one in findings:
        level = "waived" if one.waived else one.severity.value
        yield f"finding {one.fingerprint}", f"{level} {one.rule} {place(one)}"


def _property(name: str, value: str) -> str:
    return f"   <property name={quoteattr(safe_text(name, 80))} value={quoteattr(safe_text(value, 240))}/>"


def _case(one: Assessment, command: str, suite: str) -> Iterator[str]:
    elapsed = one.interaction.elapsed_ms
    time = f' time="{elapsed / 1000:.3f}"' if elapsed is not None else ""
    yield f"  <testcase classname={suite} name={quoteattr(safe_text(one.id, 120))}{time}>"
    if one.verdict == Verdict.INCONCLUSIVE:
        why = one.interaction.failure or "; ".join(one.not_checked) or "nothing could be judged"
        yield f'   <skipped type="inconclusive" message={quoteattr(safe_text(why, 240))}/>'
    open_ = [finding for finding in one.findings if not finding.waived]
    if one.verdict == Verdict.VIOLATES:
        yield from _failure(open_, command)
    elif open_:
        yield from f"   <system-out>{_text(open_, command)}</system-out>".splitlines()
    yield "  </testcase>"


def _other(finding: Finding, suite: str) -> Iterator[str]:
    name = quoteattr(safe_text(f"{finding.rule} {place(finding)}", 160))
    yield f"  <testcase classname={suite} name={name}>"
    if _bad(finding):
        yield from _failure([finding], again(finding))
    yield "  </testcase>"


def _failure(findings: list[Finding], command: str) -> Iterator[str]:
    errors = [one for one in findings if one.severity == Severity.ERROR] or findings
    first = f"{place(errors[0])}: {safe_text(errors[0].sentence, 200)}" if errors else "violates"
    more = f" (and {len(findings) - 1:,} more)" if len(findings) > 1 else ""
    rule = quoteattr(safe_text(errors[0].rule if errors else "violates", 60))
    head = f"<failure type={rule} message={quoteattr(first + more)}>"
    yield from f"   {head}{_text(findings, command)}</failure>".splitlines()


def _text(findings: list[Finding], command: str) -> str:
    rows = (*(row for one in findings for row in _rows(one)), safe_text(command, 2400))
    return escape("\n".join(filter(None, rows)))


def _rows(one: Finding) -> Iterator[str]:
    spec = f" {safe_text(str(one.spec_line), 120)}" if one.spec_line else ""
    yield f"{one.severity} {place(one)} {safe_text(one.sentence, 240)} [{safe_text(one.rule, 60)}]{spec}"
    yield from (f"  {word}: {value}" for word, value in facts(one) if word in {"since", "impact", "witness"})
