"""An interaction as one line of JSON without its secrets, as `read_recording` takes it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from contracts.errors import CassetteError
from contracts.interactions.redaction import Allowance, Known, carried, leaks, redacted
from contracts.model import Headers, Interaction, Json
from contracts.secret import Secret


def log_line(
    interaction: Interaction, provider: str, allowance: Allowance, secrets: Iterable[Secret | str] = ()
) -> bytes:
    """Write an interaction as a line of JSON Lines; CassetteError when it cannot be written without a secret.

    What comes out was scanned, as every file is.
    """
    known = (*secrets, *carried(interaction, allowance.carriers))
    clean = redacted(interaction, provider, allowance, known).interaction
    assert clean.response is not None
    try:
        body = clean.response.body.decode("utf-8")
    except UnicodeDecodeError:
        raise CassetteError("the body is not UTF-8, so a line of JSON cannot hold it") from None
    line: Json = {
        "recorded_at": clean.recorded_at,
        "method": clean.request.method,
        "url": clean.request.url,
        "request_headers": _fields(clean.request.headers),
        "status": clean.response.status,
        "response_headers": _fields(clean.response.headers),
        "body": body,
    }
    data = json.dumps(line, separators=(",", ":")).encode("ascii")
    found = next(leaks(data, Known.of(known), allowance.published), None)
    if found:
        raise CassetteError(f"the line is not written: {found} may be a secret")
    return data + b"\n"


def _fields(headers: Headers) -> list[Json]:
    return [{"name": name, "value": value} for name, value in headers]
