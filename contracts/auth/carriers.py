"""How a key travels: one table, a row a scheme, read wherever a key is named, sent, demanded or hidden.

A `Carrier` is what a provider.toml says (`header`, `query` or `cookie`, `scheme`, `env`); its row in
`SCHEMES` says how the key is written into a request, read out of one, and typed on a command line.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from contracts.address import read_address
from contracts.errors import ConfigError
from contracts.secret import Secret

PLACES: Final = ("header", "query", "cookie")
WRONG_KEY: Final = Secret("contracts-wrong-credential", "the probe for a wrong credential")
_FIELD = re.compile(r"[\x21-\x7e]+\Z")
_COOKIE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+\Z")  # RFC 6265, cookie-octet
_QUERY = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]+\Z")
_PAIR = re.compile(r"[^:\x00-\x1f\x7f\ud800-\udfff]*:[^\x00-\x1f\x7f\ud800-\udfff]*\Z")


def _pair_to_basic(pair: str) -> str:
    """Encode `user:password` by RFC 7617; what has no colon is a user without a password."""
    return base64.b64encode((pair if ":" in pair else f"{pair}:").encode()).decode()


def _basic_to_pair(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to carry a key: a row of the table.

    `kind` is a security scheme of OpenAPI as `type`, `http <scheme>` or `apiKey <in>`. A key goes to `place`,
    in a field of the given `name` or of the name that the document says, behind `word`. `write` gives what is
    sent for a key, `read` the key of what was sent. `fits` is what a key may consist of, and `needs` says it.
    `typed` is the option of curl and its argument. `refused` says why no key can be sent.
    """

    kind: str
    place: str = ""
    word: str = ""
    name: str = ""
    write: Callable[[str], str] = str
    read: Callable[[str], str] = str
    fits: re.Pattern[str] = _FIELD
    needs: str = "holds a character that a header cannot carry"
    typed: tuple[str, str] = ("-H", "{name}: {word}{key}")
    refused: str = ""


_NEGOTIATED: Final = (
    "concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "oauth", "privatetoken",
    "scram-sha-1", "scram-sha-256", "vapid",
)  # fmt: skip
"""Schemes of the IANA registry whose credential differs from request to request."""

SCHEMES: Final = (
    Scheme("http bearer", "header", "Bearer", "Authorization"),
    Scheme(
        "http basic", "header", "Basic", "Authorization", _pair_to_basic, _basic_to_pair, _PAIR,
        "must be user:password, with the colon also where one of them is empty", ("-u", "{key}"),
    ),
    Scheme("apiKey header", "header"),
    Scheme(
        "apiKey query", "query", fits=_QUERY, needs="holds a control character",
        typed=("--url-query", "{name}={key}"),
    ),
    Scheme(
        "apiKey cookie", "cookie", fits=_COOKIE, needs="holds a character that a cookie cannot carry",
        typed=("-b", "{name}={key}"),
    ),
    Scheme("oauth2", "header", "Bearer", "Authorization"),
    Scheme("openIdConnect", "header", "Bearer", "Authorization"),
    Scheme("mutualTLS", refused="mutualTLS is not supported: no client certificate is sent"),
    *(
        Scheme(f"http {word}", "header", word, refused=f"http {word} is not supported: its key changes")
        for word in _NEGOTIATED
    ),
)  # fmt: skip
"""The one table. Other words of HTTP (`Token`, `ApiKey`) stand before the key as bearer does."""

_BY_KIND: Final = {scheme.kind.lower(): scheme for scheme in SCHEMES}


@dataclass(frozen=True)
class Carrier:
    """One key of a provider: place and name of the field, the word before it, variables that may hold it.

    `variables` are names of the environment, first choice first.
    """

    place: str
    name: str
    word: str = ""
    variables: tuple[str, ...] = ()

    @cached_property
    def scheme(self) -> Scheme:
        """The row of the table that this carrier follows."""
        word = self.word.lower()
        named = _BY_KIND.get(word) or (_BY_KIND.get(f"http {word}") if word else None)
        return named or _BY_KIND.get(f"apikey {self.place}", _BY_KIND["apikey header"])

    @property
    def shown(self) -> str:
        """Where the key is put, in words: `x-api-key`, `the query parameter key`, `the cookie session`."""
        kind = {"query": "the query parameter ", "cookie": "the cookie "}.get(self.place, "")
        return f"{kind}{self.name}"

    def key(self, environ: Mapping[str, str]) -> Secret | None:
        """Find the key in the environment; blank is missing, ConfigError for one that cannot be sent."""
        for name in self.variables:
            value = environ.get(name, "").strip()
            if value:
                if not self.scheme.fits.match(value):
                    raise ConfigError(f"{name} {self.scheme.needs}; it is not used")
                return Secret(value, name)
        return None

    def value(self, key: str) -> str:
        """Give the value of the field for a key."""
        word = f"{self.word} " if self.word else ""
        return word + self.scheme.write(key)

    def received(self, url: str, headers: Iterable[tuple[str, str]]) -> str:
        """Give the key that a request carries; '' when it carries none in this way."""
        sent = self._field(url, headers)
        word, _, rest = sent.partition(" ") if self.word else ("", "", sent)
        return self.scheme.read(rest) if word.lower() == self.word.lower() else ""

    def _field(self, url: str, headers: Iterable[tuple[str, str]]) -> str:
        if self.place == "query":
            pairs = parse_qsl(read_address(url).query)
            return next((value for name, value in pairs if name == self.name), "")
        wanted = "cookie" if self.place == "cookie" else self.name.lower()
        lines = [value for name, value in headers if name.lower() == wanted]
        if self.place == "header":
            return next(iter(lines), "")
        cookies = (one.strip().partition("=") for line in lines for one in line.split(";"))
        return next((value for name, _, value in cookies if name == self.name), "")

    def typed(self, key: str) -> tuple[str, str]:
        """Give the option of curl and its argument; `key` is `$VARIABLE` or a value that is no secret."""
        option, text = self.scheme.typed
        return option, text.format(name=self.name, word=f"{self.word} " if self.word else "", key=key)


Sent = tuple[tuple[Carrier, Secret], ...]
"""The keys of one request, each with how it travels."""


def find_keys(carriers: Iterable[Carrier], environ: Mapping[str, str]) -> Sent:
    """Find the keys of some carriers in the environment; one that is not set is left out."""
    found = ((carrier, carrier.key(environ)) for carrier in dict.fromkeys(carriers))
    return tuple((carrier, key) for carrier, key in found if key is not None)


def secrets_of(sent: Sent) -> tuple[Secret, ...]:
    """Give every value that must not be shown: the keys, and the parts and the encoded form of each."""
    values: dict[str, str] = {}
    for carrier, key in sent:
        written = carrier.scheme.write(key.reveal())
        parts = key.reveal().split(":", 1) if written != key.reveal() else []
        values |= {value: key.name for value in (key.reveal(), written, *parts) if value}
    return tuple(Secret(value, name) for value, name in values.items())


def attach(url: str, headers: Iterable[tuple[str, str]], sent: Sent) -> tuple[str, list[tuple[str, str]]]:
    """Give address and headers of a request with its keys in them; only the transport calls it."""
    fields = list(headers)
    cookies = []
    for carrier, key in sent:
        value = carrier.value(key.reveal())
        if carrier.place == "query":
            joint = "&" if "?" in url else "?"
            url += joint + urlencode([(carrier.name, value)], quote_via=quote)
        elif carrier.place == "cookie":
            cookies.append(f"{carrier.name}={value}")
        else:
            fields.append((carrier.name, value))
    return url, [*fields, *([("Cookie", "; ".join(cookies))] if cookies else [])]


def pictured(sent: Sent) -> tuple[tuple[str, str], ...]:
    """Give the headers that carry the keys with the name of each key in its place; a query carries none."""
    return tuple(
        ("Cookie", f"{carrier.name}={key!r}")
        if carrier.place == "cookie"
        else (carrier.name, f"{carrier.word} {key!r}".strip())
        for carrier, key in sent
        if carrier.place != "query"
    )


# -- what a document says

Named = tuple[tuple[str, Carrier], ...]
"""The keys of one security requirement, each with its scheme's name in the document."""


def demanded(
    document: Mapping[str, Any], schemes: Mapping[str, Any]
) -> tuple[Named, dict[tuple[str, str], Named]]:
    """Give the keys of a document, and those of the operations that differ, by path and method in lower case.

    `schemes` are its securitySchemes, resolved. The root's `security` comes first; without one, what most of
    the operations use. Of alternatives the first that can be sent counts. A document that defines schemes and
    demands none of them is read as demanding the first.
    """
    own = {
        place: raw for place, raw in _operations(document) if "security" in raw or "security" not in document
    }
    each = {place: _chosen(raw.get("security"), schemes) for place, raw in own.items()}
    if "security" in document:
        usual = _chosen(document["security"], schemes)
    elif not any(each.values()):
        stated = any("security" in raw for raw in own.values())
        return (() if stated else _first(schemes)), {}
    else:
        counts = Counter(map(_carriers, each.values()))
        most = max(counts, key=lambda found: (counts[found], bool(found)))
        usual = next(found for found in each.values() if _carriers(found) == most)
    return usual, {place: found for place, found in each.items() if _carriers(found) != _carriers(usual)}


def _carriers(named: Named) -> tuple[Carrier, ...]:
    return tuple(carrier for _, carrier in named)


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Mapping[str, Any]]]:
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method, raw in item.items() if isinstance(item, dict) else ():
            if isinstance(raw, dict) and "responses" in raw:
                yield (path, method), raw


def _chosen(security: object, schemes: Mapping[str, Any]) -> Named:
    """Give the first alternative that can be sent, else the first that cannot; `{}` is the last."""
    listed = security if isinstance(security, list) else []
    found = [_requirement(one, schemes) for one in listed if isinstance(one, dict) and one]
    known = [one for one in found if one]
    return next((one for one in known if not refusal(c for _, c in one)), next(iter(known), ()))


def _requirement(names: Mapping[str, Any], schemes: Mapping[str, Any]) -> Named:
    found = [(name, _carrier(schemes.get(name))) for name in names]
    return tuple((name, carrier) for name, carrier in found if carrier) if all(c for _, c in found) else ()


def _first(schemes: Mapping[str, Any]) -> Named:
    return _chosen([{name: []} for name in schemes], schemes)


def _carrier(raw: object) -> Carrier | None:
    """Read a security scheme of a document; None for one that says too little."""
    if not isinstance(raw, dict):
        return None
    kind, more = (
        str(raw.get("type")),
        raw.get({"http": "scheme", "apiKey": "in"}.get(str(raw.get("type")), "")),
    )
    row = _BY_KIND.get(f"{kind} {more}".lower() if isinstance(more, str) else kind.lower())
    if row is None:
        return (
            Carrier("header", "Authorization", more)
            if kind == "http" and isinstance(more, str) and more
            else None
        )
    if row.refused:
        return Carrier(row.place, row.name, row.word or row.kind)
    name = row.name or raw.get("name")
    return Carrier(row.place, name, row.word) if isinstance(name, str) and name else None


def refusal(carriers: Iterable[Carrier]) -> str:
    """Say why keys cannot be sent; '' when they can."""
    return next((carrier.scheme.refused for carrier in carriers if carrier.scheme.refused), "")
