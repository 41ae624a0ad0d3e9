"""HAR files: streamed, tolerant, and honest about what could not be read."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import pytest

from contracts.errors import CassetteError
from contracts.interactions.formats.files import stream
from contracts.interactions.formats.read import read_recording as read_har

DATA = Path(__file__).parent / "data"
ENTRY = {
    "startedDateTime": "2026-11-22T00:20:42.428Z",
    "time": 47.287,
    "_vendor": {"entries": [1, "]}"]},
    "request": {
        "method": "get",
        "url": "https://x/1",
        "headers": [{"name": ":path", "value": "/"}, {"name": "A", "value": "b"}],
    },
    "response": {"status": 200, "headers": [], "content": {"size": 2, "text": "{}"}},
}


def archive(*entries: object, **log: object) -> bytes:
    return json.dumps(
        {
            "log": {
                "version": "1.2",
                "comment": '"entries": [',
                "pages": [{"x": [{}]}],
                **log,
                "entries": entries,
            }
        }
    ).encode()


def entry(**edit: object) -> dict[str, object]:
    return ENTRY | edit


@pytest.mark.parametrize("path", sorted(DATA.glob("*.har")), ids=lambda p: p.stem)
def test_recordings_read_as_they_were_received(path: Path) -> None:
    raw = json.loads(path.read_bytes())["log"]["entries"]
    got = list(read_har(path))
    assert [(i.request.method, i.request.url, i.response.status, i.response.body.decode()) for i in got] == [
        (
            e["request"]["method"],
            e["request"]["url"],
            e["response"]["status"],
            e["response"]["content"].get("text", ""),
        )
        for e in raw
    ]
    assert [i.name for i in got] == [f"{path.stem}-{n}" for n in range(1, len(raw) + 1)]


def test_an_entry_keeps_moment_duration_and_line() -> None:
    data = json.dumps(json.loads(archive(ENTRY, ENTRY)), indent=1).encode()
    first, second = read_har(data, "a b.har")
    assert (first.recorded_at, first.elapsed_ms, first.request.method) == ("2026-11-22T00:20:42Z", 47, "GET")
    assert first.request.headers == (("A", "b"),)
    assert first.name == "a-b-1"
    assert data.splitlines()[second.origin.line - 1] == b"   {"
    assert str(first.origin) == f"a b.har:{first.origin.line}"
    assert first.origin.line < second.origin.line


def test_bodies_come_in_base64_packed_or_not_at_all() -> None:
    packed = entry(
        response={
            "status": 200,
            "headers": [],
            "content": {"text": base64.b64encode(b"\xff\x00").decode(), "encoding": "base64"},
        }
    )
    bare = entry(response={"status": 204})
    posted = entry(request=ENTRY["request"] | {"method": "POST", "postData": {"text": "{}"}})
    failed = entry(response={"status": 0}, time=-1, startedDateTime=5)
    got = list(read_har(gzip.compress(archive(packed, bare, posted, failed))))
    assert [i.response.body if i.response else None for i in got] == [b"\xff\x00", b"", b"{}", None]
    assert got[2].request.body == b"{}"
    assert (got[3].failure, got[3].elapsed_ms, got[3].recorded_at) == (
        "nothing came back, says the recording",
        None,
        "",
    )


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (5, "a.har:1 entry 2: expected an object, found 5"),
        ({}, "a.har:1 entry 2 at /request/url: expected a URL"),
        (entry(request={"method": 1, "url": "/"}), "a.har:1 entry 2 at /request/method: expected a method, found 1"),
        (entry(response={"status": 99}), "a.har:1 entry 2 at /response/status: expected a status from 100 to 599, found 99"),
        (entry(response={"status": 200, "headers": 5}), "a.har:1 entry 2 at /response/headers: expected headers, found 5"),
        (entry(response={"status": 200, "content": {"text": "é", "encoding": "base64"}}), "a.har:1 entry 2 at /response/content/text: not base64"),
    ],
)  # fmt: skip
def test_a_bad_entry_is_named_and_the_others_are_read(bad: object, sentence: str) -> None:
    data = archive(ENTRY, bad, ENTRY)
    problems: list[CassetteError] = []
    assert len(list(read_har(data, "a.har", on_problem=problems.append))) == 2
    assert [str(p) for p in problems] == [sentence]
    with pytest.raises(CassetteError) as caught:
        list(read_har(data, "a.har"))
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "data",
    [
        b'{"log": 5}',
        b'{"log": {"entries": {}}}',
        b'{"log":{}}',
    ],
)
def test_what_is_no_har_is_said(data: bytes) -> None:
    with pytest.raises(CassetteError, match=r"not a HAR file: it has no list log.entries"):
        list(read_har(data, "x.har"))


def test_every_truncation_gives_the_entries_before_it_and_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "_CHUNK", 64)
    data = archive(ENTRY, ENTRY)
    assert len(list(read_har(data))) == 2
    start = data.index(b'"entries": [{') + 13
    for cut in range(start, len(data) - 3, 11):
        got = []
        with pytest.raises(CassetteError, match=r"the file is cut off (in|after) entry"):
            got.extend(read_har(data[:cut], "t.har"))
        assert len(got) == (cut > data.rindex(b"startedDateTime") - 4)


BREAKS = [
    (b'"time": 47.287', b'"time": 47.287 5'),
    (b'"time": 47.287', b'"time": '),
    (b'"text": "{}"}}}', b'"text": "{}"}'),
    (b'"text": "{}"', b'"text": "{}'),
    (b'"method": "get"', b'"method": get'),
    (b'"content": {', b'"content": [{'),
    (b'"time": 47.287', b'"time": ' + b"9" * 5000),
]


@pytest.mark.parametrize(("whole", "broken"), BREAKS)
@pytest.mark.parametrize("chunk", [64, 4096])
def test_what_is_broken_in_one_entry_costs_that_entry(
    monkeypatch: pytest.MonkeyPatch, whole: bytes, broken: bytes, chunk: int
) -> None:
    monkeypatch.setattr(stream, "_CHUNK", chunk)
    parts = archive(
        *(entry(time=47.287, request={"method": "get", "url": f"https://x/{n}"}) for n in range(4))
    )
    for place in range(3):
        at = [n for n in range(len(parts)) if parts.startswith(whole, n)][place]
        data = parts[:at] + broken + parts[at + len(whole) :]
        problems: list[CassetteError] = []
        got = [one.request.url for one in read_har(data, "t.har", on_problem=problems.append)]
        assert got == [f"https://x/{n}" for n in range(4) if n != place], (place, problems)
        assert [str(one).rpartition(" ")[2] for one in problems] == [str(place + 1)]


def test_limits_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(stream, "MAX_ELEMENT", 1000)
    monkeypatch.setattr(stream, "_CHUNK", 512)
    big = entry(response={"status": 200, "content": {"text": "x" * 9000}})
    with pytest.raises(CassetteError, match="one element is over 1,000 bytes"):
        list(read_har(archive(big)))
    monkeypatch.setattr(stream, "MAX_UNPACKED", 2000)
    with pytest.raises(CassetteError, match="over the limit of 2,000 bytes"):
        list(read_har(gzip.compress(archive(*[ENTRY] * 50))))
    with pytest.raises(CassetteError, match="cannot be read: No such file"):
        list(read_har(tmp_path / "none.har"))
    with pytest.raises(CassetteError, match=r"zstd|cannot be read"):
        list(read_har(b"\x28\xb5\x2f\xfd0000"))
    with pytest.raises(CassetteError, match="cannot be read"):
        list(read_har(gzip.compress(archive(ENTRY))[:60]))


def test_a_body_that_is_not_in_the_archive_is_not_judged() -> None:
    gone = entry(response={"status": 200, "content": {"size": 9}})
    cut = entry(response={"status": 200, "content": {"size": 9, "text": '{"a": '}})
    whole = entry(response={"status": 200, "content": {"size": 99, "text": '{"a": 1}'}})
    empty = entry(response={"status": 200, "content": {"size": 0}})
    got = [one.response.missing for one in read_har(archive(gone, cut, whole, empty))]
    assert got == ["not kept in the recording", "cut, 6 of 9 bytes were recorded", "", ""]


def test_addresses_of_browsers_keep_their_place() -> None:
    urls = [
        "wss://x/s",
        "chrome-extension://a/b.js",
        "data:text/plain,x",
        "blob:https://x/1",
        "https://x/a|b c",
        "/p",
    ]
    got = list(read_har(archive(*(entry(request={"method": "GET", "url": url}) for url in urls))))
    assert [one.response is None for one in got] == [True] * 4 + [False] * 2
    assert got[1].failure == "a chrome-extension: address, which is none of HTTP"
    assert [one.request.url for one in got[4:]] == ["https://x/a|b%20c", "/p"]
