"""A reader of the user's compared with another version of itself, from the settings to the differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

from contracts.consumers.behaviour import approved as approvals
from contracts.consumers.behaviour import report
from contracts.consumers.behaviour.compare import Behaviour, Progress, compare
from contracts.consumers.behaviour.versions import Version, version, working_tree
from contracts.consumers.consumer import Consumer
from contracts.consumers.process import Reader, reader_of
from contracts.consumers.samples import Sample
from contracts.consumers.sources import Answers, met_by
from contracts.consumers.stress import Stumbled
from contracts.consumers.stress import run as running
from contracts.errors import ConfigError
from contracts.model import Json
from contracts.text import safe_text


@dataclass(frozen=True, slots=True)
class Compared:
    """A reader, what it was compared with, and what came of it.

    `approved` says of each difference whether the reader's approved behaviour has it. `why` says why
    nothing could be compared, or is "".
    """

    consumer: Consumer
    base: str
    found: Behaviour
    approved: tuple[bool, ...] = ()
    why: str = ""

    @property
    def alters(self) -> bool:
        """Whether some difference was not approved."""
        return not all(self.approved)

    @property
    def closing(self) -> str:
        """Say the sum in one sentence."""
        return report.closing(self.found, self.approved)

    def lines(self, paint: Callable[[str, str], str] = lambda _, text: text) -> Iterator[str]:
        """Yield the comparison for people, the sum last."""
        yield f"behaviour of {self.consumer.id}: the working tree against {self.base}"
        if self.why:
            yield f"  not compared  {self.why}"
            return
        yield from report.lines(self.found, self.approved, paint)
        yield self.closing

    def data(self) -> dict[str, Json]:
        """Give the comparison as one JSON document."""
        told = report.data(self.found, self.approved)
        return {"consumer": self.consumer.id, "base": self.base, "not_compared": self.why, **told}


def behaviours(
    base: str,
    root: Path,
    asked: Sequence[tuple[Consumer, Callable[[], Iterable[Sample]], Answers]],
    progress: Progress = lambda _, __: None,
) -> Iterator[Compared]:
    """Compare readers with a version of the project, each over its own payloads.

    ConfigError when there is no such version; a reader that one of them does not have is not compared.
    """
    if not asked:
        return
    with version(base, root) as other:
        for consumer, payloads, found in asked:
            yield _compared(consumer, payloads, found, root, other, progress)


def _compared(
    consumer: Consumer,
    payloads: Callable[[], Iterable[Sample]],
    found: Answers,
    root: Path,
    other: Version,
    progress: Progress,
) -> Compared:
    known = approvals.read(approvals.file_of(root, consumer))
    try:
        with _both(consumer, working_tree(root), other) as (head, base):
            result = compare(base, head, found, met_by(consumer, payloads()), progress)
    except ConfigError as error:
        return Compared(consumer, other.name, Behaviour((), 0), (), str(error))
    return Compared(
        consumer, other.name, result, tuple(approvals.covers(known, one) for one in result.differences)
    )


@contextmanager
def _both(consumer: Consumer, mine: Version, other: Version) -> Iterator[tuple[Reader, Reader]]:
    with reader_of(consumer, mine.path, mine.folder) as head:
        try:
            with reader_of(consumer, other.path, other.folder) as base:
                if base.file and base.file == head.file:
                    _same_file(base.file)
                yield head, base
        except ConfigError as error:
            raise ConfigError(f"{other.name}: {error}") from None


def _same_file(file: str) -> NoReturn:
    raise ConfigError(f"both versions are read from one file, {safe_text(file)}; is it installed?")


def against_approved(consumer: Consumer, root: Path) -> Compared | None:
    """Hold a consumer to its approved behaviour; None where nothing was approved."""
    known = approvals.read(approvals.file_of(root, consumer))
    if known is None:
        return None
    found = approvals.check(consumer, known)
    return Compared(consumer, "its approved behaviour", found, (False,) * len(found.differences))


def write_approved(consumer: Consumer, found: Answers, root: Path, compared: Compared | None) -> Path:
    """Write what a consumer does now as approved, the differences that were told among it."""
    path = approvals.file_of(root, consumer)
    known = approvals.read(path)
    differing = compared.found.differences if compared else ()
    also = [tuple((str(at), new) for at, new in one.cause) for one in differing if one.sample.body is None]
    also += [row.payload for row in known.rows] if known else []
    approvals.write(path, approvals.approve(consumer, found, also), consumer.id, found.name)
    return path


def is_approved(consumer: Consumer, root: Path) -> bool:
    """Whether there is an approved behaviour of a consumer."""
    return approvals.file_of(root, consumer).is_file()


def hold(consumer: Consumer, found: Answers, root: Path, base: str, explore: int) -> None:
    """Compare with another version; Stumbled tells what differs and is not approved."""
    asked = [(consumer, partial(running.samples, found, explore), found)]
    _raise(next(behaviours(base, root, asked)))


def hold_to_approved(consumer: Consumer, root: Path) -> None:
    """Hold a consumer to its approved behaviour; Stumbled tells what differs."""
    _raise(against_approved(consumer, root))


def _raise(one: Compared | None) -> None:
    if one and (one.alters or one.why):
        raise Stumbled("\n".join(one.lines()))
