"""Where `[tool.contracts]` names a vendor, and the same settings with another name for it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

_HEADER: Final = re.compile(r"\s*\[+\s*tool\s*\.\s*contracts\b")
_ANY_HEADER: Final = re.compile(r"\s*\[+[^\[\],=]*\]+\s*(?:#.*)?\Z")


def lines_naming(text: str, name: str) -> tuple[int, ...]:
    """Give the lines (1-based) of a pyproject.toml whose settings name a vendor.

    Where they do so in another way than as a plain word, the first line of the settings is given.
    """
    settings = _settings(text)
    if settings == _called(settings, name, f"{name}-"):
        return ()
    found = tuple(n for n, old, new in _lines(text, name, f"{name}-") if old != new)
    first = next((n for n, line in enumerate(text.splitlines(), 1) if _HEADER.match(line)), 1)
    return found or (first,)


def renamed(text: str, name: str, other: str) -> str:
    """Give a pyproject.toml whose settings name a vendor otherwise, all else with the same bytes.

    The text comes back as it is where nothing names the vendor, where the other name has settings already,
    or where it cannot be done line by line.
    """
    if lines_naming(text, other):
        return text
    lines = text.splitlines(keepends=True)
    for number, _, new in _lines(text, name, other):
        lines[number - 1] = new
    made = "".join(lines)
    return made if _parsed(made) == _wanted(text, name, other) else text


def _lines(text: str, name: str, other: str) -> list[tuple[int, str, str]]:
    """Give number, text, and text with the other name, of each line of the settings."""
    found, inside = [], False
    word = re.compile(rf"""(?<=["']){re.escape(name)}(?=["'])""")
    key = re.compile(rf"(\.\s*provider\s*\.\s*[\"']?){re.escape(name)}(?=[\"']?\s*[.\]])")
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        header = _ANY_HEADER.match(line) is not None
        inside = bool(_HEADER.match(line)) if header else inside
        if inside:
            found.append((number, line, key.sub(rf"\g<1>{other}", line) if header else word.sub(other, line)))
    return found


def _parsed(text: str) -> Mapping[str, Any]:
    with suppress(ValueError, RecursionError):
        return tomllib.loads(text)
    return {}


def _settings(text: str) -> Any:
    tool = _parsed(text).get("tool")
    return tool.get("contracts") if isinstance(tool, Mapping) else None


def _wanted(text: str, name: str, other: str) -> Mapping[str, Any]:
    """Give the whole document as it is to be read afterwards."""
    whole = _parsed(text)
    tool = whole.get("tool")
    if not isinstance(tool, Mapping) or "contracts" not in tool:
        return whole
    return {**whole, "tool": {**tool, "contracts": _called(tool["contracts"], name, other)}}


def _called(settings: Any, name: str, other: str) -> Any:
    """Put another name wherever the settings mean the vendor: lists, tables, consumers, watched traffic."""
    if not isinstance(settings, Mapping):
        return settings

    def word(value: Any) -> Any:
        if isinstance(value, list):
            return [word(one) for one in value]
        return other if value == name else value

    def entry(value: Any) -> Any:
        held = isinstance(value, Mapping) and "provider" in value
        return {**value, "provider": word(value["provider"])} if held else word(value)

    made = dict(settings)
    if "providers" in made:
        made["providers"] = word(made["providers"])
    if isinstance(made.get("provider"), Mapping):
        made["provider"] = {word(key): value for key, value in made["provider"].items()}
    if isinstance(made.get("consumers"), Mapping):
        made["consumers"] = {key: entry(value) for key, value in made["consumers"].items()}
    watch = made.get("watch")
    if isinstance(watch, Mapping):
        hosts = watch.get("hosts")
        made["watch"] = {key: word(value) if key == "vendors" else value for key, value in watch.items()}
        if isinstance(hosts, Mapping):
            made["watch"]["hosts"] = {host: word(value) for host, value in hosts.items()}
    return made
