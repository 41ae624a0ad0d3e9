"""Provider folders: made from a vendor's page or document, and checked to be exactly what that makes."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from contracts.auth import Carrier, Named, demanded
from contracts.errors import ConfigError, ContractsError, SpecError
from contracts.model import Finding, Json, Pointer, Severity, SourceLine
from contracts.rules import severity_of
from contracts.spec import (
    MANIFEST,
    MAX_DOCUMENT,
    Manifest,
    Upstream,
    addresses,
    check_id,
    default_entries,
    key_variable,
    load_document,
    read_document,
    read_manifest,
    resolve,
    stated,
)
from contracts.text import safe_text
from contracts.vendoring.bundling import Files, collect, part_files
from contracts.vendoring.compose import Composed, Source, compose_sources
from contracts.vendoring.documents import OPENAPI, kind_of
from contracts.vendoring.pages import Extraction
from contracts.vendoring.platforms import PROVENANCES
from contracts.vendoring.selection import select
from contracts.vendoring.yaml import dump

SPEC: Final = "openapi.yaml"
_ATTRIBUTES: Final = b"""\
# These documents are compared byte for byte: git must not convert their line ends.
upstream/** -text
openapi.yaml -text
"""
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


@dataclass(frozen=True, slots=True)
class Added:
    """A folder that was made: where, what the document was read as, and the aliases of its operations."""

    folder: Path
    extraction: Extraction
    operations: tuple[str, ...]


def page_to_yaml(
    data: bytes, name: str, platform: str | None = None, operations: tuple[str, ...] = ()
) -> tuple[bytes, Extraction]:
    """Turn any page or document into OpenAPI 3.1 as YAML; PageError and SpecError name the line."""
    source = Source(name, data, platform or "", operations)
    composed = compose_sources([source])
    return dump(composed.document), composed.extractions[0]


def vendor_add(
    name: str,
    file: Path,
    specs: Path,
    *,
    platform: str | None = None,
    operations: tuple[str, ...] = (),
    today: dt.date | None = None,
) -> Added:
    """Make `specs/<name>/` from a page or document: the file itself, openapi.yaml, provider.toml.

    The folder appears whole or not at all. ConfigError when the name cannot be one or is taken.
    """
    target = specs / check_id(name)
    if target.exists() or target.is_symlink():
        raise ConfigError(
            f"{target.name}: a folder of this name is in {specs.name}/ already; choose another name"
        )
    data = _read(file)
    shown = (
        file.name
        if _FILE.match(file.name)
        else f"page{file.suffix if re.fullmatch(r'[.][a-z]{1,5}', file.suffix) else '.txt'}"
    )
    parts = _parts(file, data, platform)
    source = Source(shown, data, platform or "", operations, parts.held)
    composed = compose_sources([source])
    if operations:
        found = select(composed.document, ("* /*",), shown)
        source = replace(source, operations=tuple(f"{method} {path}" for method, path in found))
    manifest, aliases = _manifest(name, source, composed, today)
    specs.mkdir(parents=True, exist_ok=True)
    files = {f"upstream/{shown}": data, SPEC: dump(composed.document), MANIFEST: manifest.encode("utf-8")}
    files |= {f"upstream/{other}": held for other, held in parts.held.items()}
    _write_folder(target, {**files, ".gitattributes": _ATTRIBUTES})
    extraction = composed.extractions[0]
    notices = (*extraction.notices, *(f"{other}: referred to, but not there" for other in parts.left))
    return Added(target, replace(extraction, notices=notices), aliases)


def _parts(file: Path, data: bytes, platform: str | None) -> Files:
    """Find the other files of a document below its folder; a page has none."""
    if platform not in {None, "", OPENAPI} or kind_of(data) != OPENAPI:
        return Files({})
    home = file.resolve().parent

    def read(name: str) -> bytes | None:
        path = (home / name).resolve()
        return _read(path) if path.is_relative_to(home) and path.is_file() else None

    return collect(file.name, read_document(file.name, data, lines=False).value, read)


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_DOCUMENT:
            raise SpecError(f"{safe_text(str(file))}: over the limit of {MAX_DOCUMENT:,} bytes")
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{safe_text(str(file))}: cannot be read: {error.strerror}") from None


def _write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder beside its place and move it there at once."""
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name, data in files.items():
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        temporary.chmod(0o755)
        os.rename(temporary, target)  # noqa: PTH104 -- Path.rename would replace an empty folder made meanwhile
    except OSError as error:
        raise ConfigError(f"{target.name}: cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            shutil.rmtree(temporary)


def _manifest(
    name: str, source: Source, composed: Composed, today: dt.date | None
) -> tuple[str, tuple[str, ...]]:
    """Write a provider.toml for what one document says; gives the aliases too."""
    document, read = composed.document, composed.extractions[0]
    prefix = re.sub(r"[^A-Z0-9]", "_", name.upper())
    document = load_document(document).document
    found = [url for server in stated(document) for url in addresses(server)]
    servers = [
        url
        for url in found
        if re.match(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?(?:/[^{}?#\s]*)?\Z", url)
    ]
    lines = [f"title = {_text(document['info'].get('title') or name)}"]
    lines += [
        f'provenance = "{PROVENANCES.get(read.platform, "published")}"',
        f"servers = [{', '.join(map(_text, servers[:1]))}]",
    ]
    usual, differing = _auth(document, key_variable(name))
    lines += ["", "[auth]", *usual[0]] if len(usual) < 2 and usual else []
    lines += [line for one in usual if len(usual) > 1 for line in ("", "[[auth]]", *one)]
    lines += ["", "[[upstream]]", f"file = {_text(f'upstream/{source.name}')}"]
    lines += [f"retrieved = {today.isoformat()}"] if today else []
    lines += [f'sha256 = "{hashlib.sha256(source.data).hexdigest()}"', f'platform = "{read.platform}"']
    lines += [f"operations = [{', '.join(map(_text, source.operations))}]"] if source.operations else []
    digests = {other: hashlib.sha256(held).hexdigest() for other, held in source.files.items()}
    shas = ", ".join(f"{_text(other)} = {_text(sha)}" for other, sha in digests.items())
    lines += [f"parts = {{ {shas} }}"] if shas else []
    entries = default_entries(document)
    for entry in entries:
        lines += [
            "",
            f"[operations.{entry.alias}]",
            f'method = "{entry.method}"',
            f"path = {_text(entry.path)}",
        ]
        if (entry.path, entry.method.lower()) in differing:
            lines.append(differing[entry.path, entry.method.lower()])
        holes = re.findall(r"\{([^{}]+)\}", entry.path)
        live = ", ".join(f"{_key(h)} = {_text(f'{prefix}_{_variable(h)}')}" for h in dict.fromkeys(holes))
        lines += [f"live = {{ {live} }}"] if live and entry.method == "GET" else []
    return "\n".join(lines) + "\n", tuple(e.alias for e in entries)


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


# -- checking


def vendor_check(folder: Path, shown: str = "") -> Iterator[Finding]:
    """Yield what is not as vendoring makes it: missing or edited upstream, any other byte in the spec.

    Where two upstream documents speak of one operation and differ, a note says what the page won over.
    """
    name = shown or f"specs/{folder.name}"
    try:
        manifest = read_manifest(folder / MANIFEST, f"{name}/{MANIFEST}")
        sources = list(_sources(folder, manifest))
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


def _sources(folder: Path, manifest: Manifest) -> Iterator[tuple[Upstream, bytes | None]]:
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
        if entry.method.lower() not in composed.document["paths"].get(entry.path, {}):
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


def compose_folder(sources: list[tuple[Upstream, bytes]], folder: Path | None = None) -> Composed:
    """Make the spec of a folder from its upstream documents, in the manifest's order.

    Documents in several files find the others in the folder.
    """
    found = []
    for upstream, data in sources:
        wanted = upstream.operations or ((upstream.operation,) if upstream.operation else ())
        files = part_files(folder, upstream) if folder and upstream.parts else {}
        found.append(Source(Path(upstream.file).name, data, upstream.platform, wanted, files))
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
