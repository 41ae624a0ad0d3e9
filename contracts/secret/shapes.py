"""Shapes of credentials: JWT, PEM, signed addresses, and the tokens of services by gitleaks' rules.

The rules are data (gitleaks.json, see NOTICE). A rule's keywords are looked for first; its pattern is
compiled when one of them is met. Every pattern is bounded: no text takes longer than its length deserves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from contracts.secret.accused import tells_of
from contracts.secret.entropy import DER_KEY, bits, without_blobs
from contracts.secret.names import lowered, secret_name

_GAP = (
    r"(?:[\s\"'`\\:=>|,()\[\]{}*]{1,12}+"
    r"|</?[a-z][\w:-]{0,30}+(?:\s[^<>]{0,80}+)?>|<!\[cdata\["
    r"|&(?:lt|gt|quot|apos|amp|#0?39|#34|#x27|#x22);(?:/?\w{1,20}+&gt;)?|%(?:5[bd]|3d|22|27|3a|20)"
    r"|(?:string|optional|some|secretstr|str)\(\d{0,6}|;?s:\d{1,5}:|b(?=[\"'])"
    r"|type=[\"'][\w#:/.-]{1,90}+[\"']|content-type:[^\r\n]{1,60}+"
    r"|(?:is|was|by|provided|supplied|given|value|val|content|stringvalue|plain|basic|bearer)(?![\w-])){1,9}+"
)
"""What stands between a secret name and its value in markup, code, forms, logs and sentences."""
_SHAPES = {
    "-----begin": r"-----BEGIN [A-Z0-9 ]{1,80}-----[\s\S]*",  # PEM
    "iba mhccaqee migh mc4caqaw": rf"\b{DER_KEY}",
    "sk pk rk gh github_pat glpat llx whsec npm pypi hf dckr figd gocspx sq0 sbp": (
        r"\b(?:g?sk|sbp|pk|rk|gh[opsu]|github_pat|glpat|llx|whsec|npm|pypi|hf|dckr_pat|figd|GOCSPX|sq0[a-z]{3})"
        r"[-_][\w-]{12,}"
    ),
    "xox aiza": r"\b(?:xox[abpr][-_][\w-]{12,}|AIza[\w-]{13,})",
    "-u --user": r"(?<![\w-])(?:-u|--user)[\s=]{1,3}[\"']?[\w.@-]{1,64}:(?P<told>[^\s\"'@:]{8,200}+)",
    "bearer basic negotiate ntlm": (
        r"\b(?:Bearer|Basic|Negotiate|NTLM)\s{1,20}[\w.~+/=-]{8,}"
        r"|\b(?:bearer|basic)\s{1,20}(?=[\w.~+/=-]{0,200}\d)[\w.~+/=-]{16,}"
    ),
    "://": r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)",  # user:password@ in a URL
    "? &": r"(?<=[?&])(?:X-Amz-[\w-]+|sig|signature|token|key|api_key|access_token|X-Goog-[\w-]+)=[^&\s'\"]+",
    "-us": r"(?<![0-9A-Za-z])[0-9a-f]{32}-us\d{1,2}\b",  # Mailchimp
    "api- sdk- mob-": r"(?<![\w-])(?:api|sdk|mob)-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}",
    "token secret passw pwd credential key auth session cookie csrf xsrf signature jwt": (
        r"(?<!un)(?P<name>(?:token|secret|passw|passphrase|passcode|pwd|credential"
        r"|(?:api|access|private|account)[_ -]?key"
        rf"|auth|session|cookie|[cx]srf|signature|jwt)[a-z0-9_-]{{0,30}}+){_GAP}(?!redacted-\d)(?P<told>[\w.~+/=$!@#^*:-]{{8,200}}+)"
    ),
    "key": (
        r"\bkey\b[\"'`:]{0,2}\s{1,3}(?:is\s{1,3})?[\"'`]?"
        r"(?=[\w.~+/=-]{0,200}\d)(?P<told>[\w.~+/=-]{16,})"
    ),
}
"""Shapes of our own: of these words one must be met in lower case, then the pattern is looked for."""
_OWN = [(words.split(), re.compile(pattern)) for words, pattern in _SHAPES.items()]

_JWT = re.compile(r"(?<![\w-])[\w-]{11,}\.[\w-]{8,}(?:\.[\w-]*)?")
_SLUG = re.compile(r"[a-z]{0,20}\d{0,4}\Z|[A-Z]?[a-z]{0,20}\d{0,4}\Z|[A-Z]{0,20}\d{0,4}\Z|\d*\Z")
_MARKS = re.compile(r"[_./:=~-]")
_NO_KEY = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z|\d{4}-\d\d-\d\d|//|\d{1,4}(?:[.:]\d{1,6}){1,4}(?![0-9a-z])",
    re.IGNORECASE,
)
_BEGUN = re.compile(r"[\w.-]+\Z")
_RUN = re.compile(r"[^\s\"'<>,;(){}\[\]]{14}")
_LONG = 400
_REST = re.compile(r"[\w-]*")
_GIVEN = r"[ \t\w.-]{0,20}[\s'\"\\]{0,6}(?:=>|:=|[=:>,])[`'\"\s=\\]{0,6}"


@dataclass(frozen=True)
class _Rule:
    """One rule: what must be met in lower case, the token, and what must stand before it (`given`)."""

    keywords: list[str]
    token: str
    least: float
    given: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern; its last group is the token. A prefix of letters alone must stand free."""
        if self.given:
            return re.compile(f"(?i:{self.given}){_GIVEN}({self.token})(?![A-Za-z0-9])")
        free = all(keyword.isalnum() for keyword in self.keywords)
        return re.compile(f"(?<![A-Za-z0-9])({self.token})(?![A-Za-z0-9])" if free else f"({self.token})")

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where tokens stand, to the end of the run of letters that each begins."""
        end = 0
        for match in self.pattern.finditer(text):
            if match.start(1) < end:
                continue
            token = match[1]
            if bits(token) >= self.least and (not self.given or any(map(str.isdigit, token))):
                end = _REST.match(text, match.end(1)).end()  # type: ignore[union-attr]
                yield match.start(1), end


@cache
def _rules() -> tuple[list[_Rule], list[_Rule]]:
    """Read the rules: tokens that show what they are, and those that a service's name announces."""
    data = json.loads(Path(__file__).with_name("gitleaks.json").read_text("utf-8"))
    tokens = [_Rule(words, token, least) for _, words, token, least in data["tokens"]]
    return tokens, [_Rule(words, token, least, given) for _, words, given, token, least in data["assigned"]]


@cache
def _sought() -> tuple[tuple[str, int, _Rule], ...]:
    """Give each keyword with its rule and the position of that: asked of every text, so one flat list."""
    rules = (rule for rules in _rules() for rule in rules)
    return tuple((word, n, rule) for n, rule in enumerate(rules) for word in rule.keywords)


@cache
def _spelled() -> tuple[tuple[frozenset[str], tuple[str, int, _Rule]], ...]:
    return tuple((frozenset(one[0]), one) for one in _sought())


def _met(lower: str) -> dict[int, _Rule]:
    """Give the rules of which a keyword is met; a long text is not searched for what it lacks letters of."""
    sought: Iterable[tuple[str, int, _Rule]] = _sought()
    if len(lower) > _LONG:
        letters = frozenset(lower)
        sought = (one for spelled, one in _spelled() if spelled <= letters)
    return {n: rule for word, n, rule in sought if word in lower}


@lru_cache(maxsize=4096)
def _announced(name: str) -> tuple[_Rule, ...]:
    lower = name.lower()
    return tuple(rule for rule in _rules()[1] if any(word in lower for word in rule.keywords))


def shape_spans(text: str, name: str = "") -> list[tuple[int, int]]:
    """Give where a text has the shape of a credential, in order, merged; `name` is what it stands under."""
    lower = lowered(text)
    letters = frozenset(lower) if len(lower) > _LONG else None
    met = [own for words, own in _OWN if any(_stands(word, lower, letters) for word in words)]
    found = [span for own in met for span in _own(own, text, lower)]
    if has_run(text):
        found += _runs(text, lower, name)
    return _merged(found)


@lru_cache(maxsize=4)
def has_run(text: str) -> bool:
    """Whether enough characters stand together for a token, a packed text or a word drawn at random.

    It is asked several times of the same text.
    """
    return len(text) >= 14 and _RUN.search(text) is not None


def _stands(word: str, lower: str, letters: frozenset[str] | None) -> bool:
    """Whether a word stands in a text; a long one is not searched for what it lacks letters of."""
    return (letters is None or letters.issuperset(word)) and word in lower


def _own(pattern: re.Pattern[str], text: str, lower: str) -> Iterator[tuple[int, int]]:
    """Yield where a shape of our own stands; what a word announces is looked for in lower case."""
    if "told" not in pattern.groupindex:
        yield from (match.span() for match in pattern.finditer(text))
        return
    named = "name" in pattern.groupindex
    for match in pattern.finditer(lower):
        start, end = match.span("told")
        if _drawn(text[start:end]) and (not named or _names_secret(match, lower)):
            yield start, end


def _names_secret(match: re.Match[str], lower: str) -> bool:
    """Whether the whole name that a match begins in promises a secret, and does not only tell of one."""
    start, name = match.start("name"), match["name"]
    if start and not lower[start - 1].isspace():
        before = _BEGUN.search(lower, max(0, start - 40), start)
        name = (before[0] if before else "") + name
    return secret_name(name) and not tells_of(name)


def _runs(text: str, lower: str, name: str) -> Iterator[tuple[int, int]]:
    if "eyJ" in text and "." in text:
        yield from _jwts(text)
    text = without_blobs(text)
    for rule in _met(lower).values():
        yield from rule.spans(text)
    before = len(name) + 1
    for rule in _announced(name):
        yield from ((s - before, e - before) for s, e in rule.spans(f"{name}={text}") if s >= before)


def _jwts(text: str) -> Iterator[tuple[int, int]]:
    for match in _JWT.finditer(text):
        at = match[0].find("eyJ")
        if 0 <= at <= match[0].index(".") - 11:
            yield match.start() + at, match.end()


@lru_cache(maxsize=256)
def _drawn(word: str) -> bool:
    """Whether a word that is called a key looks drawn at random: no UUID, moment, address or joined words."""
    if _NO_KEY.match(word) or "://" in word or word.endswith("...") or not any(map(str.isdigit, word)):
        return False
    return not all(map(_SLUG.match, _MARKS.split(word))) and bits(word) >= (3.0 if len(word) >= 12 else 2.5)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    last = 0
    for start, end in sorted(spans):
        if start < last:
            last = max(end, last)
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((start, end))
            last = end
    return merged


def secret_shape(text: str) -> bool:
    """Whether some part of the text has the shape of a credential."""
    return bool(shape_spans(text))


def replace_spans(text: str, spans: Iterable[tuple[int, int]], by: Callable[[str], str]) -> str:
    """Replace stretches of a text, given in order; of equal ones `by` is asked once."""
    parts: list[str] = []
    last = 0
    made: dict[str, str] = {}
    for start, end in spans:
        found = text[start:end]
        if found not in made:
            made[found] = by(found)
        parts += (text[last:start], made[found])
        last = end
    return "".join((*parts, text[last:])) if parts else text
