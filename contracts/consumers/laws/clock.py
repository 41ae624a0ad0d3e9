"""Another clock for a consumer: its own modules see the names `time`, `datetime` and `date` years ahead.

Nothing that others share is patched. While the consumer runs, the names by which its package has imported the
clock stand for clocks that run ahead. Not moved is a clock that a library reads, nor one that was bound when
the package was imported (`default_factory=datetime.now`, a default argument): those run on, and mostly show
when the consumer is called again.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import ModuleType
from typing import Any, Final

from contracts.consumers.consumer import Consumer

AHEAD: Final = 20 * 365.25 * 86400.0
"""Seconds by which the other clock is ahead: 20 years."""
_OURS: Final = "contracts.consumers"

Names = tuple[tuple[dict[str, Any], str, Any], ...]
"""Where a clock is named: the globals of a module, the name, and what it stands for."""


def clocks(consumer: Consumer) -> Names:
    """Find the names by which a consumer's package knows the clock; () when it has none."""
    functions = (consumer.function, consumer.view)
    roots = {_module(one).partition(".")[0] for one in functions if one is not None}
    return _names(frozenset(roots - {""}), len(sys.modules))


@lru_cache(maxsize=8)
def _names(roots: frozenset[str], _: int) -> Names:
    """Look through the modules of packages, anew when modules have come in."""
    modules = [one for name, one in sorted(sys.modules.items()) if name.partition(".")[0] in roots]
    return tuple(
        (vars(module), name, value)
        for module in modules
        if isinstance(module, ModuleType) and not module.__name__.startswith(_OURS)
        for name, value in sorted(vars(module).items())
        if _is_clock(value)
    )


def _module(function: Any) -> str:
    """Name the module of a function, of the class of a bound method, or of a callable object."""
    owner = getattr(function, "__self__", None)
    for one in (owner, function, type(function)):
        name = getattr(one, "__module__", None)
        if isinstance(name, str) and name != "builtins":
            return name
    return ""


@contextmanager
def ahead(names: Names, seconds: float = AHEAD) -> Iterator[None]:
    """Let the names stand for clocks that run ahead for a while."""
    moved = _moved(seconds)
    try:
        for space, name, value in names:
            space[name] = moved[id(value)]
        yield
    finally:
        for space, name, value in names:
            space[name] = value


def _is_clock(value: Any) -> bool:
    return id(value) in _CLOCKS


_CLOCKS: Final = frozenset(map(id, (time, time.time, time.time_ns, dt, dt.datetime, dt.date)))


@lru_cache(maxsize=2)
def _moved(seconds: float) -> Mapping[int, Any]:
    """Give what stands in for each clock, by the id of the real one."""
    moment, day = _classes(dt.timedelta(seconds=seconds))
    functions = _functions(seconds)
    return {
        id(time): _module_like(time, functions),
        id(time.time): functions["time"],
        id(time.time_ns): functions["time_ns"],
        id(dt): _module_like(dt, {"datetime": moment, "date": day}),
        id(dt.datetime): moment,
        id(dt.date): day,
    }


def _module_like(module: ModuleType, other: Mapping[str, Any]) -> ModuleType:
    made = ModuleType(module.__name__)
    vars(made).update({**vars(module), **other})
    return made


def _functions(seconds: float) -> dict[str, Callable[..., Any]]:
    def now() -> float:
        return time.time() + seconds

    return {
        "time": now,
        "time_ns": lambda: time.time_ns() + int(seconds * 1e9),
        "gmtime": lambda secs=None: time.gmtime(now() if secs is None else secs),
        "localtime": lambda secs=None: time.localtime(now() if secs is None else secs),
        "ctime": lambda secs=None: time.ctime(now() if secs is None else secs),
        "asctime": lambda t=None: time.asctime(time.localtime(now()) if t is None else t),
        "strftime": lambda form, t=None: time.strftime(form, time.localtime(now()) if t is None else t),
    }


class _Seen(type):
    """Real moments and days are instances of the classes that stand in for theirs."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, cls.__mro__[1])

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other, cls.__mro__[1])


def _classes(by: dt.timedelta) -> tuple[type, type]:
    """Make the classes whose now and today are ahead; all else is that of the real ones."""

    class Moment(dt.datetime, metaclass=_Seen):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return dt.datetime.now(tz) + by

        @classmethod
        def utcnow(cls) -> Any:
            return dt.datetime.now(dt.UTC).replace(tzinfo=None) + by

        @classmethod
        def today(cls) -> Any:
            return cls.now()

    class Day(dt.date, metaclass=_Seen):
        @classmethod
        def today(cls) -> Any:
            return dt.date.today() + by  # noqa: DTZ011 -- what it stands in for

    return Moment, Day
