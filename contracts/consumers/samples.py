"""Payloads to meet a consumer with, from every source in one form, cheapest and most telling first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from contracts.consumers.places import differences
from contracts.model import Json


class Kind(StrEnum):
    """Where a payload comes from."""

    REPLAY = "replay"
    COVERING = "covering"
    NEAR_MISS = "near miss"
    TWO_FAULTS = "two faults"
    DRIFT = "drift"
    RANDOM = "random"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A payload with why it is there.

    `label` names it in a report and in a test id; `points` are the coverage points, fault or operator it is
    there for. `valid` says whether the vendor may send it; one that it may not has `base`, the valid payload
    it was made from, and `words`, the members of the enum at the place of the fault, if there is one. `same`
    says that the answer must be the one to `base`, `refusable` that this is no batch at all. `body` is sent
    as it stands where there is no JSON value that says the same; readers of decoded JSON never see it.
    """

    kind: Kind
    label: str
    value: Json
    valid: bool
    points: tuple[str, ...] = ()
    base: Json = None
    words: tuple[str, ...] = ()
    same: bool = False
    refusable: bool = False
    body: bytes | None = None


def nearest(value: Json, bases: Iterable[Json]) -> Json:
    """Give the payload that differs from `value` in the fewest places; the first of several."""
    return min(bases, key=lambda base: sum(1 for _ in differences(base, value)), default=None)
