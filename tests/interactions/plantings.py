"""Secrets planted everywhere in an interaction, and the search for what is left of them."""

from __future__ import annotations

import base64
import html
import json
import random
import string
from urllib.parse import quote, quote_plus

from contracts.model import Interaction, Request, Response, Source

ALPHABETS = (
    string.ascii_letters + string.digits,
    string.hexdigits.lower()[:16],
    string.ascii_letters + string.digits + "-_",
    string.printable[:94],
)
PREFIXES = ("sk-live-", "sk_test_", "ghp_", "xoxb-", "llx-", "", "", "pk-", "AKIA")
SPELLINGS = {
    "plain": lambda s: s,
    "upper": str.upper,
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


def remains(data: bytes, value: str) -> str:
    """Give the first piece of 8 characters of the secret that can still be read out of the bytes, else ''."""
    texts = [data.decode("latin-1"), json.dumps(json.loads(data), ensure_ascii=False)]
    texts += [text.encode("latin-1", "replace").decode("unicode_escape", "replace") for text in texts]
    pieces = {value[i : i + 8] for i in range(len(value) - 7)}
    forms = pieces | {quote(p, safe="") for p in pieces} | {html.escape(p) for p in pieces}
    for shift in range(3):
        packed = base64.b64encode(b"\0" * shift + value.encode()).decode()
        stable = packed[(shift * 8 + 5) // 6 : (shift + len(value)) * 8 // 6]
        forms |= {stable[i : i + 12] for i in range(len(stable) - 11)}
    forms |= {value.encode().hex()[i : i + 16] for i in range(0, 2 * len(value) - 15, 2)}
    lowered = [t.lower() for t in texts]
    return next((f for f in sorted(forms) if any(f.lower() in t for t in lowered)), "")
