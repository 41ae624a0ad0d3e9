"""Other libraries that answer in place of a network, told to leave the addresses of the stand-ins alone.

responses, aioresponses and pytest-httpx patch their clients above the place where a stand-in answers, and
refuse what was not registered with them. Each has a setting for what it lets pass; while stand-ins are there,
it holds their addresses besides what the test set.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

LOCAL: Final = ("http://127.0.0.1:", "http://localhost:")


class _Setting(NamedTuple):
    """Where a library keeps what it lets pass, and what that is with our addresses: `(held, starts)`."""

    module: str
    kind: str
    name: str
    more: Callable[[Any, tuple[str, ...]], Any]


def _unless(held: Callable[[Any], bool], starts: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda request: not str(request.url).startswith(starts) and held(request)


_SETTINGS: Final = (
    _Setting("responses", "RequestsMock", "passthru_prefixes", lambda held, starts: (*held, *starts)),
    _Setting("aioresponses.core", "aioresponses", "_passthrough", lambda held, starts: [*held, *starts]),
    _Setting("pytest_httpx._options", "_HTTPXMockOptions", "should_mock", _unless),
)


@contextmanager
def spared(starts: Callable[[], tuple[str, ...]]) -> Iterator[None]:
    """Let addresses that begin so pass in every mock, those that exist already too, of loaded libraries."""
    found = [(getattr(sys.modules.get(one.module), one.kind, None), one) for one in _SETTINGS]
    put = [(kind, one) for kind, one in found if kind is not None and one.name not in vars(kind)]
    for kind, one in put:
        setattr(kind, one.name, _setting(one, starts))
    try:
        yield
    finally:
        for kind, one in put:
            delattr(kind, one.name)


def _setting(one: _Setting, starts: Callable[[], tuple[str, ...]]) -> property:
    """Make a property that stands before the value in the instance, which is what the test set."""

    def get(self: Any) -> Any:
        return one.more(vars(self)[one.name], (*starts(), *LOCAL))

    def put(self: Any, value: Any) -> None:
        own = (*starts(), *LOCAL)
        kept = [item for item in value if item not in own] if isinstance(value, tuple | list) else value
        vars(self)[one.name] = type(value)(kept) if isinstance(value, tuple | list) else value

    return property(get, put)


@contextmanager
def swapped(owner: Any, name: str, made: Callable[[Any], Any]) -> Iterator[None]:
    """Put something in the place of an attribute, and back unless another library put its own there since."""
    before = getattr(owner, name)
    own = made(before)
    setattr(owner, name, own)
    try:
        yield
    finally:
        if getattr(owner, name) is own:
            setattr(owner, name, before)
