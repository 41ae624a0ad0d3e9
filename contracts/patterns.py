r"""ECMA-262 patterns in a bounded engine, the same one for both validation engines.

Python's `re` reads `\d`, `\w` and `$` differently and can be made to run for hours. Patterns run in
jsonschema-rs instead: linear time, or bounded backtracking where look-around or back-references need it.
Look-around may cost the square of a text's length all the same, so it is asked of texts up to a length only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import jsonschema_rs

OPTIONS: Final = jsonschema_rs.FancyRegexOptions(backtrack_limit=200_000)
LONGEST: Final = 2_000
"""Characters up to which a text is searched for a pattern that may take the square of its length."""
_LINEAR: Final = jsonschema_rs.RegexOptions()
_ODD = re.compile(r"\(\?[=!<]|\\[1-9kbB]")
_TOKEN = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])*\]|[()]", re.DOTALL)
_ESCAPED = (
    r"(?P<pair>\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2})|(?P<nul>\\0(?!\d))"
    r"|\\(?:u[\da-fA-F]{4}|u\{[\da-fA-F]+\}|x[\da-fA-F]{2}|c(?P<control>[A-Za-z])|[tnvfr\d])|\\(?P<letter>[A-Za-z])|\\."
)
_SIGN = re.compile(
    r"\\k<(?P<back>\w+)>|\\(?P<edge>[bB])|\\(?P<class>[dDwWsS])|\\[pP]\{[^{}]*\}|(?P<none>\[\])|(?P<any>\[\^\])|(?P<open>\[\^?)"
    rf"|\(\?<(?P<name>[^\W\d]\w*)>|(?P<group>\((?!\?))|\{{\d+(?:,\d*)?\}}|(?P<dot>\.)|(?P<mark>[\]{{}}])|{_ESCAPED}",
    re.DOTALL,
)
"""What ECMA-262 reads in its own way, and what has to be read over."""
_IN_SET = re.compile(
    r"(?P<shut>\])|(?P<back>\\b)|\\(?P<class>[dDwWsS])(?P<then>-?)|(?P<set>\\[pP]\{[^{}]*\})-|\\[pP]\{[^{}]*\}"
    rf"|(?P<dash>-(?=\\[dDwWsSpP]))|{_ESCAPED}",
    re.DOTALL,
)
"""The same between brackets."""
_CLASSES: Final = {
    "d": "0-9",
    "w": "0-9A-Za-z_",
    "s": r"\x09-\x0d\x20\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff",
    "D": r"\x00-\x2f\x3a-\u{10ffff}",
    "W": r"\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\u{10ffff}",
    "S": r"\x00-\x08\x0e-\x1f\x21-\x9f\xa1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e"
    r"\u2060-\u2fff\u3001-\ufefe\uff00-\u{10ffff}",
}
_WORD: Final = f"[{_CLASSES['w']}]"
_EDGES: Final = {
    "b": f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
    "B": f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))",
}
_SAID: Final = {"none": r"[^\s\S]", "any": r"[\s\S]", "nul": r"\x00", "dot": r"[^\n\r\u2028\u2029]"}
_original: dict[str, str] = {}


@lru_cache(maxsize=4096)
def _matcher(pattern: str) -> jsonschema_rs.Draft202012Validator:
    schema = {"pattern": runnable(pattern)}
    return jsonschema_rs.Draft202012Validator(schema, pattern_options=OPTIONS, offline=True)


def usable(pattern: str) -> bool:
    """Whether the engine can read the pattern at all."""
    return _reads(translated(pattern), OPTIONS)


def search(pattern: str, text: str) -> bool:
    """Whether the pattern matches somewhere in the text; False also when the bound is exceeded.

    A text longer than `LONGEST` is taken to match a pattern that is `quadratic`.
    """
    return _matcher(pattern).is_valid(text)


@lru_cache(maxsize=4096)
def runnable(pattern: str) -> str:
    """Give what the engine runs for a pattern of ECMA-262: it matches the same texts.

    It matches all texts, too, that are too long for a pattern that is `quadratic`.
    """
    if pattern in _original:
        return pattern
    plain = translated(pattern)
    whole = rf"^(?:[\s\S]{{{LONGEST + 1}}}|(?=[\s\S]*?(?:{plain})))"
    made = whole if quadratic(pattern) and _reads(whole, OPTIONS) else plain
    if made != pattern:
        _original[made] = pattern
    return made


def original(step: str | int) -> str | int:
    """Give the pattern that one to run was made of; any other step of a place as it is."""
    return _original.get(step, step) if _original and isinstance(step, str) else step


@lru_cache(maxsize=4096)
def quadratic(pattern: str) -> bool:
    """Whether a search may take the square of a text's length: look-around anywhere but at the start."""
    if _ODD.search(pattern) is None or not usable(pattern):
        return False
    pattern = translated(pattern)
    rest = pattern.removeprefix("^")
    while pattern.startswith("^") and rest.startswith(("(?=", "(?!")):
        end = _closed(rest)
        if not _linear(rest[3 : end - 1]) or rest[end : end + 1] in set("*+?{"):
            return True
        rest = rest[end:]
    return not _linear(rest)


def _closed(group: str) -> int:
    """Give where the group ends that a pattern begins with."""
    depth = 0
    for token in _TOKEN.finditer(group):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if depth == 0 and token[0] == ")":
            break
    return token.end()


def _linear(pattern: str) -> bool:
    """Whether the engine without look-around can read a pattern."""
    return _reads(pattern, _LINEAR)


def _reads(pattern: str, options: jsonschema_rs.FancyRegexOptions | jsonschema_rs.RegexOptions) -> bool:
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options, offline=True)
    except (ValueError, jsonschema_rs.ValidationError):
        return False
    return True


@lru_cache(maxsize=4096)
def translated(pattern: str) -> str:
    r"""Write what ECMA-262 reads in its own way as the engine reads it; a pattern without such signs stays.

    Names of groups become numbers; `\b` looks at letters of ASCII alone, and `.` leaves four line ends out; a
    letter that is escaped for no reason stands for itself.
    """
    parts: list[str] = []
    names: list[str] = []
    at, signs = 0, _SIGN
    while match := signs.search(pattern, at):
        kind = match.lastgroup or ""
        if kind in {"name", "group"}:
            names.append(match[kind])
        parts += (
            pattern[at : match.start()],
            (_in_set if signs is _IN_SET else _outside)(match, kind, names),
        )
        signs = {"open": _IN_SET, "shut": _SIGN}.get(kind, signs)
        at = match.end()
    return "".join((*parts, pattern[at:]))


def _outside(match: re.Match[str], kind: str, names: list[str]) -> str:
    if kind == "back" and match[kind] in names:
        return rf"(?:\{names.index(match[kind]) + 1})"
    if kind == "edge":
        return _EDGES[match[kind]]
    if kind == "class":
        return f"[{_CLASSES[match[kind]]}]"
    return rf"\{match[0]}" if kind == "mark" else _alike(match, kind)


def _in_set(match: re.Match[str], kind: str, _: list[str]) -> str:
    if kind == "then":
        return _CLASSES[match["class"]] + (r"\-" if match[kind] else "")
    if kind in {"set", "dash"}:
        return rf"{match[kind] if kind == 'set' else ''}\-"
    return r"\x08" if kind == "back" else _alike(match, kind)


def _alike(match: re.Match[str], kind: str) -> str:
    """Write what means the same between brackets and outside of them."""
    said = match[0]
    if kind == "pair":
        high, low = int(said[2:6], 16), int(said[8:], 16)
        return rf"\u{{{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00:X}}}"
    if kind == "control":
        return rf"\x{ord(match[kind]) % 32:02x}"
    return match[kind] if kind == "letter" else _SAID.get(kind, said)
