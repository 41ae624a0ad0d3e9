"""Proposing equations: for each part of an answer the plainest formula that held for every payload met."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from contracts.consumers.equations.columns import Pairs, Table, fixed_rows, tables
from contracts.consumers.equations.conditions import conditional, text_with
from contracts.consumers.equations.equation import Equation, batch_document, dotted, writable
from contracts.consumers.equations.forms import UNJUDGED, Formula, given, made, number
from contracts.consumers.equations.relations import formulas, keys_in, words_in
from contracts.consumers.places import GONE
from contracts.model import Json

LEAST: Final = 8
"""Rows below which nothing is proposed."""
WORDS: Final = 12
"""How many words a look-up lists at most."""
TRIED: Final = 80
"""Rows by which formulas that do not hold everywhere are ranked."""
ROWS: Final = 1000
"""Rows of items that are looked at."""
BEST: Final = 5
"""How many of these are completed by a default, bounds or a tolerance."""
ROUNDED: Final = (1e-6, 0.001, 0.01, 0.05, 0.5, 1.0)
"""By how much a rounded number may differ."""
_ORDER: Final = (
    *("copy", "conversion", "presence", "absence", "lookup", "length", "scale", "every", "summed"),
    *("count", "sum", "ratio", "span", "off"),
)
_MANY: Final = frozenset({"sum", "ratio", "span", "conversion"})
"""Formulas that take three different values; two are enough for the others."""
OFTEN: Final = 0.2
"""In what share of the rows a part of the answer must be, for it to be no key of somebody's map."""
SEEN: Final = 2
"""In how many rows a word must be met to be listed, and a fraction to count as rounded."""


@dataclass(slots=True, eq=False)
class _Candidate:
    """A formula with the rows that it is tried on; each row's value is made once, and only when needed."""

    formula: Formula
    rows: Sequence[Mapping[str, Json]]
    silent: Sequence[bool] = ()
    known: list[Json] = field(default_factory=list)

    def wanted(self) -> Iterator[Json]:
        """Yield the value that it wants in each row; UNJUDGED where no Batch was read."""
        for index, row in enumerate(self.rows):
            if index == len(self.known):
                mute = bool(self.silent) and self.silent[index]
                self.known.append(UNJUDGED if mute else self.formula.value(row))
            yield self.known[index]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What parts of the answers are made of, as it held for all payloads that were `met`.

    `left` are the fields of the answer of which no formula says what they are made of.
    """

    equations: tuple[Equation, ...]
    left: tuple[str, ...]
    met: int

    @property
    def texts(self) -> dict[str, str]:
        """Give the equations as the settings have them."""
        return {one.where: one.words for one in self.equations}


def proposal(pairs: Pairs, provider: str = "") -> Proposal:
    """Propose what the answers to valid payloads are made of, and say what is left."""
    found = proposed(pairs, provider)
    known = {"/".join(one.where.split("/")[:2]) for one in found}
    keys = dict.fromkeys(f"/{key}" for _, view in pairs if isinstance(view, dict) for key in view)
    return Proposal(found, tuple(key for key in keys if key not in known), len(pairs))


def proposed(pairs: Pairs, provider: str = "") -> tuple[Equation, ...]:
    """Give the equations that hold for all answers to valid payloads, in the order of the answer."""
    single = bool(pairs) and all(_is_row(view) for _, view in pairs)
    if single:
        pairs = [(payload, view[0]) for payload, view in pairs]
    whole, *items = tables(pairs)
    batches = [(batch_document(provider, payload), view) for payload, view in pairs]
    found: dict[str, Equation] = {}
    of_batch: Table | None = None
    if any(given(batch) for batch, _ in batches):
        of_batch, *more = map(_dotted, tables(batches))
        items += more
    rows = fixed_rows(pairs)
    whole = replace(whole, said={at: said for at, said in whole.said.items() if _is_field(at, rows)})
    for one in _of_table(whole, of_batch):
        found.setdefault(one.where, one)
    for table in items:
        for one in _of_table(table, None):
            found.setdefault(one.where, one)
    start = "/0" if single else ""
    return tuple(replace(one, where=f"{start}{one.where}") for one in found.values() if writable(one))


def _is_row(view: Json) -> bool:
    return isinstance(view, list) and len(view) == 1 and isinstance(view[0], (dict, list))


def _is_field(at: str, rows: Collection[str]) -> bool:
    """Whether a column is a field or a position in a row, not one in a list of any length."""
    before, _, last = at.rpartition("/")
    return not last.isdigit() or before in rows


def _dotted(table: Table) -> Table:
    """Name the columns of the Batch as formulas do."""
    given_, lists = ({dotted(at): values for at, values in one.items()} for one in (table.given, table.lists))
    return replace(table, at=dotted(table.at), given=given_, lists=lists)


def _of_table(table: Table, batch: Table | None) -> Iterator[Equation]:
    """Yield an equation for each column of the answer that one formula explains in every row."""
    if not table.said or len(next(iter(table.said.values()))) < LEAST:
        return
    table = _thinned(table)
    candidates = _candidates(table)
    if batch is not None:
        candidates += _known_only(batch)
    for where, said in table.said.items():
        best = _best(where, said, candidates) or conditional(said, table) or text_with(said, table)
        if best is not None:
            inside = table.where or table.at
            yield Equation(f"{table.where}/*{where}" if inside else where, best, table.at)


def _thinned(table: Table) -> Table:
    """Leave out columns that are hardly ever there, and rows of items, evenly, where there are very many."""
    count = len(next(iter(table.said.values())))
    step = max(1, count // ROWS) if table.at else 1
    columns = (
        {at: values[::step] for at, values in one.items() if count - values.count(GONE) >= share * count}
        for one, share in ((table.given, OFTEN / 4), (table.said, OFTEN), (table.lists, OFTEN / 4))
    )
    given_, said, lists = columns
    return replace(table, given=given_, said=said, lists=lists)


def _candidates(table: Table) -> list[_Candidate]:
    rows = _rows(table)
    return [_Candidate(one, rows) for one in (*formulas(table), *_of_lists(table))]


def _rows(table: Table) -> list[dict[str, Json]]:
    columns = {**table.given, **table.lists}
    count = len(next(iter(columns.values()), ()))
    return [{at: values[index] for at, values in columns.items()} for index in range(count)]


def _known_only(batch: Table) -> list[_Candidate]:
    """Give the plain formulas of the Batch; where no Batch was read, they say nothing."""
    plain = replace(batch, given={at: values for at, values in batch.given.items() if at})
    silent = [not given(value) for value in batch.given.get("state", ())]
    combined = {"sum", "ratio", "span"}
    return [
        _Candidate(one.formula, one.rows, silent)
        for one in _candidates(plain)
        if one.formula.form.kind not in combined
    ]


def _of_lists(table: Table) -> Iterator[Formula]:
    """Yield what a list of objects gives: its fields one by one, of all items or of some, and sums."""
    lists_said = any(isinstance(one, list) for said in table.said.values() for one in said)
    for at, lists in table.lists.items():
        keys = keys_in(lists)
        filters = [(key, is_) for key in keys for is_ in ("given", "missing")]
        filters += [(key, f"'{word}'") for key, word in words_in(lists)]
        for key in keys:
            yield made("summed", key, at)
            if lists_said:
                yield made("every", key, at)
                yield from (made("every_where", key, at, by, is_) for by, is_ in filters)


def _best(where: str, said: Sequence[Json], candidates: Sequence[_Candidate]) -> Formula | None:
    exact = [one.formula for one in candidates if _holds(one.formula, said, one.wanted())]
    if not exact:
        near = sorted(candidates, key=lambda one: -_share(said, one.wanted()))[:BEST]
        exact = [
            each
            for one in near
            for each in _completed(one, said)
            if _holds(each, said, map(each.completed, one.wanted()))
        ]
    exact += _looked_up(said, candidates)
    return min(exact, key=partial(_rank, where), default=None)


def _holds(one: Formula, said: Sequence[Json], wanted: Iterable[Json]) -> bool:
    """Whether a formula holds in every row that it judges, and these tell it from a constant."""
    kinds = set()
    for value, want in zip(said, wanted, strict=True):
        if not one.allows(value, want):
            return False
        if want is not UNJUDGED and given(value):
            kinds.add(repr(value))
    return len(kinds) >= (3 if one.form.kind in _MANY else 2)


def _share(said: Sequence[Json], wanted: Iterable[Json]) -> float:
    pairs = [(one, other) for one, other in zip(said[:TRIED], wanted, strict=False) if given(one)]
    near = sum(
        type(one) is type(other) and (one == other or (number(one) and abs(one - other) <= max(ROUNDED)))
        for one, other in pairs
    )
    return near / len(pairs) if pairs else 0.0


def _completed(one: _Candidate, said: Sequence[Json]) -> Iterator[Formula]:
    """Yield a formula with a default, bounds or a tolerance, as the rows need it."""
    filled = {
        json.dumps(value)
        for value, want in zip(said, one.wanted(), strict=True)
        if not given(want) and given(value) and isinstance(value, (str, int, float, bool))
    }
    start = replace(one.formula, default=json.loads(filled.pop())) if len(filled) == 1 else one.formula
    if start is not one.formula:
        yield start
    if not any(map(number, said)):
        return
    bounded = [start, *(replace(start, low=0.0, high=high) for high in (None, 1.0, 100.0))]
    yield from bounded[1:]
    if _rounded(one.wanted(), said):
        yield from (replace(each, within=within) for within in ROUNDED for each in bounded)


def _rounded(wanted: Iterable[Json], said: Sequence[Json]) -> bool:
    """Whether some wanted numbers have a fraction: only these are rounded, a count is right or wrong."""
    numbers = [
        (want, value) for want, value in zip(wanted, said, strict=True) if number(want) and number(value)
    ]
    return sum(bool(want != value and want % 1 != 0) for want, value in numbers) >= SEEN


def _looked_up(said: Sequence[Json], candidates: Sequence[_Candidate]) -> Iterator[Formula]:
    """Yield the look-ups of a word that give the part of the answer in every row."""
    if any(isinstance(one, (dict, list)) for one in said) or len(set(map(repr, said))) > WORDS:
        return
    for one in candidates:
        if one.formula.form.kind == "copy" and (table := _table_of(one.wanted(), said)):
            yield made("looked_up", one.formula.sources[0], table)


def _table_of(words: Iterable[Json], said: Sequence[Json]) -> str:
    """Give what each word is answered with as JSON; "" where that is not always the same."""
    seen: dict[str, list[str]] = defaultdict(list)
    for word, value in zip(words, said, strict=True):
        if isinstance(word, (dict, list, int, float)) and not isinstance(word, bool):
            return ""
        if word is not UNJUDGED:
            key = word if isinstance(word, str) else json.dumps(word) if given(word) else "null"
            answer = json.dumps(value if given(value) else None)
            if seen[key][:1] not in ([], [answer]):
                return ""
            seen[key].append(answer)
    return _written({word: answers[0] for word, answers in seen.items()}, seen)


def _written(seen: dict[str, str], met: Mapping[str, Sequence[str]]) -> str:
    """Write a look-up: the commonest answer of many words once, for all that are not listed."""
    common = Counter(answer for word, answer in seen.items() if word != "null").most_common(1)
    if not common:
        return ""
    most, many = common[0]
    if len(seen) > WORDS and many > WORDS // 2:
        seen = {word: answer for word, answer in seen.items() if answer != most} | {"*": most}
    listed = [word for word in seen if word not in {"*", "null"}]
    sure = all(len(met[word]) >= SEEN and "'" not in word for word in listed)
    if not sure or len(seen) > WORDS or len(set(seen.values())) < 2 or len(listed) + ("*" in seen) < 2:
        return ""
    return json.dumps({word: json.loads(answer) for word, answer in seen.items()})


def _rank(where: str, one: Formula) -> tuple[int, bool, int, int]:
    """Order formulas that hold: plain ones first, then those of a place with the name."""
    name = one.sources[0].replace(".", "/").rpartition("/")[2]
    completed = (one.default is not GONE) + (one.low is not None) + 2 * bool(one.within)
    alike = name in where.rpartition("/")[2] or where.rpartition("/")[2] in name
    return (completed, not alike, _ORDER.index(one.form.kind), len(one.words))
