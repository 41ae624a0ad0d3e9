"""A page as text: lines, HTML, fenced code, JSON samples, curl commands, inferred schemas.

Here belongs what pages of every platform share. What only one platform writes does not.
"""

from contracts.vendoring.pages.allowed import STATE_WORDS, unfused, words_at
from contracts.vendoring.pages.curl import (
    Curl,
    calls,
    command_at,
    curls,
    keys,
    origin,
    secret,
    server_of,
    stand_in,
    unlisted,
)
from contracts.vendoring.pages.facets import (
    NO,
    YES,
    Facets,
    Field,
    is_badge_or_type,
    made,
    read_facets,
    value_of,
)
from contracts.vendoring.pages.html import unfolded
from contracts.vendoring.pages.infer import Settings, inferred, kind_of, names_types, schema_in
from contracts.vendoring.pages.listing import Listing, nested, settled
from contracts.vendoring.pages.members import Members
from contracts.vendoring.pages.page import (
    Extraction,
    Fence,
    Page,
    Unread,
    fences_in,
    read_page,
    split_page,
    unread,
)
from contracts.vendoring.pages.reading import (
    JSON_TYPE,
    PROVENANCE,
    Answer,
    Key,
    Parameter,
    Reading,
    document,
    guess,
)
from contracts.vendoring.pages.samples import Sample, Unreadable, glued_bodies, read_json, samples_in, unglued
from contracts.vendoring.pages.shapes import any_of, json_type, kinds_of, merge, nullable, unique, with_null
from contracts.vendoring.pages.typewords import TYPE_WORDS
