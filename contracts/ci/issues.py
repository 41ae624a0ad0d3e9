"""Exactly one issue for each provider that drifts: opened, kept up to date, closed when nothing is left.

A person who closes the issue has decided; it stays closed until something else drifts.
"""

from __future__ import annotations

from typing import Any, Final

from contracts.ci.marks import CLEAN, digest, digest_of, mark
from contracts.ci.rest import GitHub, HostError
from contracts.model import Report
from contracts.report import markdown
from contracts.text import plural, safe_text

LABEL: Final = "contract-drift"
_KIND: Final = "drift"


def sync_issue(host: GitHub, provider: str, report: Report, *, link: str = "") -> str:
    """Bring the provider's issue in line with the report and say how.

    Gives "opened", "updated", "reopened", "closed", "unchanged", "left closed" or "no findings".
    """
    ours = [one for one in host.every("issues", state="all", labels=LABEL) if _ours(one, provider)]
    ours.sort(key=_rank)
    for extra in ours[1:]:
        if extra.get("state") == "open":
            _close(host, extra, "Another issue tells the same; this one is closed.")
    sum_ = digest(one for one in report.all_findings() if not one.waived)
    present = ours[0] if ours else None
    if sum_ == CLEAN:
        return _settle(host, present, provider)
    body = "\n".join((mark(_KIND, provider, sum_), *_text(provider, report, link)))
    title = f"{safe_text(provider, 32)} drifted: {plural(_open(report), 'finding')}"
    return _tell(host, present, provider, sum_, {"title": title, "body": body})


def _rank(issue: dict[str, Any]) -> tuple[bool, int]:
    """Put the oldest open issue first, where people talk; of closed ones the newest."""
    is_open, number = issue.get("state") == "open", int(issue["number"])
    return (not is_open, number if is_open else -number)


def _open(report: Report) -> int:
    return sum(not one.waived for one in report.all_findings())


def _text(provider: str, report: Report, link: str) -> list[str]:
    rows = list(
        markdown.lines(report, limit=markdown.COMMENT_LIMIT, title=f"What {safe_text(provider, 32)} changed")
    )
    closing = "Close this issue to accept what it says; it returns when something else drifts."
    return [*rows, "", closing, *([f"[The run]({link})"] if link else [])]


def _ours(issue: object, provider: str) -> bool:
    """Whether it is our issue about the provider; pull requests stand in the same list."""
    if not isinstance(issue, dict) or "pull_request" in issue:
        return False
    return digest_of(issue.get("body"), _KIND, provider) is not None


def _settle(host: GitHub, present: dict[str, Any] | None, provider: str) -> str:
    if present is None or present.get("state") != "open":
        return "no findings"
    body = str(present["body"]).split("\n", 1)
    host.send("PATCH", _path(present), {"body": "\n".join((mark(_KIND, provider, CLEAN), *body[1:]))})
    _close(
        host, present, "No drift any more: the vendored documents and the vendor's newest ones say the same."
    )
    return "closed"


def _tell(
    host: GitHub, present: dict[str, Any] | None, provider: str, sum_: str, text: dict[str, str]
) -> str:
    if present is None:
        _label(host)
        host.send("POST", "issues", {**text, "labels": [LABEL]})
        return "opened"
    known = digest_of(present["body"], _KIND, provider)
    if present.get("state") != "open":
        if known == sum_:
            return "left closed"
        host.send("PATCH", _path(present), {**text, "state": "open"})
        return "reopened"
    if known == sum_:
        return "unchanged"
    host.send("PATCH", _path(present), dict(text))
    host.send(
        "POST", f"{_path(present)}/comments", {"body": f"It changed: {text['title']}. The text above is new."}
    )
    return "updated"


def _close(host: GitHub, issue: dict[str, Any], why: str) -> None:
    host.send("POST", f"{_path(issue)}/comments", {"body": why})
    host.send("PATCH", _path(issue), {"state": "closed", "state_reason": "completed"})


def _path(issue: dict[str, Any]) -> str:
    return f"issues/{int(issue['number'])}"


def _label(host: GitHub) -> None:
    """Make the label; that it is there already is no fault."""
    label = {"name": LABEL, "color": "b60205", "description": "A vendor's documents or answers changed"}
    try:
        host.send("POST", "labels", label)
    except HostError as error:
        if "422" not in str(error):
            raise
