"""Secrets planted everywhere in an interaction, and the search for what is left of them."""

from __future__ import annotations

import base64
import contextlib
import html
import json
import random
import re
import string
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote

from contracts.model import Interaction, Request, Response, Source


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


ALPHABETS = (
    string.ascii_letters + string.digits,
    string.hexdigits.lower()[:16],
    string.ascii_letters + string.digits + "-_",
    string.printable[:94],
)
PREFIXES = ("sk-live-", "sk_test_", "ghp_", "xoxb-", "llx-", "", "", "pk-", "AKIA")
NAMED_ENTITIES = {
    "_": "&lowbar;",
    ".": "&period;",
    "/": "&sol;",
    "+": "&plus;",
    "$": "&dollar;",
    "#": "&num;",
}
SPELLINGS = {
    "plain": lambda s: s,
    "upper": str.upper,
    "swapped case": str.swapcase,
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64url": lambda s: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
    "basic": lambda s: base64.b64encode(f"user:{s}".encode()).decode(),
    "shifted": lambda s: base64.b64encode(f"ab{s}cd".encode()).decode(),
    "url": lambda s: quote(s, safe=""),
    "url twice": lambda s: quote(quote(s, safe=""), safe=""),
    "form": quote_plus,
    "hex": lambda s: s.encode().hex(),
    "json": lambda s: json.dumps({"a": [{"b": s}]}),
    "json twice": lambda s: json.dumps(json.dumps([s])),
    "html": html.escape,
    "unicode escapes": lambda s: "".join(f"\\u{ord(c):04x}" for c in s),
    "url, every character": lambda s: "".join(f"%{b:02x}" for b in s.encode()),
    "url, every character twice": lambda s: "".join(f"%25{b:02X}" for b in s.encode()),
    "base64 twice": lambda s: _base64(_base64(s)),
    "base64 twice, unpadded": lambda s: _base64(_base64(s).rstrip("=")).rstrip("="),
    "base64 with other signs": lambda s: _base64(s).replace("+", ".").replace("/", "_").replace("=", "-"),
    "base64 in lines": lambda s: "\r\n".join(
        _base64(s * 2)[i : i + 16] for i in range(0, len(_base64(s * 2)), 16)
    ),
    "base32": lambda s: base64.b32encode(s.encode()).decode(),
    "base32, shifted, lower": lambda s: base64.b32encode(f"k={s}".encode()).decode().lower().rstrip("="),
    "hex of base64": lambda s: _base64(s).encode().hex(),
    "hex with spaces": lambda s: s.encode().hex(" "),
    "hex with colons": lambda s: s.encode().hex(":").upper(),
    "hex in fours": lambda s: s.encode().hex("-", 2),
    "hex with any mark": lambda s: s.encode().hex("._/|+~;\n\t"[len(s) % 9]),
    "hex bytes": lambda s: ", ".join(f"0x{b:02x}" for b in s.encode()),
    "escaped bytes": lambda s: "".join(f"\\x{b:02x}" for b in s.encode()),
    "braced escapes": lambda s: "".join(f"\\u{{{ord(c):x}}}" for c in s),
    "long escapes": lambda s: "".join(f"\\U{ord(c):08x}" for c in s),
    "percent escapes of scripts": lambda s: "".join(f"%u{ord(c):04x}" for c in s),
    "entities without ends": lambda s: "".join(f"&#{ord(c)}" for c in s) + " ",
    "named entities": lambda s: "".join(NAMED_ENTITIES.get(c, c) for c in s),
    "entities": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "hex entities": lambda s: "".join(f"&#x{ord(c):X};" for c in s),
    "split by spaces": lambda s: " ".join(s[i : i + 5] for i in range(0, len(s), 5)),
    "split by lines": lambda s: "\n".join(s[i : i + 3] for i in range(0, len(s), 3)),
    "split by tabs": lambda s: "\t".join(s[i : i + 4] for i in range(0, len(s), 4)),
    "split by wide spaces": lambda s: "\u2003\u00a0".join(s[i : i + 6] for i in range(0, len(s), 6)),
    "split by nothing seen": "\u200b".join,
    "elided": lambda s: f"{s[: len(s) // 2]}...{s[-len(s) // 3 :]}",
    "sentence": lambda s: f"the key '{s}' is not valid.",
    "in a url": lambda s: (
        f"https://files.example.com/out.json?X-Amz-Signature={quote(s, safe='')}&X-Amz-Date=1"
    ),
    "user info": lambda s: f"https://me:{quote(s, safe='')}@files.example.com/a",
}
NAMES = (
    "token",
    "api_key",
    "apiKey",
    "x-api-key",
    "client_secret",
    "Authorization",
    "password",
    "session_id",
    "signature",
    "credentials",
    "set-cookie",
)
PLACES = (
    "header",
    "response header",
    "query",
    "userinfo",
    "path",
    "body value",
    "body deep",
    "body key",
    "body list",
    "body text",
    "broken json",
    "binary",
    "named",
    "named list",
    "named nested json",
)


def secret(rng: random.Random) -> str:
    alphabet = rng.choice(ALPHABETS)
    body = "".join(rng.choice(alphabet) for _ in range(rng.randint(12, 48)))
    return rng.choice(PREFIXES) + body


def planted(rng: random.Random) -> tuple[Interaction, str, bool, str]:
    """Give an interaction with one secret in it, the secret, whether the recorder is told of it, and where it is."""
    value, place = secret(rng), rng.choice(PLACES)
    spelling = rng.choice(sorted(SPELLINGS))
    told = not place.startswith("named") and place not in {"header", "query", "userinfo"}
    text = value if place.startswith("named") else SPELLINGS[spelling](value)
    request, response, body = (
        {},
        {},
        {"batch_id": "b-1", "status": "running", "created_at": "2026-01-31T09:00:00Z", "items": []},
    )
    url, content = "https://api.example.com/v1/batches/b-1", None
    name = rng.choice(NAMES)
    if place == "header":
        field = rng.choice(("Authorization", "X-Api-Key", "Cookie", "x-custom-token"))
        value = value.replace(";", "x") if field == "Cookie" else value  # a cookie's value ends there
        request[field] = (
            f"token={value}"
            if field == "Cookie"
            else rng.choice(("Bearer {}", "{}", "token={}")).format(value)
        )
        body["echo"] = value if rng.random() < 0.5 else None
    elif place == "response header":
        response[
            rng.choice(("X-Ratelimit-Limit", "Link", "Set-Cookie", "X-Strange", "Location", "Retry-After"))
        ] = text.replace("\n", " ")
    elif place == "query":
        url += f"?{rng.choice(('api_key', 'token', 'sig'))}={quote(value, safe='')}&expand=results"
        body["echo"] = url if rng.random() < 0.5 else None
    elif place == "userinfo":
        url = f"https://user:{quote(value, safe='')}@api.example.com/v1/batches/b-1"
        body["echo"] = value if rng.random() < 0.5 else None
    elif place == "path":
        url += "/" + quote(text, safe="")
    elif place == "body value":
        body["note"] = text
    elif place == "body deep":
        body["items"] = [{"a": {"b": [1, {"c": f"x {text} y"}]}}]
    elif place == "body key":
        body[text] = 1
    elif place == "body list":
        body["items"] = [text] * 3
    elif place == "body text":
        content = f"<html><p>oops {text}</p></html>".encode()
    elif place == "broken json":
        content = f'{{"a": 1, "a": 2, "note": {json.dumps(text)}}}'.encode()
    elif place == "binary":
        content = b"\xff\xfe\x00" + text.encode("utf-8", "replace")
    elif place == "named":
        body[name] = text
    elif place == "named list":
        body[name] = {"current": text, "old": [text]}
    else:
        body["note"] = json.dumps({name: text, "n": 1})
    interaction = Interaction(
        request=Request("GET", url, tuple(request.items())),
        response=Response(
            200,
            (("Content-Type", "application/json"), *response.items()),
            content or json.dumps(body).encode(),
        ),
        source=Source.RECORDED,
        name="planted",
        operation="getBatch",
        recorded_at="2026-01-31T09:00:00Z",
    )
    return interaction, value, told, f"{place} / {spelling}"


def readings(text: str, depth: int = 2) -> Iterator[str]:
    """Yield what a patient reader makes of a text: escapes undone, packed parts unpacked, parts joined."""
    yield text
    yield re.sub(r"[\s\u200b]", "", text)
    yield re.sub(r"[^0-9a-zA-Z]", "", re.sub(r"0x|\\x", "", text))
    if depth:
        undone = {
            unquote(text),
            html.unescape(text),
            re.sub(
                r"\\(?:u\{([0-9a-fA-F]{1,5})\}|u([0-9a-fA-F]{4})|U000([0-9a-fA-F]{5})|x([0-9a-fA-F]{2}))|%u([0-9a-fA-F]{4})",
                lambda m: chr(int(m[m.lastindex], 16)),
                text,
            ),
        }
        for word in {*re.findall(r"[A-Za-z0-9+/_-]{12,}", text), *re.findall(r"[A-Za-z0-9+/]{12,}", text)}:
            for unpack in (
                lambda w: base64.b64decode(w.replace("-", "+").replace("_", "/") + "=" * (-len(w) % 4)),
                lambda w: base64.b32decode(w + "=" * (-len(w) % 8), casefold=True),
                bytes.fromhex,
            ):
                with contextlib.suppress(ValueError):
                    undone.add(unpack(word).decode("latin-1"))
        for one in undone - {text}:
            yield from readings(one, depth - 1)


def remains(data: bytes, value: str) -> str:
    """Give the first piece of 8 characters of the secret that can still be read out of the bytes, else ''."""
    texts = [data.decode("latin-1"), json.dumps(json.loads(data), ensure_ascii=False)]
    pieces = {value[i : i + 8] for i in range(len(value) - 7)}
    forms = pieces | {re.sub(r"[^0-9a-zA-Z]", "", value)[i : i + 8] for i in range(len(value) - 7)}
    for pack, group, bits in ((base64.b64encode, 3, 6), (base64.b32encode, 5, 5)):
        for shift in range(group):
            packed = pack(b"\0" * shift + value.encode()).decode()
            stable = packed[-(-shift * 8 // bits) : (shift + len(value)) * 8 // bits]
            forms |= {stable[i : i + 14] for i in range(len(stable) - 13)}
    forms |= {value.encode().hex()[i : i + 16] for i in range(0, 2 * len(value) - 15, 2)}
    lowered = {t.lower() for text in texts for t in readings(text)}
    return next((f for f in sorted(forms) if len(f) >= 8 and any(f.lower() in t for t in lowered)), "")
