"""The discriminator of a union: its word must be known, and the branch it names must be the one that fits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.model import Json, Pointer
from contracts.schema.wording import Message
from contracts.spec import fragment, look, pointed
from contracts.text import either, show

_SCHEMAS = "#/components/schemas/"
_COMPONENTS = ("components", "schemas")


def mapping(node: dict[str, Any]) -> dict[str, str]:
    """Give word → `$ref` of a discriminated union: the explicit mapping, else the names of its branches."""
    explicit = node["discriminator"].get("mapping") if isinstance(node.get("discriminator"), dict) else None
    refs = [
        b["$ref"]
        for key in ("oneOf", "anyOf")
        for b in node.get(key) or ()
        if isinstance(b, dict) and "$ref" in b
    ]
    implied = {ref.rpartition("/")[2]: ref for ref in refs}
    if not isinstance(explicit, dict):
        return implied
    named = {
        k: v if v.startswith("#") else f"{_SCHEMAS}{v}" for k, v in explicit.items() if isinstance(v, str)
    }
    return {word: ref for word, ref in implied.items() if ref not in named.values()} | named


def subtype(document: Json, value: Json, node: dict[str, Any]) -> str:
    """Give the `$ref` of the schema that a base schema's discriminator names for a value; "" for none.

    That is the inheritance of OpenAPI: the subtypes hold the base in an allOf, the base lists none of them. A
    word without a mapping is the name of a schema.
    """
    settings = node.get("discriminator")
    name = settings.get("propertyName") if isinstance(settings, dict) else None
    word = value.get(name) if isinstance(value, dict) and isinstance(name, str) else None
    if not isinstance(word, str) or "oneOf" in node or "anyOf" in node:
        return ""
    named = mapping(node).get(word, f"#{fragment(Pointer((*_COMPONENTS, word)))}")
    there = named.startswith("#/") and isinstance(look(document, pointed(named)), dict)
    return named if there else ""


def contradicts(value: Json, at: Pointer, node: dict[str, Any]) -> Iterator[tuple[Pointer, Message, str]]:
    """Yield (place, words, `$ref` of the named branch or "") for a discriminator to be looked at.

    An unknown word is a fault with an empty `$ref`; a known one names the branch to check against.
    """
    settings = node.get("discriminator")
    name = settings.get("propertyName") if isinstance(settings, dict) else None
    if not isinstance(value, dict) or not isinstance(name, str):
        return
    known = mapping(node)
    word = value.get(name)
    if not known or (name not in value):
        return
    if not isinstance(word, str) or word not in known:
        if not (isinstance(settings, dict) and settings.get("mapping")):
            return  # schema names are a default only; OpenAPI 3.1.1: it must not change the outcome
        yield at / name, Message(f"{show(word)} is not {either(known)}", either(known), show(word)), ""
    else:
        yield (
            at / name,
            Message(f"{show(word)} names a branch that the rest does not fit", "", show(word)),
            known[word],
        )
