"""The pytest plugin: options, collection, header, summary; inert and light unless a provider is chosen.

Everything heavy is imported on first use. `--provider` and `--live` are registered late, after the user's own
conftest files, and only if those do not declare them; `--contracts-provider` and `--contracts-live` always
exist.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

MANIFEST = "provider.toml"

_OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("--contracts-provider",), {"action": "append", "metavar": "NAME", "help": "check this vendor (repeatable, comma list, or all); without paths nothing else runs"}),
    (("--contracts-live",), {"action": "store_true", "help": "send the safe probes to the vendor, with the key from the environment"}),
    (("--contracts-operation",), {"action": "append", "metavar": "ALIAS", "help": "check only this operation of the chosen providers"}),
    (("--contracts-report",), {"action": "append", "metavar": "FMT=PATH", "help": "write a report: html, json, jsonl, sarif, markdown, junit, github, gitlab or text"}),
    (("--contracts-engine",), {"choices": ("fast", "reference"), "default": "fast", "help": "which engine judges: fast (default) or reference"}),
    (("--contracts-max-body",), {"type": int, "metavar": "BYTES", "help": "largest body that is judged, 5 MiB by default"}),
    (("--contracts-explore",), {"type": int, "default": 0, "metavar": "N", "help": "stress registered consumers with N random payloads beyond the covering set"}),
    (("--contracts-record",), {"action": "store_true", "help": "with --live: write the answers as redacted cassettes"}),
    (("--contracts-poll",), {"action": "store_true", "help": "with --live: follow a running batch to its end, judging every step"}),
    (("--contracts-param",), {"action": "append", "metavar": "NAME=VALUE", "help": "with --live: a path or query parameter, such as batch_id=..."}),
    (("--contracts-budget",), {"type": int, "default": 25, "metavar": "N", "help": "with --live: at most N requests per provider and run (25)"}),
    (("--contracts-base-url",), {"action": "append", "metavar": "PROVIDER=URL", "help": "with --live: send to a gateway or test server instead"}),
    (("--contracts-timeout",), {"type": float, "default": 60.0, "metavar": "S", "help": "with --live: seconds for one whole exchange (60)"}),
    (("--contracts-live-required",), {"action": "store_true", "help": "with --live: a provider without a key fails instead of being skipped (always so when CI is set)"}),
    (("--contracts-no-auth-probes",), {"action": "store_true", "help": "with --live: never send a request without or with a wrong credential"}),
    (("--contracts-allow-unsafe",), {"action": "store_true", "help": "with --live: allow operations that write, where provider.toml says safe = true"}),
)  # fmt: skip
_BARE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--provider", {"action": "append", "dest": "contracts_provider", "metavar": "NAME", "help": "short for --contracts-provider"}),
    ("--live", {"action": "store_true", "dest": "contracts_live", "help": "short for --contracts-live"}),
)  # fmt: skip


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the prefixed options; the bare ones too when a conftest loads us, since that is late already."""
    group = parser.getgroup("contracts", "contracts with other companies' APIs")
    for names, settings in _OPTIONS:
        group.addoption(*names, **settings)
    if getattr(pluginmanager, "_confcutdir", None) is not None:
        _register_bare(parser)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(parser: pytest.Parser) -> Generator[None]:
    """Register `--provider` and `--live` after the user's conftest files had their chance to."""
    yield
    _register_bare(parser)


def _register_bare(parser: pytest.Parser) -> None:
    group = parser.getgroup("contracts")
    taken = {name for g in (*parser._groups, parser._anonymous) for option in g.options for name in option.names()}  # noqa: SLF001 -- pytest has no public list
    for name, settings in _BARE:
        if name not in taken:
            try:
                group.addoption(name, **settings)
            except (ValueError, argparse.ArgumentError):
                continue  # somebody else's; ours keeps its prefixed name


def pytest_configure(config: pytest.Config) -> None:
    """Decide which providers are checked, and add their manifests to what pytest collects."""
    config.addinivalue_line("markers", "contract(provider, operation=None): default provider and operation of the `contract` fixture")
    explicit = [Path(arg.partition("::")[0]) for arg in config.args]
    chosen = config.getoption("contracts_provider") or _configured(config.rootpath)
    if not chosen and not any(path.name == MANIFEST for path in explicit):
        if config.getoption("contracts_live"):
            raise pytest.UsageError("--live needs --provider: name the vendor to call, or all")
        return
    from contracts.errors import ContractsError
    from contracts.session import open_session

    try:
        config.pluginmanager.register(open_session(config, chosen), "contracts-session")
    except ContractsError as error:
        raise pytest.UsageError(str(error)) from None


def _configured(root: Path) -> list[str]:
    """Read `[tool.contracts] providers`; the file is parsed only when it has such a table."""
    path = root / "pyproject.toml"
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    if "[tool.contracts" not in text:
        return []
    import tomllib

    try:
        found = tomllib.loads(text).get("tool", {}).get("contracts", {}).get("providers", [])
    except (tomllib.TOMLDecodeError, AttributeError):
        return []  # pytest itself complains about the file
    return list(found) if isinstance(found, list) else []


@pytest.fixture
def contract(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Validate a response against a vendor's spec in one line: `contract("nimble", response)`."""
    from contracts.contract import Contract

    return Contract.of(request)
