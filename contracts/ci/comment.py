"""One comment on a pull request, written when there is something to say and then kept up to date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from contracts.ci.marks import digest, digest_of, mark
from contracts.ci.rest import GitHub
from contracts.model import Report, Verdict
from contracts.policy import verdict
from contracts.report import markdown
from contracts.report.markdown import fenced

_KIND: Final = "comment"
MOST_LINES: Final = 60
"""Lines of altered behaviour that a comment shows."""


def upsert_comment(
    host: GitHub,
    number: int,
    report: Report,
    *,
    name: str = "gate",
    link: str = "",
    behaviour: Sequence[str] = (),
) -> str:
    """Create, update or leave the comment, and say which: created, updated, unchanged, no findings.

    `behaviour` are the lines that say what a change alters of what consumers answer; with some there is
    something to say. Forbidden when the token may only read.
    """
    sum_ = digest(report.all_findings())
    body = "\n".join((mark(_KIND, name, sum_), *_text(report, link, behaviour)))
    present = _find(host, number, name)
    if present is None:
        if _quiet(report) and not behaviour:
            return "no findings"
        host.send("POST", f"issues/{number}/comments", {"body": body})
        return "created"
    if present["body"] == body:
        return "unchanged"
    host.send("PATCH", f"issues/comments/{int(present['id'])}", {"body": body})
    return "updated"


def _text(report: Report, link: str, behaviour: Sequence[str]) -> list[str]:
    rows = list(markdown.lines(report, limit=markdown.COMMENT_LIMIT))
    rows += ["", *fenced(behaviour[:MOST_LINES])] if behaviour else []
    return [*rows, f"[The whole run]({link})"] if link else rows


def _quiet(report: Report) -> bool:
    return verdict(report) is Verdict.CONFORMS and not any(not one.waived for one in report.all_findings())


def _find(host: GitHub, number: int, name: str) -> dict[str, Any] | None:
    """Find our comment: the first that begins with our mark, a bot's before a person's."""
    ours = [one for one in host.every(f"issues/{number}/comments") if _ours(one, name)]
    bots = [one for one in ours if isinstance(one.get("user"), dict) and one["user"].get("type") == "Bot"]
    return next(iter((*bots, *ours)), None)


def _ours(comment: object, name: str) -> bool:
    return isinstance(comment, dict) and digest_of(comment.get("body"), _KIND, name) is not None
