"""What every door ends with: exit codes, and what an exception becomes: one sentence, no traceback."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

from contracts.errors import ContractsError, NormalizationError
from contracts.secret import without_keys
from contracts.text import safe_text

USAGE: Final = 2
"""A mistake of the user's or the setup's."""
CRASHED: Final = 70
"""A fault of ours (EX_SOFTWARE of sysexits.h)."""
INTERRUPTED: Final = 130
"""Ctrl-C: 128 and the number of SIGINT."""


def guarded(run: Callable[[], int], say: Callable[[str], object]) -> int:
    """Run a door and give its exit code; an exception is said in one sentence and has a code of its own."""
    try:
        return run()
    except KeyboardInterrupt:
        say("contracts: stopped")
        return INTERRUPTED
    except (ContractsError, NormalizationError) as error:
        say(f"contracts: {error}")
        return USAGE
    except BrokenPipeError:
        raise
    except OSError as error:
        say(f"contracts: {safe_text(str(error.filename or 'a file'))}: {error.strerror or 'cannot be used'}")
        return USAGE
    except Exception as error:  # noqa: BLE001 -- the last resort of every door
        if os.environ.get("CONTRACTS_DEBUG"):
            say("\n".join(map(without_keys, traceback.format_exc().rstrip().splitlines())))
        say(f"contracts: {crash_sentence(error)}")
        return CRASHED


def crash_sentence(error: BaseException) -> str:
    """Say that the fault is ours: class and place of an exception, but no text of it."""
    own = Path(__file__).parents[1]
    frames = [one for one in traceback.extract_tb(error.__traceback__) if own in Path(one.filename).parents]
    places = [f" at {Path(one.filename).relative_to(own.parent).as_posix()}:{one.lineno}" for one in frames]
    where = places[-1] if places else ""
    return (
        f"{type(error).__name__}{where}: this is a fault of contracts, not yours; report"
        " this sentence and what `contracts doctor` says (CONTRACTS_DEBUG=1 shows the traceback)"
    )
