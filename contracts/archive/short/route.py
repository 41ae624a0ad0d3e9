"""Which description answers are held against: one compiled pattern a host and method, one route a status."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from contracts.address import plain_path, read_address
from contracts.archive.keeping import facts_of_bodies
from contracts.archive.short.facts import Facts
from contracts.archive.short.relaxed import Relaxed
from contracts.check import ProviderCheck
from contracts.errors import SpecError
from contracts.model import Interaction, Json, Request, Response, Source
from contracts.spec import Operation, ResponseSpec
from contracts.validate import consistent, is_json, is_stream, notes_of, plain

_NETLOC: Final = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?\Z")
_METHOD: Final = re.compile(r"[A-Za-z]{1,16}\Z")
_STRUCTURED: Final = frozenset({dict, list})
_ASKING: Final = frozenset({"HEAD", "OPTIONS"})
_UNLIKE: Final = frozenset({204, 205, 304})
MANY: Final = 20_000
"""So many different texts (hosts, names of headers, values of them) are remembered, each."""


class Route:
    """All answers of one operation, status and media type; what is said of them alike is worked out once."""

    def __init__(
        self,
        check: ProviderCheck,
        words: frozenset[str],
        operation: Operation,
        documented: ResponseSpec,
        status: int,
        media: str,
    ) -> None:
        schema = documented.content[media]
        assert schema is not None
        self.check, self.title = check, operation.title
        self.told = (check.provider.id, operation.alias, str(status))
        self.documented, self.status, self._schema = documented, status, schema
        self.said = check.checker.unjudged(_answer(operation, status, media, check)).said
        self.relaxed = Relaxed(check, schema, words)
        self._tree = self.relaxed.tree
        self.facts = partial(facts_of_bodies, check, operation.alias, documented.status, schema)
        self.lists = not self._tree.exact or self._tree.root.deep
        self.notes = notes_of(check.provider.manifest.notes, operation.alias, str(status))
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

    def empty_lists(self, value: Json, text: bytes) -> dict[str, int]:
        """Count the empty lists of a body whose items are described, by place.

        In a body that came as text only those count that are spelled as the long way looks for them.
        """
        if text and b"[]" not in text.replace(b" ", b"").replace(b"\n", b""):
            return {}
        if self._tree.exact:
            return self._tree.empty_lists(value)
        return self.check.checker.empty_lists(value, self._schema)

    def consistent(self, value: Json) -> bool:
        """Whether the notes of the manifest find nothing in a body."""
        return consistent(self.notes, value)


def _answer(operation: Operation, status: int, media: str, check: ProviderCheck) -> Interaction:
    server = next(iter(check.provider.spec.servers), "")
    asked = Request(operation.method, server + re.sub(r"\{[^{}]*\}", "x", operation.path))
    response = Response(status, (("content-type", media),), b"{}")
    return Interaction(request=asked, response=response, source=Source.RECORDED)


class _Slot(NamedTuple):
    """An operation of a vendor, and its routes by status and content type as it came."""

    check: ProviderCheck
    operation: Operation
    routes: dict[tuple[int, str], Route | None]


_Table = list[tuple[ProviderCheck, re.Pattern[str] | None, dict[int | str, _Slot]]]


def _slot(
    check: ProviderCheck,
    pattern: re.Pattern[str] | None,
    slots: dict[int | str, _Slot],
    method: str,
    path: str,
    url: str,
) -> _Slot | None:
    """Find the operation that a request met, by one pattern or, of too many paths, by the index."""
    if pattern is not None:
        found = pattern.fullmatch(path)
        return slots[found.lastindex or 0] if found else None
    met = check.provider.spec.met(method, url)
    if met is None:
        return None
    title = met[0].title
    if title not in slots:
        slots[title] = _Slot(check, met[0], {})
    return slots[title]


class Routes:
    """Finds the route of an answer; None where the long way must look."""

    def __init__(self, checks: Sequence[ProviderCheck], words: Mapping[str, frozenset[str]]) -> None:
        self._checks, self._words = checks, words
        self._tables: dict[tuple[str, str], _Table] = {}
        self._media: dict[tuple[str, ...], tuple[str, bool] | None] = {}
        self._made: dict[tuple[str, str, int, str], Route | None] = {}

    def find(self, facts: Facts) -> Route | None:
        """Find the route of an answer."""
        method, url, status, headers, value, _, _ = facts
        cut = url.find("/", len("https://"))
        table = self._tables.get((method, url[:cut]))
        if table is None:
            table = self._table(method, url[:cut])
        names = tuple(headers)
        media = self._media[names] if names in self._media else self._naming(names)
        if not table or media is None or (media[1] and type(value) not in _STRUCTURED):
            return None
        path, sent = url[cut:], headers[media[0]]
        if "?" in path or "#" in path:
            path = path.partition("?")[0].partition("#")[0]
        path = plain_path(path)
        for check, pattern, slots in table:
            slot = _slot(check, pattern, slots, method, path, url)
            if slot is not None:
                key = (status, sent)
                if type(sent) is not str or url != url.strip():
                    return None
                return slot.routes[key] if key in slot.routes else self._route(slot, key)
        return None

    def _table(self, method: str, origin: str) -> _Table:
        """Give the patterns of the vendors on whose server an address is; none where that is not plain."""
        scheme, _, netloc = origin.partition("://")
        usual = scheme.lower() in {"http", "https"} and _NETLOC.match(netloc) and _METHOD.match(method)
        refused = not usual or method.upper() in _ASKING or read_address(f"{origin}/").fault
        at_home = [
            one for one in self._checks if not refused and one.provider.spec.router.serves(f"{origin}/")
        ]
        table: _Table = []
        for check in at_home:
            pattern, operations = check.provider.spec.router.compiled(method) or (None, {})
            slots: dict[int | str, _Slot] = {n: _Slot(check, one, {}) for n, one in operations.items()}
            table.append((check, pattern, slots))
        if len(self._tables) >= MANY:
            self._tables.clear()
        self._tables[method, origin] = table
        return table

    def _naming(self, names: tuple[str, ...]) -> tuple[str, bool] | None:
        """Give the name of the content type, if it is there once, and whether a content encoding is named."""
        found = [one for one in names if one.lower() == "content-type"]
        encoded = any(one.lower() == "content-encoding" for one in names)
        if len(self._media) >= MANY:
            self._media.clear()
        self._media[names] = (found[0], encoded) if len(found) == 1 else None
        return self._media[names]

    def _route(self, slot: _Slot, key: tuple[int, str]) -> Route | None:
        status, media = key[0], plain(key[1])
        known = (slot.check.provider.id, slot.operation.title, status, media)
        if known not in self._made:
            self._made[known] = self._new(slot.check, slot.operation, status, media)
        if len(slot.routes) >= MANY:
            slot.routes.clear()
        slot.routes[key] = self._made[known]
        return self._made[known]

    def _new(self, check: ProviderCheck, operation: Operation, status: int, media: str) -> Route | None:
        documented = operation.response(status)
        if documented is None or documented.aside or operation.aside or not 200 <= status <= 599:
            return None
        if status in _UNLIKE or not is_json(media) or is_stream(media):
            return None
        try:
            known = documented.content.get(media) is not None
            words = self._words[check.provider.id]
            return Route(check, words, operation, documented, status, media) if known else None
        except SpecError:
            return None
