"""Files, folders, patterns, standard input and archives, each as named streams of plain bytes."""

from __future__ import annotations

import difflib
import gzip
import io
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from glob import glob
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final, cast

from contracts.errors import CassetteError, ConfigError
from contracts.interactions.formats.files.packed import LIBRARIES, first_of
from contracts.interactions.formats.files.stream import BROKEN, MAX_ELEMENT, unreadable
from contracts.text import safe_text

HEAD: Final = 65_536
_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", (b"PK\x03\x04", b"PK\x05\x06")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MAX_MEMBERS: Final = 10_000


@dataclass(frozen=True)
class Opened:
    """Something to read: a file, bytes, or a member of an archive; `named` says that the user named it."""

    name: str
    source: Path | bytes | tuple[Path | bytes, str]
    named: bool = True

    def stream(self) -> BinaryIO:
        """Open it from its beginning; gzip and zstd are unpacked on the way, UTF-16 becomes UTF-8."""
        raw = self.packed()
        magic = raw.read(4)
        raw.seek(0)
        if magic[:2] == _GZIP:
            unpacking = gzip.GzipFile(fileobj=raw)
            unpacking.myfileobj = cast("Any", raw)  # so that it is closed with it
            return cast("BinaryIO", unpacking)
        if magic == _ZSTD:
            return _zstd(raw, self.name)
        if magic[:2] in _UTF16:
            return io.BytesIO(raw.read(MAX_ELEMENT).decode("utf-16", "replace").encode("utf-8", "replace"))
        return raw

    def packed(self) -> BinaryIO:
        """Open it as it lies there."""
        try:
            if isinstance(self.source, tuple):
                archive, member = self.source
                return cast("BinaryIO", _archive(archive).open(member))
            return io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source.open("rb")
        except OSError as error:
            raise CassetteError(f"{safe_text(self.name)}: cannot be read: {error.strerror}") from None
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise unreadable(self.name, error) from None

    @cached_property
    def head(self) -> bytes:
        """The first bytes, by which a format is told, without a byte order mark."""
        with self.stream() as stream:
            try:
                return stream.read(HEAD).removeprefix(b"\xef\xbb\xbf")
            except BROKEN as error:
                raise CassetteError(
                    f"{safe_text(self.name)}: cannot be read: {safe_text(str(error), 80)}"
                ) from None

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
            found = self.source.parent / path if isinstance(self.source, Path) else None
            within = found is not None and found.resolve().is_relative_to(self.source.parent.resolve())  # type: ignore[union-attr]
            return Opened(name, found).whole() if found is not None and within else None
        except (CassetteError, KeyError, OSError):
            return None


def _zstd(raw: BinaryIO, name: str) -> BinaryIO:
    library: Any = first_of(LIBRARIES["zstd"])
    if library is None:
        raise CassetteError(f"{safe_text(name)}: packed with zstd; install zstandard, or unpack it first")
    if library.__name__ == "zstandard":
        return cast("BinaryIO", library.ZstdDecompressor().stream_reader(raw, read_across_frames=True))
    return cast("BinaryIO", library.ZstdFile(raw))


def _archive(source: Path | bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)


def opened(source: Path | bytes, name: str = "", *, named: bool = True) -> Iterator[Opened]:
    """Yield what a file or bytes hold: themselves, or the members of a zip archive."""
    one = Opened(source.as_posix() if isinstance(source, Path) else name, source, named)
    with one.packed() as raw:
        packed = raw.read(4) in _ZIP
    if not packed:
        yield one
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


def files_in(arguments: Iterable[str | Path], *, hidden: bool = False) -> Iterator[Opened]:
    """Yield what the arguments of a command name: files, folders, patterns, `-` for standard input.

    In a folder files whose name starts with a dot are left out unless `hidden`. ConfigError for an argument
    that names nothing, with the nearest name.
    """
    for argument in map(str, arguments):
        path = Path(argument)
        if argument == "-":
            yield from opened(sys.stdin.buffer.read(), "standard input")
        elif path.is_dir():
            yield from _below(path, hidden=hidden)
        elif path.exists():
            yield from opened(path)
        else:
            matching = [Path(name) for name in sorted(glob(argument, recursive=True))]  # noqa: PTH207 -- absolute patterns, too
            if not matching:
                raise ConfigError(f"{safe_text(argument, 200)}: no such file{_nearest(path)}")
            for one in matching:
                yield from _below(one, hidden=hidden) if one.is_dir() else opened(one, named=False)


def _below(folder: Path, *, hidden: bool) -> Iterator[Opened]:
    inner = (one.relative_to(folder).parts for one in sorted(folder.rglob("*")) if one.is_file())
    for parts in inner:
        if hidden or not any(part.startswith(".") for part in parts):
            yield from opened(folder.joinpath(*parts), named=False)


def _nearest(path: Path) -> str:
    try:
        names = [one.name for one in path.parent.iterdir()]
    except OSError:
        return ""
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"; did you mean {safe_text(str(path.with_name(near[0])), 200)}?" if near else ""
