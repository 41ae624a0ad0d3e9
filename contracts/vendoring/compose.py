"""From upstream documents to one spec: the first is the page and wins; the differences are told."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from contracts.errors import ConfigError, SpecError
from contracts.model import Json
from contracts.spec import METHODS, as_utf8, webhook_path
from contracts.text import show
from contracts.vendoring.documents import OPENAPI, SCHEMA, cut, kind_of, read_openapi, read_schema
from contracts.vendoring.foreign import foreign
from contracts.vendoring.observed import OBSERVED, is_summary, read_summary, same_holes
from contracts.vendoring.pages import Extraction
from contracts.vendoring.platforms import extract
from contracts.vendoring.selection import select

_SILENT: Final = {
    "description",
    "summary",
    "title",
    "example",
    "examples",
    "tags",
    "operationId",
    "x-provenance",
    "x-known-values",
}
MAX_DIFFERENCES: Final = 200


@dataclass(frozen=True, slots=True)
class Source:
    """One upstream document: its name, bytes, platform or "" to detect, and the operations to take from it.

    `files` are the other files that it is made of, by their path relative to it.

    `operations` are written "GET /path" or by operationId, `*` for anything; none means all. A bare JSON
    Schema needs exactly one, written "GET /path".
    """

    name: str
    data: bytes
    platform: str = ""
    operations: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def stored(self) -> dict[str, bytes]:
        """Give the document and its other files by where they are kept, below `upstream/`."""
        home = posixpath.dirname(self.name)
        return {
            **{posixpath.join(home, other): data for other, data in self.files.items()},
            self.name: self.data,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """A place of an operation where a later document says something else than the first."""

    operation: str
    place: str
    first: str
    later: str
    name: str


@dataclass(frozen=True, slots=True)
class Composed:
    """The spec made of all sources, what each of them was read as, and where they differ."""

    document: Json
    extractions: tuple[Extraction, ...]
    differences: tuple[Difference, ...] = field(default=())


def read_source(source: Source) -> Extraction:
    """Read one source, whatever it is: a page, an OpenAPI document, a JSON Schema or a summary of traffic."""
    if source.platform == OBSERVED or (not source.platform and is_summary(source.data)):
        return read_summary(source.name, source.data)
    source = replace(source, data=as_utf8(source.data))
    if not source.platform and (what := foreign(source.data)):
        raise SpecError(f"{source.name} {what}")
    kind = (
        source.platform
        if source.platform in {OPENAPI, SCHEMA}
        else ""
        if source.platform
        else kind_of(source.data)
    )
    if kind == SCHEMA and len(source.operations) > 1:
        raise ConfigError(f"{source.name} is a JSON Schema: one --operation answers with it, not several")
    if kind == SCHEMA:
        return read_schema(source.name, source.data, next(iter(source.operations), ""), source.files)
    if kind == OPENAPI:
        return _selected(source, read_openapi(source.name, source.data, source.files))
    return _selected(source, extract(source.data, source.name, source.platform or None))


def _selected(source: Source, read: Extraction) -> Extraction:
    """Keep the operations that the source names, all when it names none."""
    if not source.operations:
        return read
    chosen = select(read.document, source.operations, source.name)
    return replace(read, document=cut(read.document, chosen, source.name))


def compose_sources(sources: Sequence[Source]) -> Composed:
    """Make one spec of the sources; PageError and SpecError name file and line of what cannot be read."""
    read = tuple(map(read_source, sources))
    document = read[0].document
    differences: list[Difference] = []
    for source, later in zip(sources[1:], read[1:], strict=True):
        differences += _differences(document, later.document, source.name)
        added = list(_only(later.document, document))
        document = _joined(document, cut(later.document, added, source.name)) if added else document
    return Composed(document, read, tuple(differences[:MAX_DIFFERENCES]))


def _only(later: dict[str, Json], first: dict[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield the operations that the first document has not, whatever it calls the holes in their paths."""
    known = {(*same_holes(path), method) for path, item in first["paths"].items() for method in item}
    for path, item in later["paths"].items():
        for method in METHODS:
            if method.lower() in item and (*same_holes(path), method.lower()) not in known:
                yield method, path
    hooks = first.get("webhooks") or {}
    for name, item in (later.get("webhooks") or {}).items():
        for method in METHODS:
            if method.lower() in item and method.lower() not in hooks.get(name, {}):
                yield method, webhook_path(name)


def _joined(first: dict[str, Json], later: dict[str, Json]) -> dict[str, Json]:
    """Add the operations that only the later document has, and the components they need."""
    later = _apart(first, later)
    paths = {path: dict(item) for path, item in first["paths"].items()}
    for path, item in later["paths"].items():
        own = paths.setdefault(path, {})
        for key, value in item.items():
            own.setdefault(key, _secured(value, later, first))
    result = {**first, "paths": paths}
    if later.get("webhooks"):
        hooks = {name: dict(item) for name, item in (first.get("webhooks") or {}).items()}
        for name, item in later["webhooks"].items():
            hooks[name] = {**item, **hooks.get(name, {})}
        result["webhooks"] = hooks
    kinds = dict.fromkeys([*(first.get("components") or {}), *(later.get("components") or {})])
    components = {
        k: {
            **((later.get("components") or {}).get(k) or {}),
            **((first.get("components") or {}).get(k) or {}),
        }
        for k in kinds
    }
    components = {k: _in_order(first, later, k, v) for k, v in components.items()}
    if "servers" not in result and later.get("servers"):
        result["servers"] = later["servers"]
    return result | ({"components": components} if components else {})


def _in_order(
    first: dict[str, Json], later: dict[str, Json], kind: str, merged: dict[str, Json]
) -> dict[str, Json]:
    names = dict.fromkeys(
        [
            *((first.get("components") or {}).get(kind) or {}),
            *((later.get("components") or {}).get(kind) or {}),
        ]
    )
    return {name: merged[name] for name in names}


def _secured(operation: Json, later: dict[str, Json], first: dict[str, Json]) -> Json:
    """Write down at an operation the credentials that its own document asked for globally."""
    if not isinstance(operation, dict) or "responses" not in operation or "security" in operation:
        return operation
    if later.get("security") == first.get("security") or "security" not in later:
        return operation
    return {**operation, "security": later["security"]}


def _apart(first: dict[str, Json], later: dict[str, Json]) -> dict[str, Json]:
    """Rename components of the later document that the first has too, with other words."""
    ours = first.get("components") or {}
    renamed: dict[str, str] = {}
    for kind, parts in (later.get("components") or {}).items():
        for name, value in parts.items():
            if name in (ours.get(kind) or {}) and ours[kind][name] != value and kind != "securitySchemes":
                renamed[f"#/components/{kind}/{name}"] = _free(name, {*ours[kind], *parts})
    return _renamed(later, renamed, ()) if renamed else later


def _free(name: str, taken: set[str]) -> str:
    return next(f"{name}_{n}" for n in range(2, 1000) if f"{name}_{n}" not in taken)


def _renamed(value: Json, renamed: dict[str, str], at: tuple[str, ...]) -> Json:
    if isinstance(value, list):
        return [_renamed(v, renamed, ()) for v in value]
    if not isinstance(value, dict):
        if isinstance(value, str) and value in renamed:
            return f"{value.rpartition('/')[0]}/{renamed[value]}"
        return value
    result = {}
    for key, child in value.items():
        name = (
            renamed.get(f"#/components/{at[1]}/{key}", key) if len(at) == 2 and at[0] == "components" else key
        )
        result[name] = _renamed(child, renamed, (*at, key)[:3])
    return result


def _differences(first: dict[str, Json], later: dict[str, Json], name: str) -> Iterator[Difference]:
    """Compare the operations that both have, `$ref`s followed, prose and examples apart."""
    for path, item in first["paths"].items():
        other = later["paths"].get(path)
        for method, operation in item.items():
            if (
                isinstance(other, dict)
                and isinstance(operation, dict)
                and isinstance(other.get(method), dict)
            ):
                title = f"{method.upper()} {path}"
                for place, ours, theirs in compare(flat(operation, first), flat(other[method], later)):
                    yield Difference(title, place, ours, theirs, name)


def compare(ours: Json, theirs: Json, at: str = "", depth: int = 0) -> Iterator[tuple[str, str, str]]:
    """Yield (place, our word, their word) wherever two flattened values differ."""
    if depth > 60 or ours == theirs:
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in dict.fromkeys([*ours, *theirs]):
            if key not in ours or key not in theirs:
                yield (
                    f"{at}/{key}",
                    _word(ours.get(key, "")) if key in ours else "–",
                    _word(theirs[key]) if key in theirs else "–",
                )
            else:
                yield from compare(ours[key], theirs[key], f"{at}/{key}", depth + 1)
    else:
        yield at, _word(ours), _word(theirs)


def _word(value: Json) -> str:
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return f"[{', '.join(value)}]"[:120]
    return show(value, 80) if not isinstance(value, dict) else f"{{{', '.join(map(str, value))}}}"[:120]


def flat(value: Json, document: dict[str, Json], depth: int = 0) -> Json:
    """Write an operation's facts without prose: `$ref`s followed, parameters by place and name."""
    if depth > 40:
        return {}
    if isinstance(value, list):
        return [flat(v, document, depth + 1) for v in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return flat(_target(document, value["$ref"]), document, depth + 1)
    result = {
        k: flat(v, document, depth + 1)
        for k, v in value.items()
        if k not in _SILENT or (depth and _named(value))
    }
    if isinstance(result.get("parameters"), list):
        result["parameters"] = {
            f"{p.get('in')} {p.get('name')}": p for p in result["parameters"] if isinstance(p, dict)
        }
    if isinstance(result.get("required"), list):
        result["required"] = sorted(map(str, result["required"]))
    return _simple(result)


def _named(value: dict[str, Json]) -> bool:
    """Whether the keys are names of the vendor's, as in `properties`: none is a schema's own word then."""
    return all(isinstance(v, dict) for v in value.values()) and not {
        "type",
        "schema",
        "content",
        "$ref",
    } & set(value)


def _simple(schema: dict[str, Json]) -> dict[str, Json]:
    """Write `anyOf: [X, null]` as X with null, and a list of types sorted."""
    branches = schema.get("anyOf")
    if isinstance(branches, list) and {"type": "null"} in branches:
        rest = [b for b in branches if b != {"type": "null"}]
        if len(rest) == 1 and isinstance(rest[0], dict) and "type" in rest[0]:
            merged = {**{k: v for k, v in schema.items() if k != "anyOf"}, **rest[0]}
            kinds = rest[0]["type"] if isinstance(rest[0]["type"], list) else [rest[0]["type"]]
            return {**merged, "type": sorted({*kinds, "null"})}
    if isinstance(schema.get("type"), list):
        return {**schema, "type": sorted(schema["type"])}
    return schema


def _target(document: Json, ref: str) -> Json:
    node = document
    for token in re.sub(r"^#/?", "", ref).split("/"):
        node = node.get(token.replace("~1", "/").replace("~0", "~"), {}) if isinstance(node, dict) else {}
    return node
