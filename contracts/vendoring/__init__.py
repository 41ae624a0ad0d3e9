"""From a vendor's page or document to an OpenAPI 3.1 spec: one extractor per documentation platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.vendoring.compose import Composed, Difference, Source, compose_sources, read_source
    from contracts.vendoring.documents import OPENAPI, kind_of
    from contracts.vendoring.folder import Added, compose_folder, page_to_yaml, vendor_add, vendor_check
    from contracts.vendoring.pages import Extraction, Unread
    from contracts.vendoring.platforms import PLATFORMS, extract
    from contracts.vendoring.yaml import dump
else:
    __getattr__ = names_from(
        __name__,
        {
            "compose": "Composed Difference Source compose_sources read_source",
            "documents": "OPENAPI kind_of",
            "folder": "Added compose_folder page_to_yaml vendor_add vendor_check",
            "pages": "Extraction Unread",
            "platforms": "PLATFORMS extract",
            "yaml": "dump",
        },
    )
