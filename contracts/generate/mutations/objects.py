"""Drifts of one object: fields added, renamed, moved; counts that disagree, states that fields contradict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, TypeAlias

from contracts.generate.leaves import Values, hint
from contracts.generate.places import Node, relations
from contracts.model import Json


class Outcome(StrEnum):
    """What a reader should do with a drifted payload, unless its consumer says otherwise."""

    SAME = "the same result as before"
    COPED = "a result"
    REFUSED = "refused with the declared exception"
    EITHER = "read exactly, or refused"
    UNKNOWN = "state unknown with the raw word kept, or refused"
    FLAGGED = "a result that claims no success and invents nothing, or refused"


Change: TypeAlias = tuple[str, Outcome, Json]
"""An operator, what a reader should do, and the value after the drift."""


def of_object(node: Node, good: Json) -> Iterator[Change]:
    """Yield the drifts of an object as a whole."""
    if not isinstance(good, dict):
        return
    yield "extra-field", Outcome.SAME, {**good, "contracts_new_field": {"a": [1, None]}}
    yield "extra-field-deep", Outcome.SAME, {**good, "contracts_new_field": _deep()}
    yield "keys-reversed", Outcome.SAME, dict(reversed(good.items()))
    for name in good:
        yield from (
            (f"renamed-{how}:{name}", Outcome.EITHER, _renamed(good, name, new))
            for how, new in _other_names(name, good)
        )
        yield from _confusing(name, good)
        yield from _moved(name, good)
    yield from _counts(node, good)
    yield from _fewer_items(node, good)
    yield from _contradictions(node, good)


_DEEP: Final = 100
"""Lists around lists: deep for a reader that recurses, and within what the decoder lets in."""


def _deep() -> Json:
    value: Json = None
    for _ in range(_DEEP):
        value = [value]
    return value


def _confusing(name: str, good: dict[str, Json]) -> Iterator[Change]:
    """Add a field that is nearly called like another one."""
    for how, new in (
        ("extra-like", f"{name}_"),
        ("extra-like-case", name.title()),
        ("extra-like-private", f"_{name}"),
    ):
        if new not in good:
            yield f"{how}:{name}", Outcome.SAME, {**good, new: None}


def _moved(name: str, good: dict[str, Json]) -> Iterator[Change]:
    """Move a field, or the fields below it, by one level."""
    rest = {key: value for key, value in good.items() if key != name}
    inner = good[name]
    if isinstance(inner, dict) and not set(inner) & set(good):
        yield f"unwrapped:{name}", Outcome.EITHER, {**rest, **inner}
    yield f"wrapped:{name}", Outcome.EITHER, {**rest, name: {"value": inner}}
    if "attributes" not in good:
        yield f"moved-down:{name}", Outcome.EITHER, {**rest, "attributes": {name: inner}}
    for key, value in inner.items() if isinstance(inner, dict) else ():
        if key not in good:
            left = {other: item for other, item in inner.items() if other != key}
            yield f"moved-up:{name}.{key}", Outcome.EITHER, {**good, name: left, key: value}


def _renamed(good: dict[str, Json], name: str, new: str) -> dict[str, Json]:
    return {new if key == name else key: value for key, value in good.items()}


def _other_names(name: str, taken: dict[str, Json]) -> Iterator[tuple[str, str]]:
    words = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower().split("_")
    camel = words[0] + "".join(word.title() for word in words[1:])
    snake = "_".join(words)
    for how, new in (
        ("camel", camel),
        ("snake", snake),
        ("plural", f"{name}s"),
        ("suffix", f"{name}_v2"),
        ("title", name.title()),
        ("kebab", "-".join(words)),
        *(("synonym", "_".join((*words[:at], new, *words[at + 1 :]))) for at, new in _synonyms(words)),
    ):
        if new != name and new not in taken:
            yield how, new


def _synonyms(words: list[str]) -> Iterator[tuple[int, str]]:
    for at, word in enumerate(words):
        for pair in _SYNONYMS:
            if word in pair:
                yield at, pair[1 - pair.index(word)]


_SYNONYMS: Final = (
    ("status", "state"), ("completed", "finished"), ("created", "submitted"), ("updated", "modified"),
    ("error", "failure"), ("failed", "errored"), ("total", "overall"), ("items", "results"),
    ("tasks", "jobs"), ("id", "uuid"), ("url", "uri"), ("progress", "percent"),
)  # fmt: skip


def _fewer_items(node: Node, good: dict[str, Json]) -> Iterator[Change]:
    """Send one page of a list whose count says that there are more."""
    for name in relations.lists(node):
        items = good.get(name)
        if isinstance(items, list) and items:
            for count in relations.parts(node):
                if isinstance(good.get(count), int) and not isinstance(good[count], bool):
                    longer = {**good, name: items[:1], count: len(items) + 10}
                    yield f"fewer-items-than-counted:{name}:{count}", Outcome.FLAGGED, longer


def _counts(node: Node, good: dict[str, Json]) -> Iterator[Change]:
    """Let numbers that belong together disagree: parts above the whole, a whole beside an empty list."""
    for label, values in relations.profiles(node):
        if label.startswith("numbers-parts-above") or label in ("numbers-none", "numbers-many"):
            there = {name: value for name, value in values.items() if name in good}
            if there:
                yield label.replace("numbers-", "counts-"), Outcome.FLAGGED, {**good, **there}


def _contradictions(node: Node, good: dict[str, Json]) -> Iterator[Change]:
    """Let the state say one thing and the fields beside it another."""
    ended = [
        name
        for name in node.factors
        if re.search(r"finish|complet|ended|deliver", name) and hint(name) == "date-time"
    ]
    error = [name for name in node.factors if re.search(r"error|failure|exception", name)]
    for name, factor in node.factors.items():
        for level in factor.levels:
            word = level.values[0] if isinstance(level.domain, Values) and len(level.values) == 1 else None
            if not isinstance(word, str):
                continue
            for other in (*ended, *error):
                if other in good and name in good and word != good[name]:
                    yield f"{name}={word}-with-{other}", Outcome.COPED, {**good, name: word}
                if other in good and name in good:
                    bare = {key: value for key, value in good.items() if key != other}
                    yield f"{name}={word}-without-{other}", Outcome.COPED, {**bare, name: word}
                    if any(level.name == "null" for level in node.factors[other].levels):
                        yield (
                            f"{name}={word}-with-{other}-null",
                            Outcome.COPED,
                            {**good, name: word, other: None},
                        )
