"""What each vendor says about a batch: one page of plain functions per vendor, and one for any other.

A page writes only what has a meaning; free-form places (an item's input, data, metadata) are filled with
generated values, so that readers meet more than the happy few.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contracts.batch import BatchState
from contracts.model import Json
from contracts.stub.life import Life

P, R, C, F, X = (
    BatchState.PENDING, BatchState.RUNNING, BatchState.COMPLETED, BatchState.FAILED, BatchState.CANCELLED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """What a page has at hand: batch, moment, query, generated items and the vendor's own address."""

    life: Life
    now: datetime
    query: Mapping[str, tuple[str, ...]]
    generated: Sequence[Json]
    base: str

    def flag(self, name: str) -> bool:
        """Whether a query parameter says true."""
        return self.query.get(name, ("",))[-1].lower() in {"true", "1", "yes"}

    def item(self, index: int, *names: str) -> dict[str, Json]:
        """Give the named free-form members of a generated item, as far as it has them."""
        pool = [one for one in self.generated if isinstance(one, dict)]
        one = pool[index % len(pool)] if pool else {}
        return {name: one[name] for name in names if name in one}


def z(moment: datetime | None) -> str | None:
    """Write an instant as most of the vendors do; None stays None."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _item_id(life: Life, index: int) -> str:
    return f"20000000-0000-4000-8000-{int(life.id[-4:], 16) if _hex(life.id[-4:]) else 0:05d}{index:07d}"


def _hex(text: str) -> bool:
    return len(text) == 4 and all(char in "0123456789abcdefABCDEF" for char in text)


def almanac(scene: Scene) -> Json:
    """Write a HostedSourceBatchDTO."""
    life, now = scene.life, scene.now
    state = life.state(now)
    word = {P: "uploading", R: "queued", C: "completed"}.get(state, "failed")
    coarse = {"completed": "ready", "failed": "failed"}.get(word, "running")
    created, changed, _ = life.moments(now)
    return {
        "batch_id": life.id,
        "wiki_id": life.params.get("wiki_id", "wiki-1"),
        "status": word,
        "status_state": coarse,
        "status_label": word,
        "source_count": life.items,
        "summary": None,
        "error": "worker failed: could not read a source" if word == "failed" else None,
        "created_at": created.isoformat(timespec="microseconds"),
        "updated_at": changed.isoformat(timespec="microseconds"),
        "finished_at": None,
    }


def llamacloud(scene: Scene) -> Json:
    """Write a BatchResponse; `results` only where it was asked for and something has come of the batch."""
    life, now = scene.life, scene.now
    state = life.state(now)
    word = {P: "PENDING", R: "RUNNING", C: "COMPLETED", F: "FAILED", X: "CANCELLED"}.get(state, "RUNNING")
    created, changed, _ = life.moments(now)
    asked = any("results" in value for value in scene.query.get("expand", ()))
    sent = life.body if isinstance(life.body, dict) else {}
    config = {"job": {"configuration_id": "cfg-PARSE_AGENTIC", "type": "parse_v2"}}
    return {
        "id": life.id,
        "config": sent.get("config", config),
        "project_id": "prj-10000000-0000-4000-8000-000000000001",
        "source_directory_id": sent.get("source_directory_id", "dir-10000000-0000-4000-8000-000000000001"),
        "status": word,
        "created_at": z(created),
        "updated_at": z(changed),
        "results": [_result(life, n, s) for n, s in enumerate(life.item_states(now)) if s is not P] or None
        if asked
        else None,
    }


def _result(life: Life, index: int, state: BatchState) -> Json:
    bad = state is F
    return {
        "source_directory_file_id": f"dfl-{_item_id(life, index)}",
        "error_message": "could not create a job for this file" if bad else None,
        "job_reference": None if bad else {"id": f"pjb-{_item_id(life, index)}", "type": "parse_v2"},
    }


def matil(scene: Scene) -> Json:
    """Write the answer of a batch query."""
    life, now = scene.life, scene.now
    states = life.item_states(now)
    created, _, finished = life.moments(now)
    return {
        "batch_id": life.id,
        "status": {C: "completed", F: "failed"}.get(life.state(now), "pending"),
        "total_items": life.items,
        "completed_items": states.count(C),
        "failed_items": states.count(F),
        "created_at": z(created),
        "resource_type": "structure",
        "resource_id": "30000000-0000-4000-8000-000000000001",
        "resource_version_number": 1,
        "completed_at": z(finished),
        "items": [_entry(scene, n, s) for n, s in enumerate(states) if s is not P],
        "failed_webhooks": [],
    }


def _entry(scene: Scene, index: int, state: BatchState) -> Json:
    errors = {"errors": [{"message": "the document cannot be read"}]} if state is F else {}
    told = {
        "status": "failed" if state is F else "completed",
        "entry_id": _item_id(scene.life, index),
        **errors,
    }
    return {"metadata": {}, "data": {}, **scene.item(index, "metadata", "data"), **told}


def nimble(scene: Scene) -> Json:
    """Write a BatchGetResponse with its tasks."""
    whole = nimble_progress(scene)
    life, now = scene.life, scene.now
    return whole | {
        "created_at": z(life.created),
        "tasks": [nimble_task(scene, n, s) for n, s in enumerate(life.item_states(now))],
    }


def nimble_progress(scene: Scene) -> dict[str, Json]:
    """Write the progress of a batch: the same without tasks."""
    life, now = scene.life, scene.now
    states = life.item_states(now)
    done = sum(state is not P for state in states)
    finished = life.moments(now)[2]
    over = life.state(now).terminal
    return {
        "status": "success",
        "id": life.id,
        "completed": over,
        "completed_count": done,
        "progress": 1 if over else done / life.items if life.items else 0,
    } | ({"completed_at": z(finished)} if finished else {})


def nimble_task(scene: Scene, index: int, state: BatchState) -> dict[str, Json]:
    """Write one task."""
    ident, life = _item_id(scene.life, index), scene.life
    task: dict[str, Json] = {
        "id": ident,
        "state": {C: "success", F: "error"}.get(state, "pending"),
        "status_url": f"{scene.base}/v1/tasks/{ident}",
        "created_at": z(life.created),
        "input": None,
        "_query": None,
        **scene.item(index, "input", "_query"),
        "batch_id": life.id,
        "api_type": "web",
    }
    if state is F:
        return task | {
            "error": "Connection timeout",
            "error_type": "timeout_error",
            "modified_at": z(life.created),
        }
    if state is C:
        links = {"download_url": f"{scene.base}/v1/tasks/{ident}/results", "status_code": 200}
        return task | links | {"modified_at": z(life.created)}
    return task


def wickson(scene: Scene) -> Json:
    """Write the envelope of a batch status; the query decides about details, errors and fields."""
    life, now = scene.life, scene.now
    data = _wickson_data(life, now)
    states = life.item_states(now)
    few = scene.flag("metrics_only")
    if scene.flag("include_job_details") and not few:
        data["job_details"] = [_job(life, n, s) for n, s in enumerate(states) if s is not P]
    if states.count(F) and not few and (scene.flag("include_errors") or "include_errors" not in scene.query):
        files = [f"reports/{n}.pdf" for n, s in enumerate(states) if s is F]
        told = {
            "error_type": "processing_error",
            "count": states.count(F),
            "resolution": "Send the files again",
        }
        data["error_summary"] = [told | {"affected_files": files}]
    wanted = {name for value in scene.query.get("fields", ()) for name in value.split(",") if name}
    if wanted:
        data = {key: value for key, value in data.items() if key in wanted | {"batch_id", "status"}}
    meta = {
        "request_id": f"req-{life.id[-4:]}-{life.polls}",
        "api_version": "v1",
        "cache_ttl": 0,
        "cache_remaining": 0,
    }
    return {"success": True, "message": "Batch status retrieved successfully", "data": data, "metadata": meta}


def _wickson_data(life: Life, now: datetime) -> dict[str, Json]:
    states, state = life.item_states(now), life.state(now)
    created, changed, finished = life.moments(now)
    word = {P: "created", R: "running", C: "completed", F: "failed", X: "cancelled"}.get(state, state.value)
    waiting, elapsed = states.count(P), (changed - created).total_seconds()
    return {
        "batch_id": life.id,
        "batch_name": "Monthly Reports Processing",
        "status": word,
        "progress": {
            "percentage": 100 * states.count(C) / life.items if life.items else 0.0,
            "completed": states.count(C),
            "failed": states.count(F),
            "pending": waiting,
            "processing": min(1, waiting) if state is R else 0,
            "total": life.items,
        },
        "timing": {
            "created_at": z(created),
            "started_at": z(created),
            "updated_at": z(changed),
            "completed_at": z(finished),
            "estimated_completion": z(changed),
            "elapsed_time": elapsed,
            "average_item_time": elapsed / life.items if life.items else 0.0,
        },
        "batch_configuration": {
            "max_concurrent": 5,
            "priority": "normal",
            "timeout": 3600,
            "notification_enabled": False,
        },
    }


def _job(life: Life, index: int, state: BatchState) -> Json:
    bad = state is F
    job: dict[str, Json] = {
        "job_id": f"job-{index}",
        "file_path": f"reports/{index}.pdf",
        "media_type": "document",
        "status": "failed" if bad else "completed",
        "progress": 23.5 if bad else 100.0,
        "started_at": z(life.created),
        "completed_at": z(life.created),
    }
    details = {"format": "pdf", "supported_formats": ["pdf", "docx"]}
    error = {"message": "Unsupported document", "code": "unsupported_format", "details": details}
    return job | ({"error": error} if bad else {})


def llamacloud_list(scenes: Sequence[Scene], token: str | None, total: int) -> Json:
    """Write one page of batches with the token of the next."""
    return {"items": [llamacloud(scene) for scene in scenes], "next_page_token": token, "total_size": total}


def nimble_list(scenes: Sequence[Scene], token: str | None, total: int) -> Json:
    """Write one page of batches; the document has a cursor in the answer and none in the request."""
    rows = [
        {
            "id": scene.life.id,
            "account_name": "stub",
            "completed": scene.life.state(scene.now).terminal,
            "created_at": z(scene.life.created),
            "tasks": [_item_id(scene.life, n) for n in range(scene.life.items)],
        }
        for scene in scenes
    ]
    return {
        "data": rows,
        "pagination": {"has_next": token is not None, "next_cursor": token or "", "total": total},
    }


def nimble_create(scene: Scene) -> Json:
    """Write the answer of a create: the batch's id and its tasks, all pending."""
    tasks = [nimble_task(scene, n, P) for n in range(scene.life.items)]
    return {"batch_id": scene.life.id, "batch_size": scene.life.items, "tasks": tasks}


def _inputs(body: Json) -> int:
    inputs = body.get("inputs") if isinstance(body, dict) else None
    return len(inputs) if isinstance(inputs, list) and inputs else 1


Writer = Callable[[Scene], Json]
Lister = Callable[[Sequence[Scene], "str | None", int], Json]


@dataclass(frozen=True, slots=True)
class Page:
    """How a vendor writes: by operation alias; `items` is the way from the answer's schema to an item's.

    `page_size` and `page_token` are the query parameters of its lists, `counted` counts the items of a create
    body.
    """

    writers: Mapping[str, Writer]
    listers: Mapping[str, Lister]
    items: tuple[str, ...] = ()
    sizing: str = ""
    paging: str = ""
    creates: tuple[str, ...] = ()
    counted: Callable[[Json], int] = _inputs


PAGES: Final[Mapping[str, Page]] = {
    "almanac": Page({"getBatch": almanac}, {}),
    "llamacloud": Page(
        {"getBatch": llamacloud, "createBatch": llamacloud},
        {"listBatches": llamacloud_list},
        sizing="page_size",
        paging="page_token",
        creates=("createBatch",),
    ),
    "matil": Page({"getBatch": matil}, {}, ("properties", "items", "items")),
    "nimble": Page(
        {"getBatch": nimble, "getBatchProgress": nimble_progress, "createBatch": nimble_create},
        {"listBatches": nimble_list},
        ("properties", "tasks", "items"),
        creates=("createBatch",),
    ),
    "wickson": Page({"getBatch": wickson}, {}),
}
"""The bundled vendors; any other answers with generated payloads that carry its id and state words."""
