"""Stainless API references in Markdown: nested bullets of `name: type` under a line `**get** `/path``.

Source: developers.llamaindex.ai, developers.openai.com, developers.cloudflare.com and platform.claude.com
serve such pages as `index.md` or `.md`. The HTTP dialect is read; sdk_types brings the others to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from contracts.vendoring.pages import (
    Answer,
    Curl,
    Extraction,
    Fence,
    Members,
    Page,
    Parameter,
    Reading,
    Sample,
    Unreadable,
    command_at,
    curls,
    document,
    fences_in,
    keys,
    read_json,
    samples_in,
    server_of,
    unique,
    unlisted,
    unread,
)
from contracts.vendoring.platforms.stainless.bullets import Bullet, bullets_in
from contracts.vendoring.platforms.stainless.copied import is_copied, spelled
from contracts.vendoring.platforms.stainless.languages import language, neutral
from contracts.vendoring.platforms.stainless.schema import Builder
from contracts.vendoring.platforms.stainless.types import unescape

PLATFORM: Final = "stainless-markdown"
_OPERATION = re.compile(
    r"^\s*\*\*(get|put|post|delete|patch|head|options)\*\*\s*`?([^`\s]+)`?\s*$", re.IGNORECASE
)
_MEMBER = re.compile(
    r"^\s*[-*+]\s+`(?!(?:[A-Za-z]+-[\w-]+|Authorization|Accept|Host):)[^`]+`\s*$|^#{1,6} Returns\s*$"
)
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_SECTIONS: Final = (
    ("path", r"path|路径|パス|경로|ruta|chemin|pfad|caminho|percorso|пут"),
    ("query", r"query|查询|クエリ|쿼리|consulta|requ[eê]te|abfrage|запрос"),
    ("header", (r"header|请求头|标头|ヘッダ|헤더|encabezado|cabecera|en-t[eê]te|kopf|cabeçalho|intestazion"
               r"|заголов")),
    ("cookie", r"cookie|쿠키|クッキー"),
    ("body", r"\bbody|请求体|正文|本文|본문|cuerpo|corps|körper|rumpf|corpo|тело"),
    ("returns", (r"returns?\b|返回|戻り値|返り値|반환|devuelve|devoluci|retour|rückgabe|retorn|restituisce"
                r"|возвращ|kembali")),
    ("response", r"response|响应|回應|レスポンス|応答|응답|respuesta|réponse|antwort|resposta|risposta"),
    ("example", r"example|示例|例子|例$|예시|예제|ejemplo|exemple|beispiel|exemplo|esempio|пример"),
    ("parameters", r"parameters?|参数|パラメータ|매개|parámetros|paramètres|parâmetros|parametri|параметр"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under one heading: its kind, its heading, first and last line."""

    kind: str
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """What belongs to one operation: method, path, title, and the sections between it and the next."""

    method: str
    path: str
    title: str
    start: int
    head_end: int
    sections: tuple[Section, ...]


def find(page: Page) -> int:
    """Give the line of the first `**get** `/path`` with bullets behind it, or 0."""
    page = spelled(page) if is_copied(page) else page
    if not any(_MEMBER.match(line[:400]) for line in page.lines):
        return 0
    for number, line in enumerate(page.lines, 1):
        match = _OPERATION.match(line)
        if match and match[2].startswith(("/", "http")):
            return number
    return 0


def extract(page: Page, reason: str) -> Extraction:
    """Read every operation of the page; PageError names the line that cannot be read."""
    page = spelled(page) if is_copied(page) else page
    blocks = list(_blocks(page))
    if not blocks:
        raise page.fail(0, "no line of the form **get** `/path` is on this page")
    builder = Builder(page)
    parts = {s.start: bullets_in(page, s.start, s.end) for b in blocks for s in b.sections}
    kind = language([root for roots, _ in parts.values() for root in roots])
    if kind:
        names = _vouched(page)
        parts = {line: (neutral(roots, kind, names), before) for line, (roots, before) in parts.items()}
    for roots, _ in parts.values():
        builder.learn(roots)
    readings = [_Operation(page, block, builder, parts).reading() for block in blocks]
    left = [n for _, before in parts.values() for n in before]
    shown = {n for s in samples_in(page.lines) for n in range(s.line, s.end + 1)} if left else set()
    left = [n for n in left if n not in shown and not _is_prose_of(page, n)]
    title = _page_title(page) or readings[0].title
    return Extraction(document(readings, title), PLATFORM, reason, unread(page, left), tuple(builder.notices))


def _vouched(page: Page) -> set[str]:
    """Collect the JSON spellings of names: keys of example bodies, and parameters of paths."""
    found = {
        n
        for line in page.lines
        if (m := _OPERATION.match(line))
        for n in re.findall(r"\{([^{}]+)\}", unescape(m[2]))
    }
    todo = [value for fence in fences_in(page) if (value := _json(fence)) is not None]
    while todo:
        value = todo.pop()
        found |= set(value) if isinstance(value, dict) else set()
        todo.extend(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
    return found


def _is_prose_of(page: Page, number: int) -> bool:
    return not page.lines[number - 1].strip() or _HEADING.match(page.lines[number - 1]) is not None


def _page_title(page: Page) -> str:
    return next((m[2] for line in page.lines if (m := _HEADING.match(line))), "")


def _headings(page: Page) -> Iterator[tuple[int, int, str]]:
    fenced = {n for f in fences_in(page) for n in range(f.line, f.end + 1)}
    for number, line in enumerate(page.lines, 1):
        match = _HEADING.match(line)
        if match and number not in fenced:
            yield number, len(match[1]), match[2]


def _blocks(page: Page) -> Iterator[Block]:
    headings = list(_headings(page))
    starts = [(n, m) for n, line in enumerate(page.lines, 1) if (m := _OPERATION.match(line))]
    for index, (number, match) in enumerate(starts):
        last = starts[index + 1][0] if index + 1 < len(starts) else len(page.lines) + 1
        title = next((h for h in reversed(headings) if h[0] < number), (0, 0, ""))
        inside = [h for h in headings if number < h[0] < last]
        stop = next((h[0] for h in inside if title[1] and h[1] <= title[1]), last)
        inside = [h for h in inside if h[0] < stop]
        ends = [*(h[0] for h in inside[1:]), stop] if inside else []
        sections = tuple(
            Section(_kind(h[2]), h[2], h[0] + 1, end - 1) for h, end in zip(inside, ends, strict=True)
        )
        head = inside[0][0] - 1 if inside else stop - 1
        yield Block(match[1].upper(), unescape(match[2]), title[2], number, head, sections)


def _kind(title: str) -> str:
    lower = title.lower()
    return next((kind for kind, pattern in _SECTIONS if re.search(pattern, lower)), "")


class _Operation:
    """Reads one operation's block."""

    def __init__(
        self, page: Page, block: Block, builder: Builder, parts: dict[int, tuple[list[Bullet], list[int]]]
    ) -> None:
        self.page, self.block, self.builder, self.parts = page, block, builder, parts
        self.path, _, self.fixed = block.path.partition("?")
        self.curls = curls(page.lines[block.start : self._last()], block.start + 1)
        self.sent = {n for c in self.curls for n in command_at(page.lines, c.line)}
        self.kinds = {s.start: self._kind_of(s) for s in block.sections}

    def _last(self) -> int:
        return self.block.sections[-1].end if self.block.sections else self.block.head_end

    def reading(self) -> Reading:
        curl = self.curls[0] if self.curls else None
        server, path = self._server(curl)
        return Reading(
            method=self.block.method,
            path=path,
            title=self.block.title,
            description=self._description(),
            server=server,
            parameters=tuple(self._parameters(curl)),
            body=self._body(),
            answers=tuple(self._answers()),
            keys=keys(curl) if curl else (),
        )

    def _description(self) -> str:
        lines = self.page.lines[self.block.start : self.block.head_end]
        text = "\n".join(line.strip() for line in lines).strip()
        return re.sub(r"\n{3,}", "\n\n", text)

    def _server(self, curl: Curl | None) -> tuple[str, str]:
        """Take the server from the curl; it may hold a prefix that the path does not."""
        full = re.match(r"(https?://[^/]+)(/.*)", self.path)
        if full:
            return full[1], full[2]
        return (server_of(curl.url, self.path) if curl else ""), self.path

    def _kind_of(self, section: Section) -> str:
        """Tell a section by its heading, else by its bullets: names of the path, quoted names, order."""
        if section.kind:
            return section.kind
        roots = self.parts[section.start][0]
        members = [self.builder.member(r) for r in roots]
        if not members:
            return ""
        if all("{" + m.name + "}" in self.block.path for m in members):
            return "path"
        if all(r.text.startswith('"') for r in roots):
            return "header"
        later = [s for s in self.block.sections if s.start > section.start and self.parts[s.start][0]]
        known = any(s.kind == "returns" for s in self.block.sections)
        return "returns" if not later and not known else "query"

    def _roots(self, kind: str) -> list[tuple[Section, list[Bullet]]]:
        return [(s, self.parts[s.start][0]) for s in self.block.sections if self.kinds[s.start] == kind]

    def _parameters(self, curl: Curl | None) -> Iterator[Parameter]:
        named: set[tuple[str, str]] = set()
        for where in ("path", "query", "header", "cookie", "parameters"):
            for _, roots in self._roots(where):
                for parameter in self._listed(where, roots):
                    named.add((parameter.where, parameter.name.lower()))
                    yield parameter
        for name in re.findall(r"\{([^{}]+)\}", self.path):
            if ("path", name.lower()) not in named:
                yield Parameter(name, "path", {"type": "string"}, True, guessed={"schema": self.block.start})
        for name, _, value in (pair.partition("=") for pair in self.fixed.split("&") if pair):
            yield Parameter(name, "query", {"type": "string", "const": value}, True)
        for name, _ in unlisted(curl) if curl else ():
            if ("header", name.lower()) not in named:
                line = curl.line if curl else 0
                yield Parameter(
                    name, "header", {"type": "string"}, guessed={"required": line, "schema": line}
                )

    def _listed(self, where: str, roots: list[Bullet]) -> Iterator[Parameter]:
        for root in roots:
            found = self.builder.member(root)
            if where == "parameters" and root.children and re.search(r"Params?\b", found.text or root.text):
                yield from self._listed(where, root.children)
                continue
            if found.form != "property":
                continue
            place = where if where != "parameters" else self._place(found.name, root)
            if place:
                schema = self.builder.schema(root)
                description = str(schema.pop("description", ""))
                yield Parameter(found.name, place, schema, place == "path" or not found.optional, description)

    def _place(self, name: str, root: Bullet) -> str:
        """Tell where a parameter of an SDK page goes: its prose may say so; else path or query."""
        text = root.description.lower()
        if "{" + name + "}" in self.path:
            return "path"
        if text.startswith(("header param", "optional header")):
            return "header"
        if text.startswith("body param"):
            return ""
        return (
            "query"
            if self.block.method in {"GET", "DELETE", "HEAD"} or text.startswith("query param")
            else ""
        )

    def _body(self) -> dict[str, object] | None:
        for _, roots in self._roots("body"):
            members = [self.builder.member(r) for r in roots]
            if len(roots) == 1 and members[0].form == "property" and members[0].name == "body":
                return self.builder.schema(roots[0])
            return self.builder.body(roots)
        return None

    def _answers(self) -> Iterator[Answer]:
        roots = [root for _, found in self._roots("returns") for root in found]
        status, samples = self._examples()
        place = partial(self.builder.line, roots)
        members = Members(self.page.name, samples, (), self.builder.body(roots), line=place, stated=True)
        schema = members.schema()
        self.builder.notices += members.notices
        if schema is not None:
            guessed = {} if status else {"status": roots[0].line if roots else self.block.start}
            examples = tuple(unique(list(members.examples)))
            yield Answer(status or "200", "", schema, examples, guessed=guessed)

    def _examples(self) -> tuple[str, list[Sample]]:
        """Collect the JSON bodies under the example headings, and the status if a heading names one."""
        status = ""
        found: list[Sample] = []
        for section in self.block.sections:
            if self.kinds[section.start] not in {"response", "example"}:
                continue
            code = re.search(r"\b([1-5]\d\d)\b", section.title)
            status = status or (code[1] if code else "")
            inside = Page(self.page.name, self.page.lines[section.start - 1 : section.end])
            fences = list(fences_in(inside))
            for fence in fences:
                if _json(fence) is not None:
                    found += samples_in(fence.lines, section.start + fence.line)
            loose = [] if fences else samples_in(inside.lines, section.start)
            found += [s for s in loose if s.line not in self.sent]
        return status, found


def _json(fence: Fence) -> object:
    if fence.info.split(" ")[0].lower() not in {"json", "json5", "jsonc", ""}:
        return None
    try:
        return read_json("\n".join(fence.lines))
    except Unreadable:
        return None
