"""What the line that asks again may hold of an operation, by its spec and the manifest."""

from __future__ import annotations

from contracts.auth import WRONG_KEY
from contracts.model import Asking
from contracts.spec import Manifest, Operation

_PLUMBING = ("accept", "content-type")


def asking_of(manifest: Manifest, operation: Operation | None, asked: str = "") -> Asking:
    """Give the servers that get a key, the names whose values are shown, and the keys as curl takes them.

    Without an operation nothing is known of the request, and no value of it is shown. `asked` is the address
    of a live run where that is not the vendor's own.
    """
    own = "" if asked in manifest.servers else asked
    if operation is None:
        return Asking(servers=manifest.servers, asked=own, headers=_PLUMBING)
    keys = [carrier for carrier in operation.entry.auth if not carrier.scheme.refused]
    hidden = {carrier.name.lower() for carrier in keys} | {"authorization", "cookie"}
    declared = {
        place: [p.name.lower() for p in operation.parameters if p.location == place]
        for place in ("query", "header")
    }
    return Asking(
        servers=manifest.servers,
        asked=own,
        query=tuple(
            name
            for name in (*declared["query"], *map(str.lower, operation.entry.query))
            if name not in hidden
        ),
        headers=tuple(name for name in (*declared["header"], *_PLUMBING) if name not in hidden),
        keys=tuple(
            (*carrier.typed(f"${carrier.variables[0]}"), carrier.typed(WRONG_KEY.reveal())[1])
            for carrier in keys
        ),
    )
