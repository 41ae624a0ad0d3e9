"""How the key of an operation travels: as a command shows it, or as a section or a sentence says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from contracts.vendoring.pages import Field, Key, keys, secret
from contracts.vendoring.platforms.prose.sections import ANSWERED, HEADER_NAME
from contracts.vendoring.platforms.prose.text import ProsePage, Row

_NAME: Final = r"[A-Za-z]\w*-[\w-]{2,40}"
_HEADER = re.compile(
    r"\b(?:headers?|kopfzeilen?|en-têtes?|cabeceras?|encabezados?|cabeçalhos?|intestazion[ei])\b"
    r"|заголов|ヘッダ|请求头|头部",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"(?<![\w/-]){_NAME}")
_LABEL: Final = (
    r"(?:auth\w*|aut[eh]n\w*|autori[sz]\w*|anmeldung|zugang|acceso|accès|acesso|accesso|аутентификац\w*"
    r"|авторизац\w*|認証|鉴权|认证|授权|인증)"
)
_SHOWN = re.compile(rf"(?:[-*•|]\s*)?`?({_NAME})`?\s*(?:[:：|\t].*)?")
_SAID = re.compile(
    rf"(?:[-*•|]\s*)?{_LABEL}\s*[:：|\t]|"
    r"Security\s*:|.{0,200}\bauthorization\W{1,8}(?:bearer|basic)\b"
    r"|\|?\s*(?:request )?headers?\s*[|:：]\s*`?authorization\b",
    re.IGNORECASE,
)
_QUERIED = re.compile(
    r"[?&]([\w-]+)=(?:\{[^{}]*\}|<[^<>]*>|\$\w+|\[[\w -]+\]"
    r"|(?i:your|my)[\w-]*|[A-Z_-]*(?:KEY|TOKEN)\b|…|\.{3})"
)
_AUTHORIZED = re.compile(r"[:：|\t].{0,60}\bauthorization\b", re.IGNORECASE)
_NEEDLESS = re.compile(
    r"\bno (?:authentication|authorization|api key)(?: is)? (?:required|needed|necessary)\b"
    r"|^\W*(?:authentication|authorization)\W+(?:none|not required|public)\b",
    re.IGNORECASE,
)
_COOKIE = re.compile(r"\bcookie\b(?: \w+){0,2} (?:called|named) [`\"“]?([A-Za-z][\w-]{2,40})", re.IGNORECASE)
_PLACED = re.compile(  # "API Key in `header` header `x-api-key`"
    r"\bAPI key in\W{1,3}(header|query|cookie)\W{1,3}(?:header |parameter |cookie )?\W?([A-Za-z][\w-]{2,40})",
    re.IGNORECASE,
)
_OAUTH = re.compile(r"\boauth ?2(?:\.0)?\b|openid ?connect", re.IGNORECASE)
_SENT_AS = re.compile(rf"\b(?:key|token) (?:as|in|via) `?{_NAME}", re.IGNORECASE)
_EVERY = re.compile(
    rf"\b(?:every|each|all) (?:calls?|requests?) (?:needs?|requires?|must (?:send|include|carry))\W+{_NAME}",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(r"\b(?:either|or|query param\w*)\b", re.IGNORECASE)
_OF_ANSWER = re.compile(r"\b(?:respon[sd]|return|repl|answer)", re.IGNORECASE)


def credentials(prose: ProsePage, sent: dict[str, list[Field]]) -> tuple[Key, ...]:
    """Tell how the key travels; `sent` are the listed parameters, those of sections on keys under "key"."""
    if any(_NEEDLESS.search(row.text) for row in prose.rows if not row.code):
        return ()
    commanded = next((found for curl in prose.curls if (found := keys(curl))), ())
    if commanded:
        return commanded
    headed = [_key(one) for one in sent["header"] if one.name.lower() == "authorization"]
    oauth = [Key("bearer", "", r.number) for r in prose.rows if r.kind == "key" and _OAUTH.search(r.text)]
    named_scheme = re.compile(r"(?i:\w+_auth|o?auth2?)" if oauth else r"(?!)")
    listed = [_key(x) for x in sent["key"] if secret(x.name) and not named_scheme.fullmatch(x.name)]
    told = [*_lines(prose.rows), *_titled(prose.rows)]
    schemes = [key for key in (*headed, *told) if key.kind != "header"]
    explicit = [key for row in prose.rows if (key := _named_key(row))]
    beside = [Key("header", one.name, one.line) for one in sent["header"] if secret(one.name)]
    named = {one.name.lower() for where in ("header", "query") for one in sent[where]}
    requested = [*_headers(prose), *(key for row in prose.rows if (key := _shown(row)))]
    queried = [key for row in prose.rows if (key := _queried(row)) and key.name.lower() not in named]
    said = [key for key in _sentences(prose.rows) if key.name.lower() not in named]
    result = [*explicit, *schemes, *listed, *told, *headed, *beside, *requested, *said, *queried, *oauth]
    return tuple(result[:1])


def _queried(row: Row) -> Key | None:
    """Read a key that an address carries: `?token=YOUR_TOKEN`."""
    found = _QUERIED.search(row.text) if row.kind not in ANSWERED else None
    if found is None or not secret(found[1]) or not re.search(r"(?i:api|your|token|secret)", found[0]):
        return None
    return Key("query", found[1], row.number)


def _lines(rows: list[Row]) -> Iterator[Key]:
    yield from (key for row in rows if (key := _told(row)))


def _told(row: Row) -> Key | None:
    """Read how the key travels from a line of a section on authentication, or from a line `Security: …`."""
    said = _SAID.match(row.text)
    if row.kind != "key" and not said:
        return None
    if scheme := re.search(r"(?:\b|authorization|http)(bearer|basic)(?:auth)?\b", row.text, re.IGNORECASE):
        return Key(scheme[1].lower(), "", row.number)
    if named := re.fullmatch(r"api-?key(?:auth)?\s[-–:]\s([\w-]+)", row.text, re.IGNORECASE):
        return Key("header", named[1], row.number)
    if placed := _PLACED.search(row.text):
        return Key(placed[1].lower(), placed[2], row.number)
    if re.match(r"Authorization: \w+ \S+$", row.text) or (said and _AUTHORIZED.search(row.text)):
        return Key("header", "Authorization", row.number)
    named = (
        re.search(rf"`({_NAME})`|\b(X-[\w-]{{2,40}})", row.text)
        if said and _HEADER.search(row.text)
        else None
    )
    return Key("header", named[1] or named[2], row.number) if named else None


def _headers(prose: ProsePage) -> Iterator[Key]:
    """Read the key from a body that holds the headers of a request."""
    for sample in prose.samples:
        names = list(sample.value) if isinstance(sample.value, dict) else []
        if names and all(HEADER_NAME.fullmatch(name) for name in names):
            yield from (Key("header", name, sample.line) for name in names if secret(name))


def _shown(row: Row) -> Key | None:
    """Read a header of a request that carries a key by its name: in a section on headers, or in a request."""
    shown = _SHOWN.fullmatch(row.text)
    within = row.kind in ({"header", "key", "request", ""} if row.code else {"header", "key"})
    if not (shown and within and secret(shown[1])) or (row.code and ":" not in row.text):
        return None
    return Key("header", shown[1], row.number)


def _named_key(row: Row) -> Key | None:
    """Read the name of the header that carries a key: `Header: accessToken` in a section on keys."""
    named = re.fullmatch(
        r"(?:[-*•]\s+)?header(?: name)?\s*:\s*([A-Za-z][\w-]{2,40})", row.text, re.IGNORECASE
    )
    known = named is not None and row.kind == "key" and named[1].lower() != "authorization"
    return Key("header", named[1], row.number) if named and known else None


def _titled(rows: list[Row]) -> Iterator[Key]:
    """Find the line that names a header with a key, by the lines below it: `<token>In: header`."""
    before = ""  # the kind of the heading above
    for at, row in enumerate(rows):
        within, before = {row.kind, before}, row.kind if row.heading else before
        name = re.sub(r"^\w+ (?=[\w-]+<)|<\w+>$", "", row.text)
        named = re.fullmatch(_NAME if row.heading else r"[A-Za-z][\w-]{2,40}", name)
        if "key" in within and named and secret(name):
            below = rows[at + 1 : at + 5]
            if any(re.search(r"\bIn: header$|>In: header$", one.text) for one in below):
                yield Key("header", name, row.number)


def _sentences(rows: list[Row]) -> Iterator[Key]:
    """Find a sentence about every request that names the header of the key: "needs the header `X-Key`"."""
    for row in rows:
        if row.code or row.kind in {*ANSWERED, "aside"}:
            continue
        if (cookie := _COOKIE.search(row.text)) and row.kind == "key":
            yield Key("cookie", cookie[1], row.number)
        if not any(said.search(row.text) for said in (_HEADER, _SENT_AS, _EVERY)):
            continue
        if _OTHERWISE.search(row.text):
            continue  # the page leaves a choice
        names = [name for name in _NAMED.findall(row.text) if secret(name) and not _HEADER.search(name)]
        if names and not _OF_ANSWER.search(row.text):
            yield Key("header", names[0], row.number)


def _key(one: Field) -> Key:
    """Tell how a key that a page lists under Authentication travels."""
    scheme = re.search(r"\b(bearer|basic)\b", f"{one.prose}", re.IGNORECASE)
    if one.name.lower() == "authorization" and scheme:
        return Key(scheme[1].lower(), "", one.line)
    return Key(one.where if one.where in {"query", "cookie"} else "header", one.name, one.line)
