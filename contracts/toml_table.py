"""One strict reader of TOML: an unknown key, or a value of another shape, is an error with its place.

Every file of a user's goes through it: `[tool.contracts]`, provider.toml, waivers.toml. The caller says which
keys there are; complaints name the file, the table or line, what was found and what to write instead.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from contracts.errors import ConfigError, UnknownName
from contracts.text import safe_text, show

T = TypeVar("T")


def read_table(path: Path, shown: str = "") -> Table:
    """Read a TOML file; ConfigError names it, and the line where the syntax is broken."""
    name = shown or str(path)
    try:
        text = path.read_text(encoding="utf-8")
        return Table(tomllib.loads(text), name, text)
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {error.strerror}") from None
    except RecursionError:
        raise ConfigError(f"{name}: cannot be read: nested too deeply") from None
    except ValueError as error:  # of tomllib, of the decoder, and of numbers with thousands of digits
        raise ConfigError(f"{name}: cannot be read: {safe_text(str(error), 120)}") from None


class Table:
    """A TOML table that knows its place: `source` is the whole text, `line` its header's, or 0."""

    def __init__(self, values: Any, where: str, source: str = "", line: int = 0) -> None:
        self.values: Mapping[str, Any] = values
        self.where, self.source, self.line = where, source, line
        if not isinstance(values, Mapping):
            raise ConfigError(f"{where} is not a table")

    def fail(self, key: str, wanted: str) -> NoReturn:
        """Refuse the value of a key, or its absence: `wanted` says what to write."""
        found = f"is {_shown(self.values[key])}" if key in self.values else "is missing"
        gap = " " if self.where.endswith("]") else ": "
        raise ConfigError(f"{self.where}{gap}{safe_text(key, 60)} {found}; write {wanted}")

    def only(self, known: Collection[str], kind: str = "setting") -> None:
        """Refuse a key that is not among the known ones, with the nearest of them."""
        for key in self.values:
            if key not in known:
                raise UnknownName(kind, safe_text(key, 60), sorted(known), self.where)

    def text(self, key: str, default: str | None = None) -> str:
        """Give a text; without a default the key must be there, and hold more than blanks."""
        value = self.values.get(key, default)
        value = value.isoformat() if isinstance(value, date) else value
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.fail(key, "a text")
        return value

    def texts(self, key: str, wanted: str = "a list of texts") -> tuple[str, ...]:
        """Give a list of texts."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fail(key, wanted)
        return tuple(value)

    def flag(self, key: str) -> bool:
        """Give true or false; false when it is not there."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.fail(key, "true or false")
        return value

    def count(self, key: str, default: int, unit: str) -> int:
        """Give a whole number of a unit, 1 or more."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.fail(key, f"a number of {unit}, 1 or more")
        return value

    def share(self, key: str, default: float = 0.0) -> float:
        """Give a share between 0 and 1."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.fail(key, "a share between 0 and 1")
        return float(value)

    def day(self, key: str) -> date:
        """Give a day, which TOML writes without quotes."""
        value = self.values.get(key)
        if type(value) is not date:
            self.fail(key, "a day without quotes, such as 2027-02-01")
        return value

    def word(self, key: str, allowed: Mapping[str, T], default: str | None = None) -> T:
        """Give what a word stands for; without a default the key must be there."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or value not in allowed:
            self.fail(key, " or ".join(allowed))
        return allowed[value]

    def pairs(self, key: str) -> dict[str, str]:
        """Give a table of texts."""
        table = self.table(key)
        return {name: table.text(name, "") for name in table.values}

    def table(self, key: str) -> Table:
        """Give a table in this one; an empty one when it is not there."""
        bracket = re.fullmatch(r"(.*\[.*)\]", self.where)
        return Table(self.values.get(key, {}), f"{bracket[1]}.{key}]" if bracket else f"{self.where}: {key}")

    def tables(self, key: str) -> list[Table]:
        """Give the tables of `[[key]]`, each placed at the line of its header."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            raise ConfigError(f"{self.where}: '{key}' is not a list of tables; start each with [[{key}]]")
        header = re.compile(rf"^[ \t]*\[\[[ \t]*{re.escape(key)}[ \t]*\]\]", re.MULTILINE)
        starts = [0, *(match.start() for match in header.finditer(self.source))]
        lines = [*accumulate((self.source.count("\n", *pair) for pair in pairwise(starts)), initial=1)][1:]
        if len(lines) != len(value):  # a table is written another way, or its header stands in a text
            return [Table(one, f"{self.where}: {key} {number}") for number, one in enumerate(value, 1)]
        return [Table(one, f"{self.where}:{at}", line=at) for one, at in zip(value, lines, strict=True)]


def _shown(value: Any) -> str:
    try:
        return show(value)
    except TypeError:  # a date or a time, which JSON does not know
        return f"'{safe_text(str(value), 60)}'"
