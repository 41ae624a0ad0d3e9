"""Two OpenAPI documents compared: operations, messages, media types, dates, and what a change reaches.

Here belongs what knows operations. What compares two schemas is in `schemas`.
"""

from contracts.drift.documents.api import Api, Element
from contracts.drift.documents.calendar import Due, calendar_of, dated
from contracts.drift.documents.met import ReachedChange
from contracts.drift.documents.reach import Reach
from contracts.drift.documents.spots import Located, Location, Root
from contracts.drift.documents.transitions import moved_properties
from contracts.drift.documents.walk import changes_between
