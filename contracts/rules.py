"""The rules of findings that no comparison of two documents makes: one row a rule, and how bad each one is.

The rules of drift stand in `contracts.drift.rules`; `contracts.policy.catalogue` gives both and the laws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.model import Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule id means; `severity` holds for published and derived facts, inferred ones weigh a step less.

    `stated` is False where no spec states what is broken, but JSON itself (RFC 8259) or the team's own books:
    that weighs the same whatever the provenance, for where there is no JSON nothing else was judged.
    """

    id: str
    severity: Severity
    summary: str
    advice: str
    example: str
    stated: bool = True


_SCHEMA = "Compare the expected and the found value; if the vendor is right, correct the spec by an overlay with evidence."
_NOTED = "The reason is written in provider.toml; do not compute with the fields that contradict each other."
_JSON = "Report it to the vendor, and read the body with a parser that refuses it."
_SENDER = "Do not act on it: nothing shows that the vendor sent it. Verify the bytes as they came, before any framework reads them."
# ruff: noqa: E501 -- one rule a line
_TABLE = (
    Rule("type", E, "A value has another JSON type than the spec says.", _SCHEMA, 'type: integer, and the answer has "12"'),
    Rule("enum", E, "A value is none of the words the spec lists.", "Map the new word in your code before it meets it; then add it by an overlay.", 'enum: [running, done], and the answer has "paused"'),
    Rule("const", E, "A value differs from the only one the spec allows.", _SCHEMA, 'const: batch, and the answer has "job"'),
    Rule("format", E, "A string or number is not of the format that the spec names.", "A date-time without zone is the likeliest case.", 'format: date-time, and the answer has "2026-01-01 00:00:00"'),
    Rule("pattern", E, "A string does not match the pattern of the spec.", _SCHEMA, 'pattern: ^b_, and the answer has "job_1"'),
    Rule("required", E, "A property that the spec promises is missing.", "Treat it as optional in your code, and ask the vendor.", "required: [id], and the answer is {}"),
    Rule("dependentRequired", E, "A property is missing that another one requires.", _SCHEMA, 'dependentRequired: {error: [code]}, and the answer is {"error": "x"}'),
    Rule("dependentSchemas", E, "An object does not fit the schema that one of its properties requires.", _SCHEMA, 'dependentSchemas: {error: false}, and the answer is {"error": "x"}'),
    Rule("additionalProperties", E, "A closed object holds a property the spec does not name.", "A strict reader refuses it; add it by an overlay once seen.", 'additionalProperties: false, and the answer has "queue" besides'),
    Rule("unevaluatedProperties", E, "A closed object holds a property the spec does not name.", "A strict reader refuses it; add it by an overlay once seen.", 'unevaluatedProperties: false, and the answer has "queue" besides'),
    Rule("more-findings", N, "A value is so large that only its first fault is named.", "Mend what is named, and check again; or judge a smaller page.", "an answer with a list of a million numbers, of which one is a string", stated=False),
    Rule("unevaluatedItems", E, "A list holds items the spec does not describe.", _SCHEMA, "unevaluatedItems: false after two described items, and the answer has three"),
    Rule("propertyNames", E, "The name of a property does not fit the schema for names.", _SCHEMA, 'propertyNames: {pattern: ^b_}, and the answer is {"job": 1}'),
    Rule("minimum", E, "A number is below the spec's minimum.", _SCHEMA, "minimum: 0, and the answer has -1"),
    Rule("exclusiveMinimum", E, "A number is not above the spec's exclusive minimum.", _SCHEMA, "exclusiveMinimum: 0, and the answer has 0"),
    Rule("maximum", E, "A number is above the spec's maximum.", _SCHEMA, "maximum: 100, and the answer has 101"),
    Rule("exclusiveMaximum", E, "A number is not below the spec's exclusive maximum.", _SCHEMA, "exclusiveMaximum: 100, and the answer has 100"),
    Rule("multipleOf", E, "A number is no multiple of the step in the spec.", _SCHEMA, "multipleOf: 0.01, and the answer has 0.015"),
    Rule("minLength", E, "A string is shorter than the spec allows.", _SCHEMA, 'minLength: 1, and the answer has ""'),
    Rule("maxLength", E, "A string is longer than the spec allows.", _SCHEMA, 'maxLength: 3, and the answer has "EURO"'),
    Rule("minItems", E, "A list has fewer items than the spec allows.", _SCHEMA, "minItems: 1, and the answer has []"),
    Rule("maxItems", E, "A list has more items than the spec allows.", _SCHEMA, "maxItems: 2, and the answer has [1, 2, 3]"),
    Rule("uniqueItems", E, "A list holds the same item twice.", _SCHEMA, "uniqueItems: true, and the answer has [1, 1]"),
    Rule("contains", E, "A list lacks an item of the kind it must contain.", _SCHEMA, "contains: {type: string}, and the answer has [1]"),
    Rule("minContains", E, "A list has too few items of a kind.", _SCHEMA, 'minContains: 2 strings, and the answer has ["a", 1]'),
    Rule("maxContains", E, "A list has too many items of a kind.", _SCHEMA, 'maxContains: 1 string, and the answer has ["a", "b"]'),
    Rule("minProperties", E, "An object has fewer properties than the spec allows.", _SCHEMA, "minProperties: 1, and the answer has {}"),
    Rule("maxProperties", E, "An object has more properties than the spec allows.", _SCHEMA, 'maxProperties: 1, and the answer has {"a": 1, "b": 2}'),
    Rule("not", E, "A value is what the spec rules out.", _SCHEMA, "not: {type: null}, and the answer has null"),
    Rule("anyOf", E, "A value fits none of the alternatives.", _SCHEMA, "anyOf: a string or a number, and the answer has true"),
    Rule("oneOf", E, "A value fits none, or more than one, of the alternatives.", _SCHEMA, "oneOf: an integer or a number, and 1 is both"),
    Rule("allOf", E, "A value stands where a part of allOf allows nothing.", _SCHEMA, "allOf: [false], and the answer has any value"),
    Rule("then", E, "A value fits the condition of a schema, and not what must follow.", _SCHEMA, "if: {required: [error]}, then: false, and the answer has error"),
    Rule("else", E, "A value does not fit the condition of a schema, nor what must hold otherwise.", _SCHEMA, "if: {required: [id]}, else: false, and the answer has no id"),
    Rule("properties", E, "A property stands where the spec allows nothing.", _SCHEMA, "properties: {old: false}, and the answer has old"),
    Rule("patternProperties", E, "A property whose name fits a pattern stands where the spec allows nothing.", _SCHEMA, "patternProperties: {^x-: false}, and the answer has x-old"),
    Rule("items", E, "An item stands where the spec allows nothing.", _SCHEMA, "items: false, and the answer has [1]"),
    Rule("prefixItems", E, "An item stands where the spec allows nothing.", _SCHEMA, "prefixItems: [false], and the answer has [1]"),
    Rule("false", E, "A value stands where the schema allows none at all.", _SCHEMA, "schema: false, and the answer has a body"),
    Rule("$ref", E, "A value stands where a referenced schema allows nothing.", _SCHEMA, "$ref to the schema false, and the answer has any value"),
    Rule("$dynamicRef", E, "A value stands where a referenced schema allows nothing.", _SCHEMA, "$dynamicRef to the schema false, and the answer has any value"),
    Rule("contentEncoding", E, "A string is not in the encoding that the spec names.", _SCHEMA, 'contentEncoding: base64, and the answer has "%%"'),
    Rule("contentMediaType", E, "A string does not hold the kind of document that the spec names.", _SCHEMA, 'contentMediaType: application/json, and the answer has "{"'),
    Rule("discriminator", W, "The word that names a union's branch is unknown, or names another than the one that fits.", "OpenAPI: a discriminator must not change the outcome of validation.", 'mapping: {text: Text, image: Image}, and the answer has "kind": "sound"'),
    Rule("write-only", W, "A property that is only ever written came back.", "Secrets are often marked write-only: look before you log it.", "password is writeOnly, and the answer has it"),
    Rule("read-only", W, "A request sends a property that only the vendor sets.", "This one is yours: leave it out.", "created_at is readOnly, and the request sends it"),
    Rule("undescribed", W, "An open object holds a field the spec does not mention.", "Harmless to tolerant readers; add it by an overlay once seen.", 'properties: {id}, and the answer has "queue" besides'),
    Rule("undocumented-status", E, "The spec does not document this status.", "2xx and 3xx weigh as errors, 4xx and 5xx as warnings.", "responses: 200 and 404, and the vendor answered 202"),
    Rule("media-type", E, "The content type is none of those documented for the status.", "An HTML page instead of JSON is usually a proxy or maintenance.", "application/json is documented, and text/html came"),
    Rule("undocumented-body", W, "A body came where the spec describes none.", _SCHEMA, "204 without content, and the answer has a body"),
    Rule("missing-header", E, "A response header that the spec requires is missing.", _SCHEMA, "x-request-id is required, and the answer lacks it"),
    Rule("header-value", E, "A response header does not fit its schema.", _SCHEMA, "retry-after is an integer, and the answer says soon"),
    Rule("unknown-operation", W, "The request meets no operation of the spec, so nothing was checked.", "Add the operation to provider.toml, or drop the recording.", "GET /v2/jobs is recorded, and the spec has /v1/jobs"),
    Rule("redirect", E, "The vendor redirected; the target was not followed.", "Use the address the vendor redirects to.", "301 with location https://api.new.example"),
    Rule("not-json", E, "The body is not JSON.", "Truncated answers and HTML pages look like this.", '{"id": "b_1", "sta', stated=False),
    Rule("duplicate-key", E, "A JSON object has the same key twice; readers differ on which one counts.", _JSON, '{"state": "done", "state": "failed"}', stated=False),
    Rule("not-a-json-number", E, "A number token that JSON does not have, such as NaN.", _JSON, '{"cost": NaN}', stated=False),
    Rule("huge-number", E, "A number beyond the range of a double.", _JSON, '{"cost": 1e400}', stated=False),
    Rule("huge-integer", E, "An integer of more than 4,300 digits.", _JSON, "1 followed by 5,000 zeros", stated=False),
    Rule("lone-surrogate", E, "Half of a surrogate pair stands alone; many writers crash on it.", _JSON, r'"\ud83d" without the second half', stated=False),
    Rule("byte-order-mark", W, "The body starts with a byte order mark.", "RFC 8259 lets readers refuse it.", "the bytes EF BB BF before {", stated=False),
    Rule("bad-utf8", E, "The body is not UTF-8.", _JSON, "the byte E9 for é, as Latin-1 writes it", stated=False),
    Rule("json-too-deep", E, "The body nests deeper than 256 levels.", _JSON, "300 lists, each in the other", stated=False),
    Rule("body-too-large", E, "The body is over the size limit.", "Raise it with max-body in [tool.contracts] if that is expected.", "a list of 2,000,000 items in one answer", stated=False),
    Rule("example-mismatch", W, "An example in the vendor's own document does not fit its schema.", "One of the two is wrong; code against what was seen live.", 'type: integer, example: "12"'),
    Rule("counts", W, "Counters of one batch contradict each other.", _NOTED, '{"total": 2, "done": 3}'),
    Rule("time-order", W, "An end is before its beginning.", _NOTED, "ended_at is a day before created_at"),
    Rule("state-fields", W, "The state and another field contradict each other.", _NOTED, "state is running, and ended_at is set"),
    Rule("request-parameter", E, "A parameter of the request does not fit the spec.", "This one is yours: mend the client.", "limit is an integer, and the request sends limit=all"),
    Rule("request-body", E, "The body of the request does not fit the spec.", "This one is yours: mend the client.", "the spec requires a body, and the request has none"),
    Rule("webhook-unsigned", E, "A delivery to a webhook carries no signature, or not all that is signed with it.", _SENDER, "the header webhook-signature is missing", stated=False),
    Rule("webhook-signature", E, "The signature of a delivery to a webhook does not fit its body and the secret.", _SENDER, "the signature was made with another secret, or for another body", stated=False),
    Rule("webhook-stale", E, "A delivery to a webhook was signed too long ago, or ahead of time.", "Refuse it: someone may send an old delivery again. Check the clock of the machine too.", "webhook-timestamp is an hour old, and 300 seconds are allowed", stated=False),
    Rule("webhook-replayed", W, "A delivery to a webhook came before.", "Vendors try again until they get an answer: act once on each id.", "the same webhook-id twice", stated=False),
    Rule("engines-disagree", N, "The two engines judge a place differently.", "Not the vendor's fault; report it to this project.", "--engine both, and only one of them finds a fault"),
    Rule("unusable-schema", E, "A schema of the spec cannot be compiled, so nothing was checked against it.", "Correct it by an overlay.", "pattern: ( is no regular expression"),
    Rule("waiver-expired", E, "A waiver's last day is over; the finding that it covered counts again.", "Ask whether the vendor mended it; else change the day in waivers.toml, at most 180 days ahead.", "until = 2026-01-01, and it is later", stated=False),
    Rule("waiver-unused", E, "A waiver covers nothing any more.", "The vendor mended it, or the place was renamed: remove the waiver, or correct its place.", 'place = "acme/getBatch/200/old", and no finding is there', stated=False),
    Rule("unreadable-recording", E, "A recording of the project cannot be read, so nothing of it was judged.", "Record it again, or delete the file.", "a merge left its marks in the file", stated=False),
    Rule("stale-recording", W, "A recording is old: a warning after 90 days, an error after 180, or as the settings say.", "Record it again with: contracts record PROVIDER", "recorded_at is 100 days ago", stated=False),
    Rule("coverage-threshold", E, "The interactions show less of the spec than the settings ask for.", "See what is missing with: contracts coverage PROVIDER --unseen", "coverage = 0.8, and 0.6 was seen", stated=False),
    Rule("vendor-missing", E, "A file that the manifest names, or the spec made from it, is missing.", "Restore it from the history of the repository, or vendor the document again.", "upstream/openapi.json was deleted", stated=False),
    Rule("vendor-digest", E, "A vendored document is not, byte for byte, the one whose sha256 the manifest holds.", "Never edit it by hand: corrections go into overlay.yaml.", "a line of upstream/openapi.json was changed", stated=False),
    Rule("vendor-differs", E, "The file openapi.yaml is not what the vendored document gives; a note where two documents differ.", "Make it again with: contracts vendor --update PROVIDER", "openapi.yaml was edited by hand", stated=False),
    Rule("vendor-operation", E, "The manifest names an operation that the vendored documents do not have.", "Correct its method and path in provider.toml.", "path = /v2/jobs, and the document has /v1/jobs", stated=False),
    Rule("vendor-unreadable", E, "A manifest or a vendored document cannot be read.", "The finding says where and why.", "provider.toml lacks a quotation mark", stated=False),
    Rule("state-regression", E, "Between two polls a batch that had ended went on, or ended otherwise.", "Do not stop polling at the first terminal word without a second look.", "done, then running"),
    Rule("counter-decrease", W, "Between two polls the completed or failed items became fewer.", "A cached answer may explain it; do not compute rates from two polls.", "completed is 5, then 3"),
    Rule("unknown-state", W, "The batch has a state word that the vendor did not publish.", "Map it in your code before it means success by default; then add it by an overlay.", 'state is "paused"'),
    Rule("identity-change", E, "Between two polls the batch has another id.", "Do not trust either answer before the vendor has explained it.", "b_1, then b_2"),
    Rule("observed-status", W, "Traffic has a status that the spec does not describe for the operation.", "Add it by an overlay, and handle it in your code.", "GET /v1/jobs answered 202 four times"),
    Rule("observed-operation", W, "Traffic meets an operation that the spec does not describe.", "Add the operation to the spec, or leave its traffic out.", "GET /v1/jobs/{id}/logs answered 200 twice"),
    Rule("observed-undescribed", W, "Traffic has a field that the spec does not describe.", "See the overlay for it with: contracts observe --provider PROVIDER --overlay", '"queue" was there in 12 of 12'),
    Rule("observed-type", W, "A field has a JSON type in traffic that the spec does not describe.", "Correct the spec by an overlay; let your code accept both types.", "total was null in 3 of 31"),
    Rule("observed-word", W, "A field has a word in traffic that the enum of the spec does not list.", "Map the word in your code; then add it to the enum by an overlay.", 'state was "paused" in 2 of 31'),
    Rule("observed-shift", W, "A field behaves differently in traffic since some day; a note for a word that came late.", "The vendor changed something without announcing it: read the changelog for that day.", "null in 0 of 20 until 2026-03-01, in 9 of 9 since"),
    Rule("described-unobserved", N, "The spec describes a field that no object in the traffic had.", "Do not rely on it before you have seen it.", "expires_at is described, and was in none of 31 objects"),
)  # fmt: skip

RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in _TABLE}
"""Rule id to what it means."""

_HIDE = "Remove the value, or redact the file with: contracts import FILE; a key that left your machine must be replaced."
_SECRETS = (
    Rule("known", E, "A text holds a key that is set in the environment, in one of its spellings.", _HIDE, "the value of ACME_API_KEY in a body", stated=False),
    Rule("name", E, "A text stands under a name that names a secret.", _HIDE, '"api_key": "b2f8c1d9"', stated=False),
    Rule("url", E, "An address holds a signature, a key or a user with a password.", _HIDE, "https://bucket.example/file?X-Amz-Signature=VALUE", stated=False),
    Rule("shape", E, "A text has the shape of a key of a known service.", _HIDE, "a word that starts with sk- or ghp_, or a JSON web token", stated=False),
    Rule("e-mail", E, "A text holds an e-mail address of a person.", _HIDE, "jane@company.test", stated=False),
    Rule("address", E, "A text holds an IP address.", _HIDE, "a public IPv4 or IPv6 address in a header", stated=False),
    Rule("entropy", E, "A long word is as random as a key.", _HIDE, "40 random letters and digits", stated=False),
)  # fmt: skip

SECRETS: Final[Mapping[str, Rule]] = {rule.id: rule for rule in _SECRETS}
"""Kinds of secrets that `contracts scan` names; no setting changes how bad one is."""


def is_guess(provenance: str) -> bool:
    """Whether a fact was inferred from a page or from traffic: its vendor never stated it."""
    return provenance.partition(":")[0] in {"inferred", "observed"}


def severity_of(rule: str, provenance: str = "", *, status: str = "", probe: str = "") -> Severity:
    """Say how bad a finding is before the team decides: by its rule and the provenance of the fact.

    What a vendor published, or typed on its page, is an error; what was inferred from an example or prose is a
    warning until traffic confirms it, and so is what was `observed: n of m`. An undocumented refusal weighs less than an undocumented success, least
    when a deliberate `probe` met it; a page of prose need not list every status. KeyError for a rule that has no row.
    """
    known, guessed = RULES[rule], is_guess(provenance)
    if rule == "undocumented-status":
        refused = status.startswith(("4", "5"))
        return N if refused and probe else W if refused or guessed else E
    return W if guessed and known.stated and known.severity is E else known.severity
