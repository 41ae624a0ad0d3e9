"""The written policies: what each format takes, what each note of a manifest says, what examples must fit."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.errors import ConfigError, UnknownName
from contracts.patterns import usable
from contracts.schema.formats import FORMATS, number_fits
from contracts.spec.manifest import Note
from contracts.validate import Checker
from contracts.validate.consistency import check_notes, notes_of
from contracts.validate.examples import example_findings
from tests.validate.specs import spec_of

TEXTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "byte": (("", "QQ=="), ("Q", "Q*==")),
    "date": (("2024-02-29", "0000-01-01"), ("2023-02-29", "2024-1-1", "2024-13-01", "٢٠٢٤-01-01")),
    "date-time": (
        ("2024-01-15T10:30:00Z", "2024-01-31t10:30:00.5+01:00", "1998-12-31T23:59:60Z", "1998-12-31T15:59:60.1-08:00"),
        ("2024-01-15T10:30:00", "2024-01-15 10:30:00Z", "1998-12-31T22:59:60Z", "2024-01-15T24:00:00Z", ""),
    ),
    "time": (("10:30:00z",), ("10:30:00", "10:60:00Z", "10:30:00+24:00")),
    "duration": (("P1Y2M3DT4H5M6S", "PT1M", "P2W"), ("P", "PT", "1Y", "P1YT", "P1Y1W")),
    "email": (("a.b@c.test", '"a b"@c.test', "a@[127.0.0.1]", "a@[IPv6:::1]"), ("a", "@c.test", "a..b@c.test", "a@-c", f"{'a' * 65}@c.test")),
    "idn-email": (("ä@ö.test",), ("ä",)),
    "hostname": (("a.test", "xn--bcher-kva.test"), ("", "-a", "a_b", "xn--a\u00fc", "ab--cd", f"{'a' * 64}.test", "xn--X")),
    "idn-hostname": (("bücher.test", "a.test"), ("", "〮a.test")),
    "ipv4": (("127.0.0.1",), ("127.0.0.01", "1.2.3", "١.1.1.1")),
    "ipv6": (("::1",), ("::1%eth0", "12345::", "g::")),
    "uri": (("https://a.test/x?y=1#z", "urn:a:b", "http://[::1]:80/", "mailto:a@b.test"), ("/a", "a b:c", "http://[x]/", "http://a.test/{x}", "a:b#c#d", "http://a/[", "http://[::1]x/")),
    "uri-reference": (("/a", "?b", "", "//a.test/x"), ("\\a", "a:b:[", "1:a[")),
    "iri": (("https://ä.test/ö",), ("/ä", "https://ä.test/ ")),
    "iri-reference": (("/ä",), ("\ud800",)),
    "uri-template": (("/a/{id}", "{?x,y*}"), ("/a/{id", "a b")),
    "json-pointer": (("", "/a~1b/~0"), ("a", "/~2")),
    "relative-json-pointer": (("0#", "1/a"), ("01", "#", "-1")),
    "uuid": (("4B0A90BF-c951-42e4-95b3-a95a65ba69fc",), ("4b0a90bfc95142e495b3a95a65ba69fc", "{4b0a90bf-c951-42e4-95b3-a95a65ba69fc}")),
    "url": (("https://a.test",), ("a.test",)),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_format_takes_what_its_standard_says(name: str) -> None:
    good, bad = TEXTS[name]
    assert [text for text in good if not FORMATS[name](text)] == []
    assert [text for text in bad if FORMATS[name](text)] == []


def test_numbers_have_the_size_that_their_format_names() -> None:
    assert [number_fits("int32", n) for n in (2**31 - 1, -(2**31), 1.0, True, "x")] == [True] * 5
    assert [number_fits("int32", n) for n in (2**31, 1.5, 1e300)] == [False] * 3
    assert (number_fits("float", 3.5e38), number_fits("double", 10**400)) == (False, False)
    assert (usable("a+"), usable("(")) == (True, False)


def noted(kind: str, value: Any, **settings: Any) -> list[str]:
    note = Note(kind, "the page says so", settings=settings)
    asked = notes_of((note,), "getBatch", "200")
    return [f"{b.pointer} {b.rule}: {b.words.message}" for b in check_notes(asked, value)]


@pytest.mark.parametrize(
    ("kind", "settings", "value", "lines"),
    [
        ("counts", {"total": "/n", "parts": ["/a", "/b"]}, {"n": 3, "a": 1, "b": 2}, []),
        ("counts", {"total": "/n", "parts": ["/a", "/b"]}, {"n": 2, "a": 1, "b": 2}, ["/n counts: 3 is more than 2: the page says so"]),
        ("counts", {"total": "/l#", "parts": ["/a"], "relation": "equal"}, {"l": [1], "a": 0}, ["/l counts: 0 is not 1: the page says so"]),
        ("counts", {"total": "/n", "parts": ["/a"]}, {"n": 1, "a": None}, []),
        ("counts", {"total": "/l/0", "parts": ["/l/9"]}, {"l": [1]}, []),
        ("order", {"before": "/a", "after": "/b"}, {"a": "2024-01-02T00:00:00Z", "b": "2024-01-01T00:00:00Z"}, ["/b time-order: is before /a: the page says so"]),
        ("order", {"before": "/a", "after": "/b"}, {"a": "2016-12-31T23:59:60Z", "b": "2024-01-01T00:00:00Z"}, []),
        ("order", {"before": "/a", "after": "/b"}, {"a": None, "b": 7}, []),
        ("pairs", {"when": "/s", "then": "/t", "pairs": {"x": "y"}}, {"s": "x", "t": "z"}, ["/t state-fields: 'z' beside 'x', which goes with 'y': the page says so"]),
        ("pairs", {"when": "/s", "then": "/t", "pairs": {"x": "y"}}, {"s": 1, "t": "z"}, []),
        ("range", {"field": "/p", "minimum": 0, "maximum": 1}, {"p": 2}, ["/p counts: 2 is not within 0 and 1: the page says so"]),
        ("range", {"field": "/p", "minimum": 0}, {"p": 2}, []),
        ("range", {"field": "/p", "minimum": 0, "status": "404"}, {"p": -2}, []),
    ],
)  # fmt: skip
def test_a_note_says_what_two_fields_have_to_do_with_each_other(
    kind: str, settings: dict[str, Any], value: Any, lines: list[str]
) -> None:
    assert noted(kind, value, **settings) == lines


def test_a_note_that_cannot_be_used_is_an_error() -> None:
    with pytest.raises(UnknownName, match="no kind of note 'sums'"):
        noted("sums", {})
    with pytest.raises(ConfigError, match="a note needs total"):
        noted("counts", {})


def test_examples_that_contradict_their_schema_are_said() -> None:
    found = spec_of(
        {
            "properties": {
                "a": {"type": "string", "example": 7},
                "b": {"type": "integer", "examples": [1, "x"], "default": None},
                "c": {"$ref": "#/components/schemas/C"},
                "example": {"type": "string"},
            }
        },
        C={"type": "object", "required": ["k"], "example": {}},
    )
    operation = found.operations[0]
    assert [
        (f.spec_pointer.rpartition("/schema")[2], f.message)
        for f in example_findings(Checker(found, "v"), operation)
    ] == [
        ("/properties/a/example", "the example does not fit: 7 is not a string"),
        ("/properties/b/examples/1", "the example does not fit: 'x' is not an integer"),
        ("/properties/b/default", "the example does not fit: null is not an integer"),
        ("s/C/example", "the example does not fit: /k: missing, but required"),
    ]
