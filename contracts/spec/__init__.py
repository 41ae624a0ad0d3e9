"""Manifests, specs and operations: what a vendor published, and where it says so.

Names are looked up when they are asked for: comparing two files needs no manifest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.spec.aside import SetAside
    from contracts.spec.document import MAX_DEPTH, MAX_DOCUMENT, Document, as_utf8, read_document, too_deep
    from contracts.spec.incoming import callback_path, is_received, item_place, received, webhook_path
    from contracts.spec.keywords import (
        DATA,
        DECIDING_MAPS,
        EXTENDED,
        LISTS,
        MAPS,
        NAMED,
        OBJECTS,
        PARTS,
        PLACES,
        SAME_VALUE,
        SINGLE,
        VERBS,
        Role,
        Shape,
        holding,
        loud_methods,
        with_methods,
    )
    from contracts.spec.manifest import (
        METHODS,
        Manifest,
        Note,
        OperationEntry,
        Upstream,
        check_id,
        key_variable,
        read_manifest,
    )
    from contracts.spec.openapi import (
        HeaderSpec,
        Operation,
        Parameter,
        ResponseSpec,
        Spec,
        local,
        look,
        provenance_at,
        resolve,
    )
    from contracts.spec.operations import IGNORED_HEADERS, default_entries
    from contracts.spec.provider import (
        MANIFEST,
        Provider,
        bundled,
        folders,
        learn_keys,
        load,
        names,
        no_provider,
        read_spec,
        shown,
    )
    from contracts.spec.references import anchors_in, fragment, ids_in, joined, pointed, references_in
    from contracts.spec.routing import names_operation, unnamed
    from contracts.spec.servers import addresses, stated
    from contracts.spec.upgrade import converted, path_items, upgraded, version_of
    from contracts.spec.usable import Loaded, load_document, unusable
else:
    __getattr__ = names_from(
        __name__,
        {
            "aside": "SetAside",
            "document": "MAX_DEPTH MAX_DOCUMENT Document as_utf8 read_document too_deep",
            "keywords": (
                "DATA DECIDING_MAPS EXTENDED LISTS MAPS NAMED OBJECTS PARTS PLACES SAME_VALUE SINGLE "
                "VERBS Role Shape holding loud_methods with_methods"
            ),
            "manifest": "METHODS Manifest Note OperationEntry Upstream check_id key_variable read_manifest",
            "openapi": "HeaderSpec Operation Parameter ResponseSpec Spec local look provenance_at resolve",
            "operations": "IGNORED_HEADERS default_entries",
            "provider": "MANIFEST Provider bundled folders learn_keys load names no_provider read_spec shown",
            "incoming": "callback_path is_received item_place received webhook_path",
            "routing": "names_operation unnamed",
            "references": "anchors_in fragment ids_in joined pointed references_in",
            "servers": "addresses stated",
            "upgrade": "converted path_items upgraded version_of",
            "usable": "Loaded load_document unusable",
        },
    )
