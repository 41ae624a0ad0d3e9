"""The row grammars: tables, bullets, lines, stacked labels and fused labels, all as fields.

A grammar is strict where a section may hold anything: a name must look like one and a type or a badge must stand
beside it. In a section that lists fields it is enough that a name is followed by prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from contracts.vendoring.pages import Facets, Field, Listing, facets, is_badge_or_type, made, words_at
from contracts.vendoring.pages.facets import NO, YES
from contracts.vendoring.platforms.prose.text import Row
from contracts.vendoring.platforms.prose.words import unfused

NAME: Final = r":?[A-Za-z_$@][\w.$\[\]*-]{0,79}"
_BULLET = re.compile(r"^(?:[-*•+◦▪‣]|\d+\.)\s+")
_LEAD = re.compile(
    rf"^(?P<tick>[`'\"“]?)(?P<name>{NAME})[`'\"”]?(?P<star>\s?\*)?(?P<sep>\s*[:–—-]+\s+|\s*:$|\s*:(?=\S)|\s*[(<\[,|]|\s+|$)"
)
_INLINE = re.compile(
    r"([A-Za-z_$@][\w$-]{0,63})`?\s*:\s*(Required|Optional|Mandatory)\b[.,;:]?\s*", re.IGNORECASE
)
_FUSED = re.compile(
    r"^`?(?P<name>[A-Za-z_$@][\w.$-]*?(?<!_))`?(?P<kind>(?:list of|map from)(?=\s)|(?:string|integer|number|boolean|object|array|uuid|enum|double|float"
    r"|long|datetime|date-time|file|any)s?(?![a-z_0-9:]|\s+(?!or\b|of\b|from\b)[a-z])|(?:string|integer|number|boolean|object|array|uuid|enum|double"
    r"|datetime)(?=required|optional|format:|defaults|yes|no))(?P<rest>.*)$",
    re.IGNORECASE,
)
_SAID: Final = re.compile(r"^(yes|no|true|false)(?=[A-Z`(]|$)", re.IGNORECASE)
_OPEN = re.compile(r"^[•*-]?\s*(?:array|object|one of)?\s*[\[({]$", re.IGNORECASE)
_CLOSE = re.compile(r"^[•*-]?\s*[\])}]$")
_NOISE = re.compile(
    r"^(?:(?:show|hide|expand|collapse)\b.{0,40}|copy|items:?|properties:?|child attributes|try it|--|any|schema|example value"
    r"|no links|loading\.*|media type|controls accept header\.?|additional properties?.*|array\b.{0,20}$(?<![\w\]>])|response body|object"
    r"|links|description|name)$",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^(?:(?P<enum>(?:available options|allowed values?|possible values?|valid values?|enum(?: values?)?|options|values))"
    r"|(?P<default>default(?: value)?)|(?P<skip>examples?|required range|pattern|constraints?|(?:min|max)\w*(?: \w+)?))\s*[:：](?P<glue>\s*)(?P<value>.*)$",
    re.IGNORECASE,
)
_DEPTH = re.compile(r"^((?:\s*(?:↳|└─*|├─*|»|>|&gt;|∟|⤷|→|\.\.|--?(?=\s)|·|•))+|\s{2,})\s*")
_COLUMNS: Final = {
    "name": {"name", "parameter", "field", "property", "key", "attribute", "param", "header", "argument", "field name", "parameter name",
             "attribute name", "property name", "element", "member", "variable", "column", "query parameter", "path parameter", "header name",
             "campo", "nombre", "parámetro", "propiedad", "atributo", "champ", "nom", "paramètre", "propriété", "attribut", "feld", "parameters",
             "fields", "feldname", "eigenschaft", "nome", "parâmetro", "propriedade", "フィールド", "名前", "パラメータ", "パラメーター", "項目", "项目", "キー",
             "プロパティ", "字段", "字段名", "名称", "参数", "参数名", "属性", "フィールド名", "headers", "response field", "request field", "key name"},
    "type": {"type", "data type", "datatype", "format", "tipo", "tipo de dato", "tipo de dados", "typ", "datentyp", "type de données", "型", "タイプ",
             "データ型", "类型", "数据类型", "data-type", "value type", "json type"},
    "required": {"required", "required?", "mandatory", "presence", "req", "req.", "m/o", "optional", "optional?", "obligatorio", "requerido",
                 "obligatoire", "requis", "pflicht", "pflichtfeld", "erforderlich", "obrigatório", "必須", "必填", "是否必填", "是否必须", "必须",
                 "mandatory?", "is required", "required / optional", "use", "nullable", "always present", "cardinality", "required/optional"},
    "prose": {"description", "meaning", "details", "notes", "purpose", "comment", "comments", "descripción", "descrição", "beschreibung", "remarks",
              "bedeutung", "説明", "内容", "描述", "说明", "备注", "note", "explanation", "definition", "info"},
    "enum": {"allowed values", "possible values", "values", "enum", "accepted values", "valid values", "options", "valores", "valeurs", "werte"},
    "in": {"in", "location", "where", "located in", "param type", "parameter type", "passed in", "ubicación", "position", "位置"},
}  # fmt: skip
HEADS: Final = {
    "parameter": "query", "param": "query", "argument": "query", "header": "header", "query parameter": "query",
    "path parameter": "path", "header name": "header", "headers": "header", "parameter name": "query", "parameters": "query",
    "parámetro": "query", "paramètre": "query", "parâmetro": "query", "パラメータ": "query", "パラメーター": "query", "参数": "query", "参数名": "query",
}  # fmt: skip


def listings(rows: list[Row], *, loose: bool) -> Iterator[Listing]:
    """Read the rows of one section: every table is a listing, and everything outside tables one more."""
    rest: list[Row] = []
    for group in _grouped(rows):
        table = _table(group) if len(cells(group[0])) > 1 else None
        if table is not None:
            yield table
        else:
            rest += group
    strong, weak = _lines(rest, loose=loose)
    title = rows[0].title if rows else ""
    for found, is_weak in ((strong, False), (weak, True)):
        if found:
            yield Listing(_nested(found), title, weak=is_weak, line=found[0].line)


def _grouped(rows: list[Row]) -> Iterator[list[Row]]:
    """Cut rows into runs of table rows and runs of others."""
    run: list[Row] = []
    kind = -1
    for row in rows:
        mine = len(cells(row)) > 1
        if run and (mine != kind or (mine and _head(row))):
            yield run
            run = []
        run.append(row)
        kind = mine
    if run:
        yield run


# -- tables


def cells(row: Row) -> list[str]:
    """Give the cells of a table's row: apart by bars, tabs or wide gaps; [] when the line is none."""
    raw = row.raw.replace("\\|", "\u2502")
    if "|" in raw and not re.match(r"^[-*•]\s", raw):
        parts = raw.strip().removeprefix("|").removesuffix("|").split("|")
    elif "\t" in raw or "   " in raw:
        parts = re.split(r"\t| {3,}", raw)
    else:
        return []
    return [_cell(p) for p in parts] if len(parts) > 1 else []


def _cell(text: str) -> str:
    text = re.sub(
        r"<br\s*/?>", " · ", unescape(text.replace("\u2502", "|").replace("\\*", "*")), flags=re.IGNORECASE
    )
    text = re.sub(r"</?[a-zA-Z]+(?: [^<>]{0,120})?/?>(?<!<string>)", "", text) if "</" in text else text
    text = re.sub(r"\[([^\]]+)\]\([^)\s]*\)", r"\1", text)
    return re.sub(r"\*\*|__(?=\w)|(?<=\w)__", "", text)


def _head(row: Row) -> dict[int, str]:
    """Tell what the columns hold, when this row is a table's head."""
    named: dict[int, str] = {}
    for index, cell in enumerate(cells(row)):
        word = re.sub(r"\s+", " ", cell.strip(" `*:").lower())
        column = next(
            (c for c, words in _COLUMNS.items() if word in words or (word.startswith("default") and c == "")),
            "",
        )
        column = (
            "default"
            if word.startswith(("default", "valor por defecto", "défaut", "standard", "デフォルト", "默认"))
            else column
        )
        if column and column not in named.values():
            named[index] = column
    return (
        named
        if ("name" in named.values() and len(named) > 1) or (named.get(0) == "name" and len(cells(row)) == 2)
        else {}
    )


def _table(rows: list[Row]) -> Listing | None:
    named = _head(rows[0])
    if not named:
        return _headless(rows)
    head = [re.sub(r"\s+", " ", c.strip(" `*:").lower()) for c in cells(rows[0])]
    at = {column: index for index, column in named.items()}
    found = [one for row in rows[1:] if (one := _row(cells(row), at, head, row.number))]
    return Listing(_nested(found), rows[0].title, head[at["name"]], line=rows[0].number) if found else None


def _headless(rows: list[Row]) -> Listing | None:
    """Read a table without a head whose first cells are names and whose second cells start with a type."""
    found: list[Field] = []
    for row in rows:
        parts = [p.strip() for p in cells(row)]
        name = re.fullmatch(rf"[`'\"“]?({NAME}?)[`'\"”]?(\s?\*)?(?:[\s(,·]+(.*))?", parts[0])
        read = facets(name[3] or "") if name else Facets()
        typed = facets(parts[1].strip())
        if name is None or read.rest or not typed.typed:
            continue
        read.take(typed)
        found.append(made(name[1] + (name[2] or ""), read, typed.rest, row.number))
    return (
        Listing(_nested(found), rows[0].title, "", line=rows[0].number)
        if found and len(found) * 2 >= len(rows)
        else None
    )


def _row(parts: list[str], at: dict[str, int], head: list[str], line: int) -> Field | None:
    def cell(column: str) -> str:
        return parts[at[column]].strip() if column in at and at[column] < len(parts) else ""

    raw = parts[at["name"]] if at["name"] < len(parts) else ""
    mark = _DEPTH.match(raw)
    name = re.match(
        rf"[`'\"“]?({NAME}?)[`'\"”]?(\s?\*)?(?:[\s(,·]+(.*))?$",
        raw[mark.end() :].strip() if mark else raw.strip(),
    )
    if name is None or set("".join(parts)) <= set("-: "):
        return None
    read = facets(name[3] or "")
    if name[3] and read.rest and " " in read.rest:
        return None
    read.take(facets(cell("type").replace("`", "")))
    said = cell("required").strip(" *_`.()").lower()
    _said_in_column(read, said, head[at["required"]] if "required" in at else "")
    if enum := cell("enum").strip(" -–—"):
        words = words_at(enum, 0)[0]
        read.take(Facets({"enum": words} if len(words) > 1 else {}))
    default = cell("default").strip("` ")
    prose = cell("prose")
    if default and default.lower() not in {"-", "–", "—", "none", "n/a", "null", ""}:
        prose = f"{prose} Default: {default}".strip()
    if "enum" in cell("type").lower() and "enum" not in read.schema:
        read.take(Facets({"enum": words_at(prose or parts[-1].strip(), 0)[0]}))
    prose = prose or next(
        (p.strip() for i, p in enumerate(parts) if i not in at.values() and " " in p.strip()), ""
    )
    where = cell("in").strip("`() ").lower()
    one = made(name[1], read, prose, line, _depth(mark[1]) if mark else 0)
    one.required = True if name[2] else one.required
    one.where = next((w for w in ("path", "query", "header", "cookie", "body") if w in where), one.where)
    return one


def _said_in_column(read: Facets, said: str, head: str) -> None:
    word = re.split(r"[\s,;(]", said)[0] if said not in NO else said
    if head == "nullable":
        read.null = read.null or word in YES
    elif (word in YES | NO and head not in {"use", "cardinality"}) or word in {"required", "optional"}:
        read.required = (word in YES) != (
            head.startswith("optional") and word not in {"required", "optional"}
        )
    elif not said and "required" in head and read.required is None:
        read.required = False if head else None
    elif head == "cardinality" and re.match(r"[01]", said):
        read.required = said.startswith("1")


def _depth(mark: str) -> int:
    arrows = len(re.findall(r"↳|└─*|├─*|»|>|∟|⤷|→|\.\.|-{1,2}|·|•", mark))
    return arrows or (len(mark) - 1) // 2


# -- lines


def _lines(rows: list[Row], *, loose: bool) -> tuple[list[Field], list[Field]]:
    """Read fields from lines outside tables: those with a type or badge, and those with prose only."""
    reader = _Reader(rows, loose)
    reader.read()
    return reader.strong, reader.weak


class _Reader:
    """Reads the lines of one section."""

    def __init__(self, rows: list[Row], loose: bool) -> None:
        self.rows, self.loose = rows, loose
        self.at = 0
        self.depth = 0
        self.strong: list[Field] = []
        self.weak: list[Field] = []

    def read(self) -> None:
        while self.at < len(self.rows):
            row = self.rows[self.at]
            if row.code:
                self.at += 1
            elif inline := list(_INLINE.finditer(row.text)):
                self._inline(row, inline)
            elif _OPEN.match(row.text):
                self.depth, self.at = self.depth + 1, self.at + 1
            elif _CLOSE.match(row.text):
                self.depth, self.at = max(self.depth - 1, 0), self.at + 1
            elif not self._field(row):
                self.at += 1

    def _inline(self, row: Row, matches: list[re.Match[str]]) -> None:
        """Read `name: Required. Boolean. …`, several of which may be fused on one line."""
        for index, match in enumerate(matches):
            end = matches[index + 1].start() if index + 1 < len(matches) else len(row.text)
            said = Facets(required=match[2].lower() != "optional")
            self.strong.append(made(match[1], said, row.text[match.end() : end].strip(), row.number))
        self.at += 1

    def _field(self, row: Row) -> bool:
        text = _BULLET.sub("", row.text)
        depth = self.depth * 100 + row.indent
        started = self._fused(text) or self._one_line(row, text) or self._stacked(row, text)
        if started is None:
            return False
        name, read, prose, weak, used = started
        self.at += used
        prose = self._more(read, prose, row)
        one = made(name, read, prose, row.number, depth)
        one.typed = one.typed or bool(one.schema)
        (self.weak if weak and not (one.typed or one.required is not None) else self.strong).append(one)
        return True

    def _one_line(self, row: Row, text: str) -> tuple[str, Facets, str, bool, int] | None:
        lead = _LEAD.match(text)
        if (
            lead is None
            or lead.end("sep") >= len(text)
            or (is_badge_or_type(lead["name"]) and not lead["tick"])
        ):
            return None
        rest = text[lead.start("sep") :]
        bulleted, marked = (
            text != row.text,
            bool(lead["tick"]) or row.raw.lstrip("-*•+ ").startswith(("**", "`")),
        )
        spelled = (
            bulleted
            or marked
            or self.loose
            or re.search(r"[_.A-Z]", lead["name"][1:])
            or lead["name"].islower()
        )
        separated = bool(lead["sep"].strip())
        read = facets(rest, prose=separated and lead["sep"].strip()[0] in ":–—-")
        said = read.typed or read.required is not None or read.null
        if (
            said
            and spelled
            and (separated or not read.rest or self._ends(rest, read))
            and not self._sentence(lead, row, marked, read)
        ):
            return self._named(lead), read, read.rest if not separated else self._after(rest, read), False, 1
        if (
            separated
            and lead["sep"].strip()[0] in ":–—-"
            and (marked or re.search(r"[_.]", lead["name"]) or lead["name"][0].islower())
        ):
            return self._named(lead), Facets(), rest.strip(" :–—-"), True, 1
        if (
            self.loose
            and separated
            and lead["sep"].strip()[0] in ":–—-("
            and not self._sentence(lead, row, marked, read)
        ):
            return self._named(lead), read, read.rest or rest.strip(" :–—-"), True, 1
        return None

    @staticmethod
    def _after(rest: str, read: Facets) -> str:
        """The prose behind the facets; all of it where the facets are words of the prose itself."""
        return rest.strip(" :–—-") if rest.lstrip()[:1] in ":–—-" else read.rest

    @staticmethod
    def _ends(rest: str, read: Facets) -> bool:
        """Whether the facets of a spaced line end before prose that starts like prose."""
        behind = read.rest[:1]
        return (
            behind.isupper()
            or behind in "`\"'(“"
            or read.required is not None
            or rest.rstrip().endswith(read.rest)
        )

    def _sentence(self, lead: re.Match[str], row: Row, marked: bool, read: Facets) -> bool:
        """Whether a line is a sentence whose second word happens to be a type."""
        if marked or lead["sep"].strip():
            return (
                bool(
                    re.match(
                        r"(?:note|default|example|type|values?|optional|required|returns?|in)$",
                        lead["name"],
                        re.IGNORECASE,
                    )
                )
                and not marked
            )
        return (
            lead["name"][0].isupper()
            and "_" not in lead["name"]
            and "-" not in lead["name"]
            and bool(read.rest)
        )

    @staticmethod
    def _named(lead: re.Match[str]) -> str:
        return lead["name"].lstrip(":") + ("*" if lead["star"] else "")

    def _fused(self, text: str) -> tuple[str, Facets, str, bool, int] | None:
        match = _FUSED.match(text) if len(text) < 400 else None
        if match is None or not match["name"] or " " in match["name"]:
            return None
        tail = match["rest"]
        said = _SAID.match(tail)
        read = facets(match["kind"] + tail) if not said else facets(match["kind"])
        if said:
            read.required, read.rest = said[1].lower() in YES, tail[said.end() :]
        return (match["name"], read, read.rest, False, 1) if read.typed else None

    def _stacked(self, row: Row, text: str) -> tuple[str, Facets, str, bool, int] | None:
        """Read a name alone on its line, whose type or badge stands on the next."""
        lead = re.fullmatch(rf"[`\"“]?({NAME})[`\"”]?(\s?\*)?:?", text)
        if lead is None or _NOISE.match(text):
            return None
        following = self.rows[self.at + 1] if self.at + 1 < len(self.rows) else None
        if following is None or following.code:
            return None
        below = _BULLET.sub("", following.text)
        read = facets(below, prose=True) if not self._full(below) else facets(below)
        if not (read.typed or read.required is not None or read.null) or (read.rest and not read.read):
            return (lead[1], Facets(), "", True, 1) if self.loose and text.startswith("`") else None
        if is_badge_or_type(lead[1]) and not self._full(below):
            return None
        star = "*" if lead[2] else ""
        return lead[1].lstrip(":") + star, read, read.rest, False, 2

    @staticmethod
    def _full(text: str) -> bool:
        read = facets(text)
        return read.read > 0 and not read.rest

    def _more(self, read: Facets, prose: str, start: Row) -> str:
        """Take the lines below a field: further badges, labelled values, then prose, until the next field."""
        parts = [prose] if prose else []
        while self.at < len(self.rows):
            row = self.rows[self.at]
            text = _BULLET.sub("", row.text)
            if row.code or _OPEN.match(row.text) or _CLOSE.match(row.text) or _INLINE.search(row.text):
                break
            if label := _LABELLED.match(text):
                self.at += 1
                self._label(label, read)
            elif (
                re.fullmatch(r"\(?(?:in:?\s*)?`?(path|query|header|cookie|body)`?\)?", text, re.IGNORECASE)
                and not self._starts()
            ):
                read.where, self.at = re.sub(r"\W|^in\b", "", text.lower()), self.at + 1
            elif not parts and self._full(text) and not self._starts():
                read.take(facets(text))
                self.at += 1
            elif self._starts():
                break
            elif not parts and not read.typed and (more := facets(text, prose=True)).typed:
                read.take(more)
                parts += [more.rest] if more.rest else []
                self.at += 1
            else:
                parts += [] if _NOISE.match(text) else [text]
                self.at += 1
        return " ".join(parts)

    def _starts(self) -> bool:
        """Whether a field starts at this line."""
        row = self.rows[self.at]
        text = _BULLET.sub("", row.text)
        if self._stacked(row, text) is not None:
            return True
        if is_badge_or_type(text.split(" ")[0].strip("`,")) or _NOISE.match(text):
            return False
        return self._one_line(row, text) is not None or self._fused(text) is not None

    def _label(self, label: re.Match[str], read: Facets) -> None:
        value = label["value"].strip()
        if label["enum"] and label["glue"] == "" and re.fullmatch(r"[A-Za-z_]{8,}", value):
            read.take(Facets({"enum": unfused(value)}))
            return
        if label["enum"]:
            words, _ = words_at(value, 0) if value else ([], 0)
            if not words and not value:
                words = self._word_lines()
            elif (
                value
                and len(words) < 2
                and self.at < len(self.rows)
                and self.rows[self.at].text.startswith(",")
            ):
                words = [*words, *(w.strip(", ") for w in self._word_lines())]
            read.take(Facets({"enum": words or ([value] if re.fullmatch(r"[\w.-]+", value) else [])}))
            return
        if not value and self.at < len(self.rows) and not self.rows[self.at].code:
            value = self.rows[self.at].text
            self.at += 1
        if label["default"] and value:
            read.take(facets(f"default: `{value.strip('`')}`"))

    def _word_lines(self) -> list[str]:
        """Take allowed words that stand on lines of their own, until a line that is none or starts a field."""
        found: list[str] = []
        while self.at < len(self.rows) and len(found) < 200:
            text = _BULLET.sub("", self.rows[self.at].text).strip("`\"', ")
            if (
                not re.fullmatch(r"[\w.+-]{1,60}", text)
                or self._stacked(self.rows[self.at], self.rows[self.at].text) is not None
            ):
                break
            found.append(text)
            self.at += 1
        return found


def _nested(found: list[Field]) -> list[Field]:
    """Put the fields that stand deeper below the one before: its name and a dot go before theirs."""
    open_: list[tuple[int, str]] = []
    for one in found:
        while open_ and open_[-1][0] >= one.depth:
            open_.pop()
        own = one.name
        parent = open_[-1][1] if open_ else ""
        if parent and not own.startswith(parent + "."):
            one.name = f"{parent}.{own}"
        open_.append((one.depth, one.name))
    return found
