"""The server of an operation: from its address, from others on the page, or from a base URL."""

from __future__ import annotations

import re
from itertools import pairwise

from contracts.vendoring.pages import stand_in
from contracts.vendoring.platforms.prose.operations.stated import Address
from contracts.vendoring.platforms.prose.operations.template import template
from contracts.vendoring.platforms.prose.text import ProsePage

URL = re.compile(r"""https?://[^\s'"`,;|]+""")
_BASE = re.compile(
    r"(?:\b(?:base|root|api) (?:url|uri|address|path|endpoint)s?\b|^(?:host|server|domain|hôte"
    r"|serveur|servidor|servidores|ホスト|サーバー|域名|主机|호스트|서버)\b"
    r"|\b(?:calls|requests|endpoints|paths)\b.{0,20}\b(?:go|made|sent|relative|start|live|served|under)\b)"
    r"[^h]{0,40}(https?://[^\s'\"`|<>]+)",
    re.IGNORECASE,
)
_OPEN_BASE = re.compile(
    r"\b(?:base|root) (?:url|uri|path|address)\b[^<{]{0,50}(?:https?://)?(?:<[\w -]+>|\{[\w -]+\})"
    r"(/[\w./-]+)",
    re.IGNORECASE,
)
_PRODUCTION = re.compile(r"\W*(?:prod\w*|live|生产|正式|本番|운영)\b", re.IGNORECASE)
_URL_ALONE = re.compile(r"(https?://[^\s`'\"<>|]+)")
_SHOWN = re.compile(
    r"(?:`|\*\*)(https?://[^\s`*{}<>]+)(?:`|\*\*)|^(?:\W{0,3}[A-Z][\w ]{1,24}[\t|]\s*|[*_]{0,2}[A-Z][\w ]{1,24}[*_]{0,2}\s*:[*_]{0,2}\s*)?(https?://[^\s`*{}<>]+)$"
)
_TRIAL = re.compile(
    r"\b(?:sandbox|staging|tests?|homolog\w*|(?<!\.)dev(?:elopment)?|demo|uat|pre-?prod)\b", re.IGNORECASE
)
_READ = re.compile(
    r"//(?:docs?|developers?|github|www\.w3|support|help|portal|console|status)\b|swagger|[?#]|\.(?:md|html?|pdf|png|json|yaml)$"
)
_HOSTS = re.compile(
    r"^(?:(?:base|root|api) ?(?:url|uri|path|address)|servers?|hosts?|endpoints|production"
    r"|environments?)\s*:?$",
    re.IGNORECASE,
)


def server(host: str, path: str, others: list[Address], page: ProsePage) -> str:
    """Take the server from the address itself, from one that ends in the same path, or from a base URL."""
    if host and not stand_in(host):
        return host
    pattern = "".join(
        "[^/?#]+" if p.startswith("{") else re.escape(p) for p in re.split(r"(\{[^{}]*\})", path)
    )
    labels = {b.number: f"{URL.sub('', a.text)} {b.text}" for a, b in pairwise(page.rows)}
    trials = {one for one in others if _TRIAL.search(labels.get(one.line, "") + one.url)}
    for other in sorted(others, key=trials.__contains__):
        match = re.match(rf"(https?://[^/?#]+(?:/[\w.-]+)*?){pattern}/?(?:[?#].*)?$", other.url)
        if match and not stand_in(match[1]):
            return match[1]
    for index, row in enumerate(page.rows):
        labelled = (
            re.fullmatch(
                r"(?:[-*•]\s+(?:\w[\w ]{1,30}:\s+)?)?`?(https?://[^\s`]+)`?(?: [-–—].{0,60})?", row.text
            )
            if index
            else None
        )
        if (
            labelled
            and "{" not in labelled[1]
            and _HOSTS.match(page.rows[index - 1].text)
            and not stand_in(labelled[1])
        ):
            return labelled[1].rstrip("/.,")
        below = page.rows[index + 1].text if index + 1 < len(page.rows) else ""
        based = re.fullmatch(r"https?://[^\s`{]+", row.text)
        if based and template(below, [], []) == path and not stand_in(based[0]):
            return based[0].rstrip("/")
        named = re.match(r"^Host:\s*([\w-]+(?:\.[\w-]+)+)$", row.text)
        if named and not stand_in(f"https://{named[1]}/"):
            return f"https://{named[1]}"
        base = _BASE.search(row.text) or (_URL_ALONE.search(row.text) if _HOSTS.match(row.title) else None)
        if base and not stand_in(base[1]):
            return base[1].rstrip("/.,")
    return ""


def introduced(page: ProsePage, line: int) -> str:
    """Take the one address above the operation that is shown as a value: alone, labelled, bold or as code.

    Of several, it is the one of production.
    """
    found: dict[str, bool] = {}
    for row in page.rows:
        shown = _SHOWN.search(row.raw) if row.number < line + 4 and not row.code else None
        url = next((part for part in shown.groups() if part), "") if shown else ""
        if url and not stand_in(url) and not _READ.search(url):
            found[url.rstrip("/.,")] = _PRODUCTION.match(row.text) is not None
    real = [url for url, production in found.items() if production] if len(found) > 1 else list(found)
    return real[0] if len(real) == 1 else ""


def base_path(page: ProsePage) -> str:
    """Give the path of a base whose host the page leaves open: `<host>/rest/jobs`."""
    return next((found[1].rstrip("/") for row in page.rows if (found := _OPEN_BASE.search(row.text))), "")
