"""From a vendor's page or document to an OpenAPI 3.1 spec: one extractor per documentation platform."""

from contracts.vendoring.dump import dump
from contracts.vendoring.page import Extraction, Unread
from contracts.vendoring.platforms import PLATFORMS, extract

__all__ = ["PLATFORMS", "Extraction", "Unread", "dump", "extract"]
