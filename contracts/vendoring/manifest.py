"""The provider.toml that a folder starts with, and what is added to one: documents, operations, digests.

What somebody wrote in it by hand keeps its bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import urljoin

from contracts.auth import Carrier, Named, demanded
from contracts.errors import ConfigError, SpecError
from contracts.model import Json, Pointer
from contracts.spec import (
    MANIFEST,
    OperationEntry,
    Upstream,
    addresses,
    default_entries,
    key_variable,
    resolve,
    stated,
    unnamed,
)
from contracts.text import safe_text, show
from contracts.vendoring.compose import Source
from contracts.vendoring.documents import OPENAPI
from contracts.vendoring.observed import OBSERVED
from contracts.vendoring.platforms import PROVENANCES

SPEC: Final = "openapi.yaml"
_PROVENANCE: Final = {**PROVENANCES, OBSERVED: "observed"}
_PLAIN: Final = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?(?:/[^{}?#\s]*)?\Z")


@dataclass(frozen=True, slots=True)
class Taken:
    """A source: what it was read as, the day on which it was taken in (ISO), its address; or ""."""

    source: Source
    platform: str
    day: str = ""
    url: str = ""

    def table(self) -> list[str]:
        """Write its `[[upstream]]` table."""
        source = self.source
        lines = ["", "[[upstream]]", f"file = {_text(f'upstream/{source.name}')}"]
        lines += [f"url = {_text(self.url)}"] if self.url else []
        lines += [f"retrieved = {self.day}"] if self.day else []
        lines += [f'sha256 = "{hashlib.sha256(source.data).hexdigest()}"', f'platform = "{self.platform}"']
        named = ", ".join(map(_text, source.operations))
        lines += [f"operations = [{named}]"] if source.operations else []
        return lines + ([_parts(source.files)] if source.files else [])


def first_manifest(
    name: str, taken: Iterable[Taken], document: Json, aliases: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """Write the provider.toml of a new folder; gives the aliases of its operations too.

    `document` is the spec without what of it cannot be used.
    """
    taken = list(taken)
    said = [url for server in stated(document) for url in addresses(server)] or [""]
    base = next((one.url for one in taken if one.url and one.platform == OPENAPI), "")
    found = dict.fromkeys(urljoin(base, url or "/").rstrip("/") for url in said)
    plain = [url for url in found if _PLAIN.match(url)]
    servers = [url for url in plain if url.startswith("https:") or not _also(url, plain)]
    lines = [
        f"title = {_text(document['info'].get('title') or name)}",
        f'provenance = "{_PROVENANCE.get(taken[0].platform, "published")}"',
        f"servers = [{', '.join(map(_text, servers))}]",
    ]
    usual, _ = _auth(document, key_variable(name))
    lines += ["", "[auth]", *usual[0]] if len(usual) < 2 and usual else []
    lines += [line for one in usual if len(usual) > 1 for line in ("", "[[auth]]", *one)]
    lines += [line for one in taken for line in one.table()]
    more, names = operation_tables(name, document, (), aliases)
    return "\n".join([*lines, *more]) + "\n", names


def _also(url: str, urls: list[str]) -> bool:
    """Whether an address without encryption is there with it too: no key is to travel in the open."""
    return url.replace("http://", "https://", 1) in urls


def operation_tables(
    name: str, document: Json, known: Iterable[OperationEntry], aliases: Mapping[str, str]
) -> tuple[list[str], tuple[str, ...]]:
    """Write the tables of the operations of a document that are not `known`; gives their aliases too."""
    known = list(known)
    held, there = {one.alias for one in known}, {(one.method, one.path) for one in known}
    entries = [one for one in default_entries(document) if (one.method, one.path) not in there]
    chosen = _chosen(entries, aliases, known)
    prefix = re.sub(r"[^A-Z0-9]", "_", name.upper())
    _, differing = _auth(document, key_variable(name))
    lines: list[str] = []
    names: list[str] = []
    held.update(chosen.values())
    for entry in entries:
        alias = entry.alias
        while alias in held:
            alias += "2"
        alias = chosen.get(entry.alias, alias)
        held.add(alias)
        names.append(alias)
        lines += ["", f"[operations.{alias}]", f'method = "{entry.method}"', f"path = {_text(entry.path)}"]
        if (entry.path, entry.method.lower()) in differing:
            lines.append(differing[entry.path, entry.method.lower()])
        holes = re.findall(r"\{([^{}]+)\}", entry.path)
        live = ", ".join(f"{_key(h)} = {_text(f'{prefix}_{_variable(h)}')}" for h in dict.fromkeys(holes))
        lines += [f"live = {{ {live} }}"] if live and entry.method == "GET" else []
    return lines, tuple(names)


MOST: Final = 6
"""So many operations are named when an alias could mean several."""


def _chosen(
    entries: list[OperationEntry], aliases: Mapping[str, str], known: list[OperationEntry]
) -> dict[str, str]:
    """Give the alias that the user chose, by the one an operation would have.

    `aliases` maps it to "GET /path" or an alias; "" means the one operation that retrieves by id. `known` are
    the operations that have one.
    """
    found: dict[str, str] = {}
    titles = {one.alias: _title(one) for one in known}
    for alias, words in aliases.items():
        _usable(alias, titles)
        for one in known:
            if words and _is(one, words):
                raise ConfigError(
                    f"--alias {alias}: {_title(one)} is there already, as {one.alias};"
                    " leave the files out to call it otherwise"
                )
        hit = _meant(entries, alias, words)
        if (first := found.setdefault(hit.alias, alias)) != alias:
            raise ConfigError(f"--alias {alias}: {_title(hit)} is called {first} already; it has one alias")
    return found


def _usable(alias: str, titles: Mapping[str, str]) -> None:
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,47}", alias) is None:
        raise ConfigError(f"--alias {show(alias)}: use letters, digits, '-' and '_', a letter first")
    if alias in titles:
        raise ConfigError(f"--alias {alias}: {titles[alias]} is called so already")


def called_otherwise(
    text: str, known: Iterable[OperationEntry], aliases: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """Give other aliases to operations that a manifest has; gives its text and the new aliases by the old.

    `aliases` is as for `operation_tables`. All else in the text keeps its bytes.
    """
    known = list(known)
    made: dict[str, str] = {}
    for alias, words in aliases.items():
        _usable(alias, {one.alias: _title(one) for one in known})
        hit = _meant(known, alias, words)
        if hit.alias in made:
            raise ConfigError(f"--alias {alias}: {_title(hit)} gets another already; it has one alias")
        made[hit.alias] = alias
        key = rf"(?m)^(\s*\[\s*operations\s*\.\s*)([\"']?){re.escape(hit.alias)}\2(?=\s*[\].])"
        text, count = re.subn(key, rf"\g<1>{alias}", text)
        if not count:
            raise ConfigError(f"--alias {alias}: {MANIFEST} has no table [operations.{hit.alias}]")
    return text, made


def _meant(entries: list[OperationEntry], alias: str, words: str) -> OperationEntry:
    """Give the one new operation that an alias is for; ConfigError lists those that it could be."""
    hits = [one for one in entries if (_by_id(one) if not words else _is(one, words))]
    if len(hits) == 1:
        return hits[0]
    what = show(words) if words else "operation that retrieves one thing by its id"
    listed = ", ".join(f"{one.alias} ({_title(one)})" for one in (hits or entries)[:MOST])
    more = len(hits or entries) - MOST
    listed += f" and {more} more" if more > 0 else ""
    raise ConfigError(
        f"--alias {alias}: {'no' if not hits else 'more than one'} {what};"
        f" write {alias}=NAME with one of {safe_text(listed, 600)}"
    )


def _title(one: OperationEntry) -> str:
    return safe_text(f"{one.method} {one.path}", 200)


def _by_id(one: OperationEntry) -> bool:
    return one.method == "GET" and one.path.rstrip("/").endswith("}")


def _is(one: OperationEntry, words: str) -> bool:
    return words == one.alias or unnamed(words) == unnamed(f"{one.method} {one.path}")


def taken_again(
    text: str,
    upstream: Upstream,
    digest: str,
    today: str,
    operations: tuple[str, ...] = (),
    parts: Mapping[str, bytes] = MappingProxyType({}),
) -> str:
    """Rewrite digest, date, operations and parts of one `[[upstream]]` table; all else keeps its bytes."""
    blocks = re.split(r"(?m)^(?=\[)", text)
    for index, block in enumerate(blocks):
        if block.startswith("[[upstream]]") and re.search(
            rf'(?m)^file\s*=\s*"{re.escape(upstream.file)}"', block
        ):
            hashed = re.sub(r"(?m)^sha256\s*=.*$", f'sha256 = "{digest}"', block)
            hashed = _with_operations(hashed, operations)
            hashed = _with_parts(hashed, parts)
            dated = re.sub(r"(?m)^retrieved\s*=.*$", f"retrieved = {today}", hashed)
            blocks[index] = (
                dated if "retrieved" in dated else dated.replace("sha256", f"retrieved = {today}\nsha256", 1)
            )
            return "".join(blocks)
    raise ConfigError(f"provider.toml: no [[upstream]] table for {safe_text(upstream.file)}")


def _with_operations(block: str, operations: tuple[str, ...]) -> str:
    """Rewrite the operations that are taken from a document, where it names some."""
    listed = f"operations = [{', '.join(map(_text, operations))}]"
    return re.sub(r"(?m)^operations\s*=.*$", lambda _: listed, block) if operations else block


def _with_parts(block: str, parts: Mapping[str, bytes]) -> str:
    """Rewrite the digests of a document's other files, where there are some."""
    if not parts:
        return re.sub(r"(?m)^parts\s*=.*\n", "", block)
    if re.search(r"(?m)^parts\s*=", block):
        return re.sub(r"(?m)^parts\s*=.*$", lambda _: _parts(parts), block)
    return re.sub(r"(?m)^(sha256\s*=.*)$", lambda found: f"{found[1]}\n{_parts(parts)}", block)


def _parts(files: Mapping[str, bytes]) -> str:
    digests = {other: hashlib.sha256(held).hexdigest() for other, held in files.items()}
    return f"parts = {{ {', '.join(f'{_text(other)} = {_text(sha)}' for other, sha in digests.items())} }}"


def _variable(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper())


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _schemes(document: Json) -> Iterator[tuple[str, Json]]:
    """Yield the security schemes by name, without those whose reference leads nowhere."""
    components = document.get("components")
    held = components.get("securitySchemes") if isinstance(components, dict) else None
    for name in held if isinstance(held, dict) else ():
        with suppress(SpecError):
            yield name, resolve(document, Pointer(("components", "securitySchemes", name)), SPEC)[0]


def _auth(document: Json, variable: str) -> tuple[list[list[str]], dict[tuple[str, str], str]]:
    """Write how the document's keys travel, a table each, and `auth = [...]` of operations that differ."""
    usual, differing = demanded(document, dict(_schemes(document)))
    held_by = {carrier: variable for _, carrier in usual[:1]}

    def table(one: tuple[str, Carrier]) -> list[str]:
        scheme, carrier = one
        named = f"{variable.removesuffix('_API_KEY')}_{_variable(scheme)}"
        env = held_by.setdefault(carrier, f"{named}_2" if named in held_by.values() else named)
        lines = [f"{carrier.place} = {_text(carrier.name)}"] if carrier.name else []
        lines += [f"scheme = {_text(carrier.word)}", f"env = {_text(env)}"]
        said = carrier.scheme.refused
        return [f"# {said}", *lines] if said else lines

    def inline(named: Named) -> str:
        tables = ("{ " + ", ".join(line for line in table(one) if line[0] != "#") + " }" for one in named)
        return f"auth = [{', '.join(tables)}]"

    return [table(one) for one in usual], {place: inline(named) for place, named in differing.items()}


def _text(value: str) -> str:
    """Write a TOML basic string."""
    special = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return (
        '"'
        + "".join(special.get(c) or (c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}") for c in value)
        + '"'
    )
