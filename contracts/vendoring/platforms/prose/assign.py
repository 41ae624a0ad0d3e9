"""Which listing belongs where: path, query, header, cookie, key, body, or the answer of a status."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from contracts.vendoring.pages import Field, Listing
from contracts.vendoring.platforms.prose.rows import listings
from contracts.vendoring.platforms.prose.tables import HEADS
from contracts.vendoring.platforms.prose.text import ProsePage, Row
from contracts.vendoring.platforms.prose.typescript import types_in

SENT: Final = ("path", "query", "header", "cookie")
_LISTS: Final = {*SENT, "body", "fields", "key"}
_SILENT: Final = {"values", "aside", "returned headers"}
_HEADER: Final = re.compile(r"(?:X-[\w-]+|Authorization|Content-Type|Accept(?:-\w+)?)$", re.IGNORECASE)
_SENDS: Final = {"POST", "PUT", "PATCH"}


class Assigned:
    """The listings of one operation by place; `used` are the lines of parameters, keys and types."""

    def __init__(self, prose: ProsePage, tags: dict[str, Listing], method: str) -> None:
        self.prose, self.tags = prose, tags
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
        for block, name, listing in types_in(self.prose.blocks):
            sends = re.search(r"(?:request|params|input|body|payload)$", name, re.IGNORECASE)
            if not sends:
                self._put("response", "", listing)
            elif method in {"POST", "PUT", "PATCH"}:
                self._put("body", "", listing)
            self.used |= set(range(block.first - 1, block.first + len(block.lines) + 1))
        for rows in self.prose.sections():
            kind, status = rows[-1].kind, rows[-1].status
            plain = [r for r in rows if not r.heading and not r.code]
            if not plain or kind in {"values", "aside", "returned headers"}:
                continue
            for listing in listings(plain, loose=kind in {*SENT}):
                self._put(self._kind(kind, listing, method, plain), status, listing)

    def _kind(self, kind: str, listing: Listing, method: str, rows: list[Row]) -> str:
        """Tell what a listing is about: the section says it, else the head of its table."""
        sends = method in {"POST", "PUT", "PATCH"}
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
        return "response" if listing.head else "loose"

    def _put(self, kind: str, status: str, listing: Listing) -> None:
        """Put the fields of a listing to their place; a field that names its own place goes there."""
        rest = [one for one in listing.fields if one.where not in SENT]
        for one in listing.fields:
            where = one.where if one.where in SENT else kind
            if where in self.sent and not (listing.weak and one.where not in SENT and kind not in SENT):
                self._send(where, one)
        listing = replace(listing, fields=rest)
        if kind == "body" and rest:
            self.body.append(listing)
        elif kind in {"response", "fields", "loose"} and rest:
            self.answers.setdefault(status if kind != "loose" else "loose", []).append(listing)
        elif kind == "errors" and rest and status and not listing.weak:
            self.answers.setdefault(status, []).append(listing)

    def _send(self, where: str, one: Field) -> None:
        if "." in one.name and where != "query":
            return
        self.used.add(one.line)
        if all(known.name.lower() != one.name.lower() for known in self.sent[where]):
            self.sent[where].append(one)
