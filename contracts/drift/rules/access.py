"""Rules about credentials and addresses."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import ERROR, WARNING, plain
from contracts.text import either, safe_text

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


@plain("security", NARROWER, endpoint=ERROR, trait="")
def credentials_changed(change: Change) -> str:
    """What let a caller in no longer does, and what replaces it was asked for nowhere before.

    Before:
        {security: [], paths: {/a: {get: {}}}}
    After:
        {security: [{key: []}], paths: {/a: {get: {}}}, components: {securitySchemes: {key:
          {type: http, scheme: bearer}}}}
    Finds:
        endpoint error GET /a: now asks for key, was nothing
    """
    return f"now asks for {_either(change.revision)}, was {_either(change.base)}"


@plain("security", NARROWER, endpoint=WARNING, trait="known")
def credentials_tightened(change: Change) -> str:
    """A call must show more than before, though nothing that other calls do not already show.

    Before:
        {security: [{key: []}], paths: {/a: {get: {security: []}}}, components:
          {securitySchemes: {key: {type: http, scheme: bearer}}}}
    After:
        {security: [{key: []}], paths: {/a: {get: {}}}, components: {securitySchemes: {key:
          {type: http, scheme: bearer}}}}
    Finds:
        endpoint warning GET /a: now asks for key, was nothing
    """
    return f"now asks for {_either(change.revision)}, was {_either(change.base)}"


@plain("security", WIDER)
def credentials_relaxed(change: Change) -> str:
    """There is another way in.

    Before:
        {security: [{key: []}], paths: {/a: {get: {}}}, components: {securitySchemes: {key:
          {type: http, scheme: bearer}}}}
    After:
        {security: [{key: []}, {}], paths: {/a: {get: {}}}, components: {securitySchemes:
          {key: {type: http, scheme: bearer}}}}
    Finds:
        endpoint note GET /a: now also takes nothing
    """
    return f"now also takes {_either(change.revision)}"


def _either(ways: list[str]) -> str:
    return " or ".join(safe_text(way, 60) for way in ways)


@plain("server", NARROWER, endpoint=WARNING)
def server_removed(change: Change) -> str:
    """An address is no longer named.

    Before:
        {servers: [{url: https://a.example}, {url: https://b.example}]}
    After:
        {servers: [{url: https://a.example}]}
    Finds:
        endpoint warning /: https://b.example is no longer named; 'https://a.example' is
    """
    return f"{safe_text(change.name)} is no longer named" + (
        f"; {either(change.revision)} is" if change.revision else ""
    )


@plain("server", WIDER)
def server_added(change: Change) -> str:
    """An address is named that was not.

    Before:
        {servers: [{url: https://a.example}]}
    After:
        {servers: [{url: https://a.example}, {url: https://b.example}]}
    Finds:
        endpoint note /: https://b.example is new
    """
    return f"{safe_text(change.name)} is new"
