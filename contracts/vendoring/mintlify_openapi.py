"""Mintlify pages that embed an OpenAPI document: the word of the vendor himself, taken as it stands.

The page's `.md` form ends in a fenced YAML block whose info line names file, method and path. The block is
a whole OpenAPI document cut down to one operation.
Source: the `.md` pages of docs.usealmanac.com and docs.nimbleway.com.
"""

from __future__ import annotations

import re
from typing import Final

from contracts.errors import PageError, SpecError
from contracts.model import Json
from contracts.spec.document import Document, read_document
from contracts.vendoring.fences import Fence, fences
from contracts.vendoring.page import Extraction, Page, unread

PLATFORM: Final = "mintlify-openapi"
_OPENAPI = re.compile(r"""^(?:openapi|"openapi"|'openapi'|\{\s*"openapi")\s*:\s*['"]?(\S+?)['"]?,?\s*$""")
_NOTE = re.compile(r"^(?:> ## Documentation Index|> Fetch the complete documentation index at:.*"
                   r"|> Use this file to discover .*|#+ .*|> .*|\s*)$")  # fmt: skip


def find(page: Page) -> Fence | None:
    """Give the block that holds an OpenAPI document, or None."""
    return next((f for f in fences(page) if any(map(_OPENAPI.match, f.lines))), None)


def extract(page: Page, reason: str) -> Extraction:
    """Take the embedded document as it stands; PageError names the line that cannot be read."""
    fence = find(page)
    if fence is None:
        raise page.fail(0, "no fenced block holds an OpenAPI document")
    document = _read(page, fence)
    outside = [n for n in range(1, len(page.lines) + 1) if not fence.line <= n <= fence.end]
    left = [n for n in outside if not _NOTE.match(page.lines[n - 1])]
    return Extraction(_operations(page, fence, document), PLATFORM, reason, unread(page, left))


def _read(page: Page, fence: Fence) -> Document:
    """Read the block; lines of errors count from the top of the page."""
    text = "\n" * fence.line + "\n".join(fence.lines)
    try:
        return read_document(page.name, text.encode("utf-8", "surrogatepass"), lines=False)
    except SpecError as error:
        raise PageError(str(error)) from None


def _operations(page: Page, fence: Fence, document: Document) -> Json:
    value = document.value
    if not isinstance(value, dict) or not isinstance(value.get("paths"), dict):
        raise page.fail(fence.line, "the fenced block holds no OpenAPI paths")
    return value
