"""The only maker of a run's options: what a door was told, else the settings, else the defaults.

pytest, every command, the action and the drift job come here, so that none of them can hold another view of
a setting. What was asked for and matches nothing is refused here, with the nearest name.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from contracts.consumers import Consumer, check_consumers, read_consumers
from contracts.errors import ConfigError, UnknownName
from contracts.policy import FAIL_ON, Policy, read_policy
from contracts.spec import Provider, names, no_provider
from contracts.text import safe_text


def current_day() -> date:
    """Give the day in UTC; no other place looks at the clock for a verdict."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What decides beside the spec: policy (with the body limit), today, engine, and what must not be shown.

    The keys that `environ` holds are looked for in all that is said.
    """

    policy: Policy = field(default_factory=Policy)
    today: date = field(default_factory=current_day)
    engine: str = "fast"
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    @property
    def max_bytes(self) -> int:
        """Give the size of the largest body that is judged, in bytes."""
        return self.policy.max_body


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSettings:
    """What the user said of a live run.

    Times in seconds, `base_urls` by provider id, `prefix` of the options of the door, whose name is `door`.
    `wait` is how long a server that starts is waited for. `rate` is requests a second and `every` the time
    between two polls (None: 5); neither holds on this machine, unless `every` is given. `places` are
    pointers that recordings always replace.
    """

    params: Mapping[str, str] = field(default_factory=dict)
    base_urls: Mapping[str, str] = field(default_factory=dict)
    budget: int = 25
    timeout: float = 60.0
    wait: float = 0.0
    follow: bool = False
    credentials: bool = True
    allow_unsafe: bool = False
    ledgers: Path | None = None
    prefix: str = "--"
    door: str = "--live"
    rate: float = 1.0
    every: float | None = None
    places: tuple[str, ...] = ()


def find_pyproject(start: Path) -> Path | None:
    """Find the nearest pyproject.toml at or above a folder."""
    return next(
        (p / "pyproject.toml" for p in (start, *start.parents) if (p / "pyproject.toml").is_file()), None
    )


def find_root(start: Path) -> Path:
    """Give the folder whose `specs/` counts: that of the nearest pyproject.toml, else the one given."""
    found = find_pyproject(start)
    return found.parent if found else start


def read_options(
    root: Path,
    *,
    engine: str = "fast",
    fail_on: str = "",
    max_body: int | None = None,
    today: date | None = None,
) -> CheckOptions:
    """Give the options of a run in a project; "" and None leave what the settings say.

    ConfigError and UnknownName for a setting, rule, provider or severity that cannot be used as written.
    """
    pyproject, known = find_pyproject(root), names(root)
    policy = read_policy(pyproject, providers=known)
    check_consumers(pyproject, known)
    if fail_on and fail_on not in FAIL_ON:
        raise UnknownName("severity", fail_on, FAIL_ON, "fail-on")
    policy = replace(policy, fail_on=FAIL_ON[fail_on]) if fail_on else policy
    policy = replace(policy, max_body=max_body) if max_body else policy
    return CheckOptions(policy, today or current_day(), engine)


def choose_providers(root: Path, wanted: Sequence[str], policy: Policy) -> tuple[str, ...]:
    """Give the providers that were named (also by commas), else those of the settings, else all there are.

    UnknownName offers the nearest for one that is not there.
    """
    known = names(root)
    named = [name.strip() for part in wanted for name in part.split(",")]
    listed = named if wanted else policy.providers or ("all",)
    for name in listed:
        if name not in {*known, "all"}:
            raise no_provider(name, root)
    return known if "all" in listed else tuple(dict.fromkeys(listed))


def consumers_of(root: Path, provider: Provider, operation: str = "") -> tuple[Consumer, ...]:
    """Give the project's consumers of a provider, each with the operation whose answer it reads.

    One that is named here is what they all read, whatever the settings say.
    ConfigError and UnknownName for a function or operation that is not there.
    """
    from contracts.consumers import operation_of  # here, since the generator comes with it

    return tuple(
        replace(one, operation=operation_of(provider, operation or one.operation, one.id).alias)
        for one in read_consumers(find_pyproject(root), provider.id)
    )


def idle_consumers(root: Path, providers: Collection[str]) -> tuple[str, ...]:
    """Name the project's consumers of providers that are not among those checked, each with its provider."""
    found = check_consumers(find_pyproject(root), names(root))
    return tuple(
        f"{safe_text(name, 80)} ({provider})" for name, provider in found.items() if provider not in providers
    )


def report_targets(
    given: Iterable[str], formats: Collection[str], option: str
) -> tuple[tuple[str, Path], ...]:
    """Read `FMT=PATH`, before a minute is spent on a report that nobody can write."""
    found = []
    for text in given:
        form, _, path = text.partition("=")
        if not path:
            raise ConfigError(f"{option} takes FMT=PATH, found '{safe_text(text, 80)}'")
        if form not in formats:
            raise UnknownName("report format", safe_text(form, 40), formats, option)
        found.append((form, Path(path)))
    return tuple(found)


def pairs(given: Iterable[str], option: str) -> dict[str, str]:
    """Read `NAME=VALUE` options; ConfigError names the option and what was wrong."""
    found: dict[str, str] = {}
    for one in given:
        name, _, value = one.partition("=")
        if not name or not value:
            raise ConfigError(f"{option} takes NAME=VALUE, found '{safe_text(one, 60)}'")
        if name in found:
            raise ConfigError(f"{option} {safe_text(name, 40)} is given twice; keep one of them")
        found[name] = value
    return found


def base_urls(given: Iterable[str], providers: Collection[str], option: str) -> dict[str, str]:
    """Read `PROVIDER=URL` options; UnknownName for a provider that this run does not ask."""
    found = pairs(given, option)
    for name in found:
        if name not in providers:
            raise UnknownName("provider of this run", safe_text(name, 40), sorted(providers), option)
    return found
