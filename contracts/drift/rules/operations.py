"""Rules about operations and webhooks as a whole."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import ERROR, WARNING, plain
from contracts.text import safe_text

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


@plain("operation", NARROWER, endpoint=ERROR, trait="")
def operation_removed(change: Change) -> str:
    """An operation is gone without a word before.

    Before:
        {paths: {/a: {get: {}}}}
    After:
        {paths: {}}
    Finds:
        endpoint error GET /a: is gone
    """
    return "is gone"


@plain("operation", NARROWER, endpoint=WARNING, trait="announced")
def deprecated_operation_removed(change: Change) -> str:
    """An operation is gone that was marked as deprecated.

    Before:
        {paths: {/a: {get: {deprecated: true}}}}
    After:
        {paths: {}}
    Finds:
        endpoint warning GET /a: is gone, was deprecated
    """
    return "is gone, was deprecated"


@plain("operation", NARROWER, endpoint=WARNING, trait="unstable")
def unstable_operation_removed(change: Change) -> str:
    """An operation is gone that was a draft or an alpha: nothing was promised.

    Before:
        {paths: {/a: {get: {x-stability-level: alpha}}}}
    After:
        {paths: {}}
    Finds:
        endpoint warning GET /a: is gone, was not stable yet
    """
    return "is gone, was not stable yet"


@plain("operation", NARROWER, endpoint=ERROR, trait="early")
def operation_removed_before_sunset(change: Change) -> str:
    """An operation is gone before the date that was announced for its end.

    Before:
        {paths: {/a: {get: {deprecated: true, x-sunset: 2030-01-01}}}}
    After:
        {paths: {}}
    Finds:
        endpoint error GET /a: is gone, was announced to end on 2030-01-01
    """
    return f"is gone, was announced to end on {safe_text(change.name, 40)}"


@plain("operation", WIDER)
def operation_added(change: Change) -> str:
    """There is a new operation.

    Before:
        {paths: {}}
    After:
        {paths: {/a: {get: {}}}}
    Finds:
        endpoint note GET /a: is new
    """
    return "is new"


@plain("not-compared", CROSSED, endpoint=ERROR, response=ERROR, request=ERROR)
def not_compared(change: Change) -> str:
    """A place that differs could not be compared, so that it may hide anything.

    References to other documents are never fetched; some unions are too large to compare.

    Before:
        {paths: {/a: {get: {responses: {"200": {content: {application/json: {schema: {$ref:
          "#/components/schemas/A"}}}}}}}}, components: {schemas: {A: {}}}}
    After:
        {paths: {/a: {get: {responses: {"200": {content: {application/json: {schema: {$ref:
          "https://b.example/a.json"}}}}}}}}, components: {schemas: {A: {}}}}
    Finds:
        response error GET /a 200: was not compared: https://b.example/a.json stands in another document
    """
    return f"was not compared: {safe_text(change.base, 160)}"


@plain("not-compared", SAME)
def not_compared_and_harmless(change: Change) -> str:
    """A keyword that cannot be used came or went, where its coming or going can surprise nobody.

    Before:
        {responses: {"200": {content: {application/json: {schema: {type: string}}}}}}
    After:
        {responses: {"200": {content: {application/json: {schema: {type: string, minLength: x}}}}}}
    Finds:
        response note POST /a 200: was not compared: 'minLength' is 'x', not a whole number from 0 on
    """
    return f"was not compared: {safe_text(change.base, 160)}"


@plain("operation-moved", CROSSED, endpoint=ERROR)
def operation_moved(change: Change) -> str:
    """An operation answers at another path.

    Before:
        {paths: {/v1/a: {get: {}}}}
    After:
        {paths: {/v2/a: {get: {}}}}
    Finds:
        endpoint error GET /v1/a: is now GET /v2/a, was GET /v1/a
    """
    return f"is now {safe_text(change.revision)}, was {safe_text(change.base)}"


@plain("webhook", NARROWER, endpoint=ERROR)
def webhook_removed(change: Change) -> str:
    """The vendor no longer calls a webhook.

    Before:
        {webhooks: {done: {post: {}}}}
    After:
        {webhooks: {}}
    Finds:
        endpoint error POST webhook:done: is no longer called
    """
    return "is no longer called"


@plain("webhook", WIDER)
def webhook_added(change: Change) -> str:
    """The vendor may call a new webhook.

    Before:
        {webhooks: {}}
    After:
        {webhooks: {done: {post: {}}}}
    Finds:
        endpoint note POST webhook:done: is new
    """
    return "is new"


@plain("webhook", CROSSED, endpoint=ERROR)
def webhook_moved(change: Change) -> str:
    """A webhook has another name.

    Before:
        {webhooks: {done: {post: {operationId: onDone}}}}
    After:
        {webhooks: {finished: {post: {operationId: onDone}}}}
    Finds:
        endpoint error POST webhook:done: is now POST webhook:finished, was POST webhook:done
    """
    return f"is now {safe_text(change.revision)}, was {safe_text(change.base)}"
