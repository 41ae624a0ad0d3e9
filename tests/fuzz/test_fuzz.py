"""Whatever a file or an answer holds, the reader gives a value, findings, or one error of ours, in time.

Each harness runs a few examples here. By hand, for longer: `CONTRACTS_FUZZ=20000 pytest tests/fuzz`, and with
`CONTRACTS_FUZZ_SECONDS=120` until so many seconds are over; then it is skipped, and says how many inputs it took.
"""

from __future__ import annotations

import functools
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

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

EXAMPLES = int(os.environ.get("CONTRACTS_FUZZ", "12"))
RUNS = settings(
    derandomize=EXAMPLES < 1000,
    database=None,
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SECONDS = 2
ENOUGH = float(os.environ.get("CONTRACTS_FUZZ_SECONDS", "1e9"))
WORDS = st.sampled_from(
    [
        "paths",
        "components",
        "schemas",
        "$ref",
        "type",
        "properties",
        "items",
        "required",
        "enum",
        "oneOf",
        "allOf",
        "get",
        "responses",
        "200",
        "content",
        "application/json",
        "schema",
        "parameters",
        "name",
        "in",
        "url",
        "status",
        "headers",
        "body",
        "log",
        "entries",
        "request",
        "response",
        "actions",
        "target",
        "update",
        "remove",
        "overlay",
        "info",
        "title",
        "version",
        "openapi",
        "3.1.0",
        "object",
        "string",
        "integer",
        "null",
        "#/paths",
        "id",
        "state",
        "token",
    ]
)
LEAF = (
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=12)
    | st.sampled_from(["\u202e\x1b]8;;x\x07", "::error::x", "##[x]", "=1+1", "\ud800", "#/", "x" * 300])
)  # fmt: skip
TREE = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=20,
)
SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "state": {"enum": ["a", "b"]},
        "items": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
    },
}
OPENAPI = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://a.example"}],
    "paths": {"/b": {"get": {"responses": {"200": {"content": {"application/json": {"schema": SCHEMA}}}}}}},
}
RECORDINGS = (
    {"url": "https://a.example/b", "status": 200, "headers": {"content-type": "application/json"}, "body": {"id": "a"}},
    {"log": {"entries": [{"request": {"method": "GET", "url": "https://a.example/b", "headers": []},
                          "response": {"status": 200, "headers": [], "content": {"text": "{}"}}}]}},
    {"interactions": [{"request": {"method": "GET", "uri": "https://a.example/b", "headers": {}},
                       "response": {"status": {"code": 200}, "headers": {}, "body": {"string": "{}"}}}], "version": 1},
)  # fmt: skip


@st.composite
def changed(draw: st.DrawFn, seeds: tuple[object, ...]) -> object:
    """Give one of the seeds with a part replaced by any other value."""
    value = json.loads(json.dumps(draw(st.sampled_from(seeds))))
    for _ in range(draw(st.integers(1, 3))):
        node, depth = value, draw(st.integers(0, 9))
        for _ in range(depth):
            keys = (
                list(node)
                if isinstance(node, dict)
                else list(range(len(node)))
                if isinstance(node, list)
                else []
            )
            below = [key for key in keys if isinstance(node[key], dict | list) and node[key]]
            if not below:
                break
            node = node[draw(st.sampled_from(below))]
        if isinstance(node, dict):
            node[draw(st.sampled_from(sorted(node)) | WORDS) if node else draw(WORDS)] = draw(TREE)
        elif node:
            node[draw(st.integers(0, len(node) - 1))] = draw(TREE)
    return value


def written(value: object) -> bytes:
    return json.dumps(value).encode()


def harness(test: Callable[..., None]) -> Callable[..., None]:
    """Hold a run to its time, and end the harness when its seconds are over and nothing was found."""
    taken, end, found = 0, 0.0, False

    @functools.wraps(test)
    def run(*args: object, **more: object) -> None:
        nonlocal taken, end, found
        end = end or time.monotonic() + ENOUGH
        if time.monotonic() > end and not found:
            pytest.skip(f"{taken} inputs")
        taken += 1
        started = time.process_time()
        try:
            test(*args, **more)
            assert time.process_time() - started < SECONDS
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


DOCUMENT = changed((OPENAPI,))
BYTES = st.binary(max_size=60) | DOCUMENT.map(written) | TREE.map(written)


@RUNS
@given(BYTES)
@harness
def test_decode(data: bytes) -> None:
    in_time(lambda: decode(data))


@RUNS
@given(changed(RECORDINGS).map(written) | BYTES)
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


TOML = st.lists(
    st.sampled_from(["[tool.contracts]", "[[waiver]]", "[auth]", "[operations.a]", "[[upstream]]", "[a.b]"])
    | st.builds(
        lambda key, value: f"{key} = {value}",
        st.sampled_from(
            [
                "providers",
                "fail_on",
                "rule",
                "reason",
                "owner",
                "until",
                "title",
                "servers",
                "provenance",
                "env",
                "header",
                "file",
            ]
        ),
        st.sampled_from(
            ["1", "true", '"x"', "[]", '["a"]', "2026-01-01", "{}", "1.5", '"""', "[[1]]", '"2026-13-01"']
        )
        | st.integers(1, 3000).map(lambda n: "[" * n + "]" * n),
    ),
    max_size=8,
).map("\n".join)


@RUNS
@given(TOML | st.text(max_size=60))
@pytest.mark.parametrize("read", [read_policy, read_waivers, read_manifest])
@harness
def test_settings_waivers_and_manifests(
    tmp_path_factory: pytest.TempPathFactory, read: Callable[[Path], object], text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    in_time(lambda: read(path))


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
@given(DOCUMENT)
@harness
def test_a_document_does_not_drift_from_itself(value: object) -> None:
    try:
        document = read_document("a.json", written(value))
        found = drift(document, document)
    except ContractsError:
        return
    assert [one.rule for one in found if one.severity is not Severity.NOTE] == []


@RUNS
@given(st.text(max_size=40) | LEAF.map(str))
@pytest.mark.parametrize("form", sorted(FORMATS))
@harness
def test_reports_of_hostile_text(form: str, text: str) -> None:
    one = Finding(
        rule="enum", severity=Severity.ERROR, provider="acme", operation=text, status="200", message=text,
        pointer=text, expected=text, found=text,
    )  # fmt: skip
    shown = "\n".join(render(form, Report(findings=(one,), notices=(text,)), Path()))
    assert not [char for char in shown if ord(char) < 32 and char not in "\n\t\x1b"]
