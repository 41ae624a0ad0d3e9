"""Which description answers are held against: one compiled pattern a host and method, one route a status."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from contracts.address import read_address
from contracts.archive.short.facts import Facts
from contracts.archive.short.relaxed import Relaxed
from contracts.check import ProviderCheck
from contracts.errors import SpecError
from contracts.model import Interaction, Json, Request, Response, Source
from contracts.spec import Operation, ResponseSpec
from contracts.validate import check_notes, is_json, is_stream, plain

_NETLOC: Final = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?\Z")
_METHOD: Final = re.compile(r"[A-Za-z]{1,16}\Z")
_STRUCTURED: Final = frozenset({dict, list})
_UNLIKE: Final = frozenset({204, 205, 304})
MANY: Final = 20_000
"""So many different texts (hosts, names of headers, values of them) are remembered, each."""


class Route:
    """All answers of one operation, status and media type; what is said of them alike is worked out once."""

    def __init__(
        self, check: ProviderCheck, operation: Operation, documented: ResponseSpec, status: int, media: str
    ) -> None:
        schema = documented.content[media]
        assert schema is not None
        self.check, self.title = check, operation.title
        self.told = (check.provider.id, operation.alias, str(status))
        self.documented, self.status, self._schema = documented, status, schema
        self.said = check.checker.unjudged(_answer(operation, status, media, check)).said
        self.relaxed = Relaxed(check, schema, str(status))
        self.notes = tuple(
            note
            for note in check.provider.manifest.notes
            if note.settings.get("status", "200") == str(status)
            and note.settings.get("operation", operation.alias) == operation.alias
        )
        self._names = tuple(header.name.lower() for header in documented.headers)
        self._fits: dict[tuple[Json, ...], bool] = {}

    def fits(self, headers: Mapping[str, Json]) -> bool:
        """Whether the declared headers and the notes of the manifest find nothing in an answer."""
        if not self._names:
            return True
        low = {name.lower(): value for name, value in headers.items()}
        key = tuple(map(low.get, self._names))
        fits = self._fits.get(key)
        if fits is None:
            fits = self._ask(headers, key)
        return fits

    def _ask(self, headers: Mapping[str, Json], key: tuple[Json, ...]) -> bool:
        names = [name.lower() for name in headers]
        if any(type(one) is not str and one is not None for one in key):
            return False
        if any(names.count(name) > 1 for name in self._names) or any(
            None is headers[name] for name in headers if name.lower() in self._names
        ):
            return False
        sent = tuple((name, text) for name, text in headers.items() if name.lower() in self._names)
        if len(self._fits) >= MANY:
            self._fits.clear()
        found = self.check.checker.headers_fit(Response(self.status, sent), self.documented)
        self._fits[key] = found
        return found

    def empty_lists(self, value: Json) -> dict[str, int]:
        """Count the empty lists of a body whose items are described, by place."""
        tree = self.relaxed.tree
        if tree.exact:
            return tree.empty_lists(value)
        return self.check.checker.empty_lists(value, self._schema)

    def consistent(self, value: Json) -> bool:
        """Whether the notes of the manifest find nothing in a body."""
        return not any(True for _ in check_notes(self.notes, value, self.told[1], self.told[2]))


def _answer(operation: Operation, status: int, media: str, check: ProviderCheck) -> Interaction:
    server = next(iter(check.provider.spec.servers), "")
    asked = Request(operation.method, server + re.sub(r"\{[^{}]*\}", "x", operation.path))
    response = Response(status, (("content-type", media),), b"{}")
    return Interaction(request=asked, response=response, source=Source.RECORDED)


_Table = list[tuple[ProviderCheck, re.Pattern[str], dict[int, Operation]]]


class Routes:
    """Finds the route of an answer; None where the long way must look."""

    def __init__(self, checks: Sequence[ProviderCheck]) -> None:
        self._checks = checks
        self._tables: dict[tuple[str, str], _Table | None] = {}
        self._routes: dict[tuple[str, str, int, str], Route | None] = {}
        self._media: dict[tuple[object, ...], str | None] = {}

    def find(self, facts: Facts) -> Route | None:
        """Find the route of an answer."""
        method, url, status, headers, value, _, _ = facts
        start = url.find("://") + 3
        cut = url.find("/", start)
        if cut < 0 or start < 7 or not (url.isascii() and url.isprintable()) or " " in url:
            return None
        table = self._tables.get((method, url[:cut]), ...)
        if table is ...:
            table = self._table(method, url[:cut])
        media = self._sent(headers, packed=type(value) not in _STRUCTURED)
        if table is None or media is None:
            return None
        path = url[cut:].partition("?")[0].partition("#")[0]
        for check, pattern, operations in table:
            met = pattern.fullmatch(path)
            if met is not None:
                return self._route(check, operations[met.lastindex or 0], status, media)
        return None

    def _table(self, method: str, origin: str) -> _Table | None:
        scheme, _, netloc = origin.partition("://")
        table: _Table | None = []
        usual = scheme.lower() in {"http", "https"} and _NETLOC.match(netloc) and _METHOD.match(method)
        if not usual or method.upper() in {"HEAD", "OPTIONS"} or read_address(f"{origin}/").fault:
            table = None
        for check in self._checks if table is not None else ():
            router = check.provider.spec.router
            if router.serves(f"{origin}/"):
                found = router.compiled(method)
                if found is None:
                    table = None
                    break
                table.append((check, *found))  # type: ignore[union-attr]
        if len(self._tables) >= MANY:
            self._tables.clear()
        self._tables[method, origin] = table
        return table

    def _sent(self, headers: Mapping[str, Json], *, packed: bool) -> str | None:
        """Give the media type that came; None where it is not said once, in text.

        What is neither an object nor a list may be `packed`, if a content encoding is named.
        """
        names = (*headers, packed)
        name = self._media.get(names, ...)
        if name is ...:
            found = [one for one in headers if one.lower() == "content-type"]
            encoded = packed and any(one.lower() == "content-encoding" for one in headers)
            if len(self._media) >= MANY:
                self._media.clear()
            name = self._media[names] = found[0] if len(found) == 1 and not encoded else None
        sent = headers[name] if name is not None else None
        return sent if type(sent) is str else None

    def _route(self, check: ProviderCheck, operation: Operation, status: int, sent: str) -> Route | None:
        key = (check.provider.id, operation.title, status, sent)
        route = self._routes.get(key, ...)
        if route is ...:
            media = plain(sent)
            route = self._routes.get((*key[:3], media), ...)
            if route is ...:
                route = _made(check, operation, status, media)
                self._routes[(*key[:3], media)] = route
            if len(self._routes) < MANY:
                self._routes[key] = route
        return route


def _made(check: ProviderCheck, operation: Operation, status: int, media: str) -> Route | None:
    documented = operation.response(status)
    if documented is None or documented.aside or operation.aside or not 200 <= status <= 599:
        return None
    if status in _UNLIKE or not is_json(media) or is_stream(media) or documented.content.get(media) is None:
        return None
    try:
        return Route(check, operation, documented, status, media)
    except SpecError:
        return None
