"""Recorded and live HTTP interactions: reading, redacting, writing, and the polite live client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.interactions.adapt import interaction_of
    from contracts.interactions.documentation import documented, example_url, places
    from contracts.interactions.formats import (
        OnProblem,
        Opened,
        Piece,
        Places,
        Remote,
        compact,
        dump,
        facts_of,
        files_in,
        format_of,
        is_log,
        is_traffic,
        is_url,
        load_cassette,
        opened,
        places_in,
        raw_lines,
        read_cassette,
        read_line,
        read_opened,
        read_recording,
        read_recordings,
        read_row,
        stored,
        table_of,
        unpacked,
        when,
    )
    from contracts.interactions.log import log_line
    from contracts.interactions.redaction import (
        Cleaner,
        Faults,
        Known,
        Leak,
        Tokens,
        allowance_of,
        carried,
        holds,
        leaks,
        leaks_of_log,
        published,
    )
    from contracts.interactions.store import Judge, Kept, Store
else:
    __getattr__ = names_from(
        __name__,
        {
            "adapt": "interaction_of",
            "documentation": "documented example_url places",
            "formats": "OnProblem Opened Piece Places Remote compact dump facts_of files_in format_of is_log"
            " is_traffic is_url load_cassette opened places_in raw_lines read_cassette read_line read_opened"
            " read_recording read_recordings read_row stored table_of unpacked when",
            "log": "log_line",
            "redaction": "Cleaner Faults Known Leak Tokens allowance_of carried holds leaks leaks_of_log"
            " published",
            "store": "Judge Kept Store",
        },
    )
