"""Load the plugin in a bare checkout; an installed one is loaded already, by its entry point."""

import sys

if "contracts.plugin" not in sys.modules:
    pytest_plugins = ["contracts.plugin"]
