"""VCR cassettes of vcrpy and of Ruby, and access logs a line at a time."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
import vcr.serialize
from vcr.request import Request as VcrRequest
from vcr.serializers import jsonserializer, yamlserializer

from contracts.errors import CassetteError, ConfigError
from contracts.interactions.formats import jsonl
from contracts.interactions.formats.cassette import Cassette, dump
from contracts.interactions.formats.files import packed
from contracts.interactions.formats.read import read_recording

REQUEST = VcrRequest("GET", "https://x.io/v1?a=1", None, {"Accept": "*/*", "Authorization": ["Bearer x"]})


def answer(body: bytes, **headers: str) -> dict[str, object]:
    return {
        "status": {"code": 200, "message": "OK"},
        "headers": {k: [v] for k, v in headers.items()},
        "body": {"string": body},
    }


def test_what_vcrpy_writes_is_read() -> None:
    bodies = [b'{"a": "\xc3\xa4"}', b"", b"plain: text\n# no"]
    for serializer, extra in ((yamlserializer, [b"\xff\x00"]), (jsonserializer, [])):
        wanted = bodies + extra
        text = vcr.serialize.serialize(
            {"requests": [REQUEST] * len(wanted), "responses": [answer(b) for b in wanted]}, serializer
        )
        got = list(read_recording(text.encode(), "my cassette.yaml"))
        assert [i.response.body for i in got] == wanted
        assert got[0].request.headers == (("Accept", "*/*"), ("Authorization", "Bearer x"))
        assert (got[0].request.url, got[0].name) == ("https://x.io/v1?a=1", "my-cassette-1")
        assert [i.response for i in read_recording(text.encode(), "x")] == [i.response for i in got]


RUBY = """---
http_interactions:
- request:
    method: get
    uri: http://x.io/v1
    body: {encoding: US-ASCII, string: ''}
    headers:
      Accept: ["*/*"]
  response:
    status: {code: 404, message: Not Found}
    headers:
      Content-Type: [application/json]
    body: {encoding: UTF-8, string: '{"status": 404}'}
    http_version:
  recorded_at: Tue, 01 Nov 2011 04:58:44 GMT
- request: {method: post, uri: 'http://x.io/v1', headers: {}}
  response:
    status: {code: 200}
    body: {encoding: ASCII-8BIT, base64_string: 'AP8='}
  recorded_at: 2011-11-01T04:58:44+01:00
recorded_with: VCR 2.0.0
"""


def test_what_ruby_writes_is_read() -> None:
    first, second = read_recording(RUBY.encode(), "ruby.yml")
    assert (first.request.method, first.response.status, first.response.body) == (
        "GET",
        404,
        b'{"status": 404}',
    )
    assert (first.recorded_at, second.recorded_at) == ("2011-11-01T04:58:44Z", "2011-11-01T03:58:44Z")
    assert second.response.body == b"\x00\xff"
    assert str(second.origin) == "ruby.yml:16"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1", "v: no recording: YAML without a list of interactions, which VCR has"),
        ("interactions: [", "v:2: did not find expected node content"),
        ("\x00", "v: no recording: binary data"),
        ("interactions: [5]", "v:1 entry 1: expected an object, found '5'"),
        ("interactions: [{request: {method: GET, uri: 'http://x'}, response: {status: 999}}]", "v:1 entry 1 at /response/status: expected a status from 100 to 599, found '999'"),
        ("interactions: [{request: {method: GET, uri: 'http://x'}, response: {status: 200, body: [1]}}]", "v:1 entry 1 at /response/body: expected text, found a list of 1"),
        ("interactions: [{request: {method: GET, uri: 'http://x'}, response: {status: 200, body: {string: !!binary 'A'}}}]", "v:1 entry 1: line 1: not base64"),
        ("interactions: [{request: {method: GET, uri: 'http://x'}, response: {status: 200, body: {base64_string: 'é'}}}]", "v:1 entry 1 at /response/body/base64_string: not base64"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(CassetteError) as caught:
        list(read_recording(text.encode(), "v"))
    assert str(caught.value) == sentence


def test_an_alias_bomb_ends() -> None:
    bomb = "\n".join(
        ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    )
    text = bomb + "\ninteractions: [{request: *a11}]"
    with pytest.raises(CassetteError, match="aliases expand without end"):
        list(read_recording(text.encode(), "v"))


def test_bodies_are_unpacked_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    def unpack(body: bytes, encoding: str) -> bytes | str:
        plain, problem = packed.unpacked(body, (("Content-Encoding", encoding),))
        return problem or plain

    assert (
        unpack(gzip.compress(b"{}"), "gzip")
        == unpack(zlib.compress(b"{}"), "deflate")
        == unpack(b"{}", "gzip")
        == unpack(b"{}", "br")
        == b"{}"
    )
    assert unpack(gzip.compress(zlib.compress(b"{}")), "deflate, gzip") == b"{}"
    assert unpack(b"\x1f\x8bxxxxxxxx", "gzip") == "the packed body is broken"
    assert unpack(gzip.compress(b"{}" * 99)[:-9], "gzip") == "the packed body is cut off"
    assert unpack(b"\x00", "lzma") == "packed with 'lzma', which is not read"
    monkeypatch.setattr(packed, "LIBRARIES", {"br": ("none_of_them",)})
    assert unpack(b"\x8b\x00\x80", "br") == "packed with 'br'; install none_of_them"
    monkeypatch.setattr(packed, "MAX_UNPACKED", 1000)
    assert unpack(gzip.compress(b"x" * 5000), "gzip") == "unpacks to more than 1,000 bytes"


def test_access_logs_are_read_by_a_table_of_places() -> None:
    lines = [
        {
            "method": "get",
            "url": "https://x/1",
            "status": 200,
            "body": {"a": 1},
            "response_headers": {"A": "b"},
            "timestamp": "2026-01-31T09:00:00Z",
        },
        {
            "request": {"url": "https://x/2", "headers": [{"name": "A", "value": "b"}]},
            "response": {"status": "404", "body": "no"},
        },
        {"http": {"url": "https://x/3", "status": 204}},
    ]
    data = b"\n" + b"\r\n".join(json.dumps(line).encode() for line in lines)
    got = list(read_recording(gzip.compress(data)))
    assert [(i.request.method, i.request.url, i.response.status, i.response.body) for i in got] == [
        ("GET", "https://x/1", 200, b'{"a":1}'), ("GET", "https://x/2", 404, b"no"), ("GET", "https://x/3", 204, b""),
    ]  # fmt: skip
    assert got[0].response.headers == got[1].request.headers == (("A", "b"),)
    assert (got[0].recorded_at, got[0].origin.line) == ("2026-01-31T09:00:00Z", 2)
    own = b'{"u": "https://x/1", "s": 200, "b": "x"}'
    assert next(read_recording(own, fields={"url": "/u", "status": "/s", "body": "/b"})).response.body == b"x"


def test_bad_lines_are_named_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    good = b'{"url": "https://x/1", "status": 200}'
    data = b"\n".join(
        [
            good,
            b"{",
            b"5",
            b'{"status": 200}',
            b'{"url": "https://x/1", "status": "?"}',
            b'{"url":"https://x","status":200,"status":1}',
            good,
        ]
    )
    problems: list[str] = []
    assert len(list(read_recording(data, "l", on_problem=lambda p: problems.append(str(p))))) == 2
    assert problems == [
        "l:2: not JSON at line 1, column 2; it starts with '{'",
        "l:3 entry 3: expected an object, found 5",
        "l:4 entry 4 at /url: expected a URL",
        "l:5 entry 5 at /status: expected a status from 100 to 599, found '?'",
        "l:6: the key 'status' is there more than once",
    ]
    monkeypatch.setattr(jsonl, "MAX_LINE", 100)
    with pytest.raises(CassetteError, match=r"l:2: a line of more than 100 bytes"):
        list(read_recording(good + b"\n" + b"x" * 101, "l"))
    with pytest.raises(
        ConfigError, match=r"no fact 'uri' in a line; did you mean 'url'\? Known: method, url"
    ):
        list(read_recording(good, fields={"uri": "/u"}))
    with pytest.raises(CassetteError, match="cannot be read"):
        list(read_recording(gzip.compress(good * 100)[:30], "l"))


def test_the_format_is_told_by_what_the_file_holds() -> None:
    har = b'{"log": {"entries": []}}'
    assert list(read_recording(har)) == list(read_recording(har)) == []
    first = next(read_recording(b'{"url": "https://x/1", "status": 200}'))
    recording = first.__class__(
        **{f: getattr(first, f) for f in first.__slots__}
        | {"operation": "getBatch", "recorded_at": "2026-01-31T09:00:00Z"}
    )
    own = dump(Cassette(provider="acme", interaction=recording))
    assert next(read_recording(own)).request.url == "https://x/1"
    assert next(read_recording(b'{"url": "https://x/1", "status": 200}\n{}')).response.status == 200
    with pytest.raises(CassetteError, match="no recording: text of no kind that is read"):
        list(read_recording(b"hello"))
    with pytest.raises(CassetteError, match="cannot be read"):
        list(read_recording(b"\x1f\x8b0000"))
