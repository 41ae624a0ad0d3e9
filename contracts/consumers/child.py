"""The process in which one version of a reader answers: a line of JSON in, a line of JSON out.

It runs as a script, with the folder of its version first on its path, so that two versions of one module
never meet. What the reader prints goes nowhere: the answers have a channel of their own. Where it can, it
only imports the reader, and answers in a fork of itself: on `again` that ends, and the next has met nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import IO, Any

AGAIN = 75
"""The exit code of a fork that is to be followed by another one."""
LONGEST = 100_000
"""Characters of a text in an answer beyond which its length and digest stand for the rest."""


def main() -> None:
    """Build the reader that the first line names, then answer one payload a line."""
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    setup = json.loads(sys.stdin.readline())
    sys.path[:0] = setup.pop("path")
    here = str(Path(__file__).parent)
    sys.path[:] = [one for one in sys.path if os.path.realpath(one or ".") != here]
    try:
        from contracts.consumers.registry import consumer_named

        consumer = consumer_named(**setup)
    except Exception as error:  # noqa: BLE001 -- the parent says it
        _write(out, {"absent": str(error)})
        return
    module = sys.modules.get(setup["name"].partition(":")[0])
    forks = hasattr(os, "fork") and threading.active_count() == 1  # a fork has none of the other threads
    ready = {"absent": "", "file": getattr(module, "__file__", ""), "forks": forks}
    if not forks:
        _serve(consumer, ready, out)
        return
    while (worker := os.fork()) and os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == AGAIN:
        continue
    if not worker:
        os._exit(_serve(consumer, ready, out))


def _serve(consumer: Any, ready: dict[str, Any], out: IO[str]) -> int:
    """Answer line by line until the input ends; AGAIN when a process is asked for that has met nothing."""
    _write(out, ready)
    for line in sys.stdin:
        asked = json.loads(line)
        if "again" in asked:
            return AGAIN
        _write(out, _answer(consumer, asked))
    return 0


def _answer(consumer: Any, asked: dict[str, Any]) -> dict[str, Any]:
    from contracts.consumers.consumer import meet

    body = base64.b64decode(asked["body"]) if "body" in asked else None
    met = meet(consumer, asked.get("value"), body)
    return {
        "manner": str(met.manner),
        "view": _short(met.view),
        "error": met.error,
        "message": met.message,
        "line": str(met.line or ""),
    }


def _short(view: Any) -> Any:
    if isinstance(view, dict):
        return {key: _short(item) for key, item in view.items()}
    if isinstance(view, list):
        return [_short(item) for item in view]
    if isinstance(view, str) and len(view) > LONGEST:
        digest = hashlib.sha256(view.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        return f"{view[:100]} ({len(view)} characters, {digest})"
    return view


def _write(out: IO[str], answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
