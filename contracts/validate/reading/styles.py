"""How lists and objects are written into texts: path styles of OpenAPI, and names with brackets.

Sources: OpenAPI 3.1.1, "Style Values" and "Style Examples"; RFC 6570 for label and matrix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote

from contracts.model import Json, Pointer
from contracts.schema import property_places
from contracts.spec import Spec
from contracts.validate.reading import coerce

Parts = str | list[str] | dict[str, str]
_BRACKETS: Final = re.compile(r"\[([^\[\]]*)\]")
_MAX_BRACKETS: Final = 12


def path_parts(text: str, name: str, style: str, kinds: frozenset[str], *, explode: bool) -> Parts:
    """Take the text of a path parameter apart: a text, a list or an object of texts, percent-decoded."""
    lead = {"matrix": ";", "label": "."}.get(style, "")
    text = text.removeprefix(lead)
    joint = (lead or ",") if explode else ","
    if style == "matrix" and not (explode and "object" in kinds):
        given = (piece.partition("=") for piece in text.split(";"))
        text = joint.join(value if key == name else f"{key}{mark}{value}" for key, mark, value in given)
    if "object" in kinds:
        pieces = text.split(joint)
        pairs = (
            [piece.partition("=")[::2] for piece in pieces]
            if explode
            else zip(pieces[::2], pieces[1::2], strict=False)
        )
        return {unquote(key): unquote(value) for key, value in pairs}
    if "array" in kinds:
        return [unquote(piece) for piece in text.split(joint)] if text else []
    return unquote(text)


def bracketed(name: str) -> tuple[str, tuple[str, ...]]:
    """Split `filter[a][b]` into its name and the keys in brackets; a name of another form has no keys."""
    start, mark, rest = name.partition("[")
    keys = _BRACKETS.findall(mark + rest)
    whole = "".join(f"[{key}]" for key in keys) == mark + rest
    return (start, tuple(keys)) if start and whole and len(keys) <= _MAX_BRACKETS else (name, ())


def nested(spec: Spec, entries: Iterable[tuple[tuple[str, ...], str]], schema: Pointer | None) -> Json:
    """Read texts with their keys as one value by a schema: objects by name, lists by position or `[]`."""
    given = list(entries)
    types = coerce.types_of(spec, schema) if schema is not None else frozenset[str]()
    texts = [text for keys, text in given if not keys]
    if texts:
        if schema is not None and "array" in types:
            return coerce.items(spec, texts, schema)
        return coerce.one(spec, texts[0], schema) if len(texts) == 1 else list(texts)
    groups: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for number, ((first, *rest), text) in enumerate(given):
        groups.setdefault(first or f"[]{number}", []).append((tuple(rest), text))
    if all(key.startswith("[]") or key.isdecimal() for key in groups) and "object" not in types:
        item = coerce.item_place(spec, schema) if schema is not None else None
        return [nested(spec, group, item) for group in groups.values()]
    places = dict(coerce.in_place(spec, schema)) if schema is not None else {}
    return {key: nested(spec, group, next(_described(places, key), None)) for key, group in groups.items()}


def _described(places: dict[Pointer, dict[str, Json]], key: str) -> Iterator[Pointer]:
    return (place for at, node in places.items() for place in property_places(node, at, key))
