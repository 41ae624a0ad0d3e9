"""What is accused of being a secret, and what is only hidden: the one place where the two differ.

Redaction hides whatever stands under a secret name, since a passphrase is words too. An accusation stops
people at their work: of a file that is no recorded traffic, `scan` accuses what could not be a word, a label,
a type, a placeholder, an expression of code, an address, the digest of a file or data that is packed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from contracts.secret.entropy import example

_ABOUT = re.compile(
    r"(?:name|ref|file|path|dir|ur[il]|endpoint|type|policy|method|mode|label|hint|placeholder|title|text"
    r"|description|help|message|error|format|pattern|provider|header|prefix|field|strategy|server|domain"
    r"|status|state|scheme|scope|algorithm|version|enabled|required|key_?ref|count|length|class|icon)s?\Z"
    r"|x-(?:amz|goog)-(?:target|date|expires|algorithm|signedheaders|acl|content-sha256|version|meta-.*)\Z"
    r"|(?:next|page|continuation|request|resume|sync|change|ancestor|idempotency)[-_]?token\Z"
    r"|(?:rule|authorizer|credential|policy|profile|provider|role|server|group|(?<!access)(?<!access[-_])key)[-_]?id\Z"
)
"""How a name ends that tells of a secret, or is none: `token_url`, `passwordSecretRef`, `page_token`."""
_SPOKEN = re.compile(r"pass(?:w|phrase|code)|pwd|\Aval|\Acontent")
"""Names whose value may be a passphrase, or that do not say."""
_TEMPLATE = re.compile(
    r"\$?\{\{[^{}]{0,80}\}\}|[$#%]?\{[^{}]{0,80}\}|\$\([^()]{0,80}\)|<%?[\w ./=%-]{1,60}>|%\(\w{1,40}\)s"
    r"|%\w{1,60}%|(?<!\w)\$(?:[A-Z_][A-Z0-9_]{0,60}|[a-z_]{1,30}(?:[A-Z][a-z]{1,30}){0,5})(?![\w$@#!^%&*-])"
    r"|\[[A-Za-z _-]{1,40}\]|\d{4}-\d\d-\d\d(?:[T ][\d:.]{5,15}(?:Z|[+-]\d\d:?\d\d)?)?"
)
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}://|(?:urn|data|vault|file|env|ssm|arn|mailto):)(?![^\s@/]{1,100}:[^\s@/]{1,100}@)"
)
_SCHEME = re.compile(r"\W{0,2}(?:bearer|basic|digest|token|api-?key|negotiate|ntlm)\s+", re.IGNORECASE)
_EDGES: Final = " \t\r\n.,:;!?\"'`()[]{}<>*\u2026\u3002"
_PARTS = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"[\w.,:;/\\()\[\]{}<>|&*=?@'\"`\s-]*\Z")
_CALL = re.compile(r"[!&*]*[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)*[(\[]")
_WORD = re.compile(r"[a-z]{1,20}|[A-Z]{1,20}|[A-Z]{0,4}[a-z]{2,20}(?:[A-Z]{1,4}[a-z]{1,20}){0,8}[A-Z]{0,4}")
_USER = re.compile(
    r"\w{1,40}(?::(?:user|my|your)?[-_]?(?:pass(?:w|wd|word)?|pwd|pw|secret|token|x+|\*+|p))?", re.IGNORECASE
)
_SAYING = re.compile(rf"[\w-]{{1,40}}=|{_SCHEME.pattern}", re.IGNORECASE)
_CAPITALS = re.compile(r"[A-Z]+")
_UNSPOKEN = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}", re.IGNORECASE)
_NUMBERED = re.compile(r"[A-Za-z]{0,20}\d{1,4}[a-z]{0,12}")
_SLUG = re.compile(r"[A-Za-z]{0,30}\d{0,6}|\d+[a-z]{0,12}|[A-Za-z]{1,10}\d{1,4}[A-Za-z]{1,12}")
_JOINTS = re.compile(r"[-_./:=~+@,;()\[\]{}<>|&*'\"\\#%?]+")
_SHORT: Final = 8
_SPOKEN_LEAST: Final = 4


@lru_cache(maxsize=1024)
def tells_of(name: str) -> bool:
    """Whether what stands under a name tells something about a secret, or is none."""
    return name != "" and _ABOUT.search(name.lower()) is not None


def accusable(name: str, value: str) -> bool:
    """Whether a value that stands under a secret name could be nothing but a secret."""
    if tells_of(name):
        return False
    if example(value) or value.endswith(("...", "\u2026")):
        return False
    value = _SCHEME.sub("", value)
    text = _TEMPLATE.sub("", value).strip(_EDGES)
    words = text.split()
    if len(words) > 1:
        return any(map(_drawn, words))
    return bool(words) and not _plain(name, text, templated=text != value.strip(_EDGES))


@lru_cache(maxsize=256)
def worded(text: str) -> bool:
    """Whether a text is nothing but whole words between marks, as a list of names is."""
    parts = _PARTS.findall(text)
    return all(len(part) > 2 and spoken(part) for part in parts) and _MARKS.match(text) is not None


def _plain(name: str, text: str, *, templated: bool) -> bool:
    """Whether one word is a word, an expression, an address or an elided value."""
    if "..." in text or "\u2026" in text or _ADDRESS.match(text):
        return True
    if text.isdigit():
        return len(text) < 6
    parts = _PARTS.findall(text)
    called = _CALL.match(text) is not None or templated
    if not (called or _MARKS.match(text)) or not all(spoken(part, called=called) for part in parts):
        return False
    return not (_SPOKEN.search(name.lower()) and _phrase(text))


def accused_shape(found: str) -> bool:
    """Whether the shape of a credential is accused: a private key, not a public one; and which values."""
    if found.startswith("-----BEGIN"):
        return "PRIVATE" in found[:80]
    if example(found) or (":" in found and stand_in_user(found)) or _named_in_code(found):
        return False
    said = _SAYING.match(found)
    return said is None or accusable("", found[said.end() :])


def _named_in_code(found: str) -> bool:
    """Whether what begins as a token is a name of several words: `npm-registry-fetch`, `hf_hub_download`."""
    words = _JOINTS.split(found)
    return len(words) > 2 and all(word.islower() and spoken(word) for word in words[1:])


def stand_in_user(info: str) -> bool:
    """Whether what stands before the `@` of an address is what documentation writes: `user:password`."""
    return _USER.fullmatch(info) is not None or not _TEMPLATE.sub("", info).strip(_EDGES)


def _phrase(text: str) -> bool:
    """Whether several words joined by hyphens make a passphrase."""
    words = text.split("-")
    return len(words) >= _SPOKEN_LEAST and all(word.isalpha() for word in words)


def spoken(part: str, *, called: bool = False) -> bool:
    """Whether letters, with few digits where code stands, read as a word or as words written together."""
    if not part.isascii() or len(part) <= 2:
        return not any(map(str.isdigit, part)) or len(part) <= 2
    if called and _NUMBERED.fullmatch(part):
        return True
    if part.isdigit() or not _WORD.fullmatch(part):
        return False
    turns = len(_CAPITALS.findall(part)) or 1
    return len(part) >= 3 * turns - 1 and not _UNSPOKEN.search(part)


def _drawn(word: str) -> bool:
    """Whether a word among others looks drawn at random: long, of letters and digits, and no slug."""
    word = word.strip(_EDGES)
    if len(word) < _SHORT or _ADDRESS.match(word):
        return False
    mixed = any(map(str.isdigit, word)) and any(map(str.isalpha, word)) and word.isascii()
    return mixed and not all(map(_SLUG.fullmatch, _JOINTS.split(word)))
