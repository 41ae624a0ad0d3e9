"""Writing a file: whole or not at all, whatever fails and whenever the process ends."""

from __future__ import annotations

import contextlib
import os
import secrets as random_names
from pathlib import Path


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
