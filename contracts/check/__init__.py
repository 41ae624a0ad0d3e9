"""One provider checked from recordings, files or the live API: spec and interactions in, one Report out.

Here belongs what joins the rooms below for a door: options of a run, recordings, live runs. What knows
pytest, the command line or a code host does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.check.deliveries import Deliveries
    from contracts.check.exits import CRASHED, USAGE, crash_sentence, guarded
    from contracts.check.files import Intake, asked_of, host_of, judged
    from contracts.check.hiding import keyless_finding
    from contracts.check.live import POLL, LiveCheck, refuse_unused
    from contracts.check.options import (
        CheckOptions,
        LiveSettings,
        base_urls,
        choose_providers,
        consumers_of,
        current_day,
        find_pyproject,
        find_root,
        idle_consumers,
        pairs,
        read_options,
        report_targets,
    )
    from contracts.check.provider import ProviderCheck, merged, narrowed, why_open
    from contracts.check.recording import refuse_unmet, scan_files, store, summary
    from contracts.check.several import each_of, with_aside
else:
    __getattr__ = names_from(
        __name__,
        {
            "deliveries": "Deliveries",
            "files": "Intake asked_of host_of judged",
            "exits": "CRASHED USAGE crash_sentence guarded",
            "hiding": "keyless_finding",
            "live": "POLL LiveCheck refuse_unused",
            "options": "CheckOptions LiveSettings base_urls choose_providers consumers_of current_day"
            " find_pyproject find_root idle_consumers pairs read_options report_targets",
            "provider": "ProviderCheck merged narrowed why_open",
            "recording": "refuse_unmet scan_files store summary",
            "several": "each_of with_aside",
        },
    )
