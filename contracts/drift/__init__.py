"""What a vendor changed between two documents, and what of it a caller can feel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.drift.correcting import acceptance_of, correctable, overlay_of, refuses
    from contracts.drift.documents import calendar_of
    from contracts.drift.judge import drift
    from contracts.drift.observed import (
        GONE,
        against_spec,
        missed,
        only_words,
        over_time,
        three_way,
    )
    from contracts.drift.report import changelog_lines, events, read_late, timeline
    from contracts.drift.rules import RULES
    from contracts.drift.schemas import beside
    from contracts.drift.tolerance import TOLERANT, Tolerance, tolerance_of
    from contracts.drift.upstream import Compared, against, choose, update_upstream
else:
    __getattr__ = names_from(
        __name__,
        {
            "correcting": "acceptance_of correctable overlay_of refuses",
            "documents": "calendar_of",
            "judge": "drift",
            "observed": "GONE against_spec missed only_words over_time three_way",
            "report": "changelog_lines events read_late timeline",
            "rules": "RULES",
            "schemas": "beside",
            "tolerance": "TOLERANT Tolerance tolerance_of",
            "upstream": "Compared against choose update_upstream",
        },
    )
