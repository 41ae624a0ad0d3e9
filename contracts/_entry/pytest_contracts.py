"""The entry point that pytest loads: it hands over to contracts.plugin, or says why it cannot.

It stands outside the package on purpose: a project with a top-level package `contracts` of its own would
shadow ours, and pytest would die of an ImportError before a word could be said.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parent


def _shadow() -> str:
    """Give the folder of a foreign package that `import contracts` would find, or the empty string."""
    spec = importlib.util.find_spec("contracts")
    places = [Path(place).resolve() for place in (spec.submodule_search_locations or ())] if spec else []
    ours = {_HERE / "contracts", _HERE.parent}
    return "" if not places or places[0] in ours else places[0].name or "contracts"


_FOREIGN = _shadow()

if not _FOREIGN:
    pytest_plugins = ("contracts.plugin",)
else:
    _SENTENCE = (
        f"pytest-contracts is off: your own top-level package '{_FOREIGN}' hides its package of the same name; "
        "run `pytest` instead of `python -m pytest`, or move yours below another package"
    )

    def pytest_addoption(parser: pytest.Parser) -> None:
        """Take the options that say somebody wants us, so that the answer is a sentence."""
        group = parser.getgroup("contracts")
        group.addoption("--contracts-provider", "--provider", action="append", help="off: see the header line")

    def pytest_configure(config: pytest.Config) -> None:
        """Refuse to run silently without the checks that were asked for."""
        if config.getoption("contracts_provider", None):
            raise pytest.UsageError(_SENTENCE)

    def pytest_report_header() -> str:
        """Say in one line that the plugin is off, and why."""
        return _SENTENCE
