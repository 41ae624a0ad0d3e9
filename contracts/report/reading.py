"""The published JSON read back: findings that another run wrote."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, Final

from contracts.errors import ConfigError
from contracts.model import Finding, Json, Report, Severity, SourceLine
from contracts.report.json import VERSION

_LINES: Final = frozenset({"spec_line", "base", "revision"})
_LISTS: Final = frozenset({"places", "impact"})


def read_report(text: str, name: str = "report") -> Report:
    """Read the findings and notices of a JSON report; ConfigError when it is another kind of document.

    Interactions are not rebuilt, since a report holds no bodies; their findings stand with the others.
    """
    try:
        value = json.loads(text)
        if not isinstance(value, dict) or value.get("version") != VERSION:
            raise ConfigError(f"{name}: not a report of version {VERSION}")
        blocks = (one["findings"] for one in value["assessments"])
        rows = [*(row for block in blocks for row in block), *value["findings"]]
        return Report(findings=tuple(map(_finding, rows)), notices=tuple(map(str, value["notices"])))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ConfigError(f"{name}: not a report as specs/report.schema.json describes it") from None


def _finding(row: dict[str, Json]) -> Finding:
    values = {one.name: _value(one.name, row[one.name]) for one in fields(Finding)}
    return Finding(**values)


def _value(name: str, value: Json) -> Any:
    if name == "severity":
        return Severity(value)
    if name in _LINES:
        return SourceLine(str(value["file"]), int(value["line"])) if value else None
    return tuple(map(str, value)) if name in _LISTS else value
