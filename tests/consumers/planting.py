"""How a fault is planted: a slip of user code run on the payload, or one edit in a bundled normalizer's source."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from contracts.batch import Batch
from contracts.providers import NORMALIZERS

SHARED = ("instant", "keeping", "reading", "deriving")


@dataclass(frozen=True, slots=True)
class Planted:
    """A normalizer with one realistic mistake; `needs` says which payloads can show it."""

    id: str
    vendor: str
    normalize: Callable[[Any], Any]
    needs: str = "valid"


def slip(name: str, step: Callable[[Any], Any], needs: str = "valid") -> Planted:
    """User code that reads the payload on its own and stumbles; otherwise a good normalizer."""
    vendor = name.split("-", 1)[0]

    def normalize(payload: Any) -> Batch:
        step(payload)
        return NORMALIZERS[vendor](payload)

    return Planted(name, vendor, normalize, needs)


def after(name: str, change: Callable[[Any, Batch], Any], needs: str = "valid") -> Planted:
    """A normalizer whose result is changed by a careless last step."""
    vendor = name.split("-", 1)[0]
    return Planted(name, vendor, lambda payload: change(payload, NORMALIZERS[vendor](payload)), needs)


def edit(name: str, old: str, new: str, module: str = "", needs: str = "valid") -> Planted:
    """A bundled normalizer with one edit in its own source, or in that of a module it stands on."""
    vendor = name.split("-", 1)[0]
    names = (*SHARED, vendor)
    sources = {part: _source(part) for part in names}
    part = module or vendor
    assert sources[part].count(old) >= 1, f"{name}: {old!r} is not in {part}.py"
    sources[part] = sources[part].replace(old, new)
    return Planted(name, vendor, _load(sources)[vendor].normalize, needs)


def module_of(part: str) -> str:
    """Instants are read in several rooms; the other parts are modules of the providers."""
    return "contracts.instant" if part == "instant" else f"contracts.providers.{part}"


def _source(part: str) -> str:
    spec = find_spec(module_of(part))
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text("utf-8")


def _load(sources: dict[str, str]) -> dict[str, Any]:
    """Run the edited sources as modules that see each other, and leave the real ones in place."""
    full = {part: module_of(part) for part in sources}
    real = {name: sys.modules[name] for name in full.values()}
    loaded: dict[str, Any] = {}
    try:
        for part, source in sources.items():
            module = types.ModuleType(full[part])
            sys.modules[full[part]] = loaded[part] = module
            exec(compile(source, f"planted {part}.py", "exec"), module.__dict__)
    finally:
        sys.modules.update(real)
    return loaded
