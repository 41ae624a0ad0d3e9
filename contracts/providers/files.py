"""Batches out of files: bodies as they were received, or recordings whose requests say whose answer it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contracts.address import read_address
from contracts.batch import Batch
from contracts.decode import decode
from contracts.errors import CassetteError, ConfigError, NormalizationError
from contracts.interactions import is_traffic, read_recording
from contracts.model import Interaction
from contracts.providers import NORMALIZERS, normalizer
from contracts.spec import Provider
from contracts.text import either, safe_text, show

BODIES: Final = frozenset({".json", ".jsonl", ".ndjson"})
"""Files of a folder that may hold bodies; recordings are told by what they hold."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one body turned out to be: a batch, or the sentence that says why it is none."""

    name: str
    provider: str
    batch: Batch | None = None
    problem: str = ""


def read_path(path: Path, provider: str, vendors: Mapping[str, Provider]) -> Iterator[Reading]:
    """Yield the batches of a file, or of all files of a folder; see `read_data`.

    In a folder, what is neither a recording nor, with a provider, a body is left out.
    """
    if not path.is_dir():
        yield from read_data(_content(path), path.name, provider, vendors)
        return
    for file in sorted(path.rglob("*")):
        body = _content(file) if file.is_file() else b""
        if is_traffic(body[:65536]) or (provider and file.suffix in BODIES):
            yield from read_data(body, file.name, provider, vendors)


def read_data(body: bytes, name: str, provider: str, vendors: Mapping[str, Provider]) -> Iterator[Reading]:
    """Yield the batches of a body, of JSON lines, or of a recording.

    `provider` may be "" for a recording, whose requests tell; `vendors` are those whose operations a request
    is looked up in. ConfigError for a bare body without a provider, UnknownName for one without a normalizer.
    """
    name = safe_text(name, 60)
    if is_traffic(body[:65536]):
        yield from _recorded(body, name, provider, vendors)
    elif not provider:
        raise ConfigError(f"{name}: whose answer is it? Name the provider: --provider, or PROVIDER=FILE")
    elif lines := _json_lines(body):
        yield from (read_body(f"{name}:{number}", provider, line) for number, line in lines)
    else:
        yield read_body(name, provider, body)


def read_body(name: str, provider: str, body: bytes) -> Reading:
    """Decode a body strictly and normalize it; only a byte order mark is forgiven, for it hides nothing."""
    normalize = normalizer(provider)
    decoded = decode(body, max_bytes=max(len(body), 1))
    fault = next((one for one in decoded.faults if one.rule != "byte-order-mark"), None)
    if fault is not None:
        return Reading(name, provider, problem=fault.message)
    try:
        return Reading(name, provider, normalize(decoded.value))
    except NormalizationError as error:
        return Reading(name, provider, problem=str(error))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{safe_text(path.name, 60)}: cannot be read: {error.strerror}") from None


def _json_lines(body: bytes) -> list[tuple[int, bytes]]:
    """Give the lines, numbered from 1, where there are several and each is an object; else nothing."""
    listed = enumerate(body.removeprefix(b"\xef\xbb\xbf").splitlines(), 1)
    lines = [(number, line.strip()) for number, line in listed if line.strip()]
    several = len(lines) > 1 and all(line.startswith(b"{") and line.endswith(b"}") for _, line in lines)
    return lines if several else []


def _recorded(body: bytes, name: str, provider: str, vendors: Mapping[str, Provider]) -> Iterator[Reading]:
    """Read answer by answer; a recording that breaks off has told what came before."""
    try:
        for interaction in read_recording(body, name):
            at_home = [provider] if provider else _at_home(interaction, vendors)
            owners = at_home if provider else _owners(interaction, at_home, vendors)
            if len(owners) > 1:
                yield Reading(name, "?", problem=f"whose answer is it, {either(owners)}? Name it: --provider")
            elif not at_home:
                host = show(read_address(interaction.request.url).host)
                yield Reading(name, "?", problem=f"{host} is no known vendor's server; name one: --provider")
            elif owners and owners[0] in NORMALIZERS and interaction.response is not None:
                yield _answer(name, owners[0], interaction)
    except CassetteError as error:
        yield Reading(name, provider or "?", problem=str(error).removeprefix(f"{name}: "))


def _at_home(interaction: Interaction, vendors: Mapping[str, Provider]) -> list[str]:
    """Find the vendors whose server a request went to."""
    return [key for key, one in vendors.items() if one.spec.router.serves(interaction.request.url)]


def _owners(interaction: Interaction, at_home: list[str], vendors: Mapping[str, Provider]) -> list[str]:
    """Find those of them that know an operation for the request."""
    request = interaction.request
    return [key for key in at_home if vendors[key].spec.find(request.method, request.url)]


def _answer(name: str, provider: str, interaction: Interaction) -> Reading:
    response = interaction.response
    if response is None or not 200 <= response.status < 300:
        status = "no answer" if response is None else f"status {response.status}"
        return Reading(name, provider, problem=f"{status}: not an answer with a batch in it")
    return read_body(name, provider, response.body)
