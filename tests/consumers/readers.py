"""Consumers as people write them: pydantic, attrs with cattrs, msgspec, plain functions, and the vendors' own SDKs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import attrs
import cattrs
import httpx
import msgspec
import pydantic

# --- pydantic: Matil --------------------------------------------------------------------------------------------------


class MatilItem(pydantic.BaseModel):
    status: str | None = None
    entry_id: str | None = None


class MatilBatch(pydantic.BaseModel):
    batch_id: str
    status: str
    total_items: int
    completed_items: int
    failed_items: int
    created_at: pydantic.AwareDatetime
    completed_at: pydantic.AwareDatetime | None = None
    items: list[MatilItem] | None = None


# --- attrs and cattrs: Almanac ----------------------------------------------------------------------------------------


@attrs.frozen
class AlmanacBatch:
    batch_id: str
    status: Literal["uploading", "queued", "completed", "failed"]
    source_count: int
    error: str | None
    finished_at: str | None


_converter = cattrs.Converter(detailed_validation=False)


def almanac_with_cattrs(payload: dict[str, Any]) -> AlmanacBatch:
    return _converter.structure(payload, AlmanacBatch)


# --- msgspec: Nimble, from bytes --------------------------------------------------------------------------------------


class NimbleTask(msgspec.Struct):
    id: str
    state: Literal["pending", "success", "error"]
    status_url: str
    error: str | None = None


class NimbleBatch(msgspec.Struct):
    id: str
    completed: bool
    completed_count: float
    tasks: list[NimbleTask | None]


nimble_with_msgspec: Callable[[bytes], NimbleBatch] = msgspec.json.Decoder(NimbleBatch).decode


# --- a plain function with the usual mistakes: Wickson, from a response -----------------------------------------------


class NotABatch(Exception):
    """The body is not a batch."""


DONE = {"completed": True, "failed": True, "cancelled": True}


def wickson_by_hand(response: Any) -> dict[str, Any]:
    body = response.json()
    if response.status_code != 200 or body.get("success") is not True:
        raise NotABatch(body.get("message"))
    data = body["data"]
    return {
        "id": data["batch_id"],
        "state": data["status"],
        "done": DONE.get(data["status"], False),
        "failed": data.get("progress", {}).get("failed", 0),
        "finished": data.get("timing", {}).get("completed_at") or datetime.now().isoformat(),  # noqa: DTZ005
        "items": [job["job_id"] for job in data.get("job_details", [])],
    }


def as_it_is(result: Any) -> Any:
    return result


# --- the vendors' own SDKs, over a transport that answers with the body -----------------------------------------------


def _sdk(make: Callable[[httpx.Client], Any]) -> Callable[[bytes], Any]:
    answer = [b""]

    def respond(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "application/json"}, content=answer[0])

    client = make(httpx.Client(transport=httpx.MockTransport(respond)))

    def read(body: bytes) -> Any:
        answer[0] = body
        return client.batches.get("id")

    return read


def llamacloud_sdk(*, strict: bool = False) -> Callable[[bytes], Any]:
    from llama_cloud import LlamaCloud

    return _sdk(lambda http: LlamaCloud(api_key="none", base_url="https://vendor.invalid", max_retries=0,
                                        http_client=http, _strict_response_validation=strict))  # fmt: skip


def nimble_sdk(*, strict: bool = False) -> Callable[[bytes], Any]:
    from nimble_python import Nimble

    return _sdk(lambda http: Nimble(api_key="none", base_url="https://vendor.invalid", max_retries=0,
                                    http_client=http, _strict_response_validation=strict))  # fmt: skip
