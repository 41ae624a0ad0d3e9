"""A provider's vendored document against a newer one of the vendor's, read by the same extractor.

Document is compared with document, before our overlay, so that what is reported is what the vendor changed.
Findings are scoped to the operations we hold a contract about; the rest is counted. Where a page rests on an
example or on prose, an error is at most a warning: what was inferred may have been inferred wrongly.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from contracts.drift.documents import Due, calendar_of
from contracts.drift.judge import drift, rests_on_a_guess
from contracts.drift.observed import beside, in_common, shifted
from contracts.drift.report import read_late
from contracts.drift.tolerance import TOLERANT, Tolerance
from contracts.errors import ConfigError, ContractsError, PageError
from contracts.model import Finding, Json, Pointer, Severity
from contracts.rules import is_guess
from contracts.spec import Document, Manifest, Upstream
from contracts.text import plural, safe_text
from contracts.vendoring import OBSERVED, OPENAPI, SCHEMA, Source, bundled_document, kind_of, read_source

MAX_DIFF: Final = 60
Parts = Mapping[str, bytes]
NONE: Final[Parts] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparison of one upstream document with a newer one gave.

    `unread` says in one sentence why the newer page is not understood; then nothing was compared and `diff`
    shows what changed in its text. `others` counts findings about operations that we hold no contract about.
    `documents` are the two that were compared.
    """

    upstream: Upstream
    findings: tuple[Finding, ...] = ()
    others: int = 0
    notices: tuple[str, ...] = ()
    unread: str = ""
    diff: tuple[str, ...] = ()
    due: tuple[Due, ...] = field(default=())
    documents: tuple[Json, Json] = ((), ())


def choose(manifest: Manifest, name: str, data: bytes) -> Upstream:
    """Tell which vendored document a file is the newer version of: by its path, else by what it is."""
    file = name.rpartition("/")[2]
    named = [one for one in manifest.upstream if one.file.rpartition("/")[2] == file]
    named.sort(key=lambda one: -len(one.name) if f"/{name}".endswith(f"/{one.name}") else 0)
    document = kind_of(data) == OPENAPI
    alike = [one for one in manifest.upstream if (one.platform == OPENAPI) == document]
    found = named or alike
    if not found:
        kept = ", ".join(one.file for one in manifest.upstream) or "nothing"
        raise ConfigError(
            f"{safe_text(file)}: not a newer version of what is vendored for {manifest.id} ({kept})"
        )
    return found[0]


def against(
    manifest: Manifest,
    upstream: Upstream,
    vendored: bytes,
    newer: bytes,
    name: str,
    *,
    base_name: str = "",
    tolerance: Tolerance = TOLERANT,
    today: str = "",
    verify: bool = False,
    parts: tuple[Parts, Parts] = (NONE, NONE),
) -> Compared:
    """Compare a vendored document with a newer one; `name` and `base_name` are what findings name.

    `parts` are the other files of the two, by their path relative to them.
    """
    if hashlib.sha256(vendored).digest() == hashlib.sha256(newer).digest() and parts[0] == parts[1]:
        one = _read(upstream, name, newer, parts[1])[0].value if kind_of(newer) == OPENAPI else ()
        notices = ("the document is the same, byte for byte",)
        return Compared(upstream, notices=notices, documents=(one, one))
    base = _read(upstream, base_name or upstream.file, vendored, parts[0])
    try:
        revision = _read(upstream, name, newer, parts[1])
    except ContractsError as error:
        return Compared(
            upstream, unread=str(error), diff=tuple(_text_diff(vendored, newer, upstream.file, name))
        )
    shifts: tuple[Finding, ...] = ()
    if upstream.platform == OBSERVED:
        shifts = tuple(shifted(vendored, newer))
        base = (replace(base[0], value=in_common(base[0].value, revision[0].value)), base[1])
    found = drift(base[0], revision[0], tolerance=tolerance, today=today, verify=verify, full=True)
    found = (*shifts, *beside(found, shifts))
    kept = tuple(_ours(found, manifest))
    shown = tuple(_named(one, manifest, upstream, base[0].value, revision[0].value) for one in kept)
    return Compared(
        upstream,
        shown,
        len(found) - len(kept),
        tuple(revision[1]),
        due=_due(revision[0].value, manifest),
        documents=(base[0].value, revision[0].value),
    )


def _read(upstream: Upstream, name: str, data: bytes, parts: Parts) -> tuple[Document, list[str]]:
    """Read a document by the platform that was vendored; all its operations, since one may have moved."""
    if upstream.platform == OPENAPI or (not upstream.platform and kind_of(data) == OPENAPI):
        whole = read_late(name, data)
        if isinstance(whole.value, dict):
            value = bundled_document(name.rpartition("/")[2], whole.value, parts)
            whole = replace(whole, value=value)
        return whole, []
    wanted = upstream.operations if upstream.platform == SCHEMA else ()
    wanted = wanted or ((upstream.operation,) if upstream.operation else ())
    found = read_source(Source(name.rpartition("/")[2], data, upstream.platform, wanted, parts))
    if not found.document.get("paths"):
        raise PageError(f"{safe_text(name)}: no operation is found on it any more")
    said: list[str] = []
    if found.unread:
        count, first = plural(len(found.unread), "line"), found.unread[0].line
        said.append(f"{count} of {safe_text(name)} not read, first line {first}")
    return Document(name, found.document, {}), said


def _text_diff(old: bytes, new: bytes, before: str, after: str) -> Iterator[str]:
    pages = [data.decode("utf-8", "replace").splitlines() for data in (old, new)]
    lines = list(difflib.unified_diff(pages[0][:20_000], pages[1][:20_000], before, after, n=1, lineterm=""))
    yield from (safe_text(line) for line in lines[:MAX_DIFF])
    if len(lines) > MAX_DIFF:
        yield f"… and {plural(len(lines) - MAX_DIFF, 'line')} more"


def _ours(found: Iterable[Finding], manifest: Manifest) -> Iterator[Finding]:
    """Keep what is about the operations of the contract, or about the whole API."""
    names = {f"{entry.method} {entry.path}" for entry in manifest.operations}
    for one in found:
        if not one.operation:
            yield one
            continue
        mine = [place for place in one.places if _operation(place) in names]
        if mine and one.operation in names:  # whose place the pointer is
            yield replace(one, places=tuple(mine), count=len(mine))
        elif mine:
            status = mine[0][len(_operation(mine[0])) :].strip()
            yield replace(
                one, operation=_operation(mine[0]), status=status, places=tuple(mine), count=len(mine)
            )
        elif one.rule in {"operation-moved", "webhook-moved"} and any(name in one.message for name in names):
            yield one


def _operation(place: str) -> str:
    """Give `GET /path` of `GET /path 200`."""
    return " ".join(place.split(" ")[:2])


def _named(one: Finding, manifest: Manifest, upstream: Upstream, base: Json, revision: Json) -> Finding:
    inferred = any(rests_on_a_guess(side, one.spec_pointer) for side in (revision, base))
    whole = is_guess(manifest.provenance)
    severity = Severity.WARNING if (inferred or whole) and one.severity is Severity.ERROR else one.severity
    provenance = "inferred" if inferred else manifest.provenance
    return replace(
        one, provider=manifest.id, severity=severity, provenance=provenance, since=upstream.retrieved
    )


def _due(document: Json, manifest: Manifest) -> tuple[Due, ...]:
    paths = {entry.path for entry in manifest.operations}
    listed = calendar_of(document)
    return tuple(
        d for d in listed if not d.pointer.startswith("/paths/") or Pointer.parse(d.pointer)[1] in paths
    )
