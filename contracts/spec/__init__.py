"""Manifests, specs and operations: what a vendor published, and where it says so.

Names are looked up when they are asked for: comparing two files needs no manifest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from contracts.spec.manifest import Manifest
    from contracts.spec.openapi import Operation, Parameter, ResponseSpec, Spec
    from contracts.spec.provider import Provider, load, names

__all__ = ["Manifest", "Operation", "Parameter", "Provider", "ResponseSpec", "Spec", "load", "names"]

_HOME: Final = {
    "Manifest": "contracts.spec.manifest",
    **dict.fromkeys(("Operation", "Parameter", "ResponseSpec", "Spec"), "contracts.spec.openapi"),
    **dict.fromkeys(("Provider", "load", "names"), "contracts.spec.provider"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for from the module where it lives."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
