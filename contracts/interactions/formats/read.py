"""One door to all recordings that are read: the format is told by what the file holds."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from contracts.address import read_address
from contracts.errors import CassetteError
from contracts.interactions.formats.cassette import read_cassette
from contracts.interactions.formats.har import OnProblem, read_har, refuse
from contracts.interactions.formats.jsonl import read_jsonl
from contracts.interactions.formats.stream import open_bytes
from contracts.interactions.formats.vcr import read_vcr
from contracts.model import Interaction
from contracts.text import safe_text

_OWN = re.compile(rb'\s*\{\s*"format"\s*:\s*"contracts-cassette/')
_HAR = re.compile(rb'\s*\{\s*"log"\s*:')
_VCR = re.compile(rb'(?:^|\n|\{|,)\s*"?(?:http_)?interactions"?\s*:')
_LINES = re.compile(rb"\s*\{[^\n]*\}[ \t\r]*(?:\n|\Z)")


def format_of(head: bytes) -> str:
    """Tell a recording's format from its first bytes: own, har, vcr or jsonl; the empty string for none."""
    bare = head.removeprefix(b"\xef\xbb\xbf")
    if _OWN.match(bare):
        return "own"
    if _HAR.match(bare):
        return "har"
    if _VCR.search(bare[:4096]):
        return "vcr"
    return "jsonl" if _LINES.match(bare) or (bare.lstrip()[:1] == b"{" and b"\n" not in bare.strip()) else ""


def read_recording(
    source: Path | bytes,
    name: str = "recording",
    *,
    fields: Mapping[str, str] = MappingProxyType({}),
    on_problem: OnProblem = refuse,
) -> Iterator[Interaction]:
    """Yield the interactions of a recording in any format we read; CassetteError when it is none of them.

    An interaction whose address is none keeps its place: it has no response, and says why.
    """
    for one in _interactions(source, name, fields, on_problem):
        fault = read_address(one.request.url).fault
        yield replace(one, response=None, failure=f"its address cannot be used: {fault}") if fault else one


def _interactions(
    source: Path | bytes, name: str, fields: Mapping[str, str], on_problem: OnProblem
) -> Iterator[Interaction]:
    name = source.as_posix() if isinstance(source, Path) else name
    with open_bytes(source, name) as stream:
        try:
            kind = format_of(stream.read(65536))
        except (OSError, EOFError, zlib.error) as error:
            raise CassetteError(f"{safe_text(name)}: cannot be read: {safe_text(str(error), 80)}") from None
    if kind == "own":
        yield read_cassette(source, name)
    elif kind == "har":
        yield from read_har(source, name, on_problem=on_problem)
    elif kind == "vcr":
        yield from read_vcr(source, name, on_problem=on_problem)
    elif kind == "jsonl":
        yield from read_jsonl(source, name, fields=fields, on_problem=on_problem)
    else:
        raise CassetteError(
            f"{safe_text(name)}: none of the formats read here: cassette, HAR, VCR, JSON lines"
        )
