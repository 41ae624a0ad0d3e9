r"""ECMA-262 patterns in a bounded engine, the same one for both validation engines.

Python's `re` reads `\d`, `\w` and `$` differently and can be made to run for hours. Patterns run in
jsonschema-rs instead: linear time, or bounded backtracking where look-around or back-references need it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import jsonschema_rs

OPTIONS: Final = jsonschema_rs.FancyRegexOptions(backtrack_limit=200_000)


@lru_cache(maxsize=4096)
def _matcher(pattern: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=OPTIONS, offline=True)


def usable(pattern: str) -> bool:
    """Whether the engine can read the pattern at all."""
    try:
        _matcher(pattern)
    except (ValueError, jsonschema_rs.ValidationError):
        return False
    return True


def search(pattern: str, text: str) -> bool:
    """Whether the pattern matches somewhere in the text; False also when the bound is exceeded."""
    return _matcher(pattern).is_valid(text)
