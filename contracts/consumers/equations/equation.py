"""An equation: a part of the answer, and the formula that it must be equal to for every payload."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.batch import Batch, BatchState, Failure, Item, WebhookDelivery, to_json
from contracts.consumers.equations.forms import Formula, formula, held
from contracts.consumers.places import GONE
from contracts.errors import ConfigError, NormalizationError, UnknownName
from contracts.model import Json
from contracts.providers import NORMALIZERS
from contracts.text import safe_text, show
from contracts.toml_table import Table

_OF_ITEMS: Final = re.compile(r"(.*) of each item of ([^ ]+)", re.DOTALL)
_NO_SOURCE: Final = frozenset({"provider", "extra", "doubts"})
"""What of a Batch is no source of a formula: what it only repeats."""


@dataclass(frozen=True, slots=True)
class Equation:
    """At `where` in the answer stands the value of a formula.

    With `at`, a list of the payload or of the Batch, `where` has one `*`: it is asked of each item of the
    answer's list, beside the item of `at` in the same position.
    """

    where: str
    formula: Formula
    at: str = ""

    @property
    def places(self) -> tuple[str, ...]:
        """The places that it takes values from: of the list, where there is one."""
        return (self.at,) if self.at else self.formula.sources

    @property
    def words(self) -> str:
        """Write the formula as in the settings."""
        return f"{self.formula.words} of each item of {self.at}" if self.at else self.formula.words


@dataclass(frozen=True, slots=True)
class Departure:
    """Where an answer is not what an equation says: the place, what stands there and what must."""

    equation: Equation
    where: str
    said: Json
    wanted: Json

    @property
    def words(self) -> str:
        """Say both values, and the formula."""
        if self.equation.formula.form.kind == "text":
            lost = [one for one in self.wanted if not (isinstance(self.said, str) and held(self.said, one))]
            both = f"is {_shown(self.said)}, without {', '.join(map(_shown, lost))}"
        else:
            both = f"is {_shown(self.said)}, not {_shown(self.wanted)}"
        return f"{self.where or 'the answer'} {both}: {self.equation.words}"


def _shown(value: Json) -> str:
    return "absent" if value is GONE else show(value)


def read_equations(table: Table, provider: str) -> tuple[Equation, ...]:
    """Read equations from settings; ConfigError for what is no formula, or names nothing, with its place."""
    return tuple(_read(where, table, provider) for where in table.values)


def _read(where: str, table: Table, provider: str) -> Equation:
    words, place = table.text(where), f"{table.where} {show(where)}"
    items = _OF_ITEMS.fullmatch(words)
    found = formula(items[1] if items else words)
    if found is None:
        raise ConfigError(f"{place}: {show(words)} is no formula; contracts stress --equations writes some")
    if where.count("*") != (1 if items else 0):
        raise ConfigError(
            f"{place}: 'of each item of' a list belongs to a place with one '*', and to no other"
        )
    made = Equation(where, found, items[2] if items else "")
    for name in (*made.places, *(found.sources if made.at and not made.at.startswith("/") else ())):
        if not name.startswith("/"):
            _check_name(name, made, provider, place)
    return made


def _check_name(name: str, made: Equation, provider: str, place: str) -> None:
    """Refuse the name of a part of a Batch that there is not, or that nothing here reads."""
    if provider not in NORMALIZERS:
        raise ConfigError(
            f"{place}: {show(name)} is a part of a Batch, and none is read from {provider}; start with /"
        )
    known = batch_places("" if name == made.at else made.at)
    if name not in known:
        raise UnknownName("part of a Batch", safe_text(name, 60), known, place)


def batch_places(at: str = "") -> list[str]:
    """Name the parts of a Batch, or of an item of its list `at`, as formulas do."""
    item = Item("", BatchState.PENDING, error=Failure())
    whole = Batch(
        provider="",
        id="",
        state=BatchState.PENDING,
        items=(item,),
        errors=(Failure(),),
        failed_webhooks=(WebhookDelivery(),),
    )
    document = _sources(to_json(whole))
    part = _sources(document[at][0]) if isinstance(document.get(at), list) else document if not at else {}
    return [dotted(place) for place, _ in flat(part)]


def _sources(document: dict[str, Json]) -> dict[str, Json]:
    return {key: one for key, one in document.items() if key not in _NO_SOURCE}


def writable(one: Equation) -> bool:
    """Whether an equation is the same when it is written and read back: keys with blanks are not."""
    found = formula(one.formula.words)
    return found is not None and found.args == one.formula.args and one.where.count("*") == bool(one.at)


def flat(value: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    """Yield what is no object of a payload, by its place; lists are whole."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flat(item, f"{at}/{key}")
    else:
        yield at, value


def parts(view: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    """Yield the parts of an answer as `flat` does; short rows are read by position too."""
    for place, value in flat(view, at):
        yield place, value
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], (dict, list)):
            yield from parts(value[0], f"{place}/0")
        elif isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
            yield from ((f"{place}/{index}", item) for index, item in enumerate(value[:12]))


def dotted(place: str) -> str:
    """Name a place of a Batch as formulas do: `/counts/total` is `counts.total`."""
    return place.removeprefix("/").replace("/", ".")


def batch_document(provider: str, payload: Json) -> Json:
    """Give the Batch that our normalizer reads from a payload, as JSON; None where it reads none."""
    if provider not in NORMALIZERS:
        return None
    try:
        document = to_json(NORMALIZERS[provider](payload))
    except NormalizationError:
        return None
    return _sources(document)


def row_of(equations: Iterable[Equation], payload: Json, provider: str) -> dict[str, Json]:
    """Give the values that formulas are made of: of the payload, and of the Batch where one is named."""
    row = dict(flat(payload))
    if any(not place.startswith("/") for each in equations for place in each.places):
        row |= {dotted(at): value for at, value in flat(batch_document(provider, payload))}
    return row


def departures(
    equations: tuple[Equation, ...], payload: Json, view: Json, provider: str
) -> Iterator[Departure]:
    """Yield where an answer is not what the equations say."""
    row, said = row_of(equations, payload, provider), dict(parts(view))
    for each in equations:
        if each.at:
            yield from _of_items(each, row, said)
        else:
            yield from _of_row(each, each.where, row, said.get(each.where, GONE))


def _of_row(each: Equation, where: str, row: Mapping[str, Json], said: Json) -> Iterator[Departure]:
    # Of a payload that our normalizer does not read, formulas of the Batch say nothing.
    if any(not place.startswith("/") and place not in row for place in each.formula.sources):
        return
    wanted = each.formula.value(row)
    if not each.formula.allows(said, wanted):
        yield Departure(each, where, said, wanted)


def _of_items(each: Equation, row: Mapping[str, Json], said: Mapping[str, Json]) -> Iterator[Departure]:
    before, _, after = each.where.partition("/*")
    items, rows = row.get(each.at, GONE), said.get(before, GONE)
    if not isinstance(items, list) or not isinstance(rows, list):
        return
    if len(items) != len(rows):
        yield Departure(each, f"the number of items in {before or 'the answer'}", len(rows), len(items))
        return
    name = dotted if not each.at.startswith("/") else str
    for index, (item, one) in enumerate(zip(items, rows, strict=True)):
        inner = {name(at): value for at, value in flat(item)}
        yield from _of_row(each, f"{before}/{index}{after}", inner, dict(parts(one)).get(after, GONE))
