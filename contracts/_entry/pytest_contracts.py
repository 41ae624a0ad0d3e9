"""The entry point that pytest loads: it hands over to contracts.plugin, or says why it cannot.

It stands outside the package on purpose: a project with a top-level package `contracts` of its own would
shadow ours, or ours would shadow it, and somebody's tests would die of an ImportError before a word was said.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parent
_OURS = frozenset({_HERE / "contracts" / "__init__.py", _HERE.parent / "__init__.py"})
_ROOTS = ("pyproject.toml", "pytest.ini", "tox.ini", "setup.cfg", "setup.py", ".git")


def _shadow(here: Path) -> str:
    """Name a foreign `contracts` that `import contracts` finds or that tests below `here` mean; or ""."""
    try:
        found = importlib.util.find_spec("contracts")
    except (ImportError, ValueError):
        found = None
    origin = Path(found.origin).resolve() if found and found.origin else None
    foreign = [origin] if origin and origin not in _OURS else []
    named = next((path for path in (*foreign, *_own(here)) if not _is_ours(path)), None)
    return "" if named is None else "contracts" if named.name == "__init__.py" else named.name


def _own(here: Path) -> Iterator[Path]:
    """Yield the user's own `contracts` in the folders that a test run puts first on the path."""
    for folder in (here, *here.parents):
        for base in (folder, folder / "src"):
            yield from (
                path for path in (base / "contracts" / "__init__.py", base / "contracts.py") if path.is_file()
            )
        if any((folder / name).exists() for name in _ROOTS):
            return


def _is_ours(path: Path) -> bool:
    """Whether it is this project: this copy of it, or the checkout that somebody works in."""
    return path.resolve() in _OURS or (path.parent / "_entry" / Path(__file__).name).is_file()


_FOREIGN = _shadow(Path.cwd())

if not _FOREIGN:
    pytest_plugins = ("contracts.plugin",)
else:
    _SENTENCE = (
        f"pytest-contracts is off: your own top-level '{_FOREIGN}' and its package have the same name; "
        "move yours below another package, or run `contracts check` instead"
    )

    @pytest.hookimpl(wrapper=True)
    def pytest_load_initial_conftests(parser: pytest.Parser) -> Generator[None]:
        """Take the options that say somebody wants us, to answer in a sentence; the user's own win."""
        yield
        for name in ("--contracts-provider", "--contracts-report", "--provider"):
            try:
                parser.getgroup("contracts").addoption(
                    name, action="append", dest="contracts_off", help="off: see the header"
                )
            except (ValueError, argparse.ArgumentError):
                continue

    def pytest_configure(config: pytest.Config) -> None:
        """Refuse to run silently without the checks that were asked for."""
        if config.getoption("contracts_off", None) or _configured(config.rootpath / "pyproject.toml"):
            raise pytest.UsageError(_SENTENCE)
        config.addinivalue_line("markers", "contract(provider, operation=None): off, see the header line")

    def _configured(path: Path) -> bool:
        """Whether the settings name providers; without the package the table is not read more closely."""
        try:
            return (
                re.search(r"(?m)^\[tool\.contracts\]\s*(?:[^\[]*\n)?providers\s*=", path.read_text("utf-8"))
                is not None
            )
        except (OSError, UnicodeDecodeError):
            return False

    def pytest_report_header() -> str:
        """Say in one line that the plugin is off, and why."""
        return _SENTENCE
