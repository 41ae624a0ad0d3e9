"""What a reader can stand: the severity of changes that break some readers and not others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from contracts.drift.change import Direction
from contracts.drift.rules import Rule
from contracts.errors import ConfigError, UnknownName
from contracts.model import Severity

CLASSES: Final = {
    "enum": "a value of an enum that no reader has seen",
    "unknown": "a key in an object that was closed",
    "null": "null where there was none",
    "width": "a number of more bits",
    "status": "a status that was not described",
}


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Severities by class, for what the vendor sends; what is not named is as the rule says."""

    name: str
    levels: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))

    def severity(self, rule: Rule, direction: Direction) -> Severity:
        """Give the severity of a rule for this reader."""
        stated = rule.severities[direction]
        sent = direction is Direction.RESPONSE and rule.tolerance in self.levels
        return self.levels[rule.tolerance] if sent else stated


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
TOLERANT: Final = Tolerance(
    "tolerant",
    MappingProxyType(
        {"enum": _WARNING, "enum-renamed": _WARNING, "unknown": _WARNING, "null": _ERROR, "width": _ERROR}
    ),
)
STRICT: Final = Tolerance(
    "strict", MappingProxyType({**dict.fromkeys(CLASSES, _ERROR), "enum-renamed": _ERROR})
)


def tolerance_of(text: str) -> Tolerance:
    """Read `tolerant`, `strict`, or one's own: `enum=error,null=note`, the rest as in tolerant."""
    for known in (TOLERANT, STRICT):
        if text == known.name:
            return known
    levels = dict(TOLERANT.levels)
    for part in text.split(","):
        name, equals, level = part.strip().partition("=")
        if not equals:
            raise UnknownName("tolerance", text, (TOLERANT.name, STRICT.name, "enum=error,null=note"))
        if name not in CLASSES:
            raise UnknownName("tolerance class", name, CLASSES)
        if level not in [severity.value for severity in Severity]:
            raise ConfigError(f"--tolerance {name}={level[:20]}: the level is error, warning or note")
        levels[name] = Severity(level)
        if name == "enum":
            levels["enum-renamed"] = Severity(level)
    return Tolerance("own", MappingProxyType(levels))
