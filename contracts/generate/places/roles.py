"""What the names and words of a payload usually mean: how a thing stands, a count, a share, an error, a time.

Only for choosing what is generated first and together; nothing is ever judged by a name. The words are those
that the vendors' documents and common job APIs use.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Progress(StrEnum):
    """How a batch or one of its items stands."""

    DONE = "done"
    FLAWED = "flawed"
    FAILED = "failed"
    RUNNING = "running"
    OPEN = "open"

    @property
    def ended(self) -> bool:
        """Whether nothing more happens."""
        return self in (Progress.DONE, Progress.FLAWED, Progress.FAILED)


class Role(StrEnum):
    """What a property says beside a state."""

    STATE = "state"
    COUNT = "count"
    SHARE = "share"
    ERROR = "error"
    TIME = "time"
    NONE = "none"


_STANDS: Final = (
    (Progress.FLAWED, r"partial|with.?(error|failure|warning|issue)s?"),
    (Progress.FAILED, r"fail|error|cancel|expire|reject|abort|time.?d?.?out|invalid"),
    (Progress.RUNNING, r"running|processing|progress|active|start|working|upload"),
    (Progress.OPEN, r"pend|queue|wait|\bnew\b|created|sched|submit|idle|remain|throttl"),
    (Progress.DONE, r"complet|succe|done|finish|ready|deliver"),
)
_PATTERNS: Final = tuple((stand, re.compile(text, re.IGNORECASE)) for stand, text in _STANDS)

FALLBACKS: Final = {
    Progress.DONE: (Progress.DONE,),
    Progress.FLAWED: (Progress.FLAWED, Progress.DONE),
    Progress.FAILED: (Progress.FAILED,),
    Progress.RUNNING: (Progress.RUNNING, Progress.OPEN),
    Progress.OPEN: (Progress.OPEN, Progress.RUNNING),
}
"""Which words may tell a stand, the best first: not every vendor has a word for each."""


@lru_cache(maxsize=4096)
def stand(word: str) -> Progress | None:
    """Read a word or name; None when it says nothing."""
    return next((found for found, pattern in _PATTERNS if pattern.search(word)), None)


_SHARE: Final = re.compile(r"percent|progress|ratio|share|fraction", re.IGNORECASE)
_NO_COUNT: Final = re.compile(
    r"version|rate|time|code|http|attempt|retr|max|limit|ttl|cache|concurren|second|_ms$|size|price|cost",
    re.IGNORECASE,
)
_TOTAL: Final = re.compile(r"total|^all|overall|count|number|^num", re.IGNORECASE)
_ERROR: Final = re.compile(r"error|failure|reason|exception|problem|fault", re.IGNORECASE)


@lru_cache(maxsize=1024)
def number_role(name: str) -> Role:
    """Say what a number of this name is."""
    if _SHARE.search(name):
        return Role.SHARE
    return Role.COUNT if not _NO_COUNT.search(name) and (stand(name) or _TOTAL.search(name)) else Role.NONE


def tells_error(name: str) -> bool:
    """Whether a property of this name is filled when something went wrong."""
    return _ERROR.search(name) is not None and not _TOTAL.search(name)


_RESULT: Final = re.compile(r"result|output|download|job_?ref", re.IGNORECASE)
_SHARED: Final = re.compile(r"batch|project|parent|account|owner", re.IGNORECASE)


_PATH: Final = re.compile(r"file_?(name|path)|path$|files$|document", re.IGNORECASE)


def is_path(name: str) -> bool:
    """Whether a property of this name holds the name of a file."""
    return _PATH.search(name) is not None


def tells_result(name: str) -> bool:
    """Whether a property of this name points at what an item has produced."""
    return _RESULT.search(name) is not None


def is_own(name: str) -> bool:
    """Whether an id of this name is an item's own, not one that the items of a batch share."""
    return _SHARED.search(name) is None


_MOMENTS: Final = (
    (6, re.compile(r"estimat|expect|expir|\beta\b|due", re.IGNORECASE)),
    (0, re.compile(r"creat|submit|queue|accept", re.IGNORECASE)),
    (1, re.compile(r"start|begin|began", re.IGNORECASE)),
    (5, re.compile(r"complet|finish|end|done|deliver|fail|cancel", re.IGNORECASE)),
    (3, re.compile(r"updat|modif|change|last", re.IGNORECASE)),
)


@lru_cache(maxsize=1024)
def moment(name: str) -> int:
    """Rank a time by its name, from creation (0) over start, change and end (5) to an estimate (6)."""
    return next((rank for rank, pattern in _MOMENTS if pattern.search(name)), 2)


END: Final = 5
"""The rank of a time that is only known when all is over."""
