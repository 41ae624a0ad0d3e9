"""JSON Schema without HTTP: two engines, formats, patterns, walks over schemas, wording of faults.

Here belongs what asks a schema about a value. What knows requests, responses or vendors does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.schema.cycles import refuse_circles
    from contracts.schema.direction import HIDDEN, demanded
    from contracts.schema.discriminator import contradicts, mapping, subtype
    from contracts.schema.effort import bearable
    from contracts.schema.engine import compile_schema, crowded
    from contracts.schema.faults import KEYWORDS, Engine, SchemaFault, keyword_of
    from contracts.schema.formats import FORMATS, NUMBER_FORMATS, PLAIN, SILENT, is_date_time, number_fits
    from contracts.schema.reference import deep, reference_parts, spelled_out
    from contracts.schema.strict_twin import StrictSchema, is_open
    from contracts.schema.subschemas import children, reachable
    from contracts.schema.unions import descend
    from contracts.schema.walk import Visit, Walker, hidden, item_places, property_places, undescribed
    from contracts.schema.wording import Message, describe, fits_several
else:
    __getattr__ = names_from(
        __name__,
        {
            "cycles": "refuse_circles",
            "direction": "HIDDEN demanded",
            "discriminator": "contradicts mapping subtype",
            "effort": "bearable",
            "engine": "compile_schema crowded",
            "faults": "KEYWORDS Engine SchemaFault keyword_of",
            "formats": "FORMATS NUMBER_FORMATS PLAIN SILENT is_date_time number_fits",
            "reference": "deep reference_parts spelled_out",
            "strict_twin": "StrictSchema is_open",
            "subschemas": "children reachable",
            "unions": "descend",
            "walk": "Visit Walker hidden item_places property_places undescribed",
            "wording": "Message describe fits_several",
        },
    )
