"""From a vendor's page or document to an OpenAPI 3.1 spec: one extractor per documentation platform."""

from contracts.vendoring.compose import Composed, Difference, Source, compose_sources
from contracts.vendoring.folder import Added, page_to_yaml, vendor_add, vendor_check
from contracts.vendoring.pages.page import Extraction, Unread
from contracts.vendoring.platforms.table import PLATFORMS, extract
from contracts.vendoring.yaml import dump

__all__ = [
    "PLATFORMS",
    "Added",
    "Composed",
    "Difference",
    "Extraction",
    "Source",
    "Unread",
    "compose_sources",
    "dump",
    "extract",
    "page_to_yaml",
    "vendor_add",
    "vendor_check",
]
