"""What a vendor changed between two documents, and what of it a caller can feel."""

from contracts.drift.judge import drift

__all__ = ["drift"]
