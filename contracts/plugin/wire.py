"""Assessments as text between processes: what pytest-xdist carries from a worker to the controller.

It is read by others too, who write it to files: of a request there is what the line to ask again shows, and
of an answer its status.
"""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

from contracts.model import (
    Asking,
    Assessment,
    Finding,
    Interaction,
    Request,
    Response,
    Severity,
    Source,
    SourceLine,
    Verdict,
)
from contracts.report.curl import askable


def pack(assessment: Assessment, shown: tuple[str, ...] = ()) -> str:
    """Write an assessment, without bodies, and the facts its interaction showed, as one line of JSON."""
    seen = assessment.interaction
    bare = replace(
        assessment,
        interaction=replace(
            seen,
            request=askable(replace(seen.request, body=b""), assessment.asking),
            response=Response(seen.response.status, (), b"") if seen.response else None,
        ),
    )
    return json.dumps({"assessment": _plain(bare), "shown": shown}, separators=(",", ":"))


def unpack(text: str) -> tuple[Assessment, tuple[str, ...]]:
    """Read what `pack` wrote."""
    data = json.loads(text)
    return _assessment(data["assessment"]), tuple(data["shown"])


def pack_findings(findings: tuple[Finding, ...]) -> str:
    """Write findings that belong to no interaction."""
    return json.dumps([_plain(finding) for finding in findings], separators=(",", ":"))


def unpack_findings(text: str) -> tuple[Finding, ...]:
    """Read what `pack_findings` wrote."""
    return tuple(map(_finding, json.loads(text)))


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return "" if isinstance(value, bytes) else value


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _line(data: dict[str, Any] | None) -> SourceLine | None:
    return SourceLine(**data) if data else None


def _finding(data: dict[str, Any]) -> Finding:
    given = {key: _tuples(value) for key, value in data.items()}
    lines = {key: _line(given[key]) for key in ("spec_line", "base", "revision")}
    return Finding(**{**given, **lines, "severity": Severity(given["severity"])})


def _message(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "headers": _tuples(data["headers"]), "body": b""}


def _interaction(data: dict[str, Any]) -> Interaction:
    response = data["response"]
    sequence = data["sequence"]
    given = {
        "request": Request(**_message(data["request"])),
        "response": Response(**_message(response)) if response else None,
        "source": Source(data["source"]),
        "origin": _line(data["origin"]),
        "sequence": (sequence[0], sequence[1]) if sequence else None,
    }
    return Interaction(**{**data, **given})


def _assessment(data: dict[str, Any]) -> Assessment:
    given = {
        "interaction": _interaction(data["interaction"]),
        "findings": tuple(map(_finding, data["findings"])),
        "verdict": Verdict(data["verdict"]),
        "not_checked": tuple(data["not_checked"]),
        "not_judged": tuple(data["not_judged"]),
        "asking": Asking(**{key: _tuples(value) for key, value in data["asking"].items()}),
    }
    return Assessment(**{**data, **given})
