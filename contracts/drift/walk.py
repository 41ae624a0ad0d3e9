"""The one place that traverses two documents: what differs around the schemas, and which schemas to pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from contracts.drift.api import Api, Operation, Part
from contracts.drift.bodies import pair_media
from contracts.drift.calendar import UNSTABLE
from contracts.drift.change import Change, Direction, Sense
from contracts.drift.graph import Pair
from contracts.drift.transitions import moved_operations

ENDPOINT, REQUEST, RESPONSE = Direction.ENDPOINT, Direction.REQUEST, Direction.RESPONSE


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in an API something is: operation, status, part of the message, place in it, who sends."""

    operation: str = ""
    status: str = ""
    part: str = ""
    tokens: tuple[str, ...] = ()
    direction: Direction = ENDPOINT
    media: str = ""


@dataclass(frozen=True, slots=True)
class Located:
    """A change with its spot."""

    spot: Spot
    change: Change


@dataclass(frozen=True, slots=True)
class Root:
    """Two schemas that stand at the same spot; `text` when values travel as text there."""

    spot: Spot
    pair: Pair
    text: bool = False


Found = Iterator[Located | Root]


def walk(base: Api, revision: Api) -> Found:
    """Yield every difference outside schemas, and every pair of schemas to compare."""
    for old, new, changes in _paired(base.operations, revision.operations, base, revision):
        name = (old or new or _NOTHING).name
        yield from (Located(Spot(name), change) for change in changes)
        if old and new:
            yield from _operation(base, revision, old, new)
    for old, new, changes in _paired(base.webhooks, revision.webhooks, base, revision):
        yield from (Located(Spot((old or new or _NOTHING).name), replace(c, kind="webhook")) for c in changes)
        if old and new:
            spot = Spot(new.name, "", "body", (), RESPONSE)
            yield from _content(base, revision, base.child(old.part, "requestBody"), revision.child(new.part, "requestBody"), spot)
    yield from (Located(Spot(), change) for change in _whole(base, revision))


_NOTHING = Operation("", "", Part("", {}))


def _paired(
    old: Mapping[tuple[str, str], Operation], new: Mapping[tuple[str, str], Operation], base: Api, revision: Api
) -> Iterator[tuple[Operation | None, Operation | None, list[Change]]]:
    gone = {key: operation for key, operation in old.items() if key not in new}
    come = {key: operation for key, operation in new.items() if key not in old}
    moves = moved_operations(gone, come)
    for key, operation in old.items():
        after = new.get(key) or moves.get(key)
        if after is None:
            yield operation, None, [_gone(operation)]
        elif key in moves:
            where = {"base_at": operation.part.pointer, "revision_at": after.part.pointer}
            yield operation, after, [Change("operation-moved", Sense.CROSSED, operation.name, after.name, **where)]
        else:
            yield operation, after, []
    taken = {id(operation) for operation in moves.values()}
    for operation in come.values():
        if id(operation) not in taken:
            yield None, operation, [Change("operation", Sense.WIDER, revision=operation.name, revision_at=operation.part.pointer)]


def _gone(operation: Operation) -> Change:
    raw = operation.part.raw
    trait = "announced" if raw.get("deprecated") is True else ""
    trait = "unstable" if raw.get("x-stability-level") in UNSTABLE else trait
    sunset = raw.get("x-sunset")
    return Change("operation", Sense.NARROWER, operation.name, None, str(sunset or ""), base_at=operation.part.pointer, trait=trait)


def _operation(base: Api, revision: Api, old: Operation, new: Operation) -> Found:
    spot = Spot(new.name)
    yield from (Located(spot, change) for change in _traits(old.part, new.part))
    yield from (Located(spot, change) for change in _security(base, revision, old, new))
    if old.part.raw.get("servers") or new.part.raw.get("servers"):
        yield from (Located(spot, change) for change in _servers(base, revision, old, new))
    yield from _parameters(base, revision, old, new)
    yield from _body(base, revision, old, new)
    yield from _responses(base, revision, old, new)


_TRAITS = ("deprecated", "x-sunset", "x-stability-level", "operationId", "tags", "summary", "description", "externalDocs")


def _traits(old: Part, new: Part, names: tuple[str, ...] = _TRAITS) -> Iterator[Change]:
    """Compare what is said of a thing and binds nobody: lifecycle, names, prose."""
    for name in names:
        before, after = old.raw.get(name), new.raw.get(name)
        if name == "deprecated":
            before, after = before is True, after is True
        if before != after and not (name == "tags" and sorted(map(str, before or ())) == sorted(map(str, after or ()))):
            due = str(new.raw.get("x-sunset") or "") if name == "deprecated" else ""
            trait = "deprecated" if new.raw.get("deprecated") is True else ""
            yield Change(name, Sense.SAME, before, after, due, (), old.pointer, new.pointer, trait)


def _security(base: Api, revision: Api, old: Operation, new: Operation) -> Iterator[Change]:
    before, after = base.security(old), revision.security(new)
    where = {"base_at": old.part.pointer, "revision_at": new.part.pointer}
    lost = [way for way, needs in before.items() if not any(other <= needs for other in after.values())]
    if lost:
        known = base.schemes()
        asked = {need.rpartition("} ")[0] + "}" if "} " in need else need for needs in after.values() for need in needs}
        trait = "known" if asked <= known else ""
        yield Change("security", Sense.NARROWER, sorted(lost), sorted(after), trait=trait, **where)
    gained = [way for way, needs in after.items() if not any(other <= needs for other in before.values())]
    if gained and not lost:
        yield Change("security", Sense.WIDER, sorted(before), sorted(gained), **where)


def _servers(base: Api, revision: Api, old: Operation | None = None, new: Operation | None = None) -> Iterator[Change]:
    before, after = base.servers(old), revision.servers(new)
    for url in before:
        if url not in after:
            yield Change("server", Sense.NARROWER, url, list(after), url, base_at="/servers", revision_at="/servers")
    for url in after:
        if url not in before:
            yield Change("server", Sense.WIDER, list(before), url, url, base_at="/servers", revision_at="/servers")


def _parameters(base: Api, revision: Api, old: Operation, new: Operation) -> Found:
    gone = [key for key in old.parameters if key not in new.parameters]
    come = [key for key in new.parameters if key not in old.parameters]
    for key in gone:
        part = old.parameters[key]
        name = str(part.raw.get("name", key[1]))
        moved = next((other for other in come if other[1].lower() == key[1].lower()), None)
        spot = Spot(new.name, "", "request", (key[0], name), REQUEST)
        if moved:
            come.remove(moved)
            after = new.parameters[moved]
            yield Located(spot, Change("parameter-moved", Sense.CROSSED, key[0], moved[0], name, base_at=part.pointer, revision_at=after.pointer))
        else:
            yield Located(spot, Change("parameter", Sense.WIDER, part.raw.get("x-sunset") or True, None, name, base_at=part.pointer, revision_at=new.part.pointer, trait=_announced(part)))
    for key in come:
        part = new.parameters[key]
        name, must = str(part.raw.get("name", key[1])), part.raw.get("required") is True
        spot = Spot(new.name, "", "request", (key[0], name), REQUEST)
        sense = Sense.NARROWER if must else Sense.SAME
        yield Located(spot, Change("parameter", sense, None, must, name, base_at=old.part.pointer, revision_at=part.pointer))
    for key in old.parameters.keys() & new.parameters.keys():
        yield from _parameter(base, revision, old.parameters[key], new.parameters[key], Spot(new.name, "", "request", (key[0], str(new.parameters[key].raw.get("name", key[1]))), REQUEST))


def _announced(part: Part) -> str:
    return "announced" if part.raw.get("deprecated") is True else ""


_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def _parameter(base: Api, revision: Api, old: Part, new: Part, spot: Spot) -> Found:
    where = {"base_at": old.pointer, "revision_at": new.pointer}
    name = spot.tokens[-1]
    for change in _traits(old, new, ("deprecated", "x-sunset", "x-stability-level", "description")):
        yield Located(spot, change)
    before, after = old.raw.get("required") is True, new.raw.get("required") is True
    if before != after:
        yield Located(spot, Change("parameter-required", Sense.NARROWER if after else Sense.WIDER, before, after, name, **where))
    styles = [_style(part, spot.tokens[0]) for part in (old, new)]
    if styles[0] != styles[1] and _listed(base, old) and _listed(revision, new):
        yield Located(spot, Change("style", Sense.CROSSED, styles[0], styles[1], name, **where))
    if "schema" in old.raw or "schema" in new.raw:
        root = _root(old, new, spot, text=True)
        notes = base.schemas.shape(root.pair.base).notes, revision.schemas.shape(root.pair.revision).notes
        if notes[0].get("default") != notes[1].get("default"):
            yield Located(spot, Change("parameter-default", Sense.SAME, notes[0].get("default"), notes[1].get("default"), name, **where))
        yield root
    else:
        yield from _content(base, revision, old, new, spot)


def _style(part: Part, place: str) -> str:
    style = str(part.raw.get("style", _STYLES.get(place, "")))
    explode = part.raw.get("explode", style == "form")
    return f"{style}, {'exploded' if explode else 'joined'}"


def _listed(api: Api, part: Part) -> bool:
    """Whether the style shows: it does for lists and objects only."""
    return bool({"array", "object"} & api.schemas.shape((f"{part.pointer}/schema",)).kinds.keys())


def _root(old: Part, new: Part, spot: Spot, *, text: bool) -> Root:
    pair = Pair((f"{old.pointer}/schema",) if "schema" in old.raw else (), (f"{new.pointer}/schema",) if "schema" in new.raw else ())
    return Root(spot, pair, text)


def _content(base: Api, revision: Api, old: Part | None, new: Part | None, spot: Spot) -> Found:
    """Pair the media types of two bodies, and their schemas."""
    before = dict(base.children(old, "content")) if old else {}
    after = dict(revision.children(new, "content")) if new else {}
    where = {"base_at": old.pointer if old else "", "revision_at": new.pointer if new else ""}
    for first, second, change in pair_media(list(before), list(after), spot.direction):
        if change is not None:
            yield Located(spot, replace(change, **where))
        if first is not None and second is not None and "schema" not in after[second].raw:
            if "schema" in before[first].raw:
                yield Located(spot, Change("schema", Sense.WIDER, True, None, second, **where))
        elif first is not None and second is not None:
            text = "json" not in second
            yield _root(before[first], after[second], replace(spot, media=second), text=text)


def _body(base: Api, revision: Api, old: Operation, new: Operation) -> Found:
    before, after = base.child(old.part, "requestBody"), revision.child(new.part, "requestBody")
    spot = Spot(new.name, "", "request", ("body",), REQUEST)
    where = {"base_at": before.pointer if before else old.part.pointer, "revision_at": after.pointer if after else new.part.pointer}
    if before is None and after is not None:
        must = after.raw.get("required") is True
        yield Located(spot, Change("body", Sense.NARROWER if must else Sense.SAME, None, must, **where))
    elif before is not None and after is None:
        yield Located(spot, Change("body", Sense.WIDER, True, None, **where))
    elif before is not None and after is not None:
        must, musts = before.raw.get("required") is True, after.raw.get("required") is True
        if must != musts:
            yield Located(spot, Change("body-required", Sense.NARROWER if musts else Sense.WIDER, must, musts, **where))
        yield from (Located(spot, change) for change in _traits(before, after, ("description",)))
        yield from _content(base, revision, before, after, spot)


def _responses(base: Api, revision: Api, old: Operation, new: Operation) -> Found:
    before, after = dict(base.children(old.part, "responses")), dict(revision.children(new.part, "responses"))
    for status in {**before, **after}:
        first, second = _answer(before, status), _answer(after, status)
        spot = Spot(new.name, status, "status", (), RESPONSE)
        where = {"base_at": (first or old.part).pointer, "revision_at": (second or new.part).pointer}
        good = "success" if status[:1] == "2" else ""
        if first is None:
            yield Located(spot, Change("status", Sense.WIDER, None, status, status, trait=good, **where))
        elif second is None:
            yield Located(spot, Change("status", Sense.NARROWER, status, None, status, trait=good, **where))
        else:
            yield from (Located(spot, change) for change in _traits(first, second, ("description",)))
            yield from _headers(base, revision, first, second, replace(spot, part="header"))
            yield from _content(base, revision, first, second, replace(spot, part="body"))


def _answer(responses: Mapping[str, Part], status: str) -> Part | None:
    """Give the response for a status: itself, its range, or the default."""
    ranged = f"{status[:1]}XX"
    return responses.get(status) or responses.get(ranged) or responses.get(ranged.lower()) or responses.get("default")


def _headers(base: Api, revision: Api, old: Part, new: Part, spot: Spot) -> Found:
    before = {name.lower(): part for name, part in base.children(old, "headers")}
    after = {name.lower(): part for name, part in revision.children(new, "headers")}
    for name in {**before, **after}:
        first, second = before.get(name), after.get(name)
        here = replace(spot, tokens=(name,))
        where = {"base_at": (first or old).pointer, "revision_at": (second or new).pointer}
        if first is None or second is None:
            part = first or second or old
            must = part.raw.get("required") is True
            sense = Sense.WIDER if first and must else Sense.SAME
            yield Located(here, Change("header", sense, first and must, second and must, name, trait="" if must else "optional", **where))
            continue
        must, musts = first.raw.get("required") is True, second.raw.get("required") is True
        if must != musts:
            yield Located(here, Change("header-required", Sense.NARROWER if musts else Sense.WIDER, must, musts, name, **where))
        yield from (Located(here, change) for change in _traits(first, second, ("deprecated", "description")))
        yield _root(first, second, here, text=True)


def _whole(base: Api, revision: Api) -> Iterator[Change]:
    yield from _servers(base, revision)
    old, new = base.open("/info"), revision.open("/info")
    yield from _traits(old, new, ("title", "summary", "description", "version"))
