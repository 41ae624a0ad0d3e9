"""Small mutants of real documents: a few operations with what they refer to, and one to three flaws in them."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.errors import ContractsError
from contracts.model import Pointer
from contracts.spec import look, read_document

WORDS: list[dict[str, Any]] = [
    {"nullable": True},
    {"required": True},
    {"exclusiveMinimum": True},
    {"type": None},
    {"type": "file"},
    {"type": ["string", "null"]},
    {"minLength": "3"},
    {"oneOf": []},
    {"$recursiveAnchor": True},
    {"$dynamicRef": "#meta"},
    {"description": None},
    {"discriminator": "kind"},
    {"items": []},
    {"items": [{"type": "string"}]},
    {"prefixItems": [{"type": "integer"}]},
    {"const": None},
    {"readOnly": True},
    {"unevaluatedProperties": False},
    {"dependencies": {"id": ["name"]}},
    {"definitions": {}},
    {"pattern": "(?<a>x)\\k<a>("},
    {"$ref": "#/nowhere"},
    {"$ref": "other.yaml#/a b"},
    {"examples": {"a": {"value": 1}}},
    {"openapi": 3.1},
    {"swagger": "2.0"},
    {"properties": None},
    {"additionalProperties": "false"},
    {"query": {"responses": {"200": {"description": "ok"}}}},
    {"itemSchema": {"type": "object"}},
]
"""Words of other versions, and words with values that no version knows."""
JUNK: list[Any] = [None, 0, -1.5, "", "x", [], {}, [None], True, {"$ref": 1}, "#/components/schemas/X"]
POINTERS = ["#/nowhere", "b.json#/x", "https://x.test/a", "#", "#/paths", "#anchor"]
METHODS = ("get", "post", "put", "delete", "patch")
MOST = 30_000
"""Bytes of JSON that a sample may have."""


def documents(folders: list[str]) -> Iterator[Path]:
    """Yield every OpenAPI or Swagger document below the folders."""
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in {".json", ".yaml", ".yml"} and path.is_file():
                head = path.read_bytes()
                if b"openapi" in head[:200_000] or b"swagger" in head[:200_000]:
                    yield path


def read(name: str, data: bytes) -> Any:
    """Read a document without its lines; None where it cannot be read."""
    try:
        return read_document(name, data, lines=False)
    except ContractsError:
        return None


def sampled(document: Any, dice: random.Random) -> Any:
    """Copy a few operations of a document, with everything that they refer to; None where none is small."""
    paths = document.get("paths") if isinstance(document, dict) else None
    if not isinstance(paths, dict) or not paths:
        return None
    for count in (3, 2, 1, 1, 1, 1):
        names = dice.sample(list(paths), min(count, len(paths)))
        made = _with_references(document, {name: _few(paths[name], dice) for name in names})
        if made is not None:
            return made
    return None


def _few(item: Any, dice: random.Random) -> Any:
    """Keep at most two methods of a path."""
    methods = [key for key in item if key in METHODS] if isinstance(item, dict) else []
    gone = set(methods) - set(dice.sample(methods, min(2, len(methods))))
    return {key: value for key, value in item.items() if key not in gone} if methods else item


def _with_references(document: dict[str, Any], paths: dict[str, Any]) -> Any:
    held = {"paths", "components", "definitions", "parameters", "responses", "webhooks", "tags"}
    made = {key: value for key, value in document.items() if key not in held} | {"paths": paths}
    made = copy.deepcopy(made)
    components = document.get("components")
    if isinstance(components, dict) and "securitySchemes" in components:
        made["components"] = {"securitySchemes": copy.deepcopy(components["securitySchemes"])}
    todo, size = sorted(_pointers(made)), len(json.dumps(made))
    for text in todo:
        at = Pointer.parse(text[1:])
        target = look(document, at)
        if not isinstance(target, dict) or look(made, at) is not None:
            continue
        node = made
        for token in at[:-1]:
            node = node.setdefault(str(token), {})
            if not isinstance(node, dict):
                return None
        node[str(at[-1])] = copy.deepcopy(target)
        size += len(json.dumps(target))
        if size > MOST:
            return None
        todo.extend(sorted(_pointers(target) - set(todo)))
    return made


def _pointers(value: Any) -> set[str]:
    """Give every text below a value that points into the document."""
    found, stack = set[str](), [value]
    while stack:
        one = stack.pop()
        if isinstance(one, str) and one.startswith("#/"):
            found.add(one)
        elif isinstance(one, dict | list):
            stack += one.values() if isinstance(one, dict) else one
    return found


def mutant(value: Any, dice: random.Random) -> Any:
    """Copy a document with one to three flaws."""
    made = copy.deepcopy(value)
    for _ in range(dice.randint(1, 3)):
        holder, key = _place(made, dice)
        kind = dice.randrange(4)
        if kind == 0:
            holder[key] = copy.deepcopy(dice.choice(JUNK))
        elif kind == 1 and isinstance(holder, dict):
            del holder[key]
        elif kind == 2 and isinstance(holder[key], str):
            holder[key] = dice.choice(POINTERS)
        elif isinstance(holder[key], dict):
            holder[key].update(copy.deepcopy(dice.choice(WORDS)))
        if not made:
            return copy.deepcopy(value)
    return made


def _place(value: Any, dice: random.Random) -> tuple[Any, Any]:
    """Choose a place, refs and shallow places more often than leaves of examples."""
    while True:
        node, depth = value, dice.randint(1, 14)
        while True:
            key = dice.choice(list(node)) if isinstance(node, dict) else dice.randrange(len(node))
            depth -= 1
            below = node[key]
            if depth <= 0 or not isinstance(below, dict | list) or not below:
                return node, key
            node = below


def bent(payload: Any, dice: random.Random) -> Any:
    """Copy a payload with one place of another kind, or without it."""
    if not isinstance(payload, dict | list) or not payload:
        return copy.deepcopy(dice.choice(JUNK))
    made = copy.deepcopy(payload)
    holder, key = _place(made, dice)
    if dice.random() < 0.3 and isinstance(holder, dict):
        del holder[key]
    else:
        holder[key] = copy.deepcopy(dice.choice(JUNK))
    return made
