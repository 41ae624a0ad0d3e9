"""Judging responses by a spec: strict decode, five checks, two engines, unions descended, faults grouped.

Names are looked up when they are asked for: a compiled schema needs no checker.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from contracts.validate.checker import Checker
    from contracts.validate.engines import SchemaFault, compile_schema

__all__ = ["Checker", "SchemaFault", "compile_schema"]

_HOME: Final = {
    "Checker": "contracts.validate.checker",
    **dict.fromkeys(("SchemaFault", "compile_schema"), "contracts.validate.engines"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for from the module where it lives."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
