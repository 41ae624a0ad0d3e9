"""Whatever a file or an answer holds, the reader gives a value, findings, or one error of ours, in time.

Each harness runs a few examples here. For longer: `CONTRACTS_FUZZ_SECONDS=120 pytest tests/fuzz` draws at random
until so many seconds of CPU are over for each (it is then skipped, and says how many inputs it took), and
`python -m tests.fuzz.guided HARNESS SECONDS` lets the lines that an input reaches lead to the next input.
"""

from __future__ import annotations

import functools
import json
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contracts.decode import decode
from contracts.drift import drift
from contracts.errors import CassetteError, ContractsError
from contracts.interactions import leaks, read_recording
from contracts.interactions.redaction.allowance import Allowance
from contracts.interactions.redaction.redact import redacted
from contracts.model import Finding, Interaction, Pointer, Report, Request, Response, Severity, Source
from contracts.policy import read_policy, read_waivers
from contracts.report import FORMATS, render
from contracts.schema import compile_schema
from contracts.spec.document import Document, read_document
from contracts.spec.manifest import read_manifest
from contracts.spec.overlay import apply_overlay
from contracts.vendoring.compose import Source as Upstream
from contracts.vendoring.compose import compose_sources
from tests.fuzz.inputs import (
    BYTES,
    DOCUMENT,
    LEAF,
    OPENAPI,
    RECORDINGS,
    SCHEMA,
    TOML,
    TREE,
    changed,
    damaged,
    written,
)
from tests.validate import random_schemas

LIMIT = 2
"""Seconds of CPU that one input may take."""
SECONDS = float(os.environ.get("CONTRACTS_FUZZ_SECONDS", "0"))
RUNS = settings(
    derandomize=SECONDS <= 20,  # a gate draws the same inputs in each run; more time is for finding others
    database=None,
    max_examples=10**8 if SECONDS else 12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def harness(test: Callable[..., None]) -> Callable[..., None]:
    """Hold a run to its time, and end the harness when its seconds are over and nothing was found."""
    taken, end, found = 0, 0.0, False

    @functools.wraps(test)
    def run(*args: object, **more: object) -> None:
        nonlocal taken, end, found
        started = time.process_time()
        end = end or started + SECONDS
        if SECONDS and started > end and not found:
            pytest.skip(f"{taken} inputs")
        taken += 1
        try:
            test(*args, **more)
            assert time.process_time() - started < LIMIT
        except AssertionError:
            found = True
            raise
        except Exception as fault:
            found = found or type(fault).__module__.partition(".")[0] != "hypothesis"
            raise

    return run


def in_time(act: Callable[[], object]) -> None:
    said = ""
    try:
        act()
    except ContractsError as error:
        said = str(error).strip()
    assert "\n" not in said, said
    assert "\x1b" not in said, said


@RUNS
@given(BYTES)
@harness
def test_decode(data: bytes) -> None:
    in_time(lambda: decode(data))


@RUNS
@given(changed(RECORDINGS).map(written) | damaged() | BYTES)
@harness
def test_recordings_and_their_redaction(data: bytes) -> None:
    def act() -> None:
        for interaction in read_recording(data, "f", on_problem=lambda _: None):
            if interaction.response is not None:
                redacted(interaction, "acme", Allowance())
        list(leaks(data))

    in_time(act)


@RUNS
@example(b'{"\\u001b":"\\ud800"}')
@given(BYTES)
@harness
def test_documents(data: bytes) -> None:
    in_time(lambda: read_document("a.yaml", data))


@RUNS
@given(BYTES)
@harness
def test_vendoring(data: bytes) -> None:
    in_time(lambda: compose_sources([Upstream("a.json", data)]))


@RUNS
@given(st.text(max_size=200))
@harness
def test_pages(text: str) -> None:
    page = f"# Get a batch\n\n`GET /v1/batches/{{id}}`\n\n{text}\n\n```json\n{text[:50]}\n```\n"
    in_time(lambda: compose_sources([Upstream("a.md", page.encode("utf-8", "replace"))]))


@RUNS
@given(changed(({"overlay": "1.0.0", "info": {"title": "t", "version": "1"},
                 "actions": [{"target": "$.info", "update": {"title": "u"}}]},)))  # fmt: skip
@harness
def test_overlays(overlay: object) -> None:
    in_time(lambda: apply_overlay(OPENAPI, Document("o.yaml", overlay, {}), {}))


SCRATCH = tempfile.TemporaryDirectory()


def _read_toml(read: Callable[[Path], object], text: str) -> None:
    path = Path(SCRATCH.name, "fuzz.toml")
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    in_time(lambda: read(path))


@RUNS
@given(TOML | st.text(max_size=60))
@harness
def test_settings(text: str) -> None:
    _read_toml(read_policy, text)


@RUNS
@given(TOML | st.text(max_size=60))
@harness
def test_waivers(text: str) -> None:
    _read_toml(read_waivers, text)


@RUNS
@given(TOML | st.text(max_size=60))
@harness
def test_manifests(text: str) -> None:
    _read_toml(read_manifest, text)


@RUNS
@given(
    TREE
    | changed(({"id": "a", "state": "b", "token": "sk-live-9aBcD3fGh1JkLmN0pQrS", "items": [{"n": 12}]},))
)
@harness
def test_what_is_valid_stays_valid(value: object) -> None:
    engine = compile_schema(SCHEMA)

    def faults(one: object) -> list[tuple[Pointer, str]]:
        return [(fault.pointer, fault.keyword) for fault in engine.faults(one)]

    data = json.dumps(value).encode()
    it = Interaction(
        request=Request("GET", "https://a.example/b"),
        response=Response(200, (("content-type", "application/json"),), data),
        source=Source.LIVE, name="a", operation="get", recorded_at="2026-01-31T09:00:00Z",
    )  # fmt: skip
    try:
        body = redacted(it, "acme", Allowance(faults=faults)).interaction.response.body
    except CassetteError:
        return
    before, after = decode(data), decode(body)
    assert [fault.rule for fault in before.faults] == [fault.rule for fault in after.faults]
    if before.usable and not before.faults:
        assert bool(faults(before.value)) == bool(faults(after.value))


@RUNS
@given(st.integers(0, 2**32 - 1))
@harness
def test_a_verdict_is_that_of_jsonschema(seed: int) -> None:
    rng = random.Random(seed)
    schema = random_schemas.schema(rng)
    alone = jsonschema.Draft202012Validator(schema)
    ours = [compile_schema(schema, engine=name) for name in ("fast", "reference")]
    for value in [random_schemas.value(rng) for _ in range(5)]:
        assert {engine.is_valid(value) for engine in ours} == {alone.is_valid(value)}


@RUNS
@given(DOCUMENT, DOCUMENT)
@harness
def test_drift_is_silent_of_the_same_and_never_one_way_only(one: object, other: object) -> None:
    try:
        first, second = (read_document("a.json", written(value)) for value in (one, other))
        same, there, back = drift(first, first), drift(first, second), drift(second, first)
    except ContractsError:
        return
    assert [found.rule for found in same if found.severity is not Severity.NOTE] == []
    assert bool(list(there)) == bool(list(back))


@RUNS
@given(st.sampled_from(sorted(FORMATS)), st.text(max_size=40) | LEAF.map(str))
@harness
def test_reports_of_hostile_text(form: str, text: str) -> None:
    one = Finding(
        rule="enum", severity=Severity.ERROR, provider="acme", operation=text, status="200", message=text,
        pointer=text, expected=text, found=text,
    )  # fmt: skip
    shown = "\n".join(render(form, Report(findings=(one,), notices=(text,)), Path()))
    assert not [char for char in shown if ord(char) < 32 and char not in "\n\t\x1b"]
