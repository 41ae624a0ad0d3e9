"""Rules about prose and names, which never bind."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import plain
from contracts.text import show

SAME = Sense.SAME


@plain("operationId", SAME, area="prose")
def operation_id_changed(change: Change) -> str:
    """An operation has another id; code generated from the document changes, calls do not.

    Before:
        {operationId: getBatch}
    After:
        {operationId: readBatch}
    Finds:
        endpoint note POST /a: its operationId is now 'readBatch', was 'getBatch'
    """
    return f"its operationId is now {show(change.revision)}, was {show(change.base)}"


@plain("version", SAME, area="prose")
def version_changed(change: Change) -> str:
    """The document has another version.

    Before:
        {info: {title: example, version: "1"}}
    After:
        {info: {title: example, version: "2"}}
    Finds:
        endpoint note /: the version is now '2', was '1'
    """
    return f"the version is now {show(change.revision)}, was {show(change.base)}"


def _prose(change: Change) -> str:
    verb = "is new" if change.base is None else "is gone" if change.revision is None else "reads differently"
    return f"its {change.kind} {verb}"


@plain("description", SAME, area="prose")
def description_changed(change: Change) -> str:
    """The description reads differently; the contract is the same, the meaning may not be.

    Before:
        {description: A batch.}
    After:
        {description: A batch of files.}
    Finds:
        endpoint note POST /a: its description reads differently
    """
    return _prose(change)


@plain("title", SAME, area="prose")
def title_changed(change: Change) -> str:
    """The title reads differently.

    Before:
        {schema: {title: Batch}}
    After:
        {schema: {title: Job}}
    Finds:
        request note POST /a /body: its title reads differently
        response note POST /a 200: its title reads differently
    """
    return _prose(change)


@plain("summary", SAME, area="prose")
def summary_changed(change: Change) -> str:
    """The summary reads differently.

    Before:
        {summary: Get a batch}
    After:
        {summary: Read a batch}
    Finds:
        endpoint note POST /a: its summary reads differently
    """
    return _prose(change)


@plain("tags", SAME, area="prose")
def tags_changed(change: Change) -> str:
    """The operation is filed under other tags.

    Before:
        {tags: [batch]}
    After:
        {tags: [jobs]}
    Finds:
        endpoint note POST /a: its tags changed
    """
    return "its tags changed"


@plain("examples", SAME, area="prose")
def examples_changed(change: Change) -> str:
    """The examples changed.

    Before:
        {schema: {examples: [a]}}
    After:
        {schema: {examples: [b]}}
    Finds:
        request note POST /a /body: its examples changed
        response note POST /a 200: its examples changed
    """
    return "its examples changed"


@plain("externalDocs", SAME, area="prose")
def links_changed(change: Change) -> str:
    """The links to other documents changed.

    Before:
        {externalDocs: {url: https://a.example}}
    After:
        {externalDocs: {url: https://b.example}}
    Finds:
        endpoint note POST /a: its links changed
    """
    return "its links changed"
