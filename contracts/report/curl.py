"""The request of an interaction as a command line that its reader can run, with no key in it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from contracts.model import Json, Report, Request
from contracts.secret import MASK, mask, secret_name

MAX_BODY: Final = 2000
_OWN: Final = frozenset(
    {"host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"}
)
_URL_SAFE: Final = "%:/?@!$&'()*+,;=-._~"


def curl(request: Request, *, auth: str = "", provider: str = "") -> str:
    """Write the request for a shell; `auth` is a header with an environment variable for the key.

    Without `auth`, a header that is secret by name is kept with `$<PROVIDER>_API_KEY` as its value.
    """
    method = re.sub(r"[^A-Z]", "", request.method.upper()) or "GET"
    words = ["curl", "-sS", *(() if method == "GET" else ("-X", method))]
    words += [word for header in _headers(request, auth, provider) for word in ("-H", header)]
    words += _body(request.body)
    return " ".join((*words, shlex.quote(_url(request.url))))


def _headers(request: Request, auth: str, provider: str) -> Iterator[str]:
    if auth:
        yield _expanded(auth)
    for name, value in request.headers:
        if secret_name(name):
            if not auth:
                yield _expanded(f"{name}: ${variable(provider)}")
        elif name.lower() not in _OWN:
            yield shlex.quote(_printable(f"{name}: {mask(value)}"))


def variable(provider: str) -> str:
    """Name the environment variable of a provider's key: `$MATIL_API_KEY` for matil."""
    return f"{re.sub(r'[^A-Z0-9]', '_', provider.upper()) or 'PROVIDER'}_API_KEY"


def _expanded(header: str) -> str:
    """Quote so that the shell fills in one variable and nothing else."""
    head, _, name = _printable(header).rpartition("$")
    plain = re.sub(r'([\\"`$!])', r"\\\1", head)
    return f'"{plain}${re.sub(r"[^A-Za-z0-9_]", "", name)}"'


def _url(url: str) -> str:
    return quote(mask(url.partition("#")[0]), safe=_URL_SAFE, errors="replace").replace(
        "%5Bhidden%5D", "HIDDEN"
    )


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
    """Yield the command of each interaction of a report, in the report's order."""
    auth = {facts.id: facts.auth for facts in report.providers}
    for assessment in report.assessments:
        interaction = assessment.interaction
        sent = "" if interaction.probe == "no-credentials" else auth.get(assessment.provider, "")
        yield curl(interaction.request, auth=sent, provider=assessment.provider)
