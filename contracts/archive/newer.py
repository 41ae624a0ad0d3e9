"""A vendor as a newer document describes it, by the same operations and settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from contracts.errors import ConfigError
from contracts.spec import Manifest, Provider, load, read_document, read_spec


def with_document(name: str, root: Path, path: Path) -> Provider:
    """Give a provider with another document, read as the vendored one is but without its overlays.

    An operation of the manifest that the document has no more is left out; its answers then meet no
    operation. ConfigError and SpecError name the file.
    """
    provider = load(name, root)
    try:
        source = read_document(path.as_posix(), path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    return replace(provider, spec=read_spec(source, _known(provider.manifest, source.value), []))


def _known(manifest: Manifest, document: object) -> Manifest:
    paths = document.get("paths") if isinstance(document, dict) else None
    paths = paths if isinstance(paths, dict) else {}
    kept = tuple(
        one
        for one in manifest.operations
        if one.received or one.method.lower() in (paths.get(one.path) or {})
    )
    return replace(manifest, operations=kept)
