"""Stainless pages of one SDK language, put into the words of the HTTP dialect.  (filled in below)"""

from __future__ import annotations

from contracts.vendoring.bullets import Bullet


def neutral(roots: list[Bullet]) -> list[Bullet]:
    """Give the bullets in the HTTP dialect."""
    return roots
