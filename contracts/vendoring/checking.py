"""The check that a provider's folder is exactly what its upstream documents make, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from contracts.errors import ConfigError, ContractsError
from contracts.model import Finding, Severity, SourceLine
from contracts.rules import severity_of
from contracts.spec import MANIFEST, Manifest, Upstream, item_place, read_manifest, resolve
from contracts.text import safe_text
from contracts.vendoring.bundling import part_files
from contracts.vendoring.compose import Composed, Source, compose_sources
from contracts.vendoring.manifest import SPEC
from contracts.vendoring.yaml import dump


def vendor_check(folder: Path, shown: str = "") -> Iterator[Finding]:
    """Yield what is not as vendoring makes it: missing or edited upstream, any other byte in the spec.

    Where two upstream documents speak of one operation and differ, a note says what the page won over.
    """
    name = shown or f"specs/{folder.name}"
    try:
        manifest = read_manifest(folder / MANIFEST, f"{name}/{MANIFEST}")
        sources = list(upstream_files(folder, manifest))
    except ContractsError as error:
        yield _finding(folder.name, "vendor-unreadable", str(error), f"{name}/{MANIFEST}")
        return
    yield from _digests(folder.name, name, sources)
    yield from _part_digests(folder, name, manifest)
    if any(data is None for _, data in sources) or not sources:
        return
    yield from _made(folder, name, manifest, [(u, d) for u, d in sources if d is not None])


def _part_digests(folder: Path, name: str, manifest: Manifest) -> Iterator[Finding]:
    for upstream in manifest.upstream:
        held = part_files(folder, upstream)
        for other, sha in upstream.parts.items():
            file = f"{name}/{Path(upstream.file).parent.as_posix()}/{other}"
            digest = hashlib.sha256(held[other]).hexdigest() if other in held else ""
            if not digest:
                yield _finding(folder.name, "vendor-missing", f"{file} is missing", file)
            elif digest != sha:
                text = f"{file} is not the document that was vendored: its sha256 is {digest}"
                yield _finding(folder.name, "vendor-digest", text, file, sha, digest)


def upstream_files(folder: Path, manifest: Manifest) -> Iterator[tuple[Upstream, bytes | None]]:
    """Yield the upstream documents of a folder, None for a missing one; ConfigError for one outside of it."""
    for upstream in manifest.upstream:
        path = folder / upstream.file
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ConfigError(f"{folder.name}: upstream {safe_text(upstream.file)} leads out of the folder")
        yield upstream, path.read_bytes() if path.is_file() else None


def _digests(provider: str, name: str, sources: list[tuple[Upstream, bytes | None]]) -> Iterator[Finding]:
    if not sources:
        yield _finding(
            provider, "vendor-missing", f"{name}/{MANIFEST} names no upstream document", f"{name}/{MANIFEST}"
        )
    for upstream, data in sources:
        file = f"{name}/{upstream.file}"
        if data is None:
            yield _finding(provider, "vendor-missing", f"{file} is missing", file)
        elif (digest := hashlib.sha256(data).hexdigest()) != upstream.sha256:
            text = f"{file} is not the document that was vendored: its sha256 is {digest}"
            yield _finding(provider, "vendor-digest", text, file, upstream.sha256, digest)


def _made(
    folder: Path, name: str, manifest: Manifest, sources: list[tuple[Upstream, bytes]]
) -> Iterator[Finding]:
    try:
        composed = compose_folder(sources, folder)
    except ContractsError as error:
        yield _finding(folder.name, "vendor-unreadable", str(error), f"{name}/{MANIFEST}")
        return
    yield from _bytes(folder, name, dump(composed.document))
    for entry in manifest.operations:
        item, _ = resolve(composed.document, item_place(composed.document, entry.path), name)
        if entry.method.lower() not in (item or {}):
            text = f"{entry.method} {entry.path} ({entry.alias}) is in none of the upstream documents"
            yield _finding(folder.name, "vendor-operation", text, f"{name}/{MANIFEST}")
    for one in composed.differences:
        says = f"the page says {one.first}, {one.name} says {one.later}; the page wins"
        text = f"{one.operation}: {one.place}: {says}"
        yield _finding(
            folder.name,
            "vendor-differs",
            safe_text(text, 400),
            f"{name}/{SPEC}",
            one.first,
            one.later,
            Severity.NOTE,
        )


def compose_folder(
    sources: list[tuple[Upstream, bytes]],
    folder: Path | None = None,
    parts: Mapping[str, Mapping[str, bytes]] = MappingProxyType({}),
) -> Composed:
    """Make the spec of a folder from its upstream documents, in the manifest's order.

    Documents in several files find the others in `parts`, by the document's file, else in the folder.
    """
    found = []
    for upstream, data in sources:
        wanted = upstream.operations or ((upstream.operation,) if upstream.operation else ())
        files = parts.get(upstream.file) or (
            part_files(folder, upstream) if folder and upstream.parts else {}
        )
        found.append(Source(upstream.name, data, upstream.platform, wanted, files))
    return compose_sources(found)


def _bytes(folder: Path, name: str, wanted: bytes) -> Iterator[Finding]:
    """Compare openapi.yaml byte for byte with what its upstream makes."""
    path = folder / SPEC
    if not path.is_file():
        yield _finding(folder.name, "vendor-missing", f"{name}/{SPEC} is missing", f"{name}/{SPEC}")
        return
    found = path.read_bytes()
    if found == wanted:
        return
    line = first_difference(found, wanted)
    ours, theirs = (_line(data, line) for data in (wanted, found))
    text = (
        f"{name}/{SPEC}:{line} is not what the upstream document makes: expected '{ours}', found '{theirs}'"
    )
    yield _finding(folder.name, "vendor-differs", text, f"{name}/{SPEC}", ours, theirs, line=line)


def first_difference(found: bytes, wanted: bytes) -> int:
    """Give the first line (1-based) on which two texts differ."""
    pairs = zip(found.split(b"\n"), wanted.split(b"\n"), strict=False)
    shorter = min(found.count(b"\n"), wanted.count(b"\n")) + 1
    return next((n for n, (a, b) in enumerate(pairs, 1) if a != b), shorter + 1)


def _line(data: bytes, line: int) -> str:
    parts = data.split(b"\n")
    return (
        safe_text(parts[line - 1].decode("utf-8", "replace"), 100)
        if line <= len(parts)
        else "the end of the file"
    )


def _finding(
    provider: str,
    rule: str,
    message: str,
    file: str,
    expected: str = "",
    found: str = "",
    severity: Severity | None = None,
    *,
    line: int = 0,
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity or severity_of(rule),
        message=safe_text(message, 400),
        provider=provider,
        part="spec",
        spec_line=SourceLine(file, line),
        expected=safe_text(expected),
        found=safe_text(found),
    )
