"""Which listing belongs where: path, query, header, cookie, key, body, or the answer of a status."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from contracts.vendoring.pages import Field, Listing, kinds_of, settled
from contracts.vendoring.platforms.prose.columns import HEADS
from contracts.vendoring.platforms.prose.definitions import Defined, Types
from contracts.vendoring.platforms.prose.evidence import Evidence, bodies
from contracts.vendoring.platforms.prose.grammars import (
    outlined,
    types_in,
    types_without_fence,
)
from contracts.vendoring.platforms.prose.grouping import listings, without_statement
from contracts.vendoring.platforms.prose.operations import bare_name
from contracts.vendoring.platforms.prose.sections import HEADER_NAME, kind_of
from contracts.vendoring.platforms.prose.text import ProsePage, Row

SENT: Final = ("path", "query", "header", "cookie")
_HEADER: Final = re.compile(r"(?:X-[\w-]+|Authorization|Content-Type|Accept(?:-\w+)?)$", re.IGNORECASE)
_BODY = re.compile(r"body|payload|cuerpo|corps|corpo|körper|ボディ|本文|体", re.IGNORECASE)
_PRESENCE = re.compile(
    r"(?:(required|mandatory|pflicht)|optional)\b"
    r"|\S+ (?:(obligatoires?|obligatorios?|requeridos?|erforderlich)|optionnels|opcionales|opcionais)\b",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"(?:the )?(\w[\w ]{1,30}?) (?:object|item|entry|model)s?"
    r"(?: (?:fields|properties|attributes|structure))?",
    re.IGNORECASE,
)
_LABELS: Final = {
    "returns": "fields", "response": "fields", "params": "query", "parameters": "query", "query": "query",
    "headers": "header", "body": "body",
}  # fmt: skip
_SENDS: Final = re.compile(
    r"(?:request|params|input|body|payload|args|query)(?:type|dto|schema|model)?$", re.IGNORECASE
)


class Assigned:
    """The listings of one operation by place; `used` are the lines of parameters, keys and types."""

    def __init__(
        self, prose: ProsePage, tags: dict[str, Listing], method: str, path: str, own: range
    ) -> None:
        self.prose, self.tags, self.own = prose, tags, own
        self.evidence = Evidence(prose)
        self.types = Types(prose)
        self.notices: list[str] = []
        self.refused: set[int] = set()
        self.holes = re.findall(r"\{([^{}]+)\}", path)
        self.used: set[int] = set()
        self.sent: dict[str, list[Field]] = {where: [] for where in (*SENT, "key")}
        self.body: list[Listing] = []
        self.answers: dict[str, list[Listing]] = {}
        self._place_all(method)

    def _place_all(self, method: str) -> None:
        for place, listing in self.tags.items():
            self._put(
                place if place in {*SENT, "body"} else "response",
                "" if place == "response" or not place.isdigit() else place,
                listing,
            )
        written = self._place_types(method)
        for rows in self.prose.sections():
            kind, status = rows[-1].kind, rows[-1].status
            told = [r for r in rows if not (r.heading or r.code or r.number in written)]
            plain = without_statement(told)
            if not plain or kind in {"values", "aside", "returned headers"}:
                continue
            alone = kind in {"response", "fields"} and not bodies(self.prose)
            for listing in listings(plain, loose=kind in {*SENT}, alone=alone):
                for one in listing.fields:
                    self.types.complete(one)
                if listing.title in self.types.placed:
                    self._define(self.types.placed[listing.title], listing)
                    continue
                place = "path" if kind == "fields" and self._of_path(listing) else kind
                place = place or _LABELS.get(listing.title.lower(), "")
                common = listing.line not in self.own and kind not in {"key", "errors", "header"}
                place = "loose" if common else self._kind(place, listing, method, plain)
                place = self._supported(place, listing, plain, method)
                answers = place in {"response", "fields"}
                self._put(place, status, self._under(listing) if answers else listing)

    def _place_types(self, method: str) -> set[int]:
        """Place what is written in types of a language; give the lines of those that stand in no fence."""
        bare = types_without_fence(self.prose.page.lines, self.prose.rows)
        written = {n for block in bare for n in range(block.first, block.first + len(block.lines))}
        for block, name, listing in types_in([*self.prose.blocks, *bare]):
            row = next((r for r in self.prose.rows if r.number >= block.first), None)
            kind, status = (row.kind, row.status) if row else ("", "")
            sends = _SENDS.search(name) or kind in {"request", "body"}
            if kind in SENT:
                self._put(kind, "", listing)
            elif not sends:
                self._put("response", status, listing)
            elif method in {"POST", "PUT", "PATCH"}:
                self._put("body", "", listing)
            self.used |= set(range(block.first - 1, block.first + len(block.lines) + 1))
        for block, listing in outlined(self.prose.blocks):
            self._put("response", "", listing)
            self.used |= set(range(block.first - 1, block.first + len(block.lines) + 1))
        return written

    def _define(self, defined: Defined | None, listing: Listing) -> None:
        """Put the members of a described type to where the operation names it."""
        if defined is not None and not (defined.place == "fields" and listing.weak):
            self._put(defined.place, defined.status, replace(listing, many=defined.many))

    def _supported(self, place: str, listing: Listing, rows: list[Row], method: str) -> str:
        """Hold a place that no heading of the listing's own names against the evidence; "" refuses it."""
        if place not in {"response", "fields", "query", ""} or kind_of(listing.title) or listing.weak:
            return place
        said = self.evidence.said(listing, rows) if listing.head else ""
        if said == "sent" and place != "query":
            return "body" if method in {"POST", "PUT", "PATCH"} else "query"
        if said == "answered":
            return "fields"
        if (
            place == "query"
            or not self._members(listing.fields)
            or self.evidence.speaks_for_answer(listing)
            or self._describes(listing)
        ):
            return place
        self.refused.update(one.line for one in listing.fields)
        self.notices.append(
            f"{self.prose.page.name}:{listing.line}: no heading says what is listed here, and no example"
            " shows it: it was not used; a heading above it such as `Response fields` or `Query parameters`"
            " says it"
        )
        return ""

    def _under(self, listing: Listing) -> Listing:
        """Put the members of "Message object fields" below the one member whose prose speaks of such objects.

        Below a member of that name they are put where everything is composed.
        """
        said = _OBJECT.fullmatch(listing.title)
        known = [one for found in self.answers.values() for above in found for one in above.fields]
        names = {one.name.partition(".")[0] for one in listing.fields} | {said[1].lower() if said else ""}
        taken = {bare_name(one.name.rpartition(".")[2].removesuffix("s")) for one in known}
        if said is None or listing.weak or taken & {bare_name(name.removesuffix("s")) for name in names}:
            return listing
        holds = re.compile(rf"\b{re.escape(said[1])}s?\b", re.IGNORECASE)
        holders = [one for one in known if {"object", "array"} & kinds_of(one.schema)]
        owners = [one for one in holders if holds.search(one.prose)]
        for one in listing.fields if len(owners) == 1 else ():
            one.name = f"{owners[0].name}.{one.name}"
        return listing

    def _describes(self, listing: Listing) -> bool:
        """Whether the title of a listing is the name of a type or of a member that the page lists."""
        known = {one.of for found in self.answers.values() for x in found for one in x.fields}
        known |= {one.name for found in self.answers.values() for x in found for one in x.fields}
        words = {bare_name(word) for word in re.findall(r"[\w.]+", listing.title)}
        return bool(words & {bare_name(name.rpartition(".")[2]) for name in known if name})

    def _kind(self, kind: str, listing: Listing, method: str, rows: list[Row]) -> str:
        """Tell what a listing is about: the section says it, else the head of its table."""
        sends = method in {"POST", "PUT", "PATCH"}
        if HEADS.get(listing.head) == "errors":
            return "errors"
        if (
            kind == "body"
            and not sends
            and ("query" in listing.title.lower() or not _BODY.search(listing.title))
        ):
            return "query"
        if kind in {"path", "header", "cookie", "body", "key", "response", "fields", "errors"}:
            return kind
        if kind == "query":
            if listing.fields and all(_HEADER.match(one.name) for one in listing.fields):
                return "header"
            title = listing.title.lower()
            return "body" if sends and not re.search(r"query|url|filter", title) else "query"
        place = HEADS.get(listing.head, "")
        if kind == "request":
            if not listing.head and not re.fullmatch(r"(?:http )?requests?|[^a-z]+", listing.title.lower()):
                return ""
            return "" if listing.weak else "body" if sends and place in {"", "query"} else place or "query"
        if place:
            return place
        if not listing.head and not sends and self._asked(listing):
            return "query"
        return "response" if listing.head else "loose"

    def _asked(self, listing: Listing) -> bool:
        """Whether fields in no section are parameters: with badges, before any body, and in none."""
        first = next(iter(self.prose.samples), None)
        badges = any(one.required is not None for one in listing.fields)
        if (
            first is None
            or not badges
            or listing.weak
            or any(one.line > first.line for one in listing.fields)
        ):
            return False
        shown = self.evidence.shown
        return not any(one.name in shown for one in listing.fields)

    def _is_hole(self, one: Field) -> bool:
        """Whether a field in no section is a parameter of the path: so called, with a badge, above bodies."""
        first = next((sample.line for sample in self.prose.samples), one.line + 1)
        holes = {bare_name(name) for name in self.holes}
        return bool(one.required) and bare_name(one.name) in holes and one.line < first

    def _of_path(self, listing: Listing) -> bool:
        """Whether a list of "properties" holds the parameters of the path and nothing else."""
        holes = {bare_name(name) for name in self.holes}
        names = {bare_name(one.name) for one in listing.fields}
        return (
            bool(names)
            and names <= holes
            and not re.search(r"respon|return|result|output", listing.title.lower())
        )

    def _put(self, kind: str, status: str, listing: Listing) -> None:
        """Put the fields of a listing to their place; a field that names its own place goes there."""
        if kind == "loose" and not listing.weak:
            for one in listing.fields:
                one.where = one.where or ("path" if self._is_hole(one) else "")
        if kind in {*SENT, "key"}:
            listing, notices = settled(listing, [], self.prose.page.name)
            self.notices += notices
        rest = [one for one in listing.fields if one.where not in SENT]
        if kind in {"response", "fields", "loose", "errors"}:
            rest = self._members(rest)
        for one in listing.fields:
            where = one.where if one.where in SENT else kind
            if where in self.sent and not (listing.weak and one.where not in SENT and kind not in SENT):
                self._send(where, one, listing.title)
        listing = replace(listing, fields=rest)
        if kind == "body" and rest:
            self.body.append(listing)
        elif kind in {"response", "fields", "loose"} and rest:
            self.answers.setdefault(status if kind != "loose" else "loose", []).append(listing)
        elif kind == "errors" and rest and status and not listing.weak:
            self.answers.setdefault(status, []).append(listing)

    def _members(self, fields: list[Field]) -> list[Field]:
        """Leave out what is no member of a body: headers, and names that lead to sections of the page."""
        shown = self.evidence.shown
        if all(HEADER_NAME.fullmatch(one.name) for one in fields) and not shown & {
            one.name for one in fields
        }:
            return []
        titles = {row.text for row in self.prose.rows if row.heading}
        if len(fields) > 1 and all(one.name in titles and not one.typed for one in fields):
            return []
        return [one for one in fields if one.name in shown or not _HEADER.match(one.name)]

    def _send(self, where: str, one: Field, title: str = "") -> None:
        if "." in one.name and where != "query":
            return
        self.used.add(one.line)
        if one.required is None and (said := _PRESENCE.match(title)):
            one.required = bool(said[1] or said[2])
        if all(known.name.lower() != one.name.lower() for known in self.sent[where]):
            self.sent[where].append(one)
