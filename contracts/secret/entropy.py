"""Words that look drawn at random: long, mixed, and neither a name, a path, an identifier nor an image."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from contracts.secret.names import identity, secret_name

LEAST: Final = 24
_LONG: Final = 1000
_WORDS = re.compile(r"[A-Za-z0-9_+/=-]{24,}")
_UUID = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|(?<![0-9a-fA-F])[0-9a-fA-F]{12}[147][0-9a-fA-F]{3}[89abAB][0-9a-fA-F]{15}(?![0-9a-fA-F])"
)
_HEX = re.compile(r"(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-zA-Z])|(?<![0-9A-F])[0-9A-F]{32,}(?![0-9a-zA-Z])")
_JOINTS = re.compile(r"[/_=+-]")
_PLAIN = re.compile(
    r"(?:[a-z]{0,20}|[A-Z]?[a-z]{2,20}|[A-Z]{1,20})\d{0,4}\Z|\d{1,14}\Z"
    r"|[a-z]{0,20}(?:[A-Z]{1,3}[a-z]{2,20}|[A-Z]\d{1,2}"  # names of classes and operations
    r"|(?:A[mnst]|B[ey]|Do|Go|He|I[dfnst]|M[ey]|No|O[fnr]|So|To|U[ps]|We))+\Z"
)
_BEFORE = re.compile(r"([\w.-]{1,40})[\"']?(?:\s{0,3}[:=]\s{0,3}|\s{1,3})[\"']?(?:W/\\?[\"'])?\Z")
_DIGEST = re.compile(
    r"(?<![0-9a-zA-Z])(?:[0-9a-f]{6,128}|[0-9A-F]{6,128}|[a-z]{1,20}\d{1,4}[a-z]{1,20}\d{0,4}|\d{1,4}[a-z]{1,20}"
    r"|(?:[A-Z]{0,3}[a-z]{2,20}(?:\d{1,3}[a-z]?)?|[A-Z]{1,3}\d{1,3}[a-z]{0,8})+)(?![0-9a-zA-Z])"
)
"""Digests, and names with numbers in them, as parts of a word."""
_WRAPPED: Final = {60, 64, 72, 76}
"""The lengths at which packed data is broken into lines."""
_LINE_END = re.compile(r"[A-Za-z0-9+/]{4,76}={0,2}(?=[\s\"',;)\\]{0,4}\Z)")
DER_KEY: Final = r"(?:MII[\w+/]{2,3}IBA(?:AKC|DAN)|MHcCAQEE|MIGHAgEAMB|MC4CAQAw)[\w+/=]{24,}"
"""A private key in base64 without the line that says so, by its first bytes."""
_KEY_HEAD = re.compile(DER_KEY)
_RUNS = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}")
_PAIRS: Final = frozenset(
    re.findall(
        "..",
        "abacadaialamanaparasatcechcoctcudedidoeaecedefelemeneresetexfafifofrgehahehoicidieiliminioisitjs"
        "kelaldlelflilllolslumamempnancndnengnonsntocodoiolomonoooporotouowpapeplpoprrarerirnrorrrsrtscse"
        "sisospsssttatctethtitotrtstutyueulumunurvavewhxt",
    )
)
"""The pairs of letters that five of six pairs in names of code are."""
_READABLE: Final = 0.34
_READ_PAIRS: Final = 0.6
_EXAMPLE = re.compile(r"EXAMPLE|XMPL|example|xmpl")
_ELIDED: Final = ("...", "\u2026")
_NEAR: Final = 60
_PUBLIC = re.compile(r"(?i:sha\d{1,3}|md5)[-:_]|^--[\w=-]{1,70}(?:--)?\r?$", re.MULTILINE)
"""Hashes that say so, and the lines between the parts of a multipart body."""
_FIRST: Final = (
    *("iVBORw0KGg", "/9j/", "R0lGOD", "UklGR", "JVBERi0", "UEsDB", "H4sI"),
    *("AAABAA", "SUkq", "TU0A", "PHN2Zy", "AAAAG", "AAAAH", "d09GM", "d09GR", "T1RUT", "AAEAAAA", "AGFzb"),
)
_DATA = re.compile(
    r"data:[\w/+.-]{0,80};base64,[A-Za-z0-9+/=]{16,}|arn:aws[a-z-]{0,10}:[\w:/+.@*-]{8,}|(?<![\w+/=.-])(?!eyJ|MII|ABSK|EAA|ops_)[A-Za-z0-9+/]{120,}={0,2}(?![\w+/.-])"
)
"""Packed data, said to be so or longer than any key that does not say what it is; names of resources."""
_LEAST_BLOB: Final = 44
_LEAST_DATA: Final = 60
_LONGEST_LINE: Final = 90
_MANY: Final = 30
_BLOB = re.compile(rf"(?<![A-Za-z0-9+/=])(?:{'|'.join(_FIRST)})[A-Za-z0-9+/\\\r\n]{{40,}}={{0,2}}")


@lru_cache(maxsize=2)
def without_blobs(text: str) -> str:
    """Blank out the base64 of images, PDFs and archives, known by their first bytes; lengths stay.

    It is asked twice of the same text.
    """
    met = len(text) >= _LEAST_BLOB and any(first in text for first in _FIRST)
    return _BLOB.sub(lambda m: " " * len(m[0]), text) if met else text


def without_data(text: str) -> str:
    """Blank out packed data and names of cloud resources, which nobody is accused of; lengths stay."""
    return _DATA.sub(lambda m: " " * len(m[0]), text) if len(text) > 40 else text


def entropic_spans(text: str, name: str = "", *, accusing: bool = False) -> Iterator[tuple[int, int]]:
    """Yield where words of high entropy stand, but for what an identifier's name announces.

    `accusing` leaves out what is more often a digest, data or a name: see `_harmless`.
    """
    if len(text) < LEAST or identity(name):
        return
    text = without_blobs(text)
    for match in _WORDS.finditer(text):
        start, end = match.span()
        if not high_entropy(match[0]):
            continue
        if _PUBLIC.match(text, start) or identity(_said(text, match)):
            continue
        if not (accusing and _harmless(text, start, match[0])):
            yield start, end


def _harmless(text: str, start: int, word: str) -> bool:
    """Whether a word of high entropy is a name, an example or cut, or else data that nothing calls secret."""
    if example(word) or text.startswith(_ELIDED, start + len(word)) or _readable(word):
        return True
    if secret_name(text[max(0, start - _NEAR) : start]):
        return False
    digest = text.startswith("h1:", max(0, start - 3)) or not high_entropy(_DIGEST.sub("-", word))
    return digest or _repeating(word)


def example(text: str) -> bool:
    """Whether a text says that it stands for another: `AKIAIOSFODNN7EXAMPLE`."""
    return _EXAMPLE.search(text) is not None


def _readable(word: str) -> bool:
    """Whether a word is made of words: of letters, in pairs as names of code have them."""
    runs = _RUNS.findall(word)
    pairs = [run[i : i + 2].lower() for run in runs for i in range(len(run) - 1)]
    if not pairs:
        return False
    share = sum(pair in _PAIRS for pair in pairs) / len(pairs)
    return share >= _READ_PAIRS and share * sum(map(len, runs)) >= _READABLE * len(word)


def _repeating(word: str) -> bool:
    """Whether base64 repeats itself as data does: of letters drawn, no two pieces of three come twice."""
    if len(word) < _LEAST_DATA or len(set(word)) < _MANY:
        return False
    met = Counter(word[i : i + 3] for i in range(len(word) - 2))
    return sum(times > 1 and len(set(piece)) > 1 for piece, times in met.items()) > 1


def without_wrapped(lines: list[str]) -> list[str]:
    """Blank out packed data that is broken into lines of one length, its last and shorter line as well."""
    ends = [_LINE_END.search(line, max(0, len(line) - _LONGEST_LINE)) for line in lines]
    sizes = [len(end[0]) if end else 0 for end in ends]
    whole = [size in _WRAPPED for size in sizes]
    shown = list(lines)
    for at, end in enumerate(ends):
        if end is None or _KEY_HEAD.match(end[0]):
            continue
        alone = not lines[at][: end.start()].strip()
        above = alone and at > 0 and whole[at - 1] and sizes[at] <= sizes[at - 1]
        if above or (whole[at] and sizes[at] in sizes[at + 1 : at + 2]):
            shown[at] = lines[at][: end.start()] + lines[at][end.end() :]
    return shown


def _said(text: str, match: re.Match[str]) -> str:
    """Give the name that announces a word: `name=word`, `name: word`."""
    if said := re.match(r"([\w-]{1,40})=[^=]", match[0]):
        return said[1]
    said = _BEFORE.search(text, max(0, match.start() - 50), match.start())
    return said[1] if said else ""


def high_entropy(word: str) -> bool:
    """Whether a run of 24 or more characters carries 4 bits or more each and is no UUID, slug or path.

    Hexadecimal carries fewer; 32 digits or more that are no UUID count.
    """
    return (_repeated if len(word) > _LONG else _often)(word)


def _high_entropy(word: str) -> bool:
    rest = _UUID.sub("", word)
    if len(rest) < LEAST or not any(map(str.isdigit, rest)) or all(map(_PLAIN.match, _JOINTS.split(rest))):
        return False
    return bits(rest) >= 4.0 or any(bits(m[0]) >= 3.0 for m in _HEX.finditer(rest.replace("_", "-")))


_repeated, _often = lru_cache(maxsize=4)(_high_entropy), lru_cache(maxsize=256)(_high_entropy)
"""The layers of a text repeat its words; of the long ones few are remembered."""


def bits(word: str) -> float:
    """Give the entropy of a word, in bits a character."""
    size = len(word)
    counts = Counter(Counter(word).values())  # most characters of a word occur equally often
    return -sum(n * same / size * math.log2(n / size) for n, same in counts.items())
