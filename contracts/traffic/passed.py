"""An answer that passed by, as plain values: what a client hands over and another process judges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias

from contracts.model import Headers, Interaction, Request, Response, Source

Fields: TypeAlias = Sequence[tuple[str | bytes, str | bytes]]


def as_text(fields: Fields) -> Headers:
    """Put fields of any library into pairs of text."""
    return tuple((_text(name), _text(value)) for name, value in fields)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


class Passed(NamedTuple):
    """One request with its answer; `vendor` is "" where the host decides, `at` in seconds since 1970.

    Fields are pairs of text or bytes, as the library has them: the caller pays for no conversion. `packed`
    says that the content encoding is still on the body. `missing` says why the body is not here; a large one
    comes in `pieces`, because joining them would hold up the caller.
    """

    vendor: str
    method: str
    url: str
    sent: Fields
    status: int
    headers: Fields
    body: bytes
    at: float
    packed: bool = False
    missing: str = ""
    pieces: tuple[bytes, ...] = ()

    @property
    def size(self) -> int:
        """Give the size of the body in bytes."""
        return len(self.body) + sum(map(len, self.pieces))

    @property
    def whole(self) -> bytes:
        """Give the body in one piece."""
        return b"".join(self.pieces) if self.pieces else self.body

    def interaction(self, body: bytes) -> Interaction:
        """Give it as an interaction with the body as it is without its encoding."""
        fields = tuple((k, v) for k, v in as_text(self.headers) if k.lower() != "content-encoding")
        stamp = datetime.fromtimestamp(self.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Interaction(
            request=Request(self.method, self.url, as_text(self.sent)),
            response=Response(self.status, fields, body),
            source=Source.RECORDED,
            name="passed",
            recorded_at=stamp,
        )


class Stream:
    """The pieces of a body as a caller reads them, kept up to a limit in bytes; handed over once."""

    def __init__(self, passed: Passed, limit: int, give: Callable[[Passed], None]) -> None:
        self._passed, self._limit, self._give = passed, limit, give
        self._pieces: list[bytes] | None = []
        self._size = 0

    def take(self, piece: bytes) -> None:
        """Keep a piece; beyond the limit nothing is kept any more."""
        self._size += len(piece)
        if self._pieces is not None and self._size <= self._limit:
            self._pieces.append(bytes(piece))
        else:
            self._pieces = None

    def end(self, *, whole: bool) -> None:
        """Hand over what was read; the second call does nothing."""
        give, self._give = self._give, _nothing
        if not whole:
            give(self._passed._replace(missing="the caller did not read the body to its end"))
        elif self._pieces is None:
            give(self._passed._replace(missing=too_large(self._size, self._limit)))
        else:
            give(self._passed._replace(pieces=tuple(self._pieces)))
        self._pieces = None


def _nothing(_: Passed) -> None:
    pass


def too_large(size: int, limit: int) -> str:
    """Say that a body is not judged for its size."""
    return f"a body of {size:,} bytes, over the limit of {limit:,}"
