"""The vendor folders of a project, taken away or given another name: at once, or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from contracts.atomic import exchange, remove_folder, write_whole
from contracts.errors import ConfigError, UnknownName
from contracts.spec import MANIFEST, check_id, read_manifest
from contracts.text import plural, safe_text
from contracts.vendoring.manifest import SPEC, called_otherwise


def vendor_remove(name: str, specs: Path) -> Path:
    """Remove the folder of a provider, with its recordings; ConfigError where the user has none."""
    target = _own(name, specs)
    try:
        with _beside(target) as temporary:
            os.rename(target, temporary / "before")  # noqa: PTH104 -- gone at once, whatever fails later
    except OSError as error:
        raise ConfigError(f"{name}: cannot be removed: {error.strerror}") from None
    return target


def vendor_contents(name: str, specs: Path) -> tuple[str, ...]:
    """Say what the folder of a provider holds: documents and recordings counted, other files by name."""
    target = _own(name, specs)
    counts = (
        plural(sum(path.is_file() for path in target.glob("upstream/**/*")), "document"),
        plural(sum(path.is_file() for path in target.glob("cassettes/**/*")), "recording"),
    )
    made = {MANIFEST, SPEC, ".gitattributes", "upstream", "cassettes"}
    rest = sorted(safe_text(path.name, 60) for path in target.iterdir() if path.name not in made)
    return (*(one for one in counts if not one.startswith("0 ")), *rest)


def vendor_rename(name: str, other: str, specs: Path) -> tuple[Path, dict[str, str]]:
    """Give the folder of a provider another name; gives it, and its variables' names after their old ones."""
    target, wanted = _own(name, specs), specs / check_id(other)
    keys = read_manifest(target / MANIFEST).key_variables
    if wanted.exists() or wanted.is_symlink():
        raise ConfigError(f"{other}: a folder of this name is in {specs.name}/ already; choose another name")
    try:
        with _beside(wanted) as temporary:
            made = temporary / "made"
            shutil.copytree(target, made, symlinks=True)
            variables = _call(made, name, other)
            os.rename(made, wanted)  # noqa: PTH104 -- as above; from here on there is a whole folder
            try:
                os.rename(target, temporary / "before")  # noqa: PTH104 -- as above
            except OSError:
                os.rename(wanted, made)  # noqa: PTH104 -- as above
                raise
    except OSError as error:
        raise ConfigError(f"{name}: cannot be renamed: {error.strerror}") from None
    now = read_manifest(wanted / MANIFEST).key_variables
    return wanted, {a: b for a, b in {**dict(zip(keys, now, strict=False)), **variables}.items() if a != b}


def vendor_alias(name: str, aliases: Mapping[str, str], specs: Path) -> tuple[Path, dict[str, str]]:
    """Call operations of a provider otherwise, in its manifest, waivers and recordings.

    Gives the folder and the new aliases by the old; ConfigError where a word means no operation, or several.
    """
    target = _own(name, specs)
    text, made = called_otherwise(
        _text(target / MANIFEST), read_manifest(target / MANIFEST).operations, aliases
    )
    try:
        with _beside(target) as temporary:
            whole = temporary / "made"
            shutil.copytree(target, whole, symlinks=True)
            _put(whole / MANIFEST, text)
            for before, now in made.items():
                _say(whole, name, before, now)
            exchange(whole, target, temporary / "before")
    except OSError as error:
        raise ConfigError(f"{name}: cannot be written: {error.strerror}") from None
    return target, made


def _say(folder: Path, name: str, before: str, now: str) -> None:
    """Put another alias into the waivers and the recordings of a folder."""
    place = rf"(?m)^(\s*place\s*=\s*[\"']{re.escape(name)}/){re.escape(before)}(?=/)"
    for path in folder.glob("waivers.toml"):
        _put(path, re.sub(place, rf"\g<1>{now}", _text(path)))
    home = folder / "cassettes" / now
    for path in [*(folder / "cassettes" / before).glob("*")]:
        home.mkdir(exist_ok=True)
        moved = path.rename(home / path.name)
        if moved.suffix == ".json":
            _put(moved, _text(moved).replace(f'"operation": "{before}"', f'"operation": "{now}"', 1))
    if (folder / "cassettes" / before).is_dir():
        (folder / "cassettes" / before).rmdir()


def vendor_accept(name: str, specs: Path) -> Path:
    """Let every fact of an observed or inferred spec weigh as a published one; gives the manifest.

    ConfigError where its facts weigh so already.
    """
    path = _own(name, specs) / MANIFEST
    read_manifest(path)
    text = path.read_text("utf-8")
    accepted = re.sub(r'(?m)^provenance\s*=\s*"(?:observed|inferred)"', 'provenance = "accepted"', text)
    if accepted == text:
        raise ConfigError(f"{name}: its facts weigh as published already; nothing was changed")
    write_whole(path, accepted.encode("utf-8"))
    return path


def _own(name: str, specs: Path) -> Path:
    target = specs / check_id(name)
    if not (target / MANIFEST).is_file() or target.is_symlink():
        known = sorted(path.parent.name for path in specs.glob(f"*/{MANIFEST}"))
        raise UnknownName("provider", name, known, f"your {specs.name}/")
    return target


def _call(folder: Path, name: str, other: str) -> dict[str, str]:
    """Put another name into the manifest, the waivers and the recordings of a folder; gives its variables."""
    before, after = (f"{re.sub(r'[^A-Z0-9]', '_', one.upper())}_" for one in (name, other))
    text = _text(folder / MANIFEST)
    word = rf"(?<=\"){re.escape(before)}([A-Z0-9_]+)(?=\")"
    variables = {before + rest: after + rest for rest in re.findall(word, text)}
    _put(folder / MANIFEST, re.sub(word, rf"{after}\g<1>", text))
    place = rf"(?m)^(\s*place\s*=\s*[\"']){re.escape(name)}(?=/)"
    for path in folder.glob("waivers.toml"):
        _put(path, re.sub(place, rf"\g<1>{other}", _text(path)))
    for path in folder.glob("cassettes/*/*.json"):
        _put(path, _text(path).replace(f'"provider": "{name}"', f'"provider": "{other}"', 1))
    return variables


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _put(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give a temporary folder beside another, and take it away whatever happens."""
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield temporary
    finally:
        remove_folder(temporary)
