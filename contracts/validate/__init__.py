"""Judging responses by a spec: strict decode, five checks, two engines, unions descended, faults grouped.

Names are looked up when they are asked for: a compiled schema needs no checker.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from contracts.schema.engine import SchemaFault, compile_schema
    from contracts.validate.response import Checker

__all__ = ["Checker", "SchemaFault", "compile_schema"]

_HOME: Final = {
    "Checker": "contracts.validate.response",
    **dict.fromkeys(("SchemaFault", "compile_schema"), "contracts.schema.engine"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for from the module where it lives."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
