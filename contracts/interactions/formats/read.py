"""One door to all recordings that are read: the format is told by what the file holds.

FORMATS is the table; a new format is a row here, or one of DOCUMENTS where it is JSON, and a test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from contracts.address import read_address
from contracts.errors import CassetteError, ConfigError, NoRecording
from contracts.interactions.formats.cassette import read_cassette
from contracts.interactions.formats.documents import document_of, read_document
from contracts.interactions.formats.entry import OnProblem, Places, Reading, Where, refuse
from contracts.interactions.formats.files import Opened, Values, opened
from contracts.interactions.formats.flows import HEAD as FLOWS
from contracts.interactions.formats.flows import read_flows
from contracts.interactions.formats.gateways import is_record, is_steps_text, read_records, read_steps
from contracts.interactions.formats.har import read_har
from contracts.interactions.formats.jsonl import bare, entry_of, is_entry, note_met, read_lines, table_of
from contracts.interactions.formats.parquet import MAGIC as PARQUET
from contracts.interactions.formats.parquet import read_parquet, row_of
from contracts.interactions.formats.plain_http import is_http_text, read_text
from contracts.interactions.formats.vcr import read_yaml
from contracts.model import Interaction, Json, Request
from contracts.text import safe_text

_OWN = re.compile(rb'\s*\{\s*"format"\s*:\s*"contracts-cassette/')
_HAR = re.compile(rb'\s*\{\s*"log"\s*:')
_YAML = re.compile(rb"(?:\A|\n)[ \t]*+(?:http_)?interactions\s*+:|(?:\A|\n)-\s*+request\s*+:")
_JSON = re.compile(rb"\s*[\[{]")
_LINES = re.compile(rb"\s*\{[^\n]*\}[ \t\r]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name, how its first bytes tell, and its reader."""

    name: str
    tells: Callable[[bytes], object]
    read: Callable[[Opened, Reading], Iterator[Interaction]]


def _own(file: Opened, reading: Reading) -> Iterator[Interaction]:
    yield read_cassette(file.whole(), file.name)


def _json(file: Opened, reading: Reading) -> Iterator[Interaction]:
    """Read JSON of any other kind: lines, a document of a recorder, or the body of what was asked."""
    if _begins_with_lines(file.head, reading):
        return read_lines(file, reading)
    with file.stream() as stream:
        values = Values(stream, file.name)
        document = values.value()
        more = bool(values.peek())
    if is_record(document):
        return read_records(file, reading)
    kind = document_of(document, reading)
    if more and kind is None:
        return read_lines(file, reading)
    if kind is not None:
        return read_document(kind, file, reading)
    note_met(document, reading)
    if reading.asked is None:
        raise _unknown(file, document, reading)
    return iter([bare(file.whole(), Where(file, 1), reading.asked)])


def _begins_with_lines(head: bytes, reading: Reading) -> bool:
    """Whether the first line is an entry of a log, or the second where the first is broken."""
    first, _, rest = head.lstrip().partition(b"\n")
    line = _object(first)
    if line is None and len(first.strip()) > 1 and first.startswith(b"{"):
        line = _object(rest.partition(b"\n")[0])
    return is_entry(line, table_of(reading.fields))


def _object(line: bytes) -> Json:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _unknown(file: Opened, document: Json, reading: Reading) -> NoRecording:
    """Say what was seen of JSON that is no recording, and what to do."""
    name, kind = safe_text(file.name), "a list" if isinstance(document, list) else "a bare value"
    if isinstance(document, dict):
        kind = f"an object with {', '.join(safe_text(key, 30) for key in list(document)[:4]) or 'no key'}"
    vain = next((f"{fact}={place}" for fact, place in reading.fields.items() if fact not in reading.met), "")
    hint = (
        f"--field {safe_text(vain, 90)} stands nowhere in it"
        if vain
        else ("say --operation for a bare response body, or --field url=/PLACE for a log")
    )
    return NoRecording(f"{name}: JSON, but no recording: {kind}; {hint}", unnamed=not vain)


FORMATS: Final = (
    Format("own", _OWN.match, _own),
    Format("har", _HAR.match, read_har),
    Format("flows", FLOWS.match, read_flows),
    Format("json", _JSON.match, _json),
    Format("parquet", lambda head: head.startswith(PARQUET), read_parquet),
    Format("steps", is_steps_text, read_steps),
    Format("vcr", _YAML.search, read_yaml),
    Format("http", is_http_text, read_text),
)
"""The formats that are read; the first that tells counts."""


def format_of(head: bytes) -> str:
    """Tell a recording's format from its first bytes: own, har, vcr, jsonl and more; "" for none.

    JSON of another kind than these is `json`.
    """
    bare_head = head.removeprefix(b"\xef\xbb\xbf")
    name = next((one.name for one in FORMATS if one.tells(bare_head)), "")
    if name != "json":
        return name
    if re.search(rb'(?:\{|,)\s*"(?:http_)?interactions"\s*:', bare_head[:4096]):
        return "vcr"
    return "jsonl" if _LINES.match(bare_head) else "json"


def is_traffic(head: bytes) -> bool:
    """Whether first bytes are those of a recording that cannot be another kind of file."""
    return format_of(head) in {"own", "har", "vcr", "flows", "http"}


def read_recording(
    source: Path | bytes,
    name: str = "recording",
    *,
    fields: Mapping[str, str] = MappingProxyType({}),
    on_problem: OnProblem = refuse,
    asked: Request | None = None,
) -> Iterator[Interaction]:
    """Yield the interactions of a recording in any format we read; CassetteError when it is none of them.

    An interaction whose address is none keeps its place: it has no response, and says why. `asked` is the
    request to which a bare body belongs.
    """
    reading = Reading(fields, on_problem, asked)
    for file in opened(source, name):
        yield from _read(file, reading)


def read_recordings(
    files: Iterable[Opened],
    *,
    fields: Mapping[str, str] = MappingProxyType({}),
    on_problem: OnProblem = refuse,
    asked: Request | None = None,
) -> Iterator[Interaction]:
    """Yield the interactions of several files, as `files_in` gives them.

    What the user named by itself must be a recording, else it is a CassetteError. Of a folder or an archive
    the files that are none go to `on_problem`, and so does a file that breaks off. Of a packed file whose
    checksum is wrong, or that is cut off, nothing is yielded: what such bytes say is not what was recorded.
    """
    problems: list[CassetteError] = []

    def noted(problem: CassetteError) -> None:
        problems.append(problem)
        on_problem(problem)

    reading = Reading(fields, noted, asked)
    for file in files:
        before, count = len(problems), 0
        try:
            file.prove()
            for count, interaction in enumerate(_read(file, reading), 1):  # noqa: B007 -- asked below
                yield interaction
        except CassetteError as problem:
            if file.named and not count and len(problems) == before:
                raise
            noted(problem)
    for fact, place in fields.items():
        if fact not in reading.met:
            raise ConfigError(
                f"--field {fact}={safe_text(place, 80)}: no line of the recordings has this place"
            )


def read_line(line: bytes, table: Places, name: str, number: int) -> Interaction:
    """Read one entry of a log, by a table of `table_of`; CassetteError when that fails.

    `name` is the file that it stands in, `number` its line from 1.
    """
    return _usable(entry_of(line, table, Where(Opened(name, b""), number, number), Reading()))


def read_row(row: Mapping[str, Any], table: Places, name: str, number: int) -> Interaction:
    """Read one row of a table, by a table of `table_of`; CassetteError when that fails."""
    return _usable(row_of(row, table, Where(Opened(name, b""), number)))


def is_log(file: Opened, fields: Mapping[str, str] = MappingProxyType({})) -> bool:
    """Whether a file is a log of JSON lines, each of which can be read by itself."""
    kind = next((one.name for one in FORMATS if one.tells(file.head)), "")
    return kind == "json" and _begins_with_lines(file.head, Reading(fields))


def read_opened(
    file: Opened,
    *,
    fields: Mapping[str, str] = MappingProxyType({}),
    on_problem: OnProblem = refuse,
    met: set[str] | None = None,
) -> Iterator[Interaction]:
    """Yield the interactions of one file; CassetteError where it is none that is read, or breaks off.

    `met` takes the facts of `fields` whose place an entry has.
    """
    return _read(file, Reading(fields, on_problem, met=set() if met is None else met))


def _read(file: Opened, reading: Reading) -> Iterator[Interaction]:
    yield from map(_usable, _of(file, reading))


def _usable(one: Interaction) -> Interaction:
    """Take the answer away from an interaction whose address is none, and say why."""
    fault = read_address(one.request.url).fault
    failed = fault and one.response is not None
    return replace(one, response=None, failure=f"its address cannot be used: {fault}") if failed else one


def _of(file: Opened, reading: Reading) -> Iterator[Interaction]:
    kind = next((one for one in FORMATS if one.tells(file.head)), None)
    if kind is None:
        raise NoRecording(_unreadable(file))
    return kind.read(file, reading)


_SEEN: Final = (
    (re.compile(rb"\s*\Z"), "an empty file"),
    (re.compile(rb"\s*<(?:!doctype html|html)", re.IGNORECASE), "an HTML page"),
    (re.compile(rb"\s*<"), "XML; export it as HAR"),
    (re.compile(rb"\xd4\xc3\xb2\xa1|\xa1\xb2\xc3\xd4|\n\r\r\n"), "a packet capture; export it as HAR"),
    (
        re.compile(rb"(?s).*\n?type: *(?:collection\.)?insomnia"),
        "an Insomnia export, which holds no responses; use HAR",
    ),
    (
        re.compile(rb"(?s)(?:.*\n)?(?:openapi|swagger) *:"),
        "a document of an API; contracts vendor --add reads it",
    ),
    (re.compile(rb"(?s).*\x00"), "binary data"),
    (re.compile(rb'\S+ \S+ \S+ \[[^\]]+\] "'), "an access log without bodies; log JSON lines with the body"),
    (re.compile(rb"(?:---|[A-Za-z_]+ *:)"), "YAML without a list of interactions, which VCR has"),
)


def _unreadable(file: Opened) -> str:
    """Say in a sentence what a file is, that is no recording we read."""
    seen = next((words for pattern, words in _SEEN if pattern.match(file.head)), "")
    return f"{safe_text(file.name)}: no recording: {seen or 'text of no kind that is read'}"
