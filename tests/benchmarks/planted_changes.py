"""Changes as vendors make them, planted into the vendored documents: (vendor, name, change of the answer's schema)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from contracts.model import Pointer
from contracts.spec.openapi import resolve
from contracts.spec.provider import Provider

Change = Callable[[Any], object]


def at(schema: Any, path: str) -> Any:
    """A schema below another: property names, `[]` for items, `|n` for a branch; what is nullable is looked through."""
    for step in path.split("."):
        if step == "[]":
            schema = schema["items"]
        elif step.startswith("|"):
            schema = schema["anyOf"][int(step[1:])]
        else:
            schema = schema["properties"][step]
    return schema


def enum(path: str, *words: str) -> Change:
    return lambda s: at(s, path)["enum"].extend(words)


def without_word(path: str, word: str) -> Change:
    return lambda s: at(s, path)["enum"].remove(word)


def optional(name: str, path: str = "") -> Change:
    return lambda s: (at(s, path) if path else s)["required"].remove(name)


def null(path: str) -> Change:
    def change(schema: Any) -> None:
        found = at(schema, path)
        inner = dict(found)
        found.clear()
        found["anyOf"] = [inner, {"type": "null"}]

    return change


def instead(path: str, new: Any) -> Change:
    def change(schema: Any) -> None:
        found = at(schema, path)
        found.clear()
        found.update(copy.deepcopy(new))

    return change


def renamed(old: str, new: str, path: str = "") -> Change:
    def change(schema: Any) -> None:
        holder = at(schema, path) if path else schema
        holder["properties"][new] = holder["properties"].pop(old)
        holder["required"] = [new if name == old else name for name in holder.get("required", [])]

    return change


def added(name: str, new: Any, path: str = "", *, required: bool = False) -> Change:
    def change(schema: Any) -> None:
        holder = at(schema, path) if path else schema
        holder["properties"][name] = copy.deepcopy(new)
        if required:
            holder.setdefault("required", []).append(name)

    return change


def removed(name: str, path: str = "") -> Change:
    def change(schema: Any) -> None:
        holder = at(schema, path) if path else schema
        del holder["properties"][name]
        if name in holder.get("required", []):
            holder["required"].remove(name)

    return change


def wrapped(name: str) -> Change:
    def change(schema: Any) -> None:
        inner = dict(schema)
        schema.clear()
        schema.update({"type": "object", "properties": {name: inner}, "required": [name]})

    return change


TEXT, INTEGER, NUMBER, FLAG = {"type": "string"}, {"type": "integer"}, {"type": "number"}, {"type": "boolean"}
TIME = {"type": "string", "format": "date-time"}

CHANGES: tuple[tuple[str, str, Change], ...] = (
    ("almanac", "source_count may be absent", optional("source_count")),
    ("almanac", "finished_at may be absent", optional("finished_at")),
    ("almanac", "status_label may be absent", optional("status_label")),
    ("almanac", "created_at may be null", null("created_at")),
    ("almanac", "summary is an object", instead("summary", {"type": "object", "properties": {"text": TEXT}})),
    ("almanac", "source_count is a number", instead("source_count", NUMBER)),
    ("almanac", "source_count is a string", instead("source_count", TEXT)),
    ("almanac", "batch_id is an integer", instead("batch_id", INTEGER)),
    ("almanac", "error is an object", instead("error", {"type": ["object", "null"]})),
    ("almanac", "status_state gains a word", enum("status_state", "cancelled")),
    ("almanac", "a new field", added("owner", TEXT)),
    ("almanac", "wiki_id is called workspace_id", renamed("wiki_id", "workspace_id")),
    ("almanac", "finished_at is called completed_at", renamed("finished_at", "completed_at")),
    ("llamacloud", "status gains a word", enum("status", "EXPIRED")),
    ("llamacloud", "status may be absent", optional("status")),
    (
        "llamacloud",
        "status is lower case",
        instead("status", {"type": "string", "enum": ["pending", "completed"]}),
    ),
    ("llamacloud", "config may be absent", optional("config")),
    ("llamacloud", "config may be null", null("config")),
    ("llamacloud", "project_id may be null", null("project_id")),
    ("llamacloud", "id is an integer", instead("id", INTEGER)),
    ("llamacloud", "created_at is in seconds", instead("created_at", {"type": ["integer", "null"]})),
    ("llamacloud", "created_at is any text", instead("created_at", {"type": ["string", "null"]})),
    ("llamacloud", "results is an object", instead("results", {"type": ["object", "null"]})),
    ("llamacloud", "a result's file id may be null", null("results.[].source_directory_file_id")),
    (
        "llamacloud",
        "a result's error is an object",
        instead("results.[].error_message", {"type": ["object", "null"]}),
    ),
    ("llamacloud", "job types gain a word", enum("config.job.type", "split_v1")),
    ("llamacloud", "a new field", added("counts", {"type": "object"})),
    ("llamacloud", "results are gone", removed("results")),
    ("llamacloud", "everything in an envelope", wrapped("data")),
    ("matil", "total_items may be absent", optional("total_items")),
    ("matil", "failed_items may be null", null("failed_items")),
    ("matil", "completed_items is a number", instead("completed_items", NUMBER)),
    ("matil", "completed_items is a string", instead("completed_items", TEXT)),
    ("matil", "created_at may be null", null("created_at")),
    ("matil", "completed_at is any text", instead("completed_at", {"type": ["string", "null"]})),
    ("matil", "batch_id is any text", instead("batch_id", TEXT)),
    ("matil", "resource_id is an integer", instead("resource_id", {"type": ["integer", "null"]})),
    ("matil", "an item's status is an object", instead("items.[].status", {"type": "object"})),
    ("matil", "an item's errors are one object", instead("items.[].errors", {"type": "object"})),
    ("matil", "items may hold null", null("items.[]")),
    ("matil", "http_status is a string", instead("failed_webhooks.[].http_status", TEXT)),
    ("matil", "created_at is called started_at", renamed("created_at", "started_at")),
    ("nimble", "a task's state gains words", enum("tasks.[].|0.state", "queued", "in_progress")),
    ("nimble", "api_type gains a word", enum("tasks.[].|0.api_type", "labs")),
    ("nimble", "a new field in a task", added("queue", TEXT, "tasks.[].|0")),
    ("nimble", "error may be null", null("tasks.[].|0.error")),
    ("nimble", "download_url may be null", null("tasks.[].|0.download_url")),
    ("nimble", "completed_count may be absent", optional("completed_count")),
    ("nimble", "completed is a string", instead("completed", TEXT)),
    ("nimble", "progress may be null", null("progress")),
    (
        "nimble",
        "status may say partial",
        instead("status", {"type": "string", "enum": ["success", "partial"]}),
    ),
    ("nimble", "tasks may be absent", optional("tasks")),
    ("nimble", "tasks may be null", null("tasks")),
    ("nimble", "a task's id may be empty", instead("tasks.[].|0.id", TEXT)),
    ("nimble", "a task's id is an integer", instead("tasks.[].|0.id", INTEGER)),
    ("nimble", "status_code is a string", instead("tasks.[].|0.status_code", TEXT)),
    ("nimble", "completed_at is called finished_at", renamed("completed_at", "finished_at")),
    ("wickson", "status gains a word", enum("data.status", "expired")),
    ("wickson", "success may be false", instead("success", FLAG)),
    ("wickson", "data may be null", null("data")),
    ("wickson", "batch_id may be absent", optional("batch_id", "data")),
    ("wickson", "percentage is a string", instead("data.progress.percentage", TEXT)),
    ("wickson", "failed may be absent", optional("failed", "data.progress")),
    ("wickson", "total may be null", null("data.progress.total")),
    ("wickson", "total is a number", instead("data.progress.total", NUMBER)),
    ("wickson", "estimated_completion may be null", null("data.timing.estimated_completion")),
    ("wickson", "created_at is in seconds", instead("data.timing.created_at", INTEGER)),
    ("wickson", "elapsed_time is a string", instead("data.timing.elapsed_time", TEXT)),
    ("wickson", "a job's error is a string", instead("data.job_details.[].error", TEXT)),
    (
        "wickson",
        "jobs by id",
        instead("data.job_details", {"type": "object", "additionalProperties": {"type": "object"}}),
    ),
    ("wickson", "job_id is an integer", instead("data.job_details.[].job_id", INTEGER)),
    (
        "wickson",
        "affected_files are objects",
        instead("data.error_summary.[].affected_files.[]", {"type": "object"}),
    ),
    ("wickson", "batch_name is gone", removed("batch_name", "data")),
)


def changed(vendor: Provider, change: Change) -> Any:
    """The vendor's document with one change planted."""
    document = copy.deepcopy(vendor.spec.document)
    operation = vendor.spec.operation("getBatch")
    assert operation is not None
    place = next(schema for schema in operation.responses["200"].content.values() if schema)
    change(resolve(document, Pointer(place), "planted")[0])
    return document
