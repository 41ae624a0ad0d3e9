"""What the sentence of each rule about schemas says of a payload, read from its words by nothing of drift's own.

`shown` says of a finding whether its witness holds what its sentence claims. A claim is a function of what holds
the place of the finding, and the key there. The formats are jsonschema's and, for those that it lacks, a few
written here.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from jsonschema import FormatChecker

from contracts.model import Finding, Pointer
from contracts.text import show

Claim = Callable[[Any, str], bool]
CHECKER = FormatChecker(formats=("ipv4", "ipv6", "regex"))


@CHECKER.checks("date-time")
def _date_time(value: Any) -> bool:
    return not isinstance(value, str) or bool(
        re.fullmatch(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", value)
    )


@CHECKER.checks("date", raises=ValueError)
def _date(value: Any) -> bool:
    return not isinstance(value, str) or bool(
        re.fullmatch(r"\d{4}-\d\d-\d\d", value) and dt.date.fromisoformat(value)
    )


@CHECKER.checks("uuid")
def _uuid(value: Any) -> bool:
    return not isinstance(value, str) or bool(
        re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value)
    )


@CHECKER.checks("email")
@CHECKER.checks("idn-email")
def _email(value: Any) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"[^@\s]+@[^@\s]+", value))


@CHECKER.checks("uri")
@CHECKER.checks("iri")
def _uri(value: Any) -> bool:
    return not isinstance(value, str) or bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S*$", value))


@CHECKER.checks("byte")
def _byte(value: Any) -> bool:
    return not isinstance(value, str) or bool(
        re.fullmatch(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3}={1,2})?", value)
    )


for _name, _bits in (("int32", 31), ("int64", 63)):

    @CHECKER.checks(_name)
    def _whole(value: Any, bits: int = _bits) -> bool:
        return not _is(value, "number") or (value == int(value) and -(2**bits) <= value < 2**bits)


@CHECKER.checks("float")
def _float(value: Any) -> bool:
    return not _is(value, "number") or abs(value) <= 3.4028235e38


def _is(value: Any, kind: str) -> bool:
    if kind == "anything":
        return True
    if isinstance(value, bool) or value is None:
        return kind == {True: "boolean", False: "boolean", None: "null"}[value]
    if kind == "integer":
        return isinstance(value, int | float) and value == int(value)
    kinds = {"number": (int, float), "string": str, "array": list, "object": dict}
    return isinstance(value, kinds.get(kind, ()))


def _one(value: Any, kinds: str) -> bool:
    return any(_is(value, kind) for kind in kinds.split(" or "))


def _here(told: Callable[[Any], bool]) -> Claim:
    return lambda holder, key: key in holder and told(holder[key]) if isinstance(holder, dict) else False


def _present(holder: Any, key: str) -> bool:
    return isinstance(holder, dict) and key in holder


def _absent(holder: Any, key: str) -> bool:
    return isinstance(holder, dict) and key not in holder


def _size(kind: str, than: Callable[[int], bool]) -> Claim:
    return _here(lambda value: _is(value, kind) and than(len(value)))


def _number(word: str) -> float:
    return float(word.removeprefix("but not "))


def _low(end: str) -> Claim:
    limit, open_ = _number(end), end.startswith("but not ")
    return _here(lambda v: _is(v, "number") and (v <= limit if open_ else v < limit))


def _high(end: str) -> Claim:
    limit, open_ = _number(end), end.startswith("but not ")
    return _here(lambda v: _is(v, "number") and (v >= limit if open_ else v > limit))


def _unlike(patterns: str) -> Claim:
    """The text does not match one of the patterns; those that are cut or not Python's are believed."""
    listed = patterns[1:-1].split("/ and /")

    def matches(pattern: str, text: str) -> bool:
        try:
            return "…" not in pattern and re.search(pattern, text) is not None
        except re.error:
            return False

    return _here(lambda v: isinstance(v, str) and not all(matches(one, v) for one in listed))


def _misfit(names: str) -> Claim:
    return _here(
        lambda v: (
            any(not CHECKER.conforms(v, one) for one in names.split(" and "))
            or not {*names.split(" and ")} <= {*CHECKER.checkers}
        )
    )


def _repeats(values: Any) -> bool:
    texts = [json.dumps(one, sort_keys=True) for one in values]
    return len(texts) > len(set(texts))


def _steps(words: str) -> Claim:
    return _here(lambda v: _is(v, "number") and any((v / float(s)) % 1 for s in words.split(" and ")))


def _named(word: str) -> Claim:
    return _here(lambda v: show(v) == word)


def _unnamed(words: str) -> Claim:
    return _here(lambda v: show(v, 40) not in re.split(r", | or ", words))


def _counts() -> Iterator[tuple[str, tuple[str, Callable[..., Claim]]]]:
    """Give the claims of the rules about least and most."""
    forms = {
        "lowered min": r".*, was at least (\d+)",
        "raised min": r"must now \w+ at least (\d+) .*",
        "raised max": r".*, was at most (\d+)",
        "lowered max": r"may now \w+ at most (\d+) .*",
        "stated max": r"may now \w+ at most (\d+) .*",
    }
    for name, kind in (("length", "string"), ("items", "array"), ("properties", "object")):
        for does, form in forms.items():
            end = does[-3:]
            than = int.__lt__ if end == "min" else int.__gt__
            claim = lambda n, kind=kind, than=than: _size(kind, lambda size: than(size, int(n)))  # noqa: E731
            yield f"{end}-{name}-{does[:-4]}", (form, claim)


_SAID: dict[str, tuple[str, Callable[..., Claim]]] = {
    "type-widened": (
        r"may now be (.*), was (.*)",
        lambda a, b: _here(lambda v: _one(v, a) and not _one(v, b)),
    ),
    "type-narrowed": (
        r"(?:may now only be (.*)|no value is right any more), was (.*)",
        lambda a, b: _here(lambda v: _one(v, b) and not _one(v, a or "")),
    ),
    "integer-became-number": ("", lambda: _here(lambda v: _is(v, "number") and not _is(v, "integer"))),
    "number-became-integer": ("", lambda: _here(lambda v: _is(v, "number") and not _is(v, "integer"))),
    "null-added": ("", lambda: _here(lambda v: v is None)),
    "null-removed": ("", lambda: _here(lambda v: v is None)),
    "enum-value-added": (r"may now be (.*)", _named),
    "enum-value-removed": (r"may no longer be (.*)", _named),
    "enum-removed": (r"may now be anything, was (.*)", _unnamed),
    "enum-added": (r"must now be (.*)", _unnamed),
    **dict(_counts()),
    "pattern-removed": (r"need no longer match (.*)", _unlike),
    "pattern-added": (r"must now match (.*)", _unlike),
    "format-relaxed": (r"has the format .*, was (.*)", _misfit),
    "format-tightened": (r"must now have the format (.*), was .*", _misfit),
    "number-width-raised": (r"may now need .*, was (.*)", _misfit),
    "number-width-lowered": (r"must now fit (.*), was .*", _misfit),
    "minimum-lowered": (r"may now be .*, was at least (.*)", _low),
    "minimum-raised": (r"must now be at least (.*), was .*", _low),
    "minimum-stated": (r"must now be at least (.*), no limit was stated", _low),
    "maximum-raised": (r"may now be .*, was at most (.*)", _high),
    "maximum-lowered": (r"must now be at most (.*), was .*", _high),
    "maximum-stated": (r"must now be at most (.*), no limit was stated", _high),
    "step-relaxed": (r"is now a multiple of .*, was (.*)", _steps),
    "step-tightened": (r"must now be a multiple of (.*), was .*", _steps),
    "items-may-repeat": ("", lambda: _here(lambda v: _is(v, "array") and _repeats(v))),
    "items-must-differ": ("", lambda: _here(lambda v: _is(v, "array") and _repeats(v))),
    **dict.fromkeys(
        ("property-added-to-closed", "property-refused"),
        ("", lambda: _present),
    ),
    **dict.fromkeys(
        (
            "required-property-added",
            "required-property-removed",
            "required-property-hidden",
            "required-property-shown",
            "property-became-optional",
            "property-became-required",
        ),
        ("", lambda: _absent),
    ),
    **dict.fromkeys(
        (
            "map-added",
            "map-removed",
            "object-opened",
            "object-closed",
            "pattern-property-added",
            "key-names-relaxed",
        ),
        ("", lambda: _here(lambda v: _is(v, "object") and bool(v))),
    ),
}
# In which direction the witness has what the sentence says is new, and in which what it says is gone.
_BOTH: dict[str, tuple[str, Callable[..., Claim], Callable[..., Claim]]] = {
    "type-changed": (
        r"is now (.*), was (.*)",
        lambda a, b: _here(lambda v: _one(v, a) and not _one(v, b)),
        lambda a, b: _here(lambda v: _one(v, b) and not _one(v, a)),
    ),
    "enum-value-renamed": (r"(.*) is now (.*)", lambda _, b: _named(b), lambda a, _: _named(a)),
    "enum-replaced": (
        r"(?:must now be (.*?)|is now bound otherwise)(?:, was (.*))?",
        lambda _, was: _unnamed(was) if was else _here(lambda _: True),
        lambda now, _: _unnamed(now) if now else _here(lambda _: True),
    ),
    "pattern-changed": (r"must now match (.*), was (.*)", lambda _, b: _unlike(b), lambda a, _: _unlike(a)),
    "format-changed": (
        r"now has the format (.*), was (.*)",
        lambda _, b: _misfit(b),
        lambda a, _: _misfit(a),
    ),
    "step-changed": (
        r"must now be a multiple of (.*), was of (.*)",
        lambda _, b: _steps(b),
        lambda a, _: _steps(a),
    ),
    "required-property-added-to-closed": ("", lambda: _present, lambda: _absent),
    "required-property-refused": ("", lambda: _absent, lambda: _present),
    "required-property-moved": ("", lambda: _absent, lambda: _present),
    "required-property-renamed": (
        r"is now called '(.*)'",
        lambda new: lambda holder, key: _absent(holder, key) and new in holder,
        lambda new: lambda holder, key: isinstance(holder, dict) and new not in holder,
    ),
}
# Their sentences name no value that could be seen in a payload.
FREE_OF_CLAIM = frozenset(
    (
        "alternative-added",
        "alternative-removed",
        "alternatives-overlap",
        "exclusion-added",
        "exclusion-removed",
        "exclusion-changed",
        "condition-added",
        "condition-removed",
        "condition-changed",
        "pattern-property-removed",
        "key-names-tightened",
        "key-names-changed",
        "contains-added",
        "contains-removed",
        "contains-changed",
        "min-contains-raised",
        "min-contains-lowered",
        "max-contains-raised",
        "max-contains-lowered",
        "dependent-required-tightened",
        "dependent-required-relaxed",
        "dependent-required-changed",
        "dependent-schema-added",
        "dependent-schema-removed",
        "dependent-schema-changed",
    )
)


def claim_of(rule: str, message: str, direction: str) -> Claim | None:
    """Read a sentence; None when it claims nothing that a payload could show."""
    if rule in FREE_OF_CLAIM:
        return None
    form, *makes = _BOTH[rule] if rule in _BOTH else _SAID[rule]
    make = makes[0 if direction == "response" else -1]
    found = re.fullmatch(form, message) if form else re.match("", message)
    assert found, f"{rule} says otherwise: {message}"
    return make(*found.groups())  # type: ignore[operator]


def tokens_of(one: Finding) -> list[str]:
    """Give where in its witness the place of a finding is, `*` for any item or key."""
    tokens = [str(token) for token in Pointer.parse(one.pointer)]
    roots = {"request": 1 if tokens[:1] == ["body"] else 2, "header": 1}
    return tokens[roots.get(one.part, 0) :]


def shown(one: Finding) -> bool:
    """Whether the witness of a finding shows what the finding's sentence claims, as far as that can be seen."""
    claim = claim_of(one.rule, one.message, one.direction)
    holders = _holders(json.loads(str(one.witness)), tokens_of(one))
    return claim is None or any(claim(holder, key) for holder, key in holders)


def values_at(payload: Any, tokens: list[str]) -> Iterator[Any]:
    """Yield what stands at the places that the tokens may mean."""
    for holder, key in _holders(payload, tokens):
        if key in holder:
            yield holder[key]


def _holders(payload: Any, tokens: list[str]) -> Iterator[tuple[Any, str]]:
    """Yield what holds each place that the tokens may mean, and the last of the tokens."""
    if not tokens:
        yield {"": payload}, ""
    elif len(tokens) == 1 and tokens[0] != "*" and isinstance(payload, dict):
        yield payload, tokens[0]
    else:
        items = (
            enumerate(payload)
            if isinstance(payload, list)
            else payload.items()
            if isinstance(payload, dict)
            else ()
        )
        for key, item in items:
            if tokens[0] in {"*", str(key)}:
                yield from _holders(item, tokens[1:])
