"""Media types: which entry of a response's `content` a content type means, and which of them are JSON."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from contracts.model import Pointer


@lru_cache(maxsize=256)
def plain(content_type: str) -> str:
    """Give the type without parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def is_json(media: str) -> bool:
    """Whether a media type is JSON by RFC 6839: `application/json` or a `+json` suffix."""
    return media.endswith(("/json", "+json"))


def choose(content: Mapping[str, Pointer | None], media: str) -> str | None:
    """Find the entry for a media type: exact, with parameters, by range, then any."""
    if media in content:
        return media
    by_plain = {plain(key): key for key in reversed(list(content))}
    for candidate in (media, f"{media.partition('/')[0]}/*", "*/*"):
        if candidate in by_plain:
            return by_plain[candidate]
    return None
