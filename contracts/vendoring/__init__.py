"""From a vendor's page or document to an OpenAPI 3.1 spec: one extractor per documentation platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.vendoring.bundling import bundled_document, part_files
    from contracts.vendoring.checking import compose_folder, vendor_check
    from contracts.vendoring.compose import Composed, Difference, Source, compose_sources, read_source
    from contracts.vendoring.documents import OPENAPI, SCHEMA, kind_of
    from contracts.vendoring.fetching import download, is_address, parts_at
    from contracts.vendoring.folder import (
        Added,
        page_to_yaml,
        refuse_keys,
        vendor_add,
    )
    from contracts.vendoring.given import Wanted, parts_beside, traffic_in
    from contracts.vendoring.manifest import taken_again
    from contracts.vendoring.observed import (
        OBSERVED,
        UNDATED,
        Collector,
        add_observed,
        few,
        hosted_name,
        merged,
        named,
        presence,
        read_observed,
        smallest,
        token,
        totals,
        write,
    )
    from contracts.vendoring.owned import (
        vendor_accept,
        vendor_alias,
        vendor_contents,
        vendor_remove,
        vendor_rename,
    )
    from contracts.vendoring.pages import Extraction, Unread
    from contracts.vendoring.platforms import PLATFORMS, extract
    from contracts.vendoring.yaml import dump
else:
    __getattr__ = names_from(
        __name__,
        {
            "checking": "compose_folder vendor_check",
            "compose": "Composed Difference Source compose_sources read_source",
            "documents": "OPENAPI SCHEMA kind_of",
            "fetching": "download is_address parts_at",
            "folder": "Added page_to_yaml refuse_keys vendor_add",
            "bundling": "bundled_document part_files",
            "given": "Wanted parts_beside traffic_in",
            "manifest": "taken_again",
            "observed": (
                "OBSERVED UNDATED Collector add_observed few hosted_name merged named presence read_observed"
                " smallest token totals write"
            ),
            "owned": "vendor_accept vendor_alias vendor_contents vendor_remove vendor_rename",
            "pages": "Extraction Unread",
            "platforms": "PLATFORMS extract",
            "yaml": "dump",
        },
    )
