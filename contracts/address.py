"""Addresses as other people write them: taken apart without ever failing, and what is wrong said in words.

Every URL of a vendor, a recording or a command line is read here; `urllib.parse.urlsplit` raises ValueError
for some of them, and for others only once a port is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_letters, digits
from typing import Final
from urllib.parse import quote, urlsplit

_PARTS = re.compile(
    r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL
)  # RFC 3986, B
_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]+)(%25?[\w.~-]+)?\](?::(\d*))?\Z")
_NAMED = re.compile(r"([^\[\]:\s]*)(?::(\d*))?\Z")
_ODD = re.compile(r"%[0-9A-Fa-f]{2}|[^!-~]")
_UNRESERVED = frozenset(f"{ascii_letters}{digits}-._~")
_LAST_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address as they stand in it; `host` is in lower case, without brackets.

    `fault` says why it is no address that a request can go to, and is '' when it is one. A relative address
    has no host and no fault.
    """

    scheme: str
    user: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str
    fault: str = ""

    @property
    def netloc(self) -> str:
        """Give `host[:port]`, without a user."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"


@lru_cache(maxsize=1024)  # every line of a log asks for its address ten times
def read_address(text: str) -> Address:
    """Take an address apart; never raises, whatever the text."""
    found = _PARTS.match(text)
    assert found is not None  # every part is optional
    scheme, place, path, query, fragment = (part or "" for part in found.groups())
    user, at, named = place.rpartition("@")
    host, port, fault = _place(named)
    if not fault and not host and (at or port is not None or scheme.lower() in {"http", "https"}):
        fault = "it names no host"
    return Address(scheme.lower(), user, host, port, path, query, fragment, fault)


def plain_path(path: str) -> str:
    """Give a path in the one spelling that RFC 3986 (6.2.2) has for all equal ones.

    An escaped letter, digit, `-`, `.`, `_` or `~` is itself; what is no ASCII is escaped, in capitals.
    """
    if "%" not in path and path.isascii() and " " not in path:
        return path
    return _ODD.sub(_spelt, path)


def _spelt(found: re.Match[str]) -> str:
    text = found[0]
    if len(text) == 1:
        return quote(text.encode("utf-8", "surrogatepass"), safe="")
    return meant if (meant := chr(int(text[1:], 16))) in _UNRESERVED else text.upper()


def _place(named: str) -> tuple[str, int | None, str]:
    """Read host and port: (host, port, fault)."""
    found = _BRACKETED.match(named) or _NAMED.match(named)
    if found is None:
        return "", None, "its host cannot be read"
    host, number = found[1].lower(), found.groups()[-1]
    if named.startswith("[") and not _readable(named):
        return "", None, "its host cannot be read"
    if number and (len(number) > 5 or int(number) > _LAST_PORT):
        return "", None, f"its port is over {_LAST_PORT}"
    zone = found[2] or "" if found.re is _BRACKETED else ""
    return host + zone, int(number) if number else None, ""


def _readable(bracketed: str) -> bool:
    try:
        return bool(urlsplit(f"//{bracketed}").hostname)
    except ValueError:
        return False
