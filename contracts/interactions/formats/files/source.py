"""Files, folders, patterns, stores, standard input and archives, each as named streams of plain bytes."""

from __future__ import annotations

import difflib
import gzip
import io
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from glob import glob
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final, NamedTuple, cast

from contracts.errors import CassetteError, ConfigError
from contracts.interactions.formats.files.packed import LIBRARIES, first_of, zstd_pieces
from contracts.interactions.formats.files.piece import Piece
from contracts.interactions.formats.files.remote import Remote, is_url, objects
from contracts.interactions.formats.files.stream import BROKEN, MAX_ELEMENT, unreadable
from contracts.text import safe_text

HEAD: Final = 65_536
_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", (b"PK\x03\x04", b"PK\x05\x06")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MAX_MEMBERS: Final = 10_000
_TAR: Final = re.compile(r"\.(?:tar(?:\.\w{1,4})?|tgz)\Z", re.IGNORECASE)
_MOST_TIMES: Final = 200
"""How many times its packed size a file may be, once it is larger than any single answer."""
_STEP: Final = 256 * 1024
"""Plain bytes that are read at once."""


Place = Path | bytes | Remote | Piece
"""Where bytes are: in a file, in memory, in a store, or in a piece of a file of lines."""


@dataclass(frozen=True)
class Opened:
    """Something to read: a file, bytes, or a member of an archive; `named` says that the user named it."""

    name: str
    source: Place | tuple[Place, str]
    named: bool = True

    def stream(self) -> BinaryIO:
        """Open it from its beginning; gzip and zstd are unpacked on the way, UTF-16 becomes UTF-8."""
        raw = self.packed()
        magic = raw.read(4)
        raw.seek(0)
        if magic[:2] == _GZIP or magic == _ZSTD:
            return _unpacking(raw, self.name, magic)
        if magic[:2] in _UTF16:
            with raw:
                text = raw.read(MAX_ELEMENT).decode("utf-16", "replace")
            return io.BytesIO(text.encode("utf-8", "replace"))
        return raw

    def packed(self) -> BinaryIO:
        """Open it as it is."""
        try:
            if isinstance(self.source, tuple):
                return _member(*self.source)
            return _raw(self.source)
        except OSError as error:
            raise CassetteError(f"{safe_text(self.name)}: cannot be read: {error.strerror}") from None
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError) as error:
            raise unreadable(self.name, error) from None

    @property
    def is_packed(self) -> bool:
        """Whether it is packed with gzip or zstd."""
        with self.packed() as raw:
            magic = raw.read(4)
        return magic[:2] == _GZIP or magic == _ZSTD

    def prove(self) -> None:
        """Read what is packed once to its end; CassetteError where it is cut off or its checksum is wrong."""
        if self.is_packed:
            with self.stream() as stream:
                try:
                    while stream.read(_STEP):
                        pass
                except BROKEN as error:
                    raise unreadable(self.name, error) from None

    @cached_property
    def head(self) -> bytes:
        """The first bytes that can be read, by which a format is told, without a byte order mark."""
        head = b""
        with self.stream() as stream:
            read = getattr(stream, "read1", stream.read)
            try:
                while len(head) < HEAD and (data := read(HEAD - len(head))):
                    head += data
            except BROKEN as error:
                if not head:
                    raise unreadable(self.name, error) from None
        return head.removeprefix(b"\xef\xbb\xbf")

    def whole(self) -> bytes:
        """Give everything; CassetteError for more than 64 MiB."""
        with self.stream() as stream:
            try:
                data = stream.read(MAX_ELEMENT + 1)
            except BROKEN as error:
                raise unreadable(self.name, error) from None
        if len(data) > MAX_ELEMENT:
            raise CassetteError(f"{safe_text(self.name)}: over the limit of {MAX_ELEMENT:,} bytes")
        return data

    def beside(self, name: str) -> bytes | None:
        """Give a file that this one names as its attachment; None when it is not there, or elsewhere."""
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            return None
        try:
            if isinstance(self.source, tuple):
                archive, member = self.source
                return Opened(name, (archive, str(PurePosixPath(member).parent / path))).whole()
            if isinstance(self.source, Remote):
                return Opened(name, self.source.beside(path)).whole()
            if not isinstance(self.source, Path):
                return None
            found = self.source.parent / path
            within = found.resolve().is_relative_to(self.source.parent.resolve())
            return Opened(name, found).whole() if within else None
        except (CassetteError, KeyError, OSError):
            return None


def _raw(place: Place) -> BinaryIO:
    if isinstance(place, bytes):
        return io.BytesIO(place)
    return place.open("rb") if isinstance(place, Path) else place.open()


def _refuse_bombs(plain: int, packed: int) -> None:
    if plain > MAX_ELEMENT and plain > _MOST_TIMES * packed:
        raise ValueError(f"it unpacks to more than {_MOST_TIMES} times its size; unpack it first")


class _Bounded(io.RawIOBase):
    """Plain bytes, piece by piece; ValueError where they are far more than what they are packed in."""

    def __init__(self, pieces: Iterator[bytes], raw: BinaryIO, *also: BinaryIO) -> None:
        self._pieces, self._raw, self._also = pieces, raw, also
        self._plain, self._seen = memoryview(b""), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._plain:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._plain, self._seen = memoryview(piece), self._seen + len(piece)
            _refuse_bombs(self._seen, self._raw.tell())
        size = min(len(buffer), len(self._plain))
        buffer[:size], self._plain = self._plain[:size], self._plain[size:]
        return size

    def close(self) -> None:
        for one in (*self._also, self._raw):
            one.close()
        super().close()


def _unpacking(raw: BinaryIO, name: str, magic: bytes) -> BinaryIO:
    """Open what is packed with gzip or zstd."""
    if magic != _ZSTD:
        plain = cast("BinaryIO", gzip.GzipFile(fileobj=raw))
        return io.BufferedReader(_Bounded(iter(partial(plain.read1, _STEP), b""), raw, plain), _STEP)  # type: ignore[attr-defined]
    library: Any = first_of(LIBRARIES["zstd"])
    if library is None:
        raise CassetteError(f"{safe_text(name)}: packed with zstd; install zstandard, or unpack it first")
    return io.BufferedReader(_Bounded(zstd_pieces(raw.read, library), raw), _STEP)


def _archive(place: Place) -> zipfile.ZipFile:
    return zipfile.ZipFile(place if isinstance(place, Path) else _raw(place))


def _member(place: Place, name: str) -> BinaryIO:
    archive = _archive(place)
    info = archive.getinfo(name)
    _refuse_bombs(info.file_size, info.compress_size)
    return cast("BinaryIO", archive.open(name))


def opened(source: Place, name: str = "", *, named: bool = True) -> Iterator[Opened]:
    """Yield what a file or bytes hold: themselves, or the members of a zip or tar archive."""
    one = Opened(name if isinstance(source, bytes | Piece) else _name(source), source, named)
    with one.packed() as raw:
        packed = raw.read(4)
    if packed not in _ZIP:
        yield from _members(one) if _TAR.search(one.name) else [one]
        return
    try:
        members = [info.filename for info in _archive(source).infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise unreadable(one.name, error) from None
    if len(members) > _MAX_MEMBERS:
        raise CassetteError(f"{safe_text(one.name)}: an archive of more than {_MAX_MEMBERS:,} files")
    for member in sorted(members):
        if not PurePosixPath(member).name.startswith(".") and not member.startswith("__MACOSX"):
            yield Opened(f"{one.name}/{member}", (source, member), named=False)


def _name(place: Path | Remote) -> str:
    return place.name if isinstance(place, Remote) else place.as_posix()


def _members(archive: Opened) -> Iterator[Opened]:
    """Yield the files of a tar archive, packed or not, each read into memory in the order of the archive."""
    with archive.stream() as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|") as tar:
                for member in tar:
                    data = tar.extractfile(member) if member.isfile() else None
                    if data is None or PurePosixPath(member.name).name.startswith("."):
                        continue
                    if member.size > MAX_ELEMENT:
                        raise CassetteError(
                            f"{safe_text(archive.name)}: a file of it is over {MAX_ELEMENT:,} bytes"
                        )
                    yield Opened(f"{archive.name}/{member.name}", data.read(), named=False)
        except (*BROKEN, tarfile.TarError) as error:
            raise unreadable(archive.name, error) from None


class Found(NamedTuple):
    """What an argument names: where it is, what to call it, and whether the user named it by itself."""

    place: Path | bytes | Remote
    name: str
    named: bool


def files_in(arguments: Iterable[str | Path], *, hidden: bool = False) -> Iterator[Opened]:
    """Yield what a command's arguments name: files, folders, patterns, URLs of stores, `-` for its input.

    In a folder files whose name starts with a dot are left out unless `hidden`. ConfigError for an argument
    that names nothing, with the nearest name.
    """
    for one in places_in(arguments, hidden=hidden):
        yield from opened(one.place, one.name, named=one.named)


def places_in(arguments: Iterable[str | Path], *, hidden: bool = False) -> Iterator[Found]:
    """Yield where the files are that arguments name, without opening one; see `files_in`."""
    for argument in map(str, arguments):
        path = Path(argument)
        if argument == "-":
            yield Found(sys.stdin.buffer.read(), "standard input", named=True)
        elif is_url(argument):
            yield from (Found(one, one.name, alone) for one, alone in objects(argument))
        elif path.is_dir():
            yield from _below(path, hidden=hidden)
        elif path.exists():
            yield Found(path, path.as_posix(), named=True)
        else:
            matching = [Path(name) for name in sorted(glob(argument, recursive=True))]  # noqa: PTH207 -- absolute patterns, too
            if not matching:
                raise ConfigError(f"{safe_text(argument, 200)}: no such file{_nearest(path)}")
            for one in matching:
                yield from (
                    _below(one, hidden=hidden) if one.is_dir() else [Found(one, one.as_posix(), named=False)]
                )


def _below(folder: Path, *, hidden: bool) -> Iterator[Found]:
    inner = (one.relative_to(folder).parts for one in sorted(folder.rglob("*")) if one.is_file())
    for parts in inner:
        if hidden or not any(part.startswith(".") for part in parts):
            path = folder.joinpath(*parts)
            yield Found(path, path.as_posix(), named=False)


def _nearest(path: Path) -> str:
    try:
        names = [one.name for one in path.parent.iterdir()]
    except OSError:
        return ""
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"; did you mean {safe_text(str(path.with_name(near[0])), 200)}?" if near else ""
