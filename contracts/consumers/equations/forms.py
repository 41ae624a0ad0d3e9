"""Formulas: where a part of an answer comes from, in words that can be read back.

`/a - /b` and `the seconds from /a to /b` are formulas. A place with a slash is of the payload, any other of
the Batch that our normalizer reads from it: `counts.total`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from contracts.consumers.places import GONE
from contracts.instant import instant
from contracts.model import Json

PLACES: Final = ("place", "other", "whole", "places")
"""The slots of a form that name places; what the others hold is taken as it is written."""
JOIN: Final = " and "
"""What stands between several places in one slot."""
LONGEST_PART: Final = 16
"""Characters of the shortest text that is tried as an instant."""


UNJUDGED: Final = object()
"""Stands where a formula says nothing: of an instant that no datetime holds, of a word it does not list."""


def number(value: Json) -> bool:
    """Whether a value is a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def given(value: Json) -> bool:
    """Whether a value is there, and not null."""
    return value is not None and value is not GONE


def utc(value: Json) -> Json:
    """Write an instant in UTC; what is none, or none that a datetime holds, stays as it is."""
    found = moment(value)
    return found.isoformat() if found else value


def moment(value: Json) -> datetime | None:
    """Read an instant; None for what is none."""
    if not isinstance(value, str) or len(value) < LONGEST_PART:
        return None
    found = instant(value)
    return found.moment if found else None


def _inexact(value: Json) -> bool:
    """Whether a text is no instant, or one that no datetime holds exactly."""
    found = instant(value) if isinstance(value, str) else None
    return isinstance(value, str) and (found is None or not found.exact)


def _span(one: Json, other: Json) -> Json:
    start, end = moment(one), moment(other)
    return None if start is None or end is None else (end - start).total_seconds()


def _scaled(make: Callable[[float], float]) -> Callable[[Json], Json]:
    def scaled(value: Json) -> Json:
        try:
            return make(value) if number(value) else value
        except OverflowError:
            return value

    return scaled


def _of_numbers(make: Callable[..., float]) -> Callable[..., Json]:
    def made(*values: Json) -> Json:
        try:
            return make(*values) if all(map(number, values)) else None
        except (ArithmeticError, ValueError):
            return None

    return made


def _texts(make: Callable[[str], str]) -> Callable[[Json], Json]:
    return lambda value: make(value) if isinstance(value, str) else value


def _sized(more: int) -> Callable[[Json], Json]:
    return lambda value: len(value) + more if isinstance(value, list) else value


def _objects(value: Json) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _has(one: Json, by: str, is_: str) -> bool:
    value = one.get(by, GONE)
    if is_ in {"given", "missing"}:
        return given(value) is (is_ == "given")
    return isinstance(value, str) and f"'{value}'" == is_


def _count(value: Json, by: str, is_: str) -> Json:
    return sum(_has(one, by, is_) for one in _objects(value)) if isinstance(value, list) else value


def _nulls(value: Json) -> Json:
    return value.count(None) if isinstance(value, list) else value


def _every(key: str, value: Json) -> Json:
    return [one.get(key) for one in _objects(value)] if isinstance(value, list) else value


def _every_where(key: str, value: Json, by: str, is_: str) -> Json:
    kept = [one for one in _objects(value) if _has(one, by, is_)]
    return _every(key, kept) if isinstance(value, list) else value


def _summed(key: str, value: Json) -> Json:
    found = [one[key] for one in _objects(value) if number(one.get(key))]
    return sum(found) if isinstance(value, list) else value


def _where(value: Json, by: Json, is_: str) -> Json:
    return value if _has({"by": by}, "by", is_) else None


def held(text: str, value: Json) -> bool:
    """Whether a text holds a value: a text as it is, a number with no other digit beside it, or nothing."""
    if number(value):
        shown = {repr(value), *([f"{value:.0f}"] if isinstance(value, float) and value.is_integer() else [])}
        return any(re.search(rf"(?<![\d.]){re.escape(one)}(?!\.?\d)", text) for one in shown)
    return str(value) in text if isinstance(value, str) else not given(value)


def _looked_up(value: Json, table: str) -> Json:
    known = json.loads(table)
    word = value if isinstance(value, str) else json.dumps(value) if given(value) else "null"
    if word not in known and (word == "null" or "*" not in known):
        return UNJUDGED
    return known.get(word, known.get("*"))


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of formula: the words with a slot for each argument, and what it makes of them."""

    kind: str
    words: str
    make: Callable[..., Json]

    @property
    def slots(self) -> list[str]:
        """Name the slots in the order of the words."""
        return re.findall(r"\{(\w+)\}", self.words)

    def pattern(self) -> re.Pattern[str]:
        """Give what reads the words back."""
        parts = re.split(r"\{(\w+)\}", self.words)
        found = [
            f"(?P<{part}>{_SLOTS.get(part, '[^ ]+?')})" if index % 2 else re.escape(part)
            for index, part in enumerate(parts)
        ]
        return re.compile("".join(found), re.DOTALL)


_SLOTS: Final = {"is_": "'.*'|given|missing", "table": r"\{.*\}", "places": "[^ ]+(?: and [^ ]+)*"}

FORMS: Final = {
    "counted": Form("count", "the number of items in {place} whose {by} is {is_}", _count),
    "nulls": Form("count", "the number of null items in {place}", _nulls),
    "fewer": Form("off", "one less than the number of items in {place}", _sized(-1)),
    "more": Form("off", "one more than the number of items in {place}", _sized(1)),
    "length": Form("length", "the number of items in {place}", _sized(0)),
    "every_where": Form("every", "every {key} in {place} where {by} is {is_}", _every_where),
    "every": Form("every", "every {key} in {place}", _every),
    "summed": Form("summed", "the sum of {key} in {place}", _summed),
    "given": Form("presence", "whether {place} is given", given),
    "missing": Form("absence", "whether {place} is missing", lambda a: not given(a)),
    "looked_up": Form("lookup", "the value for {place} in {table}", _looked_up),
    "span": Form("span", "the seconds from {place} to {other}", _span),
    "hundred": Form("scale", "100 times {place}", _scaled(lambda a: a * 100)),
    "hundredth": Form("scale", "a hundredth of {place}", _scaled(lambda a: a / 100)),
    "thousand": Form("scale", "1000 times {place}", _scaled(lambda a: a * 1000)),
    "thousandth": Form("scale", "a thousandth of {place}", _scaled(lambda a: a / 1000)),
    "instant": Form("conversion", "{place} as an instant", utc),
    "lower": Form("conversion", "{place} in lower case", _texts(str.lower)),
    "upper": Form("conversion", "{place} in upper case", _texts(str.upper)),
    "share": Form("ratio", "({place} + {other}) / {whole}", _of_numbers(lambda a, b, c: (a + b) / c)),
    "rest": Form("sum", "{place} - {other} - {whole}", _of_numbers(lambda a, b, c: a - b - c)),
    "sum": Form("sum", "{place} + {other}", _of_numbers(lambda a, b: a + b)),
    "difference": Form("sum", "{place} - {other}", _of_numbers(lambda a, b: a - b)),
    "ratio": Form("ratio", "{place} / {other}", _of_numbers(lambda a, b: a / b)),
    "text": Form("text", "a text with {places}", lambda *a: list(a)),
    "where": Form("where", "{place} where {other} is {is_}", _where),
    "either": Form("either", "{place}, else {other}", lambda a, b: a if given(a) else b),
    "copy": Form("copy", "{place}", lambda a: a),
}  # fmt: skip
"""Every form by name, in the order in which words are tried."""

_UNSAID: Final[dict[str, Callable[[Json], bool]]] = {
    **dict.fromkeys((FORMS["instant"].words, FORMS["span"].words), _inexact),
    **dict.fromkeys((FORMS["share"].words, FORMS["ratio"].words), lambda value: number(value) and value < 0),
}
"""Of which values a form says nothing: of what is no instant, and of a count below 0."""
_DEFAULT: Final = re.compile(r"(.*), or (.*) where that is not given", re.DOTALL)
_BOUNDS: Final = re.compile(r"(.*), from (-?[\d.]+) to (-?[\d.]+)", re.DOTALL)
_FLOOR: Final = re.compile(r"(.*), at least (-?[\d.]+)", re.DOTALL)
_WITHIN: Final = re.compile(r"(.*), within ([\d.e-]+)", re.DOTALL)


def _places(slot: str, arg: str) -> list[str]:
    return arg.split(JOIN) if slot == "places" else [arg]


@dataclass(frozen=True)
class Formula:
    """A form with its arguments by slot, and what is done to its value.

    `default` stands where the value is nothing (GONE: nothing stands there), `low` and `high` bound a number,
    and `within` says by how much a number of the answer may differ.
    """

    form: Form
    args: tuple[tuple[str, str], ...]
    default: Json = GONE
    low: float | None = None
    high: float | None = None
    within: float = 0.0

    @property
    def sources(self) -> tuple[str, ...]:
        """The places that it takes its values from."""
        return tuple(one for slot, value in self.args if slot in PLACES for one in _places(slot, value))

    @cached_property
    def words(self) -> str:
        """Write it, so that `formula` reads it back."""
        text = self.form.words.format(**dict(self.args))
        if self.default is not GONE:
            text += f", or {json.dumps(self.default)} where that is not given"
        if self.high is not None:
            text += f", from {self.low:g} to {self.high:g}"
        elif self.low is not None:
            text += f", at least {self.low:g}"
        return f"{text}, within {self.within:g}" if self.within else text

    def value(self, row: Mapping[str, Json]) -> Json:
        """Give the value that the answer must have; UNJUDGED where the formula says nothing."""
        values = [
            row.get(one, GONE) if slot in PLACES else one
            for slot, arg in self.args
            for one in _places(slot, arg)
        ]
        unsaid = _UNSAID.get(self.form.words)
        if unsaid and any(map(unsaid, values)):
            return UNJUDGED
        return self.completed(self.form.make(*values))

    def completed(self, found: Json) -> Json:
        """Give a value with the default and within the bounds."""
        if found is UNJUDGED:
            return found
        if not given(found):
            return found if self.default is GONE else self.default
        if number(found) and self.low is not None:
            found = max(found, self.low)
        return min(found, self.high) if number(found) and self.high is not None else found

    def allows(self, said: Json, wanted: Json) -> bool:
        """Whether a part of an answer is what it must be."""
        if wanted is UNJUDGED:
            return True
        if self.form.kind == "text":
            return not given(said) or (isinstance(said, str) and all(held(said, one) for one in wanted))
        if self.within and number(said) and number(wanted):
            return bool(abs(said - wanted) <= self.within * (1 + 1e-9))
        return equal(said, wanted)


def equal(one: Json, other: Json) -> bool:
    """Whether two values say the same: null and absent do, 1 and 1.0 do, 1 and true do not."""
    if one is GONE or one is None:
        return other is GONE or other is None
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other or _close(one, other)
    return type(one) is type(other) and bool(one == other)


def _close(one: float, other: float) -> bool:
    try:
        return math.isclose(one, other, rel_tol=1e-9)
    except OverflowError:  # a whole number beyond all floats
        return False


def formula(words: str) -> Formula | None:
    """Read a formula from its words; None for what is none."""
    within = _WITHIN.fullmatch(words)
    text, tolerance = (within[1], float(within[2])) if within else (words, 0.0)
    low = high = None
    if bounds := _BOUNDS.fullmatch(text):
        text, low, high = bounds[1], float(bounds[2]), float(bounds[3])
    elif floor := _FLOOR.fullmatch(text):
        text, low = floor[1], float(floor[2])
    default: Json = GONE
    try:
        if filled := _DEFAULT.fullmatch(text):
            text, default = filled[1], json.loads(filled[2])
        for form, args in _fitting(text):
            json.loads(args.get("table", "{}"))
            return Formula(form, tuple(args.items()), default, low, high, tolerance)
    except json.JSONDecodeError:
        pass
    return None


def _fitting(text: str) -> Iterator[tuple[Form, dict[str, str]]]:
    for form, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            yield form, found.groupdict()


_PATTERNS: Final = tuple((form, form.pattern()) for form in FORMS.values())


def made(name: str, *args: str) -> Formula:
    """Make a formula from the name of its form and its arguments in the order of the words."""
    form = FORMS[name]
    return Formula(form, tuple(zip(form.slots, args, strict=True)))
