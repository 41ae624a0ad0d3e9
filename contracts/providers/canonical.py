"""Reading the JSON form of a Batch back: `normalize(to_json(batch)) == batch`."""

from __future__ import annotations

from contracts.batch import TIMES, Batch, BatchState, Counts, Failure, Item, Outcome, Times, WebhookDelivery
from contracts.model import Json
from contracts.providers.keeping import copied
from contracts.providers.reading import Part
from contracts.text import either


def normalize(payload: Json) -> Batch:
    """Read a canonical document; NormalizationError says where a payload is not one."""
    p = Part(payload)
    counts = p.part("counts", "required")
    return Batch(
        provider=p.word("provider"),
        id=p.word("id"),
        name=p.text("name"),
        state=_state(p),
        raw_state=p.text("raw_state"),
        outcome=_outcome(p),
        counts=Counts(*(counts.count(key) for key in ("total", "completed", "failed", "pending", "running"))),
        progress=p.share("progress", 1),
        times=_times(p),
        items=p.each("items", _item, "nullable"),
        errors=p.each("errors", _failure, "nullable"),
        failed_webhooks=p.each("failed_webhooks", _delivery, "nullable"),
        doubts=p.texts("doubts") or (),
        extra=_extra(p),
    )


def _state(p: Part) -> BatchState:
    word = p.word("state")
    if word in set(BatchState):
        return BatchState(word)
    raise p.refusal("state", either(BatchState), word)


def _outcome(p: Part) -> Outcome:
    word = p.word("outcome")
    if word in set(Outcome):
        return Outcome(word)
    raise p.refusal("outcome", either(Outcome), word)


def _times(p: Part) -> Times:
    times = p.part("times")
    return Times(*(times.time(key, dated=True) for key in TIMES))


def _extra(p: Part) -> dict[str, Json]:
    extra = p.part("extra")
    return {key: copied(value, (*extra.at, key)) for key, value in extra.left.items()}


def _item(p: Part) -> Item:
    error = p.given("error")
    return Item(
        id=p.text("id", "nullable"),
        state=_state(p),
        raw_state=p.text("raw_state"),
        progress=p.share("progress", 1),
        times=_times(p),
        input=p.text("input"),
        result=p.text("result"),
        error=None if error is None else _failure(error),
        extra=_extra(p),
    )


def _failure(p: Part) -> Failure:
    return Failure(
        message=p.text("message"),
        code=p.text("code"),
        type=p.text("type"),
        resolution=p.text("resolution"),
        count=p.count("count"),
        affected=p.texts("affected"),
    )


def _delivery(p: Part) -> WebhookDelivery:
    return WebhookDelivery(
        id=p.text("id"),
        event=p.text("event"),
        status=p.text("status"),
        attempts=p.count("attempts"),
        created=p.time("created", dated=True),
        delivered=p.time("delivered", dated=True),
        http_status=p.count("http_status"),
        message=p.text("message"),
        extra=_extra(p),
    )
