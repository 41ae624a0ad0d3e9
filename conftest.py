"""Load the plugin in a bare checkout; an installed one is loaded already, by its entry point."""

import atexit
import os
import shutil
import sys
import tempfile

if "contracts.plugin" not in sys.modules:
    pytest_plugins = ["contracts.plugin"]

sys.dont_write_bytecode = (
    False  # else each of the hundreds of processes that the tests start compiles everything anew
)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="contracts-cache-")  # apart from the user's own runs
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)


def pytest_collection_finish() -> None:
    """Write no bytecode of modules that tests write: two texts of one second and size would share it."""
    sys.dont_write_bytecode = True
