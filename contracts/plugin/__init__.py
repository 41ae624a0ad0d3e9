"""The pytest plugin: options, settings, the `contract` fixture; inert and light unless a provider is chosen.

Everything heavy is imported on first use. `--provider` and `--live` are registered late, after the user's own
conftest files, and only if those do not declare them; `--contracts-provider` and `--contracts-live` always
exist. Precedence: paths on the command line, then `--provider`, then `[tool.contracts] providers`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

MANIFEST: Final = "provider.toml"
_PROVIDER: Final = "check this vendor (repeatable, comma list, or all); without paths nothing else runs"
_LIVE: Final = "send the safe probes to the vendor, with the key from the environment"

_LISTS: Final = (
    ("--contracts-provider", "NAME", _PROVIDER),
    ("--contracts-operation", "OPERATION", "check only this operation of the chosen providers"),
    (
        "--contracts-report",
        "FMT=PATH",
        "write a report, such as html=FILE or junit=FILE; contracts check --help lists the formats",
    ),
    ("--contracts-param", "NAME=VALUE", "with --live: a path or query parameter, such as batch_id=VALUE"),
    ("--contracts-base-url", "PROVIDER=URL", "with --live: send to a gateway or test server instead"),
)
_NUMBERS: Final = (
    ("--contracts-max-body", int, None, "BYTES", "largest body that is judged, 5 MiB by default"),
    ("--contracts-explore", int, 0, "N", "stress consumers with N random payloads beyond the covering set"),
    ("--contracts-budget", int, 25, "N", "with --live: at most N requests per provider and run (25)"),
    ("--contracts-wait", float, 0.0, "S", "with --live: wait at most S seconds for a server that starts"),
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
    group.addoption(
        "--contracts-base",
        nargs="?",
        const="",
        metavar="REV",
        help="compare consumers with a git revision, folder or package==1.2 (the merge base with main)",
    )
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
    config.addinivalue_line(
        "markers", "contracts: what this plugin checks; leave it out by -m 'not contracts'"
    )
    config.args = list(_with_manifests(config))
    ours = any(str(arg).startswith("--contracts-") for arg in config.invocation_params.args)
    asked = config.getoption("contracts_provider") or config.getoption("contracts_live")
    by_path = any(Path(arg.partition("::")[0]).name == MANIFEST for arg in config.args)
    if not (ours or asked or by_path or _has_settings(config.rootpath)):
        return
    from contracts.check import CRASHED, crash_sentence
    from contracts.errors import ContractsError  # here, since nothing of ours is loaded in an idle run
    from contracts.plugin.session import start

    try:
        start(config)
    except ContractsError as error:
        raise pytest.UsageError(str(error)) from None
    except Exception as error:
        if os.environ.get("CONTRACTS_DEBUG"):
            raise
        pytest.exit(f"contracts: {crash_sentence(error)}", CRASHED)


def _with_manifests(config: pytest.Config) -> Iterator[str]:
    """Yield the arguments, each folder of a vendor, or of vendors, followed by the manifests it stands for.

    The folder stays among them, since tests may be in it.
    """
    given = config.args_source is pytest.Config.ArgsSource.ARGS
    for arg in config.args:
        yield arg
        folder = config.invocation_params.dir / arg
        if given and folder.is_dir():
            homes = sorted(folder.iterdir()) if folder.resolve().name == "specs" else [folder]
            yield from (str(home / MANIFEST) for home in homes if _is_vendor(home))


def _is_vendor(home: Path) -> bool:
    """Whether a folder is a vendor's: by its manifest, or as a project's own part of a bundled vendor."""
    if (home / MANIFEST).is_file():
        return True
    place = home.resolve()
    if place.parent.name != "specs" or not (place / "cassettes").is_dir():
        return False
    from contracts.spec import bundled  # here, since nothing of ours is loaded in an idle run

    return (bundled() / place.name / MANIFEST).is_file()


def _has_settings(root: Path) -> bool:
    """Whether the project has a table `[tool.contracts]`, which is then read strictly, whatever runs."""
    path = next(
        (p / "pyproject.toml" for p in (root, *root.parents) if (p / "pyproject.toml").is_file()), None
    )
    text = path.read_text("utf-8", errors="replace") if path else ""
    if "contracts" not in text:
        return False
    import tomllib

    try:
        return "contracts" in tomllib.loads(text).get("tool", {})
    except (ValueError, RecursionError, AttributeError):
        return "[tool.contracts" in text


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
