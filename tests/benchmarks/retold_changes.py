"""Impact of changes that say the same in another way, against brute force.

    python -m tests.benchmarks.retold_changes FOLDER [CHANGES] [READERS]

FOLDER has `correct/<vendor>/<reader>.py` as for `reader_bank`. At each place of the vendors' answers a unit, scale, time
base, word, name, type, order, paging or envelope is changed in the document; each change comes with a function that
tells a payload anew, written here and unknown to `impact`. By brute force a reader breaks when it refuses or crashes on a
payload told anew, or on one of the covering set of the new document that the old one forbids; it lies when a
known part of its answer becomes another known one, and degrades when that becomes unknown or of another type. CHANGES
are drawn with a fixed seed, and READERS of the same vendor for each of them.
"""

from __future__ import annotations

import copy
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contracts.consumers import Consumer, quietly
from contracts.consumers.consumer import Manner, meet
from contracts.consumers.contrasts import matching
from contracts.consumers.impact import Documents, Verdict, impact_of, sides_of
from contracts.consumers.places import differences, put, value_at
from contracts.drift import drift
from contracts.instant import instant
from contracts.model import Json, Pointer
from contracts.spec import load
from contracts.spec.document import Document
from contracts.spec.openapi import resolve
from tests.benchmarks.reader_bank import loaded

VENDORS = ("almanac", "llamacloud", "matil", "nimble", "wickson")
SYNONYMS = {
    "completed": "finished",
    "failed": "errored",
    "running": "in_progress",
    "queued": "waiting",
    "pending": "waiting",
    "success": "succeeded",
    "error": "failure",
    "COMPLETED": "SUCCEEDED",
    "FAILED": "ERRORED",
    "RUNNING": "IN_PROGRESS",
    "PENDING": "QUEUED",
    "CANCELLED": "ABORTED",
    "cancelled": "aborted",
    "created": "scheduled",
    "uploading": "working",
}


@dataclass(frozen=True)
class Plant:
    """A change of one place: both schemas there, and how a value is told anew. `unit`: passing it on is wrong."""

    kind: str
    vendor: str
    pattern: tuple[str, ...]
    before: Any
    after: Any
    tell: Callable[[Json], Json]
    unit: bool = False
    new_name: str = ""

    @property
    def name(self) -> str:
        return f"{self.vendor} {'/'.join(self.pattern) or 'the answer'}: {self.kind}"


def inlined(document: Json, schema: Json, depth: int = 12) -> Json:
    """A schema without references."""
    if isinstance(schema, list):
        return [inlined(document, one, depth) for one in schema]
    if not isinstance(schema, dict) or not depth:
        return schema
    if "$ref" in schema:
        return inlined(document, resolve(document, Pointer.parse(schema["$ref"][1:]), "x")[0], depth - 1)
    return {key: inlined(document, one, depth - (key == "properties")) for key, one in schema.items()}


def places(schema: Json, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Every place of a schema, alternatives with null looked through."""
    yield at, schema
    for one in (schema, *(schema.get("anyOf") or ())):
        for name, inner in (one.get("properties") or {}).items():
            yield from places(inner, (*at, name))
        if isinstance(one.get("items"), dict):
            yield from places(one["items"], (*at, "*"))


def plain(schema: Json) -> Json:
    """The one alternative that is not null."""
    others = [one for one in schema.get("anyOf") or () if one.get("type") != "null"]
    return others[0] if len(others) == 1 else schema


def kinds(schema: Json) -> set[str]:
    found = plain(schema).get("type", ())
    return {found} if isinstance(found, str) else {*found} - {"null"}


def epoch(factor: int) -> Callable[[Json], Json]:
    def tell(value: Json) -> Json:
        found = instant(value)
        start = datetime(1970, 1, 1, tzinfo=UTC)
        return int((found.moment - start).total_seconds() * factor) if found and found.moment else 0

    return tell


def times(factor: float) -> Callable[[Json], Json]:
    def tell(value: Json) -> Json:
        scaled = value * factor if abs(value) < 1e15 else value  # beyond is no share and no time
        return int(scaled) if float(scaled).is_integer() and abs(scaled) < 2**53 else scaled

    return tell


def plants(vendor: str, root: Json) -> Iterator[Plant]:
    for at, schema in places(root):
        inner, types, name = plain(schema), kinds(schema), at[-1] if at else ""

        def one(kind: str, after: Json, tell: Callable[[Json], Json], before: Json = schema, *, unit: bool = False, new_name: str = "", at: tuple[str, ...] = at) -> Plant:  # fmt: skip
            return Plant(kind, vendor, at, before, after, tell, unit, new_name)

        if types & {"integer", "number"} and name != "*":
            yield from numbers(one, inner, name)
        if types == {"string"} and ("date-time" in str(inner.get("format")) or name.endswith("_at")):
            yield one("in seconds", {"type": "integer"}, epoch(1))
            yield one("in milliseconds", {"type": "integer", "description": "in milliseconds"}, epoch(1000))
        elif types == {"string"}:
            yield one("in an object", {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}, lambda v: {"text": v})  # fmt: skip
        words = [word for word in inner.get("enum") or () if isinstance(word, str)]
        for word in words if len(words) > 1 else ():
            if word in SYNONYMS and SYNONYMS[word] not in words:
                new = {**inner, "enum": [SYNONYMS[word] if one_ == word else one_ for one_ in words]}
                yield one(f"{word} is renamed", new, lambda v, w=word: SYNONYMS[w] if v == w else v)
        if len(words) > 1:
            turn = str.lower if words[0].isupper() else str.upper
            yield one("words in the other case", {**inner, "enum": [turn(w) for w in words]}, turn)
        if types == {"boolean"}:
            yield one("as a text", {"type": "string", "enum": ["true", "false"]}, lambda v: "true" if v else "false")  # fmt: skip
        if types == {"array"} and kinds(inner.get("items") or {}) == {"object"}:
            yield from lists(one, inner)
        if types == {"object"} and name != "*" and inner.get("properties"):
            yield one("in an envelope", {"type": "object", "properties": {"content": inner}, "required": ["content"]}, lambda v: {"content": v})  # fmt: skip
        if at and name != "*" and types - {"array"}:
            yield one(f"is called current_{name}", schema, lambda v: v, new_name=f"current_{name}")


def numbers(one: Callable[..., Plant], inner: Json, name: str) -> Iterator[Plant]:
    if "percent" in name:
        yield one("as a ratio", {**inner, "minimum": 0, "maximum": 1}, times(0.01), {**inner, "minimum": 0, "maximum": 100}, unit=True)  # fmt: skip
        yield one("is said to be a ratio", {**inner, "description": "From 0 to 1."}, times(0.01), {**inner, "description": "In percent."}, unit=True)  # fmt: skip
    elif "progress" in name:
        yield one("in percent", {**inner, "minimum": 0, "maximum": 100}, times(100), {**inner, "minimum": 0, "maximum": 1}, unit=True)  # fmt: skip
        yield one("is said to be in percent", {**inner, "description": "From 0 to 100."}, times(100), {**inner, "description": "A ratio."}, unit=True)  # fmt: skip
    elif "time" in name or "remaining" in name:
        yield one("in milliseconds", {**inner, "description": "In milliseconds."}, times(1000), {**inner, "description": "In seconds."}, unit=True)  # fmt: skip
        yield one("in minutes", {**inner, "type": "number", "description": "Minutes."}, times(1 / 60), {**inner, "type": "number", "description": "In seconds."}, unit=True)  # fmt: skip
    yield one(
        "as a text",
        {"type": "string", "pattern": "^-?[0-9]+$" if kinds(inner) == {"integer"} else r"^-?[0-9]+\.[0-9]+$"},
        lambda v: f"{v:.0f}" if kinds(inner) == {"integer"} else f"{v:.1f}",
    )
    yield one("in a list", {"type": "array", "items": inner, "minItems": 1}, lambda v: [v])


def lists(one: Callable[..., Plant], inner: Json) -> Iterator[Plant]:
    page = {"type": "object", "properties": {"data": inner, "next_cursor": {"type": ["string", "null"]}}, "required": ["data"]}  # fmt: skip
    yield one("in pages", page, lambda v: {"data": v})
    newest = {**inner, "description": "The newest first."}
    yield one("newest first", newest, lambda v: v[::-1], {**inner, "description": "The oldest first."})


def changed(provider: Any, plant: Plant, *, new: bool) -> Json:
    """The vendor's document with one side of a change at its place."""
    document = copy.deepcopy(provider.spec.document)
    place = Pointer.parse(str(next(one for one in provider.spec.operation("getBatch").responses["200"].content.values() if one)))  # fmt: skip
    holder, _ = resolve(document, Pointer(place), "x")
    root = inlined(document, holder)
    holder.clear()
    holder.update(_with(root, plant.pattern, plant, new=new))
    return document


def _with(schema: Json, at: tuple[str, ...], plant: Plant, *, new: bool) -> Json:
    if not at:
        return copy.deepcopy(plant.after if new else plant.before)
    made = copy.deepcopy(schema)
    for one in (made, *(made.get("anyOf") or ())):
        if at[0] == "*" and isinstance(one.get("items"), dict):
            one["items"] = _with(one["items"], at[1:], plant, new=new)
        elif at[0] in (one.get("properties") or {}):
            inner = _with(one["properties"].pop(at[0]), at[1:], plant, new=new)
            last = plant.new_name if new and plant.new_name and len(at) == 1 else at[0]
            one["properties"][last] = inner
            one["required"] = [last if name == at[0] else name for name in one.get("required") or ()]
    return made


def told(plant: Plant, payload: Json) -> Json:
    """The payload as the vendor sends it after the change."""
    made = payload
    for at in reversed(list(matching(payload, plant.pattern))):
        value = value_at(payload, at)
        if value is None or type(value) is object:
            continue
        if plant.new_name:
            holder = value_at(made, Pointer(at[:-1]))
            rest = {key: one for key, one in holder.items() if key != at[-1]}
            made = put(made, Pointer(at[:-1]), {**rest, plant.new_name: value})
        else:
            made = put(made, at, plant.tell(value))
    return made


def brute(one: Consumer, plant: Plant, payloads: list[Json], revised: list[Json]) -> Verdict:
    sound = all(meet(one, payload).manner is Manner.ANSWERED for payload in payloads)
    if sound and any(meet(one, payload).manner is not Manner.ANSWERED for payload in revised):
        return Verdict.BREAKS
    worst = Verdict.UNAFFECTED
    for payload in payloads:
        before = meet(one, payload)
        if before.manner is Manner.ANSWERED and told(plant, payload) != payload:
            found = seen(one, plant, payload, before.view)
            worst = max(worst, found, key=lambda each: each.weight)
    return worst


def seen(one: Consumer, plant: Plant, payload: Json, view: Json) -> Verdict:
    now = told(plant, payload)
    after = meet(one, now)
    if after.manner is not Manner.ANSWERED:
        return Verdict.BREAKS
    found = Verdict.UNAFFECTED
    sent = [value for _, _, value in differences(payload, now) if isinstance(value, str) and value]
    for _, was, is_ in differences(normal(view, plant), normal(after.view, plant)):
        if was is None or type(was) is object or was in one.unknown or same(was, is_):
            continue
        if (
            is_ is None
            or type(is_) is object
            or is_ in one.unknown
            or (type(was) is not type(is_) and not plant.unit and not {type(was), type(is_)} <= {int, float})
        ):
            found = max(found, Verdict.DEGRADES, key=lambda each: each.weight)
        elif plant.unit or not (isinstance(is_, str) and any(text in is_ for text in sent)):
            return Verdict.LIES
    return found


def normal(view: Json, plant: Plant) -> Json:
    if plant.kind == "newest first" and isinstance(view, list):
        return sorted((normal(one, plant) for one in view), key=repr)
    if isinstance(view, dict):
        return {key: normal(one, plant) for key, one in view.items()}
    return view


def same(one: Json, other: Json) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)) and not isinstance(one, bool):
        return one == other or abs(one - other) <= 1e-9 * max(abs(one), abs(other))
    found = [instant(each) for each in (one, other) if isinstance(each, str)]
    return len(found) == 2 and all(found) and found[0].moment == found[1].moment


def measured(folder: Path, count: int, readers: int) -> Iterator[tuple[Plant, str, Verdict, Verdict]]:
    chance = random.Random(20261130)
    listed = []
    for vendor in VENDORS:
        provider = load(vendor)
        place = next(
            one for one in provider.spec.operation("getBatch").responses["200"].content.values() if one
        )
        root = inlined(provider.spec.document, resolve(provider.spec.document, Pointer(place), "x")[0])
        listed += list(plants(vendor, root))
    chance.shuffle(listed)
    files = {v: sorted((folder / "correct" / v).glob("*.py")) for v in VENDORS}
    for plant in listed[:count]:
        provider = load(plant.vendor)
        documents = Documents(changed(provider, plant, new=False), changed(provider, plant, new=True))
        operation = provider.spec.operation("getBatch").title
        findings = drift(
            Document("base", documents.base, {}), Document("revision", documents.revision, {}), full=True
        )
        sides = sides_of(documents, operation)
        payloads = list(sides.old())
        revised = [payload for payload in sides.new() if not sides.base.oracle.valid(payload)]
        mine = [one for one in map(loaded, files[plant.vendor]) if one.operation in {"", "getBatch"}]
        for one in chance.sample(mine, min(readers, len(mine))):
            with quietly():
                found = [each.verdict for each in impact_of(findings, [(one, operation)], documents)]
                truth = brute(one, plant, payloads, revised)
            yield plant, one.id, max(found, key=lambda v: v.weight, default=Verdict.UNAFFECTED), truth


def main() -> None:
    start, tally = time.perf_counter(), Counter[str]()
    count, readers = (
        int(sys.argv[index]) if len(sys.argv) > index else default for index, default in ((2, 110), (3, 3))
    )
    names = set()
    try:
        for plant, reader, found, truth in measured(Path(sys.argv[1]), count, readers):
            names.add(plant.name)
            tally["verdicts"] += 1
            tally[f"truth {truth}"] += 1
            wrong = ""
            if truth is Verdict.BREAKS and found is not Verdict.BREAKS:
                wrong = "missed break"
            elif truth is not Verdict.UNAFFECTED and found is Verdict.UNAFFECTED:
                wrong = "missed lie or degradation"
            elif truth is Verdict.UNAFFECTED and found is not Verdict.UNAFFECTED:
                wrong = "false alarm"
            elif found is not truth:
                wrong = "another verdict"
            if wrong:
                tally[wrong] += 1
                print(f"{wrong}: {plant.name}: {reader}: told {found}, is {truth}", flush=True)
    except KeyboardInterrupt:
        print("stopped: these are the figures so far")
    print(f"{len(names)} changes; {dict(tally)}; {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
