"""A bank of mistakes that people make in code that reads a vendor's batch.

Written before the payload generator, and without looking at it. A fault is found when some payload makes the faulty
normalizer answer, refuse or crash in another way than the good one. `needs` names what may be needed beyond
payloads that the vendor's spec allows: "near-miss" or "drift".
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from contracts.batch import BatchState, Counts, Outcome
from tests.consumers.planting import Planted, after, edit, slip


def iso(text: str) -> datetime:
    """What most code does with a timestamp."""
    return datetime.fromisoformat(text).astimezone(UTC)


def check(condition: object, message: str = "cannot happen") -> None:
    if not condition:
        raise RuntimeError(message)


def each(payload: Any, *path: str) -> Iterator[Any]:
    """The members of a list that may not be there; null members are left out."""
    for key in path:
        payload = (payload or {}).get(key)
    return (item for item in payload or () if item is not None)


def tasks(payload: Any) -> Iterator[Any]:
    return each(payload, "tasks")


def jobs(payload: Any) -> Iterator[Any]:
    return each(payload, "data", "job_details")


def hooks(payload: Any) -> Iterator[Any]:
    return each(payload, "failed_webhooks")


def results(payload: Any) -> Iterator[Any]:
    return each(payload, "results")


def only(batch: Any, **changes: Any) -> Any:
    return replace(batch, **changes)


def items(batch: Any, change: Any) -> Any:
    return batch if batch.items is None else replace(batch, items=tuple(change(batch.items)))


ALMANAC = (
    edit("almanac-uploading-forgotten", '    "uploading": BatchState.RUNNING,\n', ""),
    edit("almanac-queued-is-pending", '"queued": BatchState.RUNNING', '"queued": BatchState.PENDING'),
    edit("almanac-failed-is-completed", '"failed": BatchState.FAILED', '"failed": BatchState.COMPLETED'),
    edit("almanac-error-dropped-when-empty", "None if error is None else", "None if not error else"),
    edit("almanac-required-finish", 'p.time("finished_at", "nullable")', 'p.time("finished_at", "required")'),
    edit("almanac-success-in-spite-of-doubts", "and not doubts", ""),
    edit("almanac-updated-is-created", 'updated=p.time("updated_at", "required")', 'updated=p.time("created_at")'),
    slip("almanac-state-by-coarse-word", lambda p: {"ready": 1, "running": 2, "failed": 3}[p["status_state"]]),
    slip("almanac-completed-needs-finish", lambda p: p["status"] != "completed" or p["finished_at"].strip()),
    slip("almanac-failed-needs-error", lambda p: p["status"] != "failed" or p["error"].strip()),
    slip("almanac-completed-with-error", lambda p: check(p["status"] != "completed" or p["error"] is None)),
    slip("almanac-open-with-finish", lambda p: check(p["status"] != "queued" or p["finished_at"] is None)),
    slip("almanac-failed-without-finish", lambda p: p["status"] != "failed" or len(p["finished_at"])),
    slip("almanac-summary-cut", lambda p: p["summary"][:200]),
    slip("almanac-summary-first-line", lambda p: p["summary"] is None or p["summary"].splitlines()[0]),
    slip("almanac-error-first-word", lambda p: p["error"] is None or p["error"].split()[0]),
    slip("almanac-created-parsed", lambda p: iso(p["created_at"])),
    slip("almanac-int32-count", lambda p: struct.pack(">i", int(p["source_count"]))),
    slip("almanac-int64-count", lambda p: struct.pack(">q", int(p["source_count"]))),
    slip("almanac-count-must-be-int", lambda p: check(isinstance(p["source_count"], int))),
    slip("almanac-count-of-nothing", lambda p: 100 / p["source_count"]),
    slip("almanac-negative-count", lambda p: math.isqrt(int(p["source_count"]))),
    slip("almanac-latin-1-summary", lambda p: (p["summary"] or "").encode("latin-1")),
    slip("almanac-bmp-only", lambda p: check(all(ord(c) < 0x10000 for c in p["status_label"]))),
    slip("almanac-nul-in-summary", lambda p: check("\0" not in (p["summary"] or ""))),
    after("almanac-blank-id-is-no-id", lambda p, b: only(b, id=b.id.strip())),
    after("almanac-id-column-of-64", lambda p, b: only(b, id=b.id[:64])),
    after("almanac-count-zero-is-unknown", lambda p, b: only(b, counts=Counts(total=b.counts.total or None))),
    after("almanac-unknown-is-completed",
          lambda p, b: only(b, state=BatchState.COMPLETED) if b.state is BatchState.UNKNOWN else b, "drift"),
)  # fmt: skip

LLAMACLOUD = (
    edit("llamacloud-throttled-forgotten", '    "THROTTLED": BatchState.PENDING', '    "THROTTLING": BatchState.PENDING'),
    edit("llamacloud-cancelled-with-one-l", '"CANCELLED"', '"CANCELED"'),
    edit("llamacloud-failed-is-cancelled", '"FAILED": BatchState.FAILED', '"FAILED": BatchState.CANCELLED'),
    edit("llamacloud-empty-message-is-none", "lost = message is not None", "lost = bool(message)"),
    edit("llamacloud-error-hides-job", "and mapped is None", ""),
    edit("llamacloud-counts-too-early", "or state is not BatchState.COMPLETED", ""),
    edit("llamacloud-any-failure-fails-all", "if failed == len(items)", "if failed"),
    edit("llamacloud-no-results-is-empty", 'p.each("results", _item)', 'p.each("results", _item) or ()'),
    edit("llamacloud-empty-results-is-none", 'p.each("results", _item)', 'p.each("results", _item) or None'),
    edit("llamacloud-created-required", 'created=p.time("created_at", dated=True)',
         'created=p.time("created_at", "required", dated=True)'),
    edit("llamacloud-offset-turned", '(-1 if sign == "-" else 1)', '(1 if sign == "-" else -1)', "instant"),
    edit("llamacloud-negative-offset", '(-1 if sign == "-" else 1)', "1", "instant"),
    edit("llamacloud-offset-minutes", "int(hour) * 3600 + int(minute) * 60", "int(hour) * 3600", "instant"),
    edit("llamacloud-lower-case-t", "[Tt]", "T", "instant"),
    edit("llamacloud-lower-case-z", "[Zz]", "Z", "instant"),
    edit("llamacloud-leap-second-lost", "offset - (second == 60)", "offset", "instant"),
    edit("llamacloud-six-digits-at-most", "([0-9]+))?", "([0-9]{1,6}))?", "instant"),
    edit("llamacloud-short-fraction", '.ljust(6, "0")', "", "instant"),
    slip("llamacloud-job-of-null", lambda p: [r["job_reference"]["id"] for r in results(p) if "job_reference" in r]),
    slip("llamacloud-job-absent", lambda p: [r["job_reference"] for r in results(p)]),
    slip("llamacloud-results-of-null", lambda p: list(p.get("results", []))),
    slip("llamacloud-results-absent", lambda p: p["results"]),
    slip("llamacloud-first-result", lambda p: p.get("results") is None or p["results"][0]),
    slip("llamacloud-updated-absent", lambda p: p["updated_at"]),
    slip("llamacloud-updated-null", lambda p: p.get("updated_at", "").upper()),
    slip("llamacloud-python-times", lambda p: p.get("created_at") and iso(p["created_at"].upper())),
    slip("llamacloud-strptime", lambda p: p.get("created_at")
         and datetime.strptime(p["created_at"][:20].upper(), "%Y-%m-%dT%H:%M:%SZ")),  # noqa: DTZ007
    slip("llamacloud-parse-jobs-only", lambda p: {"parse_v2": 1}[p["config"]["job"]["type"]]),
    slip("llamacloud-parse-references-only",
         lambda p: [{"parse_v2": 1}[r["job_reference"]["type"]] for r in results(p) if r.get("job_reference")]),
    slip("llamacloud-error-or-job", lambda p: [check(r.get("error_message") or r.get("job_reference"))
                                               for r in results(p)]),
    slip("llamacloud-not-error-and-job", lambda p: [check(not (r.get("error_message") and r.get("job_reference")))
                                                    for r in results(p)]),
    slip("llamacloud-configuration-prefix", lambda p: check(p["config"]["job"]["configuration_id"].startswith("cfg-"))),
    slip("llamacloud-completed-has-results", lambda p: p["status"] != "COMPLETED" or len(p["results"])),
    after("llamacloud-completed-is-success",
          lambda p, b: only(b, outcome=Outcome.SUCCEEDED) if b.state is BatchState.COMPLETED else b),
    after("llamacloud-first-page-of-nine", lambda p, b: items(b, lambda i: i[:9])),
    after("llamacloud-items-by-id", lambda p, b: items(b, lambda i: {x.id: x for x in i}.values())),
    after("llamacloud-one-item-only", lambda p, b: items(b, lambda i: i[:1])),
)  # fmt: skip

MATIL = (
    edit("matil-partial-is-success", "    if lost:\n        return Outcome.PARTIAL\n", "", "deriving"),
    edit("matil-empty-items-is-none", 'p.each("items", _item)', 'p.each("items", _item) or None'),
    edit("matil-no-webhooks-is-empty", 'p.each("failed_webhooks", _delivery)',
         'p.each("failed_webhooks", _delivery) or None'),
    edit("matil-errors-given-is-error", "Failure() if errors or", "Failure() if errors is not None or"),
    edit("matil-unknown-is-pending", "STATES.get(word) or _ended(counts, times),\n        raw_state=word,\n        counts",
         "STATES.get(word, BatchState.PENDING),\n        raw_state=word,\n        counts"),
    edit("matil-else-completed", "STATES.get(word) or _ended(counts, times),\n        raw_state=word,\n        counts",
         "STATES.get(word, BatchState.COMPLETED),\n        raw_state=word,\n        counts"),
    edit("matil-counts-swapped", '"completed_items", "failed_items")\n\n', '"failed_items", "completed_items")\n\n'),
    edit("matil-finish-required", 'p.time("completed_at", dated=True)', 'p.time("completed_at", "required", dated=True)'),
    edit("matil-finish-from-created", 'p.time("completed_at", dated=True)', 'p.time("created_at", dated=True)'),
    edit("matil-year-one-east", "except OverflowError:", "except KeyError:", "instant"),
    edit("matil-year-zero", "if not year:", "if False:", "instant"),
    edit("matil-leap-second-refused", "second > 60", "second > 59", "instant"),
    edit("matil-digits-rounded-away", '(fraction or "")[:6]', '(fraction or "")[:3]', "instant"),
    edit("matil-integers-only", "isinstance(value, bool) or not isinstance(value, (int, float))",
         "isinstance(value, bool) or not isinstance(value, int)", "reading"),
    edit("matil-negative-count-kept", "elif value >= 0:", "else:", "reading"),
    edit("matil-incoherent-counts-told", "    if counts.coherent:\n", "    if True:\n"),
    slip("matil-negative-remainder", lambda p: math.isqrt(
        int(p["total_items"]) - int(p["completed_items"]) - int(p["failed_items"]))),
    slip("matil-share-of-nothing", lambda p: p["completed_items"] / p["total_items"]),
    slip("matil-range-of-total", lambda p: range(p["total_items"])),
    slip("matil-int32-total", lambda p: struct.pack(">i", int(p["total_items"]))),
    slip("matil-double-total", lambda p: check(int(float(p["total_items"])) == p["total_items"])),
    slip("matil-more-failed-than-completed", lambda p: check(p["failed_items"] <= p["completed_items"])),
    slip("matil-more-completed-than-total", lambda p: check(p["completed_items"] <= p["total_items"])),
    slip("matil-all-failed", lambda p: check(p["total_items"] == 0 or p["failed_items"] != p["total_items"])),
    slip("matil-completed-time-null", lambda p: "completed_at" not in p or p["completed_at"].upper()),
    slip("matil-completed-time-absent", lambda p: p["completed_at"]),
    slip("matil-finish-before-start", lambda p: check(not p.get("completed_at")
                                                      or p["completed_at"].upper() >= p["created_at"].upper())),
    slip("matil-version-compared", lambda p: "resource_version_number" not in p or p["resource_version_number"] > 0),
    slip("matil-resource-absent", lambda p: p["resource_id"]),
    slip("matil-resource-null", lambda p: p.get("resource_id", "").lower()),
    slip("matil-one-resource-type", lambda p: check(p.get("resource_type", "structure") == "structure")),
    slip("matil-items-absent", lambda p: p["items"]),
    slip("matil-webhooks-absent", lambda p: p["failed_webhooks"]),
    slip("matil-first-error", lambda p: [i["errors"][0] for i in each(p, "items") if i.get("errors") is not None]),
    slip("matil-errors-absent", lambda p: [i["errors"] for i in each(p, "items")]),
    slip("matil-entry-absent", lambda p: [i["entry_id"] for i in each(p, "items")]),
    slip("matil-metadata-absent", lambda p: [i["metadata"] for i in each(p, "items")]),
    slip("matil-delivered-without-status", lambda p: [h["http_status"] for h in hooks(p) if h.get("delivered_at")]),
    slip("matil-http-status-known", lambda p: [HTTPStatus(int(h["http_status"])) for h in hooks(p)
                                               if h.get("http_status") is not None]),
    slip("matil-no-attempts", lambda p: [1 / h["attempt_count"] for h in hooks(p)
                                         if h.get("attempt_count") is not None]),
    slip("matil-hook-error-absent", lambda p: [h["error_message"] for h in hooks(p)]),
    slip("matil-uuid-four", lambda p: check(UUID(p["batch_id"]).version == 4)),
    slip("matil-nil-uuid", lambda p: check(UUID(p["batch_id"]).int)),
    slip("matil-python-times", lambda p: iso(p["created_at"].upper())),
    slip("matil-no-offset", lambda p: check(p["created_at"][-1] in "Zz")),
    slip("matil-midnight", lambda p: check("23:59:59" not in p["created_at"])),
    after("matil-id-lower-case", lambda p, b: only(b, id=str(UUID(b.id)))),
    after("matil-items-sorted", lambda p, b: items(b, lambda i: sorted(i, key=lambda x: (x.raw_state or "", x.id or "")))),
    after("matil-second-hook-lost", lambda p, b: only(b, failed_webhooks=b.failed_webhooks and b.failed_webhooks[:1])),
)  # fmt: skip

NIMBLE = (
    edit("nimble-null-task", "unknown if task is None else _item", "_item"),
    edit("nimble-null-task-skipped", "enumerate(tasks)]", "enumerate(tasks) if task is not None]"),
    edit("nimble-error-forgotten", '    "error": BatchState.FAILED,\n', ""),
    edit("nimble-success-is-pending", '"success": BatchState.COMPLETED', '"success": BatchState.PENDING'),
    edit("nimble-half-a-task", "whole=False)\n    items", "whole=True)\n    items"),
    edit("nimble-flag-ignored", "    if completed:\n        return BatchState.COMPLETED\n", ""),
    edit("nimble-begun-by-count-only", "count or progress or not TERMINAL.isdisjoint(tasks)", "count"),
    edit("nimble-begun-by-progress-only", "count or progress or not TERMINAL.isdisjoint(tasks)", "progress"),
    edit("nimble-output-over-download", "output if download is None else download", "download if output is None else output"),
    edit("nimble-error-needs-both", "None if message is None and kind is None", "None if message is None or kind is None"),
    edit("nimble-empty-error-is-none", "None if message is None and kind is None", "None if not message and not kind"),
    edit("nimble-error-type-dropped", "new_failure(message=message, type=kind)", "new_failure(message=message)"),
    edit("nimble-modified-is-created", 'updated=p.time("modified_at")', 'updated=p.time("created_at")'),
    edit("nimble-finish-required", 'p.time("completed_at")', 'p.time("completed_at", "required")'),
    edit("nimble-progress-clamped", "if value is None or 0 <= value <= of:", "if value is None or value <= of:", "reading"),
    edit("nimble-progress-off-the-scale", "if value is None or 0 <= value <= of:", "if value is None or 0 <= value:",
         "reading"),
    edit("nimble-failed-counts-as-done", "count in {counts.completed, counts.completed + counts.failed}",
         "count == counts.completed"),
    edit("nimble-outcome-by-state", "    if total and lost == total:\n        return Outcome.FAILED\n", "", "deriving"),
    slip("nimble-error-without-type", lambda p: [t["error_type"] for t in tasks(p) if t.get("error")]),
    slip("nimble-type-without-error", lambda p: [t["error"] for t in tasks(p) if t.get("error_type")]),
    slip("nimble-error-state-needs-error", lambda p: [t["error"] for t in tasks(p) if t["state"] == "error"]),
    slip("nimble-pending-has-no-error", lambda p: [check("error" not in t) for t in tasks(p) if t["state"] == "pending"]),
    slip("nimble-success-has-download", lambda p: [t["download_url"] for t in tasks(p) if t["state"] == "success"]),
    slip("nimble-share-of-no-tasks", lambda p: p["completed_count"] / len(p["tasks"])),
    slip("nimble-first-task", lambda p: p["tasks"][0]),
    slip("nimble-completed-has-finish", lambda p: not p["completed"] or p["completed_at"]),
    slip("nimble-open-has-no-finish", lambda p: check(p["completed"] or "completed_at" not in p)),
    slip("nimble-completed-has-no-pending",
         lambda p: check(not p["completed"] or all(t["state"] != "pending" for t in tasks(p)))),
    slip("nimble-completed-is-full-progress", lambda p: check(not p["completed"] or p["progress"] == 1)),
    slip("nimble-root-of-progress", lambda p: math.sqrt(p["progress"])),
    slip("nimble-progress-is-float", lambda p: check(isinstance(p["progress"], float))),
    slip("nimble-input-is-object", lambda p: [t["input"].keys() for t in tasks(p)]),
    slip("nimble-input-is-text", lambda p: [check(t["input"] is None or isinstance(t["input"], str)) for t in tasks(p)]),
    slip("nimble-query-is-object", lambda p: [t["_query"].keys() for t in tasks(p) if t["_query"] is not None]),
    slip("nimble-api-types-of-2025",
         lambda p: [("web", "serp", "ecommerce", "social", "media", "agent").index(t["api_type"]) for t in tasks(p)
                    if "api_type" in t]),
    slip("nimble-status-code-whole", lambda p: [check(float(t["status_code"]).is_integer()) for t in tasks(p)
                                                if "status_code" in t]),
    slip("nimble-status-code-known", lambda p: [HTTPStatus(t["status_code"]) for t in tasks(p) if "status_code" in t]),
    slip("nimble-host-of-url", lambda p: [urlsplit(t["status_url"]).hostname.lower() for t in tasks(p)]),
    slip("nimble-https-only", lambda p: [check(t["status_url"].startswith("https://")) for t in tasks(p)]),
    slip("nimble-id-of-url", lambda p: [check(t["status_url"].rsplit("/", 1)[1]) for t in tasks(p)]),
    slip("nimble-created-parsed", lambda p: [iso(t["created_at"]) for t in tasks(p)]),
    slip("nimble-account-absent", lambda p: [t["account_name"] for t in tasks(p)]),
    slip("nimble-task-of-this-batch", lambda p: [check(t.get("batch_id", p["id"]) == p["id"]) for t in tasks(p)]),
    slip("nimble-int32-count", lambda p: struct.pack(">i", int(p["completed_count"]))),
    after("nimble-items-by-id", lambda p, b: items(b, lambda i: {x.id: x for x in i}.values())),
)  # fmt: skip

WICKSON = (
    edit("wickson-paused-is-running", '"paused": BatchState.PAUSED', '"paused": BatchState.RUNNING'),
    edit("wickson-created-forgotten", '    "created": BatchState.PENDING,\n', ""),
    edit("wickson-cancelled-with-one-l", '"cancelled"', '"canceled"'),
    edit("wickson-pending-as-it-is", "waiting - active", "waiting"),
    edit("wickson-negative-pending", "(pending is None or pending >= 0)", "True"),
    edit("wickson-percent-is-share", 'share("percentage", 100)', 'share("percentage", 1)'),
    edit("wickson-job-percent-is-share", 'progress=p.share("progress", 100)', 'progress=p.share("progress", 1)'),
    edit("wickson-no-jobs-is-empty", 'data.each("job_details", _item)', 'data.each("job_details", _item) or ()'),
    edit("wickson-no-jobs-list-is-none", 'data.each("job_details", _item)', 'data.each("job_details", _item) or None'),
    edit("wickson-no-errors-is-empty", "errors=None if errors is None else", "errors=None if not errors else"),
    edit("wickson-error-code-dropped", ', code=error.text("code")', ""),
    edit("wickson-started-is-created", 'started=p.time("started_at"),\n        updated', 'started=p.time("created_at"),\n        updated'),
    edit("wickson-estimate-dropped", 'estimated_finish=p.time("estimated_completion"),', ""),
    edit("wickson-failed-jobs-forgotten", '    "completed": BatchState.COMPLETED,\n    "failed": BatchState.FAILED,\n}\n"""The states',
         '    "completed": BatchState.COMPLETED,\n}\n"""The states'),
    slip("wickson-progress-absent", lambda p: p["data"]["progress"]["percentage"]),
    slip("wickson-share-of-nothing", lambda p: "total" not in p["data"].get("progress", {})
         or 100 / p["data"]["progress"]["total"]),
    slip("wickson-timing-absent", lambda p: p["data"]["timing"]["created_at"]),
    slip("wickson-completion-null", lambda p: "completed_at" not in p["data"].get("timing", {})
         or p["data"]["timing"]["completed_at"].upper()),
    slip("wickson-completed-has-time", lambda p: p["data"]["status"] != "completed"
         or p["data"]["timing"]["completed_at"].upper()),
    slip("wickson-jobs-absent", lambda p: p["data"]["job_details"]),
    slip("wickson-failed-job-has-error", lambda p: [j["error"]["message"] for j in jobs(p) if j.get("status") == "failed"]),
    slip("wickson-error-details-absent", lambda p: [j["error"]["details"] for j in jobs(p) if j.get("error")],
         "near-miss"),
    slip("wickson-finished-job-has-no-error", lambda p: [check("error" not in j) for j in jobs(p)
                                                         if j.get("status") == "completed"]),
    slip("wickson-summary-absent", lambda p: p["data"]["error_summary"]),
    slip("wickson-first-affected-file", lambda p: [e["affected_files"][0] for e in each(p, "data", "error_summary")
                                                   if "affected_files" in e]),
    slip("wickson-resolution-absent", lambda p: [e["resolution"] for e in each(p, "data", "error_summary")],
         "near-miss"),
    slip("wickson-name-absent", lambda p: p["data"]["batch_name"]),
    slip("wickson-metadata-absent", lambda p: p["metadata"]["request_id"], "near-miss"),
    slip("wickson-cache-ttl-zero", lambda p: "cache_ttl" not in p.get("metadata", {}) or 1 / p["metadata"]["cache_ttl"]),
    slip("wickson-configuration-absent", lambda p: p["data"]["batch_configuration"]["max_concurrent"]),
    slip("wickson-elapsed-negative", lambda p: math.sqrt(p["data"].get("timing", {}).get("elapsed_time") or 0)),
    slip("wickson-parts-beyond-total", lambda p: check(
        p["data"].get("progress", {}).get("completed", 0) <= p["data"].get("progress", {}).get("total", math.inf))),
    slip("wickson-envelope-says-success-as-text", lambda p: check(p["message"])),
    after("wickson-success-by-percentage",
          lambda p, b: only(b, outcome=Outcome.SUCCEEDED) if b.progress == 1 else b),
    after("wickson-jobs-by-id", lambda p, b: items(b, lambda i: {x.id: x for x in i}.values())),
    after("wickson-open-is-running", lambda p, b: only(b, state=BatchState.RUNNING) if not b.terminal else b),
    slip("wickson-envelope-not-looked-at", lambda p: check(p["success"], "no batch"), "near-miss"),
)  # fmt: skip

BANK: tuple[Planted, ...] = (*ALMANAC, *LLAMACLOUD, *MATIL, *NIMBLE, *WICKSON)
