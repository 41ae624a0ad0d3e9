"""The field list of a rendered Mintlify page: name line, type line, badges, prose, in sections."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from contracts.vendoring.platforms.mintlify.types import NAME, Badges, split_badges, split_type

_OPTIONS = re.compile(r"^(?:Available options|Allowed values?|Possible values|Options)\s*:\s*(.*)$")
_BADGED = re.compile(r"([A-Za-z_][\w.-]*?)(header|query|cookie|path|body)?(required)")
_EXAMPLE = re.compile(r"^Examples?\s*:\s*(.*)$")
_RANGE = re.compile(
    r"^(?:Required (?:range|string length|array length|number range)|Min(?:imum)? (?:string|array) length"
    r"|Max(?:imum)? (?:string|array) length|Pattern)\s*:\s*(.*)$"
)
_CHILDREN = re.compile(r"^(?:Show|Hide) (?:child attributes|\d+ propert(?:y|ies)).*$", re.IGNORECASE)
_PHRASES: Final = {
    "OK",
    "Ok",
    "Success",
    "Successful",
    "Created",
    "Accepted",
    "Found",
    "Response",
    "Unauthorized",
    "Forbidden",
    "Error",
    "Conflict",
}
_TYPE_WORD = re.compile(r"string|integer|number|boolean|object|array|any|file|enum<|const<")
_QUOTED = re.compile(r'^("[^"]*"|`[^`]*`)(.*)$')


@dataclass(slots=True)
class Label:
    """The lines of one field: "" stands for a name that the page dropped and for no type line."""

    name: str
    kind: str
    line: int
    words: list[str] = field(default_factory=list)
    default: str | None = None
    options: list[str] = field(default_factory=list)
    example: str = ""
    limits: list[tuple[str, str]] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)

    @property
    def required(self) -> bool:
        """Whether the field wears the badge `required`."""
        return "required" in self.words


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds text: number, text without edges, whether a blank line stands before it."""

    number: int
    text: str
    gap: bool


@dataclass(slots=True)
class FieldReader:
    """Reads the fields of one section; `known` are names that an example or the path vouches for."""

    lines: list[Line]
    known: Collection[str] = ()
    nameless: bool = False
    head: list[Line] = field(default_factory=list)
    at: int = 0

    def read(self) -> list[Label]:
        """Read all fields; lines before the first one go to `head`."""
        found: list[Label] = []
        self._part_fused()
        while self.at < len(self.lines):
            start = self._start(bool(found))
            if start is None:
                self._loose(found)
                continue
            found.append(start)
            self._badges(start)
        return found

    def _part_fused(self) -> None:
        """Part a name from the type that is fused to it: what examples or badges vouch for, then the rest."""
        sure = [self._fused(n, self.known) for n in range(len(self.lines))]
        pairs = [one or (self._fused(n, None) if any(sure) else None) for n, one in enumerate(sure)]
        parted: list[Line] = []
        for line, pair in zip(self.lines, pairs, strict=True):
            name, kind = pair or (line.text, "")
            parted.append(Line(line.number, name, gap=line.gap or pair is not None))
            parted += [Line(line.number, kind, gap=False)] if kind else []
        self.lines = parted

    def _fused(self, index: int, known: Collection[str] | None) -> tuple[str, str] | None:
        """Give name and type of a line that holds both; with `known`, if that or a badge vouches for them."""
        text = self.lines[index].text
        after = self.lines[index + 1].text if index + 1 < len(self.lines) else ""
        if " " in text.split("<")[0].split("|")[0].strip() and " · " not in text:
            return None
        if split_type(text) or split_badges(text) or split_type(after) or len(text) > 300:
            return None
        starts = [m.start() for m in _TYPE_WORD.finditer(text, 1)]
        names = [name for name in known or () if text.startswith(name)]
        for at in sorted({len(name) for name in names}, reverse=True) + starts:
            typed = split_type(text[at:])
            name = text[:at]
            vouched = known is None or name in known or (typed and (typed[1].words or typed[0][-1:] in ">]"))
            if typed and vouched and NAME.match(name):
                return name, text[at:]
        return None

    def _start(self, any_yet: bool) -> Label | None:
        """Recognise the start of a field at this line, and step over its name and type."""
        here = self.lines[self.at]
        if self.nameless:
            return self._nameless(here)
        after = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else None
        if after and (fused := _BADGED.fullmatch(here.text)) and (typed := split_type(after.text)):
            self.at += 2
            one = self._field(fused[1], typed, here.number)
            one.words += [word for word in fused.groups()[1:] if word]
            return one
        if not NAME.match(here.text) or self._no_name(here, any_yet):
            return None
        typed = split_type(after.text) if after else None
        if after is not None and typed is not None and not (after.gap and self._also_name(self.at + 1)):
            self.at += 2
            return self._field(here.text, typed, here.number)
        return self._untyped(here, after, any_yet)

    def _no_name(self, here: Line, any_yet: bool) -> bool:
        """Whether a word is a badge or the phrase of a status, unless an example vouches for it as a name."""
        if here.text in self.known:
            return False
        badges = split_badges(here.text)
        return (badges is not None and not badges.rest) or (not any_yet and here.text in _PHRASES)

    def _also_name(self, index: int) -> bool:
        """Whether a line that could be a type is the name of the next field, told by the type behind it."""
        return self.lines[index].text in self.known and self._typed_at(index + 1)

    def _untyped(self, here: Line, after: Line | None, any_yet: bool) -> Label | None:
        badge = split_badges(after.text) if after else None
        vouched = here.text in self.known
        told = bool(
            after
            and after.gap
            and here.gap
            and any_yet
            and here.text.islower()
            and re.match(r"[A-Z].* .*[.]$", after.text)
        )
        if not vouched and not told and not (badge and "_" in here.text and here.gap):
            return None
        if not (here.gap or badge or any_yet):
            return None
        self.at += 1
        return Label(here.text, "", here.number)

    def _nameless(self, here: Line) -> Label | None:
        typed = split_type(here.text)
        if typed is None:
            return None
        self.at += 1
        return self._field("", typed, here.number)

    @staticmethod
    def _field(name: str, typed: tuple[str, Badges], line: int) -> Label:
        kind, badges = typed
        return Label(name, kind, line, list(badges.words), badges.default)

    def _badges(self, one: Label) -> None:
        """Take the badge lines behind the type; the next field's name may be fused to the last of them."""
        while self.at < len(self.lines):
            here = self.lines[self.at]
            badges = split_badges(here.text, one.kind, self.known)
            fused = badges is not None and bool(badges.rest) and not NAME.match(badges.rest)
            if badges is None or (badges.rest and not fused and not self._followed(badges.rest)):
                return
            if here.text in self.known and self._typed_at(self.at + 1):
                return  # a member that is called as a badge is, such as `body` or `path`
            one.words += badges.words
            one.default = badges.default if badges.default is not None else one.default
            self.at += 1
            if badges.rest:
                self.lines.insert(self.at, Line(here.number, badges.rest, gap=not fused))
                return

    def _followed(self, name: str) -> bool:
        return name in self.known or self._typed_at(self.at + 1)

    def _typed_at(self, index: int) -> bool:
        return index < len(self.lines) and split_type(self.lines[index].text) is not None

    def _loose(self, found: list[Label]) -> None:
        """Take a line that starts no field: a label with its values, or prose."""
        here = self.lines[self.at]
        self.at += 1
        if not found:
            self.head.append(here)
            return
        one = found[-1]
        options, example, limit = (
            _OPTIONS.match(here.text),
            _EXAMPLE.match(here.text),
            _RANGE.match(here.text),
        )
        if options:
            one.options += self._values(options[1])
        elif example:
            one.example = example[1] or self._example()
        elif limit:
            one.limits.append((here.text.partition(":")[0], limit[1] or self._next()))
        elif not _CHILDREN.match(here.text):
            one.prose.append(here.text)

    def _next(self) -> str:
        if self.at >= len(self.lines):
            return ""
        self.at += 1
        return self.lines[self.at - 1].text

    def _example(self) -> str:
        """Take an example value: one line, or the lines of a bracket until it closes."""
        text = self._next()
        quoted = _QUOTED.match(text)
        if quoted and quoted[2].strip():
            self.lines.insert(self.at, Line(self.lines[self.at - 1].number, quoted[2].strip(), gap=False))
            return quoted[1]
        parts = [text]
        depth = _depth(text)
        while depth > 0 and self.at < len(self.lines) and len(parts) < 400:
            parts.append(self._next())
            depth += _depth(parts[-1])
        return "\n".join(parts)

    def _values(self, first: str) -> list[str]:
        """Take the allowed values: apart by commas, which end or start the lines."""
        texts = [first] if first else [self._next()]
        quoted = _QUOTED.match(texts[0])
        if quoted and quoted[2] and not quoted[2].lstrip().startswith(","):
            self.lines.insert(self.at, Line(self.lines[self.at - 1].number, quoted[2].strip(), gap=False))
            texts = [quoted[1]]
        while self.at < len(self.lines):
            here = self.lines[self.at].text
            if not (texts[-1].endswith(",") or here.startswith(",")):
                break
            texts.append(self._next())
        return [v.strip().strip("`") for v in _commas(" ".join(texts)) if v.strip().strip("`")]


def _commas(text: str) -> Iterator[str]:
    for match in re.finditer(r'\s*("[^"]*"|[^,]*)\s*(?:,|$)', text):
        yield match[1]


def _depth(text: str) -> int:
    bare = re.sub(r'"[^"]*"', "", text)
    return bare.count("{") + bare.count("[") - bare.count("}") - bare.count("]")


SECTIONS: Final = {
    "authorizations": "keys", "authorization": "keys", "headers": "header", "header parameters": "header",
    "path parameters": "path", "query parameters": "query", "cookies": "cookie",
    "cookie parameters": "cookie",
    "body": "body", "response": "response", "responses": "response",
}  # fmt: skip
