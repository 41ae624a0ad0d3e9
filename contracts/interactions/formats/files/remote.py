"""Object stores by URL, through fsspec: what `s3://bucket/prefix/` names, and one object as a stream."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final, cast

from contracts.errors import CassetteError, ConfigError
from contracts.text import safe_text

_URL: Final = re.compile(r"([a-z][a-z0-9+.-]+)://(?=.)", re.IGNORECASE)
_MAGIC: Final = re.compile(r"[*?\[]")
_CREDENTIALS: Final = re.compile(r"(?<=://)[^/@]*@")
_VERSIONS: Final = (
    "ETag",
    "etag",
    "md5Hash",
    "content_md5",
    "LastModified",
    "last_modified",
    "mtime",
    "created",
)
"""What stores say of an object that changes with its content; which of them depends on the store."""
_WRITTEN: Final = ("LastModified", "last_modified", "updated", "mtime", "created")


def is_url(argument: str) -> bool:
    """Whether an argument names something of a store and no file here."""
    return bool(_URL.match(argument))


@dataclass(frozen=True, slots=True)
class Remote:
    """One object of a store: its URL, size in bytes, a mark that changes with its content, its day (ISO)."""

    url: str
    size: int = 0
    version: str = ""
    day: str = ""

    @property
    def name(self) -> str:
        """The URL without credentials."""
        return _CREDENTIALS.sub("", self.url)

    def open(self) -> BinaryIO:
        """Open it for reading; CassetteError says why that cannot be done."""
        try:
            fs, path = _found(self.url)
            return cast("BinaryIO", fs.open(path, "rb"))
        except ConfigError as problem:
            raise CassetteError(str(problem)) from None
        except Exception as error:  # noqa: BLE001 -- each store has errors of its own
            raise CassetteError(f"{safe_text(self.name, 200)}: cannot be read: {_why(error)}") from None

    def beside(self, path: PurePosixPath) -> Remote:
        """Give the object at a path below the folder of this one."""
        return Remote(f"{self.url.rpartition('/')[0]}/{path}")


def objects(url: str) -> Iterator[tuple[Remote, bool]]:
    """Yield the objects that a URL, prefix or pattern names, with whether it names this one alone.

    ConfigError for a URL that names nothing, a store that is not installed, or one that refuses.
    """
    fs, path = _found(url)
    scheme = url.partition("://")[0]
    shown = _shown(url)
    try:
        fs.invalidate_cache()  # what another run listed may not be there any more
        if _MAGIC.search(path):
            listed = {name: fs.info(name) for name in fs.glob(path)}
        elif fs.isfile(path):
            listed = {path: fs.info(path)}
        else:
            listed = fs.find(path, detail=True)
    except Exception as error:  # noqa: BLE001 -- each store has errors of its own
        raise ConfigError(f"{shown}: the store cannot be listed: {_why(error)}") from None
    kept = {name: info for name, info in listed.items() if _readable(name, path, info)}
    if not kept:
        raise ConfigError(f"{shown}: no such object")
    alone = list(kept) == [path]
    for name, info in sorted(kept.items()):
        full = name if is_url(name) else f"{scheme}://{name}"
        yield Remote(full, int(info.get("size") or 0), _version(info), _day(info)), alone


def _readable(name: str, path: str, info: Mapping[str, Any]) -> bool:
    """Whether it is an object with content, and none that is hidden below what was asked for."""
    inner = name.removeprefix(path)
    hidden = any(part.startswith((".", "_")) for part in inner.split("/"))
    return info.get("type") != "directory" and bool(info.get("size", 1)) and not (hidden and name != path)


def _version(info: Mapping[str, Any]) -> str:
    mark = next((str(info[key]) for key in _VERSIONS if info.get(key)), "")
    return hashlib.sha256(mark.encode()).hexdigest()[:16] if mark else ""


def _day(info: Mapping[str, Any]) -> str:
    """Give the day on which an object was written, "" where its store does not say."""
    written = next((info[key] for key in _WRITTEN if info.get(key)), None)
    if isinstance(written, int | float):
        written = datetime.fromtimestamp(written, UTC)
    return written.date().isoformat() if isinstance(written, datetime) else str(written or "")[:10]


def _found(url: str) -> tuple[Any, str]:
    if url.lower().startswith(("http://", "https://")):
        raise ConfigError(f"{_shown(url)}: a page of the web and no store; fetch it first, and name the file")
    try:
        from fsspec.core import url_to_fs

        fs, path = url_to_fs(url)
    except ModuleNotFoundError:
        raise ConfigError(
            f"{_shown(url)}: an address of a store; pip install 'pytest-contracts[archive]'"
        ) from None
    except (ImportError, ValueError) as error:
        raise ConfigError(f"{_shown(url)}: {safe_text(str(error), 160)}") from None
    return fs, path


def _shown(url: str) -> str:
    return safe_text(_CREDENTIALS.sub("", url), 200)


def _why(error: Exception) -> str:
    """Say what a store said, in one line without an address that could hold a key."""
    said = str(error).partition("\n")[0] or type(error).__name__
    return safe_text(re.sub(r"\S+://\S+", "the address", said), 160)
