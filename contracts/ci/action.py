"""What `action.yml` runs: `python -m contracts.ci.action`, with every input as an environment variable.

Inputs never pass through a shell. CONTRACTS_PROVIDERS, CONTRACTS_FAIL_ON, CONTRACTS_REPORTS (FORMAT=PATH,
by blanks or lines), CONTRACTS_POLICY_FROM (a revision), CONTRACTS_COMMENT (true or false), CONTRACTS_ROOT.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from contracts.check import current_day, guarded
from contracts.ci.actions import read_actions, words
from contracts.ci.gate import Say, Wanted, reports_of, run_gate
from contracts.errors import ConfigError


def main(env: Mapping[str, str], say: Say) -> int:
    """Run the gate as the environment says; a mistake in it is one sentence and 2."""
    return guarded(lambda: run_gate(read_wanted(env), read_actions(env), say), say)


def read_wanted(env: Mapping[str, str]) -> Wanted:
    """Read the inputs; ConfigError names the one that cannot be used."""
    return Wanted(
        root=Path(env.get("CONTRACTS_ROOT") or ".").resolve(),
        today=current_day(),
        providers=words(env.get("CONTRACTS_PROVIDERS", "")),
        fail_on=env.get("CONTRACTS_FAIL_ON", "").strip(),
        policy_from=env.get("CONTRACTS_POLICY_FROM", "").strip(),
        reports=reports_of(env.get("CONTRACTS_REPORTS", "").split(), "CONTRACTS_REPORTS"),
        comment=_flag(env, "CONTRACTS_COMMENT", default=True),
    )


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "").strip().lower()
    if value not in {"", "true", "false"}:
        raise ConfigError(f"{name} is {value[:40]!r}; write true or false")
    return value == "true" if value else default


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(os.environ, _print))
