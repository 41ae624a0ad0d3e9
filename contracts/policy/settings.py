"""`[tool.contracts]` of a pyproject.toml, read strictly: an unknown key is an error that names the nearest.

[tool.contracts]
providers = ["almanac", "nimble"]
fail-on = "error"              # error, warning, note or never
tolerance = "tolerant"         # or "strict": how a drift is judged
coverage = 0.8                 # least share of the spec's facts that the interactions must show
stale-warn-days = 90
stale-fail-days = 180
[tool.contracts.severity]
undescribed = "off"            # rule = off, note, warning or error
[tool.contracts.provider.nimble.severity]
enum = "warning"
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from contracts.decode import MAX_BYTES
from contracts.errors import ConfigError, UnknownName
from contracts.model import Severity
from contracts.policy.rules import RULES
from contracts.text import safe_text, show

TOLERANCES: Final = ("tolerant", "strict")
"""How a change of the vendor's is judged: as a forgiving reader meets it, or as a strict one does."""

_LEVELS: Final = {"off": None, "note": Severity.NOTE, "warning": Severity.WARNING, "error": Severity.ERROR}
_FAIL_ON: Final = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE, "never": None}
_OURS: Final = (
    "providers",
    "fail-on",
    "tolerance",
    "coverage",
    "stale-warn-days",
    "stale-fail-days",
    "max-body",
    "severity",
    "provider",
)
ELSEWHERE: Final = ("consumers",)
"""Tables of `[tool.contracts]` that other rooms read; here they are only known to exist."""
_PER_PROVIDER: Final = ("coverage", "severity")


@dataclass(frozen=True, slots=True)
class SeverityChoice:
    """A severity set by the team for a rule, everywhere or for one provider; None switches the rule off."""

    rule: str
    severity: Severity | None
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The team's settings; the defaults are those of a team that set nothing.

    `fail_on` None never closes the gate; `coverage` is a share 0..1, with exceptions per provider in
    `coverages`; ages are in days, `max_body` in bytes.
    """

    providers: tuple[str, ...] = ()
    fail_on: Severity | None = Severity.ERROR
    tolerance: str = "tolerant"
    coverage: float = 0.0
    coverages: tuple[tuple[str, float], ...] = ()
    stale_warn_days: int = 90
    stale_fail_days: int = 180
    max_body: int = MAX_BYTES
    severities: tuple[SeverityChoice, ...] = ()
    file: str = ""

    def coverage_of(self, provider: str) -> float:
        """Give the least share of facts that a provider's interactions must show."""
        return dict(self.coverages).get(provider, self.coverage)

    def choice(self, rule: str, provider: str = "") -> SeverityChoice | None:
        """Give the team's choice for a rule, the provider's before the general one."""
        fitting = [one for one in self.severities if one.rule == rule and one.provider in {"", provider}]
        return max(fitting, key=lambda one: one.provider, default=None)


def read_policy(
    pyproject: Path | None, *, rules: Collection[str] = (), providers: Collection[str] = ()
) -> Policy:
    """Read the settings of a project; without a file or a table the defaults hold.

    `rules` and `providers` are the names that exist; where given, others are refused with the nearest.
    ConfigError and UnknownName name the file and the key.
    """
    if pyproject is None or not pyproject.is_file():
        return Policy()
    try:
        table = tomllib.loads(pyproject.read_text(encoding="utf-8")).get("tool", {}).get("contracts", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{pyproject.name}: cannot be read: {safe_text(str(error), 100)}") from None
    except AttributeError:
        raise ConfigError(f"{pyproject.name}: 'tool' is not a table") from None
    return _Table(pyproject.name, "tool.contracts", table).policy(rules, providers)


class _Table:
    """One table of the file with its name, so that every complaint says where."""

    def __init__(self, file: str, name: str, values: Any) -> None:
        self.file, self.name, self.values = file, name, values
        if not isinstance(values, Mapping):
            raise ConfigError(f"{file}: [{name}] is not a table")

    def fail(self, key: str, wanted: str) -> NoReturn:
        raise ConfigError(f"{self.file}: [{self.name}] {key} is {show(self.values[key])}; write {wanted}")

    def known(self, keys: Collection[str], kind: str = "setting") -> None:
        for key in self.values:
            if keys and key not in keys:
                raise UnknownName(kind, safe_text(key, 60), sorted(keys), f"{self.file}: [{self.name}]")

    def table(self, key: str) -> _Table:
        return _Table(self.file, f"{self.name}.{key}", self.values.get(key, {}))

    def policy(self, rules: Collection[str], providers: Collection[str]) -> Policy:
        self.known((*_OURS, *ELSEWHERE))
        per_provider = self.table("provider")
        per_provider.known(providers, "provider")
        tables = [(name, per_provider.table(name)) for name in per_provider.values]
        for _, table in tables:
            table.known(_PER_PROVIDER)
        warn, fail = self.count("stale-warn-days", 90), self.count("stale-fail-days", 180)
        if fail < warn:
            self.fail(
                "stale-fail-days" if "stale-fail-days" in self.values else "stale-warn-days",
                "a later day than the warning's",
            )
        return Policy(
            providers=self.names(providers),
            fail_on=self.word("fail-on", _FAIL_ON, "error"),
            tolerance=self.word("tolerance", dict.fromkeys(TOLERANCES), "tolerant", keep=True),
            coverage=self.share(),
            coverages=tuple((name, table.share()) for name, table in tables if "coverage" in table.values),
            stale_warn_days=warn,
            stale_fail_days=fail,
            max_body=self.count("max-body", MAX_BYTES, "bytes"),
            severities=(
                *self.table("severity").choices("", rules),
                *(one for name, table in tables for one in table.table("severity").choices(name, rules)),
            ),
            file=self.file,
        )

    def names(self, providers: Collection[str]) -> tuple[str, ...]:
        value = self.values.get("providers", [])
        if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
            self.fail("providers", 'a list of names, such as ["matil"]')
        if len(set(value)) != len(value):
            self.fail("providers", "each name once")
        for name in value:
            if providers and name not in {*providers, "all"}:
                raise UnknownName(
                    "provider", safe_text(name, 60), sorted(providers), f"{self.file}: [{self.name}]"
                )
        return tuple(value)

    def word(self, key: str, allowed: Mapping[str, Any], default: str, *, keep: bool = False) -> Any:
        value = self.values.get(key, default)
        if not isinstance(value, str) or value not in allowed:
            self.fail(key, " or ".join(allowed))
        return value if keep else allowed[value]

    def share(self) -> float:
        value = self.values.get("coverage", 0.0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.fail("coverage", "a share between 0 and 1")
        return float(value)

    def count(self, key: str, default: int, unit: str = "days") -> int:
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.fail(key, f"a number of {unit}, 1 or more")
        return value

    def choices(self, provider: str, rules: Collection[str]) -> Iterator[SeverityChoice]:
        if rules and not self.values.keys() <= {*rules, *RULES}:
            self.known((*rules, *RULES, *_drift_rules()), "rule")
        for rule in self.values:
            yield SeverityChoice(rule, self.word(rule, _LEVELS, ""), provider)


def _drift_rules() -> tuple[str, ...]:
    """Give the ids of the rules of drift, loaded only when a setting names a rule that no response breaks."""
    from contracts.drift import RULES as DRIFT

    return tuple(DRIFT)
