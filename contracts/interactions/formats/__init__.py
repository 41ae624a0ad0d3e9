"""Recordings as they lie in files: our cassettes, HAR, VCR, JSON lines, many more, and their encodings.

Here belongs one module for each family of formats; the table is in `read`. What is secret
in them is the matter of `redaction`.
"""

from contracts.interactions.formats.body import MAX_STORED, compact, stored
from contracts.interactions.formats.cassette import (
    Cassette,
    Redaction,
    dump,
    load_cassette,
    read_cassette,
    renamed,
)
from contracts.interactions.formats.entry import OnProblem, Places, when
from contracts.interactions.formats.files import (
    Opened,
    Piece,
    Remote,
    files_in,
    is_url,
    opened,
    places_in,
    unpacked,
)
from contracts.interactions.formats.jsonl import facts_of, raw_lines, table_of
from contracts.interactions.formats.read import (
    format_of,
    is_log,
    is_traffic,
    read_line,
    read_opened,
    read_recording,
    read_recordings,
    read_row,
)
