"""The polite live client: requests from manifests, budget, polling, probes, and the one transport.

Here belongs what speaks to a vendor. What its answers are worth is judged in `validate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.live.budget import RequestBudget
    from contracts.live.client import Live, Manners
    from contracts.live.fetch import Fetched, fetch_document
    from contracts.live.listening import await_server
    from contracts.live.polling import cached, ended, final, pause, poll, sequence_findings
    from contracts.live.probes import Probe, ask, chosen
    from contracts.live.request import SAFE_METHODS, base_url, identifier, names_taken, parameters
    from contracts.live.scrub import scrubbed
    from contracts.live.transport import PROXY, HttpTransport, Limits, loopback
else:
    __getattr__ = names_from(
        __name__,
        {
            "budget": "RequestBudget",
            "client": "Live Manners",
            "fetch": "Fetched fetch_document",
            "listening": "await_server",
            "polling": "cached ended final pause poll sequence_findings",
            "probes": "Probe ask chosen",
            "request": "SAFE_METHODS base_url identifier names_taken parameters",
            "scrub": "scrubbed",
            "transport": "PROXY HttpTransport Limits loopback",
        },
    )
