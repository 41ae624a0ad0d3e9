"""The worked examples of the rules' docstrings, made into documents that can be compared.

An example is a schema; or `{schema: …}` where a rule is about what stands beside constraints; or an
operation; or whole top-level keys of a document.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contracts.drift.judge import drift
from contracts.drift.rules import Rule
from contracts.drift.tolerance import TOLERANT, Tolerance
from contracts.model import Finding, Json
from contracts.spec import Document, read_document

_TOP: Final = frozenset(("paths", "webhooks", "servers", "info", "components", "security"))
_OPERATION: Final = frozenset(
    (
        "parameters",
        "responses",
        "requestBody",
        "deprecated",
        "security",
        "tags",
        "summary",
        "operationId",
        "description",
        "externalDocs",
    )
)


def document(rule: Rule, text: str) -> Document:
    """Wrap one side of an example: schemas stand in the body and the answer of `POST /a`."""
    value = read_document(rule.id, f"---\n{text}".encode()).value
    return Document(
        rule.id,
        {"openapi": "3.1.0", "info": {"title": "example", "version": "1"}, **_wrapped(rule, value)},
        {},
    )


def _wrapped(rule: Rule, value: Json) -> dict[str, Json]:
    keys = set(value) if isinstance(value, dict) else set()
    if not rule.schema and keys & _TOP:
        return {"paths": {}, **value}
    if not rule.schema and keys & _OPERATION:
        return {"paths": {"/a": {"post": value}}}
    schema = value["schema"] if not rule.schema else value
    media = {"application/json": {"schema": schema}}
    operation = {"requestBody": {"content": media}, "responses": {"200": {"content": media}}}
    return {"paths": {"/a": {"post": operation}}}


def compared(rule: Rule, before: str, after: str, tolerance: Tolerance = TOLERANT) -> tuple[Finding, ...]:
    """Compare two sides of an example of a rule, on a day in 2026."""
    return drift(document(rule, before), document(rule, after), tolerance=tolerance, today="2026-11-22")


def lines(rule: Rule, findings: tuple[Finding, ...]) -> Iterator[str]:
    """Write findings as the docs do: `response error /status: may now be 'paused'`."""
    for one in findings:
        place = (
            one.pointer
            if rule.schema
            else f"{one.operation} {one.status} {one.pointer}".replace("  ", " ").strip()
        )
        yield f"{one.direction} {one.severity} {place or '/'}: {one.message}"
