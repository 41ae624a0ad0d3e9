"""What an answer may try: bombs, bodies at the limit, depth, numbers, broken text, and work that grows with the square."""

from __future__ import annotations

import base64
import gzip
import json
import os
import resource
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contracts.check import CheckOptions
from contracts.cli import group
from contracts.decode import decode
from contracts.drift import drift
from contracts.interactions import read_recordings
from contracts.interactions.formats import jsonl
from contracts.interactions.formats.files.source import opened
from contracts.interactions.redaction.allowance import Allowance
from contracts.interactions.redaction.redact import redacted
from contracts.model import Interaction, Request, Response, Source
from contracts.policy import Policy
from contracts.report import FORMATS, render
from contracts.schema import engine
from contracts.spec.document import Document
from contracts.validate import grouping
from tests import acme
from tests.interactions.hostile import plain, serving
from tests.live.test_threats import asked, live_check
from tests.report.reports import big

MEGABYTES = 1024 * 1024
MEMBERS = 64
"""Pieces of 16 MiB, packed one after the other: a gigabyte that costs nothing to make."""


def deflated(window: int = -15) -> bytes:
    """Give a block of 16 MiB of blanks that can be repeated."""
    machine = zlib.compressobj(9, zlib.DEFLATED, window)
    return machine.compress(b" " * 16 * MEGABYTES) + machine.flush(zlib.Z_FULL_FLUSH)


def bomb(encoding: str) -> bytes:
    """Give some kilobytes that unpack to a gigabyte."""
    if encoding == "zstd":
        made = pytest.importorskip("zstandard").ZstdCompressor()
        return bytes(made.compress(b" " * 16 * MEGABYTES)) * MEMBERS
    if encoding == "br":
        machine = pytest.importorskip("brotli").Compressor(quality=1, lgwin=24)
        return b"".join(machine.process(b" " * 16 * MEGABYTES) for _ in range(MEMBERS)) + machine.finish()
    if encoding == "members":
        return gzip.compress(b" " * 16 * MEGABYTES) * MEMBERS
    head = {"gzip": gzip.compress(b"")[:10], "deflate": b"\x78\x9c"}[encoding]
    return head + deflated() * MEMBERS


def growth(act: Callable[[], object]) -> int:
    """Do something in a child; give by how many megabytes its memory grew at most."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads of other tests
        child = os.fork()
    if child == 0:
        before, grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, -1
        try:
            act()
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        finally:
            os.write(writer, str(grown).encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        said = int(told.read())
    os.waitpid(child, 0)
    return said


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    acme.write(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["acme"]\n')
    return tmp_path


def har(body: bytes, encoding: str) -> bytes:
    fields = [("content-type", "application/json"), ("content-encoding", encoding.replace("members", "gzip"))]
    content = {"mimeType": "application/json", "encoding": "base64", "text": base64.b64encode(body).decode()}
    response = {"status": 200, "headers": [{"name": n, "value": v} for n, v in fields], "content": content}
    request = {"method": "GET", "url": acme.URL, "headers": []}
    return json.dumps(
        {"log": {"version": "1.2", "entries": [{"request": request, "response": response}]}}
    ).encode()


def checked(file: str) -> str:
    """Check a file; give what was said."""
    done = CliRunner().invoke(group, ["check", "acme", "--file", file])
    return f"{done.output} {done.exception}"


@pytest.mark.parametrize("encoding", ["gzip", "members", "deflate", "br", "zstd"])
def test_a_gigabyte_in_the_body_of_a_recording_costs_64_megabytes_at_most(home: Path, encoding: str) -> None:
    (home / "t.har").write_bytes(har(bomb(encoding), encoding))
    assert "not judged: 1" in checked("t.har")
    assert "unpacks to more than" in checked("t.har")
    assert 0 <= (grown := growth(lambda: checked("t.har"))) <= 64, grown


@pytest.mark.untraced
@pytest.mark.parametrize("encoding", ["gzip", "members", "zstd"])
@pytest.mark.parametrize("name", ["t.jsonl", "t.har"])
def test_a_gigabyte_in_a_packed_file_is_refused_early(home: Path, encoding: str, name: str) -> None:
    (home / name).write_bytes(bomb(encoding))
    started = time.process_time()
    said = checked(name)
    assert time.process_time() - started < 2
    assert "unpacks to more than 200 times its size; unpack it first" in said or "no recording" in said
    assert 0 <= growth(lambda: checked(name)) <= 64


def test_a_member_of_an_archive_that_is_a_bomb_is_refused_before_it_is_read(home: Path) -> None:
    with zipfile.ZipFile(home / "t.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("t.jsonl", b"\n" * 80 * MEGABYTES, compresslevel=9)
    assert "unpacks to more than 200 times its size" in " ".join(checked("t.zip").split())
    assert 0 <= growth(lambda: checked("t.zip")) <= 64


@pytest.mark.parametrize(
    "pack", [gzip.compress, lambda data: pytest.importorskip("zstandard").ZstdCompressor().compress(data)]
)
def test_a_packed_body_in_pieces_is_read_whole(home: Path, pack: Callable[[bytes], bytes]) -> None:
    """The first piece alone is no JSON, and was accused."""
    text = json.dumps(acme.DONE).encode()
    encoding = "gzip" if pack is gzip.compress else "zstd"
    (home / "t.har").write_bytes(har(pack(text[:9]) + pack(text[9:]), encoding))
    assert "conforms: 1 interaction" in checked("t.har")


# --- sizes


@pytest.mark.parametrize(("size", "large"), [(-1, False), (0, False), (1, True)])
def test_a_body_is_judged_up_to_the_very_limit(size: int, large: bool) -> None:
    limit = 1000
    body = b'{"id":"b","status":"pending","x":"%s"}'
    body = body % (b"x" * (limit + size - len(body) + 2))
    assert len(body) == limit + size
    with serving(plain("200 OK", body)) as server:
        check = live_check(server.url, gate=CheckOptions(Policy(max_body=limit)))
        one = asked(check)
    assert ("body-too-large" in {finding.rule for finding in one.findings}) is large
    assert [fault.rule for fault in decode(body, max_bytes=limit).faults] == ["body-too-large"] * large


@pytest.mark.parametrize(("size", "large"), [(-1, False), (0, False), (1, True)])
def test_a_line_of_a_log_is_read_up_to_the_very_limit(
    monkeypatch: pytest.MonkeyPatch, size: int, large: bool
) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE", 400)
    line = json.dumps({"url": acme.URL, "status": 200, "body": {"x": ""}})
    line = line.replace('""', f'"{"x" * (400 + size - len(line))}"')
    problems: list[object] = []
    found = list(read_recordings(opened(f"{line}\n".encode(), "t.jsonl"), on_problem=problems.append))
    assert (len(line), len(found), len(problems)) == (400 + size, 1 - large, int(large))


def test_headers_are_read_up_to_a_limit() -> None:
    """The client library ends a head of 100 KB; half of it is an answer."""
    for size, read in ((50_000, True), (150_000, False)):
        with serving(plain("200 OK", b'{"id":"b"}', f"X-Long: {'y' * size}")) as server:
            assert (asked(live_check(server.url)).interaction.response is not None) is read


# --- depth and numbers


@pytest.mark.untraced
@pytest.mark.parametrize(
    "text", [b"[" * 1_000_000, b'{"a":' * 1_000_000, b"[" * 1_000_000 + b"]" * 1_000_000, b'[{"a":' * 500_000]
)
def test_a_million_levels_are_a_finding_in_a_tenth_of_a_second(text: bytes) -> None:
    best = 1.0
    for _ in range(3):
        started = time.process_time()
        found = decode(text)
        best = min(best, time.process_time() - started)
    assert [fault.rule for fault in found.faults] == ["json-too-deep"]
    assert best < 0.1


NUMBERS = {
    "0": 0, "-0": 0, "1": 1, "1.0": 1.0, "-1e0": -1.0, "1E+2": 100.0, "5e-324": 5e-324, "2e-400": 0.0, "9007199254740993": 2**53 + 1, "18446744073709551616": 2**64,
    "1e308": 1e308, "0.1": 0.1, "-9223372036854775809": -(2**63) - 1, "9" * 4300: int("9" * 4300),
    "1e309": "huge-number", "-1e400": "huge-number", "1e999999999": "huge-number", "9" * 4301: "huge-integer", "-" + "9" * 9000: "huge-integer",
    "NaN": "not-a-json-number", "Infinity": "not-a-json-number", "-Infinity": "not-a-json-number",
    "01": "not-json", "+1": "not-json", ".5": "not-json", "1.": "not-json", "0x1f": "not-json", "1_000": "not-json", "\u0661": "not-json", "1e": "not-json", "--1": "not-json",
}  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), NUMBERS.items(), ids=[text[:12] for text in NUMBERS])
def test_a_number_is_kept_or_named(text: str, meant: object) -> None:
    found = decode(f'{{"a": {text}}}'.encode())
    if isinstance(meant, str):
        assert [fault.rule for fault in found.faults] == [meant]
    else:
        assert (found.faults, found.value) == ((), {"a": meant})
        assert type(found.value["a"]) is type(meant)


# --- faults without number


def told(home: Path, body: dict[str, object]) -> list[dict[str, Any]]:
    """Check an answer; give its findings."""
    answer = {"url": acme.URL, "status": 200, "headers": {"content-type": "application/json"}, "body": body}
    (home / "t.jsonl").write_text(json.dumps(answer))
    said = CliRunner().invoke(group, ["check", "acme", "--file", "t.jsonl", "--format", "json"]).stdout
    found: list[dict[str, Any]] = json.loads(said)["assessments"][0]["findings"]
    return found


def test_faults_at_more_places_than_are_listed_are_counted_by_rule(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "MOST_GROUPS", 5)
    found = told(home, {"id": 1, "state": 2, **{f"x{n}": 1 for n in range(12)}, "tasks": 3, "finished": "no"})
    rest = [one for one in found if "not listed" in one["message"]]
    listed = [one for one in found if one not in rest]
    assert len(listed) == 5
    assert sum(one["count"] for one in found) == 16
    assert {one["pointer"] for one in listed} >= {"/id", "/state", "/tasks", "/finished"}
    assert [(one["rule"], one["severity"], one["pointer"], one["count"]) for one in rest] == [
        ("undescribed", "warning", "", 11)
    ]
    assert rest[0]["message"] == "11 places more, not listed; the first, /x1: not in the spec"


def test_of_a_crowd_of_values_the_first_fault_is_named_and_the_rest_said_to_be_open(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three kilobytes for each fault at once: five megabytes of them took gigabytes."""
    body = {**acme.DONE, "tasks": [{"state": 7}] * 300}
    assert [(one["rule"], one["count"]) for one in told(home, body)] == [("enum", 300)]
    monkeypatch.setattr(engine, "CROWD", 400)
    found = told(home, body)
    assert sorted((one["rule"], one["severity"], one["count"]) for one in found) == [
        ("enum", "error", 1), ("more-findings", "note", 1),
    ]  # fmt: skip
    assert told(home, {**acme.DONE, "tasks": [{"state": "success"}] * 300}) == []


# --- work that grows with the square


def answer(count: int) -> Interaction:
    """Give an answer with so many items, each with texts that redaction must look at."""
    tasks = [
        {"state": "success", "note": f"order {n} of ann{n}@example.com at https://a.example/{n}?k={n}"}
        for n in range(count)
    ]
    body = json.dumps({"id": "b", "state": "done", "tasks": tasks}).encode()
    made = Response(200, (("content-type", "application/json"),), body)
    return Interaction(
        request=Request("GET", acme.URL), response=made, source=Source.RECORDED, name="a", operation="getBatch",
        recorded_at="2026-01-31T09:00:00Z",
    )  # fmt: skip


def document(count: int, kind: str) -> Document:
    """Give a document with so many fields; those of each kind have other names, so that they must be aligned."""
    fields = {f"{kind}_{n}": {"type": "string", "maxLength": n} for n in range(count)}
    media = {"application/json": {"schema": {"type": "object", "properties": fields}}}
    paths = {f"/{kind}{n}": {"get": {"responses": {"200": {"content": media}}}} for n in range(2)}
    return Document(kind, {"openapi": "3.1.0", "info": {}, "paths": paths}, {})


def operations(count: int, kind: str) -> Document:
    media = {"application/json": {"schema": {"type": "string", "enum": [kind]}}}
    paths = {f"/p{n}": {"get": {"responses": {"200": {"content": media}}}} for n in range(count)}
    return Document(kind, {"openapi": "3.1.0", "info": {}, "paths": paths}, {})


WORK: dict[str, tuple[int, Callable[[int], tuple[Any, ...]], Callable[..., object]]] = {
    "decode": (3_000, lambda n: (answer(n).response.body,), decode),
    "redact": (300, lambda n: (answer(n), "acme", Allowance(), ["Zx81Spectrum48K"]), redacted),
    "diff": (120, lambda n: (operations(n, "a"), operations(n, "b")), drift),
    "align": (120, lambda n: (document(n, "first"), document(n, "other")), drift),
    **{
        f"report {form}": (200, lambda n, form=form: (form, big(n)), lambda form, it: list(render(form, it)))
        for form in FORMATS
    },
}  # fmt: skip


@pytest.mark.untraced
@pytest.mark.parametrize("what", WORK)
def test_twice_as_much_takes_no_more_than_two_and_a_half_times_as_long(what: str) -> None:
    size, prepare, act = WORK[what]
    small, large = prepare(size), prepare(size * 2)
    act(*small)
    for tries in (2, 4, 8):  # another process may have taken the cache: measured again before it is believed
        ratio = best(tries, act, *large) / best(tries, act, *small)
        if ratio <= 2.5:
            return
    raise AssertionError(f"{ratio:.1f} times as long")


def best(tries: int, act: Callable[..., object], *given: object) -> float:
    """Give the shortest time that something took."""
    took = []
    for _ in range(tries):
        started = time.process_time()
        act(*given)
        took.append(time.process_time() - started)
    return min(took)
