"""Fields written as tags: Mintlify's ParamField and ResponseField, GitBook's swagger blocks and the like."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Final

from contracts.model import Json
from contracts.vendoring.pages import (
    Facets,
    Field,
    Listing,
    Page,
    made,
    read_facets,
)
from contracts.vendoring.platforms.prose.grammars.written import blueprint, fronted

_BRACES: Final = r"\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\}"
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>ParamField|ResponseField|RequestField|Expandable|Param|Property|ApiParam|SchemaField|Attribute|Parameter"
    r"|ParamsItem|SchemaItem|MethodEndpoint|TabItem)\b"
    r"(?P<attributes>(?:[^<>\"'{}]|\"[^\"]*\"|'[^']*'|" + _BRACES + r")*?)(?P<lone>/?)>"
    r"|\{%-?\s*(?P<end>end)?(?P<block>(?:swagger|api-method)(?:-[\w-]+)?)\b(?P<more>(?:[^%\"]|\"[^\"]*\")*)%\}"
)
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(" + _BRACES + r")|([\w.:/-]+)))?")
_FRAMES: Final = {"MethodEndpoint", "TabItem"}
_SCHEMA: Final = ("type", "format", "enum", "default", "items", "nullable")
_PARTS: Final = {
    "api-method-path-parameters": "path", "api-method-query-parameters": "query",
    "api-method-headers": "header", "api-method-body-parameters": "body",
    "api-method-form-data-parameters": "body",
}  # fmt: skip
_PLACES: Final = ("path", "query", "header", "body", "cookie")


@dataclass(slots=True)
class Tagged:
    """The fields of a page's tags by place ("path", "response", a status), and the page without them."""

    page: Page
    listings: dict[str, Listing] = field(default_factory=dict)

    def add(self, place: str, one: Field) -> None:
        """Put a field to its place."""
        self.listings.setdefault(place, Listing(line=one.line)).fields.append(one)

    def within(self, lines: range) -> dict[str, Listing]:
        """Give the fields that stand on these lines, by place."""
        found = {
            place: replace(listing, fields=[one for one in listing.fields if one.line in lines])
            for place, listing in self.listings.items()
        }
        return {place: listing for place, listing in found.items() if listing.fields}


def tagged(page: Page) -> Tagged:
    """Read the tags of a page; tags that state method and path become a line that does."""
    page = Page(page.name, blueprint(fronted(page.lines)))
    text = "\n".join(page.lines)
    if not _TAG.search(text):
        return _directed(Tagged(page)) if "::" in text else Tagged(page)
    found = Tagged(page)
    kept: list[str] = []
    open_: list[str] = []
    status = part = ""
    matches = list(_TAG.finditer(text))
    kept += [text[: matches[0].start()]]
    for index, match in enumerate(matches):
        end = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        behind = text[match.end() : end]
        line = text.count("\n", 0, match.start()) + 1 if index < 3000 else 0
        attributes = _attributes(match["attributes"] or match["more"] or "", match["name"], behind)
        shown = match[0]
        if match["block"]:
            status, shown = _block(match, attributes, status)
            part = "" if match["end"] else _PARTS.get(match["block"], part)
        if match["name"] in _FRAMES:
            status, statement = _frame(match, attributes, status)
            kept += [statement + _blank(shown), behind]
            continue
        if match["close"] or match["end"]:
            if match["name"] and match["name"] != "Expandable" and open_:
                open_.pop()
            if match["name"]:
                kept += [_blank(shown), behind]
                continue
        place, name = _placed(match, attributes, part)
        if name and not match["close"] and not match["end"]:
            _take(found, place or status or "response", name, attributes, behind, line, open_)
            if not match["lone"] and match["name"]:
                open_.append(name)
            kept += [_blank(shown), _blank(behind)]
        else:
            kept += [shown if match["block"] and shown != match[0] else _blank(shown), behind]
    found.page = Page(page.name, tuple("".join(kept).split("\n"))[: len(page.lines)])
    return found


def _blank(text: str) -> str:
    return "\n" * text.count("\n")


def _attributes(text: str, tag: str, behind: str) -> dict[str, str]:
    found = {
        m[1].lower(): next((_value(g) for g in m.groups()[1:] if g is not None), "true")
        for m in _ATTRIBUTE.finditer(text[:4000])
    }
    summed = _summed(behind) if tag == "SchemaItem" and found else {}
    return summed | found | _stated(found.get("param", ""))


def _value(text: str) -> str:
    """Give the value of an attribute without the braces and the quotes of a program around it."""
    inside = text[1:-1].strip() if text[:1] == "{" else text
    return inside[1:-1] if len(inside) > 1 and inside[0] == inside[-1] and inside[0] in "\"'`" else inside


def _object(text: str) -> dict[str, Json]:
    """Read an attribute that is one JSON object; {} when it is none."""
    try:
        value = json.loads(text) if text[:1] == "{" else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _stated(text: str) -> dict[str, str]:
    """Read a parameter that is written as one JSON object in an attribute."""
    one = _object(text)
    texts = {key: str(one[key]) for key in ("name", "in", "required") if key in one}
    return texts | ({"schema": json.dumps(one["schema"])} if isinstance(one.get("schema"), dict) else {})


def _block(match: re.Match[str], attributes: dict[str, str], status: str) -> tuple[str, str]:
    """Read a block of GitBook about a method: gives the status it opens and the line it stands for."""
    lines = "\n" * match[0].count("\n")
    if match["block"] in {"swagger", "api-method"} and not match["end"] and "path" in attributes:
        base = attributes.get("baseurl", attributes.get("host", ""))
        path, method = attributes["path"].replace("\\", ""), attributes.get("method", "get").upper()
        apart = re.match(r"https?://[^/]+/.", base) and path.startswith("/")
        said = f"{path} – base URL: {base}" if apart else f"{base.rstrip('/')}{path}"
        return "", f"{method} {said}{lines}"
    if match["block"] in {"swagger-response", "api-method-response-example"}:
        said = attributes.get("status", attributes.get("httpcode", ""))
        code = re.match(r"\d{3}", said)
        return ("" if match["end"] else code[0] if code else ""), (
            f"Response {said}{lines}" if not match["end"] else lines
        )
    return status, lines


def _frame(match: re.Match[str], attributes: dict[str, str], status: str) -> tuple[str, str]:
    """Read a tag around fields, as Docusaurus writes them: the status it opens, the line it stands for."""
    label = attributes.get("label", "")
    if match["name"] == "MethodEndpoint" and "path" in attributes:
        return "", f"{attributes.get('method', 'get').upper()} {attributes['path']}"
    if match["close"] or not re.fullmatch(r"[2-5]\d\d", label):
        return status, ""
    return label, f"### Response {label}"


def _summed(behind: str) -> dict[str, str]:
    """Read the summary of a member that has members: its name, its type, and whether it must be there."""
    told = re.search(
        r"<strong>\s*([\w.$-]+)\s*</strong>\s*(?:<span[^<>]*>\s*([^<>]*)</span>)?", behind[:1000]
    )
    if told is None:
        return {}
    required = re.search(r">\s*required\s*<", behind[:1000]) is not None
    return {"name": told[1], "type": (told[2] or "").strip(), "required": str(required)}


def _placed(match: re.Match[str], attributes: dict[str, str], part: str) -> tuple[str, str]:
    if match["block"]:
        known = match["block"] in {"swagger-parameter", "api-method-parameter"}
        listed = attributes.get("name", "").replace("\\", "")
        return (attributes.get("in", part or "query"), listed) if known else ("", "")
    if match["name"] == "Expandable":
        return "", ""
    place = next((p for p in _PLACES if p in attributes), "")
    name = attributes.get(place) if place else attributes.get("name", "")
    if not place and match["name"] in {
        "Param",
        "ParamField",
        "ApiParam",
        "Parameter",
        "RequestField",
        "ParamsItem",
    }:
        place = attributes.get("in", attributes.get("location", "query"))
    return place, str(name or "")


def _take(
    found: Tagged, place: str, name: str, attributes: dict[str, str], behind: str, line: int, open_: list[str]
) -> None:
    read = read_facets(attributes.get("type", ""))
    if stated := _object(attributes.get("schema", "")):
        kept = {str(key): stated[key] for key in _SCHEMA if key in stated}
        null = kept.pop("nullable", False) is True
        read = Facets(kept, typed="type" in kept, null=null)
    required = attributes.get("required")
    if required is not None:
        read.required = required.lower() not in {"false", "no"}
    else:
        read.required = bool(read.required)
    if attributes.get("nullable", "false") != "false":
        read.take(Facets(null=True))
    if attributes.get("default") not in {None, ""}:
        read.take(read_facets(f"default: `{attributes['default']}`"))
    prose = re.sub(r"\s+", " ", re.sub(r"</?[A-Za-z][^<>]{0,200}>", " ", behind[:2000])).strip()
    one = made(name.strip(), read, prose, line)
    one.name = ".".join([*open_, one.name]) if open_ else one.name
    found.add(place, one)


_DIRECTIVE = re.compile(
    r"^\s*:(param|parameter|arg|query|queryparam|reqheader|<json|reqjson|>json|>jsonarr|resjson|statuscode|status|type)\s+"
    r"(?:([\w.-]+)\s+)?([\w.\[\]-]+):\s*(.*)$"
)
_ROUTE = re.compile(r"^(\s*)\.\.\s+(?:http:)?(get|post|put|patch|delete|head)::\s+(\S.*)$", re.IGNORECASE)
_WHERE: Final = {
    "param": "path", "parameter": "path", "arg": "path", "query": "query", "queryparam": "query",
    "reqheader": "header",
    "<json": "body", "reqjson": "body", ">json": "response", ">jsonarr": "response", "resjson": "response",
}  # fmt: skip


def _directed(found: Tagged) -> Tagged:
    """Read the field lists of Sphinx's httpdomain as it is written: `:>json int id: the id`."""
    lines = list(found.page.lines)
    for number, line in enumerate(lines, 1):
        route, match = _ROUTE.match(line[:500]), _DIRECTIVE.match(line[:2000])
        if route:
            lines[number - 1] = f"{route[2].upper()} {route[3]}"
        elif match and match[1].startswith("status"):
            lines[number - 1] = f"Status {match[3]}: {match[4]}"
        elif match and match[1] == "type":
            _typed(found, match[3], match[4])
            lines[number - 1] = ""
        elif match:
            found.add(_WHERE[match[1]], made(match[3], read_facets(match[2] or ""), match[4], number))
            lines[number - 1] = ""
    found.page = Page(found.page.name, tuple(lines))
    return found


def _typed(found: Tagged, name: str, kind: str) -> None:
    for listing in found.listings.values():
        for one in listing.fields:
            if one.name == name and not one.schema:
                one.schema = read_facets(kind).schema
