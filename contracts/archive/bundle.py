"""All that a worker needs, as bytes with a digest: specs after overlay, waivers, settings, version."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from contracts.check import CheckOptions, ProviderCheck
from contracts.model import Json
from contracts.policy import Waiver, waivers_of
from contracts.spec import Provider, load

FORM = 1
"""The form of what a judge counts: with another one no old result is taken for a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveOptions:
    """What an archive is asked for: checking it, observing it, keeping what shows each fact of a spec.

    `keep` looks at each body once more. `gate` are the options of the check itself.
    """

    check: bool = True
    observe: bool = True
    keep: bool = False
    gate: CheckOptions = field(default_factory=CheckOptions)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What `Judge` is made of: `data` for workers of the same release, and a digest of all that counts.

    Only read bytes that your own run wrote: like every pickle they can run code.
    """

    data: bytes
    digest: str

    @classmethod
    def of(cls, root: Path, vendors: Sequence[str], options: ArchiveOptions | None = None) -> Bundle:
        """Read the vendors of a project; UnknownName, SpecError and ConfigError as every door raises them."""
        return cls.made([load(name, root) for name in vendors], options)

    @classmethod
    def made(cls, providers: Sequence[Provider], options: ArchiveOptions | None = None) -> Bundle:
        """Pack providers that were read before; no key of the environment goes with them."""
        asked = options or ArchiveOptions()
        bare = replace(asked, gate=replace(asked.gate, environ={}))
        held = _Held(tuple((one, waivers_of(one)) for one in providers), bare)
        return cls(pickle.dumps(held), held.digest)

    def open(self) -> tuple[tuple[ProviderCheck, ...], ArchiveOptions]:
        """Give the checks of all vendors, and what is asked for."""
        held: _Held = pickle.loads(self.data)  # noqa: S301 -- written by `made` of this run, see above
        gate = held.options.gate
        return tuple(ProviderCheck(one, gate, waivers=waivers) for one, waivers in held.vendors), held.options


@dataclass(frozen=True, slots=True)
class _Held:
    vendors: tuple[tuple[Provider, tuple[Waiver, ...]], ...]
    options: ArchiveOptions

    @property
    def digest(self) -> str:
        parts = [FORM, version("pytest-contracts"), repr(self.options)]
        parts += [_counted(provider, waivers) for provider, waivers in self.vendors]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _counted(provider: Provider, waivers: tuple[Waiver, ...]) -> Json:
    spec = provider.spec
    lines = {pointer: line for pointer, line in spec.source.lines.items() if line}
    overlaid = {pointer: str(line) for pointer, line in spec.overlaid.items()}
    return [provider.id, spec.document, lines, overlaid, repr(provider.manifest), repr(waivers)]
