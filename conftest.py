"""Load the plugin in a bare checkout; an installed one is loaded already, by its entry point."""

import os
import sys
import tempfile

if "contracts.plugin" not in sys.modules:
    pytest_plugins = ["contracts.plugin"]

_CACHE = tempfile.TemporaryDirectory(prefix="contracts-cache-", ignore_cleanup_errors=True)
os.environ["XDG_CACHE_HOME"] = _CACHE.name  # what tests find is not remembered among the user's own runs
