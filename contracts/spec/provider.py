"""Where providers live: the user's `specs/` over the bundled one; one `load` gives manifest and spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from contracts.errors import ConfigError, ContractsError, SpecError, UnknownName
from contracts.model import Json, Pointer, SourceLine
from contracts.secret import never_show
from contracts.spec.aside import SetAside
from contracts.spec.document import Document, read_document
from contracts.spec.manifest import Manifest, check_id, read_manifest
from contracts.spec.openapi import Spec
from contracts.spec.operations import default_entries, read_operations
from contracts.spec.overlay import apply_overlay
from contracts.spec.servers import addresses, stated
from contracts.spec.upgrade import converted
from contracts.spec.usable import load_document
from contracts.text import safe_text

MANIFEST = "provider.toml"


@dataclass(frozen=True, slots=True)
class Provider:
    """A vendor we hold a contract with; `folders` are the user's folder first, then the bundled one."""

    id: str
    manifest: Manifest
    spec: Spec
    folders: tuple[Path, ...]
    root: Path

    @property
    def home(self) -> Path:
        """The folder that the manifest was read from."""
        return next(folder for folder in self.folders if (folder / MANIFEST).is_file())

    def copies(self, name: str) -> Iterator[Path]:
        """Yield a file of every folder that has it, the bundled one first: what adds up instead of hiding."""
        yield from (folder / name for folder in reversed(self.folders) if (folder / name).is_file())

    def files(self, pattern: str) -> Iterator[Path]:
        """Yield the files of all folders that match, by relative name; the user's hides a bundled one."""
        found: dict[str, Path] = {}
        for folder in reversed(self.folders):
            found |= {
                path.relative_to(folder).as_posix(): path for path in folder.glob(pattern) if path.is_file()
            }
        yield from (found[name] for name in sorted(found))

    def shown(self, path: Path) -> str:
        """Give the name a reader knows a file by: relative to the root, else from `specs/` on."""
        return shown(path, self.root)

    @property
    def see_manifest(self) -> str:
        """Point to the manifest, to follow a text, where it is the user's file; "" for a bundled one."""
        path = self.home / MANIFEST
        return f"; see {shown(path, self.root)}" if path.is_relative_to(self.root) else ""


def shown(path: Path, root: Path) -> str:
    """Give a path relative to the root, or from its `specs` folder on; never an absolute one."""
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    parts = path.parts
    specs = next((n for n, part in enumerate(parts) if part in {"specs", "_specs"}), len(parts) - 1)
    return "/".join(("specs", *parts[specs + 1 :])) if specs < len(parts) - 1 else path.name


def bundled() -> Path:
    """Give the bundled specs: inside the wheel, or the top-level folder of a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_specs"
    return inside if inside.is_dir() else package.parent / "specs"


def folders(root: Path) -> tuple[Path, ...]:
    """Give the `specs` folders in order of precedence; a checkout's own counts once."""
    return tuple(dict.fromkeys(path.resolve() for path in (root / "specs", bundled()) if path.is_dir()))


def names(root: Path) -> tuple[str, ...]:
    """Give the ids of all providers, sorted."""
    found = {path.parent.name for folder in folders(root) for path in folder.glob(f"*/{MANIFEST}")}
    return tuple(sorted(found))


def learn_keys(root: Path) -> None:
    """Read every manifest that counts in a folder, so that no key of its variables is said from now on.

    A comparison of any two documents loads no provider. A manifest that cannot be read is left out.
    """
    for home in (folder / name for folder in folders(root) for name in names(root)):
        if (home / MANIFEST).is_file():
            with suppress(ContractsError):
                read_manifest(home / MANIFEST, shown(home / MANIFEST, root))


def no_provider(name: str, root: Path) -> UnknownName:
    """Give the error for a provider that is not there; it says which folders were searched."""
    own = safe_text(root.resolve().name, 60)
    there = (root / "specs").is_dir()
    searched = f"{own}/specs and" if there else f"{own}, which has no folder specs, and"
    return UnknownName("provider", name, names(root), searched=f"{searched} the vendors of this package")


def load(name: str, root: Path | None = None) -> Provider:
    """Load a provider by id: UnknownName offers the nearest, SpecError names file and line."""
    base = (root or Path.cwd()).resolve()
    known = names(base)
    if name not in known:
        raise no_provider(name, base)
    check_id(name)
    homes = tuple(folder / name for folder in folders(base) if (folder / name).is_dir())
    stamp = tuple((p, p.stat().st_mtime_ns) for home in homes for p in _parts(home))
    return _load(name, base, homes, stamp)


def _parts(home: Path) -> Iterator[Path]:
    yield from (
        path for path in (home / MANIFEST, home / "openapi.yaml", home / "overlay.yaml") if path.is_file()
    )


@lru_cache(maxsize=64)
def _load(name: str, root: Path, homes: tuple[Path, ...], stamp: tuple[tuple[Path, int], ...]) -> Provider:
    manifest, spec = _read(name, homes, tuple(shown(home, root) for home in homes), stamp)
    never_show(manifest.secret_variables)  # a run for another root may have read it
    return Provider(name, manifest, spec, homes, root)


@lru_cache(maxsize=64)
def _read(
    name: str, homes: tuple[Path, ...], said: tuple[str, ...], _: tuple[tuple[Path, int], ...]
) -> tuple[Manifest, Spec]:
    """Read the files of a provider, whose folders are called `said`: the same of any root that has them."""
    places = dict(zip(homes, said, strict=True))
    home = next((folder for folder in homes if (folder / MANIFEST).is_file()), None)
    if home is None:
        raise SpecError(f"{said[0]}: {MANIFEST} is no file")
    manifest = read_manifest(home / MANIFEST, f"{places[home]}/{MANIFEST}")
    own = next((folder for folder in homes if (folder / "openapi.yaml").is_file()), None)
    if own is None:
        raise SpecError(f"{places[home]}: no openapi.yaml; make it with: contracts vendor --add {name} FILE")
    source = _document(own / "openapi.yaml", places)
    layers = [each for each in homes[homes.index(own) :: -1] if (each / "overlay.yaml").is_file()]
    # an overlay below the document corrects another document: that of its own layer
    return manifest, read_spec(
        source, manifest, [_document(each / "overlay.yaml", places) for each in layers]
    )


def _document(path: Path, places: Mapping[Path, str]) -> Document:
    return read_document(f"{places[path.parent]}/{path.name}", path.read_bytes())


def read_spec(source: Document, manifest: Manifest, overlays: list[Document]) -> Spec:
    """Build a Spec from a decoded document: version, overlays, operations; SpecError names the file."""
    document = as_31(source)
    lines: dict[str, SourceLine] = {}
    for overlay in overlays:
        document = apply_overlay(document, overlay, lines)
    loaded = load_document(document)
    noted = [SetAside(Pointer.parse(at), why, lost=False) for at, why in source.notes]
    noted += [SetAside(Pointer(), one, lost=False) for overlay in overlays for one in overlay.told]
    document, aside = loaded.document, (*noted, *loaded.aside)
    entries = manifest.operations or tuple(
        entry if entry.received else replace(entry, auth=manifest.auth) for entry in default_entries(document)
    )
    if not entries:
        raise ConfigError(f"{source.name}: no operation in it")
    operations = read_operations(document, entries, source.name, aside)
    return Spec(document, source, manifest.provenance, operations, servers(document, manifest), lines, aside)


def as_31(source: Document) -> Json:
    """Give the document as OpenAPI 3.1; SpecError when it is something else."""
    try:
        return converted(source.value)
    except SpecError as error:
        raise SpecError(f"{source.name}:1: {error}") from None


def servers(document: Json, manifest: Manifest) -> tuple[str, ...]:
    """Give the server addresses: the manifest's, then those of the document, variables filled in."""
    found = (address for server in stated(document) for address in addresses(server))
    return tuple(dict.fromkeys((*manifest.servers, *found)))
