"""`waivers.toml`: findings accepted on purpose, each with a reason, an owner and an end.

    [[waiver]]
    rule = "enum"
    place = "nimble/getBatch/200/tasks/*/state"
    reason = "cancelled is on its way into their documents"
    owner = "payments"
    until = 2027-02-01
    link = "https://example.com/ticket/1"

A place is provider/operation/status and then the pointer; `*` stands for any one part, a final `**` for
the rest, `-` for a part that the finding lacks; `200:header/retry-after` names a part of the message.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from contracts.errors import ConfigError, UnknownName
from contracts.model import Finding, SourceLine
from contracts.policy.catalogue import all_rules
from contracts.rules import RULES
from contracts.spec import Provider, names
from contracts.text import plural, safe_text
from contracts.toml_table import Table, read_table

MAX_DAYS: Final = 180
"""The furthest day that a waiver may name, in days from today."""

_KEYS: Final = ("rule", "place", "reason", "owner", "until", "link")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One accepted finding: rule, place (exact or with `*`), reason, owner, last day, and where it stands."""

    rule: str
    place: str
    reason: str
    owner: str
    until: date
    origin: SourceLine
    link: str = ""

    @property
    def names_part(self) -> bool:
        """Whether the place names a part of the message, such as `200:header`."""
        return ":" in "".join(self.place.split("/")[2:3])

    @property
    def provider(self) -> str:
        """The provider that the place names; `*` for any."""
        return self.head[0]

    @property
    def head(self) -> tuple[str, str, str]:
        """Provider, operation and status of the place, each `*` for any and `-` for none."""
        provider, operation, status = self.place.split("/")[:3]
        return provider, operation, status.partition(":")[0]


def place(finding: Finding) -> str:
    """Write where a finding is, as a waiver names it: `nimble/getBatch/200/tasks/*/state`."""
    head = (finding.provider, finding.operation, finding.status)
    parts = [part.replace("~", "~0").replace("/", "~1") or "-" for part in head]
    named = finding.part if finding.part != "body" else ""
    pointer = re.sub(r"/\d+(?=/|$)", "/*", finding.pointer)
    if pointer and not pointer.startswith("/"):
        pointer = f"/{pointer}"
    return "/".join(parts) + (f":{named}" if named else "") + pointer


def read_waivers(path: Path, shown: str = "") -> tuple[Waiver, ...]:
    """Read a waivers file; ConfigError names the line of what cannot be used as written.

    A missing file holds no waiver, nor does one of comments only; an empty one may have been lost. `shown`
    is the name that a reader knows the file by.
    """
    if not path.is_file():
        return ()
    name = shown or str(path)
    file = read_table(path, name)
    file.only(("waiver",), "table")
    if not file.source.strip():
        raise ConfigError(f"{name}: the file is empty; write a waiver or remove it")
    waivers = tuple(_waiver(name, row) for row in file.tables("waiver"))
    _refuse_duplicates(waivers)
    return waivers


def waivers_of(provider: Provider) -> tuple[Waiver, ...]:
    """Read the waivers of a provider; UnknownName where a place names a provider that is not there."""
    files = provider.copies("waivers.toml")
    found = tuple(one for path in files for one in read_waivers(path, provider.shown(path)))
    known = names(provider.root) if found else ()
    for one in found:
        if not fnmatch.filter(known, one.provider):
            raise UnknownName("provider", safe_text(one.provider, 60), known, str(one.origin))
    return found


def _refuse_duplicates(waivers: Iterable[Waiver]) -> None:
    seen: dict[tuple[str, str], Waiver] = {}
    for one in waivers:
        first = seen.setdefault((one.rule, one.place), one)
        if first is not one:
            raise ConfigError(
                f"{one.origin}: the same rule and place as line {first.origin.line}; keep one of them"
            )


def _waiver(name: str, row: Table) -> Waiver:
    row.only(_KEYS, "key of a waiver")
    return Waiver(
        rule=_rule(row),
        place=_place(row),
        reason=row.text("reason").strip(),
        owner=row.text("owner").strip(),
        until=row.day("until"),
        link=row.text("link").strip() if "link" in row.values else "",
        origin=SourceLine(name, row.line),
    )


def _rule(row: Table) -> str:
    name = row.text("rule").strip()
    if name not in RULES and name not in all_rules():  # the catalogue is large, and rarely asked
        raise UnknownName("rule", safe_text(name, 60), sorted(all_rules()), row.where)
    return name


def _place(row: Table) -> str:
    text = row.text("place").strip()
    if text.count("/") < 2 or "**" in text.removesuffix("/**"):
        row.fail("place", "provider/operation/status/pointer, with * for any one part")
    if not text.replace("*", "").strip("/"):
        raise ConfigError(f"{row.where}: place covers everything; name at least the provider")
    return text


def check_dates(waivers: Iterable[Waiver], today: date) -> None:
    """Refuse a waiver that ends more than 180 days from today; ConfigError names its line."""
    for one in waivers:
        ahead = (one.until - today).days
        if ahead > MAX_DAYS:
            raise ConfigError(f"{one.origin}: until is {plural(ahead, 'day')} ahead; {MAX_DAYS} is the most")


def write_waivers(waivers: Iterable[Waiver]) -> Iterator[str]:
    """Yield the lines of a waivers file, sorted by place and rule, so that a review shows what changed."""
    for number, one in enumerate(sorted(waivers, key=lambda w: (w.place, w.rule))):
        if number:
            yield ""
        yield "[[waiver]]"
        for key in ("rule", "place", "reason", "owner"):
            yield f"{key} = {_quoted(getattr(one, key))}"
        yield f"until = {one.until.isoformat()}"
        if one.link:
            yield f"link = {_quoted(one.link)}"


def _quoted(text: str) -> str:
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(char: str) -> str:
    """Escape for a TOML basic string, which knows no surrogates."""
    if char in {'"', "\\"}:
        return f"\\{char}"
    if char.isprintable():
        return char
    return "�" if "\ud800" <= char <= "\udfff" else f"\\U{ord(char):08x}"
