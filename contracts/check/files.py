"""Interactions of any recording, each given to its vendor; what is left out is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Final

from contracts.address import read_address
from contracts.check.provider import ProviderCheck, narrowed
from contracts.check.repeats import Examples, Shared
from contracts.errors import CassetteError, ConfigError, NoRecording, UnknownName
from contracts.interactions import Opened, example_url, read_recordings
from contracts.model import Interaction, Report, Request
from contracts.spec import Operation, Provider, is_received
from contracts.text import plural, safe_text

_NAMED: Final = 3
_SAID: Final = 10
_FEW: Final = 8


@dataclass(slots=True)
class Intake:
    """Reads recordings for some vendors, and keeps count of what is not theirs and of what cannot be read.

    `fields` are the user's own places of JSON lines; `asked` is the request to which a bare body belongs.
    """

    providers: Sequence[Provider]
    fields: Mapping[str, str] = field(default_factory=dict)
    asked: Request | None = None
    hosts: Counter[str] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)
    others: int = 0

    def read(self, files: Iterable[Opened]) -> Iterator[tuple[Provider, Interaction]]:
        """Yield what the vendors answered, each with its vendor and a whole address."""
        try:
            for interaction in read_recordings(
                files, fields=self.fields, on_problem=self.problem, asked=self.asked
            ):
                placed = self.placed(interaction)
                if placed is None:
                    self.hosts[host_of(interaction.request.url)] += 1
                else:
                    yield placed
        except NoRecording as problem:
            raise NoRecording(self._told(problem)) from None

    def placed(self, interaction: Interaction) -> tuple[Provider, Interaction] | None:
        """Give an interaction with its vendor and a whole address; None when it is none of theirs."""
        owner = self.owner(interaction.request)
        return None if owner is None else (owner, _addressed(interaction, owner))

    def owner(self, request: Request) -> Provider | None:
        """Find whose answer it is: of a vendor on whose server it met, one that knows the request first.

        Without a host it is the only vendor's that knows the path, or of the only vendor that there is.
        """
        address = read_address(request.url)
        if is_received(request.url):
            known = [one for one in self.providers if one.spec.find(request.method, request.url)]
            return known[0] if len(known) == 1 else None
        if address.scheme not in {"", "http", "https"}:
            return None
        at_home = [one for one in self.providers if one.spec.router.serves(request.url)]
        knowing = [one for one in at_home if one.spec.find(request.method, request.url)]
        if not address.host and len(knowing) != 1 and len(at_home) != 1:
            return None
        return next(iter(knowing or at_home), None)

    def owned(self, url: str) -> Provider | None:
        """Find whose address it is, of an entry of which nothing more could be read."""
        return self.owner(Request("GET", url))

    def problem(self, problem: CassetteError) -> None:
        """Count an entry that could not be read; one of another host is no matter of ours."""
        if problem.url and self.owned(problem.url) is None:
            self.hosts[host_of(problem.url)] += 1
        else:
            self.unread.append(self._told(problem))

    def _told(self, problem: CassetteError) -> str:
        """Say a problem; where an operation is to be named, name those there are, or the five nearest.

        Nearest is what is like the file's name.
        """
        if not problem.unnamed:
            return str(problem)
        known = sorted({op.alias for one in self.providers for op in one.spec.operations})
        if len(known) <= _FEW:
            return f"{problem}; operations: {safe_text(', '.join(known), 300)}"
        stem = str(problem).partition(".")[0]
        near = get_close_matches(stem, known, n=5, cutoff=0.0)
        return f"{problem}; the nearest of {len(known):,} operations: {safe_text(', '.join(near), 300)}"

    @property
    def notices(self) -> tuple[str, ...]:
        """Say what was skipped and what could not be read, and why; nothing for nothing."""
        return (*_skipped(self.hosts), *self._others(), *self._unread())

    def _others(self) -> Iterator[str]:
        if self.others:
            yield f"{self.others:,} of other operations skipped"

    def _unread(self) -> Iterator[str]:
        yield from (f"not read: {one}" for one in self.unread[:_SAID])
        if len(self.unread) > _SAID:
            yield f"not read: {len(self.unread) - _SAID:,} more"


def asked_of(providers: Sequence[Provider], operations: Sequence[str]) -> Request | None:
    """Give the request to which a bare body belongs: that of the one operation that was named."""
    if len(operations) != 1:
        return None
    found = [(one, op) for one in providers if (op := one.spec.operation(operations[0]))]
    if len(found) > 1:
        named = ", ".join(one.id for one, _ in found)
        raise ConfigError(f"{safe_text(operations[0], 60)} is an operation of {named}; name the vendor")
    if not found:
        known = {op.alias for one in providers for op in one.spec.operations}
        raise UnknownName("operation", operations[0], sorted(known))
    return request_of(*found[0])


def request_of(provider: Provider, operation: Operation) -> Request:
    """Give a request of an operation, from its examples."""
    return Request(operation.method, example_url(provider.spec, operation))


def judged(
    checks: Sequence[ProviderCheck], files: Iterable[Opened], intake: Intake, operations: Sequence[str] = ()
) -> Report:
    """Judge what came from the servers of these vendors, of the chosen operations only if some are named."""
    by_id = {check.provider.id: check for check in checks}
    mine = {check.provider.id: named for check, named in narrowed(checks, operations)}
    assessments, seen, shared, examples = [], dict[str, ProviderCheck](), Shared(), Examples()
    for owner, interaction in intake.read(files):
        check = by_id[owner.id]
        operation = check.checker.find(interaction)
        if operations and (operation is None or operation.alias not in mine.get(owner.id, ())):
            intake.others += 1
            continue
        seen[owner.id] = check
        nameless = replace(interaction, origin=None)  # so that its findings are those of other entries
        assessments.append(shared.lean(check.assess(nameless, examples.wants), interaction))
    facts = tuple(check.facts for check in seen.values())
    return Report.merge([Report(providers=facts, assessments=tuple(assessments), notices=intake.notices)])


def _skipped(hosts: Counter[str]) -> Iterator[str]:
    """Say how many interactions were none of the vendor's; nothing for none."""
    if hosts:
        named = ", ".join(safe_text(host, 80) for host, _ in hosts.most_common(_NAMED))
        more = f" and {plural(len(hosts) - _NAMED, 'more')}" if len(hosts) > _NAMED else ""
        yield f"{hosts.total():,} of other hosts skipped: {named}{more}"


def host_of(url: str) -> str:
    """Name the host of an address, for a count of what was skipped."""
    address = read_address(url)
    return address.host or (f"{address.scheme}: addresses" if address.scheme else "no host")


def _addressed(interaction: Interaction, owner: Provider) -> Interaction:
    """Put the vendor's server before a path that was recorded without one."""
    url, servers = interaction.request.url, owner.spec.servers
    if read_address(url).host or not servers or is_received(url):
        return interaction
    server = servers[0].rstrip("/")
    base = read_address(server).path
    whole = server.removesuffix(base) + url if base and url.startswith(f"{base}/") else server + url
    return replace(interaction, request=replace(interaction.request, url=whole))
