"""Every rule a response check can break: id, default severity, summary and advice for `contracts explain`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.model import Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule id means; `severity` holds for published and derived facts, inferred ones weigh a step less.

    `stated` is False where no spec states what is broken, but JSON itself (RFC 8259): that weighs the same
    whatever the provenance, for where there is no JSON nothing else was judged.
    """

    id: str
    severity: Severity
    summary: str
    advice: str = ""
    stated: bool = True


_SCHEMA = "Compare the two words in the finding; if the vendor is right, correct the spec by an overlay with evidence."
# ruff: noqa: E501 -- one rule a line
_TABLE = (
    Rule("type", E, "A value has another JSON type than the spec says.", _SCHEMA),
    Rule("enum", E, "A value is none of the words the spec lists.", "Map the new word in your code before it meets it; then add it by an overlay."),
    Rule("const", E, "A value differs from the only one the spec allows.", _SCHEMA),
    Rule("format", E, "A string or number is not of the format that the spec names.", "A date-time without zone is the likeliest case."),
    Rule("pattern", E, "A string does not match the pattern of the spec.", _SCHEMA),
    Rule("required", E, "A property that the spec promises is missing.", "Treat it as optional in your code, and ask the vendor."),
    Rule("dependentRequired", E, "A property is missing that another one requires.", _SCHEMA),
    Rule("additionalProperties", E, "A closed object holds a property the spec does not name.", "A strict reader refuses it."),
    Rule("unevaluatedProperties", E, "A closed object holds a property the spec does not name.", "A strict reader refuses it."),
    Rule("unevaluatedItems", E, "A list holds items the spec does not describe.", _SCHEMA),
    Rule("minimum", E, "A number is below the spec's minimum.", _SCHEMA),
    Rule("exclusiveMinimum", E, "A number is not above the spec's exclusive minimum.", _SCHEMA),
    Rule("maximum", E, "A number is above the spec's maximum.", _SCHEMA),
    Rule("exclusiveMaximum", E, "A number is not below the spec's exclusive maximum.", _SCHEMA),
    Rule("multipleOf", E, "A number is no multiple of the step in the spec.", _SCHEMA),
    Rule("minLength", E, "A string is shorter than the spec allows.", _SCHEMA),
    Rule("maxLength", E, "A string is longer than the spec allows.", _SCHEMA),
    Rule("minItems", E, "A list has fewer items than the spec allows.", _SCHEMA),
    Rule("maxItems", E, "A list has more items than the spec allows.", _SCHEMA),
    Rule("uniqueItems", E, "A list holds the same item twice.", _SCHEMA),
    Rule("contains", E, "A list lacks an item of the kind it must contain.", _SCHEMA),
    Rule("minContains", E, "A list has too few items of a kind.", _SCHEMA),
    Rule("maxContains", E, "A list has too many items of a kind.", _SCHEMA),
    Rule("minProperties", E, "An object has fewer properties than the spec allows.", _SCHEMA),
    Rule("maxProperties", E, "An object has more properties than the spec allows.", _SCHEMA),
    Rule("not", E, "A value is what the spec rules out.", _SCHEMA),
    Rule("anyOf", E, "A value fits none of the alternatives.", _SCHEMA),
    Rule("oneOf", E, "A value fits none, or more than one, of the alternatives.", _SCHEMA),
    Rule("properties", E, "A property stands where the spec allows nothing.", _SCHEMA),
    Rule("items", E, "An item stands where the spec allows nothing.", _SCHEMA),
    Rule("prefixItems", E, "An item stands where the spec allows nothing.", _SCHEMA),
    Rule("discriminator", E, "The word that names a union's branch is unknown, or the rest does not fit it.", _SCHEMA),
    Rule("write-only", W, "A property that is only ever written came back.", "Secrets are often marked write-only: look before you log it."),
    Rule("read-only", W, "A request sends a property that only the vendor sets.", "This one is yours: leave it out."),
    Rule("undescribed", W, "An open object holds a field the spec does not mention.", "Harmless to tolerant readers; add it by an overlay once seen."),
    Rule("undocumented-status", E, "The spec does not document this status.", "2xx and 3xx weigh as errors, 4xx and 5xx as warnings."),
    Rule("media-type", E, "The content type is none of those documented for the status.", "An HTML page instead of JSON is usually a proxy or maintenance."),
    Rule("undocumented-body", W, "A body came where the spec describes none.", _SCHEMA),
    Rule("missing-header", E, "A response header that the spec requires is missing.", _SCHEMA),
    Rule("header-value", E, "A response header does not fit its schema.", _SCHEMA),
    Rule("unknown-operation", W, "The request meets no operation of the spec, so nothing was checked.", "Add the operation to provider.toml, or drop the recording."),
    Rule("redirect", E, "The vendor redirected; the target was not followed.", "Use the address the vendor redirects to."),
    Rule("not-json", E, "The body is not JSON.", "Truncated answers and HTML pages look like this.", stated=False),
    Rule("duplicate-key", E, "A JSON object has the same key twice; readers differ on which one counts.", "", stated=False),
    Rule("not-a-json-number", E, "A number token that JSON does not know, such as NaN.", "", stated=False),
    Rule("huge-integer", E, "An integer of more than 4,300 digits.", "", stated=False),
    Rule("lone-surrogate", E, "Half of a surrogate pair stands alone; many writers crash on it.", "", stated=False),
    Rule("byte-order-mark", W, "The body starts with a byte order mark.", "RFC 8259 lets readers refuse it."),
    Rule("bad-utf8", E, "The body is not UTF-8.", "", stated=False),
    Rule("json-too-deep", E, "The body nests deeper than 256 levels.", "", stated=False),
    Rule("body-too-large", E, "The body is over the size limit.", "Raise it with max-body in [tool.contracts] if that is expected.", stated=False),
    Rule("example-mismatch", W, "An example in the vendor's own document does not fit its schema.", "One of the two is wrong; code against what was seen live."),
    Rule("counts", W, "Counters of one batch contradict each other.", "The reason is written in provider.toml."),
    Rule("time-order", W, "An end lies before its beginning.", "The reason is written in provider.toml."),
    Rule("state-fields", W, "The state and another field contradict each other.", "The reason is written in provider.toml."),
    Rule("request-parameter", E, "A parameter of the request does not fit the spec.", "This one is yours: mend the client."),
    Rule("request-body", E, "The body of the request does not fit the spec.", "This one is yours: mend the client."),
    Rule("engines-disagree", N, "The two engines judge a place differently.", "Not the vendor's fault; report it to this project."),
    Rule("unusable-schema", E, "A schema of the spec cannot be compiled, so nothing was checked against it.", "Correct it by an overlay."),
)  # fmt: skip

RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in _TABLE}


def default_severity(rule: str, provenance: str) -> Severity:
    """Weigh a finding by its rule and the provenance of the fact: inferred facts never make an error."""
    known = RULES.get(rule, Rule(rule, E, ""))
    return W if provenance == "inferred" and known.stated and known.severity is E else known.severity
