"""A vendor's newer document, read like the vendored one: extracted, corrected where that still applies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from contracts.errors import SpecError
from contracts.model import Json
from contracts.spec.document import Document, read_document
from contracts.spec.overlay import apply_overlay
from contracts.spec.provider import Provider, shown
from contracts.vendoring import Source, compose


def newer(vendor: Provider, path: Path) -> tuple[Document, tuple[str, ...]]:
    """Give a page or document as OpenAPI 3.1 with our corrections, and what of those no longer applies.

    SpecError and PageError say what of the file cannot be read.
    """
    document: Json = compose([Source(path.name, path.read_bytes())]).document
    dropped: list[str] = []
    for overlay in _actions(vendor):
        try:
            document = apply_overlay(document, overlay, {})
        except SpecError as error:
            dropped.append(str(error))
    return Document(path.name, document, {}), tuple(dropped)


def _actions(vendor: Provider) -> Iterator[Document]:
    """Yield the overlays' actions one by one: each either applies or does not."""
    for folder in reversed(vendor.folders):
        path = folder / "overlay.yaml"
        if path.is_file():
            whole = read_document(shown(path, vendor.root), path.read_bytes())
            for action in whole.value["actions"]:
                yield Document(whole.name, {**whole.value, "actions": [action]}, whole.lines)
