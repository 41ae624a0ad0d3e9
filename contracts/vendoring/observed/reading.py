"""Recordings of any kind into the summary that a spec is made of: two passes, the first one for the paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from contracts.address import read_address
from contracts.errors import ConfigError
from contracts.interactions import Opened, files_in, read_recordings
from contracts.model import Interaction, Json, Source
from contracts.text import plural, safe_text
from contracts.vendoring.observed.collect import Collector
from contracts.vendoring.observed.merge import merged
from contracts.vendoring.observed.paths import Paths
from contracts.vendoring.observed.words import few, telling


@dataclass(frozen=True, slots=True)
class Traffic:
    """What recordings showed: the summary, and what of them was not used, a sentence each."""

    summary: Json
    notices: tuple[str, ...] = field(default=())


def observe(
    files: Iterable[Path], servers: tuple[str, ...] = (), before: Json = None, *, alone: bool = False
) -> Traffic:
    """Sum the traffic in files and folders up, and add it to the summary of `before`.

    With `alone` nothing is added; `before` only says which paths are operations already. Of several servers
    the one with most JSON answers is taken, where `servers` names none. ConfigError when nothing in the files
    can be used.
    """
    paths, notices = list(files_in(files)), list[str]()
    chosen, others = _servers(paths, servers, notices)
    templates = Paths(tuple(_titles(before)))
    for one in _of(paths, chosen):
        templates.take(one)
    collector = Collector(templates.name, asked=True)
    hosts: Counter[str] = Counter()
    for one in _of(paths, chosen):
        collector.take(one)
        hosts[_origin(one)] += 1
    notices += _left(collector.passed, templates.left, others)
    if not collector.taken:
        raise ConfigError(f"no answer of {', '.join(chosen) or 'a server'} in the recordings can be used")
    summary = {**_kept(collector.summary()), "servers": dict(sorted(hosts.items()))}
    whole = merged([before, summary]) if before and not alone else summary
    return Traffic(whole, tuple(notices))


def _origin(one: Interaction) -> str:
    address = read_address(one.request.url)
    return f"{address.scheme}://{address.netloc}"


def _of(files: Iterable[Opened], chosen: tuple[str, ...]) -> Iterator[Interaction]:
    """Yield what was observed of the chosen servers; what could not be read was said before."""
    for one in read_recordings(files, on_problem=lambda _: None):
        if one.source in {Source.LIVE, Source.RECORDED} and _origin(one) in chosen:
            yield one


def _servers(
    files: Iterable[Opened], wanted: tuple[str, ...], notices: list[str]
) -> tuple[tuple[str, ...], list[tuple[str, int]]]:
    """Give the servers whose answers count, and the others with how often they were asked."""
    asked: Counter[str] = Counter()
    spoke_json: Counter[str] = Counter()
    documented = 0
    for one in read_recordings(files, on_problem=lambda problem: notices.append(str(problem))):
        if one.source not in {Source.LIVE, Source.RECORDED}:
            documented += 1
        elif read_address(one.request.url).host:
            asked[_origin(one)] += 1
            media = (one.response.header("content-type") or "") if one.response else ""
            spoke_json[_origin(one)] += "json" in media
    if documented:
        notices.append(f"{plural(documented, 'interaction')} left out: not observed, but made or documented")
    origins = tuple(f"{read_address(url).scheme}://{read_address(url).netloc}" for url in wanted)
    chosen = tuple(origin for origin in origins if origin in asked)
    if wanted and not chosen:
        raise ConfigError(f"none of the recordings is of {', '.join(origins)}; they hold {_some(asked)}")
    if not chosen and not asked:
        raise ConfigError("; ".join(["no answer in the recordings can be used", *notices[:3]]))
    chosen = chosen or (max(asked, key=lambda origin: (spoke_json[origin], asked[origin], origin)),)
    return chosen, [(origin, count) for origin, count in asked.most_common() if origin not in chosen]


def _some(asked: Counter[str]) -> str:
    return ", ".join(safe_text(origin, 80) for origin, _ in asked.most_common(5)) or "nothing"


def _left(passed: int, unread: int, others: list[tuple[str, int]]) -> Iterator[str]:
    if passed:
        yield (
            f"{plural(passed, 'interaction')} left out: not JSON, or of a path never answered with success"
        )
    if unread:
        yield f"{plural(unread, 'request')} left out: too many different paths"
    if others:
        named = ", ".join(f"{safe_text(origin, 80)} ({count})" for origin, count in others[:5])
        more = f" and {len(others) - 5} more" if len(others) > 5 else ""
        yield f"other servers left out: {named}{more}; take one with --server URL"


def _titles(before: Json) -> Iterator[str]:
    """Yield the operations of a summary that were answered with success."""
    for key in before["operations"] if before else ():
        title, _, status = key.rpartition(" ")
        if status.startswith("2"):
            yield title


def _kept(summary: Json) -> Json:
    """Keep words only where they are few over many, or stand under a name that promises words of an API."""
    return {
        **summary,
        **{part: _sifted(summary[part]) for part in ("operations", "requests") if part in summary},
    }


def _sifted(counted: Json) -> Json:
    return {
        name: {**one, "fields": {pointer: _field(pointer, seen) for pointer, seen in one["fields"].items()}}
        for name, one in counted.items()
    }


def _field(pointer: str, seen: Json) -> Json:
    return seen if few(seen["words"]) or telling(pointer) else {**seen, "words": {}}
