"""Pages as their authors write them, line by line as Markdown: front matter, and API Blueprint."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

MAX_FRONT: Final = 200
_METHODS: Final = "GET|POST|PUT|PATCH|DELETE|HEAD"
_ENTRY = re.compile(
    r"(api|openapi|endpoint|method|verb|route|path|url|server|base_?url|host)\s*:\s*['\"]?([^'\"]+?)['\"]?\s*",
    re.IGNORECASE,
)
_ACTION = re.compile(rf"^(#+)\s.*\[(?:({_METHODS})(?=[\s\]]))?\s*(/[^\]\s]*)?\]\s*$")
_PART = re.compile(r"^(\s*)\+\s+(Parameters|Attributes|Headers|Body|Schema|Request|Response)\b(.*)$")
_MEMBER = re.compile(r"^(\s*)\+\s+(`?[\w.$-]+`?)(?::\s*(?:`[^`]*`|[^(`]*?))?\s*(\([^()]*\).*|)$")
_TITLES: Final = {
    "Parameters": "Path Parameters", "Headers": "Headers", "Request": "Request",
}  # fmt: skip


def fronted(lines: Sequence[str]) -> tuple[str, ...]:
    """Give the lines with YAML front matter left out, but for a line that states the operation it names."""
    if not lines or lines[0].strip() != "---":
        return tuple(lines)
    end = next((at for at, line in enumerate(lines[1:MAX_FRONT], 1) if line.strip() == "---"), 0)
    found = {m[1].lower(): m[2] for line in lines[1:end] if (m := _ENTRY.fullmatch(line))}
    whole = next((found[k] for k in ("api", "openapi", "endpoint") if k in found), "")
    method = found.get("method") or found.get("verb") or ""
    paths = [found[k] for k in ("route", "path", "endpoint", "url") if k in found]
    hosts = [
        found[k]
        for k in ("url", "server", "baseurl", "base_url", "host")
        if found.get(k, "").startswith("http")
    ]
    path = next((p for p in paths if p.startswith("/")), "") or next(iter(paths), "")
    host = hosts[0].rstrip("/") if hosts and path.startswith("/") else ""
    stated = f"{method.upper()} {host}{path}" if method and path else whole
    stated = stated if re.match(rf"(?:{_METHODS})\s+\S", stated, re.IGNORECASE) else ""
    return (stated, *[""] * end, *lines[end + 1 :]) if end else tuple(lines)


def blueprint(lines: Sequence[str]) -> tuple[str, ...]:
    """Give an API Blueprint as plain Markdown: statements, headings of sections, bullets of members."""
    if not any(_ACTION.match(line[:300]) for line in lines if line[:1] == "#"):
        return tuple(lines)
    writer = _Blueprint()
    return tuple(writer.line(line) for line in lines)


class _Blueprint:
    """Rewrites an API Blueprint line by line; `path` and `above` are those of the open action."""

    def __init__(self) -> None:
        self.path, self.above = "", ""

    def line(self, line: str) -> str:
        action, part, member = _ACTION.match(line[:300]), _PART.match(line[:300]), _MEMBER.match(line[:1000])
        if action and (action[2] or action[3]):
            self.path, self.above = action[3] or self.path, ""
            return f"{action[2]} {re.sub(r'{[?&][^}]*}', '', self.path)}" if action[2] else ""
        if part and part[2] in {"Request", "Response"}:
            self.above = part[2]
            return f"#### {self.above} {part[3]}"
        if part and part[2] == "Attributes":
            return "##### Request Body" if self.above == "Request" else "##### Response Fields"
        if part:
            return f"##### {_TITLES[part[2]]}" if part[2] in _TITLES else ""
        return f"{member[1]}- {member[2]} {member[3]}" if member else line
