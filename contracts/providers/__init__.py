"""The vendors whose payloads we read: provider id to normalizer, as one explicit table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from contracts.batch import Batch
from contracts.errors import UnknownName
from contracts.model import Json
from contracts.providers import almanac, llamacloud, matil, nimble, wickson

Normalizer: TypeAlias = Callable[[Json], Batch]
"""A pure function from a decoded JSON payload to a Batch; its only exception is NormalizationError."""

NORMALIZERS: Final[Mapping[str, Normalizer]] = {
    "almanac": almanac.normalize,
    "llamacloud": llamacloud.normalize,
    "matil": matil.normalize,
    "nimble": nimble.normalize,
    "wickson": wickson.normalize,
}


def normalizer(provider_id: str) -> Normalizer:
    """Give the normalizer that is bundled for a provider; UnknownName where there is none."""
    try:
        return NORMALIZERS[provider_id]
    except KeyError:
        raise UnknownName("normalizer", provider_id, NORMALIZERS) from None
