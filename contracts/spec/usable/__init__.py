"""From what a vendor published to a document in which everything is usable, and the list of what was not.

Here belongs what decides whether a part can be used, and what follows for its neighbours when it cannot.
"""

from __future__ import annotations

from contracts.spec.usable.guard import Loaded, load_document
from contracts.spec.usable.words import unusable

__all__ = ["Loaded", "load_document", "unusable"]
