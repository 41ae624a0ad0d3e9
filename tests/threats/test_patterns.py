"""Patterns are read as ECMA-262 says: texts and verdicts as an engine of JavaScript gave them (flag `u`)."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.patterns import search, usable
from contracts.validate import Checker
from tests.validate.specs import interaction, spec_of

TABLE: list[tuple[str, list[str], list[str]]] = [
    (r"^\d$", ["3"], ["\u0663", "a"]),
    (r"^\d(?=b)", ["3b"], ["\u0663b"]),
    (r"^[\d-x]$", ["-", "7", "x"], ["\u0663", "e"]),
    (r"^\D$", ["\u0663"], ["3"]),
    (r"^[^\D]$", ["3"], ["\u0663"]),
    (r"^\w+$", ["az_09"], ["\u00e9", "\u017f", "\u212a"]),
    (r"^\W(?!a)", ["\u00e9"], ["a", "\u00e9a"]),
    (r"^[\W]$", ["\u00e9", "-"], ["_", "b"]),
    (r"^\s$", ["\u2028", "\ufeff", "\u3000", "\x0b"], ["\x85", "\x1c", "\u180e"]),
    (r"(?<=a)\s$", ["a\ufeff"], ["a\x85"]),
    (r"^\S$", ["\x85", "\x1c"], ["\ufeff"]),
    (r"^[^\S ]$", ["\t"], [" ", "a"]),
    (r"\b\u00e9", ["a\u00e9"], ["\u00e9"]),
    (r"a\b", ["a\u00e9", "a"], ["ab"]),
    (r"\B\u00e9", ["\u00e9"], ["a\u00e9"]),
    (r"^[\b]$", ["\x08"], ["b", ""]),
    (r"^a$", ["a"], ["a\n", "b\na"]),
    (r"a$", ["ba"], ["a\nb", "a\n"]),
    (r"^b", ["b"], ["a\nb"]),
    (r"^.$", ["\x85", "\U0001f600", "\x0b"], ["\n", "\r", "\u2028", "\u2029"]),
    (r"^..$", ["ab"], ["\U0001f600"]),
    (r"^[^]$", ["\n", "a"], ["", "ab"]),
    (r"[]", [], ["", "a", "]"]),
    (r"^[^a]$", ["\n"], ["a"]),
    (r"^\u{1F600}$", ["\U0001f600"], ["u"]),
    (r"^\ud83d\ude00$", ["\U0001f600"], ["\ufffd"]),
    (r"^[\u{1F600}-\u{1F64F}]$", ["\U0001f601"], ["\U0001f680"]),
    (r"^\u0041\x42$", ["AB"], ["ab"]),
    (r"^\cJ\cj$", ["\n\n"], ["cJ", "J"]),
    (r"^(?:\cJ1(?<=1))$", ["\n1"], ["J1"]),
    (r"^\0[\0]$", ["\0\0"], ["00"]),
    (r"^\p{L}\P{L}$", ["\u00e91"], ["1\u00e9"]),
    (r"^\p{Lu}$", ["\u00c9"], ["\u00e9"]),
    (r"^\p{Script=Greek}\p{sc=Han}$", ["\u03b1\u6f22"], ["ab"]),
    (r"^\p{Nd}$", ["\u0663"], ["x"]),
    (r"^[\p{L}-]$", ["-", "\u00e9"], ["1"]),
    (r"(?<=a)b", ["ab"], ["cb"]),
    (r"(?<!a)b", ["cb"], ["ab"]),
    (r"(?<=a+)b", ["aab"], ["b"]),
    (r"^(?=.*\d)\w+$", ["ab1"], ["ab", "ab\u0663"]),
    (r"^(?!ab)\w+$", ["ba"], ["abc"]),
    (r"(?<y>\d{4})-\k<y>", ["2020-2020"], ["2020-2021"]),
    (r"(x)(?<y>[ab])\k<y>\1", ["xaax"], ["xabx", "xaab"]),
    (r"^(?:a|ab)c$", ["abc"], ["abbc"]),
    (r"^\/\-\.$", ["/-."], ["/-x"]),
    (r"^[a-z&&b]$", ["a", "&"], ["-"]),
    (r"^[a||b]$", ["|"], ["c"]),
    (r"^(a?)*$", ["", "aaa"], ["b"]),
    (r"^x{2}?$", ["xx"], ["x"]),
    (r"", ["", "x"], []),
]
"""Pattern, texts that it matches, texts that it does not match."""


@pytest.mark.parametrize(("pattern", "matched", "other"), TABLE, ids=[row[0] for row in TABLE])
def test_a_pattern_says_of_a_text_what_javascript_says(
    pattern: str, matched: list[str], other: list[str]
) -> None:
    assert usable(pattern)
    assert [text for text in matched if not search(pattern, text)] == []
    assert [text for text in other if search(pattern, text)] == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^a{,2}$", "a{,2}"),
        (r"^\A\z$", "Az"),
        (r"^\x4\h$", "x4h"),
        (r"^a]}$", "a]}"),
        (r"^[a-\d]$", "-"),
    ],
)
def test_what_only_the_older_grammar_allows_is_read_as_that_says(pattern: str, text: str) -> None:
    assert search(pattern, text)


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_both_engines_read_patterns_of_a_document_so_and_name_them_as_they_stand(engine: str) -> None:
    names = {f"p{number}": {"pattern": pattern} for number, (pattern, _, _) in enumerate(TABLE)}
    checker = Checker(spec_of({"properties": names}), "vendor", engine=engine)
    body: dict[str, Any] = {f"p{n}": matched[-1] for n, (_, matched, _) in enumerate(TABLE) if matched}
    assert checker.check(interaction(body)) == ()
    body = {f"p{n}": other[-1] for n, (_, _, other) in enumerate(TABLE) if other}
    found = checker.check(interaction(body))
    assert {one.pointer for one in found} == {f"/{name}" for name in body}
    assert {one.rule for one in found} == {"pattern"}
    assert f"does not match {TABLE[0][0]}" in next(one.message for one in found if one.pointer == "/p0")
    named = {"patternProperties": {r"^\d+(?!x)$": {"type": "integer"}}, "additionalProperties": False}
    (one,) = Checker(spec_of(named), "vendor", engine=engine).check(interaction({"7": "a"}))
    assert one.spec_pointer.endswith(r"/patternProperties/^\d+(?!x)$/type")
