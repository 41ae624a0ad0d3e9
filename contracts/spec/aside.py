"""What of a document could not be used, with its place: the third outcome beside right and wrong."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model import Pointer


@dataclass(frozen=True, slots=True)
class SetAside:
    """A part of a document that could not be read as it stands; the text is safe.

    `lost` tells that something that decides is not judged because of it; otherwise it was an annotation,
    or was read as its author meant.
    """

    pointer: Pointer
    reason: str
    lost: bool = True
