"""Cassettes: byte-stable, lossless, and refused with a place when they are not exactly right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import CassetteError
from contracts.interactions.formats.cassette import Cassette, dump, load_cassette, moment, read_cassette
from contracts.model import Interaction, Request, Response, Source

SPECS = Path(__file__).parents[2] / "specs"
BUNDLED = sorted(SPECS.glob("*/cassettes/*/*.json"))
LAWS = settings(derandomize=True, database=None, max_examples=150, deadline=None)


def interaction(body: bytes = b'{"a":1}', **more: object) -> Interaction:
    values = {
        "request": Request("GET", "https://api.example.com/v1/batches/1", (("Accept", "*/*"),)),
        "response": Response(
            200, (("Link", "<b>"), ("Content-Type", "application/json"), ("link", "<a>")), body
        ),
        "source": Source.RECORDED,
        "name": "running",
        "operation": "getBatch",
        "recorded_at": "2026-01-31T09:00:00Z",
    }
    return Interaction(**(values | more))  # type: ignore[arg-type]


GOLDEN = """\
{
  "format": "contracts-cassette/1",
  "provider": "acme",
  "operation": "getBatch",
  "situation": "running",
  "source": "recorded",
  "recorded_at": "2026-01-31T09:00:00Z",
  "sequence": {
    "name": "run",
    "position": 2
  },
  "request": {
    "method": "GET",
    "url": "https://api.example.com/v1/batches/1",
    "headers": {
      "accept": "*/*"
    }
  },
  "response": {
    "status": 200,
    "headers": {
      "content-type": "application/json",
      "link": [
        "<b>",
        "<a>"
      ]
    },
    "json": {
      "ä": "\\u202e\\ud83d\\udc69\\u200d\\ud83d\\udcbb",
      "n": 1.0
    },
    "sha256": "%s"
  },
  "dropped": [
    "server"
  ]
}
"""


def test_the_file_is_canonical_and_hides_nothing_from_a_reader() -> None:
    body = '{"ä": "\u202e\U0001f469\u200d\U0001f4bb", "n": 1e0}'.encode()
    data = dump(
        Cassette(provider="acme", interaction=interaction(body, sequence=("run", 2)), dropped=("server",))
    )
    import hashlib

    compact = '{"ä":"\u202e\U0001f469\u200d\U0001f4bb","n":1.0}'.encode()
    expected = GOLDEN % hashlib.sha256(compact).hexdigest()
    assert data.decode() == expected.replace("\\ud83d\\udc69", "\U0001f469").replace(
        "\\ud83d\\udcbb", "\U0001f4bb"
    )
    assert read_cassette(data).response.body == compact


@pytest.mark.parametrize("path", BUNDLED, ids=lambda p: f"{p.parts[-4]}-{p.stem}")
def test_bundled_cassettes_round_trip_and_are_where_they_belong(path: Path) -> None:
    cassette = load_cassette(path)
    it = cassette.interaction
    assert dump(cassette) == path.read_bytes()
    assert (
        path
        == SPECS / cassette.provider / "cassettes" / it.operation / f"{it.response.status}-{it.name}.json"
    )
    assert b"FAKE" not in path.read_bytes()


def test_the_bundle_is_there() -> None:
    assert len([p for p in BUNDLED if "almanac" in p.parts]) >= 29
    assert len([p for p in BUNDLED if "nimble" in p.parts]) >= 17


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"a": [1, 2.5, "x", null, true]}', "json"),
        (b"1.10", "json"),
        (b"-0", "json"),
        (b"12345678901234567890123", "json"),
        (b'{"a":1,"a":2}', "text"),
        (b"NaN", "text"),
        (b"1e400", "text"),
        (b"0.1000000000000000055511151231257827", "text"),
        (b'"\\ud800"', "text"),
        (b"\xef\xbb\xbf{}", "text"),
        (b"", "text"),
        (b"<html>\r\n\x1b[31m", "text"),
        (b"[" * 201 + b"]" * 201, "text"),
        (b'"' + b"[{" * 300 + b'"', "json"),
        (b"\xff\xfe", "base64"),
    ],
)
def test_a_body_is_json_only_when_nothing_is_lost(body: bytes, kind: str) -> None:
    data = dump(Cassette(provider="acme", interaction=interaction(body)))
    assert kind in json.loads(data)["response"]
    again = read_cassette(data).response.body
    assert again == body if kind != "json" else json.loads(again) == json.loads(body)


@LAWS
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_body_survives(body: bytes) -> None:
    cassette = load_cassette(dump(Cassette(provider="acme", interaction=interaction(body))))
    assert load_cassette(dump(cassette)) == cassette


def edited(**edit: object) -> bytes:
    document = json.loads(dump(Cassette(provider="acme", interaction=interaction())))
    for path, value in edit.items():
        *parents, last = path.split("__")
        target = document
        for parent in parents:
            target = target[parent]
        target.pop(last, None)
        if value is not ...:
            target[last] = value
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        ({"format": "har"}, "c.json at /format: not 'contracts-cassette/1'"),
        ({"colour": 1}, "c.json at /colour: no such key in this format"),
        ({"provider": ...}, "c.json at /provider: missing"),
        ({"provider": "../x"}, "c.json at /provider: expected a provider id, found '../x'"),
        ({"situation": "A B"}, "c.json at /situation: expected lower case letters, digits and hyphens, at most 60, found 'A B'"),
        ({"source": "live"}, "c.json at /source: expected recorded or documentation or constructed, found 'live'"),
        ({"source": "constructed"}, "c.json at /recorded_at: a constructed interaction was never recorded; leave it out"),
        ({"recorded_at": ...}, "c.json at /recorded_at: missing; a recording says when it was made, as 2026-01-31T09:00:00Z"),
        ({"recorded_at": "yesterday"}, "c.json at /recorded_at: expected a UTC moment as 2026-01-31T09:00:00Z, found 'yesterday'"),
        ({"recorded_at": "2026-02-30T00:00:00Z"}, "c.json at /recorded_at: no such moment"),
        ({"sequence": {"name": "x"}}, "c.json at /sequence/position: missing"),
        ({"sequence": {"name": "x", "position": 0}}, "c.json at /sequence/position: expected an integer from 1 to 9999, found 0"),
        ({"request": []}, "c.json at /request: expected an object, found an empty list"),
        ({"request__method": "get"}, "c.json at /request/method: expected an upper-case method, found 'get'"),
        ({"request__url": "https://u:p@x/"}, "c.json at /request/url: expected an absolute http or https URL without credentials, found 'https://[hidden]@x/'"),
        ({"request__headers": {"Accept": "x"}}, "c.json at /request/headers/Accept: a header name is written in lower case"),
        ({"response__headers": {"link": [1]}}, "c.json at /response/headers/link/0: expected text, found 1"),
        ({"response__status": "200"}, "c.json at /response/status: expected an integer from 100 to 599, found '200'"),
        ({"response__status": True}, "c.json at /response/status: expected an integer from 100 to 599, found true"),
        ({"response__json": ...}, "c.json at /response: holds 0 bodies; one of json, text or base64 is wanted"),
        ({"response__text": "x"}, "c.json at /response: holds 2 bodies; one of json, text or base64 is wanted"),
        ({"response__json": {"a": 2}}, "c.json at /response/sha256: the body was edited: its digest is 55d4b6bd7fe1dee4a52f3d6e5ef9dfa5aed1d0b1df6d1ab0d4f03a0d32ebd5ae"),
        ({"dropped": "x"}, "c.json at /dropped: expected a list, found 'x'"),
        ({"redacted": [{"pointer": "/a"}]}, "c.json at /redacted/0/rule: missing"),
    ],
)  # fmt: skip
def test_what_is_not_exactly_a_cassette_is_refused_with_its_place(
    edit: dict[str, object], sentence: str
) -> None:
    with pytest.raises(CassetteError) as caught:
        read_cassette(edited(**edit), "c.json")
    if "digest" in sentence:
        assert str(caught.value).startswith(sentence.rpartition(" ")[0])
    else:
        assert str(caught.value) == sentence


def test_base64_and_text_members_are_checked() -> None:
    for kind, value, sentence in (("base64", "%%%", "not base64"), ("text", 5, "not text")):
        with pytest.raises(CassetteError, match=rf"c\.json at /response/{kind}: {sentence}"):
            read_cassette(edited(response__json=..., **{f"response__{kind}": value}), "c.json")


def test_every_truncation_is_one_sentence() -> None:
    data = dump(Cassette(provider="acme", interaction=interaction()))
    for cut in range(0, len(data) - 2, 7):
        with pytest.raises(CassetteError, match=r"^c\.json"):
            read_cassette(data[:cut], "c.json")


def test_a_missing_file_and_an_empty_interaction_are_said(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match=r"cannot be read: No such file"):
        read_cassette(tmp_path / "none.json")
    with pytest.raises(CassetteError, match=r"^running: nothing came back"):
        dump(Cassette(provider="acme", interaction=interaction(response=None)))
    with pytest.raises(CassetteError, match=r"^running at /provider"):
        dump(Cassette(provider="Acme!", interaction=interaction()))


def test_moments_become_utc_seconds() -> None:
    assert moment("2026-01-31T10:00:00.5+01:00") == "2026-01-31T09:00:00Z"
    assert moment("2026-01-31T09:00:00") == "2026-01-31T09:00:00Z"
    assert moment("soon") == moment("0001-01-01T00:00:00+23:00") == ""


def test_the_published_schema_and_the_reader_agree() -> None:
    from contracts.schema.engine import compile_schema

    schema = compile_schema(json.loads((SPECS / "cassette.schema.json").read_bytes()), formats=True)
    for path in BUNDLED:
        assert schema.is_valid(json.loads(path.read_bytes())), path
    wrong = (
        {"format": "har"}, {"colour": 1}, {"provider": ...}, {"situation": "A B"}, {"source": "live"}, {"recorded_at": "yesterday"},
        {"sequence": {"name": "x"}}, {"request": []}, {"request__method": "get"}, {"request__url": "https://u:p@x/"},
        {"request__headers": {"Accept": "x"}}, {"response__headers": {"link": [1]}}, {"response__status": "200"}, {"response__json": ...},
        {"response__text": "x"}, {"dropped": "x"}, {"redacted": [{"pointer": "/a"}]},
    )  # fmt: skip
    for edit in wrong:
        data = edited(**edit)
        assert not schema.is_valid(json.loads(data)), edit
        with pytest.raises(CassetteError):
            read_cassette(data)
