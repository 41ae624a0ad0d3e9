"""`[tool.contracts]` of a pyproject.toml, read strictly: an unknown key is an error that names the nearest.

[tool.contracts]
providers = ["almanac", "nimble"]
fail-on = "error"              # error, warning, note or never
tolerance = "tolerant"         # or "strict": how a drift is judged
coverage = 0.8                 # least share of the spec's facts that the interactions must show
stale-warn-days = 90
stale-fail-days = 180
base = "merge-base"            # or a git revision: consumers are compared with what they were there
[tool.contracts.severity]
undescribed = "off"            # rule = off, note, warning or error
[tool.contracts.provider.nimble.severity]
enum = "warning"
[tool.contracts.watch]
sample = 0.1                   # more keys: contracts/policy/watching.py
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from contracts.decode import MAX_BYTES
from contracts.errors import ConfigError, UnknownName
from contracts.model import Severity
from contracts.policy.catalogue import adjustable_rules
from contracts.policy.watching import WatchSettings, read_watch
from contracts.rules import RULES
from contracts.text import safe_text
from contracts.toml_table import Table, read_table

TOLERANCES: Final = ("tolerant", "strict")
"""How a change of the vendor's is judged: as a forgiving reader meets it, or as a strict one does."""

_LEVELS: Final = {"off": None, "note": Severity.NOTE, "warning": Severity.WARNING, "error": Severity.ERROR}
FAIL_ON: Final = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE, "never": None}
"""The words for the least severity that closes the gate; None never closes it."""
_OURS: Final = (
    "providers",
    "fail-on",
    "tolerance",
    "coverage",
    "stale-warn-days",
    "stale-fail-days",
    "max-body",
    "base",
    "severity",
    "provider",
    "watch",
)
ELSEWHERE: Final = ("consumers",)
"""Tables of `[tool.contracts]` that other rooms read; here they are only known to exist."""
_PER_PROVIDER: Final = ("coverage", "severity")
_STALE: Final = (("warn", 90), ("fail", 180))


@dataclass(frozen=True, slots=True)
class SeverityChoice:
    """A severity set by the team for a rule, everywhere or for one provider; None switches the rule off."""

    rule: str
    severity: Severity | None
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The team's settings; the defaults are those of a team that set nothing.

    `base` is the version that consumers are compared with, "" the merge base with the main branch, None no
    version. `fail_on` None never closes the gate; `coverage` is a share 0..1, with exceptions per provider in
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
    base: str | None = None
    severities: tuple[SeverityChoice, ...] = ()
    watch: WatchSettings = field(default_factory=WatchSettings)
    file: str = ""

    def coverage_of(self, provider: str) -> float:
        """Give the least share of facts that a provider's interactions must show."""
        return dict(self.coverages).get(provider, self.coverage)

    def weigh(self, rule: str, own: Severity, provider: str = "") -> Severity | None:
        """Give the team's severity of a rule, the provider's before the general one, else the rule's own.

        None when the team switched the rule off.
        """
        fitting = [one for one in self.severities if one.rule == rule and one.provider in {"", provider}]
        choice = max(fitting, key=lambda one: one.provider, default=None)
        return choice.severity if choice else own


def read_policy(pyproject: Path | None, *, providers: Collection[str] = ()) -> Policy:
    """Read the settings of a project; without a file or a table the defaults hold.

    `providers` are the names that exist; where given, others are refused with the nearest.
    ConfigError and UnknownName name the file and the key.
    """
    if pyproject is None or not pyproject.is_file():
        return Policy()
    table = read_table(pyproject, pyproject.name).table("tool")
    settings = Table(table.values.get("contracts", {}), f"{pyproject.name}: [tool.contracts]")
    return replace(_policy(settings, providers), file=pyproject.name)


def _policy(settings: Table, providers: Collection[str]) -> Policy:
    settings.only((*_OURS, *ELSEWHERE))
    if not isinstance(settings.values.get("provider", {}), Mapping):
        raise ConfigError(f"{settings.where}: provider is not a table; did you mean 'providers'?")
    by_name = settings.table("provider")
    by_name.only(providers or tuple(by_name.values), "provider")
    tables = [(name, by_name.table(name)) for name in by_name.values]
    for _, table in tables:
        table.only(_PER_PROVIDER)
    warn, fail = (settings.count(f"stale-{level}-days", days, "days") for level, days in _STALE)
    if fail < warn:
        key = "stale-fail-days" if "stale-fail-days" in settings.values else "stale-warn-days"
        settings.fail(key, "a later day than the warning's")
    return Policy(
        providers=_names(settings, providers),
        fail_on=settings.word("fail-on", FAIL_ON, "error"),
        tolerance=settings.word("tolerance", {one: one for one in TOLERANCES}, "tolerant"),
        coverage=settings.share("coverage"),
        coverages=tuple((name, one.share("coverage")) for name, one in tables if "coverage" in one.values),
        stale_warn_days=warn,
        stale_fail_days=fail,
        max_body=settings.count("max-body", MAX_BYTES, "bytes"),
        watch=read_watch(settings.table("watch"), providers),
        base=_base(settings),
        severities=(
            *_choices(settings.table("severity"), ""),
            *(one for name, table in tables for one in _choices(table.table("severity"), name)),
        ),
    )


def _base(settings: Table) -> str | None:
    named = settings.text("base") if "base" in settings.values else None
    return "" if named == "merge-base" else named


def _names(settings: Table, providers: Collection[str]) -> tuple[str, ...]:
    names = settings.texts("providers", 'a list of names, such as ["matil"]')
    if len(set(names)) != len(names):
        settings.fail("providers", "each name once")
    for name in names:
        if providers and name not in {*providers, "all"}:
            raise UnknownName("provider", safe_text(name, 60), sorted(providers), settings.where)
    return names


def _choices(table: Table, provider: str) -> Iterator[SeverityChoice]:
    if not table.values.keys() <= RULES.keys():
        table.only(adjustable_rules(), "rule")
    for rule in table.values:
        yield SeverityChoice(rule, table.word(rule, _LEVELS), provider)
