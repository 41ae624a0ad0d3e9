"""Live checks of one provider: which questions are put, and what is said of each answer.

The polite client and its probes live in `interactions`; here they meet the spec, the policy and the
normalizer. Nothing is sent on construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from contracts.auth import find_keys, secrets_of
from contracts.check.options import CheckOptions, LiveSettings
from contracts.check.provider import ProviderCheck
from contracts.check.recording import refuse_unmet, store
from contracts.errors import ConfigError, UnknownName
from contracts.interactions import Kept, Store
from contracts.live import (
    PROXY,
    SAFE_METHODS,
    HttpTransport,
    Limits,
    Live,
    Manners,
    Probe,
    RequestBudget,
    ask,
    await_server,
    base_url,
    chosen,
    ended,
    loopback,
    names_taken,
    parameters,
    poll,
    sequence_findings,
)
from contracts.model import Assessment, Finding, Interaction, Report
from contracts.policy import settle
from contracts.providers import NORMALIZERS, Normalizer
from contracts.spec import Operation, Provider
from contracts.text import plural, safe_text

POLL: Final = "live-poll"
"""The situation under which a whole poll is known."""
_UNSAFE: Final = "since it may change something; provider.toml must call it safe and --allow-unsafe allow it"


class LiveCheck:
    """Puts the probes of one provider and judges the answers like any other response."""

    def __init__(
        self, provider: Provider, gate: CheckOptions, settings: LiveSettings, environ: Mapping[str, str]
    ) -> None:
        self.settings, self.environ, self._waits = settings, environ, settings.wait
        self.base = base_url(provider, settings.base_urls.get(provider.id, ""))
        spec = replace(provider.spec, servers=(self.base, *provider.spec.servers))
        self.check = ProviderCheck(replace(provider, spec=spec), gate, asked=self.base)
        self.keys = find_keys(provider.manifest.carriers, environ)
        self._store: Store | None = None
        transport = HttpTransport(proxy=environ.get(PROXY, "").strip())
        self.live = Live(provider, self.base, self.keys, self._manners(), self._ledger(), transport)

    def _manners(self) -> Manners:
        total = self.settings.timeout
        limits = Limits(min(5.0, total), min(30.0, total), total, self.check.gate.max_bytes)
        return Manners(limits=limits, allow_unsafe=self.settings.allow_unsafe)

    def _ledger(self) -> RequestBudget:
        folder = self.settings.ledgers
        path = folder / f"{self.check.provider.id}.json" if folder else None
        rate = 0.0 if loopback(self.base) else self.settings.rate
        return RequestBudget(self.settings.budget, rate, path, self.settings.prefix)

    @property
    def missing_key(self) -> str:
        """Say which variables must be set, and how their values are sent; empty when the keys are there."""
        provider = self.check.provider
        held = [carrier for carrier, _ in self.keys]
        lacking = [one for one in provider.manifest.auth if one not in held and not one.scheme.refused]
        if not lacking:
            return ""
        named = " and ".join(f"{one.variables[0]} (sent as {one.shown})" for one in lacking)
        return f"{self.settings.door} needs {named.removesuffix(')')}{provider.see_manifest})"

    def operations(self, wanted: tuple[str, ...] = ()) -> tuple[Operation, ...]:
        """Give the operations that may be called: reading ones, and unsafe ones that were allowed twice."""
        listed = self.check.operations(wanted)
        asked = tuple(
            op
            for op in listed
            if not op.received
            and (op.method in SAFE_METHODS or (op.entry.safe and self.settings.allow_unsafe))
        )
        for operation in (one for one in listed if wanted and one not in asked):
            raise ConfigError(f"{self.check.provider.id} {operation.alias}: not sent, {_UNSAFE}")
        return asked

    def questions(self, operation: Operation) -> Iterator[Probe | None]:
        """Yield the questions of an operation in their order; None stands for following the batch."""
        listed = chosen(operation, credentials=self.settings.credentials)
        yield from (probe for probe in listed if not (probe.plain or probe.key))
        if self.follows(operation):
            yield None
        yield from (probe for probe in listed if probe.plain or probe.key)

    def follows(self, operation: Operation) -> bool:
        """Whether the operation's batch is followed to its end: asked for, and answered with a batch."""
        return self.settings.follow and operation.alias == "getBatch" and self._reader() is not None

    def ask(self, operation: Operation, probe: Probe) -> Interaction:
        """Put one question; what cannot be sent says why."""
        self._await_server()
        return ask(self.live, operation, self._values(operation), probe)

    def _await_server(self) -> None:
        """Wait for a server that starts, before the first question; without one, that question fails."""
        seconds, self._waits = self._waits, 0.0
        if seconds:
            await_server(self.environ.get(PROXY, "").strip() or self.base, seconds)

    def answers(self, operation: Operation) -> Iterator[Iterable[Interaction]]:
        """Put every question of an operation, and yield the answers to each."""
        for probe in self.questions(operation):
            yield self.poll(operation) if probe is None else (self.ask(operation, probe),)

    def poll(self, operation: Operation) -> Iterator[Interaction]:
        """Follow the batch, yielding every answer; what the probes after it need of the budget is left."""
        reader = self._reader()
        assert reader is not None, "follows() is asked first"
        self._await_server()
        last = sum(1 for probe in chosen(operation) if probe.plain or probe.key)
        kept = last * len(self.operations()) if self.settings.credentials else 0
        kept = min(kept, self.settings.budget // 2)
        every = self.settings.every
        every = every if every is not None else 0.05 if loopback(self.base) else 5.0
        answer: Interaction | None = None
        for answer in poll(self.live, operation, self._values(operation), reader, every=every):
            yield answer
            if self.live.ledger.used >= self.settings.budget - kept:
                break
        if answer and answer.response and answer.response.status < 300 and not ended(answer, reader):
            yield replace(answer, name=f"{answer.name}-open", response=None, failure=self._unfinished(kept))

    def _unfinished(self, kept: int) -> str:
        """Say why a batch was not followed to its end."""
        used, budget, prefix = self.live.ledger.used, self.settings.budget, self.settings.prefix
        spent = f"{used} of {plural(budget, 'request')} are spent; see {prefix}budget"
        return f"not followed to its end: {spent if used >= budget - kept else 'no time is left'}"

    def sequence(self, interactions: tuple[Interaction, ...]) -> tuple[Finding, ...]:
        """Give what must not happen between two polls of one batch."""
        reader = self._reader()
        found = (
            sequence_findings(interactions, reader, self.check.provider.id, complete=True) if reader else ()
        )
        gate = self.check.gate
        return tuple(settle(found, gate.policy, self.check.waivers, gate.today))

    def keep(self, interactions: tuple[Interaction, ...]) -> tuple[Kept, ...]:
        """Write answers as redacted cassettes into the user's own folder, and say what became of each."""
        if self._store is None:
            self._store = store(
                self.check.provider, secrets=secrets_of(self.keys), places=self.settings.places
            )
        return self._store.keep_all(interactions, self.live.note)

    def refuse_unmet(self) -> None:
        """Refuse a place that was always to be replaced and stands in no answer that was kept."""
        refuse_unmet([self._store] if self._store else [], self.settings.places)

    def report(self, assessments: tuple[Assessment, ...], findings: tuple[Finding, ...] = ()) -> Report:
        """Put what was said into a report of this provider."""
        return Report(providers=(self.check.facts,), assessments=assessments, findings=findings)

    def _values(self, operation: Operation) -> dict[str, str]:
        return parameters(operation, self.settings.params, self.environ)

    def _reader(self) -> Normalizer | None:
        return NORMALIZERS.get(self.check.provider.id)


def refuse_unused(asked: Iterable[tuple[LiveCheck, tuple[str, ...]]]) -> None:
    """Refuse what was said of a live run and matches nothing in it: a parameter, a batch to follow.

    `asked` are the checks with their wanted operations (all without); UnknownName, ConfigError.
    """
    given = tuple(asked)
    operations = [(check, one) for check, wanted in given for one in check.operations(wanted)]
    settings = given[0][0].settings if given else LiveSettings()
    known = sorted({name for _, operation in operations for name in names_taken(operation)})
    for name in settings.params:
        if name not in known:
            raise UnknownName("parameter", safe_text(name, 40), known, f"{settings.prefix}param")
    if settings.follow and not any(check.follows(operation) for check, operation in operations):
        raise ConfigError(
            f"{settings.prefix}poll: no operation here answers with a batch that can be followed"
        )
