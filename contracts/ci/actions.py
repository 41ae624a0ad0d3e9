"""A GitHub workflow run as its environment describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from contracts.secret import Secret

SUMMARY_LIMIT: Final = 1024 * 1024
"""Bytes that GitHub takes of one step's summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """Where a workflow run writes and what it may ask; empty and None where the environment says nothing."""

    repository: str = ""
    api: str = "https://api.github.com"
    token: Secret | None = None
    summary: Path | None = None
    output: Path | None = None
    pull_request: int | None = None
    run_url: str = ""
    branch: str = "main"

    @property
    def can_ask(self) -> bool:
        """Whether there is a repository and a token to ask the host with."""
        return bool(self.repository) and self.token is not None


def read_actions(env: Mapping[str, str]) -> Actions | None:
    """Read the environment of a workflow run; None outside of one."""
    if env.get("GITHUB_ACTIONS") != "true":
        return None
    token, event = env.get("GITHUB_TOKEN", "").strip(), _event(env.get("GITHUB_EVENT_PATH", ""))
    repository, server = env.get("GITHUB_REPOSITORY", ""), env.get("GITHUB_SERVER_URL", "https://github.com")
    run = env.get("GITHUB_RUN_ID", "")
    return Actions(
        repository=repository,
        api=env.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"),
        token=Secret(token, "GITHUB_TOKEN") if token else None,
        summary=_path(env.get("GITHUB_STEP_SUMMARY", "")),
        output=_path(env.get("GITHUB_OUTPUT", "")),
        pull_request=_number(event),
        run_url=f"{server}/{repository}/actions/runs/{run}" if run.isdigit() else "",
        branch=_branch(event) or env.get("GITHUB_REF_NAME", "main"),
    )


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _event(path: str) -> dict[str, Any]:
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _number(event: dict[str, Any]) -> int | None:
    request = event.get("pull_request")
    number = request.get("number") if isinstance(request, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _branch(event: dict[str, Any]) -> str:
    repository = event.get("repository")
    name = repository.get("default_branch") if isinstance(repository, dict) else ""
    return name if isinstance(name, str) else ""


def append_summary(path: Path, text: str) -> bool:
    """Add to the step's summary; False, and nothing is written, when it would not fit."""
    used = path.stat().st_size if path.exists() else 0
    data = text.encode("utf-8", "replace")
    if used + len(data) > SUMMARY_LIMIT:
        return False
    with path.open("ab") as file:
        file.write(data)
    return True


def write_output(path: Path, values: Mapping[str, str]) -> None:
    """Set the step's outputs; values are single lines of ours."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(
            f"{name}={value.splitlines()[0] if value else ''}\n" for name, value in values.items()
        )


def words(text: str) -> tuple[str, ...]:
    """Split an input that holds several names by commas and blanks."""
    return tuple(text.replace(",", " ").split())
