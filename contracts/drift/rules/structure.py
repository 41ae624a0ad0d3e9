"""Rules about lists, objects and unions."""

from __future__ import annotations

from contracts.drift.change import Change, Sense
from contracts.drift.rules._rule import NOTE, WARNING, schema
from contracts.model import Json
from contracts.text import either, safe_text, show

WIDER, NARROWER, CROSSED, SAME = Sense.WIDER, Sense.NARROWER, Sense.CROSSED, Sense.SAME


def _limit(count: Json) -> str:
    return "without a limit" if count is None else str(count)


@schema("minItems", WIDER)
def min_items_lowered(change: Change) -> str:
    """A list may be shorter than before."""
    return f"may now have {change.revision or 0} items, was at least {change.base}"


@schema("minItems", NARROWER)
def min_items_raised(change: Change) -> str:
    """A list must be longer than before."""
    return f"must now have at least {change.revision} items, was {change.base or 0}"


@schema("maxItems", WIDER)
def max_items_raised(change: Change) -> str:
    """A list may be longer than before."""
    return f"may now have more than {change.base} items, up to {_limit(change.revision)}"


@schema("maxItems", NARROWER)
def max_items_lowered(change: Change) -> str:
    """A list must be shorter than before."""
    return f"may now have at most {change.revision} items, was {change.base}"


@schema("maxItems", NARROWER, trait="stated", at_most=WARNING)
def max_items_stated(change: Change) -> str:
    """A limit of items is stated where none was; most servers had one before they said so."""
    return f"may now have at most {change.revision} items, no limit was stated"


@schema("uniqueItems", WIDER)
def items_may_repeat(change: Change) -> str:
    """A list of different items may now hold one twice."""
    return "may now hold an item twice"


@schema("uniqueItems", NARROWER)
def items_must_differ(change: Change) -> str:
    """No item of a list may be there twice."""
    return "may no longer hold an item twice"


@schema("contains", WIDER)
def contains_removed(change: Change) -> str:
    """A list need no longer hold an item of a certain kind."""
    return "need no longer contain a certain item"


@schema("contains", NARROWER)
def contains_added(change: Change) -> str:
    """A list must hold an item of a certain kind."""
    return "must now contain a certain item"


@schema("contains", CROSSED)
def contains_changed(change: Change) -> str:
    """A list must hold an item of another kind."""
    return "must now contain another item"


@schema("minContains", WIDER)
def min_contains_lowered(change: Change) -> str:
    """A list may hold fewer items of a certain kind."""
    return f"may now contain {change.revision} of a certain item, was at least {change.base}"


@schema("minContains", NARROWER)
def min_contains_raised(change: Change) -> str:
    """A list must hold more items of a certain kind."""
    return f"must now contain at least {change.revision} of a certain item, was {change.base}"


@schema("maxContains", WIDER)
def max_contains_raised(change: Change) -> str:
    """A list may hold more items of a certain kind."""
    return f"may now contain more than {change.base} of a certain item, up to {_limit(change.revision)}"


@schema("maxContains", NARROWER)
def max_contains_lowered(change: Change) -> str:
    """A list may hold fewer items of a certain kind than before."""
    return f"may now contain at most {change.revision} of a certain item, was {_limit(change.base)}"


@schema("property", SAME)
def property_added(change: Change) -> str:
    """A key may be there that was not declared; readers that ignore unknown keys are not touched."""
    return "is new" if change.revision else "is no longer described"


@schema("property", WIDER, tolerance="unknown", at_most=WARNING)
def property_added_to_closed(change: Change) -> str:
    """A key may be there in an object that was closed: a strict reader refuses it."""
    return "is new in an object that was closed"


@schema("property", NARROWER)
def property_refused(change: Change) -> str:
    """A key that could be sent is refused, since the object is closed."""
    return "is gone from an object that is closed"


@schema("required-property", NARROWER)
def required_property_added(change: Change) -> str:
    """A key that was not declared must be there."""
    return "is new and required"


@schema("required-property", WIDER)
def required_property_removed(change: Change) -> str:
    """A key that was always there is gone."""
    return "is gone, was required"


@schema("required-property", CROSSED, tolerance="unknown")
def required_property_replaced(change: Change) -> str:
    """A required key comes or goes in an object that is closed, so that the two sides exclude each other."""
    return "is new and required in an object that was closed" if change.revision else "is gone from an object that is closed, was required"


@schema("property-renamed", CROSSED)
def required_property_renamed(change: Change) -> str:
    """A key that was always there has another name."""
    return f"is now called {show(change.revision)}"


@schema("property-renamed", SAME)
def property_renamed(change: Change) -> str:
    """A key that could be absent has another name."""
    return f"is now called {show(change.revision)}; it could be absent before"


@schema("property-moved", CROSSED, SAME)
def property_moved(change: Change) -> str:
    """A key went to another object of the same payload."""
    return f"is now at {safe_text(change.revision)}"


@schema("hidden", SAME)
def property_direction_changed(change: Change) -> str:
    """A property is sent in one direction only, or no longer so (readOnly, writeOnly)."""
    return "is now sent in the other direction only" if change.revision else "is now sent in this direction too"


@schema("hidden-property", SAME)
def unsent_property_changed(change: Change) -> str:
    """A property that is not sent in this direction comes or goes."""
    return "is new, and sent in the other direction only" if change.revision else "is gone, was sent in the other direction only"


@schema("required", WIDER)
def property_became_optional(change: Change) -> str:
    """A key that was always there may be absent."""
    return "may now be absent"


@schema("required", NARROWER)
def property_became_required(change: Change) -> str:
    """A key that could be absent must be there."""
    return "must now be there"


@schema("additional", WIDER, trait="", tolerance="unknown", at_most=NOTE)
def object_opened(change: Change) -> str:
    """An object that was closed may hold keys that nobody declared."""
    return "may now hold keys that are not declared"


@schema("additional", NARROWER, trait="", at_most=NOTE)
def object_closed(change: Change) -> str:
    """An object may no longer hold keys that nobody declared; who sends only declared keys is not touched."""
    return "may no longer hold keys that are not declared"


@schema("additional", WIDER, trait="map")
def map_added(change: Change) -> str:
    """An object that held no free keys is now a map of them."""
    return "may now hold any keys"


@schema("additional", NARROWER, trait="map")
def map_removed(change: Change) -> str:
    """A map may no longer hold any keys but the declared ones."""
    return "may no longer hold any keys but the declared ones"


@schema("patternProperties", WIDER)
def pattern_property_removed(change: Change) -> str:
    """Keys of a certain form are no longer bound to a schema."""
    return f"keys that match {safe_text(change.name, 60)} may now hold anything" if change.base else f"may now hold keys that match {safe_text(change.name, 60)}"


@schema("patternProperties", NARROWER)
def pattern_property_added(change: Change) -> str:
    """Keys of a certain form are bound to a schema, or refused."""
    return f"keys that match {safe_text(change.name, 60)} are now bound to a schema" if change.revision else f"may no longer hold keys that match {safe_text(change.name, 60)}"


@schema("propertyNames", WIDER)
def key_names_relaxed(change: Change) -> str:
    """Keys need no longer have a certain form."""
    return "keys may now have any name"


@schema("propertyNames", NARROWER)
def key_names_tightened(change: Change) -> str:
    """Keys must have a certain form."""
    return "keys must now have a certain form"


@schema("propertyNames", CROSSED)
def key_names_changed(change: Change) -> str:
    """Keys must have another form."""
    return "keys must now have another form"


@schema("minProperties", WIDER)
def min_properties_lowered(change: Change) -> str:
    """An object may hold fewer keys than before."""
    return f"may now hold {change.revision or 0} keys, was at least {change.base}"


@schema("minProperties", NARROWER)
def min_properties_raised(change: Change) -> str:
    """An object must hold more keys than before."""
    return f"must now hold at least {change.revision} keys, was {change.base or 0}"


@schema("maxProperties", WIDER)
def max_properties_raised(change: Change) -> str:
    """An object may hold more keys than before."""
    return f"may now hold more than {change.base} keys, up to {_limit(change.revision)}"


@schema("maxProperties", NARROWER)
def max_properties_lowered(change: Change) -> str:
    """An object may hold fewer keys than before at most."""
    return f"may now hold at most {change.revision} keys, was {change.base}"


@schema("maxProperties", NARROWER, trait="stated", at_most=WARNING)
def max_properties_stated(change: Change) -> str:
    """A limit of keys is stated where none was; most servers had one before they said so."""
    return f"may now hold at most {change.revision} keys, no limit was stated"


@schema("dependentRequired", WIDER)
def dependent_required_relaxed(change: Change) -> str:
    """A key asks for fewer other keys."""
    return f"with {show(change.name)} there, {_lost(change)} may now be absent"


@schema("dependentRequired", NARROWER)
def dependent_required_tightened(change: Change) -> str:
    """A key asks for more other keys."""
    return f"with {show(change.name)} there, {_lost(change)} must now be there too"


@schema("dependentRequired", CROSSED)
def dependent_required_changed(change: Change) -> str:
    """A key asks for other keys than before."""
    return f"with {show(change.name)} there, {either(change.revision)} must now be there, was {either(change.base)}"


def _lost(change: Change) -> str:
    return either(sorted(set(change.base) ^ set(change.revision)))


@schema("dependentSchemas", WIDER)
def dependent_schema_removed(change: Change) -> str:
    """A key no longer binds the object to a schema."""
    return f"{show(change.name)} no longer binds the object to a schema"


@schema("dependentSchemas", NARROWER)
def dependent_schema_added(change: Change) -> str:
    """A key binds the object to a schema."""
    return f"{show(change.name)} now binds the object to a schema"


@schema("dependentSchemas", CROSSED)
def dependent_schema_changed(change: Change) -> str:
    """A key binds the object to another schema."""
    return f"{show(change.name)} now binds the object to another schema"


@schema("alternative", WIDER)
def alternative_added(change: Change) -> str:
    """A union has a branch that no other branch covered."""
    return f"may now be {safe_text(change.name, 60)}"


@schema("alternative", NARROWER)
def alternative_removed(change: Change) -> str:
    """A union has lost a branch."""
    return f"may no longer be {safe_text(change.name, 60)}"


@schema("not", WIDER)
def exclusion_removed(change: Change) -> str:
    """Values that were excluded may be there."""
    return "may now be what `not` excluded"


@schema("not", NARROWER)
def exclusion_added(change: Change) -> str:
    """Values are excluded by `not`."""
    return "may no longer be what `not` excludes"


@schema("not", CROSSED)
def exclusion_changed(change: Change) -> str:
    """`not` excludes other values than before."""
    return "`not` now excludes something else"


@schema("if", WIDER)
def condition_removed(change: Change) -> str:
    """A condition no longer binds the value."""
    return "is no longer bound by `if`"


@schema("if", NARROWER)
def condition_added(change: Change) -> str:
    """A condition binds the value."""
    return "is now bound by `if`"


@schema("if", CROSSED)
def condition_changed(change: Change) -> str:
    """A condition binds the value differently."""
    return "is now bound by another `if`"
