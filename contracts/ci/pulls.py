"""A draft pull request that takes a vendor's new documents in: one branch a provider, replaced whole."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from contracts.ci.marks import digest_of, mark
from contracts.ci.rest import GitHub, HostError
from contracts.text import safe_text

_KIND: Final = "update"


def propose(
    host: GitHub, provider: str, files: Mapping[str, bytes | None], *, base: str, text: list[str]
) -> str:
    """Put files on the provider's branch and open a draft; None as content removes a file.

    Gives "opened", "updated", "unchanged", "left closed" (a person closed the same proposal) or
    "nothing to propose".
    """
    if not files:
        return "nothing to propose"
    sum_, branch = _digest(files), f"contracts/{provider}-documents"
    present = _find(host, provider, branch)
    if present and digest_of(present["body"], _KIND, provider) == sum_:
        return "unchanged" if present.get("state") == "open" else "left closed"
    _push(host, branch, base, files, f"{provider}: the vendor's newest documents")
    body = "\n".join((mark(_KIND, provider, sum_), *text))
    title = f"{safe_text(provider, 32)}: take in the vendor's newest documents"
    if present and present.get("state") == "open":
        host.send("PATCH", f"pulls/{int(present['number'])}", {"title": title, "body": body})
        return "updated"
    host.send("POST", "pulls", {"title": title, "body": body, "head": branch, "base": base, "draft": True})
    return "opened"


def _digest(files: Mapping[str, bytes | None]) -> str:
    sum_ = hashlib.sha256()
    for name in sorted(files):
        data = files[name]
        state = b"gone" if data is None else hashlib.sha256(data).digest()
        sum_.update(f"{name}\0".encode() + state)
    return sum_.hexdigest()[:20]


def _find(host: GitHub, provider: str, branch: str) -> dict[str, Any] | None:
    """Find our newest pull request of the branch, an open one before a closed one."""
    listed = host.every("pulls", state="all", head=f"{host.owner}:{branch}")
    ours = [
        one
        for one in listed
        if isinstance(one, dict) and digest_of(one.get("body"), _KIND, provider) is not None
    ]
    return min(ours, key=lambda one: (one.get("state") != "open", -int(one["number"])), default=None)


def _push(host: GitHub, branch: str, base: str, files: Mapping[str, bytes | None], message: str) -> None:
    """Commit on top of the base branch's head and point the branch there."""
    head = host.get(f"git/ref/heads/{base}")["object"]["sha"]
    tree = host.get(f"git/commits/{head}")["tree"]["sha"]
    entries = [_entry(host, name, files[name]) for name in sorted(files)]
    made = host.send("POST", "git/trees", {"base_tree": tree, "tree": entries})["sha"]
    commit = host.send("POST", "git/commits", {"message": message, "tree": made, "parents": [head]})["sha"]
    try:
        host.send("POST", "git/refs", {"ref": f"refs/heads/{branch}", "sha": commit})
    except HostError as error:
        if "422" not in str(error):
            raise
        host.send("PATCH", f"git/refs/heads/{branch}", {"sha": commit, "force": True})


def _entry(host: GitHub, name: str, data: bytes | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"path": name, "mode": "100644", "type": "blob"}
    if data is None:
        return {**entry, "sha": None}
    content = {"content": base64.b64encode(data).decode("ascii"), "encoding": "base64"}
    return {**entry, "sha": host.send("POST", "git/blobs", content)["sha"]}
