"""`[tool.contracts.consumers]` of a pyproject.toml, and consumers named on the command line or by a marker.

[tool.contracts.consumers]
"myapp.matil:parse" = "matil"           # the short form: function = provider

[tool.contracts.consumers."myapp.nimble:read_batch"]
provider = "nimble"
operation = "getBatch"                  # default: the operation of that name, or the only one
refuses = ["myapp.errors:NotABatch"]    # exceptions by which it refuses; any other is a crash
takes = "json"                          # json, bytes or response
view = "myapp.nimble:view"              # its result as a mapping with id, state, items and so on
unknown = ["unknown"]                   # words that mean unknown in its answers
equations = {"/id" = "/id"}             # what its answer is made of, see contracts stress --equations
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from contracts.consumers.consumer import TAKES, Consumer, where
from contracts.consumers.equations import Equation, read_equations
from contracts.errors import ConfigError, NormalizationError, UnknownName
from contracts.providers import NORMALIZERS
from contracts.text import either, safe_text, show
from contracts.toml_table import Table, read_table

_KEYS: Final = ("equations", "operation", "provider", "refuses", "takes", "unknown", "view")
_LISTS: Final = ("refuses", "unknown")


def bundled(provider: str) -> tuple[Consumer, ...]:
    """Give our own normalizer of a provider as a consumer; () where there is none."""
    if provider not in NORMALIZERS:
        return ()
    function = NORMALIZERS[provider]
    return (
        Consumer(
            id=f"contracts.providers.{provider}:normalize",
            provider=provider,
            function=function,
            refuses=(NormalizationError,),
        ),
    )


def read_consumers(pyproject: Path | None, provider: str = "") -> tuple[Consumer, ...]:
    """Read the consumers that a project registers, all or those of a provider, in the file's order.

    Only theirs are imported. ConfigError names what is wrong.
    """
    table = _table(pyproject)
    wanted = {name: entry for name, entry in table.values.items() if provider in {"", _provider(entry)}}
    if wanted and pyproject is not None:
        make_importable(pyproject.parent)
    return tuple(_read(f"{table.where} {show(name)}", name, entry) for name, entry in wanted.items())


def make_importable(*folders: Path) -> None:
    """Let functions of projects be imported: from their folders, `src`, and pytest's `pythonpath`."""
    wanted = [place for folder in folders for place in (folder, *_pythonpath(folder), folder / "src")]
    new = dict.fromkeys(str(place) for place in wanted if place.is_dir())
    sys.path[:0] = [place for place in new if place not in sys.path]


def _pythonpath(folder: Path) -> Iterator[Path]:
    """Yield the folders of pytest's setting `pythonpath`, in either of its tables."""
    path = folder / "pyproject.toml"
    tool = read_table(path, path.name).values.get("tool") if path.is_file() else None
    pytest = tool.get("pytest") if isinstance(tool, Mapping) else None
    own = pytest if isinstance(pytest, Mapping) else {}
    older = own.get("ini_options")
    for table in (own, older if isinstance(older, Mapping) else {}):
        given = table.get("pythonpath", ())
        named = given.split() if isinstance(given, str) else given if isinstance(given, list) else ()
        yield from (folder / one for one in named if isinstance(one, str))


def check_consumers(pyproject: Path | None, providers: Collection[str]) -> dict[str, str]:
    """Give the provider of each consumer; refuses one that is not written as it must be, or of no provider.

    Nothing is imported: every door looks here, also one that runs no consumer.
    """
    table = _table(pyproject)
    found = {}
    for name, entry in table.values.items():
        place = f"{table.where} {show(name)}"
        found[name], _ = _options(place, entry)
        if found[name] not in providers:
            raise UnknownName("provider", safe_text(found[name], 60), sorted(providers), place)
    return found


def _table(pyproject: Path | None) -> Table:
    if pyproject is None or not pyproject.is_file():
        return Table({}, "")
    tool = read_table(pyproject, pyproject.name).table("tool")
    settings = Table(tool.values.get("contracts", {}), f"{pyproject.name}: [tool.contracts]")
    return settings.table("consumers")


def _provider(entry: Any) -> str:
    """Give whose answers an entry reads; one that does not say so is everybody's to complain about."""
    named = entry.get("provider", "") if isinstance(entry, Mapping) else entry
    return named if isinstance(named, str) else ""


def _read(place: str, name: str, entry: Any) -> Consumer:
    provider, options = _options(place, entry)
    return consumer_named(name, provider, **options, place=place)


def _options(place: str, entry: Any) -> tuple[str, dict[str, Any]]:
    """Read an entry: whose answers it reads, and the options by name."""
    if not isinstance(entry, str | Mapping):
        raise ConfigError(f"{place}: write a provider id or a table")
    table = Table({"provider": entry} if isinstance(entry, str) else entry, place)
    table.only(_KEYS)
    provider = table.text("provider")
    named = (key for key in table.values if key != "provider")
    return provider, {key: _option(table, key, provider) for key in named}


def _option(table: Table, key: str, provider: str) -> Any:
    if key == "equations":
        return read_equations(table.table(key), provider)
    return table.texts(key) if key in _LISTS else table.text(key)


def consumer_named(
    name: str,
    provider: str,
    *,
    operation: str = "",
    refuses: list[str] | tuple[str, ...] = (),
    takes: Any = "json",
    view: str = "",
    unknown: list[str] | tuple[str, ...] = ("unknown",),
    equations: tuple[Equation, ...] = (),
    place: str = "",
) -> Consumer:
    """Build a consumer from names; ConfigError says which of them names nothing.

    `name`, `view` and each of `refuses` are written `module:name`. A pydantic model, a dataclass-like model
    with `model_validate`, or an SDK's model can be named in place of a function.
    """
    if takes not in TAKES:
        raise ConfigError(f"{place or name}: takes is {show(takes)}; write {either(TAKES)}")
    return Consumer(
        id=name,
        provider=provider,
        function=_callable(name, place),
        operation=operation,
        refuses=tuple(_exception(one, place) for one in refuses),
        takes=takes,
        view=_callable(view, place) if view else None,
        unknown=tuple(unknown),
        equations=equations,
    )


def _callable(name: str, place: str) -> Any:
    found = named(name, place)
    found = getattr(found, "model_validate", found)
    start = f"{place}: {show(name)}" if place else show(name)
    if not callable(found):
        raise ConfigError(f"{start} cannot be called")
    if inspect.iscoroutinefunction(found) or inspect.isasyncgenfunction(found):
        raise ConfigError(f"{start} is async; name a function that runs it, with asyncio.run")
    try:
        inspect.signature(found).bind(None)
    except TypeError as error:
        raise ConfigError(
            f"{start} cannot be called with one payload: {safe_text(str(error), 100)}"
        ) from None
    except ValueError:
        return found  # written in C, and says nothing of its arguments
    return found


def _exception(name: str, place: str) -> type[Exception]:
    found = named(name if ":" in name else f"builtins:{name}", place)
    if isinstance(found, type) and issubclass(found, Exception):
        return found
    raise ConfigError(f"{place or safe_text(name)}: {show(name)} is not an exception")


def named(name: str, place: str = "") -> Any:
    """Import what `module:name` (or `module:Class.name`) names; ConfigError says which half names nothing."""
    start = f"{place}: " if place else ""
    module, _, path = name.partition(":")
    if not module or not path:
        raise ConfigError(f"{start}{show(name)} is not written module:name")
    try:
        found: Any = importlib.import_module(module)
    except (Exception, SystemExit) as error:  # noqa: BLE001 -- a module of the user's may raise anything
        raise ConfigError(f"{start}{show(name)} cannot be imported: {_why(error)}") from None
    for part in path.split("."):
        if not hasattr(found, part):
            raise ConfigError(
                f"{start}{show(name)}: {safe_text(module)} has no '{safe_text(part)}'{_near(part, found)}"
            )
        found = getattr(found, part)
    return found


def _why(error: BaseException) -> str:
    """Say why an import failed: what is missing, or which line of the module raised what."""
    if isinstance(error, ImportError):
        return safe_text(str(error), 120)
    if isinstance(error, SyntaxError):
        line = f"{Path(error.filename or '').name}:{error.lineno or 0}"
    else:
        line = str(where(error) or "")
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}{f' at {line}' if line else ''}: {safe_text(message, 120)}"


def _near(part: str, found: Any) -> str:
    near = get_close_matches(part, [name for name in dir(found) if not name.startswith("_")], 1)
    return f"; did you mean '{near[0]}'?" if near else ""


def marked(function: Any, name: str, provider: str, **options: Any) -> Consumer:
    """Turn a test function with the marker `contracts_consumer(provider, **options)` into a consumer.

    `options` are `refuses` (exception types), `takes`, `view` (a callable), `operation` and `unknown`.
    """
    allowed = sorted({*_KEYS} - {"provider"})
    for key in options:
        if key not in allowed:
            raise UnknownName("option of the marker", key, allowed, name)
    if options.get("takes", "json") not in TAKES:
        raise ConfigError(f"{name}: takes is {show(options['takes'])}; write {either(TAKES)}")
    if "refuses" in options:
        kinds = options["refuses"]
        options["refuses"] = tuple(kinds) if isinstance(kinds, (list, tuple)) else (kinds,)
    return Consumer(id=name, provider=provider, function=function, **options)
