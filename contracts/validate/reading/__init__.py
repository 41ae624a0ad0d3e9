"""What was sent as text or bytes, read as values: media types, forms, parameters, streams of records.

Here belongs how a text is read by its schema. Whether the value fits the schema does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.validate.reading.coerce import in_place, read_text, readings, says_something, types_of
    from contracts.validate.reading.form import MULTIPART, URLENCODED, read_form
    from contracts.validate.reading.media import choose, is_json, plain
    from contracts.validate.reading.parameters import Reader, sent, unknown_query
    from contracts.validate.reading.streams import is_stream, read_events, record_schema, records
else:
    __getattr__ = names_from(
        __name__,
        {
            "coerce": "in_place read_text readings says_something types_of",
            "form": "MULTIPART URLENCODED read_form",
            "media": "choose is_json plain",
            "parameters": "Reader sent unknown_query",
            "streams": "is_stream read_events record_schema records",
        },
    )
