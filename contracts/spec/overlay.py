"""OpenAPI Overlay 1.0: our corrections to a vendored spec, applied on load, each with reason and evidence.

An action whose target is gone, or that changes nothing because the vendor caught up, is an error: a
correction that no longer bites must be looked at, not carried along. Every node that an action writes keeps
the line of the overlay it came from.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, NoReturn

from contracts.errors import SpecError
from contracts.model import Json, Pointer, SourceLine
from contracts.spec.document import Document
from contracts.text import safe_text, show

Lines = dict[str, SourceLine]
_ACTION_KEYS = ("target", "description", "update", "remove", "x-reason", "x-evidence", "x-provenance")


def apply_overlay(document: Json, overlay: Document, lines: Lines) -> Json:
    """Give a corrected copy of the document; `lines` gains the places that the overlay wrote.

    SpecError names file and line of an action that is malformed or no longer applies.
    """
    value = overlay.value
    if not isinstance(value, dict) or not str(value.get("overlay", "")).startswith("1."):
        raise SpecError(f"{overlay.name}:1: not an OpenAPI Overlay 1.0 document (overlay: 1.0.0 is missing)")
    result = copy.deepcopy(document)
    actions = value.get("actions")
    if not isinstance(actions, list) or not actions:
        raise SpecError(
            f"{overlay.name}:{overlay.line('/actions')}: actions must be a list with at least one action"
        )
    for index, action in enumerate(actions):
        result = _Action(action, Pointer(("actions", index)), overlay, lines).apply(result)
    return result


class _Action:
    """One action at its place in the overlay."""

    def __init__(self, action: Json, at: Pointer, overlay: Document, lines: Lines) -> None:
        self.at, self.overlay, self.lines = at, overlay, lines
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            self.fail("an action needs a target, a JSONPath in text")
        self.action: dict[str, Any] = action
        for key in action:
            if key not in _ACTION_KEYS:
                self.fail(f"an action has no {show(key)}; known: {', '.join(_ACTION_KEYS)}")
        if not isinstance(action.get("x-reason"), str):
            self.fail("an action needs x-reason: why we correct the vendor")

    def fail(self, problem: str) -> NoReturn:
        raise SpecError(f"{self.overlay.name}:{self.overlay.line(str(self.at))}: {problem}")

    def apply(self, document: Json) -> Json:
        targets = list(self.targets(document))
        if not targets:
            self.fail(
                f"the target {safe_text(self.action['target'], 100)} no longer applies: nothing is there"
            )
        if self.action.get("remove") is True:
            for target in sorted(targets, reverse=True, key=lambda p: [str(t) for t in p]):
                self.remove(document, target)
            return document
        if "update" not in self.action:
            self.fail("an action needs update or remove")
        changed = [
            self.merge(document, target, self.action["update"], self.at / "update") for target in targets
        ]
        if not any(changed):
            self.fail(
                f"the target {safe_text(self.action['target'], 100)} already says this; drop the action"
            )
        return document

    def targets(self, document: Json) -> Iterator[Pointer]:
        import jsonpath

        try:
            for match in jsonpath.finditer(self.action["target"], document):
                yield Pointer(match.parts)
        except jsonpath.JSONPathError as error:
            self.fail(f"the target cannot be read: {safe_text(str(error).splitlines()[0], 100)}")

    def remove(self, document: Json, target: Pointer) -> None:
        if not target:
            self.fail("the whole document cannot be removed")
        parent = Pointer(target[:-1]).resolve(document)
        del parent[target[-1]]
        if isinstance(parent, list):
            self.shift(str(Pointer(target[:-1])), int(target[-1]))

    def shift(self, parent: str, gone: int) -> None:
        """Move the lines of later list items up by one."""
        for key in [k for k in self.lines if k.startswith(f"{parent}/")]:
            head, _, rest = key[len(parent) + 1 :].partition("/")
            if head.isdigit() and int(head) >= gone:
                line = self.lines.pop(key)
                if int(head) > gone:
                    self.lines[f"{parent}/{int(head) - 1}{'/' if rest else ''}{rest}"] = line

    def merge(self, document: Json, target: Pointer, update: Json, source: Pointer) -> bool:
        """Merge into the place, recursively; True when something changed."""
        here = target.resolve(document)
        if isinstance(here, list):
            self.note(target / len(here), update, source)
            here.append(copy.deepcopy(update))
            return True
        if not isinstance(here, dict) or not isinstance(update, dict):
            self.fail("update fits objects and lists only; name the object that holds the value")
        return self.into(here, update, target, source)

    def into(self, here: dict[str, Json], update: dict[str, Json], target: Pointer, source: Pointer) -> bool:
        changed = False
        for key, value in update.items():
            place, origin = target / key, source / key
            old = here.get(key)
            if isinstance(old, dict) and isinstance(value, dict):
                changed |= self.into(old, value, place, origin)
            elif key not in here or old != value or type(old) is not type(value):
                here[key] = (
                    [*old, *value]
                    if isinstance(old, list) and isinstance(value, list)
                    else copy.deepcopy(value)
                )
                self.note(place, value, origin)
                changed = True
        return changed

    def note(self, place: Pointer, value: Json, source: Pointer) -> None:
        """Remember where the overlay says what now stands at this place and below."""
        self.lines[str(place)] = SourceLine(self.overlay.name, self.overlay.line(str(source)))
        children = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for key, child in children:
            self.note(place / key, child, source / key)
