"""The budget of requests of one provider and run, shared by all workers through one locked file.

Fail-closed: a ledger that cannot be read is a budget that is spent.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from contracts.atomic import alone, write_whole
from contracts.live.failure import Failure
from contracts.text import plural


@dataclass(slots=True)
class RequestBudget:
    """Counts requests and spaces them; workers of a run share `path`, None keeps to this process.

    `budget` is the number of requests, retries counted; `rate` requests a second, 0 for no limit. `prefix` is
    that of the options of the door, for hints.
    """

    budget: int = 25
    rate: float = 1.0
    path: Path | None = None
    prefix: str = "--"
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    _own: dict[str, float | str] = field(default_factory=dict)

    def take(self, latest: float | None = None) -> None:
        """Count one request and wait for its turn; Failure when the budget is spent or the provider stopped.

        `latest` is the number of seconds that the wait may take at most.
        """
        turn = self._locked(lambda state: self._taken(state, latest))
        wait = float(turn) - self.clock()
        if wait > 0:
            self.sleep(wait)

    def _taken(self, state: dict[str, float | str], latest: float | None) -> float:
        if state.get("stopped"):
            raise Failure("stopped", f"not sent: {state['stopped']}")
        count, now = int(state.get("count", 0)), self.clock()
        if count >= self.budget:
            raise Failure(
                "budget",
                f"not sent: the budget of {plural(self.budget, 'request')} is spent; see {self.prefix}budget",
            )
        step = 1 / self.rate if self.rate else 0.0
        # a clock that was set back must not hold everybody for hours
        turn = min(max(now, float(state.get("next", 0))), now + self.budget * step)
        if latest is not None and turn - now > latest:
            raise Failure("deadline", "not sent: no time is left for its turn")
        state.update(count=count + 1, next=turn + step)
        return turn

    def stop(self, reason: str) -> None:
        """Let no further request of this run pass, on any worker; the first reason stays."""
        self._locked(lambda state: state.setdefault("stopped", reason))

    @property
    def used(self) -> int:
        """Give the number of requests counted so far."""
        return int(self._locked(lambda state: state.get("count", 0)))

    def _locked(self, act: Callable[[dict[str, float | str]], float | str]) -> float | str:
        if self.path is None:
            return act(self._own)
        # not in the cache folder: the workers of a run may each have one of their own
        with alone(self.path.parent, home=self.path.parent):
            state = self._read(self.path)
            try:
                return act(state)
            finally:
                write_whole(self.path, json.dumps(state).encode())

    @staticmethod
    def _read(path: Path) -> dict[str, float | str]:
        try:
            state = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError):
            return {"stopped": "the shared request budget cannot be read"}
        return state if isinstance(state, dict) else {"stopped": "the shared request budget cannot be read"}
