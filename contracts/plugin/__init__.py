"""The pytest plugin: options, settings, the `contract` fixture; inert and light unless a provider is chosen.

Everything heavy is imported on first use. `--provider` and `--live` are registered late, after the user's own
conftest files, and only if those do not declare them; `--contracts-provider` and `--contracts-live` always
exist. Precedence: paths on the command line, then `--provider`, then `[tool.contracts] providers`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

import pytest

MANIFEST: Final = "provider.toml"
_PROVIDER: Final = "check this vendor (repeatable, comma list, or all); without paths nothing else runs"
_LIVE: Final = "send the safe probes to the vendor, with the key from the environment"

_LISTS: Final = (
    ("--contracts-provider", "NAME", _PROVIDER),
    ("--contracts-operation", "ALIAS", "check only this operation of the chosen providers"),
    (
        "--contracts-report",
        "FMT=PATH",
        "write a report: html, json, jsonl, sarif, markdown, junit, github, gitlab or text",
    ),
    ("--contracts-param", "NAME=VALUE", "with --live: a path or query parameter, such as batch_id=..."),
    ("--contracts-base-url", "PROVIDER=URL", "with --live: send to a gateway or test server instead"),
)
_NUMBERS: Final = (
    ("--contracts-max-body", int, None, "BYTES", "largest body that is judged, 5 MiB by default"),
    ("--contracts-explore", int, 0, "N", "stress consumers with N random payloads beyond the covering set"),
    ("--contracts-budget", int, 25, "N", "with --live: at most N requests per provider and run (25)"),
    ("--contracts-timeout", float, 60.0, "S", "with --live: seconds for one whole exchange (60)"),
)
_FLAGS: Final = (
    ("--contracts-live", _LIVE),
    ("--contracts-record", "with --live: write the answers as redacted cassettes"),
    ("--contracts-poll", "with --live: follow a running batch to its end, judging every step"),
    ("--contracts-live-required", "with --live: a provider without a key fails instead of being skipped"),
    ("--contracts-no-auth-probes", "with --live: never send a request without or with a wrong credential"),
    ("--contracts-allow-unsafe", "with --live: allow the writing operations that provider.toml calls safe"),
)


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the prefixed options; the bare ones too when a conftest loads us, since it is late then."""
    group = parser.getgroup("contracts", "contracts with other companies' APIs")
    for name, metavar, text in _LISTS:
        group.addoption(name, action="append", metavar=metavar, help=text)
    for name, kind, default, metavar, text in _NUMBERS:
        group.addoption(name, type=kind, default=default, metavar=metavar, help=text)
    for name, text in _FLAGS:
        group.addoption(name, action="store_true", help=text)
    engines = ("fast", "reference")
    group.addoption("--contracts-engine", choices=engines, default="fast", help="which engine judges (fast)")
    if getattr(pluginmanager, "_confcutdir", None) is not None:
        _register_bare(parser)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(parser: pytest.Parser) -> Generator[None]:
    """Register `--provider` and `--live` after the user's conftest files had their chance to."""
    yield
    _register_bare(parser)


def _register_bare(parser: pytest.Parser) -> None:
    """Register the short names; one that somebody else has taken stays his, ours keeps its prefixed name."""
    group = parser.getgroup("contracts")
    for name, settings in (
        ("--provider", {"action": "append", "metavar": "NAME", "help": _PROVIDER}),
        ("--live", {"action": "store_true", "help": _LIVE}),
    ):
        if not _taken(parser, name):
            group.addoption(name, dest=f"contracts_{name.strip('-')}", **settings)


def _taken(parser: pytest.Parser, name: str) -> bool:
    groups = (*parser._groups, parser._anonymous)  # noqa: SLF001 -- pytest has no public list
    return any(name in option.names() for group in groups for option in group.options)


def pytest_configure(config: pytest.Config) -> None:
    """Decide which providers are checked, and add their manifests to what pytest collects."""
    config.addinivalue_line(
        "markers", "contract(provider, operation=None): defaults of the `contract` fixture"
    )
    chosen = config.getoption("contracts_provider") or _configured(config)
    if not chosen and not any(Path(arg.partition("::")[0]).name == MANIFEST for arg in config.args):
        if config.getoption("contracts_live"):
            raise pytest.UsageError("--live needs --provider: name the vendor to call, or all")
        return
    from contracts.errors import ContractsError  # here, since nothing of ours is loaded in an idle run
    from contracts.plugin.session import open_session

    try:
        config.pluginmanager.register(open_session(config, chosen), "contracts-session")
    except ContractsError as error:
        raise pytest.UsageError(str(error)) from None


def _configured(config: pytest.Config) -> list[str]:
    """Read `[tool.contracts] providers`: they count, like testpaths, where pytest is called bare in its root.

    The file is parsed only when it has such a table. A value that is no list of names is left for
    the strict reader to refuse.
    """
    by_path = config.args_source is pytest.Config.ArgsSource.ARGS
    path = config.rootpath / "pyproject.toml"
    if by_path or config.invocation_params.dir != config.rootpath or not path.is_file():
        return []
    text = path.read_text("utf-8", errors="replace")
    if "[tool.contracts" not in text:
        return []
    import tomllib

    found = tomllib.loads(text).get("tool", {}).get("contracts", {}).get("providers", [])
    usable = isinstance(found, list) and all(isinstance(name, str) for name in found)
    return list(found) if usable else ["all"]


@pytest.fixture
def contract(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Validate a response against a vendor's spec in one line: `contract("nimble", response)`."""
    from contracts.plugin.fixture import Contract

    return Contract.of(request)


@pytest.fixture
def vendor(request: pytest.FixtureRequest) -> Generator[Any]:
    """Stand in for vendors in a test of one's own client: `vendor("nimble")`; needs the extra `mock`."""
    from contracts.stub import vendor_fixture

    yield from vendor_fixture(request.config.rootpath)
