"""Documents by their address: fetched into a folder, with the files that they refer to beside them."""

from __future__ import annotations

import posixpath
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urljoin

from contracts.address import read_address
from contracts.errors import ConfigError, ContractsError
from contracts.live import Fetched, fetch_document
from contracts.secret import secret_name, secret_shape
from contracts.text import safe_text
from contracts.vendoring.documents import kind_of, parts_of

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
PATIENCE: Final = 300
"""Seconds that all files of one document may take to be fetched."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.[A-Za-z0-9]{1,8}\Z")


def is_address(word: str) -> bool:
    """Whether a word of the command line is an address, and no file."""
    return _ADDRESS.match(word) is not None and not Path(word).exists()


def download(url: str, folder: Path) -> Path:
    """Fetch a document into a folder; gives its file. What it refers to below its address comes with it.

    ConfigError for an address that holds a key, since it is written down.
    """
    query = parse_qsl(read_address(url).query, keep_blank_values=True)
    if any(secret_name(name) or secret_shape(value) for name, value in query):
        raise ConfigError(
            f"{safe_text(url.partition('?')[0], 200)}: its query may hold a key; save it and name the file"
        )
    found = fetch_document(url)
    file = folder / _name(found)
    parts = parts_at(found.url, found.data, lambda other: fetch_document(other).data)
    for path, data in {file: found.data, **{folder / name: data for name, data in parts.items()}}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return file


def parts_at(url: str, data: bytes, fetch: Callable[[str], bytes]) -> Mapping[str, bytes]:
    """Fetch the other files of a document, by their path relative to it; one that fails is left out.

    ConfigError where all of them together take too long.
    """
    until = time.monotonic() + PATIENCE

    def read(other: str) -> bytes | None:
        if time.monotonic() > until:
            said = f"its other files took longer than {PATIENCE} s; save them beside it and name the file"
            raise ConfigError(f"{safe_text(url.partition('?')[0], 200)}: {said}")
        try:
            return fetch(urljoin(url, other))
        except ContractsError:
            return None  # told as a file that is referred to and not there

    return parts_of(posixpath.basename(read_address(url).path), data, read).held


def _name(found: Fetched) -> str:
    """Name a file after the last part of its address, or after what it is."""
    last = posixpath.basename(unquote(read_address(found.url).path))
    if _NAME.match(last):
        return last
    start = found.data.lstrip()[:1]
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", last).strip("-")[:80]
    if kind_of(found.data):
        return f"{stem or 'openapi'}{'.json' if start == b'{' else '.yaml'}"
    return f"{stem or 'page'}{'.html' if start == b'<' else '.md'}"
