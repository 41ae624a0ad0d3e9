"""Writing a cassette: scanned, then whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets as random_names
from collections.abc import Iterable
from pathlib import Path

from contracts.errors import CassetteError
from contracts.interactions.formats import Cassette, dump
from contracts.interactions.redaction import Known, leaks
from contracts.secret import Secret
from contracts.text import safe_text


def cassette_path(home: Path, cassette: Cassette) -> Path:
    """Give where a cassette belongs: `<home>/cassettes/<operation>/<status>-<situation>.json`."""
    it = cassette.interaction
    status = it.response.status if it.response else 0
    return home / "cassettes" / it.operation / f"{status:03d}-{it.name}.json"


def save(
    cassette: Cassette,
    home: Path,
    secrets: Iterable[Secret | str] = (),
    published: frozenset[str] = frozenset(),
) -> Path:
    """Write a cassette below the provider's folder `home`; CassetteError when something in it looks secret.

    The bytes are scanned before they touch the disk, and a file is replaced whole or left as it was.
    """
    data = dump(cassette)
    path = cassette_path(home, cassette)
    found = list(leaks(data, Known.of(secrets), published))
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise CassetteError(f"{safe_text(path.name, 120)} is not written: {found[0]}{more} may be a secret")
    _inside(path, home)
    write_whole(path, data)
    return path


def _inside(path: Path, home: Path) -> None:
    """Refuse to leave the provider's folder, by a name or by a symbolic link."""
    if path.is_symlink() or not path.parent.resolve().is_relative_to(home.resolve()):
        raise CassetteError(
            f"{safe_text(str(path))}: leads out of {safe_text(str(home))}; nothing is written"
        )


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file at once: a temporary file only we can read, flushed to disk, renamed over the old one.

    Whatever fails, the old file is there whole, or the new one; CassetteError says what failed.
    """
    temporary = path.with_name(f".{path.name}.{random_names.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _fill(temporary, data)
        temporary.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        raise CassetteError(f"{safe_text(str(path))}: cannot be written: {error.strerror}") from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _fill(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
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
