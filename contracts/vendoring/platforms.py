"""The documentation platforms we read, and how a page shows which one it comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from contracts.errors import UnknownName
from contracts.vendoring import mintlify_openapi, rendered, stainless
from contracts.vendoring.page import Extraction, Page, read_page


class Platform(NamedTuple):
    """A platform: its name, the sentence that says why a page is one of it (or ""), and its extractor."""

    name: str
    recognise: Callable[[Page], str]
    extract: Callable[[Page, str], Extraction]


def _embedded(page: Page) -> str:
    fence = mintlify_openapi.find(page)
    return f"line {fence.line} opens a fenced block that holds an OpenAPI document" if fence else ""


def _bulleted(page: Page) -> str:
    line = stainless.find(page)
    return f"line {line} names method and path the way Stainless references do" if line else ""


PLATFORMS: Final = (
    Platform(mintlify_openapi.PLATFORM, _embedded, mintlify_openapi.extract),
    Platform(stainless.PLATFORM, _bulleted, stainless.extract),
    Platform(rendered.PLATFORM, rendered.recognise, rendered.extract),
)


def extract(data: bytes, name: str, platform: str | None = None) -> Extraction:
    """Turn a reference page into an OpenAPI 3.1 document; `platform` overrides the detection.

    PageError says in one sentence what cannot be read, with the line.
    """
    page = read_page(name, data)
    if platform is not None:
        chosen = next((p for p in PLATFORMS if p.name == platform), None)
        if chosen is None:
            raise UnknownName("platform", platform, [p.name for p in PLATFORMS])
        return chosen.extract(page, "the platform was given")
    for candidate in PLATFORMS:
        reason = candidate.recognise(page)
        if reason:
            return candidate.extract(page, reason)
    raise page.fail(0, "nothing on this page looks like a documentation platform we read")
