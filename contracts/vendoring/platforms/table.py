"""The documentation platforms we read, and how a page shows which one it comes from."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from contracts.errors import PageError, SpecError, UnknownName
from contracts.text import show
from contracts.vendoring.pages import Extraction, Page, html, read_page, split_page, unglued
from contracts.vendoring.platforms.checked import checked
from contracts.vendoring.platforms.left import content_left
from contracts.vendoring.platforms.mintlify import embedded as mintlify_openapi
from contracts.vendoring.platforms.mintlify import rendered
from contracts.vendoring.platforms.prose import reader as prose
from contracts.vendoring.platforms.stainless import reference as stainless

MAX_LOOSE: Final = 5_000
_SHOWN: Final = re.compile(
    r"""(?:spec-url|data-url)\s*=\s*["']([^"'\s]+)["']|\burl["']?\s*:\s*["']([^"'\s]+\.(?:json|ya?ml)[^"'\s]*)["']"""
)
"""How Swagger UI, Redoc and Scalar name the document that they show."""


class Platform(NamedTuple):
    """A platform: its name, the sentence that says why a page is one of it (or ""), its extractor.

    `provenance` is that of the facts on its pages: what is typed is derived, what is concluded is inferred.

    `labels` says that an HTML page of it is read label by label, not as Markdown; `grammar` that its pages
    follow a grammar, so that long ones are read too.
    """

    name: str
    recognise: Callable[[Page], str]
    extract: Callable[[Page, str], Extraction]
    provenance: str
    labels: bool = False
    grammar: bool = False


def _embedded(page: Page) -> str:
    fence = mintlify_openapi.find(page)
    return f"line {fence.line} opens a fenced block that holds an OpenAPI document" if fence else ""


def _bulleted(page: Page) -> str:
    line = stainless.find(page)
    return f"line {line} names method and path the way Stainless references do" if line else ""


PLATFORMS: Final = (
    Platform(mintlify_openapi.PLATFORM, _embedded, mintlify_openapi.extract, "published", grammar=True),
    Platform(stainless.PLATFORM, _bulleted, stainless.extract, "derived", grammar=True),
    Platform(rendered.PLATFORM, rendered.recognise, rendered.extract, "derived", labels=True),
    Platform(prose.PLATFORM, prose.recognise, prose.extract, "inferred"),
)
PROVENANCES: Final = {one.name: one.provenance for one in PLATFORMS}


def extract(data: bytes, name: str, platform: str | None = None) -> Extraction:
    """Turn a reference page into an OpenAPI 3.1 document; `platform` overrides the detection.

    PageError says in one sentence what cannot be read, with the line. Lines of an HTML page are those of its
    text, not of its source.
    """
    page = read_page(name, data)
    if platform is not None and platform not in {p.name for p in PLATFORMS}:
        raise UnknownName("platform", platform, [p.name for p in PLATFORMS])
    try:
        return checked(name, _extract(page, platform))
    except PageError:
        raise
    except (SpecError, RecursionError) as error:
        raise PageError(
            str(error) if isinstance(error, SpecError) else f"{name}: nested too deeply"
        ) from None


def _extract(page: Page, platform: str | None) -> Extraction:
    texts = _texts(page)
    for candidate in PLATFORMS:
        text = texts[candidate.labels]
        if not candidate.grammar and len(text.lines) > MAX_LOOSE and platform in {None, candidate.name}:
            raise page.fail(
                0,
                f"{len(text.lines):,} lines, over the limit of {MAX_LOOSE:,} for a page of this kind",
            )
        if platform is not None and candidate.name == platform:
            return content_left(text, candidate.extract(text, "the platform was given"))
        reason = candidate.recognise(text) if platform is None else ""
        if reason:
            return content_left(text, candidate.extract(text, reason))
    raise page.fail(0, f"nothing on this page looks like a documentation platform we read{_instead(page)}")


def _instead(page: Page) -> str:
    """Say what to take in place of a page that a script fills in: the document that it shows, if named."""
    source = "\n".join(page.lines)
    if "<script" not in source:
        return ""
    if found := _SHOWN.search(source):
        return f"; it shows the document at {show(next(filter(None, found.groups())))}: add that"
    return "; a script fills it in: save it from the browser once it shows, or copy it as Markdown"


def _texts(page: Page) -> dict[bool, Page]:
    """Give the page as Markdown and label by label; the same page twice when it is no HTML."""
    source = "\n".join(page.lines)
    if not html.is_html(source):
        page = Page(page.name, unglued(page.lines))
        return {False: page, True: page}
    return {
        False: split_page(page.name, html.markdown(source, page.name)),
        True: split_page(page.name, html.lines(source, page.name)),
    }
