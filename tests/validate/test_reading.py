"""How texts and bytes are read as values: by schema, style, brackets, location, form and stream, one row a case."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.model import Json, Pointer, Request
from contracts.validate.reading import coerce, media, streams, styles
from contracts.validate.reading.form import read_form
from contracts.validate.reading.parameters import Reader, Sent, sent, unknown_query
from tests.validate.specs import spec, spec_of

INTEGER = {"type": "integer"}
LIST = {"type": "array", "items": INTEGER}
PIPES, SPACES, DEEP = ({"style": name} for name in ("pipeDelimited", "spaceDelimited", "deepObject"))
OBJECT = {"type": "object", "properties": {"a": INTEGER}}
MANY = {
    "Either": {"type": ["integer", "null"]},
    "Union": {
        "anyOf": [
            {"enum": [True, None]},
            {"oneOf": [{"const": [1]}, {"type": "number"}]},
            {"allOf": [{"const": {}}, {"const": "x"}]},
        ]
    },
    "List": LIST,
    "Object": {
        "type": "object",
        "properties": {"a": INTEGER, "b": {"$ref": "#/components/schemas/List"}},
        "patternProperties": {"^p": {"type": "boolean"}},
        "additionalProperties": {"type": "null"},
    },
    "Numbers": {"enum": [1.5, 2]},
    "Mixed": {"type": ["array", "object", "string"], "items": INTEGER, "properties": {"k": INTEGER}},
}
SPEC = spec_of({}, **MANY)


def at(name: str) -> Pointer:
    return Pointer(("components", "schemas", name))


def test_the_types_that_a_schema_names() -> None:
    assert {name: sorted(coerce.types_of(SPEC, at(name))) for name in MANY} == {
        "Either": ["integer", "null"],
        "Union": ["array", "boolean", "null", "number", "object", "string"],
        "List": ["array"],
        "Object": ["object"],
        "Numbers": ["integer", "number"],
        "Mixed": ["array", "object", "string"],
    }


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,2", [[1, 2], {"1": "2"}, "1,2"]), ("", [[], {}, ""]), ("a,1", [["a", 1], {"a": "1"}, "a,1"]),
        ("1", [[1], {}, "1"]), ("k,3,x", [["k", 3, "x"], {"k": 3}, "k,3,x"]), ("1, 2", [[1, 2], {"1": " 2"}, "1, 2"]),
    ],
)  # fmt: skip
def test_all_that_a_text_could_mean(text: str, values: list[Json]) -> None:
    assert list(coerce.readings(SPEC, text, at("Mixed"), coerce.types_of(SPEC, at("Mixed")))) == values


def test_the_parts_of_a_union_are_met_once_in_their_order() -> None:
    levels = {f"L{n}": {"allOf": [{"$ref": f"#/components/schemas/L{n + 1}"}] * 2} for n in range(40)}
    found = spec_of({}, **levels, L40={"oneOf": [{}, {}], "anyOf": [{}], "allOf": [{}, {"type": "null"}]})
    assert coerce.types_of(found, at("L0")) == {"null"}
    parts = [
        str(place).removeprefix("/components/schemas/L40") for place, _ in coerce.in_place(found, at("L40"))
    ]
    assert parts == ["", "/allOf/0", "/allOf/1", "/anyOf/0", "/oneOf/0", "/oneOf/1"]


def test_a_text_is_read_as_the_first_value_that_fits() -> None:
    rows: list[tuple[str, list[Json], Json]] = [
        ("1", [1, "1"], 1), ("1", ["1"], "1"), ("1", [], 1), ("true", ["true"], "true"), ("null", [None], None),
    ]  # fmt: skip
    for text, fits, read in rows:
        assert coerce.read_text(SPEC, text, at("Either"), fits.__contains__) == read
    assert coerce.items(SPEC, ["1", " 2 ", "x"], at("List")) == [1, 2, "x"]
    assert coerce.items(SPEC, ["1"], at("Either")) == ["1"]
    texts = {"a": "1", "b": "2", "p1": "true", "z": "", "zz": "5"}
    assert coerce.members(SPEC, texts, at("Object")) == {"a": 1, "b": "2", "p1": True, "z": None, "zz": "5"}


@pytest.mark.parametrize(
    ("kind", "schema", "judged"),
    [
        ("text/plain", {"type": "string"}, True), ("text/csv", {"type": "string"}, False),
        ("text/csv", {"type": "string", "pattern": "a"}, True), ("text/csv", {"type": "integer"}, True),
        ("text/csv", {"anyOf": [{"type": "string"}, {"maxLength": 3}]}, True), ("text/plain", {}, False),
        ("text/plain", {"type": "array"}, False), ("text/plain", {"type": ["string", "object"]}, False),
        ("application/xml", {"type": "string", "pattern": "a"}, False),
        *(("text/csv", {"type": "string", key: 1}, True) for key in ("minLength", "minimum", "maximum", "multipleOf")),
        *(("text/csv", {"type": "string", key: "date"}, True) for key in ("format", "const")),
        ("text/csv", {"type": "string", "enum": ["a"]}, True),
    ],
)  # fmt: skip
def test_whether_a_schema_can_judge_a_text(kind: str, schema: dict[str, Any], judged: bool) -> None:
    assert coerce.says_something(spec_of({}, X=schema), kind, at("X")) is judged


@pytest.mark.parametrize(
    ("text", "style", "kind", "explode", "parts"),
    [
        (";p=1;p=2", "matrix", "array", True, ["1", "2"]), (";p=1,2", "matrix", "array", False, ["1", "2"]),
        (";p", "matrix", "string", False, ""), (";p=a%20b", "matrix", "", False, "a b"), (";p=p=1", "matrix", "", False, "p=1"),
        (";p=p", "matrix", "", False, "p"), (";p=p1;p=px", "matrix", "array", True, ["p1", "px"]), (";pq=1", "matrix", "", False, "pq=1"),
        (";a=1;b=%2C", "matrix", "object", True, {"a": "1", "b": ","}),
        (";p=a,1,b,2", "matrix", "object", False, {"a": "1", "b": "2"}),
        (".a.b", "label", "array", True, ["a", "b"]), (".a,b", "label", "array", False, ["a", "b"]),
        (".a=1.b=2", "label", "object", True, {"a": "1", "b": "2"}), (".x", "simple", "", False, ".x"),
        ("a,1,b,2,c", "simple", "object", False, {"a": "1", "b": "2"}), ("a=1,b", "simple", "object", True, {"a": "1", "b": ""}),
        ("", "simple", "array", False, []), ("a%2Cb,c", "simple", "array", True, ["a,b", "c"]),
    ],
)  # fmt: skip
def test_the_parts_of_a_path_parameter(text: str, style: str, kind: str, explode: bool, parts: Any) -> None:
    assert styles.path_parts(text, "p", style, frozenset({kind}), explode=explode) == parts


def test_names_with_brackets() -> None:
    keys = {"a[b]": ("b",), "a[b][c]": ("b", "c"), "a[]": ("",), "a" + "[x]" * 12: ("x",) * 12}
    assert {name: styles.bracketed(name) for name in keys} == {name: ("a", keys[name]) for name in keys}
    for name in ("a", "[b]", "a[b", "a[b]c", "a]b[", "a[b[c]]", "a" + "[x]" * 13):
        assert styles.bracketed(name) == (name, ())


@pytest.mark.parametrize(
    ("entries", "schema", "value"),
    [
        ([("", "1")], "List", [1]), ([("", "1")], "Either", 1), ([("", "1")], "", "1"), ([("", "1"), ("", "2")], "List", [1, 2]),
        ([("", "1"), ("", "2")], "Either", ["1", "2"]), ([("", "1"), ("a", "2")], "Object", "1"), ([("-", "1"), ("-", "x")], "List", [1, "x"]),
        ([("0", "1"), ("1", "2")], "", ["1", "2"]), ([("0", "1"), ("1", "2")], "Object", {"0": "1", "1": "2"}), ([("0", "1"), ("a", "2")], "List", {"0": "1", "a": "2"}),
        ([("a", "1"), ("b -", "2"), ("b -", "3"), ("p", "true"), ("q", "")], "Object", {"a": 1, "b": [2, 3], "p": True, "q": None}),
        ([("0 k", "1"), ("0 j", "2"), ("1 k", "3")], "", [{"k": "1", "j": "2"}, {"k": "3"}]),
    ],
)  # fmt: skip
def test_texts_with_keys_become_one_value(entries: list[tuple[str, str]], schema: str, value: Json) -> None:
    """Keys are parted by blanks here; a `-` is an empty one."""
    given = [(tuple(key.replace("-", "") for key in keys.split()), text) for keys, text in entries]
    assert styles.nested(SPEC, given, at(schema) if schema else None) == value


def test_an_event_stream_is_read_as_html_says() -> None:
    text = "data: a\ndata:b\nevent: x\n\ndata\n\nid: 3\n\n: c\nretry:5\ndata:  y"
    assert list(streams.read_events(text)) == [
        {"event": "x", "data": "a\nb"},
        {"data": ""},
        {"retry": "5", "data": " y"},
    ]
    text = "\ufeffdata: 1\r\rdata: 2\r\n\r\nx: 1\ndata: 3\n"
    assert list(streams.read_events(text)) == [{"data": "1"}, {"data": "2"}, {"x": "1", "data": "3"}]
    assert list(streams.read_events("event: x\n\n")) == []


STREAMED = spec_of(
    {},
    Event={"anyOf": [{"properties": {"data": {}, "id": {}}}, {}]},
    Data={"properties": {"data": {}}},
    Parts={"allOf": [{"properties": {"data": {}}}, {"properties": {"retry": {}}}]},
    Open={"type": "array"},
    Items={"allOf": [LIST]},
    Loose={"items": INTEGER},
)
BAD = "not-json"
PING = "the data of the event is not JSON"


@pytest.mark.parametrize(
    ("kind", "schema", "body", "found"),
    [
        ("application/jsonl", "Data", b'{"a":1}\n \n\x1e[2]\x1e3\r\nx', [(0, {"a": 1}, "", ""), (1, [2], "", ""), (2, 3, "", ""), (3, None, BAD, "")]),
        ("text/event-stream", "Data", b'data: {"a"\n\ndata: [DONE]\n\ndata: 5\n\ndata: ping\n\ndata: [x\n\n', [(0, None, BAD, ""), (2, 5, "", ""), (3, None, BAD, PING), (4, None, BAD, "")]),
        ("text/event-stream", "Event", b'id: 1\ndata: {"a":1}\n\nevent: x\ndata: ping\n\n', [(0, {"id": "1", "data": {"a": 1}}, "", ""), (1, {"event": "x", "data": "ping"}, "", "")]),
        ("text/event-stream", "Parts", b"retry: 1\ndata: 7\n\n", [(0, {"retry": "1", "data": 7}, "", "")]),
        ("application/jsonl", "Data", b'"0123456789"', [(0, None, "body-too-large", "")]),
        ("text/event-stream", "Data", b'data: "0123456789"\n\n', [(0, None, "body-too-large", PING)]),
    ],
)  # fmt: skip
def test_the_records_of_a_stream(kind: str, schema: str, body: bytes, found: list[Any]) -> None:
    most = 10 if BAD not in repr(found) and "body" in repr(found) else 1000
    assert [
        (one.position, one.decoded.value, "".join(fault.rule for fault in one.decoded.faults), one.unjudged)
        for one in streams.records(STREAMED, kind, body, at(schema), most)
    ] == found


def test_the_schema_of_one_record() -> None:
    places = {
        name: str(streams.record_schema(STREAMED, at(name))) for name in ("Open", "Items", "Loose", "Data")
    }
    assert places == {
        "Open": str(at("Open")),
        "Items": str(at("Items") / "allOf" / 0 / "items"),
        "Loose": str(at("Loose")),
        "Data": str(at("Data")),
    }
    names = "x-ndjson ndjson jsonl x-jsonl jsonlines x-jsonlines json-lines json-seq geo+json-seq stream+json"
    kinds = [f"application/{name}" for name in names.split()] + [
        "text/x-ndjson",
        "text/jsonl",
        streams.EVENTS,
    ]
    assert all(map(streams.is_stream, kinds))
    assert not any(map(streams.is_stream, ("application/json", "text/plain", "")))


def test_media_types_are_chosen_by_what_is_nearest() -> None:
    assert (media.plain("Text/HTML ; charset=x"), media.plain("")) == ("text/html", "")
    kinds = ("application/json", "text/json", "application/a+json", "json", "application/json5", "")
    assert [media.is_json(kind) for kind in kinds] == [True, True, True, False, False, False]
    content = dict.fromkeys(["application/*", "text/plain; charset=utf-8", "*/*", "text/plain", "Text/CSV"])
    for asked, chosen in {
        "application/json": "application/*",
        "text/plain": "text/plain",
        "text/csv": "Text/CSV",
        "image/png": "*/*",
    }.items():
        assert media.choose(content, asked) == chosen
    assert media.choose({"a/b": None}, "a/c") is None
    assert media.choose({"a/b;x=1": None, "A/B;x=2": None}, "a/b") == "a/b;x=1"


FIELDS = {
    "type": "object",
    "properties": {
        "n": INTEGER, "ids": LIST, "o": OBJECT, "odd[x]": INTEGER, "s": {"type": "string"}, "m": {"type": ["string", "object"]}, "tags": {"type": ["array", "null", "object"]},
    },
    "patternProperties": {"^p": {"type": "boolean"}},
}  # fmt: skip
ENCODED = {
    "piped": {**PIPES, "explode": False}, "spaced": {**SPACES, "explode": False}, "ids": {"explode": False}, "s": {"explode": False}, "n": {"explode": False},
    "j": {"contentType": "application/json"}, "t": {"contentType": "text/xml"}, "u": {"contentType": "text/plain"}, "odd": "x",
}  # fmt: skip


def form(body: str, media: str = "application/x-www-form-urlencoded", encoding: Any = ENCODED) -> Json:
    names = dict.fromkeys(("piped", "spaced", "free"), LIST) | dict.fromkeys("jtu", OBJECT)
    schema = {**FIELDS, "properties": {**FIELDS["properties"], **names}}
    content = {"application/x-www-form-urlencoded": {"schema": schema, "encoding": encoding}}
    operation = {"requestBody": {"content": content}, "responses": {}}
    found = spec({"openapi": "3.1.0", "info": {}, "paths": {"/t": {"post": operation}}})
    return read_form(
        found,
        body.encode("utf-8", "surrogateescape"),
        media,
        next(filter(None, found.operations[0].body.values())),
    )


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("n=1,2&s=a,b", {"n": "1,2", "s": "a,b"}),
        ("n=1&s=1&x=1&x=2&=5&e=", {"n": 1, "s": "1", "x": ["1", "2"], "": "5", "e": ""}),
        ("ids=1,2&free=1,2&piped=1|2&spaced=1%202", {"ids": [1, 2], "free": ["1,2"], "piped": [1, 2], "spaced": [1, 2]}),
        ("ids=1,2&ids=3", {"ids": ["1,2", 3]}), ("free=1&free=2", {"free": [1, 2]}), ("j=5&j=6", {"j": [5, 6]}), ("j=5&j=x", {"j": ["5", "x"]}),
        ("o[a]=1&o[b]=2&odd[x]=3&p[q]=true&p2=true", {"o": {"a": 1, "b": "2"}, "odd[x]": 3, "p": {"q": "true"}, "p2": True}),
        ("z[1]=a&z[2]=b&y[k][l]=1", {"z": ["a", "b"], "y": {"k": {"l": "1"}}}),
        ('o={"a":1}&m={"a":1}&s={"a":1}&n={"a":1}', {"o": {"a": 1}, "m": '{"a":1}', "s": '{"a":1}', "n": '{"a":1}'}),
        ('ids=[1,2]&free={"a":1}&tags=[1]&x={"a":1}', {"ids": [1, 2], "free": [{"a": 1}], "tags": [1], "x": '{"a":1}'}),
        ('o={"a":1}&o={"a":2}', {"o": [{"a": 1}, {"a": 2}]}), ('o= {"a":2}', {"o": {"a": 2}}), ('o={"a":1&o=%20{"a":2}', {"o": ['{"a":1', ' {"a":2}']}),
        ('j={"a":1}&t={"a":1}&u={"a":1}', {"j": {"a": 1}, "t": '{"a":1}', "u": {"a": 1}}), ("j=[1]&tags=null&tags=5", {"j": [1], "tags": ["null", "5"]}),
    ],
)  # fmt: skip
def test_the_fields_of_a_form(body: str, fields: Json) -> None:
    assert form(body) == fields


def part(name: str, text: str, media: str = "") -> str:
    kind = f"Content-Type: {media}\r\n" if media else ""
    return f"--b\r\nContent-Disposition: form-data{name and f'; name={name}'}\r\n{kind}\r\n{text}\r\n"


def test_the_parts_of_a_multipart_form() -> None:
    media = "multipart/form-data; boundary=b"
    one = '{"a":1}'
    body = (
        part("n", "1")
        + part("n", "2")
        + part("o", one, "application/json")
        + part("s", one, "application/json; charset=x")
    )
    body += (
        part("o", '{"a":2}', "text/html")
        + part("j", one, "text/plain")
        + part("x", "\udcff", "text/plain")
        + part("", "y")
    )
    assert form(body + "--b--\r\n", media) == {
        "n": ["1", "2"], "o": [one, '{"a":2}'], "s": {"a": 1}, "j": {"a": 1}, "x": "\ufffd", "": "y",
    }  # fmt: skip
    coded = part("k", "eHl6").replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: base64\r\n\r\n")
    assert form(f"{coded}--b--\r\n", media) == {"k": "xyz"}
    assert form("odd=1", encoding=5) == form("odd=1", encoding={"odd": 5}) == {"odd": "1"}
    assert form("odd=1", encoding={"odd": {"contentType": 5, "style": []}}) == {"odd": "1"}
    assert form(f"{coded}--b--\r\n", f"{media}; x=\udcff") == {"k": "xyz"}
    with pytest.raises(ValueError, match="no parts"):
        form("x", media)


def described(*parameters: dict[str, Any], **components: Any) -> Any:
    path = {
        "in": "path",
        "name": "p",
        "required": True,
        **(parameters[0] if parameters[0].get("in") == "path" else {}),
    }
    asked = [path, *(one for one in parameters if one.get("in") != "path")]
    paths = {"/t/{p}": {"get": {"parameters": asked, "responses": {}}}}
    return spec({"openapi": "3.1.0", "info": {}, "paths": paths, "components": components})


HEADERS = (
    ("x-q", "1"),
    ("X-Q", "2"),
    ("X-J", "[1]"),
    ("X-P", "a%20b"),
    ("Cookie", "c=5; d=a%20b"),
    ("cookie", "e; f=1=2"),
)


def value(parameter: dict[str, Any], url: str) -> tuple[bool, Json]:
    found = described(parameter)
    operation = found.operations[0]
    request = Request("GET", f"https://vendor.test/v1/t/{url}", HEADERS)
    reader = Reader(found, sent(found, operation, request), lambda value, at: value != 9)
    return reader.value(operation.parameters[-1])


def named(place: str, name: str = "q") -> dict[str, Any]:
    return {"in": place, "name": name}


Q = named("query")
CONTENT = {"content": {"application/json": {}}}
EITHER = {"type": ["array", "string"], "items": INTEGER}


@pytest.mark.parametrize(
    ("parameter", "url", "read"),
    [
        (Q, "1?q=a+b%20c", "a b c"), (Q, "1", ...), ({**Q, "schema": INTEGER}, "1?q=5", 5), ({**Q, "schema": INTEGER}, "1?q=9", "9"),
        ({**Q, "schema": INTEGER}, "1?q=5&q=6", ["5", "6"]), ({**Q, "schema": LIST}, "1?q=5", [5]), ({**Q, "schema": {"type": "array"}}, "1?q=a+b&q=c%2Cd", ["a b", "c,d"]), ({**Q, "schema": LIST}, "1?q=5&q=6", [5, 6]),
        ({**Q, "schema": LIST, "explode": False}, "1?q=5,6", [5, 6]), ({**Q, "schema": LIST, "explode": False}, "1?q=5", [5]), ({**Q, "schema": LIST, "explode": False}, "1?q=", []),
        ({**Q, "schema": LIST, **PIPES}, "1?q=5%7C6", [5, 6]), ({**Q, "schema": LIST, **PIPES}, "1?q=5%7c6", [5, 6]),
        ({**Q, "schema": LIST, **PIPES}, "1?q=5|6", [5, 6]), ({**Q, "schema": LIST, **PIPES, "explode": True}, "1?q=5|6", ["5|6"]),
        ({**Q, "schema": LIST, **SPACES}, "1?q=5+6", [5, 6]), ({**Q, "schema": LIST, **SPACES}, "1?q=5%206", [5, 6]),
        ({**Q, "schema": LIST, "style": "odd"}, "1?q=5,6", [5, 6]), ({**Q, "schema": EITHER}, "1?q=5,6", [5, 6]), ({**Q, "schema": EITHER}, "1?q=5&q=6", [5, 6]),
        ({**Q, "schema": OBJECT}, "1?a=5&q=1&b=2", {"a": 5}), ({**Q, "schema": OBJECT}, "1?b=2", ...), ({**Q, "schema": OBJECT, "explode": False}, "1?q=a,5", {"a": 5}),
        ({**Q, "schema": OBJECT, **DEEP}, "1?q[a]=5&q[b]=x+y&q=1&r[a]=2", {"a": 5, "b": "x y"}), ({**Q, "schema": OBJECT, **DEEP}, "1?q=1", ...),
        ({**Q, **CONTENT}, "1?q=%7B%22a%22:1%7D&q=2", {"a": 1}), ({**Q, **CONTENT}, "1", ...), ({**Q, **CONTENT}, "1?q=x", "x"),
        ({**named("header", "X-Q"), "schema": LIST}, "1", [1, 2]), ({**named("header", "X-J"), **CONTENT}, "1", [1]), (named("header", "X-N"), "1", ...), (named("header", "X-P"), "1", "a%20b"),
        ({**named("cookie", "c"), "schema": INTEGER}, "1", 5), (named("cookie", "d"), "1", "a b"), (named("cookie", "e"), "1", ...), (named("cookie", "f"), "1", "1=2"),
        ({"in": "path"}, "a%20b", "a b"), ({"in": "path", "schema": LIST}, "a,5", ["a", 5]), ({"in": "path", "schema": OBJECT}, "a,5", {"a": 5}),
        ({"in": "path", "schema": OBJECT, "explode": True}, "a=5", {"a": 5}), ({"in": "path", "schema": LIST, "style": "label", "explode": True}, ".5.6", [5, 6]),
        ({"in": "path", "schema": INTEGER}, "a,5", "a,5"), ({"in": "path", "schema": INTEGER}, "5", 5), ({"in": "path", **CONTENT}, "%5B5%5D", [5]),
    ],
)  # fmt: skip
def test_a_parameter_is_found_and_read(parameter: dict[str, Any], url: str, read: Any) -> None:
    was_sent, got = value(parameter, url)
    assert (got if was_sent else ...) == read
    assert type(got) is type(read) or not was_sent


def test_what_a_request_carries_is_taken_apart() -> None:
    found = described({})
    headers = (("A", "1"), ("a", "2"), ("Cookie", " x=1;y=a=b; z"))
    request = Request("GET", "https://vendor.test/v1/t/a%2Fb?a+b=c+d&e&&f=g=h", headers)
    assert sent(found, found.operations[0], request) == Sent(
        {"p": "a%2Fb"},
        (("a b", "c+d"), ("e", ""), ("f", "g=h")),
        {"a": "1,2", "cookie": " x=1;y=a=b; z"},
        {"x": "1", "y": "a=b"},
    )


def test_names_of_the_query_that_nothing_takes() -> None:
    schemes = {
        "k": {"type": "apiKey", "in": "query", "name": "key"},
        "h": {"type": "apiKey", "in": "header", "name": "hkey"},
    }
    deep = {**named("query", "d"), **DEEP, "schema": OBJECT}
    found = described({**Q, "schema": OBJECT}, deep, named("header", "h"), securitySchemes=schemes)
    url = "https://vendor.test/v1/t/1?x=1&q=1&a=1&d[a]=1&d=1&q[a]=1&key=1&hkey=2&h=1&x=2&p=1&b%20c=1"
    carried = sent(found, found.operations[0], Request("GET", url))
    assert list(unknown_query(found, found.operations[0], carried)) == ["x", "q[a]", "hkey", "h", "p", "b c"]
    bare = described({})
    assert list(unknown_query(bare, bare.operations[0], carried))[:2] == ["x", "q"]
