"""The curl command of a page: method, address and headers, which often say what the page's prose does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from contracts.address import read_address
from contracts.vendoring.pages.reading import Key

_URL = re.compile(r"""https?://[^\s'"`\\)<>\]]+(?:<[\w -]+>[^\s'"`\\)<>\]]*)*""")
_METHOD = re.compile(r"""(?:-X|--request)[ =]?['"]?([A-Za-z]+)""")
_HEADER = re.compile(r"""(?:-H|--header)[ =]?\s*(?:"([^"\n]*)"|'([^'\n]*)')""")
_USER = re.compile(r"""(?:\s-u|\s--user)[ =]?\s*['"]?[^\s'"-]""")
_PAIR = re.compile(r"""(?:\s-d|--data(?:-urlencode)?)[ =]?\s*['"]?([\w.\[\]-]+)=([^\s'"]*)""")
_COOKIE = re.compile(r"""(?:-b|--cookie)[ =]?\s*(?:"([^"\n]*)"|'([^'\n]*)')""")
_SECRET = re.compile(
    r"key|token|auth|secret|credential|password|schl(?:ü|ue)ssel|clave|chave|chiave|(?:^|[-_])cl[eé](?:$|[-_])",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(
    r"idempot|csrf|xsrf|(?:page|next|continuation|sync|partition)[-_]?(?:key|token)", re.IGNORECASE
)
_CALL = re.compile(r"""(?:\.(get|post|put|patch|delete)|\bfetch)\(\s*[frb]?["'`](https?://[^\s"'`]+)""")
_OPTION = re.compile(r"""\bmethod["']?\s*[:=]\s*["'`]([A-Za-z]+)""")
_FILLER = re.compile(r"(?i:your|my|api|<|\{|\$|\[|xxx|\.\.\.)|[A-Z_]*(?:KEY|TOKEN)")
MAX_CURLS: Final = 50
_PLUMBING: Final = {"content-type", "accept", "user-agent", "content-length", "host"}
_STAND_INS: Final = re.compile(
    r"(?:^|\.)example\.(?:com|org|net)$|^localhost$|^127\.|^0\.0\.0\.0$|^\[?::1\]?$|[{}<>$]|^\[[a-z]|^\d+\.\d+\.\d+\.\d+$|your[-_]?|\.local$|\.test$"
    r"|\.invalid$|\.example$|^api\.host|^my-?(?:endpoint|company|domain|resource|account|instance|host|server|org|site|app)|^host$|^hostname$|^<|^(?-i:[A-Z_]{3,})$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Curl:
    """One command: method ("" when it does not say), URL without query, query names, headers, its line."""

    method: str
    url: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    line: int


def curls(lines: Sequence[str], first: int = 1) -> list[Curl]:
    """Find the curl commands; one runs on while a line ends in a backslash or the next is an option."""
    found: list[Curl] = []
    index = 0
    while index < len(lines):
        if not re.match(r"^\s{0,40}(?:[$>]\s{0,4})?curl\b", lines[index]):
            index += 1
            continue
        end = index + 1
        while end < len(lines) and end - index < 60 and _goes_on(lines[end - 1], lines[end]):
            end += 1
        command = _read("\n".join(line[:2000] for line in lines[index:end]), index + first)
        found += [command] if command else []
        index = end
        if len(found) >= MAX_CURLS:
            break
    return found


def calls(lines: Sequence[str]) -> list[Curl]:
    """Find the calls of programs that name method and address, as `requests.post("https://…")` does."""
    found = []
    for index, line in enumerate(lines):
        called = _CALL.search(line[:2000])
        if called is None:
            continue
        below = None if called[1] else _OPTION.search("\n".join(lines[index : index + 8]))
        address, _, query = called[2].partition("?")
        asked = tuple(parse_qsl(query, keep_blank_values=True))
        method = (called[1] or (below[1] if below else "GET")).upper()
        found.append(Curl(method, address, asked, (), index + 1))
    return found[:MAX_CURLS]


def _goes_on(line: str, following: str) -> bool:
    return line.rstrip().endswith("\\") or re.match(r"^\s*(?:-[A-Za-z]\b|--[a-z])", following) is not None


def _read(text: str, line: int) -> Curl | None:
    url = _URL.search(text)
    if url is None:
        return None
    address, _, query = url[0].partition("?")
    method = _METHOD.search(text)
    sends = re.search(r"(?:\s-d\b|--data|\s-F\b|--form)", text)
    headers = [a or b for a, b in _HEADER.findall(text)]
    cookies = [("Cookie", a or b) for a, b in _COOKIE.findall(text)]
    user = (("Authorization", "Basic"),) if _USER.search(text) else ()
    pairs = tuple((n.strip(), v.strip()) for n, _, v in (h.partition(":") for h in headers))
    queried = tuple(_PAIR.findall(text)) if re.search(r"\s(?:-G|--get)\b", text) else ()
    name = method[1].upper() if method else "POST" if sends and not queried else "GET"
    asked = (*parse_qsl(query, keep_blank_values=True), *queried)
    return Curl(name, address.rstrip("{"), asked, (*pairs, *user, *cookies), line)


def keys(command: Curl) -> tuple[Key, ...]:
    """Tell how the command carries credentials, judged by the names of its headers and query parameters."""
    found: list[Key] = []
    for name, value in command.headers:
        lower = name.lower()
        if lower == "authorization":
            found.append(_authorization(value, command.line))
        elif lower == "cookie":
            found.append(Key("cookie", value.partition("=")[0].strip(), command.line, stated=False))
        elif secret(name):
            found.append(Key("header", name, command.line, stated=False))
    filled = [name for name, value in command.query if secret(name) and _FILLER.search(value)]
    found += [Key("query", name, command.line, stated=False) for name in filled if not found]
    return tuple(found)


def secret(name: str) -> bool:
    """Whether a header or parameter carries a credential, judged by its name."""
    return _SECRET.search(name) is not None and _NO_SECRET.search(name) is None


def _authorization(value: str, line: int) -> Key:
    word = value.partition(" ")[0].lower()
    kind = word if word in {"bearer", "basic"} else "header"
    return Key(kind, "" if kind != "header" else "Authorization", line, stated=False)


def unlisted(command: Curl) -> tuple[tuple[str, str], ...]:
    """Give the headers that are neither credentials nor plumbing of HTTP."""
    return tuple(
        (n, v)
        for n, v in command.headers
        if n.lower() not in {*_PLUMBING, "cookie"} and not _SECRET.search(n)
    )


def stand_in(url: str) -> bool:
    """Whether an address is a stand-in (api.example.com, localhost, {host}) that names no server."""
    parts = read_address(url)
    if not parts.host:
        return True
    return any(_STAND_INS.search(text) is not None for text in (parts.host, parts.netloc))


def server_of(url: str, path: str) -> str:
    """Cut the path template off an address; "" when it does not end in it or names no real server."""
    template = "".join(
        "[^/]+" if piece.startswith("{") else re.escape(piece) for piece in re.split(r"(\{[^{}]*\})", path)
    )
    match = re.match(rf"(.*?){template}/?\Z", url)
    if match is None or stand_in(match[1] + "/"):
        return ""
    return match[1].rstrip("/")


def origin(url: str) -> tuple[str, str]:
    """Split an address into server and path; the server is "" for a stand-in."""
    match = re.match(r"(https?://[^/]+)(/[^?#]*)?", url)
    if match is None:
        return "", ""
    return ("" if stand_in(url) else match[1]), match[2] or "/"


def command_at(lines: Sequence[str], line: int) -> range:
    """Give the lines of the command that starts at a line: until none goes on and no quote is open."""
    end = line
    quote = _open_quote(lines[line - 1], "")
    while (
        end < len(lines)
        and end - line < 200
        and (quote or lines[end - 1].rstrip().endswith("\\") or re.match(r"^\s*-{1,2}[A-Za-z]", lines[end]))
    ):
        if quote and end - line > 60:
            break
        quote = _open_quote(lines[end], quote)
        end += 1
    return range(line, end + 1)


def _open_quote(line: str, quote: str) -> str:
    """Tell which quote is open at the end of a line of shell."""
    if len(line) > 5000:
        return ""
    escaped = False
    for char in line:
        if escaped:
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif char in "'\"" and quote in {"", char}:
            quote = "" if quote else char
    return quote
