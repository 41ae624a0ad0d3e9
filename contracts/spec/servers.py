"""Server objects as addresses: their variables filled in, and the path prefixes that a request may have.

OpenAPI 3.1.1, Server Variable Object: `default` is REQUIRED and is sent when no other value is given; `enum`
limits the values; without it, any text may stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import Final

from contracts.address import read_address
from contracts.model import Json

_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_PATH: Final = re.compile(r"(?:[^:/?#]+:)?(?://[^/?#]*)?([^?#]*)", re.DOTALL)  # RFC 3986, appendix B
MAX_ADDRESSES: Final = 64
"""Addresses of one server that are spelled out; variables with many words multiply."""


def stated(document: Json) -> Iterator[dict[str, Json]]:
    """Yield the server objects of a document: its own first, then those of paths and of operations."""
    paths = document.get("paths")
    items = [item for item in paths.values() if isinstance(item, dict)] if isinstance(paths, dict) else []
    operations = [one for item in items for one in item.values() if isinstance(one, dict)]
    for holder in (document, *items, *operations):
        listed = holder.get("servers")
        yield from (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()


def addresses(server: dict[str, Json]) -> Iterator[str]:
    """Yield the addresses of a server, the default one first, without a slash at the end."""
    url = server.get("url")
    if not isinstance(url, str) or not url:
        return
    names = list(dict.fromkeys(_HOLE.findall(url)))
    for words in islice(product(*(_words(server, name) for name in names)), MAX_ADDRESSES):
        values = dict(zip(names, words, strict=True))
        yield _HOLE.sub(lambda hole, values=values: values[hole[1]], url).rstrip("/")  # type: ignore[misc]


def _words(server: dict[str, Json], name: str) -> list[str]:
    held = server.get("variables")
    variable = held.get(name) if isinstance(held, dict) else None
    variable = variable if isinstance(variable, dict) else {}
    enum = variable.get("enum")
    found = [variable.get("default"), *(enum if isinstance(enum, list) else ())]
    return list(dict.fromkeys(str(word) for word in found if isinstance(word, str | int | float))) or [
        f"{{{name}}}"
    ]


def prefixes(server: dict[str, Json]) -> Iterator[re.Pattern[str]]:
    """Yield a pattern for the paths below a server whose variables may hold any text; group 1 is the rest."""
    url, held = server.get("url"), server.get("variables")
    if not isinstance(url, str) or "{" not in (path := _path(url)):
        return
    free = {n for n in _HOLE.findall(path) if not isinstance(held, dict) or not _closed(held.get(n))}
    if free:
        parts = _HOLE.split(path.rstrip("/"))
        made = ("[^/]+" if n % 2 else re.escape(part) for n, part in enumerate(parts))
        yield re.compile("".join(made) + "(/.*)", re.DOTALL)


def _closed(variable: Json) -> bool:
    return isinstance(variable, dict) and isinstance(variable.get("enum"), list)


def _path(url: str) -> str:
    found = _PATH.match(url)
    return found[1] if found else ""


def base_path(url: str) -> str:
    """Give the path of an address without a slash at the end; an address that cannot be read has none."""
    parts = read_address(url)
    return "" if parts.fault else parts.path.rstrip("/")
