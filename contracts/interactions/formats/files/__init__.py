"""What recordings lie in: files, folders, archives, object stores, and the packing around their bytes.

Here belongs how bytes are found and opened, and values taken from a stream; no format of recordings.
"""

from contracts.interactions.formats.files.packed import LIBRARIES, first_of, unpacked
from contracts.interactions.formats.files.piece import Piece
from contracts.interactions.formats.files.remote import Remote, is_url
from contracts.interactions.formats.files.source import Opened, Place, files_in, opened, places_in
from contracts.interactions.formats.files.stream import (
    BROKEN,
    MAX_ELEMENT,
    Values,
    elements,
    inside,
    unreadable,
)
