"""What was read of a page is checked before it is written: statuses, parameters, paths, references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from contracts.errors import PageError
from contracts.model import Json, Pointer
from contracts.spec import METHODS
from contracts.text import show
from contracts.vendoring.pages import Extraction

_STATUS: Final = re.compile(r"[1-5](?:\d\d|XX)|default")
_METHODS: Final = {method.lower() for method in METHODS}


def checked(name: str, read: Extraction) -> Extraction:
    """Give the extraction back with a notice for each flaw; PageError for a status that is none."""
    return replace(read, notices=(*read.notices, *dict.fromkeys(_flaws(name, read.document))))


def _flaws(name: str, document: Json) -> Iterator[str]:
    paths = document.get("paths") if isinstance(document, dict) else None
    for path, item in (paths if isinstance(paths, dict) else {}).items():
        for method, operation in (item if isinstance(item, dict) else {}).items():
            if method in _METHODS and isinstance(operation, dict):
                title = f"{method.upper()} {show(path, 80)}"
                _statuses(name, title, operation)
                yield from (
                    f"{name}: {title}: {flaw}" for flaw in _parameters(document, path, item, operation)
                )
    for reference in dict.fromkeys(_references(document)):
        if not _leads(document, reference):
            yield f"{name}: the reference {show(reference, 100)} points to nothing"


def _statuses(name: str, title: str, operation: dict[str, Json]) -> None:
    answers = operation.get("responses")
    for status in answers if isinstance(answers, dict) else ():
        if not str(status).startswith("x-") and not _STATUS.fullmatch(str(status)):
            raise PageError(f"{name}: {title} lists the status {show(str(status), 30)}, which is none")


def _parameters(
    document: Json, path: str, item: dict[str, Json], operation: dict[str, Json]
) -> Iterator[str]:
    """Yield what is wrong with the parameters of one operation."""
    own = operation.get("parameters")
    both = [*(item.get("parameters") or []), *(own if isinstance(own, list) else [])]
    found = [p if "$ref" not in p else _target(document, str(p["$ref"])) for p in both if isinstance(p, dict)]
    keys = [(str(p.get("in")), str(p.get("name"))) for p in found if isinstance(p, dict)]
    for where, name in dict.fromkeys(k for k in keys[len(both) - len(own or []) :] if keys.count(k) > 1):
        yield f"the parameter {show(name, 60)} in {where} is listed twice"
    holes = re.findall(r"\{([^{}]+)\}", path)
    listed = {name for where, name in keys if where == "path"}
    yield from (f"the part {{{show(h, 60)}}} of the path is no parameter" for h in holes if h not in listed)
    yield from (f"the path parameter {show(n, 60)} is not in the path" for n in sorted(listed - set(holes)))


def _references(document: Json) -> Iterator[str]:
    todo = [document]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            if isinstance(one.get("$ref"), str) and one["$ref"].startswith("#/"):
                yield one["$ref"]
            todo.extend(one.values())
        elif isinstance(one, list):
            todo.extend(one)


def _leads(document: Json, reference: str) -> bool:
    return _target(document, reference) is not None


def _target(document: Json, reference: str) -> Json:
    here = document
    for token in Pointer.parse(reference.removeprefix("#")):
        if not isinstance(here, dict) or token not in here:
            return None
        here = here[token]
    return here
