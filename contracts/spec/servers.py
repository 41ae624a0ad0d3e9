"""Server objects as addresses: their variables filled in, and the path prefixes that a request may have.

OpenAPI 3.1.1, Server Variable Object: `default` is REQUIRED and is sent when no other value is given; `enum`
limits the values; without it, any text may stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Final

from contracts.model import Json

_HOLE: Final = re.compile(r"\{([^{}]*)\}")
URL: Final = re.compile(r"(?:[^:/?#]+:)?(?://([^/?#]*))?([^?#]*)", re.DOTALL)
"""Host and path of an address (RFC 3986, appendix B); matches any text."""
NOWHERE: Final = (None, "", "")
ANY: Final = "[^/?#]+"
_PORT: Final = re.compile(r":(?:80|443|\{[^{}]*\})\Z")
"""A port that a request may leave out: a usual one, or a variable, whose words may hold one."""
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
    url = f"https:{url}" if url.startswith("//") else url
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


def expressions(server: Mapping[str, Json]) -> tuple[str, str]:
    """Give the host and the path of a server as regular expressions, "" where it has none."""
    url, variables = server.get("url"), _map(server.get("variables"))
    if not isinstance(url, str):
        return "", ""
    texts = {name: _texts(_map(value)) for name, value in variables.items()}
    for name, words in texts.items():
        if words and all(word.startswith("/") for word in words):  # "https://{host}{basePath}"
            url = url.replace(f"{{{name}}}", f"/{{{name}}}")
            texts[name] = [word[1:] for word in words]
    found = URL.match(url) or NOWHERE
    closed = {name for name, value in variables.items() if isinstance(_map(value).get("enum"), list)}
    host, path = (found[1] or "").rpartition("@")[2].lower(), (found[2] or "").rstrip("/")
    name, _, port = host.rpartition(":") if _PORT.search(host) else (host, "", "")
    usual = f"(?::{_expression(port, texts, closed)})?" if port else ""
    return _expression(name, texts, closed) + usual, _expression(path, texts, closed)


def _texts(variable: Mapping[str, Json]) -> list[str]:
    listed = variable.get("enum")
    words = [variable.get("default"), *(listed if isinstance(listed, list) else ())]
    return list(dict.fromkeys(str(word).rstrip("/") for word in words if isinstance(word, str | int)))


def _expression(template: str, texts: Mapping[str, list[str]], closed: set[str]) -> str:
    parts = _HOLE.split(template)
    holes = {name.lower(): name for name in texts} | {name: name for name in texts}
    for n in range(1, len(parts), 2):
        name = holes.get(parts[n], parts[n])
        words = [*map(re.escape, texts.get(name, ())), *([] if name in closed else [ANY])]
        parts[n] = f"(?:{'|'.join(words)})"
    return "".join(part if n % 2 else re.escape(part) for n, part in enumerate(parts))


def _map(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}
