"""Redaction: nothing secret is left, nothing valid is broken, and the same secret reads the same everywhere."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from plantings import planted, remains

from contracts.decode import decode
from contracts.errors import CassetteError
from contracts.interactions import Known
from contracts.interactions.formats.cassette import dump
from contracts.interactions.redaction.allowance import Allowance, allowance_of
from contracts.interactions.redaction.redact import redacted
from contracts.interactions.redaction.scan import leaks
from contracts.interactions.redaction.tokens import placeholder
from contracts.interactions.write import cassette_path, save
from contracts.model import Interaction, Request, Response, Source
from contracts.schema.engine import compile_schema
from contracts.secret import Secret
from contracts.spec import load

ROOT = Path(__file__).parents[2]
LAWS = settings(derandomize=True, database=None, max_examples=80, deadline=None)
KEY = "sk-live-9aBcD3fGh1JkLmN0pQrS"


def interaction(
    body: object = None,
    *,
    url: str = "https://api.example.com/v1/batches/b-1",
    headers=(),
    got=(),
    raw: bytes | None = None,
) -> Interaction:
    content = raw if raw is not None else json.dumps(body).encode()
    return Interaction(
        request=Request("GET", url, tuple(headers)),
        response=Response(200, (("Content-Type", "application/json"), *got), content),
        source=Source.LIVE,
        name="running",
        operation="getBatch",
        recorded_at="2026-01-31T09:00:00Z",
    )


def body_of(value: object, secrets=(), allow: Allowance | None = None, **more) -> object:
    cassette = redacted(interaction(value, **more), "acme", allow or Allowance(), secrets)
    return json.loads(cassette.interaction.response.body)


def faults(schema: object):
    engine = compile_schema(schema)
    return lambda value: [(f.pointer, f.keyword) for f in engine.faults(value)]


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(2))
def test_no_piece_of_a_planted_secret_is_written(seed: int) -> None:
    rng = random.Random(seed)
    written = 0
    for _ in range(100):
        it, value, told, where = planted(rng)
        try:
            data = dump(redacted(it, "acme", Allowance(query=frozenset({"expand"})), [value] if told else []))
        except CassetteError:
            continue
        if list(leaks(data, Known.of([value] if told else []))):
            continue
        written += 1
        assert remains(data, value) == "", where
    assert written > 80


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"token": "hunter2hunter2"}, {"token": "redacted-1"}),
        ({"a": {"api_key": "abcdefgh"}, "apiKey": "abcdefgh"}, {"a": {"api_key": "redacted-1"}, "apiKey": "redacted-1"}),
        ({"credentials": {"user": "ann", "pass": [12345, True, None]}}, {"credentials": {"user": "redacted-1", "pass": [10002, True, None]}}),
        ({"token_expires_at": "2026-01-31T09:00:00Z", "total_tokens": 123456}, {"token_expires_at": "2026-01-31T09:00:00Z", "total_tokens": 123456}),
        ({"session_id": "123e4567-e89b-42d3-a456-426614174000"}, {"session_id": "00000000-0000-4000-8000-000000000001"}),
        ({"note": f"bad key {KEY}!"}, {"note": "bad key redacted-1!"}),
        ({"note": f"bad key {KEY[:10]}...{KEY[-9:]}"}, {"note": "bad key redacted-1...redacted-2"}),
        ({"url": f"https://u:{KEY}@x.io/a?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE&b=1"}, {"url": "https://redacted-3@x.io/a?X-Amz-Credential=redacted-2&b=1"}),
        ({"mail": "ann@corp.io and 8.8.8.8 and 127.0.0.1"}, {"mail": "redacted-1@example.com and 192.0.2.2 and 127.0.0.1"}),
        ({"inner": json.dumps({"password": "abcd", "n": 1.50})}, {"inner": '{"password":"redacted-1","n":1.5}'}),
        ({KEY: 1}, {"redacted-1": 1}),
        ({"x": "zT4q9LmN2bV8cX1sD6fG3hJ5kP7w"}, {"x": "redacted-1"}),
        ({"batch_id": "zT4q9LmN2bV8cX1sD6fG3hJ5kP7w"}, {"batch_id": "zT4q9LmN2bV8cX1sD6fG3hJ5kP7w"}),
        ({"path": "/storage/batch-2024/results-final1/part0001"}, {"path": "/storage/batch-2024/results-final1/part0001"}),
        ({"author": "ann", "status": "running", "n": 1}, {"author": "ann", "status": "running", "n": 1}),
    ],
)  # fmt: skip
def test_bodies_read_like_this_afterwards(before: object, after: object) -> None:
    assert body_of(before, [Secret(KEY, "ACME_API_KEY")]) == after


def test_the_credentials_of_the_request_are_known_secrets() -> None:
    value = "Zx81Spectrum"
    for headers, url in (
        ((("Authorization", f"Bearer {value}"),), "https://h/"),
        ((("authorization", "Basic YW5uOlp4ODFTcGVjdHJ1bQ=="),), "https://h/"),
        ((("Cookie", f"a=1; session={value}"),), "https://h/"),
        ((), f"https://h/?api_key={value}"),
        ((), f"https://ann:{value}@h/"),
    ):
        assert body_of({"note": f"<{value}>"}, url=url, headers=headers) == {"note": "<redacted-1>"}


def test_headers_and_query_are_allow_listed_and_what_is_dropped_is_named() -> None:
    it = interaction(
        {},
        url="https://h/v1/x?expand=results&page_token=abcdefgh&debug=1&sk-live-aaaaaaaaaaaaaaaaaaaa=1",
        headers=(("Accept", "*/*"), ("X-Api-Key", KEY), ("X-Tenant", "t"), ("Cookie", "a=b")),
        got=(
            ("X-RateLimit-Limit", "5"),
            ("Set-Cookie", "s=1"),
            ("Location", f"https://h/?token={KEY}"),
            ("Server", "x"),
            ("X-Job", "ann@corp.io"),
            ("X-Tenant-Id", "corp"),
            ("X-Count", "7"),
            ("X-State", "running"),
        ),
    )
    cassette = redacted(
        it,
        "acme",
        Allowance(
            frozenset({"expand", "page_token"}),
            frozenset({"x-api-key"}),
            frozenset({"x-job", "x-tenant-id", "x-count", "x-state"}),
            frozenset({"running"}),
        ),
    )
    assert cassette.interaction.request.url == "https://h/v1/x?expand=results&page_token=redacted-1"
    assert cassette.interaction.request.headers == (("Accept", "*/*"), ("X-Api-Key", "redacted-2"))
    assert dict(cassette.interaction.response.headers) == {
        "Content-Type": "application/json", "X-RateLimit-Limit": "5", "Location": "https://h/?token=redacted-2", "X-Job": "redacted-3@example.com",
        "X-Tenant-Id": "redacted-4", "X-Count": "7", "X-State": "running",
    }  # fmt: skip
    assert cassette.dropped == ("?debug", "?unnamed", "cookie", "server", "set-cookie", "x-tenant")
    assert [tuple(r) for r in cassette.redacted] == [
        ("header location", "header"), ("header x-api-key", "header"), ("header x-job", "header"), ("header x-tenant-id", "header"), ("query page_token", "query"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"format": "uuid"}, "123e4567-e89b-42d3-a456-426614174000"),
        ({"format": "email"}, "ann@corp.io"),
        ({"format": "uri"}, "https://corp.io/x?y"),
        ({"format": "ipv4"}, "8.8.8.8"),
        ({"pattern": "^[a-z]{4}-[0-9]{4}$"}, "abcd-1234"),
        ({"pattern": "^sk-[A-Za-z0-9]{10}$"}, "sk-a1B2c3D4e5"),
        ({"pattern": "^[0-9a-f]{32}$"}, "0123456789abcdef0123456789abcdef"),
        ({"minLength": 20}, "x" * 5 + "secretsecretsecret"),
        ({"maxLength": 6}, "abcdef"),
        ({"type": "integer", "maximum": 9999}, 1234),
        ({"type": "number", "minimum": 0.5}, 1234.5),
        ({"contentEncoding": "base64", "pattern": "^[A-Za-z0-9+/]{8}$"}, "c2VjcmV0"),
    ],
)
def test_type_format_pattern_and_length_survive(schema: dict[str, object], value: object) -> None:
    whole = {"properties": {"token": schema}}
    after = body_of({"token": value}, allow=Allowance(faults=faults(whole)))
    assert after != {"token": value}
    assert compile_schema(whole).is_valid(after)


def test_what_cannot_be_kept_valid_is_refused_by_its_place() -> None:
    allow = Allowance(
        faults=faults({"properties": {"a": {"items": {"properties": {"token": {"pattern": "^magic$"}}}}}})
    )
    with pytest.raises(CassetteError) as caught:
        body_of({"a": [{"token": "magic"}]}, allow=allow)
    assert str(caught.value) == "/a/0/token: a secret (name) cannot be replaced by a value that is as valid"


def test_what_a_spec_prints_is_no_secret() -> None:
    nimble = load("nimble", ROOT)
    operation = nimble.spec.operation("getBatch")
    allow = allowance_of(nimble.spec, operation, 200)
    assert {"success", "pending", "_query", "batch_id"} <= allow.published
    assert body_of({"auth_status": "pending"}, allow=allow) == {"auth_status": "pending"}
    assert body_of({"auth_status": "pending"}, ["pending1"], allow=allow) == {"auth_status": "pending"}


def test_places_named_by_the_user_are_always_replaced() -> None:
    allow = Allowance(places=frozenset({"/tasks/*/account_name", "/input"}))
    before = {"tasks": [{"account_name": "ann"}, {"account_name": "bob"}], "input": {"q": "ann"}}
    assert body_of(before, allow=allow) == {
        "tasks": [{"account_name": "redacted-1"}, {"account_name": "redacted-2"}], "input": {"q": "redacted-1"},
    }  # fmt: skip


LEAVES = st.none() | st.booleans() | st.integers(-5, 999) | st.sampled_from(
    ["ann@corp.io", "hunter2hunter2", KEY, "123e4567-e89b-42d3-a456-426614174000", "done", "2026-01-31", "https://x.io/?sig=abcdefgh", "zT4q9LmN2bV8cX1sD6fG3hJ5kP7w"]
)  # fmt: skip
NAMES = st.sampled_from(["token", "id", "status", "apiKey", "items", "note", KEY])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
LEAF_SCHEMAS = st.sampled_from(
    [{}, {"type": "string"}, {"type": ["string", "null"]}, {"format": "uuid"}, {"maxLength": 12}, {"minLength": 14}, {"type": "integer"}, {"enum": ["done", KEY]}, {"pattern": "^[a-z0-9]+$"}, {"const": "done"}, {"format": "email"}]
)  # fmt: skip
SCHEMAS = st.recursive(
    LEAF_SCHEMAS,
    lambda inner: st.builds(lambda i: {"items": i, "uniqueItems": True}, inner)
    | st.builds(lambda p, r: {"properties": p, "required": r, "additionalProperties": len(p) > 1}, st.dictionaries(NAMES, inner, max_size=3), st.lists(NAMES, unique=True, max_size=1))
    | st.builds(lambda a, b: {"anyOf": [a, b]}, inner, inner),
    max_leaves=6,
)  # fmt: skip


@LAWS
@given(SCHEMAS, VALUES)
def test_valid_before_is_valid_after_and_invalid_stays_invalid(
    schema: dict[str, object], value: object
) -> None:
    engine = compile_schema(schema)
    try:
        after = body_of(value, [KEY], Allowance(faults=faults(schema)))
    except CassetteError:
        assume(False)
    assert engine.is_valid(after) == engine.is_valid(value)
    assert KEY.lower() not in json.dumps(after).lower()


@LAWS
@given(VALUES)
def test_redacting_twice_changes_nothing_and_the_scan_agrees(value: object) -> None:
    cassette = redacted(interaction(value), "acme", Allowance(), [KEY])
    data = dump(cassette)
    assert list(leaks(data, Known.of([KEY]))) == []
    again = redacted(cassette.interaction, "acme", Allowance(), [KEY])
    assert json.loads(again.interaction.response.body) == json.loads(cassette.interaction.response.body)


def test_text_bodies_are_cleaned_and_stay_as_broken_as_they_were() -> None:
    raw = b'{"a": 1, "a": 2, "token": "hunter2hunter2"}'
    body = redacted(interaction(raw=raw), "acme", Allowance()).interaction.response.body
    assert body == b'{"a": 1, "a": 2, "token": "redacted-1"}'
    html = f"<b>{KEY}</b> token=abcdefgh".encode()
    assert (
        redacted(interaction(raw=html), "acme", Allowance()).interaction.response.body
        == b"<b>redacted-2</b> token=redacted-1"
    )


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        (b"\xff" + KEY.encode(), b"\xffredacted-1"),
        (b'{"a":1,"a":1,"token":123456}', b'["redacted-1",{"a":1,"a":1}]'),
        (b'{"a":1,"a":1,"note":"' + KEY.encode() + b'"}', b'{"a":1,"a":1,"note":"redacted-1"}'),
        (b'{"a":1,"a":1,"note":"\\u0073' + KEY[1:].encode() + b'"}', b'{"a":1,"a":1,"note":"redacted-1"}'),
    ],
)
def test_a_body_that_is_no_json_loses_the_place_and_not_the_answer(raw: bytes, stored: bytes) -> None:
    cassette = redacted(interaction(raw=raw), "acme", Allowance(), [KEY])
    assert cassette.interaction.response.body == stored
    assert [fault.rule for fault in decode(raw).faults] == [fault.rule for fault in decode(stored).faults]
    assert not list(leaks(dump(cassette), Known.of([KEY])))


def test_a_number_that_is_a_piece_of_a_secret_is_replaced_and_stays_valid() -> None:
    schema = {"properties": {"n": {"type": "integer", "minimum": 1000}, "at": {"type": "number"}}}
    allow = Allowance(faults=faults(schema))
    body = body_of({"n": 4412345678, "at": 12345678.5, "m": 77}, ["sk-4412345678-x"], allow)
    assert "12345678" not in json.dumps(body)
    assert (body["n"] >= 1000, body["m"]) == (True, 77)


@pytest.mark.parametrize("field", ["Link", "Retry-After"])
def test_a_field_that_cannot_be_proved_clean_is_replaced(field: str) -> None:
    spelled = "".join(f"%{byte:02x}" for byte in KEY.encode())
    cassette = redacted(interaction({}, got=[(field, f"a {spelled}")]), "acme", Allowance(), [KEY])
    assert dict(cassette.interaction.response.headers)[field] == "redacted-1"


def test_saving_scans_and_never_leaves_the_folder(tmp_path: Path) -> None:
    cassette = redacted(interaction({"token": "abcdefgh"}), "acme", Allowance())
    path = save(cassette, tmp_path)
    assert (
        path == tmp_path / "cassettes" / "getBatch" / "200-running.json" == cassette_path(tmp_path, cassette)
    )
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    with pytest.raises(
        CassetteError,
        match=r"^200-running\.json is not written: /response/json/token: name, 12 characters may be a secret$",
    ):
        save(type(cassette)(provider="acme", interaction=interaction({"token": "hunter2hunte"})), tmp_path)
    assert path.read_bytes() == before
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "cassettes").symlink_to(elsewhere)
    with pytest.raises(CassetteError, match="leads out of"):
        save(cassette, tmp_path / "home")


def test_the_scan_names_lines_of_other_texts_and_looks_into_base64() -> None:
    assert [str(leak) for leak in leaks(f"a\ncurl -H 'X-Api-Key: {KEY}'\n".encode())] == [
        "line 2: name, 49 characters"
    ]
    assert [
        leak.rule
        for leak in leaks(b'{"base64": "/2tleTogaHVudGVyMmh1bnRlcjI="}', Known.of(["hunter2hunter2"]))
    ] == ["known", "known"]
    assert [leak.rule for leak in leaks(json.dumps({KEY: 1, "n": 5}).encode())] == ["shape in a key"]


def test_placeholders_of_documentation_are_no_secrets() -> None:
    for text in (
        "<api-key>",
        "$MATIL_API_KEY",
        "{token}",
        "string",
        "your-api-key",
        "redacted-3",
        "sk-xxxxxxxxxxxxxxxx1",
        "********",
        "00000000-0000-4000-8000-000000000004",
    ):
        assert placeholder(text), text
    for text in ("hunter2", KEY, "123456", "correct horse"):
        assert not placeholder(text), text


def test_short_secrets_count_whole_and_tiny_ones_not() -> None:
    known = Known.of(["abc12", "x"])
    assert list(known.spans("an abc12 and İ")) == [(3, 8)]
    assert Known.of(["Çİlek12xy"]).within("an Çİlek12xy")
    assert list(known.spans("an ABC12.")) == [(3, 8)]
    assert not known.within("x")


def test_the_beginning_of_every_address_is_no_piece_of_a_secret() -> None:
    known = Known.of(["https://files.corp.io/9aBcD3fGh1Jk"])
    assert not known.within("https://api.acme.example/v1")
    assert known.within("9aBcD3fG")
