"""Edits that break one keyword of one schema, where the domain of the place does not tell the keyword."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Final

from contracts.errors import GenerationError
from contracts.generate.canonical import Plan
from contracts.generate.invalid.sites import Site
from contracts.generate.invalid.values import Break, Edit, others, to
from contracts.model import Json
from contracts.schema import mapping

_ANY: Final[tuple[Json, ...]] = (1, "a", None, {}, [], True, 1.5)
_NAMES: Final = (("new-field", "contracts_new_field"), ("empty-name", ""), ("odd-name", "x y\u00e9"))


def edits_at(plan: Plan, site: Site) -> Iterator[Break]:
    """Yield the edits for a site, those that change least first."""
    step = _EDITS.get(site.keyword)
    if step is not None:
        yield from step(plan, site, plan.schema(site.here.lit))


def _with(name: str, value: Json) -> Edit:
    return lambda good: {**good, name: value}


def _and(value: Json) -> Edit:
    return lambda good: [*good, value]


def _additional(plan: Plan, site: Site, schema: Json) -> Iterator[Break]:
    known = schema.get("properties", {})
    like = [("other-case", name.swapcase()) for name in islice(known, 2) if name.swapcase() not in known]
    like += [("plural", f"{name}s") for name in islice(known, 2) if f"{name}s" not in known]
    for variant, name in (*_NAMES, *like):
        for value in (1,) if schema[site.keyword] is False else _ANY:
            yield Break(site.keyword, variant, _with(name, value), name)


def _names(plan: Plan, site: Site, schema: Json) -> Iterator[Break]:
    asked = schema["propertyNames"]
    try:
        refused = list(plan.other_name((), (), -plan.sub(site.here.lit, asked)))
    except GenerationError:
        refused = []
    for variant, name in (*(("refused-name", name) for name in refused), *_NAMES, ("long-name", "y" * 300)):
        yield from (Break("propertyNames", variant, _with(name, value), name) for value in _ANY)
        yield Break("propertyNames", f"renamed-{variant}", lambda good, new=name: _renamed(good, new), name)  # type: ignore[misc]


def _renamed(good: dict[str, Json], new: str) -> dict[str, Json]:
    last = list(good)[-1]
    return {new if name == last else name: value for name, value in good.items()}


def _unevaluated_items(plan: Plan, site: Site, schema: Json) -> Iterator[Break]:
    yield from (Break("unevaluatedItems", "one-more", _and(value)) for value in (7919, *_ANY))


def _items(plan: Plan, site: Site, schema: Json) -> Iterator[Break]:
    yield from (Break("items", "one-more", _and(value), ...) for value in _ANY)


def _false(plan: Plan, site: Site, schema: Json) -> Iterator[Break]:
    key = site.key
    for value in _ANY:
        if isinstance(key, int):
            yield Break("false", "present", lambda good, value=value: _at_end(good, key, value), key)  # type: ignore[misc]
        else:
            yield Break("false", "present", _with(str(key), value), key)


def _at_end(good: list[Json], index: int, value: Json) -> list[Json]:
    if len(good) != index:
        raise IndexError(index)
    return [*good, value]


def _dependent(plan: Plan, site: Site, schema: Json) -> Iterator[Break]:
    if site.of:
        yield from (Break("dependentSchemas", f"with-{site.of}", _with(site.of, value)) for value in _ANY)


def _implied(plan: Plan, site: Site, schema: Json) -> Iterator[Break]:
    """Bring in the property that asks for another one."""
    for name, needed in schema["dependentRequired"].items():
        if site.key in needed:
            for value in _ANY:
                yield Break(
                    "dependentRequired",
                    f"{name}-without-{site.key}",
                    _bringing(name, value, str(site.key)),
                    site.key,
                )


def _bringing(name: str, value: Json, lacking: str) -> Edit:
    def edit(good: dict[str, Json]) -> dict[str, Json]:
        return {key: item for key, item in {name: value, **good}.items() if key != lacking}

    return edit


def _contains(plan: Plan, site: Site, schema: Json) -> Iterator[Break]:
    for items in ([], [None], [None, 7919, "contracts_unknown"]):
        yield Break(site.keyword, "none", to(items))
    low = int(schema.get("minContains", 1))
    if low > 1:
        yield Break(site.keyword, "one-short", lambda good: good[: low - 1])


def _many(plan: Plan, site: Site, schema: Json) -> Iterator[Break]:
    """Repeat an item until there is one too many; the first time that this is a fault, it is one."""
    for more in range(1, 9):
        for index in range(3):
            yield Break("maxContains", "one-more", partial(_repeated, index=index, more=more))


def _repeated(good: list[Json], index: int, more: int) -> list[Json]:
    return [*good, *[good[index]] * more]


def _const(plan: Plan, site: Site, schema: Json) -> Iterator[Break]:
    return others("const", [schema["const"]])


def _discriminator(plan: Plan, site: Site, schema: Json) -> Iterator[Break]:
    """Give the tag a word of no branch, the word of another branch, or leave it out."""
    name, words = str(site.key), sorted(mapping(schema))
    for key in (name, None, ...):
        yield Break("discriminator", "unknown-word", _with(name, "contracts_unknown"), key)
        for word in words:
            yield Break("discriminator", f"word-of-{word}", partial(_other, name=name, word=word), key)
            yield Break("discriminator", "other-case", partial(_cased, name=name, word=word), key)
        yield Break("discriminator", "absent", partial(_lacking, name=name), key)


def _lacking(good: dict[str, Json], name: str) -> dict[str, Json]:
    return {key: value for key, value in good.items() if key != name}


def _other(good: dict[str, Json], name: str, word: str) -> dict[str, Json]:
    if good[name] == word:
        raise IndexError
    return {**good, name: word}


def _cased(good: dict[str, Json], name: str, word: str) -> dict[str, Json]:
    return {**good, name: word.swapcase()} if good[name] == word else good


_EDITS: Final[Mapping[str, Callable[[Plan, Site, Json], Iterator[Break]]]] = {
    "additionalProperties": _additional, "unevaluatedProperties": _additional, "propertyNames": _names,
    "unevaluatedItems": _unevaluated_items, "items": _items, "false": _false,
    "dependentSchemas": _dependent, "dependentRequired": _implied, "contains": _contains,
    "minContains": _contains, "maxContains": _many, "const": _const, "discriminator": _discriminator,
}  # fmt: skip
