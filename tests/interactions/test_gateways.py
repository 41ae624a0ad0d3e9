"""What gateways, proxies, tracers and tables keep, read by the one reader; a body that they cut is not judged."""

from __future__ import annotations

import base64
import gzip
import io
import json
import tarfile

import pytest

from contracts.interactions import files_in, read_recording, read_recordings

URL = "https://api.example.com/v1/jobs/7?full=1"
BODY = '{"id": 7, "state": "done"}'


def only(data, **more):
    (found,) = read_recording(data if isinstance(data, bytes) else json.dumps(data).encode(), **more)
    return found


def facts(found):
    return found.request.method, found.request.url, found.response.status, found.response.body


TAP = {
    "http_buffered_trace": {
        "request": {
            "headers": [
                {"key": ":authority", "value": "api.example.com"},
                {"key": ":path", "value": "/v1/jobs/7?full=1"},
                {"key": ":method", "value": "GET"},
                {"key": ":scheme", "value": "https"},
            ],
            "trailers": [],
        },
        "response": {
            "headers": [
                {"key": ":status", "value": "200"},
                {"key": "content-type", "value": "application/json"},
            ],
            "body": {"truncated": False, "as_string": BODY},
            "trailers": [],
        },
    }
}


def test_a_tap_of_envoy_is_read_pretty_or_in_lines_as_text_or_base64():
    found = only(json.dumps(TAP, indent=1).encode())
    assert facts(found) == ("GET", URL, 200, BODY.encode())
    assert found.response.headers == (("content-type", "application/json"),)
    packed = json.loads(json.dumps(TAP))
    packed["http_buffered_trace"]["response"]["body"] = {
        "truncated": True,
        "as_bytes": base64.b64encode(BODY[:20].encode()).decode(),
    }
    lines = json.dumps(TAP) + "\nnot json\n" + json.dumps(packed) + "\n"
    problems = []
    first, second = read_recording(lines.encode(), on_problem=problems.append)
    assert first.response.missing == ""
    assert second.response.missing == "cut, 20 bytes were recorded"
    assert [str(one).partition(" at ")[0] for one in problems] == ["recording:2: not JSON"]


def test_taps_of_envoy_in_a_tar_archive_are_read(tmp_path):
    path = tmp_path / "taps.tar.gz"
    data = json.dumps(TAP, indent=1).encode()
    with tarfile.open(path, "w:gz") as tar:
        for number in range(3):
            info = tarfile.TarInfo(f"taps/{number}.json")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    found = list(read_recordings(files_in([path])))
    assert [facts(one) for one in found] == [("GET", URL, 200, BODY.encode())] * 3


def attribute(key, value):
    kind = {str: "stringValue", int: "intValue"}[type(value)]
    return {"key": key, "value": {kind: str(value)}}


def span(*pairs):
    attributes = [attribute(key, value) for key, value in pairs]
    return {"name": "GET", "endTimeUnixNano": "1790000000000000000", "attributes": attributes}


def test_spans_are_read_by_their_attributes():
    headers = {
        "key": "http.response.header.content-type",
        "value": {"arrayValue": {"values": [{"stringValue": "application/json"}]}},
    }
    whole = span(
        ("http.request.method", "GET"), ("url.full", URL), ("http.response.status_code", 200),
        ("http.response.body.content", BODY),
    )  # fmt: skip
    whole["attributes"].append(headers)
    cut = span(
        ("http.method", "GET"),
        ("http.url", URL),
        ("http.status_code", 200),
        ("http.response.body", BODY[:-3]),
    )
    other = span(("db.system", "redis"))
    export = {"resourceSpans": [{"scopeSpans": [{"spans": [whole, other, cut]}]}]}
    first, second = read_recording(json.dumps(export).encode())
    assert facts(first) == ("GET", URL, 200, BODY.encode())
    assert first.response.headers == (("content-type", "application/json"),)
    assert first.recorded_at == "2026-09-21T14:13:20Z"
    assert second.response.missing.startswith("cut, 23 bytes were recorded")


REQUEST = "0a1b2c3d-1111-4222-8333-444455556666"
STEPS = [
    f"({REQUEST}) HTTP Method: GET, Resource Path: /jobs/7",
    f"({REQUEST}) Endpoint request URI: {URL}",
    f"({REQUEST}) Received response. Status: 200, Integration latency: 40 ms",
    f"({REQUEST}) Endpoint response headers: {{Content-Type=application/json, Date=Mon, 05 Oct 2026 10:00:00 GMT}}",
    f"({REQUEST}) Endpoint response body before transformations: {BODY}",
    f"({REQUEST}) Method completed with status: 200",
]


@pytest.mark.parametrize("form", ["lines", "subscription", "get-log-events", "export"])
def test_the_steps_of_an_execution_log_are_joined_by_the_request(form):
    events = [{"id": str(n), "timestamp": 1790000000000 + n, "message": text} for n, text in enumerate(STEPS)]
    data = {
        "lines": "\n".join(map(json.dumps, events)),
        "subscription": json.dumps({"messageType": "DATA_MESSAGE", "logEvents": events}) * 1,
        "get-log-events": json.dumps({"events": events}, indent=1),
        "export": "\n".join(f"2026-09-21T14:13:20.{n:03}Z {text}" for n, text in enumerate(STEPS)),
    }[form]
    found = only(data.encode())
    assert facts(found) == ("GET", URL, 200, BODY.encode())
    assert dict(found.response.headers) == {
        "Content-Type": "application/json",
        "Date": "Mon, 05 Oct 2026 10:00:00 GMT",
    }
    assert found.recorded_at == "2026-09-21T14:13:20Z"


def test_the_steps_of_an_execution_log_may_be_rows_of_a_table(tmp_path):
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = [{"timestamp": 1790000000000 + n, "message": text} for n, text in enumerate(STEPS)]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    (found,) = read_recording(tmp_path / "a.parquet")
    assert facts(found) == ("GET", URL, 200, BODY.encode())
    assert found.recorded_at == "2026-09-21T14:13:20Z"


def test_a_body_that_an_execution_log_cut_is_not_judged_and_requests_may_be_interleaved():
    other = "ffffffff-1111-4222-8333-444455556666"
    mixed = [
        text
        for pair in zip(
            STEPS,
            [s.replace(REQUEST, other).replace(BODY, BODY[:9] + " [TRUNCATED]") for s in STEPS],
            strict=True,
        )
        for text in pair
    ]
    lines = "\n".join(json.dumps({"timestamp": 1790000000000, "message": text}) for text in mixed[:-1])
    first, second = read_recording(lines.encode())
    assert (first.response.missing, second.response.missing) == ("", "cut, 9 bytes were recorded")


APIM = {
    "TimeGenerated": "2026-10-05T10:00:00Z",
    "Method": "GET",
    "Url": "https://ours.azure-api.net/jobs/7",
    "ResponseCode": 502,
    "BackendMethod": "GET",
    "BackendUrl": URL,
    "BackendResponseCode": 200,
    "BackendResponseHeaders": '{"Content-Type": "application/json"}',
    "BackendResponseBody": BODY,
}


@pytest.mark.parametrize(
    "record",
    [
        APIM,
        {
            "time": "2026-10-05T10:00:00Z",
            "category": "GatewayLogs",
            "properties": {k[0].lower() + k[1:]: v for k, v in APIM.items()},
        },
        {"time": "2026-10-05T10:00:00Z", "category": "GatewayLogs", "properties": APIM},
    ],
)
def test_the_backend_of_a_gateway_log_of_azure_is_the_vendor(record):
    found = only(json.dumps(record).encode() + b"\n")
    assert facts(found) == ("GET", URL, 200, BODY.encode())
    assert found.response.headers == (("Content-Type", "application/json"),)
    assert found.recorded_at == "2026-10-05T10:00:00Z"


@pytest.mark.parametrize("size", [1000, 1024, 8192, 65536])
def test_a_body_that_ends_early_at_a_size_at_which_recorders_cut_is_not_judged(size):
    long = json.dumps({"items": ["é" * 30] * 3000}, ensure_ascii=False)
    line = {
        "status": "200",
        "uri": "/v1/jobs",
        "host": "api.example.com",
        "resp_body": long.encode()[:size].decode("utf-8", "ignore"),
    }
    assert only(line).response.missing.startswith("cut, ")
    line["resp_body"] = long[:size]
    assert only(line).response.missing.startswith("cut, ")
    line["resp_body"] = long[: size - 77]
    assert only(line).response.missing == ""
    line["resp_body"] = "x" * size
    assert only(line).response.missing == ""


def test_a_body_shorter_than_its_header_says_was_cut_where_it_ends_early():
    line = {"url": URL, "status": 200, "response_headers": {"content-length": "900"}, "body": BODY[:-4]}
    assert only(line).response.missing == "cut, 22 of 900 bytes were recorded"
    line["response_headers"] = {"content-length": "900", "content-encoding": "gzip"}
    assert only(line).response.missing == ""
    line |= {"response_headers": {"content-length": "900"}, "body": BODY}
    assert only(line).response.missing == ""


@pytest.mark.parametrize(
    "value", [1790000000, 1790000000000, 1790000000000000000, "1790000000", "1790000000.123"]
)
def test_times_may_count_seconds_to_nanoseconds(value):
    assert only({"url": URL, "status": 200, "body": "{}", "ts": value}).recorded_at == "2026-09-21T14:13:20Z"


def test_places_may_be_written_with_dots_or_as_pointers():
    line = {"request": {"http": {"uri": URL}}, "a.b": 200, "out": {"text": BODY}}
    fields = {"url": "request.http.uri", "status": "a.b", "body": "/out/text"}
    assert facts(only(json.dumps(line).encode(), fields=fields)) == ("GET", URL, 200, BODY.encode())


def test_rows_of_a_table_are_read_by_their_columns(tmp_path):
    pa = pytest.importorskip("pyarrow")
    from datetime import UTC, datetime

    from pyarrow import parquet

    rows = [
        {"method": "GET", "request_url": URL, "code": 200 + n, "payload": BODY.encode(), "at": datetime(2026, 10, 5, tzinfo=UTC),
         "response_headers": '{"content-type": "application/json"}'}
        for n in range(3)
    ]  # fmt: skip
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.Table.from_pylist(rows), path)
    found = list(read_recording(path, fields={"status": "code", "recorded_at": "at"}))
    assert [one.response.status for one in found] == [200, 201, 202]
    assert facts(found[0]) == ("GET", URL, 200, BODY.encode())
    assert found[0].response.headers == (("content-type", "application/json"),)
    assert found[0].recorded_at == "2026-10-05T00:00:00Z"
    (tmp_path / "cut.parquet").write_bytes(path.read_bytes()[:-40])
    problems = []
    assert list(read_recordings(files_in([tmp_path]), fields={"status": "code"}, on_problem=problems.append))
    assert "cut.parquet: cannot be read on: Parquet magic bytes not found in footer" in str(problems[0])


def test_packed_recordings_that_are_damaged_count_nothing(tmp_path):
    line = json.dumps({"url": URL, "status": 200, "body": {"x": "y" * 300}}).encode() + b"\n"
    data = gzip.compress(line * 5000)
    (tmp_path / "a.gz").write_bytes(data[:-8] + b"\0\0\0\0" + data[-4:])
    (tmp_path / "b.jsonl").write_bytes(line)
    problems = []
    found = list(read_recordings(files_in([tmp_path]), on_problem=problems.append))
    assert len(found) == 1
    assert "CRC check failed" in str(problems[0])


def test_zstd_that_is_cut_off_is_noticed(tmp_path):
    zstandard = pytest.importorskip("zstandard")
    line = json.dumps({"url": URL, "status": 200, "body": "{}"}).encode() + b"\n"
    whole = zstandard.ZstdCompressor().compress(line * 2_000)
    (tmp_path / "a.zst").write_bytes(whole + whole)
    assert sum(1 for _ in read_recording(tmp_path / "a.zst")) == 4_000
    (tmp_path / "b.zst").write_bytes((whole + whole)[:-9])
    problems = []
    assert list(read_recordings(files_in([tmp_path / "[b]*.zst"]), on_problem=problems.append)) == []
    assert [str(one).rpartition(": ")[2] for one in problems] == ["the compressed file is cut off"]


def test_objects_of_a_store_are_read_by_url():
    fsspec = pytest.importorskip("fsspec")
    store = fsspec.filesystem("memory")
    line = json.dumps({"url": URL, "status": 200, "body": BODY}).encode() + b"\n"
    store.pipe("/bucket/a/1.jsonl", line)
    store.pipe("/bucket/a/2.jsonl.gz", gzip.compress(line))
    store.pipe("/bucket/a/_SUCCESS", b"")
    for url in ("memory://bucket/a/", "memory://bucket/a/*.jsonl*"):
        assert [facts(one) for one in read_recordings(files_in([url]))] == [
            ("GET", URL, 200, BODY.encode())
        ] * 2


def test_every_beginning_of_a_body_ends_early_and_nothing_else_does():
    from contracts.interactions.formats.body import ends_early

    whole = json.dumps({"a": [1.5, -2, True, None, "é\\ \u2028"], "b": {"c": 1e5}}).encode()
    assert [size for size in range(1, len(whole)) if not ends_early(whole[:size])] == []
    assert not any(map(ends_early, (whole, b'{"a": x', b'{"a": 1}}', b"<html>", b"", b"12", b'"text')))
