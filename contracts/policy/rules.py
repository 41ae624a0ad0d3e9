"""The rules that no single answer breaks: the team's own books, vendored documents, polls of one batch.

Those about an answer stand in `validate`, those about a change in `drift`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from contracts.model import Severity
from contracts.validate import Rule

_TABLE: Final = (
    Rule(
        "waiver-expired",
        Severity.ERROR,
        "A waiver's last day is over; the finding that it covered counts again.",
        "Ask whether the vendor mended it; else change the day in waivers.toml, at most 180 days ahead.",
    ),
    Rule(
        "waiver-unused",
        Severity.ERROR,
        "A waiver covers nothing any more.",
        "The vendor mended it, or the place was renamed: remove the waiver, or correct its place.",
    ),
    Rule(
        "stale-recording",
        Severity.WARNING,
        "A recording is old: a warning after 90 days, an error after 180, or as the settings say.",
        "Record it again with: contracts record PROVIDER",
    ),
    Rule(
        "coverage-threshold",
        Severity.ERROR,
        "The interactions show less of the spec than the settings ask for.",
        "See what is missing with: contracts coverage PROVIDER --unseen",
    ),
    Rule(
        "vendor-missing",
        Severity.ERROR,
        "A file that the manifest names, or the spec made from it, is missing.",
        "Restore it from the history of the repository, or vendor the document again.",
    ),
    Rule(
        "vendor-digest",
        Severity.ERROR,
        "A vendored document is not, byte for byte, the one whose sha256 the manifest holds.",
        "Never edit it by hand: corrections go into overlay.yaml.",
    ),
    Rule(
        "vendor-differs",
        Severity.ERROR,
        "openapi.yaml is not what the vendored document gives; a note where two documents differ.",
        "Make it again with: contracts vendor --update PROVIDER",
    ),
    Rule(
        "vendor-operation",
        Severity.ERROR,
        "The manifest names an operation that the vendored documents do not have.",
        "Correct its method and path in provider.toml.",
    ),
    Rule(
        "vendor-unreadable",
        Severity.ERROR,
        "A manifest or a vendored document cannot be read.",
        "The finding says where and why.",
    ),
    Rule(
        "state-regression",
        Severity.ERROR,
        "Between two polls a batch that had ended went on, or ended otherwise.",
        "Do not stop polling at the first terminal word without a second look.",
    ),
    Rule(
        "counter-decrease",
        Severity.WARNING,
        "Between two polls the completed or failed items became fewer.",
        "A cached answer may explain it; do not compute rates from two polls.",
    ),
    Rule(
        "unknown-state",
        Severity.WARNING,
        "The batch has a state word that the vendor did not publish.",
        "Map it in your code before it means success by default; then add it by an overlay.",
    ),
    Rule(
        "identity-change",
        Severity.ERROR,
        "Between two polls the batch has another id.",
        "Do not trust either answer before the vendor has explained it.",
    ),
)

RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in _TABLE}
"""Rule id to what it means."""
