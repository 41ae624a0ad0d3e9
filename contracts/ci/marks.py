"""Hidden marks, by which a later run finds what an earlier one wrote."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from contracts.model import Finding

CLEAN: Final = "clean"
"""The digest of what was closed because nothing is left to say."""

_MARK: Final = re.compile(r"<!-- pytest-contracts ([a-z]+) ([\w.-]*) digest=([0-9a-z]*) -->")


def mark(kind: str, name: str, digest: str) -> str:
    """Write the hidden first line of a comment, issue or pull request."""
    return f"<!-- pytest-contracts {kind} {name} digest={digest} -->"


def digest_of(body: object, kind: str, name: str) -> str | None:
    """Read the digest when the text begins with our mark of this kind and name, else None."""
    found = _MARK.match(body) if isinstance(body, str) else None
    return found[3] if found and (found[1], found[2]) == (kind, name) else None


def digest(findings: Iterable[Finding]) -> str:
    """Sum up what is said, without wording, values or order: a reworded report is the same report."""
    said = sorted({f"{one.fingerprint} {one.severity} {bool(one.waived)}" for one in findings})
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:20] if said else CLEAN
