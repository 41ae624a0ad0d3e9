"""Execution logs of AWS API Gateway: an answer is told in steps, a record each, joined by the request's id.

The standard log cuts each record at 1 KB and marks that; since 2026 deliveries keep up to 1 MB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from contracts.model import Json

MESSAGE: Final = re.compile(r"\((?P<id>[0-9a-fA-F]{8}-[0-9a-fA-F-]{27})\) (?P<text>.*)\Z", re.DOTALL)
_CUT: Final = re.compile(r"\s*\[TRUNCATED\]\s*\Z")
_OPEN: Final = 10_000
"""How many requests may be under way at once; of more the oldest is given as far as it was told."""
_METHOD: Final = re.compile(r"HTTP Method: ([A-Za-z]+)")
_STATUS: Final = re.compile(r"Received response\. Status: (\d{3})")
_HEADER: Final = re.compile(r", (?=[A-Za-z0-9-]+=)")


def events(value: Json) -> list[tuple[str, Json]] | None:
    """Give message and time of each record in a value; None when it holds no such."""
    if not isinstance(value, dict):
        return None
    listed = value.get("logEvents", value.get("events"))
    found = listed if isinstance(listed, list) else [value]
    said = [one for one in found if isinstance(one, dict) and isinstance(_message(one), str)]
    if not any(MESSAGE.match(_message(one)) for one in said):
        return None
    return [(_message(one), one.get("timestamp", one.get("@timestamp"))) for one in said]


def _message(event: dict[str, Any]) -> Any:
    return event.get("message", event.get("@message"))


class Steps:
    """The steps of requests that are under way."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, Json]] = {}

    def take(self, message: str, time: Json) -> Iterator[Json]:
        """Take a record in; yield an entry when its request is completed."""
        found = MESSAGE.match(message)
        if found is None:
            return
        entry = self._open.setdefault(found["id"], {"recorded_at": time})
        _step(entry, found["text"])
        if found["text"].startswith("Method completed with status"):
            yield from _whole(self._open.pop(found["id"]))
        elif len(self._open) > _OPEN:
            yield from _whole(self._open.pop(next(iter(self._open))))

    def rest(self) -> Iterator[Json]:
        """Yield what was under way at the end."""
        for entry in self._open.values():
            yield from _whole(entry)
        self._open = {}


def _step(entry: dict[str, Json], text: str) -> None:
    name, _, said = text.partition(": ")
    if method := _METHOD.match(text):
        entry["method"] = method[1]
    elif name == "Endpoint request URI":
        entry["url"] = _CUT.sub("", said)
    elif text.startswith("Sending request to "):
        entry.setdefault("url", _CUT.sub("", text.removeprefix("Sending request to ")))
    elif status := _STATUS.match(text):
        entry["status"] = status[1]
    elif name == "Endpoint response headers":
        entry["response_headers"] = _headers(_CUT.sub("", said))
    elif name == "Endpoint response body before transformations":
        entry["body"] = _CUT.sub("", said)
        entry["truncated"] = bool(_CUT.search(said))
        entry["may_be_cut"] = True
    elif name == "Method completed with status":
        entry.setdefault("status", said.strip())


def _headers(text: str) -> dict[str, str]:
    pairs = (one.partition("=") for one in _HEADER.split(text.strip().removeprefix("{").removesuffix("}")))
    return {name.strip(): value for name, mark, value in pairs if mark}


def _whole(entry: dict[str, Json]) -> Iterator[Json]:
    if "url" in entry:
        yield entry
