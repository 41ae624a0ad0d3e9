"""Provider folders: made from a vendor's pages, documents and traffic, added to, renamed and removed."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from contracts.atomic import exchange, remove_folder
from contracts.errors import ConfigError
from contracts.model import Json, Pointer
from contracts.secret import held_in, never_show
from contracts.spec import MANIFEST, Loaded, Manifest, check_id, load_document, read_manifest
from contracts.text import plural, safe_text
from contracts.vendoring.bundling import part_files
from contracts.vendoring.checking import upstream_files
from contracts.vendoring.compose import Composed, Source, compose_sources
from contracts.vendoring.given import SUMMARY, Wanted, taken_files
from contracts.vendoring.manifest import SPEC, Taken, first_manifest, operation_tables, taken_again
from contracts.vendoring.observed import OBSERVED
from contracts.vendoring.pages import Extraction
from contracts.vendoring.yaml import dump

MAX_SAID: Final = 10
_ATTRIBUTES: Final = b"""\
# These documents are compared byte for byte: git must not convert their line ends.
upstream/** -text
openapi.yaml -text
"""
_VARIABLE = re.compile(r'"([A-Z][A-Z0-9_]{2,99})"')


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
    wanted: Wanted | None = None,
    *,
    operations: tuple[str, ...] = (),
    today: dt.date | None = None,
) -> Added:
    """Make `specs/<name>/` from pages, documents and recordings, or add what they hold to it.

    The files themselves (of recordings their summary), openapi.yaml, provider.toml. The folder appears whole
    or not at all. ConfigError when the name cannot be one, or nothing in the files is new.
    """
    wanted = wanted or Wanted()
    wanted = replace(wanted, operations=operations or wanted.operations)
    target = specs / check_id(name)
    manifest = _manifest(target)
    held = _held(target, manifest) if manifest else []
    listed = [files] if isinstance(files, Path) else list(files)
    taken, seen, left = taken_files(listed, held, wanted, today.isoformat() if today else "")
    again = {one.source.name: one for one in taken}
    kept = [again.pop(one.source.name, one) for one in held if not seen or one.source.name != SUMMARY]
    every = [*kept, *again.values(), *seen]
    composed = compose_sources([one.source for one in every])
    places = [every.index(one) for one in (*taken, *seen)]
    read = tuple(composed.extractions[at] for at in places)
    for at, one in zip(places, read, strict=True):
        every[at] = replace(every[at], platform=one.platform)
    new = [every[at] for at in places]
    loaded = load_document(composed.document)
    left += [*_set_aside(loaded), *_differing(name, composed, new, held)]
    texts = _texts(name, target, manifest, every, new, composed, loaded.document, wanted)
    if aside := _edited(target, held):
        texts[0][f"{SPEC}.before"] = aside
        left.append(f"{SPEC} was not what its documents make; what it was is {SPEC}.before now")
    read = (*read[:-1], replace(read[-1], notices=(*read[-1].notices, *left)))
    never_show(_VARIABLE.findall(texts[0][MANIFEST].decode("utf-8")))
    refuse_keys(texts[0])
    specs.mkdir(parents=True, exist_ok=True)
    _write_folder(target, texts[0], over=manifest is not None)
    names = tuple(one.source.name for one in new)
    return Added(target, read, names, texts[1], read_manifest(target / MANIFEST), manifest is None)


def _manifest(target: Path) -> Manifest | None:
    """Read the manifest of a vendor's folder, None where there is no folder yet."""
    if (target / MANIFEST).is_file():
        return read_manifest(target / MANIFEST)
    if target.exists() or target.is_symlink():
        where = f"{target.parent.name}/"
        raise ConfigError(f"{target.name}: a folder of this name is in {where} already; choose another name")
    return None


def _texts(
    name: str,
    target: Path,
    manifest: Manifest | None,
    every: list[Taken],
    new: list[Taken],
    composed: Composed,
    document: Json,
    wanted: Wanted,
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Give the files to write, and the aliases of the operations that are new."""
    files = {f"upstream/{place}": data for one in new for place, data in one.source.stored.items()}
    files |= {SPEC: dump(composed.document)}
    files |= {} if (target / ".gitattributes").exists() else {".gitattributes": _ATTRIBUTES}
    if manifest is None:
        text, aliases = first_manifest(name, every, document, wanted.aliases)
        if not aliases:
            why = next((f"; {said}" for one in composed.extractions for said in one.notices), "")
            raise ConfigError(f"{every[0].source.name}: no operation is in it; nothing was added{why}")
        return {**files, MANIFEST: text.encode("utf-8")}, aliases
    text = (target / MANIFEST).read_text("utf-8")
    known = {upstream.file: upstream for upstream in manifest.upstream}
    for one in new:
        upstream = known.get(f"upstream/{one.source.name}")
        if upstream is None:
            text = text.rstrip("\n") + "\n" + "\n".join(one.table()) + "\n"
        else:
            digest = hashlib.sha256(one.source.data).hexdigest()
            text = taken_again(text, upstream, digest, one.day, one.source.operations, one.source.files)
    lines, aliases = operation_tables(name, document, manifest.operations, wanted.aliases)
    text = text.rstrip("\n") + "\n" + "".join(f"{line}\n" for line in lines)
    return {**files, MANIFEST: text.encode("utf-8")}, aliases


def _set_aside(loaded: Loaded) -> list[str]:
    """Say what of the spec is not judged since it could not be used, once for each reason."""
    places: dict[str, list[Pointer]] = {}
    for one in loaded.aside:
        if one.lost:
            places.setdefault(one.reason, []).append(one.pointer)
    told = [
        f"{safe_text(str(found[0]), 200)}: {reason}; it is not judged"
        + (f" (and at {plural(len(found) - 1, 'further place')})" if len(found) > 1 else "")
        for reason, found in places.items()
    ]
    more = len(told) - MAX_SAID
    return told[:MAX_SAID] + ([f"and {more} more of this kind"] if more > 0 else [])


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
        source = Source(upstream.name, data, upstream.platform, chosen, parts)
        found.append(Taken(source, upstream.platform, upstream.retrieved))
    return found


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
