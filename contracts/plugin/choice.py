"""Whether the gate of the settings runs, and which options of the command line have nothing to act on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from contracts.errors import ConfigError
from contracts.spec import MANIFEST

LIVE_ONLY: Final = (
    "--contracts-param",
    "--contracts-base-url",
    "--contracts-budget",
    "--contracts-timeout",
    "--contracts-wait",
    "--contracts-record",
    "--contracts-poll",
    "--contracts-live-required",
    "--contracts-no-auth-probes",
    "--contracts-allow-unsafe",
)
REPLAY_ONLY: Final = ("--contracts-explore", "--contracts-base")
PROVIDER_ONLY: Final = ("--contracts-operation", "--contracts-report", *REPLAY_ONLY)


class NoGate:
    """Says in the header that the gate of the settings did not run in this run, and why."""

    def __init__(self, providers: Sequence[str], why: str) -> None:
        self.providers, self.why = tuple(providers), why

    def pytest_report_header(self) -> list[str]:
        """Say it in one line."""
        if not self.providers:
            return ["contracts: no vendor is checked: [tool.contracts] names none in `providers`"]
        return [f"contracts: the gate of {', '.join(self.providers)} does not run: {self.why}"]


def is_manifest(arg: str) -> bool:
    """Whether an argument of pytest names a provider.toml, or something in one."""
    return Path(arg.partition("::")[0]).name == MANIFEST


def why_no_gate(config: pytest.Config) -> str:
    """Say why the providers of the settings are not checked; "" when they are.

    They count, like testpaths, where pytest is called in its root without paths, or with the root as a path.
    """
    here, root = config.invocation_params.dir, config.rootpath.resolve()
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        whole = any((here / arg.partition("::")[0]).resolve() == root for arg in config.args)
        return "" if whole else "paths were given; name it with --provider, or give none"
    return "" if here.resolve() == root else f"pytest was called below {root.name}; call it there"


def _given(config: pytest.Config, options: Sequence[str]) -> str:
    """Give the first of the options that the command line (not the settings of pytest) holds, else ""."""
    words = {str(arg).partition("=")[0] for arg in config.invocation_params.args}
    return next((option for option in options if option in words), "")


def refuse_useless(config: pytest.Config) -> None:
    """Refuse options that act with --live only, or without it only."""
    live = bool(config.getoption("contracts_live"))
    if not live and (useless := _given(config, LIVE_ONLY)):
        raise ConfigError(f"{useless} is of no use without --live")
    if live and (useless := _given(config, REPLAY_ONLY)):
        raise ConfigError(f"{useless} is of no use with --live")


def refuse_without_provider(config: pytest.Config) -> None:
    """Refuse options that act on checked providers in a run that checks none."""
    if config.getoption("contracts_live"):
        raise ConfigError("--live needs --provider: name the vendor to call, or all")
    if useless := _given(config, PROVIDER_ONLY):
        raise ConfigError(f"{useless} is of no use without --provider: name the vendor to check, or all")
