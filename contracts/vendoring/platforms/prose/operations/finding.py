"""The operation that a page is about: from a line that states it, from a command, or from an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contracts.vendoring.platforms.prose.operations.servers import URL, base_path, introduced, server
from contracts.vendoring.platforms.prose.operations.stated import Address, path_like, stated, within
from contracts.vendoring.platforms.prose.operations.template import fills, template, transcoded
from contracts.vendoring.platforms.prose.text import ProsePage

_LISTED_PATH = re.compile(r"[-*•]\s+`?(/[\w-]+(?:/[\w{}:<>.-]+)+)`?(?:\s+[-–—:]\s.*)?")
_WITH: Final = r"(?:(?i:with|using|via|pass|add|by|set|and)\s[`(]?)[?]"
_ASKED = re.compile(rf"{_WITH}([A-Za-z_]\w*)=")
_LISTED_QUERY = re.compile(
    r"\bquery (?:string )?param(?:eter)?s\b[^:.]{0,30}:\s*(\w+(?:,\s*(?:and\s+)?\w+)+)"
    rf"|{_WITH}[A-Za-z_]\w*=",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"(?<![^/])[A-Z]\w+(?![^/])")  # a parameter in a path, as AWS writes it
_SEGMENT = re.compile(r"(?<=/)[A-Za-z][\w-]+(?![^/])")


@dataclass(frozen=True, slots=True)
class Operation:
    """What was found: method, path template, server or "", the line, and the names in the query."""

    method: str
    path: str
    server: str
    line: int
    query: tuple[str, ...] = ()

    @property
    def holes(self) -> tuple[str, ...]:
        """The names of the path's parameters, each once."""
        return tuple(dict.fromkeys(re.findall(r"\{([^{}]+)\}", self.path)))


def find(page: ProsePage, names: list[str]) -> Operation | None:
    """Find the operation that the page is about; `names` are listed path parameters, in order."""
    line = next(stated(page), None)
    command = next((Address(c.method, c.url, c.line) for c in page.curls), None)
    prose = list(within(page)) if line is None else []
    fitting = (a for a in prose if command and a.method == command.method and fills(command.url, a.url))
    chosen = line or next(fitting, None) or command or next(iter(prose), None) or next(_loose(page), None)
    if chosen is None:
        return None
    others = [a for a in (command, *_urls(page)) if a is not None]
    host, path = _host(chosen.url)
    path, query = _cut(path)
    lone = [r.text for r in page.rows if r.kind == "path" and _CAPITAL.fullmatch(r.text)]
    held = _CAPITAL if re.search(r"[{:<]", path) else _SEGMENT
    spelled = {name: name for name in (*names, *lone)} | {n.upper(): n for n in names if n.islower()}
    named = held.sub(lambda m: f"{{{spelled[m[0]]}}}" if m[0] in spelled else m[0], path)
    path = template(named, names, [_host(a.url)[1] for a in others])
    base = server(host, path, others, page) or ("" if host else introduced(page, chosen.line))
    opened = "" if base or host else base_path(page)
    path = path if path.startswith(opened) else opened + path
    queries = tuple(dict.fromkeys([*query, *(n for c in page.curls[:1] for n, _ in c.query), *_told(page)]))
    return Operation(chosen.method or _told_method(page), path, base, chosen.line, queries)


def _told(page: ProsePage) -> Iterator[str]:
    """Yield the query parameters that a sentence names: `?limit=` and "query parameters: from, to"."""
    for row in page.rows:
        if row.code or row.kind == "aside" or (listed := _LISTED_QUERY.search(row.text[:2000])) is None:
            continue
        yield from (re.split(r",\s*(?:and\s+)?", listed[1]) if listed[1] else _ASKED.findall(row.text))


def _told_method(page: ProsePage) -> str:
    """Give the first method that the prose names; a page that names none is about a GET."""
    told = (re.search(r"\b(GET|POST|PUT|PATCH|DELETE)\b", r.text) for r in page.rows if not r.code)
    return next((one[1] for one in told if one), "GET")


def _loose(page: ProsePage) -> Iterator[Address]:
    """Yield the addresses that no method stands beside; those within a body say nothing of the operation."""
    bodies = {n for sample in page.samples for n in range(sample.line, sample.end + 1)}
    for address in _urls(page):
        if path_like(address.url) and len(_host(address.url)[1]) > 1 and address.line not in bodies:
            yield address
    for row in page.rows:
        if listed := _LISTED_PATH.fullmatch(row.text):
            yield Address("", listed[1], row.number)


def _urls(page: ProsePage) -> Iterator[Address]:
    for row in page.rows:
        alone = re.fullmatch(r"https?://\S+", row.text)
        if row.kind in {"response", "errors", "fields", "aside"} and not row.code and not alone:
            continue
        for match in URL.finditer(row.raw):
            yield Address("", match[0].rstrip(").,'\""), row.number)


def _host(url: str) -> tuple[str, str]:
    match = re.match(r"(https?://[^/]+)(/.*)?", url)
    return (match[1], match[2] or "/") if match else ("", url)


def _cut(path: str) -> tuple[str, list[str]]:
    path, _, query = transcoded(path).partition("?")
    path = path.rstrip(".,;:'\"`\\" + ("" if path.count("(") == path.count(")") else ")")) or "/"
    names = [pair.partition("=")[0] for pair in query.split("&") if re.match(r"^[\w.\[\]-]+(?:=|$)", pair)]
    return re.sub(r"(?<=.)/$", "", path), names
