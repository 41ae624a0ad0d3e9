"""What passed by, judged by the vendor's spec: outcome, findings without secrets, and the files beside it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from contracts.address import read_address
from contracts.check import Deliveries, ProviderCheck, each_of, read_options
from contracts.errors import ConfigError, ContractsError
from contracts.interactions import Cleaner, Known, Tokens, carried, unpacked
from contracts.live import scrubbed
from contracts.model import Assessment, Finding, Interaction, Verdict
from contracts.policy import WatchSettings
from contracts.secret import MASK, Secret, secret_name
from contracts.spec import Operation, is_received, load, webhook_path
from contracts.text import as_pointer, safe_text
from contracts.traffic.files import Files
from contracts.traffic.passed import Passed, as_text

JUDGED, VIOLATES, NOT_JUDGED, OTHERS = "conforms", "violates", "not judged", "of other hosts"
"""The outcomes; what is of other hosts is none of the vendors', and skipped."""


class Judged(NamedTuple):
    """What is said of one answer; `host` says whose it was.

    `reason` says why it was not judged, `unwritten` why it is in no file that was asked for.
    """

    outcome: str
    vendor: str
    operation: str
    method: str
    status: int
    host: str
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    unwritten: str = ""


class Judge:
    """Judges answers in this process; specs are loaded and compiled when they are first met."""

    def __init__(
        self, root: Path, vendors: Iterable[str] = (), settings: WatchSettings | None = None
    ) -> None:
        self.root, self.options = root, read_options(root)
        settings = settings or self.options.policy.watch
        self.vendors, self.hosts = tuple(vendors), dict(settings.hosts)
        self.secrets: tuple[Secret, ...] = ()
        self.files = Files(root, settings)
        self._checks: dict[str, ProviderCheck] = {}
        self._deliveries: dict[str, Deliveries] = {}

    def judge(self, passed: Passed) -> Judged:
        """Say what an answer is worth; never raises for what it holds."""
        host = read_address(passed.url).host
        said = Judged(NOT_JUDGED, passed.vendor, "", passed.method.upper(), passed.status, host)
        try:
            return self._judge(passed, said)
        except ContractsError as problem:
            return said._replace(reason=safe_text(str(problem), 300))
        except Exception as problem:  # noqa: BLE001 -- a fault of ours must not end the watching
            return said._replace(reason=f"the check itself failed with {type(problem).__name__}")

    def _judge(self, passed: Passed, said: Judged) -> Judged:
        check = self._check_of(passed, said.host)
        if check is None:
            return said._replace(outcome=OTHERS)
        said = said._replace(vendor=check.provider.id)
        if is_received(passed.url):
            return self._delivered(check, passed, said)
        met = check.provider.spec.met(passed.method, passed.url)
        said = said._replace(operation=met[0].alias if met else "")
        if passed.missing:
            return said._replace(reason=passed.missing)
        body, problem = passed.whole, ""
        if passed.packed:
            body, problem = unpacked(body, as_text(passed.headers))
        if problem:
            return said._replace(reason=f"body: {problem}")
        interaction = passed.interaction(body)
        assessment = check.glance(interaction)
        if self.files.wanted and met is not None:
            lost = self.files.take(check.provider, met[0], interaction, self.secrets)
            said = said._replace(unwritten=lost)
        if assessment.findings:
            assessment = self._clean(check, interaction, met[0] if met else None)
        return said._replace(
            outcome=_OUTCOMES[assessment.verdict],
            reason="; ".join(assessment.not_judged),
            findings=assessment.findings,
        )

    def _delivered(self, check: ProviderCheck, passed: Passed, said: Judged) -> Judged:
        """Judge a delivery to a webhook."""
        if passed.missing:
            return said._replace(reason=passed.missing)
        vendor = check.provider.id
        if vendor not in self._deliveries:
            self._deliveries[vendor] = Deliveries(check, os.environ)
        deliveries = self._deliveries[vendor]
        event = "" if passed.url == webhook_path("") else passed.url
        assessment = deliveries.judge(passed.headers, passed.whole, event)
        operation = check.provider.spec.operation(assessment.operation)
        said = said._replace(operation=assessment.operation)
        if self.files.wanted and operation is not None:
            lost = self.files.take(check.provider, operation, assessment.interaction, self.secrets)
            said = said._replace(unwritten=lost)
        sent = (Secret(text, "delivery") for text in carried(assessment.interaction, ()))
        cleaner = Cleaner(Known.of((*self.secrets, *sent)), Tokens())
        return said._replace(
            outcome=_OUTCOMES[assessment.verdict],
            reason="; ".join(assessment.not_judged),
            findings=tuple(_said(one, cleaner) for one in assessment.findings),
        )

    def _check_of(self, passed: Passed, host: str) -> ProviderCheck | None:
        """Find whose answer it is: what the settings say of the host, else its vendor, if its host fits."""
        address = read_address(passed.url)
        stated = self.hosts.get(address.netloc.lower()) or self.hosts.get(host)
        if stated:
            return self._check(stated) if passed.vendor in {"", stated} else None
        if passed.vendor:
            check = self._check(passed.vendor)
            return check if check.provider.spec.router.serves(passed.url) else None
        checks, aside = each_of(self.vendors, self._check) if self.vendors else ([], ())
        found = next((one for one in checks if one.provider.spec.router.names(passed.url)), None)
        if found is None and aside:  # it may be an answer of the vendor that cannot be loaded
            raise ConfigError(aside[0])
        return found

    def _check(self, name: str) -> ProviderCheck:
        if name not in self._checks:
            check = self._checks[name] = ProviderCheck(load(name, self.root), self.options)
            self.secrets += check.provider.manifest.secrets(os.environ)
        return self._checks[name]

    def _clean(
        self, check: ProviderCheck, interaction: Interaction, operation: Operation | None
    ) -> Assessment:
        """Judge again without what the request itself carried, and take secrets out of what is said."""
        carriers = operation.entry.auth if operation else check.provider.manifest.carriers
        keys = (*self.secrets, *(Secret(text, "request") for text in carried(interaction, carriers)))
        assert interaction.response is not None
        assessment = check.glance(replace(interaction, response=scrubbed(interaction.response, keys)))
        cleaner = Cleaner(Known.of(keys), Tokens())
        return replace(assessment, findings=tuple(_said(one, cleaner) for one in assessment.findings))


_OUTCOMES = {
    Verdict.CONFORMS: JUDGED,
    Verdict.VIOLATES: VIOLATES,
    Verdict.INCONCLUSIVE: NOT_JUDGED,
}


def _said(finding: Finding, cleaner: Cleaner) -> Finding:
    """Take secrets out of every text of a finding that comes from the answer.

    What was found below a name that is secret, or names one itself, is never shown, whatever it looks like.
    """
    message, found = finding.message, finding.found
    if found and any(map(secret_name, (found, *finding.pointer.split("/")))):
        message, found = message.replace(found, MASK), MASK
    return replace(
        finding,
        message=cleaner.clean(message),
        expected=cleaner.clean(finding.expected),
        found=cleaner.clean(found),
        pointer=as_pointer(cleaner.clean(finding.pointer)),
        places=tuple(as_pointer(cleaner.clean(place)) for place in finding.places),
    )
