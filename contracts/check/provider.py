"""Provider → Report: the one orchestrator behind every door, so that none of them can disagree.

Spec + interaction → findings → severity by policy → waivers → verdict. No I/O but reading the files of the
provider's folders; the clock is an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from contracts.check.asking import asking_of
from contracts.check.excerpt import witnessed
from contracts.check.hiding import Hiding
from contracts.check.options import CheckOptions
from contracts.check.repeats import MOST
from contracts.errors import CassetteError, UnknownName
from contracts.interactions import Known, allowance_of, documented, example_url, places, read_cassette
from contracts.model import (
    Asking,
    Assessment,
    Coverage,
    Finding,
    Interaction,
    Pointer,
    ProviderFacts,
    Report,
    Request,
    Severity,
    Source,
    SourceLine,
    Verdict,
)
from contracts.policy import (
    Waiver,
    coverage_findings,
    stale_findings,
    waive,
    waive_report,
    waivers_of,
)
from contracts.rules import severity_of
from contracts.schema import Message
from contracts.spec import Operation, Provider
from contracts.validate import (
    Answered,
    Asked,
    Checker,
    RawFault,
    Where,
    as_mismatch,
    check_notes,
    example_findings,
    group,
    notes_of,
    shown,
    spec_notices,
    tally,
)

INCONCLUSIVE: Final = frozenset({402, 429})
"""Statuses of a live call that speak of the account or the moment, not of the contract; so does 5xx."""


class ProviderCheck:
    """The checks of one provider; make one per provider and run, compiled schemas are kept.

    `waivers` are read from the provider's folders where none are given.
    """

    def __init__(
        self,
        provider: Provider,
        gate: CheckOptions,
        *,
        asked: str = "",
        waivers: tuple[Waiver, ...] | None = None,
    ) -> None:
        self.provider, self.gate, self.asked = provider, gate, asked
        self._askings: dict[str, Asking] = {}
        self._published: dict[tuple[str, int], frozenset[str]] = {}
        self.checker = Checker(provider.spec, provider.id, engine=gate.engine, max_bytes=gate.max_bytes)
        self.hiding = Hiding(provider.manifest.carriers, gate.environ, provider.manifest.secret_variables)
        self._last: Answered | None = None
        self._settled: dict[tuple[object, ...], tuple[tuple[Finding, ...], tuple[Finding, ...]]] = {}
        self._secrets = Known()
        self._notes: dict[tuple[str, str], tuple[Asked, ...]] = {}
        self._seen: set[Pointer] = set()
        self._unread: set[str] = set()
        self._examples: dict[str, tuple[Finding, ...]] = {}
        self.waivers: tuple[Waiver, ...] = waivers_of(provider) if waivers is None else waivers

    @property
    def facts(self) -> ProviderFacts:
        """Give what a report says of the provider."""
        manifest, spec = self.provider.manifest, self.provider.spec
        return ProviderFacts(
            id=manifest.id,
            title=manifest.title,
            provenance=manifest.provenance,
            retrieved=manifest.retrieved,
            spec_file=spec.source.name,
            auth=" ".join(carrier.typed(f"${carrier.variables[0]}")[1] for carrier in manifest.auth),
        )

    @property
    def notices(self) -> tuple[str, ...]:
        """Say what of the spec nothing can check: unknown formats and keywords, each once."""
        return spec_notices(self.provider.spec, self.provider.spec.operations)

    def operations(self, wanted: Sequence[str] = ()) -> tuple[Operation, ...]:
        """Give the operations by alias, all without `wanted`; UnknownName for one that is not there."""
        listed = {operation.alias: operation for operation in self.provider.spec.operations}
        mine = {}
        for name in wanted:
            found = self.provider.spec.operation(name)
            if found is None:
                raise UnknownName("operation", name, sorted(listed), self.provider.id)
            mine[found.alias] = found
        return tuple(operation for _, operation in sorted((mine or listed).items()))

    def interactions(self, operation: Operation) -> tuple[Interaction, ...]:
        """Give the bundled and own cassettes of an operation and its documentation examples, sorted by id."""
        found = [*self._cassettes(operation), *documented(self.provider.spec, operation)]
        return tuple(_unique(sorted(found, key=lambda i: (_status(i), i.name, i.source))))

    def _cassettes(self, operation: Operation) -> Iterator[Interaction]:
        for path in self.provider.files(f"cassettes/{operation.alias}/*.json"):
            shown = self.provider.shown(path)
            try:
                interaction = read_cassette(path, shown)
            except CassetteError as problem:
                interaction = self._torn(operation, path, str(problem))
            yield replace(interaction, operation=operation.alias, origin=SourceLine(shown))

    def _torn(self, operation: Operation, path: Path, problem: str) -> Interaction:
        """Stand in for a recording that cannot be read: it is told at its place, the rest is judged."""
        self._unread.add(problem)
        url = example_url(self.provider.spec, operation)
        return Interaction(
            request=Request(operation.method, url),
            response=None,
            failure=problem,
            source=Source.RECORDED,
            name=path.stem.partition("-")[2] or path.stem,
        )

    def assess(self, interaction: Interaction, shows: Callable[[Finding], bool] = bool) -> Assessment:
        """Judge one interaction: findings by policy and waivers, verdict, what was not checked.

        `shows` chooses the findings that get the part of the answer they are about; by default all do.
        """
        answered = self._met(interaction)
        one = self._counted(answered, self._asking(answered.operation))
        return replace(one, findings=self._witnessed(answered, one.findings, shows)) if one.findings else one

    def count(self, interaction: Interaction) -> Assessment:
        """Judge as `assess` does, without what a reader of one answer needs: its parts, how to ask again."""
        return self._counted(self._met(interaction), Asking())

    def _counted(self, answered: Answered, asking: Asking) -> Assessment:
        one = self._assessed(answered, asking)
        return one if one.not_judged else replace(one, not_checked=self.checker.vacuous(answered))

    def _witnessed(
        self, answered: Answered, findings: tuple[Finding, ...], shows: Callable[[Finding], bool]
    ) -> tuple[Finding, ...]:
        """Give the findings with the part of the answer that shows each, where it was read as JSON."""
        operation, response = answered.operation, answered.response
        chosen = {id(one) for one in findings if shows(one)}
        if operation is None or response is None or not chosen or not answered.decoded.usable:
            return findings
        key = (operation.alias, response.status)
        if key not in self._published:
            allowance = allowance_of(self.provider.spec, operation, response.status)
            self._published[key] = allowance.published
        value, interaction = answered.decoded.value, answered.interaction
        return witnessed(findings, value, self.hiding.known(interaction), self._published[key], chosen)

    def glance(self, interaction: Interaction) -> Assessment:
        """Judge as `assess` does, without what only a report says: empty lists, and how to ask again."""
        return self._assessed(self.checker.met(interaction), Asking())

    def settled(self, found: Iterable[Finding], interaction: Interaction) -> tuple[Finding, ...]:
        """Give findings about an interaction as they are said: weighed, waived, without what is secret.

        The same objects again, with the same secrets, give the same findings.
        """
        findings = tuple(found)
        if not findings:
            return ()
        known = self.hiding.known(interaction)
        key = (*map(id, findings), of_the_moment(interaction), interaction.probe)
        if known is not self._secrets or len(self._settled) >= MOST:
            self._settled, self._secrets = {}, known
        if key not in self._settled:
            said = self.hiding.findings(self._judged(findings, interaction), known)
            self._settled[key] = findings, said  # what is held keeps its id
        return self._settled[key][1]

    def _assessed(self, answered: Answered, asking: Asking) -> Assessment:
        operation, interaction = answered.operation, answered.interaction
        findings = [*self.checker.check(answered), *self._noted(answered), *self._unreadable(interaction)]
        if interaction.source is Source.DOCUMENTATION:
            findings = [as_mismatch(finding) for finding in findings]
        judged = self.settled(findings, interaction)
        unjudged = self.checker.unjudged(answered)
        return Assessment(
            provider=self.provider.id,
            operation=operation.alias if operation else interaction.operation,
            interaction=interaction,
            findings=judged,
            verdict=_verdict(interaction, judged, whole=unjudged.whole),
            not_judged=unjudged.said,
            not_checked=unjudged.said,
            asking=asking,
        )

    def _asking(self, operation: Operation | None) -> Asking:
        """Give what the line that asks again may hold; made once an operation."""
        alias = operation.alias if operation else ""
        if alias not in self._askings:
            self._askings[alias] = asking_of(self.provider.manifest, operation, self.asked)
        return self._askings[alias]

    def _met(self, interaction: Interaction) -> Answered:
        """Hold an interaction against the spec; the last is kept, since its coverage is asked for next."""
        if self._last is None or self._last.interaction is not interaction:
            self._last = self.checker.met(interaction)
        return self._last

    def _noted(self, answered: Answered) -> Iterator[Finding]:
        notes, response, operation = self.provider.manifest.notes, answered.response, answered.operation
        if notes and response and operation and answered.decoded.usable:
            status = str(response.status)
            key = (operation.alias, status)
            if key not in self._notes:
                self._notes[key] = notes_of(notes, *key)
            broken = check_notes(self._notes[key], answered.decoded.value)
            source = str(answered.interaction.origin or answered.interaction.source)
            yield from group(
                broken, self.provider.spec, Where(self.provider.id, operation, status, "body", source)
            )

    def _unreadable(self, interaction: Interaction) -> Iterator[Finding]:
        if interaction.failure in self._unread:
            words = Message("this recording cannot be read, so nothing of it was judged")
            broken = RawFault("unreadable-recording", Pointer(), None, words)
            where = Where(self.provider.id, self.checker.find(interaction), "", "", str(interaction.origin))
            yield from group((broken,), self.provider.spec, where)

    def _judged(self, findings: Iterable[Finding], interaction: Interaction) -> Iterator[Finding]:
        """Weigh by policy, then waive; a live answer about the moment never weighs more than a note."""
        for finding in findings:
            level = self._weight(finding, interaction)
            if level is not None:
                level = Severity.NOTE if of_the_moment(interaction) else level
                yield waive(replace(finding, severity=level), self.waivers, self.gate.today)

    def _weight(self, finding: Finding, interaction: Interaction | None = None) -> Severity | None:
        probe = interaction.probe if interaction else ""
        own = severity_of(finding.rule, finding.provenance, status=finding.status, probe=probe)
        return self.gate.policy.weigh(finding.rule, own, self.provider.id)

    def spec_findings(self, operation: Operation) -> tuple[Finding, ...]:
        """Give what is wrong with the vendor's document itself: examples that contradict their schemas.

        What several operations share is told of the one that is asked first.
        """
        if operation.alias not in self._examples:
            said = places(self.provider.spec, operation)
            mismatches = example_findings(self.checker, operation, said, self._seen)
            self._examples[operation.alias] = mismatches
        weighed = [(f, self._weight(f)) for f in self._examples[operation.alias]]
        found = [replace(f, severity=level) for f, level in weighed if level is not None]
        return tuple(waive(f, self.waivers, self.gate.today) for f in found)

    def coverage(self, operation: Operation, found: Collection[str]) -> Coverage:
        """Sort the facts of the operation into shown and not shown."""
        return tally(self.checker, operation, found)

    def shown(self, operation: Operation, interaction: Interaction) -> tuple[str, ...]:
        """Give the facts of the operation that one interaction shows, sorted."""
        return tuple(sorted(set(shown(self.checker, operation, self._met(interaction)))))

    def report(self, operations: Sequence[str] = ()) -> Report:
        """Check everything recorded of the chosen operations, all by default."""
        parts = [self._operation(operation) for operation in self.operations(operations)]
        start = Report(providers=(self.facts,), notices=self.notices)
        return self.close(Report.merge([start, *parts]), whole=not operations)

    def _operation(self, operation: Operation) -> Report:
        assessments, found = [], set[str]()
        for interaction in self.interactions(operation):
            assessments.append(self.assess(interaction))
            found.update(shown(self.checker, operation, self._met(interaction)))
        return Report(
            assessments=tuple(assessments),
            findings=self.spec_findings(operation),
            coverage=(self.coverage(operation, found),),
        )

    def close(self, report: Report, *, whole: bool) -> Report:
        """Add what only a finished run can say: stale recordings, thin coverage, unused or ended waivers."""
        policy, today = self.gate.policy, self.gate.today
        late = (*stale_findings(report, policy, today), *(coverage_findings(report, policy) if whole else ()))
        grown = report + Report(findings=tuple(waive(finding, self.waivers, today) for finding in late))
        unwaived = replace(
            grown,
            assessments=tuple(map(_bare, grown.assessments)),
            findings=tuple(map(_plain, grown.findings)),
        )
        if not self.waivers:
            return grown
        providers, known = (self.provider.id,) if whole else (), [one.alias for one in self.operations()]
        return waive_report(unwaived, self.waivers, today, providers, known)


def _bare(one: Assessment) -> Assessment:
    """Undo the marks of single waivers, so that the whole run is waived once."""
    findings = tuple(map(_plain, one.findings))
    open_error = any(f.severity is Severity.ERROR for f in findings)
    return replace(one, findings=findings, verdict=Verdict.VIOLATES if open_error else one.verdict)


def _plain(finding: Finding) -> Finding:
    return replace(finding, waived="", waiver_ended="")


def _status(interaction: Interaction) -> int:
    return interaction.response.status if interaction.response else 0


def _unique(interactions: Iterable[Interaction]) -> Iterator[Interaction]:
    """Number the situations that would share an id, in their order."""
    seen: dict[tuple[int, str], int] = {}
    for interaction in interactions:
        key = (_status(interaction), interaction.name)
        seen[key] = seen.get(key, 0) + 1
        yield interaction if seen[key] == 1 else replace(interaction, name=f"{interaction.name}-{seen[key]}")


def of_the_moment(interaction: Interaction) -> bool:
    """Whether a live answer speaks of the account, the key or the moment, and not of the contract."""
    status = _status(interaction)
    refused = status in {401, 403} and not interaction.probe
    return interaction.source is Source.LIVE and (refused or status in INCONCLUSIVE or status >= 500)


def _verdict(interaction: Interaction, findings: Iterable[Finding], *, whole: bool) -> Verdict:
    """An open error beats inconclusive, but not for a live answer about the moment or for no answer.

    `whole` says that nothing of the answer could be judged.
    """
    if interaction.response is None or of_the_moment(interaction):
        return Verdict.INCONCLUSIVE
    if any(f.severity is Severity.ERROR and not f.waived for f in findings):
        return Verdict.VIOLATES
    return Verdict.INCONCLUSIVE if whole or _refused(interaction) else Verdict.CONFORMS


def _refused(interaction: Interaction) -> bool:
    """Whether a vendor did not give what was really asked for: its answer says nothing of what it gives."""
    return interaction.source is Source.LIVE and not interaction.probe and _status(interaction) >= 400


def why_open(assessment: Assessment) -> str:
    """Say why an interaction is inconclusive."""
    interaction = assessment.interaction
    if _refused(interaction) and _status(interaction) in {400, 404, 409, 410, 422}:
        return f"answered {_status(interaction)}, so what was asked for was not seen; check the parameters"
    moment = f"answered {_status(interaction)}, which says nothing of the contract"
    known = interaction.failure or "; ".join(assessment.not_checked)
    return known or (moment if interaction.response else "no answer")


def merged(checks: Iterable[ProviderCheck], operations: Sequence[str] = ()) -> Report:
    """Check several providers and add the reports up."""
    return Report.merge(check.report(operations) for check in checks)


def narrowed(
    checks: Iterable[ProviderCheck], wanted: Sequence[str]
) -> Iterator[tuple[ProviderCheck, tuple[str, ...]]]:
    """Pair each check with the wanted operations that it has, leaving out one that has none of them.

    Without `wanted` every check is paired with nothing, which means all its operations; UnknownName for an
    operation that none of them has.
    """
    given = tuple(checks)
    named = [tuple(filter(None, map(one.provider.spec.operation, wanted))) for one in given]
    for name in wanted:
        if not any(one.provider.spec.operation(name) for one in given):
            known = {operation.alias for one in given for operation in one.operations()}
            raise UnknownName("operation", name, sorted(known))
    for one, mine in zip(given, named, strict=True):
        if mine or not wanted:
            yield one, tuple(dict.fromkeys(operation.alias for operation in mine))
