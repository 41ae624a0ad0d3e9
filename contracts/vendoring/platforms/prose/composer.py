"""The schemas of one operation: the answers by status, and the body that is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contracts.model import Json
from contracts.vendoring.pages import Answer, Listing, Members, Sample, guess
from contracts.vendoring.platforms.prose.answers import Told
from contracts.vendoring.platforms.prose.words import Words


class Composer:
    """Composes what a page lists and shows; `used` are the lines that something was taken from."""

    def __init__(
        self, name: str, listed: dict[str, list[Listing]], lists: list[Words], shown: list[Sample]
    ) -> None:
        self.name, self.listed, self.lists, self.shown = name, listed, lists, shown
        self.marked = False  # whether the page marks what it requires
        self.notices: list[str] = []
        self.used: set[int] = set()

    def schema(
        self, bodies: list[Sample], found: list[Listing]
    ) -> tuple[dict[str, Json] | None, tuple[Json, ...]]:
        """Compose the schema of one place, and give the examples of it.

        Where they are of several types, those that are no JSON as they stand say nothing.
        """
        if len({type(one.value) for one in bodies}) > 1:
            bodies = [one for one in bodies if not one.loose] or bodies
        members = Members(self.name, bodies, found, shown=self.shown, marked=self.marked)
        schema = members.schema()
        self.notices += members.notices
        self.used |= members.used
        return schema, members.examples

    def answers(self, told: list[Told], success: str) -> Iterator[Answer]:
        """Yield the answers, the successful ones first; `success` is the status of what names none."""
        success = next(
            (t.status for t in told if t.status[0] == "2" and (t.bodies or t.status in self.listed)), success
        )
        known = {t.status for t in told} | {success}
        told = [*told] if any(t.status == success for t in told) else [Told(success, stated=False), *told]
        told += [
            Told(s, line=found[0].line)
            for s, found in self.listed.items()
            if (s.isdigit() or s == "default") and s not in known
        ]
        for one in sorted(told, key=lambda t: (t.status[0] != "2", t.status)):
            yield self._answer(
                one, [*self.listed.get(one.status, []), *(self._others(one) if one.status == success else [])]
            )

    def _others(self, one: Told) -> list[Listing]:
        """Give the listings that name no status; what stands in no section counts if examples show it."""
        loose = self.listed.get("loose", [])
        return [*self.listed.get("", []), *(replace(x, weak=x.weak or not _vouched(x, one)) for x in loose)]

    def _answer(self, one: Told, found: list[Listing]) -> Answer:
        wanted = one.bodies or one.status[0] == "2" or any(not x.weak for x in found)
        schema, examples = self.schema(one.bodies, found) if wanted else (None, ())
        if schema is not None and one.status.startswith("2"):
            for listed in self.lists:
                self._restrict(schema, listed, one)
        guessed = {} if one.stated else {"status": one.line}
        return Answer(one.status, one.description, schema, examples, guessed=guessed)

    def _restrict(self, schema: dict[str, Json], found: Words, told: Told) -> None:
        """Close a field over its allowed words, unless the examples use another word."""
        place = _place(schema, found.names)
        if place is None:
            return
        target, path = place
        used = {v for s in told.bodies for v in _values(s.value, path) if isinstance(v, str)}
        fits = {v.lower(): v for v in found.values}
        if any(u.lower() in fits and u not in found.values for u in used) and all(
            v.islower() for v in found.values
        ):
            return
        self.used.add(found.line)
        if used - set(found.values) or not found.full:
            target.setdefault("x-known-values", sorted({*found.values, *used}))
            if used - set(found.values):
                self.notices.append(
                    f"{self.name}:{found.line}: the words listed for {path[-1]} "
                    "do not hold the example's; the list is left open"
                )
            return
        if "enum" not in target:
            null = isinstance(target.get("type"), list)
            target["enum"] = [*found.values, *([None] if null else [])]
            guess(target, found.line, "enum")


def _vouched(listing: Listing, told: Told) -> bool:
    """Whether the examples show most of the fields that stand in no section."""
    shown = {name for s in told.bodies if isinstance(s.value, dict) for name in s.value}
    fields = [one for one in listing.fields if "." not in one.name]
    known = [one for one in fields if one.name in shown]
    return len(known) > 1 and len(known) * 3 >= len(fields) * 2


def _members(schema: Json, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Json]]]:
    """Yield all members with their paths, the shallow ones first."""
    level = [(path, schema)]
    while level:
        following: list[tuple[tuple[str, ...], Json]] = []
        for at, one in level:
            for name, child in one.get("properties", {}).items() if isinstance(one, dict) else ():
                yield (*at, name), child
                following.append(((*at, name), child))
            if isinstance(one, dict) and isinstance(one.get("items"), dict):
                following.append(((*at, "*"), one["items"]))
        level = following


def _place(schema: dict[str, Json], names: tuple[str, ...]) -> tuple[dict[str, Json], tuple[str, ...]] | None:
    """Find the shallowest text member with one of the names, nearest name first."""
    members = [(p, s) for p, s in _members(schema, ()) if s.get("type") in ("string", ["string", "null"])]
    for name in names:
        last = name.rpartition(".")[2].lower()
        for path, member in members:
            plain = path[-1].lower()
            if plain == last or (plain.endswith(("_" + last,)) and last in {"status", "state"}):
                return member, path
    return None


def _values(value: Json, path: tuple[str, ...]) -> Iterator[Json]:
    if not path:
        yield value
    elif path[0] == "*" and isinstance(value, list):
        for item in value:
            yield from _values(item, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from _values(value[path[0]], path[1:])
