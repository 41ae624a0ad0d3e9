"""One provider checked from recordings, files or the live API: spec and interactions in, one Report out.

Here belongs what joins the rooms below for a door: options of a run, recordings, live runs. What knows
pytest, the command line or a code host does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.check.live import POLL, LiveCheck, LiveSettings, pairs
    from contracts.check.provider import CheckOptions, ProviderCheck, find_pyproject, merged, narrowed
    from contracts.check.recording import keys_of, scan_files, store, summary
else:
    __getattr__ = names_from(
        __name__,
        {
            "live": "POLL LiveCheck LiveSettings pairs",
            "provider": "CheckOptions ProviderCheck find_pyproject merged narrowed",
            "recording": "keys_of scan_files store summary",
        },
    )
