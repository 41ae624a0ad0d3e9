"""Load the plugin in a bare checkout; an installed one has it already, under the same name."""

pytest_plugins = ["contracts.plugin", "pytester"]
