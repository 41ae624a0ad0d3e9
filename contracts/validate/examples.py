"""The examples and defaults inside a spec's schemas, held against the schemas they stand in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from contracts.errors import SpecError
from contracts.model import Finding, Json, Pointer
from contracts.rules import severity_of
from contracts.schema import Message, reachable
from contracts.spec import Operation
from contracts.text import safe_text
from contracts.validate.body import RawFault
from contracts.validate.grouping import Where, group
from contracts.validate.response import Checker


def example_findings(
    checker: Checker, operation: Operation, said: Collection[Pointer] = (), seen: set[Pointer] | None = None
) -> tuple[Finding, ...]:
    """Give an `example-mismatch` for each example or default of a response schema that its schema refuses.

    `said` are the places that are judged elsewhere, as interactions, `seen` those of other operations, and
    grows: what operations share is told of the first one.
    """
    seen = set() if seen is None else seen
    broken: list[RawFault] = []
    for response in operation.responses.values():
        for schema in (*response.content.values(), *(header.schema for header in response.headers)):
            if schema is not None:
                broken += (one for one in _mismatches(checker, schema, seen) if one.spec not in said)
    return tuple(group(broken, checker.spec, Where(checker.provider, operation, "", "spec")))


def _mismatches(checker: Checker, start: Pointer, seen: set[Pointer]) -> Iterator[RawFault]:
    for at, node in reachable(checker.spec, start, seen):
        for place, value in _examples(node, at):
            try:
                fault = next(checker.body_check(at).broken(value), None)
            except SpecError:
                continue  # said where the schema itself is used
            if fault is not None:
                where = f"{fault.pointer}: " if fault.pointer else ""
                words = Message(
                    f"the example does not fit: {safe_text(where, 80)}{fault.words.message}", *fault.words[1:]
                )
                yield RawFault("example-mismatch", Pointer(), place, words)


def _examples(node: dict[str, Json], at: Pointer) -> Iterator[tuple[Pointer, Json]]:
    if "example" in node and not is_placeholder(node):
        yield at / "example", node["example"]
    if isinstance(node.get("examples"), list) and not is_placeholder(node):
        yield from ((at / "examples" / n, value) for n, value in enumerate(node["examples"]))
    if "default" in node:
        yield at / "default", node["default"]


def is_placeholder(node: dict[str, Json]) -> bool:
    """Whether the example is null beside a type without null: no value was filled in."""
    kinds = node.get("type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    given = node.get("examples")  # OpenAPI 3.0's `example` stands there as a list of one
    empty = ("example" in node and node["example"] is None) or given == [None]
    return kinds is not None and "null" not in listed and empty


def as_mismatch(finding: Finding) -> Finding:
    """Say of a documentation interaction's finding that the vendor's document contradicts itself."""
    message = f"the example does not fit: {finding.message}"
    return replace(
        finding, rule="example-mismatch", severity=severity_of("example-mismatch"), message=message
    )
