"""Which formats are asserted, and what each one means: one written policy for both engines.

A format not in `FORMATS` or `NUMBER_FORMATS` is an annotation only and is reported once per spec as unknown,
except those in `SILENT`, which promise nothing that could be checked. Leap seconds and lower-case `t` and `z`
are legal date-times (RFC 3339, sections 5.6 and 5.7); a time zone is not optional.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import idna

Predicate = Callable[[str], bool]

SILENT: Final = frozenset(
    {"binary", "password", "string", "html", "markdown", "number", "integer", "decimal"}
)

_PLAIN_DATE = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_PLAIN_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?Z"
_PLAIN_URI = r"[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~!$&'()*+,;=:@/?-]*)?"
PLAIN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "date": _PLAIN_DATE,
        "date-time": f"{_PLAIN_DATE}T{_PLAIN_TIME}",
        "uri": _PLAIN_URI,
        "url": _PLAIN_URI,
        "uuid": "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
    }
)
"""The common spellings of formats, in patterns that Python and ECMA-262 read alike; what they take has it."""

_plain_date_time = re.compile(
    PLAIN["date-time"]
).fullmatch  # looked up once: this runs for every instant of a body
_plain_uri = re.compile(_PLAIN_URI).fullmatch  # and this for every address
_uuid = re.compile(PLAIN["uuid"]).fullmatch
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[zZ]|([+-])(\d\d):(\d\d))", re.ASCII)
_DURATION = re.compile(
    r"P(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?)",
    re.ASCII,
)
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_ATOM = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*|\"(?:[^\"\\\r\n]|\\.)*\""
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_URI_CHARS = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")
_AUTHORITY = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//(?:[^/?#@\[\]]*@)?(\[[^\]/?#]*\]|[^/?#:\[\]]*)(?::\d*)?(?=[/?#]|$)",
    re.ASCII,
)
_FIRST_SEGMENT = re.compile(r"[^/?#:]*(?:[/?#]|$)")
_TEMPLATE = re.compile(r"(?:[^{}\s\"'<>\\^`|\x00-\x1f]|\{[+#./;?&=,!@|]?[\w.%,:*]+\})*")
_JSON_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*", re.DOTALL)
_RELATIVE_POINTER = re.compile(r"(?:0|[1-9]\d*)(?:#|(?:/(?:[^~/]|~[01])*)*)", re.ASCII | re.DOTALL)


def is_date(text: str) -> bool:
    """RFC 3339 full-date; year 0000 to 9999, with the days each month has."""
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1] + leap


def is_time(text: str) -> bool:
    """RFC 3339 full-time with zone; second 60 only in the last minute of a UTC day."""
    found = _TIME.fullmatch(text)
    if found is None:
        return False
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    ahead, away = int(found[5] or 0), int(found[6] or 0)
    if hour > 23 or minute > 59 or second > 60 or ahead > 23 or away > 59:
        return False
    offset = (ahead * 60 + away) * (-1 if found[4] == "-" else 1)
    return second < 60 or (hour * 60 + minute - offset) % 1440 == 1439


def is_date_time(text: str) -> bool:
    """RFC 3339 date-time; the separator is `T` or `t`."""
    if _plain_date_time(text):
        return True
    return len(text) > 19 and text[10] in "Tt" and is_date(text[:10]) and is_time(text[11:])


def is_duration(text: str) -> bool:
    """ISO 8601 duration as RFC 3339 appendix A writes it."""
    return len(text) > 1 and not text.endswith("T") and _DURATION.fullmatch(text) is not None


def is_uuid(text: str) -> bool:
    """RFC 9562 text form with hyphens, either case, any version."""
    return _uuid(text) is not None


def is_hostname(text: str) -> bool:
    """RFC 1123 host name, with valid A-labels."""
    if not text or len(text) > 253 or not text.isascii():
        return False
    labels = text.split(".")
    return all(_LABEL.fullmatch(label) and _a_label(label) for label in labels)


def _a_label(label: str) -> bool:
    if label[2:4] != "--":
        return True
    try:
        idna.ulabel(label)
    except (idna.IDNAError, UnicodeError):
        return False
    return label.lower().startswith("xn--")


def is_idn_hostname(text: str) -> bool:
    """RFC 5890 internationalised host name."""
    if text.isascii():
        return is_hostname(text)
    try:
        return is_hostname(idna.encode(text[:254]).decode("ascii"))
    except (idna.IDNAError, UnicodeError):
        return False


def is_ipv4(text: str) -> bool:
    """RFC 2673 dotted quad without leading zeros."""
    try:
        return text.isascii() and bool(ipaddress.IPv4Address(text))
    except ValueError:
        return False


def is_ipv6(text: str) -> bool:
    """RFC 4291 text form without zone."""
    try:
        return text.isascii() and "%" not in text and bool(ipaddress.IPv6Address(text).compressed)
    except ValueError:
        return False


def _mailbox(text: str, host: Predicate) -> bool:
    local, at, domain = text.rpartition("@")
    if not at or not local or len(local) > 64:
        return False
    if domain.startswith("[") and domain.endswith("]"):
        inner = domain[1:-1]
        return is_ipv6(inner[5:]) if inner.startswith("IPv6:") else is_ipv4(inner)
    ascii_local = "".join(c if c.isascii() else "x" for c in local) if host is is_idn_hostname else local
    return _ATOM.fullmatch(ascii_local) is not None and host(domain)


def is_email(text: str) -> bool:
    """RFC 5321 mailbox."""
    return _mailbox(text, is_hostname)


def is_idn_email(text: str) -> bool:
    """RFC 6531 mailbox."""
    return _mailbox(text, is_idn_hostname)


def is_uri_reference(text: str) -> bool:
    """RFC 3986 URI or relative reference."""
    if _URI_CHARS.fullmatch(text) is None or text.count("#") > 1:
        return False
    if _SCHEME.match(text) is None and _FIRST_SEGMENT.match(text) is None:
        return False
    return _authority_holds(text)


def _authority_holds(text: str) -> bool:
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() if scheme else 0 :]
    if not rest.startswith("//"):
        return "[" not in rest and "]" not in rest
    found = _AUTHORITY.match(text)
    if found is None:
        return False
    host = found[1]
    after = text[found.end() :]
    literal = is_ipv6(host[1:-1]) or host[1:2] in "vV" if host.startswith("[") else True
    return literal and "[" not in after and "]" not in after


def is_uri(text: str) -> bool:
    """RFC 3986 URI with its scheme."""
    return _plain_uri(text) is not None or (_SCHEME.match(text) is not None and is_uri_reference(text))


def _as_uri(text: str) -> str:
    """Percent-encode what an IRI may hold and a URI may not (RFC 3987, section 3.1)."""
    return "".join(
        c if c.isascii() else "%41" if c >= "\xa0" and not "\ud800" <= c <= "\udfff" else " " for c in text
    )


def is_iri(text: str) -> bool:
    """RFC 3987 IRI with its scheme."""
    return is_uri(_as_uri(text))


def is_iri_reference(text: str) -> bool:
    """RFC 3987 IRI or relative reference."""
    return is_uri_reference(_as_uri(text))


def is_uri_template(text: str) -> bool:
    """RFC 6570 URI template."""
    return _TEMPLATE.fullmatch(text) is not None


def is_json_pointer(text: str) -> bool:
    """RFC 6901 JSON Pointer."""
    return _JSON_POINTER.fullmatch(text) is not None


def is_relative_json_pointer(text: str) -> bool:
    """Relative JSON Pointer."""
    return _RELATIVE_POINTER.fullmatch(text) is not None


def is_base64(text: str) -> bool:
    """RFC 4648 base64 with padding, as OpenAPI's `byte` asks."""
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


FORMATS: Final[Mapping[str, Predicate]] = MappingProxyType(
    {
        "byte": is_base64,
        "date": is_date,
        "date-time": is_date_time,
        "duration": is_duration,
        "email": is_email,
        "hostname": is_hostname,
        "idn-email": is_idn_email,
        "idn-hostname": is_idn_hostname,
        "ipv4": is_ipv4,
        "ipv6": is_ipv6,
        "iri": is_iri,
        "iri-reference": is_iri_reference,
        "json-pointer": is_json_pointer,
        "relative-json-pointer": is_relative_json_pointer,
        "time": is_time,
        "uri": is_uri,
        "uri-reference": is_uri_reference,
        "uri-template": is_uri_template,
        "url": is_uri,
        "uuid": is_uuid,
    }
)

NUMBER_FORMATS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "int32": (-(2**31), 2**31 - 1),
        "int64": (-(2**63), 2**63 - 1),
        "float": (-3.4028234663852886e38, 3.4028234663852886e38),
        "double": (-1.7976931348623157e308, 1.7976931348623157e308),
    }
)


def number_fits(name: str, value: object) -> bool:
    """Whether a number is in the range its format names; anything but a number passes."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    low, high = NUMBER_FORMATS[name]
    if (
        name.startswith("int")
        and isinstance(value, float)
        and not (math.isfinite(value) and value.is_integer())
    ):
        return False
    return low <= value <= high
