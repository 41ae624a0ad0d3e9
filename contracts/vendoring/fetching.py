"""Documents by their address: fetched into a folder, with the files that they refer to beside them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urljoin

from contracts.address import read_address
from contracts.errors import ConfigError, ContractsError
from contracts.live import Fetched, fetch_document
from contracts.secret import secret_name, secret_shape
from contracts.spec import read_document
from contracts.text import safe_text
from contracts.vendoring.bundling import collect
from contracts.vendoring.documents import OPENAPI, kind_of

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.[A-Za-z0-9]{1,8}\Z")


def is_address(word: str) -> bool:
    """Whether a word of the command line is an address, and no file."""
    return _ADDRESS.match(word) is not None and not Path(word).exists()


def download(url: str, folder: Path, fetch: Callable[[str], Fetched] = fetch_document) -> Path:
    """Fetch a document into a folder; gives its file. What it refers to below its address comes with it.

    ConfigError for an address that holds a key, since it is written down.
    """
    query = parse_qsl(read_address(url).query, keep_blank_values=True)
    if any(secret_name(name) or secret_shape(value) for name, value in query):
        raise ConfigError(
            f"{safe_text(url.partition('?')[0], 200)}: its query may hold a key; save it and name the file"
        )
    found = fetch(url)
    file = folder / _name(found)
    _write(file, found.data)
    if kind_of(found.data) == OPENAPI:

        def read(other: str) -> bytes | None:
            try:
                data = fetch(urljoin(found.url, other)).data
            except ContractsError:
                return None  # told as a file that is referred to and not there
            _write(folder / other, data)
            return data

        collect(file.name, read_document(file.name, found.data, lines=False).value, read)
    return file


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


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
