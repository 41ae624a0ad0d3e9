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

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NoReturn

from contracts.errors import ConfigError, UnknownName
from contracts.model import Finding, SourceLine
from contracts.text import plural, safe_text, show

MAX_DAYS: Final = 180
"""The furthest day that a waiver may name, in days from today."""

_KEYS: Final = ("rule", "place", "reason", "owner", "until", "link")
_NEEDED: Final = ("rule", "place", "reason", "owner", "until")
_HEADER: Final = re.compile(r"^[ \t]*\[\[[ \t]*waiver[ \t]*\]\]", re.MULTILINE)


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

    def covers(self, finding: Finding) -> bool:
        """Whether rule and place fit the finding, whatever the day."""
        return self.rule == finding.rule and _pattern(self.place, place(finding)) is not None

    @property
    def provider(self) -> str:
        """The provider that the place names; `*` for any."""
        return self.place.partition("/")[0]


def place(finding: Finding) -> str:
    """Write where a finding is, as a waiver names it: `nimble/getBatch/200/tasks/*/state`."""
    head = (finding.provider, finding.operation, finding.status)
    parts = [part.replace("~", "~0").replace("/", "~1") or "-" for part in head]
    named = finding.part if finding.part not in {"", "body"} else ""
    pointer = re.sub(r"/\d+(?=/|$)", "/*", finding.pointer)
    if pointer and not pointer.startswith("/"):
        pointer = f"/{pointer}"
    return "/".join(parts) + (f":{named}" if named else "") + pointer


def _pattern(pattern: str, where: str) -> re.Match[str] | None:
    """Match part by part; a pattern that names no message part fits every one."""
    if ":" not in "".join(pattern.split("/")[2:3]):
        head = where.split("/")
        where = "/".join([*head[:2], *(part.partition(":")[0] for part in head[2:3]), *head[3:]])
    rest = pattern.endswith("/**")
    body = "[^/]*".join(re.escape(part) for part in pattern.removesuffix("/**").split("*"))
    return re.fullmatch(body + ("(?:/.*)?" if rest else ""), where, re.DOTALL)


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """Read a waivers file; ConfigError names the line of what cannot be used as written.

    A missing file holds no waiver, nor does one of comments only; an empty one may have been lost.
    """
    if not path.is_file():
        return ()
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {safe_text(str(error), 100)}") from None
    rows = table.get("waiver", [])
    for key in table:
        if key != "waiver":
            raise UnknownName("table", safe_text(key, 60), ("waiver",), str(path))
    if not isinstance(rows, list) or not all(isinstance(one, Mapping) for one in rows):
        raise ConfigError(f"{path}: 'waiver' is not a list of tables; start each with [[waiver]]")
    if not text.strip():
        raise ConfigError(f"{path}: the file is empty; write a waiver or remove it")
    lines = [text.count("\n", 0, match.start()) + 1 for match in _HEADER.finditer(text)]
    lines = lines if len(lines) == len(rows) else [0] * len(rows)
    waivers = tuple(
        _Row(SourceLine(str(path), line), row).waiver() for line, row in zip(lines, rows, strict=True)
    )
    _refuse_duplicates(waivers)
    return waivers


def _refuse_duplicates(waivers: Iterable[Waiver]) -> None:
    seen: dict[tuple[str, str], Waiver] = {}
    for one in waivers:
        first = seen.setdefault((one.rule, one.place), one)
        if first is not one:
            raise ConfigError(
                f"{one.origin}: the same rule and place as line {first.origin.line}; keep one of them"
            )


class _Row:
    """One table of the file, read key by key."""

    def __init__(self, origin: SourceLine, values: Mapping[str, Any]) -> None:
        self.origin, self.values = origin, values

    def waiver(self) -> Waiver:
        for key in self.values:
            if key not in _KEYS:
                raise UnknownName("key of a waiver", safe_text(key, 60), _KEYS, str(self.origin))
        for key in _NEEDED:
            if key not in self.values:
                self.fail(f"a waiver needs '{key}'")
        until = self.values["until"]
        if type(until) is not date:
            self.fail(f"until is {show(str(until))}; write a day without quotes, such as 2027-02-01")
        return Waiver(
            rule=self.text("rule"),
            place=self.place(),
            reason=self.text("reason"),
            owner=self.text("owner"),
            until=until,
            link=self.text("link") if "link" in self.values else "",
            origin=self.origin,
        )

    def text(self, key: str) -> str:
        value = self.values[key]
        if not isinstance(value, str) or not value.strip():
            self.fail(f"{key} is empty or no text")
        return value.strip()

    def place(self) -> str:
        text = self.text("place")
        if text.count("/") < 2 or "**" in text.removesuffix("/**"):
            self.fail(
                f"place is {show(text, 80)}; write provider/operation/status/pointer, with * for any one part"
            )
        if not text.replace("*", "").strip("/"):
            self.fail("place covers everything; name at least the provider")
        return text

    def fail(self, problem: str) -> NoReturn:
        raise ConfigError(f"{self.origin}: {problem}")


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
