"""Writing a cassette: scanned, then whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from contracts.atomic import alone, write_whole
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
    try:
        with alone(home):
            write_whole(path, data, mode=0o600)
    except OSError as error:
        raise CassetteError(f"{safe_text(str(path))}: cannot be written: {error.strerror}") from None
    return path


def _inside(path: Path, home: Path) -> None:
    """Refuse to leave the provider's folder, by a name or by a symbolic link."""
    if path.is_symlink() or not path.parent.resolve().is_relative_to(home.resolve()):
        raise CassetteError(
            f"{safe_text(str(path))}: leads out of {safe_text(str(home))}; nothing is written"
        )
