"""Provider folders: made from a vendor's pages, documents and traffic, added to, renamed and removed."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from contracts.atomic import exchange, remove_folder
from contracts.errors import CassetteError, ConfigError, SpecError
from contracts.interactions import files_in, format_of, read_recordings
from contracts.model import Json
from contracts.secret import held_in, never_show
from contracts.spec import MANIFEST, MAX_DOCUMENT, Manifest, check_id, read_document, read_manifest
from contracts.text import plural, safe_text
from contracts.vendoring.bundling import Files, collect, part_files
from contracts.vendoring.checking import upstream_files
from contracts.vendoring.compose import Composed, Source, compose_sources, read_source
from contracts.vendoring.documents import OPENAPI, kind_of
from contracts.vendoring.manifest import SPEC, Taken, first_manifest, operation_tables, taken_again
from contracts.vendoring.observed import OBSERVED, is_summary, merged, observe, read_observed, write
from contracts.vendoring.pages import Extraction
from contracts.vendoring.selection import select
from contracts.vendoring.yaml import dump

SUMMARY: Final = "observed.json"
_ATTRIBUTES: Final = b"""\
# These documents are compared byte for byte: git must not convert their line ends.
upstream/** -text
openapi.yaml -text
"""
_VARIABLE = re.compile(r'"([A-Z][A-Z0-9_]{2,99})"')
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked of `vendor_add` besides the files.

    `aliases` maps an alias to "GET /path", a default alias or "" (the one operation that retrieves by id);
    `traffic` are files and folders of recordings; `servers` are those whose recordings count.
    """

    platform: str = ""
    operations: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    traffic: tuple[Path, ...] = ()
    servers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """A folder that was made or added to: where, what each file was read as, the new operations' aliases.

    `names` are what the documents are called there, in the order of `extractions`.
    """

    folder: Path
    extractions: tuple[Extraction, ...]
    names: tuple[str, ...]
    operations: tuple[str, ...]
    manifest: Manifest
    new: bool = True

    @property
    def extraction(self) -> Extraction:
        """What the first file was read as."""
        return self.extractions[0]


def refuse_keys(files: Mapping[str, bytes]) -> None:
    """Refuse to keep documents in which a key of the environment stands; ConfigError names both.

    A vendor's document is kept byte for byte, so that nothing in it can be hidden.
    """
    for name, data in files.items():
        if variable := held_in(data.decode("utf-8", "replace")):
            raise ConfigError(
                f"{safe_text(name, 100)}: it holds the value of {variable}, and a document is kept as it is;"
                " take the key out of it first"
            )


def page_to_yaml(
    data: bytes, name: str, platform: str | None = None, operations: tuple[str, ...] = ()
) -> tuple[bytes, Extraction]:
    """Turn any page or document into OpenAPI 3.1 as YAML; PageError and SpecError name the line."""
    refuse_keys({name: data})
    source = Source(name, data, platform or "", operations)
    composed = compose_sources([source])
    return dump(composed.document), composed.extractions[0]


def vendor_add(
    name: str,
    files: Path | Sequence[Path],
    specs: Path,
    wanted: Wanted = Wanted(),
    *,
    operations: tuple[str, ...] = (),
    today: dt.date | None = None,
) -> Added:
    """Make `specs/<name>/` from pages, documents and recordings, or add what they hold to it.

    The files themselves (of recordings their summary), openapi.yaml, provider.toml. The folder appears whole
    or not at all. ConfigError when the name cannot be one, or nothing in the files is new.
    """
    wanted = replace(wanted, operations=operations or wanted.operations)
    target = specs / check_id(name)
    manifest = read_manifest(target / MANIFEST) if (target / MANIFEST).is_file() else None
    if manifest is None and (target.exists() or target.is_symlink()):
        raise ConfigError(
            f"{target.name}: a folder of this name is in {specs.name}/ already; choose another name"
        )
    held = _held(target, manifest) if manifest else []
    day = today.isoformat() if today else ""
    pages, traffic = _split([files] if isinstance(files, Path) else list(files), wanted)
    if wanted.servers and not traffic:
        raise ConfigError("--server chooses among the servers of recordings; there is no recording here")
    if wanted.platform and not pages:
        raise ConfigError("--platform tells how a page is read; there is no page here")
    taken, left = _pages(pages, held, replace(wanted, traffic=tuple(traffic)), day)
    seen, notices = _traffic(traffic, held, wanted, day)
    again = {one.source.name: one for one in taken}
    kept = [again.pop(one.source.name, one) for one in held if not seen or one.source.name != SUMMARY]
    every = [*kept, *again.values(), *seen]
    composed = compose_sources([one.source for one in every])
    places = [every.index(one) for one in (*taken, *seen)]
    read = tuple(composed.extractions[at] for at in places)
    for at, one in zip(places, read, strict=True):
        every[at] = replace(every[at], platform=one.platform)
    new = [every[at] for at in places]
    left += _differing(name, composed, new, held)
    texts = _texts(name, target, manifest, every, new, composed, wanted)
    if aside := _edited(target, held):
        texts[0][f"{SPEC}.before"] = aside
        left.append(f"{SPEC} was not what its documents make; what it was is {SPEC}.before now")
    read = (*read[:-1], replace(read[-1], notices=(*read[-1].notices, *left, *notices)))
    never_show(_VARIABLE.findall(texts[0][MANIFEST].decode("utf-8")))
    refuse_keys(texts[0])
    specs.mkdir(parents=True, exist_ok=True)
    _write_folder(target, texts[0], over=manifest is not None)
    names = tuple(one.source.name for one in new)
    return Added(target, read, names, texts[1], read_manifest(target / MANIFEST), manifest is None)


def _texts(
    name: str,
    target: Path,
    manifest: Manifest | None,
    every: list[Taken],
    new: list[Taken],
    composed: Composed,
    wanted: Wanted,
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Give the files to write, and the aliases of the operations that are new."""
    files = {f"upstream/{one.source.name}": one.source.data for one in new}
    files |= {f"upstream/{other}": data for one in new for other, data in one.source.files.items()}
    files |= {SPEC: dump(composed.document)}
    files |= {} if (target / ".gitattributes").exists() else {".gitattributes": _ATTRIBUTES}
    if manifest is None:
        text, aliases = first_manifest(name, every, composed, wanted.aliases)
        if not aliases:
            raise ConfigError(f"{every[0].source.name}: no operation is in it; nothing was added")
        return {**files, MANIFEST: text.encode("utf-8")}, aliases
    text = (target / MANIFEST).read_text("utf-8")
    known = {upstream.file: upstream for upstream in manifest.upstream}
    for one in new:
        upstream = known.get(f"upstream/{one.source.name}")
        if upstream is None:
            text = text.rstrip("\n") + "\n" + "\n".join(one.table()) + "\n"
        else:
            digest = hashlib.sha256(one.source.data).hexdigest()
            text = taken_again(text, upstream, digest, one.day, one.source.operations)
    lines, aliases = operation_tables(name, composed.document, manifest.operations, wanted.aliases)
    text = text.rstrip("\n") + "\n" + "".join(f"{line}\n" for line in lines)
    return {**files, MANIFEST: text.encode("utf-8")}, aliases


def _differing(name: str, composed: Composed, new: list[Taken], held: list[Taken]) -> list[str]:
    """Say where new documents speak otherwise of operations that an earlier one holds, which wins."""
    told = []
    for one in new if held else ():
        count = sum(other.name == one.source.name for other in composed.differences)
        if count and one.platform != OBSERVED:
            told.append(
                f"{one.source.name}: it says otherwise in {plural(count, 'place')} than the documents before"
                f" it, which win; list them with: contracts vendor --check {name}; for a newer version of one"
                f" of them: contracts vendor --update {name} FILE"
            )
    return told


def _edited(target: Path, held: list[Taken]) -> bytes:
    """Give the spec of a folder where it is not what its documents make: somebody may have written in it."""
    path = target / SPEC
    found = path.read_bytes() if held and path.is_file() else b""
    return (
        b"" if not found or found == dump(compose_sources([one.source for one in held]).document) else found
    )


def _held(target: Path, manifest: Manifest) -> list[Taken]:
    """Read the upstream documents of a folder as it is."""
    found = []
    for upstream, data in upstream_files(target, manifest):
        if data is None:
            raise ConfigError(f"{target.name}: {safe_text(upstream.file)} is missing; nothing was added")
        chosen = upstream.operations or ((upstream.operation,) if upstream.operation else ())
        parts = part_files(target, upstream) if upstream.parts else {}
        source = Source(Path(upstream.file).name, data, upstream.platform, chosen, parts)
        found.append(Taken(source, upstream.platform, upstream.retrieved))
    return found


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
    cut = {one.source.data: one.source for one in held if one.source.operations}
    names = {one.source.name: one.source.data for one in held}
    for path in files:
        data = _read(path)
        try:
            name = cut[data].name if data in cut else _free(_shown(path), data, names, sources)
        except ConfigError as fault:
            faults.append(fault)
            continue
        parts = _parts(path, data, wanted.platform)
        sources.append(Source(name, data, wanted.platform, (), parts.held))
        left += [f"{other}: referred to, but not there" for other in parts.left]
    taken = []
    for one in _narrowed(sources, wanted.operations):
        try:
            taken.append(Taken(_wider(one, cut.get(one.data)), "", day))
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


def _free(name: str, data: bytes, held: Mapping[str, bytes], sources: Sequence[Source]) -> str:
    """Give a name that no other document has; ConfigError where the same document is there already."""
    for other, known in held.items():
        if known == data:
            raise ConfigError(
                f"{name}: this document is in specs/ already, as upstream/{other}; nothing was added"
            )
    if any(one.data == data for one in sources):
        raise ConfigError(f"{name}: the same document was named twice; nothing was added")
    held = {**held, **{one.name: one.data for one in sources}}
    stem, dot, suffix = name.rpartition(".")
    return next(
        one for n in range(1, 1000) if (one := name if n == 1 else f"{stem}-{n}{dot}{suffix}") not in held
    )


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


def _write_folder(target: Path, files: Mapping[str, bytes], *, over: bool = False) -> None:
    """Write a folder beside its place and move it there at once; `over` one that is there, kept otherwise."""
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    made = temporary / "made"
    try:
        if over:
            shutil.copytree(target, made, symlinks=True)
        for name, data in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        made.chmod(0o755)
        if over:
            exchange(made, target, temporary / "before")
        else:
            os.rename(made, target)  # noqa: PTH104 -- Path.rename would replace an empty folder made meanwhile
    except OSError as error:
        raise ConfigError(f"{target.name}: cannot be written: {error.strerror}") from None
    finally:
        remove_folder(temporary)
