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
_ODD = re.compile(r"\(\?[=!<]|\\[1-9k]")
_TOKEN = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])*\]|[()]", re.DOTALL)
_original: dict[str, str] = {}


@lru_cache(maxsize=4096)
def _matcher(pattern: str) -> jsonschema_rs.Draft202012Validator:
    schema = {"pattern": bounded(pattern)}
    return jsonschema_rs.Draft202012Validator(schema, pattern_options=OPTIONS, offline=True)


def usable(pattern: str) -> bool:
    """Whether the engine can read the pattern at all."""
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=OPTIONS, offline=True)
    except (ValueError, jsonschema_rs.ValidationError):
        return False
    return True


def search(pattern: str, text: str) -> bool:
    """Whether the pattern matches somewhere in the text; False also when the bound is exceeded.

    A text longer than `LONGEST` is taken to match a pattern that is `quadratic`.
    """
    return _matcher(pattern).is_valid(text)


def bounded(pattern: str) -> str:
    """Give a pattern that matches the same texts, and all that are too long for one that is `quadratic`."""
    if not quadratic(pattern):
        return pattern
    made = rf"^(?:[\s\S]{{{LONGEST + 1}}}|(?=[\s\S]*?(?:{pattern})))"
    _original[made] = pattern
    return made


def unbounded(step: str | int) -> str | int:
    """Give the pattern that a bounded one was made of; any other step of a place as it is."""
    return _original.get(step, step) if _original and isinstance(step, str) else step


@lru_cache(maxsize=4096)
def quadratic(pattern: str) -> bool:
    """Whether a search may take the square of a text's length: look-around anywhere but at the start."""
    if _ODD.search(pattern) is None or pattern in _original or _linear(pattern) or not usable(pattern):
        return False
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
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=_LINEAR, offline=True)
    except (ValueError, jsonschema_rs.ValidationError):
        return False
    return True
