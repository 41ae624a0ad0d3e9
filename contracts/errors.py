"""Exceptions: your mistake or the setup's; a vendor's fault is a Finding, never an exception.

The one exception to that is NormalizationError, because normalizers are called in production.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from importlib.util import find_spec

_MOST = 30


class ContractsError(Exception):
    """Something the user can mend: one sentence that says where and what to do."""


class ConfigError(ContractsError):
    """A setting, manifest, waiver or command line cannot be used as written."""


def need(package: str, extra: str, what: str) -> None:
    """Refuse what takes a package that an extra brings and that is not installed; ConfigError names it."""
    if find_spec(package) is None:
        raise ConfigError(f"{what}: pip install 'pytest-contracts[{extra}]'")


class UnknownName(ConfigError):
    """A name is not known; the message offers the nearest one and the list, five of a long one.

    `where` is the place that holds the name, `searched` says where it was looked for.
    """

    def __init__(
        self, kind: str, name: str, known: Iterable[str], where: str = "", searched: str = ""
    ) -> None:
        self.kind, self.name, self.known, self.where = kind, name, tuple(known), where
        self.searched = searched
        super().__init__(kind, name)

    def __str__(self) -> str:
        """Compose the sentence late, so that the fields stay comparable."""
        near = difflib.get_close_matches(self.name, self.known, n=1, cutoff=0.5)
        hint = f"; did you mean '{near[0]}'?" if near else "."
        start = f"{self.where}: " if self.where else ""
        end = f". Searched: {self.searched}" if self.searched else ""
        return f"{start}no {self.kind} {self.name[:60]!r}{hint}{self._list()}{end}"

    def _list(self) -> str:
        """Name all that are known, or the five nearest where there are many."""
        if len(self.known) <= _MOST:
            return f" Known: {', '.join(self.known)}" if self.known else ""
        near = difflib.get_close_matches(self.name, self.known, n=5, cutoff=0.0)
        return f" The nearest of {len(self.known)}: {', '.join(near)}"


class SpecError(ContractsError):
    """A vendored or upstream document cannot be read; the message names file and line."""


class PageError(SpecError):
    """A reference page cannot be turned into a spec; the message names the line."""


class AnswerUnread(PageError):
    """The successful answer stands on a reference page and could not be read; the message names the line."""


class CassetteError(ContractsError):
    """A recording cannot be read or may not be written; `url` is the entry's address, or "".

    `unnamed`: it would be read as an answer if the caller named the operation.
    """

    def __init__(self, message: str, url: str = "", *, unnamed: bool = False) -> None:
        self.url, self.unnamed = url, unnamed
        super().__init__(message)


class NoRecording(CassetteError):
    """A file is of no kind that is read as a recording; the message says what it seems to be."""


class GenerationError(ContractsError):
    """A schema holds something that the payload generator does not model; it is named."""


class NormalizationError(ContractsError):
    """A payload is not a batch; `pointer`, `expected` and `found` say where and why.

    `pointer` is RFC 6901 text, `expected` and `found` are safe short text.
    """

    def __init__(self, pointer: str, expected: str, found: str) -> None:
        self.pointer, self.expected, self.found = pointer, expected, found
        super().__init__(pointer, expected, found)

    def __str__(self) -> str:
        """Say where, what was expected and what was there, in one sentence."""
        return f"{self.pointer or '/'}: expected {self.expected}, found {self.found}"
