"""Whether the gate of the settings runs, and which options of the command line have nothing to act on."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from contracts.errors import ConfigError
from contracts.spec import MANIFEST
from contracts.text import safe_text

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
    """Says that the gate of the settings did not run in this run, and why: in the header, else at the end."""

    def __init__(self, providers: Sequence[str], why: str) -> None:
        self.providers, self.why = tuple(providers), why

    def pytest_report_header(self) -> list[str]:
        """Say it in one line."""
        if not self.providers:
            return ["contracts: no vendor is checked: [tool.contracts] names none in `providers`"]
        return [f"contracts: the gate of {', '.join(self.providers)} does not run: {self.why}"]

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, config: pytest.Config
    ) -> None:
        """Say it below the tests where no header was shown, as under -q."""
        if config.get_verbosity() < 0 or config.option.no_header:
            terminalreporter.ensure_newline()
            for line in self.pytest_report_header():
                terminalreporter.write_line(line)


def is_manifest(arg: str) -> bool:
    """Whether an argument of pytest names a provider.toml, or something in one."""
    return Path(arg.partition("::")[0]).name == MANIFEST


def why_no_gate(config: pytest.Config, providers: Sequence[str]) -> str:
    """Say why the providers of the settings are not checked; "" when they are.

    They count, like testpaths, where pytest is called in its root without paths, or with the root as a path.
    """
    here, root = config.invocation_params.dir, config.rootpath.resolve()
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        whole = any((here / arg.partition("::")[0]).resolve() == root for arg in config.args)
        paths = safe_text(shlex.join(config.args), 60) if len(config.args) == 1 else "PATHS"
        beside = f"pytest {paths} --provider {','.join(providers) if len(providers) < 4 else 'NAME'}"
        return "" if whole else f"paths were given; type: pytest, {beside} or contracts gate"
    below = f"pytest was called below {root.name}; call it there, or type: contracts gate"
    return "" if here.resolve() == root else below


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
