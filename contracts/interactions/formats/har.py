"""HAR 1.2 files as interactions: what browsers, proxies, Polly.JS and test tools export.

Read as a stream, entry by entry, with tolerance: timings, cookies, pages, vendor fields are ignored. An entry
that cannot be used becomes a CassetteError with its number, or a listed problem; never a traceback.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contracts.errors import CassetteError
from contracts.interactions.formats.entry import Reading, Where, interaction, places
from contracts.interactions.formats.files import Opened, Values, elements, inside
from contracts.model import Interaction
from contracts.text import safe_text

ENTRY: Final = places(
    method="/request/method",
    url="/request/url",
    request_headers="/request/headers",
    request_body="/request/postData/text",
    status="/response/status",
    response_headers="/response/headers",
    body="/response/content/text",
    encoded="/response/content/encoding",
    size="/response/content/size",
    file="/response/content/_file",
    recorded_at="/startedDateTime",
    elapsed="/time",
)

_FIRST: Final = "startedDateTime|pageref|connection|request|_[A-Za-z]+"
"""The keys by which tools begin an entry."""


def read_har(file: Opened, reading: Reading) -> Iterator[Interaction]:
    """Yield the interactions of a HAR file in its order.

    A file that is no HAR, or is cut off, is a CassetteError after the entries before it; what is broken in
    one entry costs that entry. Credentials are still in the headers and URLs: nothing of this may be written
    before redaction.
    """
    with file.stream() as stream:
        values = Values(stream, file.name)
        if not inside(values, ("log", "entries")):
            raise CassetteError(f"{safe_text(file.name)}: not a HAR file: it has no list log.entries")
        for value, number, line in elements(values, reading.on_problem, _FIRST):
            try:
                yield interaction(value, ENTRY, Where(file, number, line))
            except CassetteError as problem:
                reading.on_problem(problem)
