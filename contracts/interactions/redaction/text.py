"""Finding and replacing the secret parts of one text, whatever it is wrapped in.

In order: pieces of known secrets, nested JSON, base64, secret-named parts (`name=value`, `"name": "value"`),
user info in URLs, shapes of credentials, e-mail and public network addresses, words of high entropy.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from contracts.interactions.formats import stored
from contracts.interactions.redaction.tokens import Tokens, placeholder, spared, stand_in
from contracts.model import Json
from contracts.secret import (
    MAX_NESTED,
    PACKED,
    Known,
    accused_shape,
    entropic_spans,
    has_run,
    holds,
    layers,
    may_name,
    replace_spans,
    secret_items,
    secret_members,
    secret_name,
    secret_shape,
    separate,
    shape_spans,
    stand_in_user,
    unpacked,
    without_data,
    worded,
)

_REMEMBERED: Final = 200
_PARAMETER = re.compile(r"""(?<=[?&;#\s])([\w.~%-]{1,80})=([^&;#\s"'<>\\]+)""")
_LOOSE_NAME = re.compile(
    r"""(?<![\w.~-])([\w.~-]{3,80}+)(\\{0,8}["'])?\s{0,20}+([:=])"""
    r"""(?!redacted-\d+(?:\s|\Z|&[A-Za-z_][\w.%-]{0,79}=))\s{0,20}"""
)
"""A name and what parts it from its value, unless a token of ours stands there already."""
_PROSE = re.compile(r":\s{1,20}[A-Z]?[a-z]{1,15}[.,;!?]?(?:\s|$)")
"""A sentence goes on behind a colon and a blank: `invalid token: expired`."""
_LOOSE_VALUE = re.compile(
    r"(?:(?:bearer|basic|token|digest|api-?key|negotiate|ntlm)\s+)?[^\s\"'&;,<>{}\[\]\\]+", re.IGNORECASE
)
_QUOTED = re.compile(r"""(\\{0,8}["'])([^\n]{1,2000}?)(?<!\\)\1""")
_WORD = re.compile(r"[A-Z]?[a-z]{1,15}")
_ENDS: Final = {"{": "}", "[": "]", '"': '"'}
"""How JSON begins and ends that has something in it."""
_QUOTES: Final = frozenset("\\\"'")
_OPENING = re.compile(r"""\\{0,8}["']""")
_BEGUN = re.compile(r"(?!&[A-Za-z_][\w.%-]{0,79}=)\S{8,24}")
_RUN = re.compile(r"\S{8,200}")
_REST = re.compile(r"(?:[^\s&]|&(?![A-Za-z_][\w.%-]{0,79}=)){4,200}")
_STRUCTURE = re.compile(
    r"[\"'\\)}\]>]*(?:</?[a-zA-Z][\w-]{0,20}(?:/?>|$)|[\"'\\)}\]>,;.]*$"
    r"|(?:,|;(?=[^:=]{0,50}=))\s*[\"'\\]*[A-Za-z_][A-Za-z_.-]{1,40}[\"'\\]*[:=])"
)
"""What follows a value that is over: marks that close, a tag, the next name."""
_USERINFO = re.compile(r"(?<=://)[^/\s@?#\"'<>]+(?=@)")
_EMAIL = re.compile(r"(?<![\w.%+:/-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_ADDRESS = re.compile(
    r"[0-9a-fA-F:](?<![\w.:][0-9a-fA-F:])(?:(?<=\d)\d{0,2}(?:\.\d{1,3}){3}"
    r"|(?=(?<=:):|[0-9a-fA-F:]{0,38}?::|[0-9a-fA-F]{0,3}:(?:[0-9a-fA-F]{1,4}:){6})[0-9a-fA-F:]{5,38})(?![\w.:])"
)
"""Begins with what it may begin with, since that is skipped to faster than a look behind."""
_GROUPS = re.compile(r":[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}:|::|\d\.\d")
"""What every address has."""
_TOKENS = re.compile(r"redacted-\d+")
_SIGNED = re.compile(r"[?&](?:x-amz-|x-goog-|sig=|signature=|se=|sv=)", re.IGNORECASE)
_URL_KEYS: Final = frozenset({"key", "code", "se", "sv", "sp", "skoid", "sktid", "googleaccessid"})


@dataclass(slots=True)
class Cleaner:
    """Replaces secret parts of texts; `rules` collects the names of the rules that struck last.

    `absent` says that no piece of a known secret stands in the plain texts to come, so that only what is
    packed in them is looked through for one; `clear` remembers texts that were found clean. `accusing` spares
    what is only hidden, not accused (contracts/secret/accused.py), and what tells of a person.
    """

    known: Known
    tokens: Tokens
    published: frozenset[str] = frozenset()
    absent: bool = False
    rules: list[str] = field(default_factory=list)
    clear: set[tuple[str, str]] = field(default_factory=set)
    accusing: bool = False
    harmless: set[tuple[str, int]] = field(default_factory=set)
    """Packed words in which nothing was found, by how deep they stand: the layers of a text repeat them."""

    def clean(self, text: str, name: str = "", depth: int = 0) -> str:
        """Give the text without its secrets; the same text when it holds none."""
        if depth or len(text) > _REMEMBERED:
            return self._clean(text, name, depth)
        key = (text, name)
        if key in self.clear:
            return text
        cleaned = self._clean(text, name, depth)
        if cleaned == text:
            self.clear.add(key)
        return cleaned

    def _clean(self, text: str, name: str, depth: int) -> str:
        unknown = self.absent and depth == 0
        if len(text) < 4 or (text in self.published and (unknown or not self.known.within(text))):
            return text
        text = text if unknown else self.without_known(text)
        if depth < MAX_NESTED:
            text = self._nested(text, depth)
            text = self._packed(text, depth) if has_run(text) else text
        text = self._shaped(self._named(text), name)
        if not has_run(text):
            return text
        spans = entropic_spans(text, name, accusing=self.accusing)
        return replace_spans(text, spans, lambda word: self._hit("entropy", word))

    def doubt(self, text: str, name: str) -> str:
        """Name the rule that a cleaned text still breaks once its escapes are taken off, or give ''."""
        if not any(mark in text for mark in "%\\&"):
            return ""
        return Inspector(self.known, self.published, clear=self.clear).rule(text, name)

    def proved(self, text: str, name: str = "") -> str:
        """Give the text without its secrets; where that cannot be proved, a token for all of it."""
        clean = self.clean(text, name)
        if not (doubt := self.doubt(clean, name)):
            return clean
        self.rules.append(doubt)
        return self.tokens.word(text)

    def _hit(self, rule: str, secret: str) -> str:
        if stand_in(secret):
            return secret
        self.rules.append(rule)
        return self.tokens.word(secret)

    def without_known(self, text: str) -> str:
        """Replace the pieces of known secrets alone."""
        parts, last = [], 0
        for start, end in self.known.spans(text):
            parts += [text[last:start], self._hit("known", text[start:end])]
            last = end
        found = "".join((*parts, text[last:])) if parts else text
        return self._hit("known", text) if self.known.within(found) else found

    def without_keys(self, text: str) -> str:
        """Replace the pieces of known secrets alone, also of what is packed several times."""
        plain = self.without_known(text)
        return PACKED.sub(lambda m: self._hit("known", m[0]) if holds(m[0], self.known) else m[0], plain)

    def _nested(self, text: str, depth: int) -> str:
        if _ENDS.get(text.lstrip()[:1]) != (text.rstrip()[-1:] or None):
            return text
        try:
            json.loads(text)  # fails faster on what only looks like JSON
        except (ValueError, RecursionError):
            return text
        member = stored(text.encode("utf-8", "surrogatepass"))
        if "json" not in member:  # broken or ambiguous JSON is never rewritten, only its text is
            return text
        value = member["json"]
        cleaned = self.tree(value, "", depth + 1)
        return text if cleaned == value else json.dumps(cleaned, ensure_ascii=False, separators=(",", ":"))

    def tree(self, value: Json, name: str, depth: int, *, named: bool = False) -> Json:
        """Clean every text of a nested document; values under a secret name are replaced whole."""
        if isinstance(value, dict):
            secret = secret_members(value)
            return {
                self.clean(k, "", depth): self.tree(v, k, depth, named=named or k in secret)
                for k, v in value.items()
            }
        if isinstance(value, list):
            items = secret_items(value)
            return [self.tree(one, name, depth, named=named or n in items) for n, one in enumerate(value)]
        if isinstance(value, str) and value and named and not (self.accusing and self.spared(name, value)):
            return self._hit("name", value)
        return self.clean(value, name, depth) if isinstance(value, str) else value

    def _packed(self, text: str, depth: int) -> str:
        return PACKED.sub(lambda m: self._repacked(m[0], depth), text)

    def _repacked(self, word: str, depth: int) -> str:
        for part in (word, *separate(word)):
            plain = unpacked(part)
            if plain is None:
                continue
            before = len(self.rules)
            if (part, depth) in self.harmless:
                continue
            cleaned = self.clean(plain, "", depth + 1)
            if cleaned == plain:
                self.harmless.add((part, depth))
            else:
                return word.replace(part, base64.b64encode(cleaned.encode()).decode())
            del self.rules[before:]
        return word

    def _named(self, text: str) -> str:
        signed = _SIGNED.search(text) is not None
        if ("=" in text or ":" in text) and (signed or may_name(text)):
            text = _PARAMETER.sub(_once(self._signed_parameter if signed else self._parameter), text)
            text = replace_spans(text, self._loose_values(text), lambda value: self._hit("name", value))
        return _USERINFO.sub(self._user, text) if "@" in text else text

    def _parameter(self, match: re.Match[str]) -> str:
        return self._valued(match) if secret_name(match[1]) else match[0]

    def _signed_parameter(self, match: re.Match[str]) -> str:
        return self._valued(match) if secret_name(match[1]) or _secret_parameter(match[1]) else match[0]

    def _valued(self, match: re.Match[str]) -> str:
        name, value = match.groups()
        return match[0] if self.spared(name, value) else f"{name}={self._hit('url', value)}"

    def _loose_values(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where values stand behind secret names that nothing quotes, with all that is part of them."""
        last = 0
        for match in _LOOSE_NAME.finditer(text):
            start, end = match.span()
            if start < last or not secret_name(match[1]):
                continue
            if text[end : end + 1] in _QUOTES:
                found = self._quoted(text, match)
            elif match[2] or (self.accusing and _in_tag(text, start, end)):
                continue  # what a quoted name has unquoted is a number
            else:
                found = self._unquoted(text, match, end)
            if found:
                last = found[1]
                yield found

    def _quoted(self, text: str, match: re.Match[str]) -> tuple[int, int] | None:
        end = match.end()
        quoted = _QUOTED.match(text, end)
        if quoted is None:
            opened = _OPENING.match(text, end)
            return self._unquoted(text, match, opened.end() if opened else end)
        value = quoted[2]
        if self.spared(match[1], value):
            return None
        return None if not match[2] and _WORD.fullmatch(value) else quoted.span(2)

    def _unquoted(self, text: str, match: re.Match[str], at: int) -> tuple[int, int] | None:
        if text.startswith("//", match.end()) or (
            text[match.end() - 1].isspace() and _PROSE.match(text, match.start(3))
        ):
            return None
        value = _LOOSE_VALUE.match(text, at)
        if value is None:  # begins with a bracket: a list, or a secret that begins so
            begun = _BEGUN.match(text, at)
            if begun is None or worded(begun[0]) or self.spared(match[1], begun[0]):
                return None
            return at, _RUN.match(text, at).end()  # type: ignore[union-attr]
        rest = _REST.match(text, value.end())
        if rest is None or _STRUCTURE.match(rest[0]):
            return None if self.spared(match[1], value[0]) else value.span()
        whole = text[at : rest.end()]
        return None if self.accusing and self.spared(match[1], whole) else (at, rest.end())

    def spared(self, name: str, value: str) -> bool:
        """Whether what stands under a secret name stays: a stand-in, or what nobody is accused of."""
        return spared(name, value, accusing=self.accusing)

    def _user(self, match: re.Match[str]) -> str:
        spared = self.accusing and stand_in_user(match[0])
        return match[0] if spared else self._hit("url", match[0])

    def _shaped(self, text: str, name: str) -> str:
        text = replace_spans(text, shape_spans(text, name), self._shape)
        if self.accusing:
            return text
        if "@" in text:
            text = _EMAIL.sub(self._email, text)
        return _ADDRESS.sub(self._address, text) if _GROUPS.search(text) else text

    def _shape(self, found: str) -> str:
        if placeholder(found) or (self.accusing and not accused_shape(found)):
            return found
        ours = "redacted-" in found and not secret_shape(_TOKENS.sub("", found))
        return found if ours else self._hit("shape", found)

    def _email(self, match: re.Match[str]) -> str:
        if match[0].endswith(("example.com", "example.org", "example.net")):
            return match[0]
        return f"{self._hit('e-mail', match[0])}@example.com"

    def _address(self, match: re.Match[str]) -> str:
        version = _public(match[0])
        if not version:
            return match[0]
        self.rules.append("address")
        ordinal = self.tokens.ordinal(match[0])
        return f"192.0.2.{ordinal % 256}" if version == 4 else f"2001:db8::{ordinal:x}"


def _once(replaced: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
    """Ask of equal stretches of one text once."""
    made: dict[str, str] = {}

    def replace(match: re.Match[str]) -> str:
        found = match[0]
        if found not in made:
            made[found] = replaced(match)
        return made[found]

    return replace


@lru_cache(maxsize=1024)
def _public(text: str) -> int:
    """Give the version of an IP address of the public network; 0 for anything else."""
    try:
        address = ip_address(text)
    except ValueError:
        return 0
    return address.version if address.is_global else 0


def _in_tag(text: str, start: int, end: int) -> bool:
    """Whether a name and a colon begin a tag of XML, or stand in a path."""
    return text[end - 1] == ":" and text[start - 1 : start] in ("<", "/")


def _secret_parameter(name: str) -> bool:
    lower = name.lower()
    return lower in _URL_KEYS or lower.startswith(("x-amz-", "x-goog-"))


class _RuleFound(Exception):
    """The name of the rule that struck first."""


class _FirstRule(list[str]):
    """A list of rules that ends the cleaning with the first that strikes."""

    def append(self, rule: str) -> None:
        raise _RuleFound(rule)


@dataclass(slots=True)
class Inspector:
    """Says of texts about to be written what is suspicious in them; `absent` as in Cleaner."""

    known: Known
    published: frozenset[str] = frozenset()
    absent: bool = False
    clear: set[tuple[str, str]] = field(default_factory=set)
    accusing: bool = False

    def rule(self, text: str, name: str = "") -> str:
        """Name the rule that a text breaks, or give the empty string."""
        found = layers(text)
        if not self.absent and self.known.among(found):
            return "known"
        if text in self.published:
            return ""
        rules = _FirstRule()
        cleaner = Cleaner(self.known, Tokens(), self.published, True, rules, self.clear, self.accusing)
        for variant in found:
            try:
                cleaner.clean(without_data(variant) if self.accusing else variant, name)
            except _RuleFound as found:
                return str(found)
        return ""

    def rule_of_bytes(self, data: bytes) -> str:
        """Name the rule that bytes which are no text break, read as either of two encodings."""
        texts = (data.decode("latin-1"), data.decode("utf-8", "ignore"))
        return next(filter(None, map(self.rule, texts)), "")


def suspicious(text: str, name: str, known: Known, published: frozenset[str] = frozenset()) -> str:
    """Name the rule that a text about to be written breaks, or give the empty string."""
    return Inspector(known, published).rule(text, name)


def texts(value: Json) -> Iterator[str]:
    """Yield every text and key of a document; it is at most 256 levels deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
