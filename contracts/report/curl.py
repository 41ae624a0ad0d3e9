"""The request of an interaction as a command line that its reader can run, with no key in it.

It is made of what the spec and the manifest say (`Asking`), not of what a recording holds: a value is shown
only under a name that the spec declares, a key is a variable of the environment, and only the vendor's own
servers get one. Where a live run asked another address, the line names that address, without a key.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from contracts.address import read_address
from contracts.model import Asking, Json, Report, Request
from contracts.secret import MASK, mask, secret_name
from contracts.spec import is_received

MAX_BODY: Final = 2000
_KEPT: Final = 1024
_OWN: Final = frozenset(
    {"host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"}
)
_URL_SAFE: Final = "%:/?@!$&'()*+,;=-._~[]"
_HIDDEN: Final = "HIDDEN"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\[\]-]{0,39}\Z")


def curl(request: Request, asking: Asking | None = None, *, probe: str = "") -> str:
    """Write the request for a shell; without `asking` no value is shown and no key is sent.

    The `probe` "no-credentials" sends no key, and "wrong-credential" the wrong one that it sent.
    """
    known = asking or Asking()
    method = re.sub(r"[^A-Z]", "", request.method.upper()) or "GET"
    url, ours = _url(request.url, known)
    keys = known.keys if ours and probe != "no-credentials" else ()
    words = ["curl", "-sS", *(() if method == "GET" else ("-X", method))]
    for option, argument, wrong in keys:
        words += [
            option,
            shlex.quote(_printable(wrong)) if probe == "wrong-credential" else _expanded(argument),
        ]
    words += [word for header in _headers(request, known) for word in ("-H", header)]
    return " ".join((*words, *_body(request.body), shlex.quote(url)))


def askable(request: Request, asking: Asking) -> Request:
    """Give a request with nothing in it that its line does not show: hidden values are blank."""
    headers = tuple(
        (name, mask(value) if name.lower() in asking.headers and not secret_name(name) else "")
        for name, value in request.headers
        if mask(name) == name
    )
    parts = read_address(request.url)
    if is_received(request.url) or not parts.netloc:
        return replace(request, headers=headers, url=mask(request.url))
    user = "x@" if parts.user else ""
    url = f"{parts.scheme}://{user}{parts.netloc}{mask(parts.path)}{_query(parts.query, asking)}"
    return replace(request, headers=headers, url=url)


def _of_keys(asking: Asking) -> frozenset[str]:
    """Give the names of fields in which keys travel, in lower case: what was recorded there is left out."""
    return frozenset(re.split("[:=]", argument)[0].lower() for _, argument, _ in asking.keys)


def _headers(request: Request, asking: Asking) -> Iterator[str]:
    """Yield the headers that the spec declares, others by name; credentials not where keys are known."""
    own = _of_keys(asking)
    for name, value in request.headers:
        lower = name.lower()
        if lower in asking.headers and not secret_name(name):
            yield shlex.quote(_printable(f"{name}: {mask(value)}"))
        elif (
            lower not in (_OWN | own)
            and not (own and secret_name(name))
            and _NAME.match(name)
            and mask(name) == name
        ):
            yield shlex.quote(f"{name}: {_HIDDEN}")


def _expanded(argument: str) -> str:
    """Quote so that the shell fills in one variable and nothing else."""
    head, _, name = _printable(argument).rpartition("$")
    plain = re.sub(r'([\\"`$!])', r"\\\1", head)
    return f'"{plain}${re.sub(r"[^A-Za-z0-9_]", "", name)}"'


def _url(url: str, asking: Asking) -> tuple[str, bool]:
    """Give the address to ask, and whether it is one of the vendor's own."""
    parts = read_address(url)
    server = next((one for one in asking.servers if _below(url, one)), "")
    if server and asking.asked:
        url = asking.asked + url[len(server) :]
        parts = read_address(url)
    start = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    text = mask(start + parts.path) + _query(parts.query, asking)
    shown = quote(text.replace(MASK, _HIDDEN), safe=_URL_SAFE, errors="replace")
    return shown, bool(server) and not asking.asked


def _below(url: str, server: str) -> bool:
    """Whether an address is on a server: the same scheme, host and port, and below its path."""
    one, other = read_address(url), read_address(server)
    same = (one.scheme, one.netloc, one.fault) == (other.scheme, other.netloc, "")
    path = other.path.rstrip("/")
    return same and not one.user and (one.path == path or one.path.startswith(f"{path}/"))


def _query(query: str, asking: Asking) -> str:
    shown, own = [], _of_keys(asking)
    for part in filter(None, query.split("&")):
        name, sep, value = part.partition("=")
        declared = name.lower() in asking.query and not secret_name(name)
        plain = name.lower() not in own and _NAME.match(name) and mask(name) == name and sep
        if declared:
            shown.append(f"{name}{sep}{mask(value)}")
        elif plain:
            shown.append(f"{name}={_HIDDEN}")
    return f"?{'&'.join(shown)}" if shown else ""


def _printable(text: str) -> str:
    return re.sub("#(?=#)", "# ", "".join(char for char in text if " " <= char <= "~"))


def _body(body: bytes) -> tuple[str, ...]:
    if not body:
        return ()
    try:
        text = json.dumps(_hidden(json.loads(body)), separators=(",", ":"))
    except (ValueError, RecursionError):
        text = ""
    if not text or len(text) > MAX_BODY:
        return ("--data-binary", "@request-body")
    return ("--data-raw", shlex.quote(re.sub("#(?=#)", r"\\u0023", text)))


def _hidden(value: Json, name: str = "") -> Json:
    if isinstance(value, dict):
        return {mask(key): _hidden(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_hidden(item, name) for item in value]
    if isinstance(value, str):
        return MASK if secret_name(name) else mask(value)
    return value


def commands(report: Report) -> Iterator[str]:
    """Yield the command of each interaction of a report, in the report's order; "" for a delivery.

    What is asked again and again is written once.
    """
    written: dict[tuple[Request, int, str], str] = {}
    for one in report.assessments:
        request, probe = one.interaction.request, one.interaction.probe
        key = (request, id(one.asking), probe)
        if key not in written:
            if len(written) >= _KEPT:
                written.clear()
            written[key] = "" if is_received(request.url) else curl(request, one.asking, probe=probe)
        yield written[key]
