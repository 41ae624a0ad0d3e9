"""What a request shows of an API: parameters, body, media types, and how the key travels; never the key.

Each part is a JSON value that a summary takes in as it takes bodies: below `value` nothing is kept as a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl

from contracts.address import read_address
from contracts.decode import decode
from contracts.model import Interaction, Json
from contracts.secret import secret_name
from contracts.vendoring.observed.paths import HOLE, segments_of

BODY, FORM, KEYS, MEDIA, PATH, QUERY = "body", "form", "keys", "media", "path", "query"
_WHOLE: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})\Z")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z-]{1,19}) \S")
_FOREIGN: Final = re.compile(r"csrf|xsrf|cookie", re.IGNORECASE)


def shown(interaction: Interaction, name: str) -> Iterator[tuple[str, Json]]:
    """Yield (part, value) of one request; of an answer other than a success only the media type counts."""
    response = interaction.response
    if response is None:
        return
    if media := _media(response.header("content-type")):
        yield MEDIA, {f"status-{response.status}": {media: True}}
    if not 200 <= response.status < 300:
        return
    yield PATH, _holes(name, segments_of(interaction))
    pairs = parse_qsl(read_address(interaction.request.url).query, keep_blank_values=True, max_num_fields=200)
    yield QUERY, _typed([(key, text) for key, text in pairs if not secret_name(key)])
    if keys := _keys(interaction, [key for key, _ in pairs if secret_name(key)]):
        yield KEYS, keys
    yield from _body(interaction)


def _media(text: str | None) -> str:
    media = (text or "").partition(";")[0].strip().lower()
    return media if re.fullmatch(r"[a-z]+/[a-z0-9.+-]{1,60}", media) else ""


def _holes(name: str, segments: tuple[str, ...]) -> Json:
    parts = zip(name.partition(" /")[2].split("/"), segments, strict=False)
    texts = [text[: len(text) - len(part) + len(HOLE)] for part, text in parts if HOLE in part]
    return {f"segment-{index}": {"value": _value(text)} for index, text in enumerate(texts, 1)}


def _typed(pairs: list[tuple[str, str]]) -> Json:
    """Give parameters with the types that their texts have; what comes twice is a list."""
    found: dict[str, Json] = {}
    for key, text in pairs:
        value = _value(text)
        held = found.get(key)
        found[key] = value if key not in found else [*(held if isinstance(held, list) else [held]), value]
    return found


def _value(text: str) -> Json:
    if _WHOLE.match(text):
        return int(text)
    return text == "true" if text in {"true", "false"} else text


def _keys(interaction: Interaction, in_query: list[str]) -> Json:
    """Say where keys travel: the field, and the word before the key; never the key."""
    found: dict[str, dict[str, Json]] = {"header": {}, "query": dict.fromkeys(in_query, True)}
    for name, value in interaction.request.headers:
        if name.lower() == "authorization":
            scheme = _SCHEME.match(value)
            found["header"]["Authorization"] = {scheme[1]: True} if scheme else True
        elif secret_name(name) and not _FOREIGN.search(name):
            found["header"][name] = True
    return {place: names for place, names in found.items() if names}


def _body(interaction: Interaction) -> Iterator[tuple[str, Json]]:
    body = interaction.request.body
    media = next((v for k, v in interaction.request.headers if k.lower() == "content-type"), "")
    if body and "x-www-form-urlencoded" in media:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        yield FORM, _typed([(key, text) for key, text in pairs if not secret_name(key)])
    elif body and "multipart" not in media:
        decoded = decode(body)
        if decoded.usable:
            yield BODY, decoded.value
