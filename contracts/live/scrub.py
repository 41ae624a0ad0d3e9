"""An answer that echoes our key loses it before findings, reports, recordings or debuggers see the answer.

Only the key goes, in whatever spelling; a text stays a text, so that the answer is judged as it was.
"""

from __future__ import annotations

from collections.abc import Iterable

from contracts.interactions import Cleaner, Known, Tokens, compact, holds, stored
from contracts.model import Json, Response
from contracts.secret import Secret


def scrubbed(response: Response, keys: Iterable[Secret]) -> Response:
    """Give an answer without any piece of the keys; the same one when it holds none."""
    known = Known.of(keys)
    if not known.filled or not _echoes(response, known):
        return response
    cleaner = Cleaner(known, Tokens())
    headers = tuple(
        (cleaner.without_keys(name), cleaner.without_keys(value)) for name, value in response.headers
    )
    return Response(response.status, headers, _body(response.body, cleaner))


def _echoes(response: Response, known: Known) -> bool:
    body = response.body.strip(b" ")  # an answer that was too large is blank
    texts = (body.decode("latin-1"), *(f"{name}\n{value}" for name, value in response.headers))
    return any(holds(text, known) for text in texts)


def _body(body: bytes, cleaner: Cleaner) -> bytes:
    member = stored(body)
    if "json" in member:
        return compact(_tree(member["json"], cleaner))
    text = cleaner.without_keys(body.decode("utf-8", "replace"))
    return text.encode("utf-8")


def _tree(value: Json, cleaner: Cleaner) -> Json:
    if isinstance(value, str):
        return cleaner.without_keys(value)
    if isinstance(value, dict):
        return {cleaner.without_keys(key): _tree(item, cleaner) for key, item in value.items()}
    return [_tree(item, cleaner) for item in value] if isinstance(value, list) else value
