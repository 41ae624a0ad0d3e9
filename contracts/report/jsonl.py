"""The report as JSON Lines: one record a line, each with its `kind`, for streams and data tools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.model import Report
from contracts.report import json
from contracts.report.curl import commands


def lines(report: Report) -> Iterator[str]:
    """Yield summary, providers, assessments each followed by its findings, other findings, coverage."""
    return map(json.dump, _records(report))


def _records(report: Report) -> Iterator[dict[str, Any]]:
    yield {"kind": "summary", "version": json.VERSION, **json.summary(report)}
    for facts in report.providers:
        yield {"kind": "provider", **json.provider(facts)}
    for one, command in zip(report.assessments, commands(report), strict=True):
        yield {"kind": "assessment", **json.assessment(one, command)}
        for finding in one.told:
            yield {"kind": "finding", "assessment": one.id, **json.finding(finding)}
    for finding in report.findings:
        yield {"kind": "finding", "assessment": None, **json.finding(finding)}
    for covered in report.coverage:
        yield {"kind": "coverage", **json.coverage(covered)}
    for notice in report.notices:
        yield {"kind": "notice", "message": notice}
