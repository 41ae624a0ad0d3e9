"""The parts of an archive: files and objects, each with a mark that changes when its content does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from contracts.errors import CassetteError, ConfigError
from contracts.interactions import Opened, Piece, Remote, is_log, is_url, places_in

PIECE: Final = 256_000_000
"""Bytes of a piece of a log that is not packed."""
_PIECE_NAME: Final = re.compile(r"(.*)\[(\d+)/\d+\]\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """One file or object: where it is, its size in bytes, the day it was written (ISO, "" if not known).

    `version` is what tells two contents of the same name apart: the time of a file, the mark of a store,
    a digest of what came by standard input. `named` says that the user named it by itself.
    """

    name: str
    place: Path | bytes | Remote | Piece = field(repr=False)
    size: int = 0
    version: str = ""
    day: str = ""
    named: bool = False

    def key(self, digest: str) -> str:
        """Give the name under which its result is kept, for judges of a digest."""
        text = "\x1f".join((self.name, str(self.size), self.version, digest))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def parts_of(
    arguments: Sequence[str | Path],
    since: date | None = None,
    fields: Mapping[str, str] = MappingProxyType({}),
    leave: Path | None = None,
) -> tuple[Part, ...]:
    """Find the parts that files, folders, patterns, URLs of stores and `-` name, each once, by name.

    A big log that is not packed is parts of its own: `NAME[2/5]` is the second of five pieces. With `since`
    only what was written on that day or later; one whose day is not known counts. `fields` are the user's
    places of facts in the lines of a log, `leave` is a folder of results, which are no traffic. ConfigError
    for an argument that names nothing.
    """
    found: dict[str, Part] = {}
    for one in places_in(arguments):
        if leave and isinstance(one.place, Path) and one.place.resolve().is_relative_to(leave.resolve()):
            continue
        part = _part(one.place, one.name, named=one.named)
        found[part.name] = part
    if not found:
        raise ConfigError(f"{', '.join(map(str, arguments))[:200]}: holds no file")
    kept = [one for _, one in sorted(found.items()) if not (since and one.day and one.day < str(since))]
    if not kept:
        last = max(one.day for one in found.values())
        raise ConfigError(f"no part was written since {since}; the last of {len(found):,} is of {last}")
    return tuple(piece for part in kept for piece in _pieces(part, fields))


def _pieces(part: Part, fields: Mapping[str, str]) -> Iterator[Part]:
    """Cut a big log at places that depend on its size alone, so that every run cuts it alike."""
    count = -(-part.size // PIECE)
    if count < 2 or not isinstance(part.place, Path | Remote) or not _is_plain_log(part, fields):
        yield part
        return
    for index in range(count):
        place = Piece(part.place, index * PIECE, (index + 1) * PIECE)
        size = min(PIECE, part.size - place.start)
        yield replace(part, name=f"{part.name}[{index + 1}/{count}]", place=place, size=size)


def _is_plain_log(part: Part, fields: Mapping[str, str]) -> bool:
    assert isinstance(part.place, Path | Remote)
    file = Opened(part.name, part.place)
    try:
        return not file.is_packed and is_log(file, fields)
    except CassetteError:
        return False  # whoever judges it will say why


def part_named(name: str) -> Part:
    """Give the part of a name that stands in results, to be read again; it need not be there any more."""
    piece = _PIECE_NAME.match(name)
    whole = piece[1] if piece else name
    place = Remote(whole) if is_url(whole) else Path(whole)
    if piece is None:
        return Part(name, place, named=True)
    index = int(piece[2])
    return Part(name, Piece(place, (index - 1) * PIECE, index * PIECE), named=True)


def in_shard(parts: Iterable[Part], index: int, count: int) -> tuple[Part, ...]:
    """Give the parts of one shard of `count`, from 1; each part is of one shard, whatever else there is."""
    return tuple(one for one in parts if _hash(one.name) % count == index - 1)


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8])


def _part(place: Path | bytes | Remote, name: str, *, named: bool) -> Part:
    if isinstance(place, Remote):
        return Part(name, place, place.size, place.version, place.day, named)
    if isinstance(place, bytes):
        return Part(name, place, len(place), hashlib.sha256(place).hexdigest()[:16], "", named)
    stat = place.stat()
    day = datetime.fromtimestamp(stat.st_mtime, UTC).date().isoformat()
    return Part(name, place, stat.st_size, str(stat.st_mtime_ns // 1_000_000), day, named)
