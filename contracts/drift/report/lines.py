"""The lines of a JSON document, found only when a finding wants to name one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from contracts.model import Pointer
from contracts.spec import Document, read_document

_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"(?:[ \t\r]*:)?|[{}\[\],:\n]')


def read_late(name: str, data: bytes) -> Document:
    """Read a document with its lines; those of JSON are counted late, since few are ever asked for."""
    if data.lstrip()[:1] in (b"{", b"["):
        plain = read_document(name, data, lines=False)
        return plain if plain.lines else Document(name, plain.value, Late(data))
    return read_document(name, data)


class Late(Mapping[str, int]):
    """Pointer text to line, counted on the first question."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._lines: dict[str, int] | None = None

    def _counted(self) -> dict[str, int]:
        if self._lines is None:
            self._lines = lines_of(self._data.decode("utf-8-sig"))
        return self._lines

    def __getitem__(self, pointer: str) -> int:
        return self._counted()[pointer]

    def __iter__(self) -> Iterator[str]:
        return iter(self._counted())

    def __len__(self) -> int:
        return len(self._counted())


def lines_of(text: str) -> dict[str, int]:
    """Give the line (1-based) of every key and item of well-formed JSON text, by pointer."""
    lines = {"": 1}
    line, at, stack = 1, "", list[tuple[str, int]]()
    index, key, child, line_of_key = -1, "", "", 1
    for token in _TOKEN.findall(text):
        if token == "\n":
            line += 1
        elif token[-1] == '"':
            key, line_of_key = token, line
        elif token[-1] == ":":
            if token != ":":  # else it stands on a later line than its key
                key, line_of_key = token[:-1].rstrip(), line
            name = key[1:-1] if "\\" not in key else json.loads(key)
            child = at + str(Pointer((name,))) if "/" in name or "~" in name else f"{at}/{name}"
            lines[child] = line_of_key
        elif token in "{[":
            if index >= 0:
                child = f"{at}/{index}"
                lines[child] = line
            stack.append((at, index))
            at, index = child if stack[1:] else "", 0 if token == "[" else -1
        elif token in "}]":
            at, index = stack.pop()
        elif index >= 0:
            index += 1
    return lines
