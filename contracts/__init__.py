"""Hold the vendors whose batch APIs you consume to what they publish.

    provider = contracts.load("nimble")
    report = contracts.ProviderCheck(provider, contracts.CheckOptions()).report()
    batch = contracts.normalizer("nimble")(payload)
    for payload in contracts.covering(contracts.plan(schema)): ...
    client = contracts.watch(httpx.Client(), "nimble")

Everything is loaded on first use, so that the package, and with it an idle pytest plugin, costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from contracts.batch import Batch, BatchState, Counts, Item
    from contracts.check import CheckOptions, ProviderCheck
    from contracts.errors import ContractsError, NormalizationError
    from contracts.generate import covering, drifted, near_misses, payloads, plan
    from contracts.model import Finding, Interaction, Pointer, Report, Severity, Verdict
    from contracts.providers import normalizer
    from contracts.providers.polling import poll
    from contracts.spec import Provider, load
    from contracts.traffic import watch, webhook

_HOMES: Final = {
    "Batch": "batch",
    "BatchState": "batch",
    "ContractsError": "errors",
    "Counts": "batch",
    "Finding": "model",
    "CheckOptions": "check",
    "Interaction": "model",
    "Item": "batch",
    "NormalizationError": "errors",
    "Pointer": "model",
    "Provider": "spec",
    "ProviderCheck": "check",
    "Report": "model",
    "Severity": "model",
    "Verdict": "model",
    "covering": "generate",
    "drifted": "generate",
    "load": "spec",
    "near_misses": "generate",
    "normalizer": "providers",
    "payloads": "generate",
    "plan": "generate",
    "poll": "providers.polling",
    "watch": "traffic",
    "webhook": "traffic",
}
"""Public name to the module that defines it."""

__all__ = [
    "Batch",
    "BatchState",
    "CheckOptions",
    "ContractsError",
    "Counts",
    "Finding",
    "Interaction",
    "Item",
    "NormalizationError",
    "Pointer",
    "Provider",
    "ProviderCheck",
    "Report",
    "Severity",
    "Verdict",
    "covering",
    "drifted",
    "load",
    "near_misses",
    "normalizer",
    "payloads",
    "plan",
    "poll",
    "watch",
    "webhook",
]


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'contracts' has no attribute {name!r}")
    return getattr(import_module(f"contracts.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
