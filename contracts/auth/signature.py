"""How a delivery to a webhook is signed: one table, a row a scheme, for verifying and for signing alike.

A `Signature` is what a provider.toml says in `[webhooks]`; its row in `SIGNATURES` says where the signature
stands, what is signed, and how. Only the bytes that came can be verified, never JSON that was written again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from contracts.errors import ConfigError
from contracts.model import Headers
from contracts.secret import Secret

TOLERANCE: Final = 300
"""Seconds that a delivery may be old, or early: what Standard Webhooks and Stripe's library allow."""
_STAMP: Final = re.compile(r"\d{1,15}\Z")


def _base64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _standard_key(secret: str) -> bytes:
    """Read `whsec_` and base64, with or without its padding, as Standard Webhooks writes a secret."""
    text = secret.removeprefix("whsec_").rstrip("=")
    return _base64(text + "=" * (-len(text) % 4))


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to sign: a row of the table.

    `header` carries the signatures, of which `found` finds each (group 1) and `read` gives the bytes.
    `signed` is the text under the signature, from `{id}`, `{time}` and `{body}`; `written` is how the header
    is written. `time` and `id` name headers; without a header of its own, the time is `t=` in the signature.
    """

    name: str
    header: str
    found: re.Pattern[str]
    signed: str
    written: str
    read: Callable[[str], bytes] = bytes.fromhex
    write: Callable[[bytes], str] = bytes.hex
    time: str = ""
    id: str = ""
    key: Callable[[str], bytes] = str.encode


_HEX, _TEXT = r"([0-9A-Fa-f]+)", r"([A-Za-z0-9+/]+={0,2})"
_IN_BASE64: Final = (_base64, lambda data: base64.b64encode(data).decode())
_STANDARD: Final = re.compile(rf"(?:\A|\s)v1,{_TEXT}(?=\s|\Z)")
_LISTED: Final = re.compile(rf"(?:\A|,)\s*v1={_HEX}\s*(?=,|\Z)")
_GITHUB: Final = re.compile(rf"\A\s*sha256={_HEX}\s*\Z")
_ALONE: Final = re.compile(rf"\A\s*{_HEX}\s*\Z")
_ROWS: Final = (
    Scheme(
        "standard-webhooks", "webhook-signature", _STANDARD, "{id}.{time}.{body}", "v1,{signature}",
        *_IN_BASE64, "webhook-timestamp", "webhook-id", _standard_key,
    ),
    Scheme("timestamped", "", _LISTED, "{time}.{body}", "t={time},v1={signature}"),
    Scheme("sha256", "x-hub-signature-256", _GITHUB, "{body}", "sha256={signature}"),
    Scheme("hex", "", _ALONE, "{body}", "{signature}"),
    Scheme("base64", "", re.compile(rf"\A\s*{_TEXT}\s*\Z"), "{body}", "{signature}", *_IN_BASE64),
)  # fmt: skip
SIGNATURES: Final[Mapping[str, Scheme]] = {one.name: one for one in _ROWS}
"""By name: Standard Webhooks, Stripe's `t=,v1=`, GitHub's `sha256=`, and a bare HMAC-SHA256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """How one vendor signs; `env` is the variable with the secret, `tolerance` in seconds.

    `header`, `time` and `id` are the scheme's where they are not given. `id` may be a JSON Pointer into the
    body too, and so may `event`, which says what happened.
    """

    scheme: Scheme
    env: str
    header: str
    time: str = ""
    id: str = ""
    event: str = ""
    tolerance: int = TOLERANCE

    @property
    def timed(self) -> bool:
        """Whether a time is signed, so that an old delivery can be told from a new one."""
        return bool(self.time) or "{time}" in self.scheme.signed

    def keys(self, environ: Mapping[str, str]) -> tuple[Secret, ...]:
        """Give the secrets that may have signed: several, parted by blanks, while one replaces another.

        ConfigError for one that is none of its scheme.
        """
        found = tuple(Secret(text, self.env) for text in environ.get(self.env, "").split())
        for one in found:
            try:
                known = bool(self.scheme.key(one.reveal()))
            except ValueError:
                known = False
            if not known:
                raise ConfigError(f"{self.env} holds no secret of {self.scheme.name}; it is not used")
        return found


class Wrong(NamedTuple):
    """What is wrong with a signature: the rule, the header that it stands in, and words."""

    rule: str
    header: str
    words: str


def verify(
    signature: Signature, keys: tuple[Secret, ...], headers: Headers, body: bytes, now: float
) -> Wrong | None:
    """Say what is wrong with the signature of a delivery; None when one of the keys made it, in time."""
    fields = {name.lower(): value for name, value in reversed(headers)}
    value, stamp = fields.get(signature.header.lower()), _stamp(signature, fields)
    for name, there in ((signature.header, value), *_needed(signature, fields)):
        if not there:
            return Wrong("webhook-unsigned", name.lower(), "missing, so that nothing shows who sent this")
    made = list(_signatures(signature.scheme, value or ""))
    if not made:
        said = f"not in the form {signature.scheme.written.format(time='TIME', signature='SIGNATURE')}"
        return Wrong("webhook-signature", signature.header.lower(), said)
    if signature.timed and not _STAMP.match(stamp):
        said = "no time in seconds is signed with it"
        return Wrong("webhook-signature", (signature.time or signature.header).lower(), said)
    signs = [_signer(signature, key, stamp, fields) for key in keys]
    if not any(hmac.compare_digest(sign(body), one) for sign in signs for one in made):
        again = any(sign(other) in made for sign in signs for other in _written_again(body))
        said = "does not fit the body"
        hint = "; it fits the same JSON written otherwise, so hand over the bytes as they came"
        return Wrong("webhook-signature", signature.header.lower(), said + (hint if again else ""))
    age = now - _seconds(stamp) if signature.timed else 0.0
    if abs(age) > signature.tolerance:
        when = "ago" if age > 0 else "ahead of the clock"
        said = f"signed {abs(age):,.0f} seconds {when}, over the {signature.tolerance} allowed"
        return Wrong("webhook-stale", (signature.time or signature.header).lower(), said)
    return None


def sign(
    signature: Signature, key: Secret, body: bytes, *, ident: str = "", now: float = 0.0
) -> list[tuple[str, str]]:
    """Give the headers of a signed delivery."""
    stamp = str(int(now))
    named = {signature.id.lower(): ident, signature.time.lower(): stamp}
    made = signature.scheme.write(_signer(signature, key, stamp, named)(body))
    headers = [(signature.header, signature.scheme.written.format(time=stamp, signature=made))]
    headers += [(signature.time, stamp)] if signature.time else []
    return headers + ([(signature.id, ident)] if signature.id and not signature.id.startswith("/") else [])


def _needed(signature: Signature, fields: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    if signature.time:
        yield signature.time, fields.get(signature.time.lower())
    if "{id}" in signature.scheme.signed:
        yield signature.id, fields.get(signature.id.lower())


def _stamp(signature: Signature, fields: Mapping[str, str]) -> str:
    """Give the time as it was signed, "" where there is none."""
    if signature.time:
        return fields.get(signature.time.lower(), "").strip()
    found = re.search(r"(?:\A|,)\s*t=(\d+)\s*(?=,|\Z)", fields.get(signature.header.lower(), ""))
    return found[1] if found else ""


def _seconds(stamp: str) -> float:
    value = float(stamp)
    return value / 1000 if value > 1e11 else value


def _signatures(scheme: Scheme, text: str) -> Iterator[bytes]:
    for one in scheme.found.findall(text):
        try:
            yield scheme.read(one)
        except ValueError:
            continue


def _signer(
    signature: Signature, key: Secret, stamp: str, fields: Mapping[str, str]
) -> Callable[[bytes], bytes]:
    """Give what signs a body with a key."""
    signed = signature.scheme.signed
    signed = "{time}.{body}" if signature.time and signed == "{body}" else signed
    head = signed.removesuffix("{body}").format(id=fields.get(signature.id.lower(), ""), time=stamp)
    secret = signature.scheme.key(key.reveal())
    return lambda body: hmac.new(
        secret, head.encode("utf-8", "surrogatepass") + body, hashlib.sha256
    ).digest()


def _written_again(body: bytes) -> Iterator[bytes]:
    """Yield the other forms in which the usual libraries write the same JSON."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    for separators in ((",", ":"), (", ", ": ")):
        for plain in (True, False):
            text = json.dumps(value, separators=separators, ensure_ascii=plain)
            yield text.encode("utf-8", "surrogatepass")
