"""Faces of rooms: names that are imported from the modules where they live, when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def names_from(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Give a module's `__getattr__` (PEP 562): `homes` is submodule → the names that it gives, by blanks.

    A door then pays only for what it uses; AttributeError for a name that no submodule gives.
    """
    home = {name: module for module, names in homes.items() for name in names.split()}

    def get(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{home[name]}"), name)

    return get
