"""Seeded faults: a good answer of every vendor, and what can go wrong with it.

Each fault says what the severity table makes of it: the rule that must speak and its severity, or that the
answer tells nothing of the contract. `published`, `derived` and `inferred` facts weigh differently.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from contracts.interactions.formats.cassette import read_cassette
from contracts.model import Interaction, Response, Severity, Source

SPECS = Path(__file__).parents[2] / "specs"
E, W = Severity.ERROR, Severity.WARNING
JSON = (("content-type", "application/json"),)
HTML = b"<!doctype html><html><body><h1>We will be right back</h1></body></html>"
GOOD = {
    "almanac": "200-completed-finished-at-set",
    "llamacloud": "200-completed-expanded",
    "matil": "200-completed",
    "nimble": "200-completed",
    "wickson": "200-completed",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: vendor, name, the answer, and the rule and severity it must lead to; no rule means inconclusive."""

    provider: str
    name: str
    interaction: Interaction
    rule: str
    severity: Severity | None

    def __str__(self) -> str:
        return f"{self.provider}-{self.name}"

    @property
    def code(self) -> int:
        """The exit code that the default policy owes it."""
        return 3 if self.severity is None else int(self.severity is E)


def good(provider: str) -> Interaction:
    """The answer of a finished batch as its cassette has it, as if it had just been recorded."""
    path = SPECS / provider / "cassettes" / "getBatch" / f"{GOOD[provider]}.json"
    return replace(read_cassette(path), source=Source.RECORDED, recorded_at="2026-11-22T00:00:00Z")


def body(provider: str):
    return json.loads(good(provider).response.body)


def answer(provider: str, status: int, data: bytes, headers=JSON, source=Source.RECORDED) -> Interaction:
    return replace(good(provider), response=Response(status, headers, data), source=source)


def edited(provider: str, change: Callable[[object], object]) -> Interaction:
    """The good answer with one edit in its body."""
    value = body(provider)
    change(value)
    return replace(good(provider), response=replace(good(provider).response, body=json.dumps(value).encode()))


def put(*path_and_value):
    *path, last, value = path_and_value

    def change(document):
        for key in path:
            document = document[key]
        document[last] = value

    return change


def drop(*path):
    *head, last = path

    def change(document):
        for key in head:
            document = document[key]
        del document[last]

    return change


def everywhere(provider: str) -> Iterator[Fault]:
    """Faults that every vendor can have."""
    weak = W if provider == "wickson" else E
    raw = good(provider).response.body
    live = {"source": Source.LIVE}

    def fault(name, interaction, rule, severity):
        return Fault(provider, name, interaction, rule, severity)

    yield fault("status-418", answer(provider, 418, b"{}"), "undocumented-status", W)
    yield fault("status-206", answer(provider, 206, raw), "undocumented-status", weak)
    yield fault(
        "media-type-text", answer(provider, 200, raw, (("content-type", "text/plain"),)), "media-type", weak
    )
    yield fault(
        "maintenance-page", answer(provider, 200, HTML, (("content-type", "text/html"),)), "not-json", E
    )
    yield fault("maintenance-page-called-json", answer(provider, 200, HTML), "not-json", E)
    yield fault("truncated", answer(provider, 200, raw[: len(raw) // 2]), "not-json", E)
    yield fault("empty", answer(provider, 200, b""), "not-json", E)
    first = json.dumps(next(iter(body(provider)))).encode()
    yield fault("duplicate-key", answer(provider, 200, b"{" + first + b":0," + raw[1:]), "duplicate-key", E)
    yield fault("bad-utf8", answer(provider, 200, raw[:-1] + b"\xff}"), "bad-utf8", E)
    for status in (402, 429, 503):
        yield fault(f"live-{status}", answer(provider, status, b'{"error": "x"}', **live), "", None)
    yield fault(
        "live-502-page", answer(provider, 502, HTML, (("content-type", "text/html"),), **live), "", None
    )
    silent = replace(good(provider), response=None, failure="no answer within 30 s", **live)
    yield fault("live-timeout", silent, "", None)
    yield fault("live-truncated", answer(provider, 200, raw[:40], **live), "not-json", E)


def field_faults() -> Iterator[Fault]:
    """Faults in the fields that each vendor promises: the weight follows from where the promise stands."""
    table = (
        ("almanac", "field-missing", drop("wiki_id"), "required", E),
        ("almanac", "type-of-count", put("source_count", "2"), "type", E),
        ("almanac", "unknown-word", put("status", "archived"), "enum", E),
        ("almanac", "unknown-state", put("status_state", "done"), "enum", E),
        ("almanac", "null-id", put("batch_id", None), "type", E),
        ("almanac", "extra-field", put("retries", 1), "additionalProperties", E),
        ("llamacloud", "field-missing", drop("project_id"), "required", E),
        ("llamacloud", "nested-missing", drop("results", 0, "source_directory_file_id"), "required", E),
        ("llamacloud", "unknown-word", put("status", "ARCHIVED"), "enum", E),
        ("llamacloud", "null-config", put("config", None), "type", E),
        ("llamacloud", "format-of-time", put("created_at", "yesterday"), "format", E),
        ("llamacloud", "extra-field", put("cost", 1), "undescribed", W),
        ("matil", "field-missing", drop("total_items"), "required", E),
        ("matil", "type-of-count", put("completed_items", "3"), "type", E),
        ("matil", "format-of-time", put("created_at", "12/03/2026"), "format", E),
        ("matil", "format-of-id", put("batch_id", "batch-1"), "format", E),
        ("matil", "null-status", put("status", None), "type", E),
        ("matil", "inferred-type", put("items", 1, "metadata", "none"), "type", W),
        ("matil", "extra-field", put("items", 0, "confidence", 0.9), "undescribed", W),
        ("nimble", "field-missing", drop("tasks", 1, "state"), "required", E),
        ("nimble", "type-of-count", put("completed_count", "2"), "type", E),
        ("nimble", "unknown-word", put("tasks", 0, "state", "cancelled"), "enum", E),
        ("nimble", "constant", put("status", "failed"), "const", E),
        ("nimble", "boolean-as-text", put("completed", "true"), "type", E),
        ("nimble", "format-of-address", put("tasks", 0, "status_url", "not an address"), "format", E),
        ("nimble", "extra-field", put("tasks", 0, "retries", 1), "additionalProperties", E),
        ("wickson", "field-missing", drop("data", "progress", "total"), "required", W),
        ("wickson", "type-of-count", put("data", "progress", "completed", "200"), "type", W),
        ("wickson", "unknown-word", put("data", "status", "archived"), "enum", W),
        ("wickson", "null-time", put("data", "timing", "created_at", None), "type", W),
        ("wickson", "format-of-time", put("data", "timing", "created_at", "today"), "format", W),
        ("wickson", "extra-field", put("data", "owner", "x"), "undescribed", W),
    )
    for provider, name, change, rule, severity in table:
        yield Fault(provider, name, edited(provider, change), rule, severity)


def answer_faults() -> Iterator[Fault]:
    """Faults in error bodies and headers, where the vendor describes them."""
    yield Fault("almanac", "error-body", answer("almanac", 401, b'{"detail": "no"}'), "required", E)
    yield Fault("llamacloud", "error-body", answer("llamacloud", 422, b'{"detail": "no"}'), "type", E)
    yield Fault("matil", "error-body", answer("matil", 404, b'{"message": 4}'), "type", E)
    yield Fault("nimble", "error-body", answer("nimble", 500, b'{"success": false}'), "type", E)
    yield Fault("wickson", "error-body", answer("wickson", 404, b'{"success": "no"}'), "type", W)
    limited = (*JSON, ("x-ratelimit-limit", "many"))
    yield Fault(
        "wickson", "header", answer("wickson", 200, good("wickson").response.body, limited), "header-value", W
    )


def all_faults() -> tuple[Fault, ...]:
    """Every seeded fault, about a hundred over the five vendors."""
    return (*(one for provider in GOOD for one in everywhere(provider)), *field_faults(), *answer_faults())
