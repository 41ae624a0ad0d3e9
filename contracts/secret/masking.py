"""The one masking of text that leaves: whatever looks like a credential becomes a fixed word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from contracts.model import Json
from contracts.secret.entropy import entropic_spans
from contracts.secret.names import may_name, secret_name
from contracts.secret.shapes import replace_spans, shape_spans
from contracts.secret.told import hide, told

MASK: Final = "[hidden]"
_NAMED = re.compile(
    r"""(?<![\w.-])([\w.-]{3,80}+)\\{0,8}["']?\s{0,3}[:=]\s{0,3}\\{0,8}["']?(?:(?:bearer|basic|digest)\s{1,3})?""",
    re.IGNORECASE,
)
_VALUE = re.compile(r"\S{8,}")
_WORD = re.compile(r"(?:[A-Z]?[a-z]{1,15}(?:['-][a-z]{1,15})*|[A-Z]{1,15})[.,;:!?)\"']*")


def without_keys(text: str) -> str:
    """Replace the keys of the environment alone."""
    return hide(text, MASK)


def keyless(value: Json) -> Json:
    """Give a document without the keys of the environment, in its texts and its names."""
    return _keyless(value) if told() is not None else value


def _keyless(value: Json) -> Json:
    if isinstance(value, dict):
        return {without_keys(key): _keyless(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_keyless(one) for one in value]
    return without_keys(value) if isinstance(value, str) else value


def mask(text: str) -> str:
    """Replace every part that looks like a credential, or is a key of the environment, by a fixed word."""
    text = hide(text, MASK)
    if len(text) < 12:
        return text
    if ("=" in text or ":" in text) and may_name(text):
        text = replace_spans(text, _named_spans(text), lambda _: MASK)
    for find in (shape_spans, entropic_spans):
        text = replace_spans(text, find(text), lambda _: MASK)
    return text


def _named_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield what stands behind secret names, to the next blank; a plain word is no secret."""
    last = 0
    for match in _NAMED.finditer(text):
        if match.start() >= last and not text.startswith("//", match.end()) and secret_name(match[1]):
            value = _VALUE.match(text, match.end())
            if value and not _WORD.fullmatch(value[0]):
                last = value.end()
                yield value.span()
