"""The files of a `vendor --add`: pages and documents, or recordings, and what is taken of each."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from contracts.errors import CassetteError, ConfigError, SpecError
from contracts.interactions import files_in, format_of, read_recordings
from contracts.model import Json
from contracts.spec import MAX_DOCUMENT
from contracts.text import safe_text
from contracts.vendoring.bundling import Files
from contracts.vendoring.compose import Source, read_source
from contracts.vendoring.documents import OPENAPI, SCHEMA, kind_of, parts_of
from contracts.vendoring.manifest import Taken
from contracts.vendoring.observed import OBSERVED, is_summary, merged, observe, read_observed, write
from contracts.vendoring.selection import select

SUMMARY: Final = "observed.json"
_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked of `vendor_add` besides the files.

    `aliases` maps an alias to "GET /path", a default alias or "" (the one operation that retrieves by id);
    `traffic` are files and folders of recordings; `servers` are those whose recordings count. `addresses`
    says where a file was fetched.
    """

    platform: str = ""
    operations: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    traffic: tuple[Path, ...] = ()
    servers: tuple[str, ...] = ()
    addresses: Mapping[Path, str] = field(default_factory=lambda: MappingProxyType({}))


def taken_files(
    files: list[Path], held: list[Taken], wanted: Wanted, day: str
) -> tuple[list[Taken], list[Taken], list[str]]:
    """Take what is wanted of files: pages and documents, the summary of traffic, and what is to be said.

    `held` is what the folder has already; ConfigError where nothing in the files is new.
    """
    pages, traffic = _split(files, wanted)
    if wanted.servers and not traffic:
        raise ConfigError("--server chooses among the servers of recordings; there is no recording here")
    if wanted.platform and not pages:
        raise ConfigError("--platform tells how a page is read; there is no page here")
    taken, left = _pages(pages, held, replace(wanted, traffic=tuple(traffic)), day)
    seen, notices = _traffic(traffic, held, wanted, day)
    return taken, seen, [*left, *notices]


def _split(files: list[Path], wanted: Wanted) -> tuple[list[Path], list[Path]]:
    """Tell pages and documents from recordings: by what they hold, or by how they were named."""
    traffic = [path for path in files if _is_traffic(path, bool(wanted.traffic))]
    return [path for path in files if path not in traffic], [*wanted.traffic, *traffic]


def _is_traffic(path: Path, beside: bool) -> bool:
    """Whether a file is a recording; text that could be either is one `beside` other recordings only."""
    if path.is_dir():
        return True
    try:
        head = next((one.head for one in files_in([path])), b"")
    except CassetteError:
        return beside
    form = format_of(head)
    if kind_of(head) == OPENAPI or form == "http":
        return beside and form == "http"
    whole = form in {"json", "jsonl"}
    return form in {"own", "har", "flows", "vcr"} or (whole and (is_summary(_read(path)) or _holds(path)))


def _holds(path: Path) -> bool:
    """Whether JSON holds interactions."""
    try:
        return next(read_recordings(files_in([path]), on_problem=lambda _: None), None) is not None
    except CassetteError:
        return False


def _pages(files: list[Path], held: list[Taken], wanted: Wanted, day: str) -> tuple[list[Taken], list[str]]:
    """Read pages and documents as sources; gives them, and what other files they name in vain.

    One that is held already gives the further operations that are wanted of it.
    """
    sources, left, faults = list[Source](), list[str](), list[ConfigError]()
    addresses: dict[str, str] = {}
    cut = {one.source.data: one.source for one in held if one.source.operations}
    before = [one.source for one in held]
    for path in files:
        data, address = _read(path), wanted.addresses.get(path, "")
        try:
            name = cut[data].name if data in cut else _free(_shown(path), data, before, sources)
        except ConfigError as fault:
            faults.append(fault)
            continue
        parts = parts_beside(path, data) if wanted.platform in {"", OPENAPI, SCHEMA} else Files({})
        one = Source(name, data, wanted.platform, (), parts.held)
        if parts.held and data not in cut:
            one = _housed(
                replace(one, name=_shown(path)), address or path.resolve().as_posix(), [*before, *sources]
            )
        addresses[one.name] = address
        sources.append(one)
        left += parts.left
    taken = []
    for one in _narrowed(sources, wanted.operations):
        try:
            taken.append(Taken(_wider(one, cut.get(one.data)), "", day, addresses[one.name]))
        except ConfigError as fault:
            faults.append(fault)
    if faults and not taken and not wanted.traffic:
        raise faults[0]
    return taken, [*left, *map(str, faults)]


def _wider(source: Source, before: Source | None) -> Source:
    """Give a source the operations that were taken from it before as well."""
    if before is None:
        return source
    source = source if source.operations else _exact(replace(source, operations=("* *",)))
    both = tuple(dict.fromkeys((*before.operations, *source.operations)))
    if both == before.operations:
        named = safe_text(", ".join(source.operations), 200)
        raise ConfigError(f"{source.name}: {named}: taken from it already; nothing was added")
    return replace(source, operations=both)


def _narrowed(sources: list[Source], words: tuple[str, ...]) -> list[Source]:
    """Give each source the operations that were asked for; each word must name one in some source."""
    if not words or len(sources) == 1:
        return [_exact(replace(one, operations=words)) for one in sources]
    hits: dict[str, list[str]] = {one.name: [] for one in sources}
    for word in words:
        faults = []
        for one in sources:
            try:
                select(read_source(one).document, (word,), one.name)
            except ConfigError as fault:
                faults.append(fault)
            else:
                hits[one.name].append(word)
        if len(faults) == len(sources):
            raise faults[0]
    for one in sources:
        if not hits[one.name]:
            raise ConfigError(f"{one.name}: no --operation names one of its operations; leave the file out")
    return [_exact(replace(one, operations=tuple(hits[one.name]))) for one in sources]


def _exact(source: Source) -> Source:
    """Write the operations that a source gives by method and path, so that globs stay what they were."""
    if not source.operations:
        return source
    found = select(read_source(source).document, ("* *",), source.name)
    return replace(source, operations=tuple(f"{method} {path}" for method, path in found))


def _traffic(
    files: list[Path], held: list[Taken], wanted: Wanted, day: str
) -> tuple[list[Taken], tuple[str, ...]]:
    """Sum recordings up into the folder's one summary of traffic."""
    if not files:
        return [], ()
    before: Json = next(
        (read_observed(SUMMARY, one.source.data) for one in held if one.source.name == SUMMARY), None
    )
    summaries = [
        path
        for path in files
        if path.is_file() and path.stat().st_size <= MAX_DOCUMENT and is_summary(_read(path))
    ]
    given = [read_observed(path.name, _read(path)) for path in summaries]
    before = merged([*([before] if before else []), *given]) if given else before
    recordings = [path for path in files if path not in summaries]
    if recordings and before and not summaries:
        _refuse_known(recordings, wanted, before)
    found = observe(recordings, wanted.servers, before) if recordings else None
    summary, notices = (found.summary, found.notices) if found else (before, ())
    source = Source(SUMMARY, write(summary), OBSERVED)
    return [Taken(source, OBSERVED, day)], notices


def _refuse_known(recordings: list[Path], wanted: Wanted, before: Json) -> None:
    """Refuse recordings that are all that a summary was made of: twice the same is no more evidence."""
    if observe(recordings, wanted.servers, before, alone=True).summary == before:
        name = safe_text(recordings[0].name, 100)
        raise ConfigError(f"{name}: its traffic is in specs/ already; nothing was added")


def traffic_in(file: Path, known: bytes) -> bytes | None:
    """Give the summary of a recording, its operations as in the summary `known`; None of what is none."""
    if not _is_traffic(file, beside=False):
        return None
    if file.is_file() and is_summary(data := _read(file)):
        return data
    before = read_observed(SUMMARY, known)
    return write(observe([file], tuple(before.get("servers", ())), before, alone=True).summary)


def _shown(file: Path) -> str:
    """Give the name that a file has in the folder."""
    if _FILE.match(file.name) and file.name != SUMMARY:
        return file.name
    return f"page{file.suffix if re.fullmatch(r'[.][a-z]{1,5}', file.suffix) else '.txt'}"


def _free(name: str, data: bytes, held: Sequence[Source], sources: Sequence[Source]) -> str:
    """Give a name that no other document has; ConfigError where the same document is there already."""
    for other in held:
        if other.data == data:
            raise ConfigError(
                f"{name}: this document is in specs/ already, as upstream/{other.name}; nothing was added"
            )
    if any(one.data == data for one in sources):
        raise ConfigError(f"{name}: the same document was named twice; nothing was added")
    known = {place for one in (*held, *sources) for place in one.stored}
    stem, dot, suffix = name.rpartition(".")
    return next(
        one for n in range(1, 1000) if (one := name if n == 1 else f"{stem}-{n}{dot}{suffix}") not in known
    )


def _housed(source: Source, path: str, others: Sequence[Source]) -> Source:
    """Keep a document in several files in a folder of its own, where a file of another one is in its place.

    `path` is where it comes from; the folder is called as the one there.
    """
    kept = {place: data for one in others for place, data in one.stored.items()}
    last = re.sub(r"[^A-Za-z0-9_-]", "-", posixpath.basename(posixpath.dirname(path))).strip("-") or "more"
    for home in ("", *(f"{last}{n}/" for n in ("", *(f"-{n}" for n in range(2, 1000))))):
        housed = replace(source, name=f"{home}{source.name}")
        if all(kept.get(place, data) == data for place, data in housed.stored.items()):
            return housed
    raise ConfigError(f"{source.name}: too many documents of this name")


def parts_beside(file: Path, data: bytes) -> Files:
    """Find the other files of a document in its folder and below."""
    home = file.resolve().parent

    def read(name: str) -> bytes | None:
        path = (home / name).resolve()
        return _read(path) if path.is_relative_to(home) and path.is_file() else None

    return parts_of(file.name, data, read, guess=True)


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_DOCUMENT:
            raise SpecError(f"{safe_text(str(file))}: over the limit of {MAX_DOCUMENT:,} bytes")
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{safe_text(str(file))}: cannot be read: {error.strerror}") from None
