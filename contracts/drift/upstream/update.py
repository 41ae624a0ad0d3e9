"""Taking a vendor's newer document in: the document, the spec made of it, the manifest, the history.

Nothing is written here; the door writes the files, all or none. The overlay is kept: an action of it that no
longer applies to the new document is an error that names its line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from contracts.drift.report import add, entry
from contracts.drift.upstream.compare import Compared
from contracts.errors import ConfigError, SpecError
from contracts.spec import Document, Manifest, read_spec
from contracts.vendoring import compose_folder, dump, refuse_keys, taken_again


@dataclass(frozen=True, slots=True)
class Updated:
    """The files of a provider's folder after the update, by relative name."""

    files: Mapping[str, bytes]


def update_upstream(
    manifest: Manifest,
    texts: Mapping[str, bytes],
    compared: Compared,
    newer: bytes,
    *,
    today: str,
    overlays: tuple[Document, ...] = (),
    parts: Mapping[str, Mapping[str, bytes]] = MappingProxyType({}),
) -> Updated:
    """Give the new files of a provider's folder.

    `texts` are its files as they are: `provider.toml`, every upstream document, `HISTORY.md` if there is one.
    `parts` are the other files of each document, by its file; of the newer one those that it has now.
    SpecError when the newer document is not understood, lacks a vendored operation, or an overlay's action no
    longer applies.
    """
    if compared.unread:
        raise SpecError(f"{compared.unread}; nothing was taken in")
    refuse_keys({compared.upstream.file: newer})
    one = compared.upstream
    digest = hashlib.sha256(newer).hexdigest()
    sources = [(u, newer if u.file == one.file else texts[u.file]) for u in manifest.upstream]
    spec = dump(compose_folder(sources, parts=parts).document)
    changed = tuple(
        replace(u, sha256=digest, retrieved=today) if u.file == one.file else u for u in manifest.upstream
    )
    _holds(replace(manifest, upstream=changed), spec, overlays)
    dates = f"retrieved {one.retrieved or 'unknown'} → {today}"
    head = f"{one.file} · sha256 {one.sha256[:12]} → {digest[:12]} · {dates}"
    history = add(
        texts.get("HISTORY.md", b"").decode("utf-8"), manifest.title, entry(compared.findings, today, head)
    )
    held = parts.get(one.file, {})
    toml = taken_again(texts["provider.toml"].decode("utf-8"), one, digest, today, parts=held)
    folder = one.file.rpartition("/")[0]
    return Updated(
        {
            **{f"{folder}/{name}": data for name, data in held.items()},
            one.file: newer,
            "openapi.yaml": spec,
            "provider.toml": toml.encode(),
            "HISTORY.md": history.encode(),
        }
    )


def _holds(manifest: Manifest, spec: bytes, overlays: tuple[Document, ...]) -> None:
    """Check that the new spec has every operation and takes every overlay."""
    from contracts.spec import read_document

    try:
        read_spec(read_document("openapi.yaml", spec), manifest, list(overlays))
    except ConfigError as error:
        raise SpecError(f"{manifest.id}: {error}; nothing was taken in") from None
