"""Files that are no page, document or recording that is read: told by what they are, with a way on."""

from __future__ import annotations

import json
import re
from typing import Final

_UNPACK: Final = "unpack it and name the files in it"
_PAGE: Final = (
    "add the vendor's OpenAPI document, a reference page as HTML or Markdown, or recordings with --from"
)
_STARTS: Final = (
    (rb"PK\x03\x04", "a ZIP archive", _UNPACK),
    (rb"\x1f\x8b|BZh\d|\xfd7zXZ|\x28\xb5\x2f\xfd", "compressed", _UNPACK),
    (rb"%PDF-", "a PDF", _PAGE),
    (rb"\x89PNG|\xff\xd8\xff|GIF8", "a picture", _PAGE),
    (rb"\xd0\xcf\x11\xe0", "an Office document", _PAGE),
)
_GRAPHQL: Final = (
    r'''(?s)\s*(?:(?:#[^\n]*\n|"""(?:(?!""").)*""")\s*)*'''
    r"""(?:schema\s*\{|type \w+[^={\n]*\{|scalar \w|directive @)"""
)
_WORDS: Final = (
    (r"#%RAML ", "a RAML document"),
    (r"""(?s)(?:\s*//[^\n]*\n)*\s*syntax\s*=\s*["']proto[23]["']""", "a Protocol Buffers file"),
    (r"(?s)\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:\w+:)?definitions\b", "a WSDL document"),
    (r"(?s)\s*(?:<\?xml[^>]*>\s*)?<(?:\w+:)?application\b[^>]*wadl", "a WADL document"),
    (_GRAPHQL, "a GraphQL schema"),
    (r"""(?m)\A(?:(?:#[^\n]*|---)?\n)*["']?asyncapi["']?\s*:""", "an AsyncAPI document"),
)
_KEYS: Final = (
    ({"asyncapi"}, "an AsyncAPI document"),
    ({"swaggerVersion"}, "a Swagger 1 document"),
    ({"openrpc"}, "an OpenRPC document"),
    ({"arazzo"}, "an Arazzo description"),
    ({"overlay", "actions"}, "an OpenAPI Overlay"),
    ({"__schema"}, "a GraphQL schema"),
    ({"smithy"}, "a Smithy model"),
    ({"discoveryVersion", "kind"}, "a Google discovery document"),
    ({"info", "item"}, "a Postman collection"),
    ({"_type", "resources"}, "an Insomnia export"),
)


def foreign(data: bytes) -> str:
    """Say what a file is that cannot be read, and what to do; "" for one that may be read."""
    if not data.strip():
        return "is empty"
    for pattern, kind, advice in _STARTS:
        if re.match(pattern, data):
            return f"is {kind}; {advice}"
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    if text.lstrip()[:1] in {"{", "["}:
        return _json(text)
    for words, kind in _WORDS:
        if re.match(words, text[:20_000], re.MULTILINE):
            return f"is {kind}, which is not read; {_PAGE}"
    return ""


def _json(text: str) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if isinstance(value, list):
        return f"is a JSON list; {_PAGE}"
    keys = set(value) | set(value["data"] if isinstance(value.get("data"), dict) else ())
    kind = next((kind for known, kind in _KEYS if known <= keys), "")
    return f"is {kind}, which is not read; {_PAGE}" if kind and not keys & {"openapi", "swagger"} else ""
