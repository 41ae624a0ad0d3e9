"""Recordings of every tool, each read as the same answer of the same job, or refused in one true sentence.

The files in data/tools were written by the tools themselves (vcrpy 5 and 9 with requests and httpx, Betamax,
nock, Polly.JS, curl, mitmproxy's own writer); the texts here follow each tool's documented form.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import time
import zipfile
from pathlib import Path

import pytest

from contracts.errors import CassetteError, ConfigError
from contracts.interactions.formats import Opened, files_in, read_recording, read_recordings, stored
from contracts.model import Request

TOOLS = Path(__file__).parent / "data" / "tools"
URL = "https://api.acme.test/v1/jobs/j1"
JOB = {"id": "j1", "state": "done"}
TEXT = json.dumps(JOB)
BASE64 = base64.b64encode(TEXT.encode()).decode()
TYPE = "application/json"


def har(content: object, *, headers: object = (), **more: object) -> object:
    answer = {"status": 200, "headers": list(headers), "content": content}  # type: ignore[call-overload]
    return {"log": {"entries": [{"request": {"method": "GET", "url": URL}, "response": answer, **more}]}}


def request(**more: object) -> dict[str, object]:
    return {"method": "GET", **more}


JSONS: dict[str, object] = {
    "chrome.har": har({"size": 9, "mimeType": TYPE, "text": TEXT}, _resourceType="fetch"),
    "firefox.har": har({"size": 9, "text": TEXT, "comment": ""}, pageref="page_1"),
    "safari.har": har({"size": 9, "mimeType": TYPE, "encoding": "base64", "text": BASE64}, startedDateTime="x"),
    "charles.har": har({"text": base64.b64encode(gzip.compress(TEXT.encode())).decode(), "encoding": "base64"},
                       headers=[{"name": "Content-Encoding", "value": "gzip"}]),
    "exvcr.json": [{"request": {"method": "get", "url": URL, "body": "", "headers": []},
                    "response": {"status_code": 200, "type": "ok", "body": TEXT, "headers": {"A": "b"}}}],
    "php-vcr.json": [{"request": request(url=URL, headers={"Host": "x"}),
                      "response": {"status": {"http_version": "1.1", "code": "200", "message": "OK"}, "body": TEXT}}],
    "easyvcr.json": [{"Request": {"Method": "GET", "Uri": URL}, "RecordedAt": "2026-01-31T09:00:00Z",
                      "Response": {"Status": {"Code": 200}, "Body": TEXT, "ResponseHeaders": {"A": "b"}}}],
    "wiremock.json": {"request": request(url="/v1/jobs/j1"), "response": {"status": 200, "jsonBody": JOB}},
    "wiremock-many.json": {"mappings": [{"request": request(urlPath="/v1/jobs/j1"),
                                         "response": {"status": 200, "base64Body": BASE64}}], "meta": {"total": 1}},
    "wiremock-plain.json": {"mappings": [{"request": request(url="/v1/jobs/j1"), "response": {"body": TEXT}}]},
    "hoverfly.json": {"data": {"pairs": [{"request": {
        "path": [{"matcher": "exact", "value": "/v1/jobs/j1"}], "method": [{"matcher": "exact", "value": "GET"}],
        "destination": [{"matcher": "exact", "value": "api.acme.test"}], "scheme": [{"value": "https"}]},
        "response": {"status": 200, "body": BASE64, "encodedBody": True, "headers": {"A": ["b"]}}}]},
        "meta": {"schemaVersion": "v5.2"}},
    "postman.json": {"info": {"name": "x", "schema": "v2.1.0"}, "variable": [{"key": "base", "value": "https://api.acme.test"}],
        "item": [{"name": "jobs", "item": [{"name": "one", "request": request(url="x"), "response": [{
            "name": "a job", "originalRequest": request(url={"raw": "{{base}}/v1/jobs/:id", "variable": [{"key": "id", "value": "j1"}]}),
            "code": 200, "header": [{"key": "A", "value": "b"}], "body": TEXT}]}]}]},
    "postman-20.json": {"collection": {"info": {}, "item": [{"request": URL, "response": [{"code": 200, "body": TEXT}]}]}},
    "pact-2.json": {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": [
        {"description": "d", "request": request(path="/v1/jobs/j1"), "response": {"status": 200, "body": JOB}}]},
    "pact-4.json": {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": [
        {"type": "Synchronous/HTTP", "request": request(path="/v1/jobs/j1"),
         "response": {"status": 200, "body": {"content": BASE64, "contentType": TYPE, "encoded": "base64"}}}]},
    "mountebank.json": {"imposters": [{"port": 1, "stubs": [{"predicates": [{"equals": request(path="/v1/jobs/j1")}],
                        "responses": [{"is": {"statusCode": 200, "body": JOB}}]}]}]},
    "mockserver.json": [{"httpRequest": request(path="/v1/jobs/j1"), "httpResponse": {"statusCode": 200, "body": {"type": "JSON", "json": JOB}}}],
    "charles.chlsj": [{"method": "GET", "scheme": "https", "host": "api.acme.test", "actualPort": 443, "path": "/v1/jobs/j1",
                       "times": {"start": "2026-01-31T09:00:00Z"}, "request": {"header": {}},
                       "response": {"status": 200, "header": {"headers": [{"name": "A", "value": "b"}]}, "body": {"text": TEXT}}}],
    "caddy.jsonl": {"ts": 1769850000.5, "request": request(host="api.acme.test", uri="/v1/jobs/j1"), "status": 200,
                    "resp_headers": {"A": ["b"]}, "resp_body": TEXT},
    "nginx.jsonl": {"request_method": "GET", "http_host": "api.acme.test", "request_uri": "/v1/jobs/j1", "status": "200",
                    "time_local": "31/Jan/2026:09:00:00 +0000", "response_body": TEXT},
    "envoy.jsonl": {"method": "GET", "authority": "api.acme.test", "path": "/v1/jobs/j1", "response_code": 200, "response_body": TEXT},
    "traefik.jsonl": {"RequestMethod": "GET", "RequestHost": "api.acme.test", "RequestPath": "/v1/jobs/j1", "DownstreamStatus": 200, "body": TEXT},
    "kong.jsonl": {"request": request(url=URL), "response": {"status": 200, "headers": {"a": "b"}, "body": TEXT}, "started_at": 1769850000123},
    "gateway.jsonl": {"httpMethod": "GET", "domainName": "api.acme.test", "path": "/v1/jobs/j1", "statusCode": 200, "body": BASE64, "isBase64Encoded": True},
    "ecs.jsonl": {"http": {"request": request(), "response": {"status_code": 200, "body": {"content": TEXT}}}, "url": {"full": URL}},
    "otel.jsonl": {"http.request.method": "GET", "url.full": URL, "http.response.status_code": 200, "body": JOB},
    "pino.jsonl": {"req": request(url="/v1/jobs/j1", headers={"host": "api.acme.test"}), "res": {"statusCode": 200, "body": JOB}},
    "list.json": [{"url": URL, "status": 200, "body": JOB, "headers": [["A", "b"]]}],
    "turns.jsonl": {"url": URL, "status": 200, "body": JOB, "headers": ["A", "b", "A", "c"]},
    "lines.jsonl": {"url": URL, "status": 200, "body": JOB, "headers": ["A: b"]},
}  # fmt: skip
TEXTS = {
    "ruby.yml": f"""---
http_interactions:
- request: {{method: get, uri: '{URL}', body: {{string: ''}}, headers: {{Accept: ["*/*"]}}}}
  response:
    status: {{code: 200, message: OK}}
    headers: {{A: [b]}}
    body: {{encoding: UTF-8, string: !ruby/string:ActiveSupport::SafeBuffer '{TEXT}'}}
recorded_with: VCR 6.2.0
""",
    "ruby-object.yml": f"""http_interactions:
- request: {{method: get, uri: '{URL}'}}
  response: {{status: {{code: 200}}, body: {{string: !ruby/string:Own {{str: '{TEXT}', x: 1}}}}}}
""",
    "vcrpy-4-httpx.yaml": f"""interactions:
- request: {{body: '', headers: {{host: [api.acme.test]}}, method: GET, uri: '{URL}'}}
  response: {{content: '{TEXT}', headers: {{a: [b]}}, http_version: HTTP/1.1, status_code: 200}}
version: 1
""",
    "vcrpy-0.yaml": f"""- request: {{body: null, method: GET, host: api.acme.test, port: 443, protocol: https, path: /v1/jobs/j1}}
  response: {{body: {{string: '{TEXT}'}}, headers: {{a: [b]}}, status: {{code: 200, message: OK}}}}
""",
    "php-vcr.yml": f"""
-
    request:
        method: GET
        url: '{URL}'
    response:
        status: {{http_version: '1.1', code: '200', message: OK}}
        headers: {{A: b}}
        body: '{TEXT}'
""",
    "go-vcr-1.yaml": f"""---
version: 1
interactions:
- request: {{body: "", form: {{}}, headers: {{}}, url: {URL}, method: GET}}
  response: {{body: '{TEXT}', headers: {{A: [b]}}, status: 200 OK, code: 200, duration: ""}}
""",
    "go-vcr-3.yaml": f"""---
version: 2
interactions:
    - id: 0
      request: {{proto: HTTP/1.1, host: api.acme.test, url: {URL}, method: GET}}
      response: {{proto: HTTP/2.0, content_length: 27, uncompressed: true, body: '{TEXT}', status: 200 OK, code: 200, duration: 1ms}}
""",
    "httpie.txt": f"GET /v1/jobs/j1 HTTP/1.1\nHost: api.acme.test\n\nHTTP/1.1 200 OK\nA: b\n\n{TEXT}\n",
    "rest-client.http": f"### one\nGET {URL}\nA: b\n\nHTTP/1.1 200 OK\nA: b\n\n{TEXT}\n",
    "two.json": "\n".join(json.dumps({"url": URL, "status": 200, "body": JOB}, indent=1) for _ in "ab"),
}  # fmt: skip


DATED = {"easyvcr.json", "charles.chlsj", "caddy.jsonl", "nginx.jsonl", "kong.jsonl"}
HEADED = DATED - {"nginx.jsonl"} | {
    "exvcr.json", "hoverfly.json", "postman.json", "list.json", "lines.jsonl", "ruby.yml", "vcrpy-4-httpx.yaml", "vcrpy-0.yaml", "php-vcr.yml", "go-vcr-1.yaml",
    "httpie.txt", "rest-client.http",
}  # fmt: skip
"""Those that say when, and those that hold a header of the answer."""


def check(data: bytes | Path, name: str) -> None:
    found = list(read_recording(data, name))
    assert found, name
    for one in found:
        assert one.request.url.partition("?")[0].endswith("/v1/jobs/j1"), one
        if isinstance(data, bytes):
            headers = [v for k, v in one.response.headers if k.lower() == "a"] if one.response else None
            assert one.request.url == (URL if b"api.acme.test" in data.replace(b"\0", b"") else "/v1/jobs/j1")
            assert one.recorded_at == ("2026-01-31T09:00:00Z" if name in DATED else "")
            assert headers == (["b", "c"] if name == "turns.jsonl" else ["b"] * (name in HEADED))
        assert one.request.method == "GET"
        if one.response is not None:
            body = json.loads(one.response.body)
            assert (one.response.status, one.response.missing) == (200, "")
            assert {"id": body["id"], "state": body["state"]} == JOB


@pytest.mark.parametrize("name", sorted(JSONS))
def test_json_of_every_tool_is_read(name: str) -> None:
    check(json.dumps(JSONS[name]).encode(), name)
    if not name.endswith("jsonl"):
        check(json.dumps(JSONS[name], indent=2).encode(), name)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_text_of_every_tool_is_read(name: str) -> None:
    check(TEXTS[name].encode(), name)


@pytest.mark.parametrize("path", sorted(TOOLS.glob("[bnpv]*")), ids=lambda path: path.name)
def test_what_the_tools_wrote_is_read(path: Path) -> None:
    check(path, path.name)
    assert all(one.response and one.response.header("content-type") == TYPE for one in read_recording(path))


@pytest.mark.parametrize("name", ["curl-i.txt", "curl-v.txt"])
def test_what_curl_prints_is_read(name: str) -> None:
    asked = Request("GET", URL)
    (one,) = read_recording(TOOLS / name, asked=asked)
    assert json.loads(one.response.body)["state"] == "done"
    assert one.response.header("content-type") == TYPE
    if name == "curl-i.txt":
        assert one.request == asked
        with pytest.raises(CassetteError, match="an answer without its request; name it with --operation"):
            list(read_recording(TOOLS / name))


@pytest.mark.parametrize(("raw", "url"), [
    ("api.acme.test/a", "https://api.acme.test/a"), ("http://api.acme.test/a", "http://api.acme.test/a"), ("/a", "/a"), ("{{base}}/a", "https://b.test/a"), ("{{other}}/a", "/a"),
    ({"raw": "{{base}}/:id/:idle?x=:id", "variable": [{"key": "id", "value": "7"}, {"key": "idle"}]}, "https://b.test/7/idle?x=7"),
])  # fmt: skip
def test_an_address_of_a_collection_is_made_whole(raw: object, url: str) -> None:
    asked = {"request": request(url=raw), "response": [{"code": 200, "body": TEXT}]}
    made = {
        "info": {"schema": "v2.1.0"},
        "variable": [{"key": "base", "value": "https://b.test"}],
        "item": [asked],
    }
    (one,) = read_recording(json.dumps(made).encode(), "f.json")
    assert one.request.url == url


def test_the_answer_of_a_tunnel_and_of_a_pause_is_none() -> None:
    between = "HTTP/1.1 200 Connection established\n\nHTTP/1.1 100 Continue\n\n"
    (one,) = read_recording(f"GET {URL}\n\n{between}HTTP/1.1 200 OK\nA: b\n\n{TEXT}\n".encode(), "f.txt")
    assert (one.request.url, one.response.header("a")) == (URL, "b")


def test_json_is_kept_as_json_where_it_is_not_too_deep() -> None:
    assert [next(iter(stored(b"[" * n + b"]" * n))) for n in (1, 200, 201)] == ["json", "json", "text"]
    assert next(iter(stored(b"[" * 200 + b"]" * 199 + b",[]]"))) == "json"
    assert next(iter(stored(b'["' + b"[" * 300 + b"]" * 300 + b'"]'))) == "json"


def test_flows_of_mitmproxy_are_read() -> None:
    done, failed = read_recording(TOOLS / "flows.mitm")
    assert (done.request.url, json.loads(done.response.body)) == (URL, JOB)
    assert (failed.response, failed.failure) == (None, "nothing came back, says the recording")
    data = (TOOLS / "flows.mitm").read_bytes()
    for cut in range(8, len(data), 97):
        problems: list[CassetteError] = []
        list(read_recordings([Opened("f", data[:cut], named=False)], on_problem=problems.append))
        assert len(problems) == 1


@pytest.mark.parametrize(("text", "sentence"), [
    ('{"_type": "export", "__export_format": 4, "resources": []}', "an Insomnia export holds requests but no responses; export them as HAR"),
    ("type: collection.insomnia.rest/5.0\n", "no recording: an Insomnia export, which holds no responses; use HAR"),
    ('{"openapi": "3.1.0", "paths": {}}', "a document of an API and no recording; contracts vendor --add reads it"),
    ("openapi: 3.1.0\npaths: {}\n", "no recording: a document of an API; contracts vendor --add reads it"),
    ("<!DOCTYPE html><p>", "no recording: an HTML page"),
    ("<har/>", "no recording: XML; export it as HAR"),
    ("", "no recording: an empty file"),
    ('1.2.3.4 - - [31/Jan/2026:09:00:00 +0000] "GET / HTTP/1.1" 200 2', "no recording: an access log without bodies; log JSON lines with the body"),
    ('{"id": 1}', "JSON, but no recording: an object with id; say --operation for a bare response body, or --field url=/PLACE for a log"),
    ('{"endpoint": "/v1/chat", "status": "done"}', "JSON, but no recording: an object with endpoint, status; say --operation for a bare response body, or --field url=/PLACE for a log"),
    ("GET https://x.test/1\nA: b\n", "holds requests but no responses"),
])  # fmt: skip
def test_what_is_no_recording_is_named(text: str, sentence: str) -> None:
    with pytest.raises(CassetteError) as caught:
        list(read_recording(text.encode(), "f"))
    assert str(caught.value) == f"f: {sentence}"


@pytest.mark.parametrize("body", [
    '{"id": "b", "endpoint": "/v1/chat/completions", "status": "in_progress"}',
    '{"url": "https://files.test/b", "status": "DONE"}',
    '{\n "path": "/out", "status": "failed"\n}',
])  # fmt: skip
def test_a_batch_with_an_address_of_its_own_is_the_body_of_what_was_asked(body: str) -> None:
    asked = Request("GET", "https://x.test/1")
    for text, count in ((body, 1), (f"{body.replace(chr(10), '')}\n" * 2, 2)):
        found = list(read_recording(text.encode(), "f", asked=asked))
        assert [one.request for one in found] == [asked] * count
        assert json.loads(found[0].response.body) == json.loads(body)


def test_an_entry_of_a_log_is_known_by_what_is_of_http() -> None:
    asked = Request("GET", "https://x.test/1")
    for more in ({"method": "GET", "status": "200"}, {"status": 200}, {}):
        line = {"url": "https://x.test/2", "body": {"a": 1}, "status": 200} | more
        (found,) = read_recording(json.dumps(line).encode(), "f", asked=asked)
        assert found.request.url == "https://x.test/2"


def test_attachments_archives_folders_and_patterns(tmp_path: Path) -> None:
    attached = json.dumps(har({"size": 9, "_file": "a1.json"})).encode()
    with zipfile.ZipFile(tmp_path / "x.har.zip", "w") as archive:
        archive.writestr("har.har", attached)
        archive.writestr("a1.json", TEXT)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "har.har").write_bytes(attached)
    (tmp_path / "d" / "a1.json").write_text(TEXT)
    (tmp_path / "l.jsonl.gz").write_bytes(gzip.compress(json.dumps(JSONS["kong.jsonl"]).encode()))
    for argument in ("x.har.zip", "d", "*.gz", "d/*.har"):
        problems: list[str] = []
        files = files_in([tmp_path / argument])
        (one,) = read_recordings(files, on_problem=lambda p, to=problems: to.append(str(p)))
        assert json.loads(one.response.body) == JOB
        assert len(problems) == (argument in {"x.har.zip", "d"})  # the attachment is no recording by itself
    (tmp_path / "d" / "a1.json").unlink()
    (one,) = read_recording(tmp_path / "d" / "har.har")
    assert one.response.missing == "its file a1.json is not beside the recording"
    with pytest.raises(ConfigError, match=r"l\.jsonl: no such file; did you mean .*l\.jsonl\.gz"):
        list(files_in([tmp_path / "l.jsonl"]))


def test_an_attachment_is_never_looked_for_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text(TEXT)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "link.json").symlink_to(tmp_path / "secret.json")
    for name in ("../secret.json", str(tmp_path / "secret.json"), "link.json", "."):
        (tmp_path / "d" / "x.har").write_text(json.dumps(har({"_file": name})))
        (one,) = read_recording(tmp_path / "d" / "x.har")
        assert (one.response.body, bool(one.response.missing)) == (b"", True)


def test_a_body_of_json_stays_as_it_was_written() -> None:
    line = b'{"url": "https://x.test/1", "status": 200, "body": {"a": 1e400, "a": [1.0, "\\ud800"]}, "x": 1}'
    (one,) = read_recording(line, "l.jsonl")
    assert one.response.body == b'{"a": 1e400, "a": [1.0, "\\ud800"]}'


def test_what_a_log_does_not_hold_is_not_there() -> None:
    lines = [{"url": URL, "status": 200}, {"url": URL, "status": 200, "body": '{"a', "truncated": True},
             {"url": URL, "status": 200, "body": None}, {"url": URL, "status": 200, "size": 9, "body": "{"}]  # fmt: skip
    found = read_recording("\n".join(map(json.dumps, lines)).encode(), "l.jsonl")
    assert [one.response.missing for one in found] == [
        "not kept in the recording", "cut, 3 bytes were recorded", "not kept in the recording", "cut, 1 of 9 bytes were recorded",
    ]  # fmt: skip


def test_utf_16_of_a_shell_is_read() -> None:
    check(json.dumps(JSONS["list.json"]).encode("utf-16"), "list.json")


@pytest.mark.untraced
def test_a_big_archive_costs_little_time(tmp_path: Path) -> None:
    entry = har({"size": 1, "text": "x" * 20_000})["log"]["entries"][0]  # type: ignore[index]
    data = json.dumps({"log": {"entries": [entry] * 400}}, indent=1).encode()
    begun = time.process_time()
    found = list(read_recording(io.BytesIO(data).getvalue(), "big.har"))
    assert (len(found), found[-1].origin.line > 400 * 10) == (400, True)
    assert time.process_time() - begun < 3


def test_a_file_that_cannot_be_read_shows_no_piece_of_a_key() -> None:
    key = "Zx81Spectrum48K"
    broken = json.dumps(har({"text": TEXT}, headers=[{"name": "A", "value": f'b"{key}'}])).replace("\\", "")
    for text in (f"API_KEY={key}", key, broken):
        with pytest.raises(CassetteError) as caught:
            list(read_recording(text.encode(), "f"))
        assert key[:4] not in str(caught.value)
