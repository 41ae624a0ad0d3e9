"""Writing a file: whole or not at all, whatever fails and whenever the process ends."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import secrets as random_names
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_HERE: Final = -100
"""AT_FDCWD: paths are relative to the working folder."""
_EXCHANGE: Final = 2
"""RENAME_EXCHANGE of renameat2."""


def cache_folder() -> Path:
    """Give the folder for what can be made anew: in XDG_CACHE_HOME, else in ~/.cache."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if Path(home).is_absolute() else Path("~/.cache").expanduser()) / "pytest-contracts"


def write_whole(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Replace a file at once: a temporary file beside it, flushed to disk, renamed over the old one.

    Whatever fails, the old file is there whole, or the new one; OSError names the file and says what failed.
    `mode` is subject to the umask. What is no regular file (a pipe, a terminal) is written to as it is.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name[:80]}.{random_names.token_hex(4)}.tmp")
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _fill(temporary, data, mode)
        temporary.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        raise OSError(error.errno or 0, error.strerror or str(error), str(path)) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def alone(folder: Path, timeout: float = 120, home: Path | None = None) -> Iterator[None]:
    """Hold a folder while something in it is read, changed and written: other processes of this machine wait.

    The lock is kept in `home`, else in the cache folder, or beside `folder` where there is none; where the
    file system has no locks it is done without. TimeoutError after so many seconds. Not to be nested.
    """
    from filelock import FileLock, Timeout

    target = os.path.realpath(folder)
    held = f"{hashlib.sha256(os.fsencode(target)).hexdigest()[:16]}.lock"
    with contextlib.ExitStack() as stack:
        for place in ((home or cache_folder() / "locks") / held, Path(f"{target}.lock")):
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                stack.enter_context(FileLock(place, timeout=timeout))
                break
            except Timeout:
                why = "another process of contracts writes there"
                raise TimeoutError(errno.ETIMEDOUT, why, str(folder)) from None
            except (OSError, NotImplementedError):
                continue
        yield


def exchange(made: Path, target: Path, before: Path) -> None:
    """Put a folder in the place of another, which moves to `before`; at once on Linux.

    Elsewhere the place is empty for a moment; a fault that passes puts the old folder back. OSError.
    """
    swap = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    if swap and swap(_HERE, os.fsencode(made), _HERE, os.fsencode(target), _EXCHANGE) == 0:
        os.rename(made, before)  # noqa: PTH104 -- as below
        return
    os.rename(target, before)  # noqa: PTH104 -- Path.rename would replace an empty folder made meanwhile
    try:
        os.rename(made, target)  # noqa: PTH104 -- as above
    except OSError:
        os.rename(before, target)  # noqa: PTH104 -- as above
        raise


def append_line(path: Path, line: bytes) -> None:
    """Add a line to a file; where that fails, the file is as it was. The caller holds the lock.

    What a killed process has left of a line is ended first, so that the next one is whole.
    """
    with path.open("a+b", buffering=0) as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(size - 1, 0))
        if stream.read(1) not in {b"", b"\n"}:
            line = b"\n" + line
        try:
            view = memoryview(line)
            while view:
                view = view[stream.write(view) :]
        except OSError:
            stream.truncate(size)
            raise


def remove_folder(path: Path) -> None:
    """Remove a folder with all that is in it, if it is there; a fault that passes leaves nothing behind."""
    for _ in range(2):
        with contextlib.suppress(OSError):
            shutil.rmtree(path)


def _fill(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_folder(folder: Path) -> None:
    """Make the new name durable; folders cannot be opened everywhere, and then the rename has to do."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
