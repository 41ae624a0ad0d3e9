"""What a consumer keeps from one payload to the next, and whether its answers depend on it.

An answer that is wrong because of the payloads before it may be the same when it is asked for again. So one
process is given all of them, and some of them to processes that have met nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from typing import Final

from contracts.consumers.consumer import Consumer
from contracts.consumers.places import differences, told
from contracts.consumers.process import reader_of
from contracts.consumers.samples import Kind, Sample
from contracts.errors import ConfigError
from contracts.model import Json

ALONE: Final = 24
"""How many payloads, at most, are given to processes that have met nothing."""
FEW: Final = 3
"""The same where each of these must be started, since the platform cannot fork."""


def leaking(consumer: Consumer, payloads: Sequence[Json]) -> str:
    """Say how the answer to a payload after others differs from that to it alone; "" where it does not."""
    if not _importable(consumer):
        return ""
    samples = [Sample(kind=Kind.COVERING, label="", value=one, valid=True) for one in payloads]
    try:
        with reader_of(consumer, sys.path, Path.cwd()) as reader:
            after = [reader.ask(one) for one in samples]
            step = len(samples) // (ALONE if reader.forks else FEW) + 1
            for sample, late in list(zip(samples, after, strict=True))[1::step]:
                reader.again()
                first = reader.ask(sample)
                if first.key != late.key:
                    changes = [one for one in differences(first.view, late.view) if one[1] != one[2]]
                    return f"called after other payloads: the answer differs: {', '.join(told(changes, 3))}"
    except ConfigError:
        pass  # what another process cannot import is not asked
    return ""


def _importable(consumer: Consumer) -> bool:
    module, _, name = consumer.id.partition(":")
    found = reduce(lambda one, part: getattr(one, part, None), name.split("."), sys.modules.get(module))
    return found is not None and found in (consumer.function, getattr(consumer.function, "__self__", None))
