"""What travels in an operation: parameters, bodies, answers, headers; paired between two documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from contracts.drift.change import Change, Direction, Sense
from contracts.drift.documents.api import Api, ApiOperation, Element
from contracts.drift.documents.media import essence, pair_media
from contracts.drift.documents.spots import Found, Located, Location, Root, traits
from contracts.drift.schemas import Pair, default_of

REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE


def parameters(base: Api, revision: Api, old: ApiOperation, new: ApiOperation) -> Found:
    """Compare what is sent beside the body; a parameter at another place has moved."""
    come = [key for key in new.parameters if key not in old.parameters]
    for key, part in old.parameters.items():
        if key in new.parameters:
            after = new.parameters[key]
            yield from _parameter(base, revision, part, after, _sent(new, key, after))
            continue
        moved = next((other for other in come if other[1].lower() == key[1].lower()), None)
        if moved:
            come.remove(moved)
        yield Located(_sent(new, key, part), _gone(new, part, key, moved))
    for key in come:
        part = new.parameters[key]
        must = part.raw.get("required") is True
        change = Change("parameter", Sense.NARROWER if must else Sense.SAME, None, must, _name(key, part))
        yield Located(_sent(new, key, part), change.between(old.part.pointer, part.pointer))


def _name(key: tuple[str, str], part: Element) -> str:
    return str(part.raw.get("name", key[1]))


def _sent(operation: ApiOperation, key: tuple[str, str], part: Element) -> Location:
    return Location(operation.name, "", "request", (key[0], _name(key, part)), REQUEST)


def _gone(new: ApiOperation, part: Element, key: tuple[str, str], moved: tuple[str, str] | None) -> Change:
    name = _name(key, part)
    if moved:
        change = Change("parameter-moved", Sense.CROSSED, key[0], moved[0], name)
        return change.between(part.pointer, new.parameters[moved].pointer)
    due = part.raw.get("x-sunset") or True
    change = Change("parameter", Sense.WIDER, due, None, name, trait=_announced(part))
    return change.between(part.pointer, new.part.pointer)


def _announced(part: Element) -> str:
    return "announced" if part.raw.get("deprecated") is True else ""


_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def _parameter(base: Api, revision: Api, old: Element, new: Element, spot: Location) -> Found:
    where = (old.pointer, new.pointer)
    name = spot.tokens[-1]
    for change in traits(old, new, ("deprecated", "x-sunset", "x-stability-level", "description")):
        yield Located(spot, change)
    before, after = old.raw.get("required") is True, new.raw.get("required") is True
    if before != after:
        yield Located(
            spot,
            Change(
                "parameter-required", Sense.NARROWER if after else Sense.WIDER, before, after, name
            ).between(*where),
        )
    styles = [_style(part, spot.tokens[0]) for part in (old, new)]
    if styles[0] != styles[1] and _listed(base, old) and _listed(revision, new):
        yield Located(spot, Change("style", Sense.CROSSED, styles[0], styles[1], name).between(*where))
    if "schema" in old.raw or "schema" in new.raw:
        root = _root(old, new, spot, text=True)
        then, now = (
            default_of(api.schemas.shape(place).notes)
            for api, place in ((base, root.pair.base), (revision, root.pair.revision))
        )
        if then != now:
            yield Located(spot, Change("parameter-default", Sense.SAME, then, now, name).between(*where))
        yield root
    else:
        yield from content(base, revision, old, new, spot)


def _style(part: Element, place: str) -> str:
    style = str(part.raw.get("style", _STYLES.get(place, "")))
    explode = part.raw.get("explode", style == "form")
    return f"{style}, {'exploded' if explode else 'joined'}"


def _listed(api: Api, part: Element) -> bool:
    """Whether the style shows: it does for lists and objects only."""
    return bool({"array", "object"} & api.schemas.shape((f"{part.pointer}/schema",)).kinds.keys())


def _root(old: Element, new: Element, spot: Location, *, text: bool) -> Root:
    pair = Pair(
        (f"{old.pointer}/schema",) if "schema" in old.raw else (),
        (f"{new.pointer}/schema",) if "schema" in new.raw else (),
    )
    return Root(spot, pair, text)


def content(base: Api, revision: Api, old: Element | None, new: Element | None, spot: Location) -> Found:
    """Pair the media types of two bodies, and their schemas."""
    before = dict(base.children(old, "content")) if old else {}
    after = dict(revision.children(new, "content")) if new else {}
    where = (old.pointer if old else "", new.pointer if new else "")
    for first, second, change in pair_media(list(before), list(after), spot.direction):
        if change is not None:
            yield Located(spot, replace(change).between(*where))
        if first is None or second is None:
            continue
        if "schema" not in after[second].raw and _promises(base, before[first]):
            yield Located(spot, Change("schema", Sense.WIDER, True, None, second).between(*where))
        elif not (_octets(second) and _any_text(base, before[first]) and _any_text(revision, after[second])):
            text = "json" not in second
            yield _root(before[first], after[second], replace(spot, media=second), text=text)


def _promises(api: Api, part: Element) -> bool:
    """Whether a schema says more of a body than that it may be anything."""
    place = (f"{part.pointer}/schema",) if "schema" in part.raw else ()
    return api.schemas.signature(place) != api.schemas.signature(())


def _octets(media: str) -> bool:
    """Whether a body is a file: bytes, which no schema describes."""
    kind, _, sub = essence(media).partition("/")
    described = ("json", "xml", "yaml", "form-urlencoded", "jsonl", "csv")
    return kind not in {"text", "multipart", "*"} and not sub.endswith(described) and sub != "*"


def _any_text(api: Api, part: Element) -> bool:
    """Whether a schema lets any text pass, or says no more of it than its format or encoding."""
    place = (f"{part.pointer}/schema",) if "schema" in part.raw else ()
    said = {"format", "contentEncoding", "contentMediaType"}
    return any(alt.facts.keys() <= said for alt in api.schemas.shape(place).kinds.get("string", ()))


def body(base: Api, revision: Api, old: ApiOperation, new: ApiOperation) -> Found:
    """Compare whether a body is sent, must be sent, and as what."""
    before, after = base.child(old.part, "requestBody"), revision.child(new.part, "requestBody")
    spot = Location(new.name, "", "request", ("body",), REQUEST)
    where = (before.pointer if before else old.part.pointer, after.pointer if after else new.part.pointer)
    if before is None and after is not None:
        must = after.raw.get("required") is True
        yield Located(
            spot, Change("body", Sense.NARROWER if must else Sense.SAME, None, must).between(*where)
        )
    elif before is not None and after is None:
        yield Located(spot, Change("body", Sense.WIDER, True, None).between(*where))
    elif before is not None and after is not None:
        must, musts = before.raw.get("required") is True, after.raw.get("required") is True
        if must != musts:
            yield Located(
                spot,
                Change("body-required", Sense.NARROWER if musts else Sense.WIDER, must, musts).between(
                    *where
                ),
            )
        yield from (Located(spot, change) for change in traits(before, after, ("description",)))
        yield from content(base, revision, before, after, spot)


def responses(base: Api, revision: Api, old: ApiOperation, new: ApiOperation) -> Found:
    """Compare answers by status; a range or the default answers for a status that is not named."""
    before, after = dict(base.children(old.part, "responses")), dict(revision.children(new.part, "responses"))
    gone, come = (
        [status for status in some if status[:1] == "2" and _answer(others, status) is None]
        for some, others in ((before, after), (after, before))
    )
    if len(gone) == len(come) == 1:
        spot = Location(new.name, come[0], "status", (), RESPONSE)
        before[come[0]] = before.pop(gone[0])
        change = Change("status-changed", Sense.CROSSED, gone[0], come[0], come[0])
        yield Located(spot, change.between(before[come[0]].pointer, after[come[0]].pointer))
    for status in {**before, **after}:
        first, second = _answer(before, status), _answer(after, status)
        spot = Location(new.name, status, "status", (), RESPONSE)
        where = ((first or old.part).pointer, (second or new.part).pointer)
        good = "success" if status[:1] == "2" else ""
        if first is None:
            yield Located(
                spot, Change("status", Sense.WIDER, None, status, status, trait=good).between(*where)
            )
        elif second is None:
            yield Located(
                spot, Change("status", Sense.NARROWER, status, None, status, trait=good).between(*where)
            )
        else:
            yield from (Located(spot, change) for change in traits(first, second, ("description",)))
            listed = (dict(base.children(first, "headers")), dict(revision.children(second, "headers")))
            yield from _headers(base, revision, first, second, listed, replace(spot, part="header"))
            yield from content(base, revision, first, second, replace(spot, part="body"))


def _answer(responses: Mapping[str, Element], status: str) -> Element | None:
    """Give the response for a status: itself, its range, or the default."""
    ranged = f"{status[:1]}XX"
    return (
        responses.get(status)
        or responses.get(ranged)
        or responses.get(ranged.lower())
        or responses.get("default")
    )


def message(base: Api, revision: Api, old: ApiOperation, new: ApiOperation) -> Found:
    """Compare what a vendor sends to a webhook, headers and body: its reader meets it as an answer."""
    spot = Location(new.name, "", "body", (), RESPONSE)
    listed = (old.headers, new.headers)
    yield from _headers(base, revision, old.part, new.part, listed, replace(spot, part="header"))
    before, after = base.child(old.part, "requestBody"), revision.child(new.part, "requestBody")
    yield from content(base, revision, before, after, spot)


def _headers(
    base: Api,
    revision: Api,
    old: Element,
    new: Element,
    listed: tuple[Mapping[str, Element], Mapping[str, Element]],
    spot: Location,
) -> Found:
    before, after = ({name.lower(): part for name, part in one.items()} for one in listed)
    for name in {**before, **after}:
        first, second = before.get(name), after.get(name)
        here = replace(spot, tokens=(name,))
        where = ((first or old).pointer, (second or new).pointer)
        if first is None or second is None:
            part = first or second or old
            must = part.raw.get("required") is True
            sense = Sense.WIDER if first and must else Sense.SAME
            kind = "header-gone" if first else "header"
            yield Located(here, Change(kind, sense, bool(first), bool(second), name).between(*where))
            continue
        must, musts = first.raw.get("required") is True, second.raw.get("required") is True
        if must != musts:
            yield Located(
                here,
                Change(
                    "header-required", Sense.NARROWER if musts else Sense.WIDER, must, musts, name
                ).between(*where),
            )
        yield from (Located(here, change) for change in traits(first, second, ("deprecated", "description")))
        if "content" in first.raw and "content" in second.raw:
            yield from content(base, revision, first, second, here)
        else:
            yield _root(first, second, here, text=True)
