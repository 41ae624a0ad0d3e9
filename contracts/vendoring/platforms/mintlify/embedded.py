"""Mintlify pages that embed an OpenAPI document: the word of the vendor himself, taken as it stands.

The page's `.md` form ends in a fenced YAML block whose info line names file, method and path. The block is a
whole OpenAPI document cut down to one operation; an older dialect (mintlify_older) is converted.
Two things are added to what stands there, both marked: a schema where a response has only examples, and the
meaning of a pseudo-property such as `<any other key>`.
Source: the `.md` pages of docs.usealmanac.com and docs.nimbleway.com.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from contracts.errors import PageError, SpecError
from contracts.model import Json
from contracts.spec import Document, read_document, upgraded
from contracts.vendoring.pages import Extraction, Fence, Page, Sample, fences_in, guess, inferred, unread
from contracts.vendoring.platforms.mintlify.older import convert, is_older

PLATFORM: Final = "mintlify-openapi"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BLOCK: Final = 1_500_000
MAX_NODES: Final = 40_000
_OPENAPI = re.compile(r"""^\s*(?:openapi|"openapi"|'openapi')\s*:\s*['"]?3\S*?['"]?,?\s*$""")
_ON_ONE_LINE = re.compile(r"""\{\s*"openapi"\s*:\s*"3.*"paths"\s*:""")
_PATH_ITEM = re.compile(  # a piece of a document: paths, without its head
    r"""\s*\{?\s*["']?/[^\s:"']*["']?\s*:\s*\{?\s*["']?(?:get|put|post|patch|delete)["']?\s*:\s"""
)
_OLDER = re.compile(r"^  ?(?:  )?path:\s*\S")
_NOTE = re.compile(r"^(?:> ?## Documentation Index|> Fetch the complete documentation index at:.*"
                   r"|> Use this file to discover .*|#+ .*|> .*|\s*)$")  # fmt: skip
_PSEUDO = re.compile(r"^(?:<.*>|\{.*\}|\[(?:key|name)\]|any other .*|\*)$", re.IGNORECASE)
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def find(page: Page) -> Fence | None:
    """Give the block that holds an OpenAPI document or its older dialect, or None."""
    return next((f for f in fences_in(page) if _holds(f)), None)


def _holds(fence: Fence) -> bool:
    if any(map(_OPENAPI.match, fence.lines)) or _ON_ONE_LINE.match("".join(fence.lines[:1])[:2000]):
        return True
    if _PATH_ITEM.match("\n".join(fence.lines[:8])[:2000]):
        return True
    starts = {line.rstrip() for line in fence.lines[:400] if line[:1].strip()}
    return "paths:" in starts and ("components:" in starts or any(map(_OLDER.match, fence.lines[:40])))


def extract(page: Page, reason: str) -> Extraction:
    """Take the embedded document; PageError names the line that cannot be read."""
    fence = find(page)
    if fence is None:
        raise page.fail(0, "no fenced block holds an OpenAPI document")
    value = _paths(page, fence, _read(page, fence))
    outside = [n for n in range(1, len(page.lines) + 1) if not fence.line <= n <= fence.end]
    left = [n for n in outside if not _NOTE.match(page.lines[n - 1])]
    return Extraction(_meant(value, page, fence), PLATFORM, reason, unread(page, left))


def _read(page: Page, fence: Fence) -> Document:
    """Read the block; lines of errors count from the top of the page."""
    text = "\n" * fence.line + "\n".join(fence.lines)
    if len(text) > MAX_BLOCK:
        raise page.fail(
            fence.line, f"the fenced block has {len(text):,} characters, over the limit of {MAX_BLOCK:,}"
        )
    _bound(page, fence, text)
    try:
        return read_document(page.name, text.encode("utf-8", "surrogatepass"), lines=False)
    except SpecError as error:
        raise PageError(str(error)) from None


def _bound(page: Page, fence: Fence, text: str) -> None:
    """Count the nodes of the block with its aliases expanded; a block of one operation has a few thousand."""
    sizes: dict[str, int] = {}
    open_: list[tuple[str, int]] = []
    total = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.CollectionEndEvent):
                anchor, before = open_.pop()
                sizes.update({anchor: total - before} if anchor else {})
            elif isinstance(event, yaml.NodeEvent):
                total += sizes.get(event.anchor or "", 1) if isinstance(event, yaml.AliasEvent) else 1
                if isinstance(event, yaml.CollectionStartEvent):
                    open_.append((event.anchor or "", total - 1))
            if total > MAX_NODES:
                raise page.fail(
                    fence.line,
                    f"the fenced block has more than {MAX_NODES:,} nodes, over the limit for one operation",
                )
    except yaml.YAMLError:
        return  # read_document says what is wrong, and where


def _paths(page: Page, fence: Fence, document: Document) -> dict[str, Json]:
    value = document.value
    if isinstance(value, dict) and value and all(str(key).startswith("/") for key in value):
        info = {"title": _title(page, fence) or page.name, "version": "unstated"}
        value = {"openapi": "3.0.3", "info": info, "paths": value}
    if not isinstance(value, dict) or not isinstance(value.get("paths"), dict) or not value["paths"]:
        raise page.fail(fence.line, "the fenced block holds no OpenAPI paths")
    if is_older(value):
        return _converted(value, page, fence)
    if not any(str(path).startswith("/") for path in value["paths"]):
        raise page.fail(fence.line, "no path of the fenced block starts with '/'")
    return value if "openapi" in value else {"openapi": "3.1.0", **value}


def _converted(value: dict[str, Json], page: Page, fence: Fence) -> dict[str, Json]:
    try:
        return convert(value, page, _title(page, fence))
    except (AttributeError, TypeError, ValueError):
        raise page.fail(
            fence.line, "the fenced block is neither OpenAPI nor the older dialect as we know it"
        ) from None


def _title(page: Page, fence: Fence) -> str:
    heads = (line for line in page.lines[: fence.line] if re.match(r"^#\s+\S", line))
    return next(heads, "").lstrip("# ").strip()


def _meant(value: dict[str, Json], page: Page, fence: Fence) -> Json:
    """Write the document as 3.1, pseudo-properties as what they mean, lone examples as schemas."""
    if not str(value.get("openapi", "")).startswith("3.1") or any(
        "nullable:" in line for line in fence.lines
    ):
        try:
            value = upgraded(value)
        except SpecError as error:
            raise page.fail(fence.line, str(error)) from None
    lines = _Lines(fence)
    for path in value["paths"].values():
        for method in _METHODS:
            operation = path.get(method) if isinstance(path, dict) else None
            responses = operation.get("responses") if isinstance(operation, dict) else None
            for response in responses.values() if isinstance(responses, dict) else ():
                _with_schema(response, lines)
    return _without_pseudo(value, lines)


class _Lines:
    """Finds the line of a word in the block."""

    def __init__(self, fence: Fence) -> None:
        self.fence = fence

    def of(self, word: str) -> int:
        """Give the page's line of the first `word:`, else the line of the fence."""
        for number, line in enumerate(self.fence.lines, self.fence.line + 1):
            if word in line:
                return number
        return self.fence.line


def _with_schema(response: Json, lines: _Lines) -> None:
    content = response.get("content") if isinstance(response, dict) else None
    for media, one in content.items() if isinstance(content, dict) else ():
        if not isinstance(one, dict) or one.get("schema") or "json" not in str(media):
            continue
        named = one["examples"].values() if isinstance(one.get("examples"), dict) else ()
        values = [e["value"] for e in named if isinstance(e, dict) and "value" in e]
        values += [one["example"]] if "example" in one else []
        line = lines.of("examples:" if named else "example:")
        if values:
            one["schema"] = inferred([Sample(v, line, line) for v in values])


def _without_pseudo(value: Json, lines: _Lines, inside: str = "") -> Json:
    """Read a pseudo-property as the schema of all further properties."""
    if isinstance(value, list):
        return [_without_pseudo(item, lines) for item in value]
    if not isinstance(value, dict) or inside in {"example", "examples", "default", "enum"}:
        return value
    result = {k: _without_pseudo(v, lines, "" if inside == "properties" else k) for k, v in value.items()}
    properties = result.get("properties")
    if inside != "properties" and isinstance(properties, dict):
        for name in [n for n in properties if _PSEUDO.match(n)]:
            result = _open(result, name, lines.of(name))
    return result


def _open(schema: dict[str, Json], name: str, line: int) -> dict[str, Json]:
    properties = dict(schema["properties"])
    meant = properties.pop(name)
    result = {**schema, "properties": properties, "additionalProperties": meant}
    if isinstance(result.get("required"), list):
        result["required"] = [r for r in result["required"] if r != name]
    if not properties:
        del result["properties"]
    return guess(result, line, "additionalProperties")
