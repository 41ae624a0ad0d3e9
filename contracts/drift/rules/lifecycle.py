"""Rules about what is announced, and about prose, which never binds."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import ERROR, NOTE, WARNING, plain
from contracts.text import safe_text, show

SAME = Sense.SAME


def _due(change: Change) -> str:
    return f", ends on {safe_text(change.name, 40)}" if change.name else ""


@plain("deprecated", SAME, area="lifecycle", trait="reactivated")
def reactivated(change: Change) -> str:
    """Something that was deprecated is not any more."""
    return "is no longer deprecated"


@plain("deprecated", SAME, area="lifecycle")
def deprecated(change: Change) -> str:
    """Something is announced to end; a date is given where the vendor gives one."""
    return f"is now deprecated{_due(change)}"


@plain("x-sunset", SAME, area="lifecycle", trait="later")
def sunset_set(change: Change) -> str:
    """A date is given for the end of something, or a later one."""
    return f"now ends on {safe_text(str(change.revision), 40)}" + (f", was {safe_text(str(change.base), 40)}" if change.base else "")


@plain("x-sunset", SAME, area="lifecycle", trait="earlier", endpoint=WARNING, request=WARNING, response=WARNING)
def sunset_brought_forward(change: Change) -> str:
    """Something ends earlier than announced."""
    return f"now ends on {safe_text(str(change.revision), 40)}, was {safe_text(str(change.base), 40)}"


@plain("x-sunset", SAME, area="lifecycle", trait="past", endpoint=ERROR, request=ERROR, response=ERROR)
def sunset_already_past(change: Change) -> str:
    """The date of an end is brought forward to a day that has passed."""
    return f"ended on {safe_text(str(change.revision), 40)}, was to end on {safe_text(str(change.base), 40)}"


@plain("x-sunset", SAME, area="lifecycle", trait="dropped", endpoint=ERROR, request=ERROR, response=ERROR)
def sunset_dropped(change: Change) -> str:
    """Something stays deprecated while the date of its end is gone: it may end any day."""
    return f"is deprecated and no longer says when it ends, was {safe_text(str(change.base), 40)}"


@plain("x-sunset", SAME, area="lifecycle", trait="unreadable", endpoint=ERROR, request=ERROR, response=ERROR)
def sunset_unreadable(change: Change) -> str:
    """Something is announced to end on what is not a date: the document is at fault."""
    return f"is announced to end on {show(change.revision)}, which is not a date"


@plain("x-stability-level", SAME, area="lifecycle")
def stability_changed(change: Change) -> str:
    """The vendor promises another stability."""
    return f"its stability is now {show(change.revision)}, was {show(change.base)}"


@plain("x-stability-level", SAME, area="lifecycle", trait="lower", endpoint=ERROR, request=ERROR, response=ERROR)
def stability_lowered(change: Change) -> str:
    """The vendor promises less stability than it did: what was promised no longer holds."""
    return f"its stability is now {show(change.revision)}, was {show(change.base)}"


@plain("known-value", Sense.NARROWER, area="schema", request=ERROR)
def known_value_removed(change: Change) -> str:
    """A value that was listed as known (x-extensible-enum) is not any more; no validator sees it."""
    return f"{show(change.base)} is no longer among the known values"


@plain("known-value", SAME, area="schema")
def known_value_added(change: Change) -> str:
    """A value is now listed as known (x-extensible-enum)."""
    return f"{show(change.revision)} is now among the known values"


@plain("default", SAME, area="schema")
def default_changed(change: Change) -> str:
    """A property left out of a body means something else."""
    return f"its default is now {show(change.revision)}, was {show(change.base)}"


@plain("discriminator", SAME, area="schema")
def discriminator_changed(change: Change) -> str:
    """What tells the branches of a union apart is described differently."""
    return "its discriminator is described differently"


@plain("operationId", SAME, area="prose")
def operation_id_changed(change: Change) -> str:
    """An operation has another id; code generated from the document changes, calls do not."""
    return f"its operationId is now {show(change.revision)}, was {show(change.base)}"


@plain("version", SAME, area="prose")
def version_changed(change: Change) -> str:
    """The document has another version."""
    return f"the version is now {show(change.revision)}, was {show(change.base)}"


def _prose(change: Change) -> str:
    verb = "is new" if change.base is None else "is gone" if change.revision is None else "reads differently"
    return f"its {change.kind} {verb}"


@plain("description", SAME, area="prose")
def description_changed(change: Change) -> str:
    """The description reads differently; the contract is the same, the meaning may not be."""
    return _prose(change)


@plain("title", SAME, area="prose")
def title_changed(change: Change) -> str:
    """The title reads differently."""
    return _prose(change)


@plain("summary", SAME, area="prose")
def summary_changed(change: Change) -> str:
    """The summary reads differently."""
    return _prose(change)


@plain("tags", SAME, area="prose")
def tags_changed(change: Change) -> str:
    """The operation is filed under other tags."""
    return "its tags changed"


@plain("examples", SAME, area="prose")
def examples_changed(change: Change) -> str:
    """The examples changed."""
    return "its examples changed"


@plain("externalDocs", SAME, area="prose")
def links_changed(change: Change) -> str:
    """The links to other documents changed."""
    return "its links changed"


_ = NOTE
