"""Where another version of the user's code is: a git revision, a folder, or a version of a package."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contracts.errors import ConfigError
from contracts.text import safe_text, show

MAIN: Final = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
"""What the branch that others build on may be called."""
_PINNED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[\w,-]+\])?==[A-Za-z0-9.!+_-]+")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the code under test: its name, the folder that stands for the project, and its path."""

    name: str
    folder: Path
    path: tuple[str, ...]


def working_tree(root: Path) -> Version:
    """Give the code as it is in the project."""
    return Version("the working tree", root, tuple(_path(root, root)))


@contextmanager
def version(base: str, root: Path, option: str = "--base") -> Iterator[Version]:
    """Give the version that `base` names; "" is the merge base with the main branch.

    A folder is taken as it is, `package==1.2` is installed beside the project, anything else is a git
    revision. ConfigError says of the `option` why there is no such version.
    """
    if base and Path(root, base).is_dir():
        folder = Path(root, base).resolve()
        yield Version(safe_text(base), folder, tuple(_path(root, folder)))
        return
    with tempfile.TemporaryDirectory(prefix="contracts-base-") as scratch:
        if option == "--base" and _PINNED.fullmatch(base):
            _install(base, Path(scratch))
            yield Version(base, root, (scratch, *_path(root, root)))
            return
        yield _checked_out(base, root, Path(scratch), option)


def _checked_out(base: str, root: Path, scratch: Path, option: str) -> Version:
    """Unpack the project as it was at a revision; no file of the repository is touched."""
    top = Path(_git(root, "rev-parse", "--show-toplevel", why="no git repository holds the project"))
    commit = _commit(base, root, option)
    data = _run(["git", "archive", "--format=tar", commit], top).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as packed:
        packed.extractall(scratch, filter="data")
    folder = scratch.resolve() / root.resolve().relative_to(top.resolve())
    if not folder.is_dir():
        raise ConfigError(f"{option} {safe_text(base)}: the project was not there yet")
    name = f"{safe_text(base)} ({commit[:7]})" if base else f"the merge base {commit[:7]}"
    return Version(name, folder, tuple(_path(root, folder)))


def _commit(base: str, root: Path, option: str) -> str:
    if base:
        if base.startswith("-"):
            raise ConfigError(f"{option} {show(base)} is no revision")
        other = ", nor a folder, nor package==version" if option == "--base" else " nor a folder"
        return _git(
            root,
            "rev-parse",
            "--verify",
            "--quiet",
            f"{base}^{{commit}}",
            why=f"{option} {show(base)} is neither a git revision{other}",
        )
    for branch in MAIN:
        found = _run(["git", "merge-base", "HEAD", branch], root)
        if found.returncode == 0:
            return found.stdout.decode().strip()
    raise ConfigError(f"no main branch ({', '.join(MAIN)}) to compare with; name a revision: --base REV")


def _git(root: Path, *args: str, why: str) -> str:
    found = _run(["git", *args], root)
    if found.returncode:
        raise ConfigError(why)
    return found.stdout.decode().strip()


def _install(pinned: str, target: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), pinned]
    done = _run(pip, target)
    if done.returncode:
        last = (done.stderr.decode(errors="replace").strip().splitlines() or ["pip failed"])[-1]
        raise ConfigError(f"--base {pinned} cannot be installed: {safe_text(last, 200)}")


def _run(words: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(words, cwd=folder, capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise ConfigError(f"--base needs {words[0]}, which is not installed") from None


def _path(root: Path, folder: Path) -> Sequence[str]:
    """Give this process's path for imports, with the folder in the project's place; it comes first."""
    here = root.resolve()
    inside = [Path(one).resolve() for one in sys.path if one and Path(one).resolve().is_relative_to(here)]
    kept = [one for one in inside if "site-packages" not in one.parts]
    moved = [str(folder / one.relative_to(here)) for one in kept]
    return list(dict.fromkeys((str(folder), str(folder / "src"), *moved)))
