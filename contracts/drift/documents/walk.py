"""The one place that traverses two documents: what differs around the schemas, and which schemas to pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from contracts.drift.change import Change, Sense
from contracts.drift.documents.api import Api, ApiOperation, Element, Key
from contracts.drift.documents.calendar import UNSTABLE
from contracts.drift.documents.messages import body, message, parameters, responses
from contracts.drift.documents.spots import Found, Located, Location, traits
from contracts.drift.documents.transitions import moved_operations


def changes_between(base: Api, revision: Api) -> Found:
    """Yield every difference outside schemas, and every pair of schemas to compare."""
    for old, new, changes in _paired(base.operations, revision.operations, base, revision):
        name = (old or new or _NOTHING).name
        yield from (Located(Location(name), change) for change in changes)
        if old and new:
            yield from _operation(base, revision, old, new)
    for old, new, changes in _paired(base.webhooks, revision.webhooks, base, revision):
        yield from (
            Located(Location((old or new or _NOTHING).name), replace(c, kind="webhook")) for c in changes
        )
        if old and new:
            yield from (Located(Location(new.name), change) for change in traits(old.part, new.part))
            yield from message(base, revision, old, new)
    yield from (Located(Location(), change) for change in _whole(base, revision))


_NOTHING = ApiOperation("", "", Element("", {}))


def _paired(
    old: Mapping[tuple[str, str], ApiOperation],
    new: Mapping[tuple[str, str], ApiOperation],
    base: Api,
    revision: Api,
) -> Iterator[tuple[ApiOperation | None, ApiOperation | None, list[Change]]]:
    gone = {key: operation for key, operation in old.items() if key not in new}
    come = {key: operation for key, operation in new.items() if key not in old}
    served = _served_alike(gone, come, base, revision)
    for key, other in served.items():
        del gone[key], come[other]
    moves = moved_operations(gone, come)
    for key, operation in old.items():
        after = new.get(key) or moves.get(key) or new.get(served.get(key, key))
        if after is None:
            yield operation, None, [_gone(operation)]
        elif key in moves:
            where = (operation.part.pointer, after.part.pointer)
            yield (
                operation,
                after,
                [Change("operation-moved", Sense.CROSSED, operation.name, after.name).between(*where)],
            )
        else:
            yield operation, after, []
    taken = {id(operation) for operation in moves.values()}
    for operation in come.values():
        if id(operation) not in taken:
            yield (
                None,
                operation,
                [
                    Change(
                        "operation", Sense.WIDER, revision=operation.name, revision_at=operation.part.pointer
                    )
                ],
            )


def _served_alike(
    gone: Mapping[Key, ApiOperation], come: Mapping[Key, ApiOperation], base: Api, revision: Api
) -> dict[Key, Key]:
    """Pair operations of which path and server differ and the URL does not: the base path has moved."""
    at = {(key[0], url): key for key, after in come.items() for url in revision.urls(key, after)}
    pairs: dict[Key, Key] = {}
    for key, operation in gone.items():
        found = {at.get((key[0], url)) for url in base.urls(key, operation)} - {None}
        if len(found) == 1 and not found & {*pairs.values()}:
            pairs[key] = found.pop()  # type: ignore[assignment]
    return pairs


def _gone(operation: ApiOperation) -> Change:
    raw = operation.part.raw
    trait = "announced" if raw.get("deprecated") is True else ""
    trait = "unstable" if raw.get("x-stability-level") in UNSTABLE else trait
    sunset = raw.get("x-sunset")
    return Change(
        "operation",
        Sense.NARROWER,
        operation.name,
        None,
        str(sunset or ""),
        base_at=operation.part.pointer,
        trait=trait,
    )


def _operation(base: Api, revision: Api, old: ApiOperation, new: ApiOperation) -> Found:
    spot = Location(new.name)
    yield from (Located(spot, change) for change in traits(old.part, new.part))
    yield from (Located(spot, change) for change in _security(base, revision, old, new))
    if old.part.raw.get("servers") or new.part.raw.get("servers"):
        yield from (Located(spot, change) for change in _servers(base, revision, old, new))
    yield from parameters(base, revision, old, new)
    yield from body(base, revision, old, new)
    yield from responses(base, revision, old, new)


def _security(base: Api, revision: Api, old: ApiOperation, new: ApiOperation) -> Iterator[Change]:
    before, after = base.security(old), revision.security(new)
    where = (old.part.pointer, new.part.pointer)
    lost = [way for way, needs in before.items() if not any(other <= needs for other in after.values())]
    if lost:
        known = base.schemes()
        asked = {
            need.rpartition("} ")[0] + "}" if "} " in need else need
            for needs in after.values()
            for need in needs
        }
        trait = "known" if asked <= known else ""
        if after.keys() & set(lost):  # one name for two things: say what it stands for
            before, after = base.security(old, whole=True), revision.security(new, whole=True)
            lost = [way for way, needs in before.items() if not any(one <= needs for one in after.values())]
        yield Change("security", Sense.NARROWER, sorted(lost), sorted(after), trait=trait).between(*where)
    gained = [way for way, needs in after.items() if not any(other <= needs for other in before.values())]
    if gained and not lost:
        yield Change("security", Sense.WIDER, sorted(before), sorted(gained)).between(*where)


def _servers(
    base: Api, revision: Api, old: ApiOperation | None = None, new: ApiOperation | None = None
) -> Iterator[Change]:
    before, after = base.servers(old), revision.servers(new)
    kept = old is None and _kept(base, revision)
    for url in before:
        if url not in after and not kept:
            yield Change(
                "server", Sense.NARROWER, url, list(after), url, base_at="/servers", revision_at="/servers"
            )
    for url in after:
        if url not in before and not kept:
            yield Change(
                "server", Sense.WIDER, list(before), url, url, base_at="/servers", revision_at="/servers"
            )


def _kept(base: Api, revision: Api) -> bool:
    """Whether every operation that is in both documents, some of them at another path, keeps its URLs."""
    old, new = base.operations, revision.operations
    served = _served_alike(old, new, base, revision)
    both = {key: key for key in old.keys() & new.keys()} | served
    return bool(both) and all(
        base.urls(key, old[key]) == revision.urls(other, new[other]) for key, other in both.items()
    )


def _whole(base: Api, revision: Api) -> Iterator[Change]:
    yield from _servers(base, revision)
    old, new = base.open("/info"), revision.open("/info")
    yield from traits(old, new, ("title", "summary", "description", "version"))
