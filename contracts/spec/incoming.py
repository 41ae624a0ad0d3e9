"""Webhooks and callbacks: requests that a vendor sends, and that a consumer receives.

They stand in no path of the vendor's, so each has an address of its own, by which a manifest, a recording and
a report name it: `webhook:done`, or `callback:POST/v1/batches:onDone:{$request.body#/url}` for one that an
operation announces. What is sent is judged, and drifts, as an answer does: the vendor writes it.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.spec.keywords import VERBS
from contracts.spec.manifest import RECEIVED
from contracts.spec.openapi import look, resolve

WEBHOOK, CALLBACK = RECEIVED


def is_received(path: str) -> bool:
    """Whether a path, or the address of a recorded request, is that of a webhook or callback."""
    return path.startswith(RECEIVED)


def webhook_path(name: str) -> str:
    """Give the address of a webhook by its name in the document."""
    return _solid(WEBHOOK + name)


def callback_path(method: str, path: str, name: str, expression: str) -> str:
    """Give the address of a callback by its operation, its name there, and its runtime expression."""
    return _solid(f"{CALLBACK}{method.upper()}{path}:{name}:{expression}")


def _solid(text: str) -> str:
    return text.replace(" ", "%20")


def item_place(document: Json, path: str) -> Pointer:
    """Give where the path item of an operation stands, whether it is asked for or received."""
    found = dict(received(document)) if is_received(path) else {}
    return found.get(path, Pointer(("paths", path)))


def received(document: Json) -> Iterator[tuple[str, Pointer]]:
    """Yield the address and the place of the path item of each webhook and callback of a document."""
    for name in _names(document, Pointer(("webhooks",))):
        yield webhook_path(name), Pointer(("webhooks", name))
    for path in _names(document, Pointer(("paths",))):
        item, at = _followed(document, Pointer(("paths", path)))
        for method in VERBS:
            for name in _names(item, Pointer((method, "callbacks"))):
                callback, place = _followed(document, at / method / "callbacks" / name)
                for expression in _names(callback, Pointer()):
                    yield callback_path(method, path, name, expression), place / expression


def _names(document: Json, at: Pointer) -> tuple[str, ...]:
    held = look(document, at)
    return tuple(name for name in held if not name.startswith("x-")) if isinstance(held, dict) else ()


def _followed(document: Json, at: Pointer) -> tuple[Json, Pointer]:
    """Follow references; what cannot be followed has nothing in it, and is named where it is set aside."""
    try:
        return resolve(document, at, "the document")
    except SpecError:
        return None, at
