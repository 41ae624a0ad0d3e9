"""Values without structure: domains of one type, numbers, strings by format and pattern.

Here belongs what knows no object and no list.
"""

from contracts.generate.leaves.domains import (
    TYPES,
    Array,
    Conjunction,
    Contains,
    Domain,
    Number,
    Object,
    Text,
    Values,
    exact,
    key_of,
    type_of,
)
from contracts.generate.leaves.malformed import BROKEN
from contracts.generate.leaves.matching import Pick, samples, turning
from contracts.generate.leaves.strings import TEXT, hint, numbers_for
from contracts.generate.leaves.texts import allows
