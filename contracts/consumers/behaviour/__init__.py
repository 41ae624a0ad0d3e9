"""A reader against other versions of itself: where their answers to the same payloads differ.

Here belongs what runs and compares versions, and what was approved of them. The payloads are those of
`stress`.
"""

from contracts.consumers.behaviour.run import (
    Compared,
    against_approved,
    behaviours,
    hold,
    hold_to_approved,
    is_approved,
    write_approved,
)
from contracts.consumers.behaviour.versions import version
