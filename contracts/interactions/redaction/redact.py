"""From an interaction that came from a network to a cassette that may be committed.

Headers and query are allow-listed; bodies keep type, format, pattern and validity. What still looks like a
secret is found by `scan` in the bytes that are written, and refuses the file.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlunsplit

from contracts.address import read_address
from contracts.auth import Carrier
from contracts.decode import MAX_DEPTH, MAX_DIGITS, decode
from contracts.errors import CassetteError
from contracts.interactions.formats import Cassette, Redaction, compact, stored
from contracts.interactions.redaction.allowance import Allowance
from contracts.interactions.redaction.body import exposed, redact_json
from contracts.interactions.redaction.headers import split, storable
from contracts.interactions.redaction.text import Cleaner, Inspector, suspicious
from contracts.interactions.redaction.tokens import Tokens
from contracts.model import Headers, Interaction, Request, Response
from contracts.secret import Known, Secret, secret_name

_SHORTEST: Final = 6
_PLAIN_NAME: Final = 40
_BINARY: Final = b"\xff"  # no UTF-8 text begins so
_WHOLE: Final = Redaction("", "whole")
_LITERAL = re.compile(r"""("(?:[^"\\\x00-\x1f]|\\.)*")(\s*:|)""")
_FAULTY: Final = {
    "duplicate-key": '{"a":1,"a":1}',
    "huge-integer": "9" * (MAX_DIGITS + 1),
    "huge-number": "1e400",
    "json-too-deep": "[" * MAX_DEPTH + "]" * MAX_DEPTH,
    "lone-surrogate": '"\\ud800"',
    "not-a-json-number": "NaN",
}
"""JSON with one fault each."""
_HARMLESS: Final = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?\Z|true\Z|false\Z", re.IGNORECASE)
"""Values of declared headers that tell of nobody: counts, flags."""


def redacted(
    interaction: Interaction,
    provider: str,
    allowance: Allowance,
    secrets: Iterable[Secret | str] = (),
    *,
    note: str = "",
) -> Cassette:
    """Give a cassette of an interaction without its secrets; CassetteError says what cannot be kept.

    Known secrets are `secrets` and the credentials that the request itself carries. Its body is not kept.
    """
    if interaction.response is None:
        raise CassetteError(f"{interaction.name}: nothing came back, so there is nothing to store")
    cleaner = Cleaner(
        Known.of((*secrets, *carried(interaction, allowance.carriers))), Tokens(), allowance.published
    )
    request, response = interaction.request, interaction.response
    sent, unsent = split(request.headers, allowance.request_headers)
    got, ungot = split(response.headers, allowance.response_headers)
    url, unasked, in_url = _url(request.url, cleaner, allowance)
    body, in_body = _body(response, cleaner, allowance)
    sent, in_sent = _fields(sent, cleaner)
    got, in_got = _fields(got, cleaner)
    return Cassette(
        provider=provider,
        interaction=replace(
            interaction,
            request=Request(request.method, url, sent),
            response=Response(response.status, got, body),
        ),
        note=note,
        redacted=tuple(sorted({*in_url, *in_sent, *in_got, *in_body})),
        dropped=tuple(sorted({_dropped_name(n, cleaner) for n in (*unsent, *ungot, *unasked)})),
    )


def carried(interaction: Interaction, carriers: Iterable[Carrier] = ()) -> Iterator[str]:
    """Yield the credentials that an interaction itself shows, to be looked for everywhere else in it.

    They stand where the `carriers` put keys, under names that are secret, and in front of the host.
    """
    for carrier in carriers:
        found = carrier.received(interaction.request.url, interaction.request.headers)
        yield from (found,) if len(found) >= _SHORTEST and "<secret from " not in found else ()
    fields = (*interaction.request.headers, *(interaction.response.headers if interaction.response else ()))
    for name, value in fields:
        if secret_name(name) and "<secret from " not in value:  # a Secret shows its name, not itself
            yield from _credentials(name.lower(), value)
    parts = read_address(interaction.request.url)
    if parts.user:
        user, _, password = parts.user.partition(":")
        yield from (unquote(part) for part in (user, password) if len(part) >= _SHORTEST)
    yield from (v for k, v in parse_qsl(parts.query) if secret_name(k) and len(v) >= _SHORTEST)


def _credentials(name: str, value: str) -> Iterator[str]:
    if "cookie" in name:
        pairs = value.split(";")[: 1 if name.startswith("set") else None]
        pairs += [] if all("=" in pair for pair in pairs) else [value]
        yield from (v for v in ((p.partition("=")[2] or p).strip() for p in pairs) if len(v) >= 2 * _SHORTEST)
        return
    scheme, _, token = value.strip().rpartition(" ")
    yield from (token,) if len(token) >= _SHORTEST else ()
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(token).decode().partition(":")
        except (binascii.Error, ValueError):
            return
        yield from (part for part in (user, password) if len(part) >= _SHORTEST)


def _url(url: str, cleaner: Cleaner, allowance: Allowance) -> tuple[str, list[str], list[Redaction]]:
    parts = read_address(url)
    path = "/".join(_segment(segment, cleaner) for segment in parts.path.split("/"))
    kept, dropped, done = [], [], []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name.lower() not in allowance.query:
            dropped.append(f"?{name}")
            continue
        clean = cleaner.tokens.word(value) if secret_name(name) and value else cleaner.proved(value, name)
        kept.append((name, clean))
        done += [Redaction(f"query {name}", "query")] if clean != value else []
    done += [Redaction("url", "path")] if path != parts.path else []
    done += [Redaction("url", "user")] if parts.user else []
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(kept), "")), dropped, done


def _segment(segment: str, cleaner: Cleaner) -> str:
    plain = unquote(segment)
    clean = cleaner.proved(plain, "id")
    return segment if clean == plain else quote(clean, safe="")


def _fields(headers: Headers, cleaner: Cleaner) -> tuple[Headers, list[Redaction]]:
    kept: list[tuple[str, str]] = []
    done: list[Redaction] = []
    for name, value in headers:
        clean = cleaner.proved(value, name)
        by_spec = not storable(name) and not _HARMLESS.match(value)
        if (by_spec or secret_name(name)) and exposed(value, cleaner.published):
            clean = str(cleaner.tokens.whole(value)[0])
        kept.append((name, clean))
        if clean != value:
            done.append(Redaction(f"header {name.lower()}", "header"))
    return tuple(kept), done


def _dropped_name(name: str, cleaner: Cleaner) -> str:
    """Name what was dropped, unless the name itself may be a secret."""
    bare = name.removeprefix("?").lower()
    plain = bare.replace("-", "").replace("_", "").replace(".", "")
    unfit = not plain.isalnum() or not plain.isascii() or len(bare) > _PLAIN_NAME
    mark = "?" if name.startswith("?") else ""
    return f"{mark}unnamed" if unfit or suspicious(bare, "", cleaner.known) else mark + bare


def _body(response: Response, cleaner: Cleaner, allowance: Allowance) -> tuple[bytes, tuple[Redaction, ...]]:
    member = stored(response.body)
    if "json" in member:
        value = member["json"]
        clean, done = redact_json(value, cleaner, allowance)
        return (compact(clean) if done else response.body), done
    if "text" in member:
        return _text(member["text"], cleaner)
    if Inspector(cleaner.known).rule_of_bytes(response.body):
        return _BINARY + cleaner.tokens.word(response.body.decode("latin-1")).encode(), (_WHOLE,)
    return response.body, ()


def _text(text: str, cleaner: Cleaner) -> tuple[bytes, tuple[Redaction, ...]]:
    """Clean text that is no JSON, or broken JSON; what cannot be kept as well-formed is replaced whole."""
    for clean in (_literals(text, cleaner), cleaner.clean(text)):
        if _faults(clean) == _faults(text) and not _doubtful(clean, cleaner):
            done = (Redaction("", cleaner.rules[-1]),) if clean != text else ()
            return clean.encode("utf-8", "surrogatepass"), done
    return _with_faults(_faults(text), cleaner.tokens.word(text)).encode(), (_WHOLE,)


def _with_faults(faults: list[str], word: str) -> str:
    """Write a word as text with these faults of JSON."""
    if faults == ["not-json"]:
        return word
    mark = "\ufeff" * ("byte-order-mark" in faults)
    return f"{mark}[{','.join((json.dumps(word), *(_FAULTY[one] for one in faults if one in _FAULTY)))}]"


def _literals(text: str, cleaner: Cleaner) -> str:
    """Clean every string of what is written as JSON; a string in front of a colon names the next."""
    name = ""

    def cleaned(match: re.Match[str]) -> str:
        nonlocal name
        try:
            value = str(json.loads(match[1]))
        except ValueError:
            return match[0]
        if match[2]:
            name = value
        if not match[2] and secret_name(name) and exposed(value, cleaner.published):
            cleaner.rules.append("name")
            clean = cleaner.tokens.word(value)
        else:
            clean = cleaner.proved(value, "" if match[2] else name)
        return match[0] if clean == value else json.dumps(clean, ensure_ascii=False) + match[2]

    return _LITERAL.sub(cleaned, text)


def _faults(text: str) -> list[str]:
    return [fault.rule for fault in decode(text.encode("utf-8", "surrogatepass")).faults]


def _doubtful(text: str, cleaner: Cleaner) -> bool:
    return any(suspicious(line, "", cleaner.known, cleaner.published) for line in (text, *_pairs(text)))


def _pairs(text: str) -> Iterator[str]:
    """Yield `name=value` for every member of JSON that repeats keys, so that none hides behind another."""
    found: list[str] = []

    def note(pairs: list[tuple[str, object]]) -> None:
        found.extend(f"{key}={value}" for key, value in pairs if isinstance(value, str | int | list))

    try:
        json.loads(text, object_pairs_hook=note)
    except (ValueError, RecursionError):
        return
    yield from found
