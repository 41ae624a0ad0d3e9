"""What every page has in common: its templates, and its style with the digest that lets it in."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@lru_cache(maxsize=1)
def pages() -> Environment:
    """Give the templates; what is put in is escaped, and a name that is not there is an error."""
    loader = PackageLoader("contracts.report", "page")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def part(name: str, **values: Any) -> list[str]:
    """Give the lines of a template."""
    return pages().get_template(name).render(**values).split("\n")


def style() -> tuple[Markup, Markup]:
    """Give the style sheet, and its digest for the content security policy."""
    text = files("contracts.report").joinpath("page", "page.css").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), Markup(f"sha256-{digest}")  # noqa: S704 -- our own file, never a vendor's text
