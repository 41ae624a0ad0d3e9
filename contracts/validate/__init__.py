"""Judging responses by a spec: strict decode, five checks, two engines, unions descended, faults grouped.

Names are looked up when they are asked for: a compiled schema needs no checker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.validate.answered import Answered
    from contracts.validate.body import RawFault
    from contracts.validate.consistency import Asked, check_notes, consistent, notes_of
    from contracts.validate.coverage import coverage_of, shown, shown_by, tally
    from contracts.validate.examples import as_mismatch, example_findings
    from contracts.validate.grouping import Where, group
    from contracts.validate.notices import spec_notices
    from contracts.validate.reading import choose, is_json, is_stream, plain
    from contracts.validate.request import RequestCheck
    from contracts.validate.response import Checker, Unjudged, without_items
else:
    __getattr__ = names_from(
        __name__,
        {
            "body": "RawFault",
            "answered": "Answered",
            "consistency": "Asked check_notes consistent notes_of",
            "coverage": "coverage_of shown shown_by tally",
            "examples": "as_mismatch example_findings",
            "grouping": "Where group",
            "reading": "choose is_json is_stream plain",
            "notices": "spec_notices",
            "request": "RequestCheck",
            "response": "Checker Unjudged without_items",
        },
    )
