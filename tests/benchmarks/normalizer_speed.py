"""Time of the normalizers against our strict decode of the same body: `python -m tests.benchmarks.normalizer_speed`.

Every list of a payload, filled with items as documented, the smallest and the largest that the vendor may send,
and such as have nothing in them. An item costs a reader more than its bytes cost a decoder, so little ones are hard.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from contracts.decode import decode
from contracts.providers import NORMALIZERS
from tests.providers.payloads import plain

SIZES = (1_000, 10_000, 100_000)
TIME = "2024-01-15T10:30:00.123456Z"


@dataclass(frozen=True, slots=True)
class Filling:
    """A list of a vendor's payload, and what it is filled with; `item` None stands for those documented."""

    vendor: str
    key: str
    label: str
    item: Any = None


def _null(*keys: str) -> dict[str, None]:
    return dict.fromkeys(keys)


_TASK = {"id": "t", "state": "pending", "status_url": "a:", "created_at": "", "input": None, "_query": None}
_JOB = {"job_id": "", "file_path": "", "media_type": "", "status": "", "progress": 0,
        "started_at": TIME, "completed_at": TIME}  # fmt: skip
_FILE = "source_directory_file_id"
_WORDS = "a sentence of the usual length, in which something is said " * 4

FILLINGS = (
    Filling("llamacloud", "results", "documented"),
    Filling("llamacloud", "results", "smallest", {_FILE: ""}),
    Filling("llamacloud", "results", "null", {_FILE: ""} | _null("error_message", "job_reference")),
    Filling("llamacloud", "results", "error", {_FILE: "", "error_message": ""}),
    Filling("llamacloud", "results", "job", {_FILE: "", "job_reference": {"id": "", "type": "parse_v2"}}),
    Filling("llamacloud", "results", "largest", {_FILE: _WORDS, "error_message": _WORDS,
            "job_reference": {"id": _WORDS, "type": "extract_v2", "more": [_WORDS]}, "more": {"a": [1, 2.5, None]}}),
    Filling("matil", "items", "documented"),
    Filling("matil", "items", "empty", {}),
    Filling("matil", "items", "smallest", {"status": ""}),
    Filling("matil", "items", "null", _null("status", "metadata", "entry_id", "data", "errors")),
    Filling("matil", "items", "errors", {"errors": [{}]}),
    Filling("matil", "items", "unknown", {"a": 1}),
    Filling("matil", "items", "largest", {"status": _WORDS, "metadata": {"a": _WORDS}, "entry_id": _WORDS,
            "data": {"a": {"b": [_WORDS, {"c": [1, 2.5, None]}]}}, "errors": [{"a": _WORDS}] * 3}),
    Filling("matil", "failed_webhooks", "documented"),
    Filling("matil", "failed_webhooks", "empty", {}),
    Filling("matil", "failed_webhooks", "null", _null("webhook_id", "event", "status", "attempt_count", "created_at",
            "http_status", "error_message", "delivered_at", "item_metadata")),
    Filling("nimble", "tasks", "documented"),
    Filling("nimble", "tasks", "smallest", _TASK),
    Filling("nimble", "tasks", "dated", _TASK | {"created_at": TIME}),
    Filling("nimble", "tasks", "largest", _TASK | {"created_at": TIME, "modified_at": TIME, "account_name": _WORDS,
            "input": {"a": [_WORDS]}, "_query": {"a": [1, 2.5]}, "error": _WORDS, "error_type": _WORDS,
            "output_url": _WORDS, "download_url": "a:b", "batch_id": _WORDS, "status_code": 200, "api_type": "serp"}),
    Filling("wickson", "job_details", "documented"),
    Filling("wickson", "job_details", "smallest", _JOB),
    Filling("wickson", "job_details", "largest", _JOB | {"file_path": _WORDS, "error": {"message": _WORDS, "code": "",
            "details": {"format": _WORDS, "supported_formats": [_WORDS] * 3}}}),
    Filling("wickson", "error_summary", "documented"),
    Filling("wickson", "error_summary", "smallest", {"error_type": "", "count": 0, "affected_files": [],
            "resolution": ""}),
)  # fmt: skip
NULL_TASKS = Filling("nimble", "tasks", "null")


def body_of(filling: Filling, count: int) -> bytes:
    """A body whose list holds that many items; where the list is not of null tasks, no two items are one object."""
    payload = plain(filling.vendor)
    holder = payload["data"] if filling.vendor == "wickson" else payload
    listed = holder[filling.key]
    items = [None] if filling is NULL_TASKS else listed if filling.item is None else [filling.item]
    holder[filling.key] = [items[index % len(items)] for index in range(count)]
    return json.dumps(payload, separators=(",", ":")).encode()


def measure(filling: Filling, count: int) -> tuple[float, float]:
    """Seconds of processor time to decode, and to normalize: the least of several runs of one after the other."""
    body = body_of(filling, count)
    value = decode(body, max_bytes=len(body)).value
    normalize = NORMALIZERS[filling.vendor]
    times = max(3, min(15, 60_000 // count))
    return best((lambda: decode(body, max_bytes=len(body)), lambda: normalize(value)), times)


def best(calls: tuple[Callable[[], object], Callable[[], object]], times: int) -> tuple[float, float]:
    """The least times of two calls that take turns, so that what else runs on the machine troubles both alike."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for call, spent in zip(calls, found, strict=True):
            start = time.process_time()
            call()
            spent.append(time.process_time() - start)
    return min(found[0]), min(found[1])


def rows(only: str = "") -> Iterator[str]:
    """One line a filling: what decoding and normalizing cost an item at each size, and how much more that is."""
    for filling in (*FILLINGS, NULL_TASKS):
        name = f"{filling.vendor} {filling.key} {filling.label}"
        if only in name:
            told = []
            for count in SIZES:
                decoding, normalizing = (1e6 * spent / count for spent in measure(filling, count))
                told.append(f"{decoding:5.2f} {normalizing:6.2f} µs ×{normalizing / decoding:4.2f}")
            yield f"{name:<34} {'   '.join(told)}"


if __name__ == "__main__":
    print(f"{'':<34} {'   '.join(f'{count:>11,} items    ' for count in SIZES)}")
    for row in rows(*sys.argv[1:]):
        print(row, flush=True)
