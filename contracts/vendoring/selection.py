"""Which operations of a document are wanted: by method and path or by operationId, globs allowed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from contracts.errors import ConfigError
from contracts.model import Json
from contracts.spec import METHODS, look, names_operation, received
from contracts.text import show


def select(document: Json, wanted: Iterable[str], name: str) -> list[tuple[str, str]]:
    """Give (method, path) of every operation that a word of `wanted` names, in the document's order.

    Webhooks are among them; callbacks belong to the operation that announces them.

    A word is "GET /v1/batches/{id}", "POST webhook:done" or an operationId; `*` and `?` stand for anything,
    and what a parameter of the path is called does not matter.
    ConfigError names the word that matches nothing, and the operation nearest to it.
    """
    known = list(_known(document))
    found: list[tuple[str, str]] = []
    for word in wanted:
        hits = [(m, p) for m, p, i in known if names_operation(word.strip(), m, p, i)]
        if not hits:
            raise ConfigError(f"{name}: no operation {show(word)} is in it{_near(word, known)}")
        found += hits
    return [(m, p) for m, p, _ in known if (m, p) in found]


def _known(document: Json) -> Iterable[tuple[str, str, str]]:
    hooks = ((path, look(document, at)) for path, at in received(document) if at[0] == "webhooks")
    for path, item in (*document["paths"].items(), *hooks):
        for method in METHODS:
            one = item.get(method.lower()) if isinstance(item, dict) else None
            if isinstance(one, dict):
                yield method, path, str(one.get("operationId", ""))


def _near(word: str, known: Iterable[tuple[str, str, str]]) -> str:
    known = list(known)
    filled = [f"{m} {p}" for m, p, _ in known if _fills(word, f"{m} {p}")]
    names = [n for m, p, i in known for n in (f"{m} {p}", i) if n]
    near = filled or difflib.get_close_matches(word, names, n=1, cutoff=0.4)
    return f"; nearest is {show(near[0])}" if near else ""


def _fills(word: str, title: str) -> bool:
    """Whether a word is an operation with values in its path, as in a request."""
    parts = re.split(r"\{[^{}]*\}", title)
    return (
        len(parts) > 1
        and re.fullmatch("[^/]+".join(map(re.escape, parts)), word.strip(), re.IGNORECASE) is not None
    )
