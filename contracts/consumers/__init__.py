"""Consumers: functions that read a payload, held to laws, and told what a vendor's change does to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.consumers.behaviour import Compared, against_approved, behaviours, version, write_approved
    from contracts.consumers.consumer import TAKES, Consumer, quietly
    from contracts.consumers.laws import ALL_LAWS
    from contracts.consumers.registry import (
        bundled,
        check_consumers,
        consumer_named,
        make_importable,
        read_consumers,
    )
    from contracts.consumers.samples import Sample
    from contracts.consumers.sources import Answers, answers, operation_of
    from contracts.consumers.stress import LawBroken, Stumbled, report, run
else:
    __getattr__ = names_from(
        __name__,
        {
            "behaviour": "Compared against_approved behaviours version write_approved",
            "consumer": "TAKES Consumer quietly",
            "laws": "ALL_LAWS",
            "registry": "bundled check_consumers consumer_named make_importable read_consumers",
            "samples": "Sample",
            "sources": "Answers answers operation_of",
            "stress": "LawBroken Stumbled report run",
        },
    )
