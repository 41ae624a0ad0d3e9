"""The columns of a table of fields, in the usual languages, and tables whose cells stand line by line.

A table that was copied out of a page as text has a line a cell; it is laid down as rows again. A head is two
or more lines that name columns. Below it a row is read only where every cell that can be told (the name, the
type, whether it is required) is one; where a row does not fit, the table ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from contracts.vendoring.pages import NO, TYPE_WORDS, YES, read_facets
from contracts.vendoring.platforms.prose.sections import kind_of

_WORDS: Final = {
    "name": """
        name, parameter, field, property, key, attribute, param, header, argument, field name,
        parameter name, attribute name, property name, element, member, variable, column,
        query parameter, query param, query, path parameter, path param, cookie,
        url parameter, url parameter name, path parameter name,
        query parameter name, nombre del parámetro, nombre del campo, nombre del encabezado,
        nom du paramètre, nom du champ, nome do parâmetro, nome do campo, nome del parametro,
        nome del campo, header name, campo, nombre, parámetro, propiedad, atributo,
        champ, nom, paramètre, propriété, attribut, feld, parameters, fields, feldname, eigenschaft,
        nome, parâmetro, propriedade, フィールド, 名前, パラメータ, パラメーター, 項目, 项目, キー,
        プロパティ, パラメータ名, パラメーター名, schema path, 字段, 字段名, 名称, 参数,
        参数名, 参数名称, 字段名称, 属性名, 属性名称, 变量名, 属性, フィールド名, headers, response field,
        request field, key name, error name, 이름, 필드, 필드명,
        파라미터, 속성, 항목, 변수명, 파라미터명, 속성명, 항목명, 이름(key), プロパティ名, 項目名, 項目id,
        поле, имя,
        название, параметр, свойство, атрибут, nome campo, parametro, proprietà, attributo, veld, naam, pole,
        nazwa, alan, tag, tag name
    """,
    "type": """
        type, data type, datatype, data type validation, tipo, tipo de dato, tipo de dados, typ,
        datentyp,
        type de données, 型, タイプ, データ型, 类型, 数据类型, 参数类型, 字段类型, data-type,
        value type, json type,
        타입, 유형, 자료형, 데이터 타입, тип, тип данных, tipo di dato
    """,
    "required": """
        required, required?, mandatory, presence, req, req., m/o, m/o/c, o/m, o/m/c, r/o, optional,
        optional?, obligatorio,
        requerido, obligatoire, requis, pflicht, pflichtfeld, erforderlich, obrigatório, 必須, 必填,
        是否必填, 是否必须, 必须, 必选,
        必須の有無, 必須/任意, 有無,
        obligatoria, requerida, obrigatória, obrigatoria, mandatory/optional, requirement, necessary,
        additional information, 是否必选, mandatory?, is required, required / optional, use,
        isrequired, must, 必選, occurrence, occurrences, occurs, multiplicity,
        필수, 필수 여부, 필수여부, 옵션, обязательный, обязательность, обязательное, obbligatorio, verplicht,
        wymagane, zorunlu, always present, cardinality, required/optional
    """,
    "null": """
        nullable, nullable?, null, null?, can be null, null allowed, allow null, allows null, nulo, anulable
    """,
    "prose": """
        descripción del parámetro, descripción del campo, descripción del encabezado,
        description du paramètre, description du champ, descrição do parâmetro, descrição do campo,
        description, meaning, remark, details, notes, purpose, comment, comments, descripción, descrição,
        beschreibung, remarks, bedeutung, 説明, 内容, 描述, 说明, 备注, 参数说明,
        字段说明, 含义, 解释, 参数描述, note, explanation, definition,
        info, 설명, 비고, 내용 설명, описание, значение, descrizione, omschrijving, opis, açıklama
    """,
    "enum": """
        allowed values, possible values, values, enum, accepted values, valid values, options, valores,
        valeurs, werte
    """,
    "format": """
        format, data format, string format, formato, formatierung, 形式, 格式, フォーマット
    """,
    "in": """
        in, request type, location, where, located in, param type, parameter type, passed in, ubicación,
        position,
        位置, 请求类型, 参数位置, 传参方式
    """,
}
COLUMNS: Final = {
    column: {" ".join(word.split()) for word in words.split(",")} for column, words in _WORDS.items()
}
# What a table holds whose first column is headed so, where its section does not say.
HEADS: Final = {
    "error name": "errors",
    "parameter": "query", "param": "query", "argument": "query", "header": "header",
    "query parameter": "query", "query param": "query", "query": "query",
    "path": "path", "path param": "path", "cookie": "cookie",
    "query parameter name": "query", "url parameter": "path", "url parameter name": "path",
    "path parameter name": "path", "path parameter": "path", "header name": "header", "headers": "header",
    "parameter name": "query", "parameters": "query",
    "parámetro": "query", "paramètre": "query", "parâmetro": "query",
    "パラメータ": "query", "パラメーター": "query", "パラメータ名": "query",
    "参数": "query", "参数名称": "query", "参数名": "query",
}  # fmt: skip
# Titles that are not known as a whole, told by a word of them.
_WIDE: Final = {
    "default": re.compile(r"^(?:default|valor por defecto|défaut|standard|デフォルト|默认)"),
    "required": re.compile(
        r"\b(?:required|mandatory|optional|compulsory|always|presence|obligat\w+|pflicht\w*)\b"
    ),
    "null": re.compile(r"\bnull(?:able)?\b"),
    "enum": re.compile(r"\b(?:values|options|valores|valeurs|werte)\b"),
    "type": re.compile(r"^(?:data|value|json|field|property)?[ -]?types?\b|\btype$"),
    "name": re.compile(r"\b(?:field|param(?:eter)?|property|attribute|element|member|key)s?(?: names?)?$"),
    "prose": re.compile(
        r"\b(?:description|meaning|notes?|details|comments?|explanation|what it (?:is|means))\b"
    ),
}


# Titles of tables about something else: settings, or what another part of the page sends.
_ASIDE = re.compile(
    r"\b(?:config\w*|settings?|environment|env|request|input|query|path|header|form|body|cli)\b"
)


def column_of(title: str) -> str:
    """Tell what a column holds by its title; "" when the title is not known."""
    word = " ".join(title.lower().strip(" :*").split())
    return next((column for column, words in COLUMNS.items() if word in words), "")


def wide_column_of(title: str) -> str:
    """Tell what a column holds by the words of a title that is not known as a whole."""
    word = " ".join(title.lower().strip(" :*?").split())
    if len(word.split()) > 4 or _ASIDE.search(word):
        return ""
    return next((c for c, told in _WIDE.items() if told.search(word)), "")


NAME: Final = r":?(?:\[[*\d]?\]\.)?[A-Za-z_$@][\w.$\[\]*-]{0,79}"
_OTHER: Final = {
    "default", "default value", "example", "examples", "length", "max length", "size", "longitud",
    "estructura", "ejemplo", "制限事項", "備考", "其他信息",
    "sample", "sample value", "range", "constraints", "parent", "version",
}  # fmt: skip
_END = re.compile(
    r"^(?:[{\[#|`<]|(?:table|tabelle|tabla)\s+\d|(?:http )?status(?: code)?\s*[:：]|curl\b)", re.IGNORECASE
)
_CODE = re.compile(r"[2-5]\d\d(?: [A-Z][\w ]*)?")
MAX_PROSE: Final = 12
MAX_PROSE_LINE: Final = 2_000
MAX_GLUED: Final = 600
MAX_LINE: Final = 3_000
MAX_TITLE: Final = 60
_GLUED_TITLE = re.compile(
    "|".join(sorted((re.escape(w) for words in COLUMNS.values() for w in words), key=len, reverse=True)),
    re.IGNORECASE,
)
_TYPE_WORDS = "|".join(sorted(map(re.escape, TYPE_WORDS), key=len, reverse=True))
_CAPITAL: Final = r"([a-z_$][\w.$-]*?(?-i:[a-z0-9_](?=[A-Z]\w*(?:[\s,.]|$))))"
_GLUED_CELLS: Final = {
    "type": rf"\s*((?:(?:array|list)(?: of |[<(\[]))?(?:{_TYPE_WORDS})(?-i:(?![a-z]))[\])>]?"
    r"(?:\[\]|\([\w-]+\)|\s\([\w -]+\))?)",
    "required": r"\s*(required|optional|mandatory|conditional|yes|no|true|false|是|否|必填|必须|可选|必須"
    r"|任意)",
    "null": r"\s*(yes|no|true|false|nullable)",
    "in": r"\s*(path|query|header|body|cookie|url|form)",
    "enum": r"\s*(.*?)",
    "prose": r"\s*(.*?)",
}


def laid(lines: list[str]) -> list[str]:
    """Give the lines with every upright table as rows with bars; a row stands on the line of its name."""
    result = _spaced(_parted(_labelled(_unwrapped(list(lines)))))
    lines = list(result)
    full = [i for i, line in enumerate(lines) if line.strip()]
    at = 0
    while at < len(full):
        columns = _columns([lines[i].strip() for i in full[at : at + 8]])
        if not columns:
            at += 1
            continue
        rows = list(_rows([lines[i].strip()[:2000] for i in full[at + len(columns) : at + 2000]], columns))
        if rows:
            _write(result, full[at : at + len(columns)], columns)
        at += len(columns)
        for cells, used in rows:
            _write(result, full[at : at + used], cells)
            at += used
    return result


def _unwrapped(lines: list[str]) -> list[str]:
    """Join what runs on below the last cell of a row, whose cells are apart by spaces, to that row."""
    row, column = -1, 0
    for at, line in enumerate(lines):
        gaps = [gap.end() for gap in re.finditer(r"(?<=\S) {2,}(?=\S)", line[:MAX_LINE])]
        indent = len(line) - len(line.lstrip())
        if row >= 0 and line.strip() and not gaps and indent == column:
            lines[row], lines[at] = f"{lines[row].rstrip()} {line.strip()}", ""
            continue
        row, column = (at, gaps[-1]) if len(gaps) > 1 and "|" not in line else (-1, 0)
    return lines


def _labelled(lines: list[str]) -> list[str]:
    """Lay down as rows what stands below a title each: Name, id, Type, string, Description, its meaning."""
    full = [i for i, line in enumerate(lines) if line.strip()]
    at = 0
    while at + 3 < len(full):
        cells = _cells_below_titles([lines[i].strip()[:MAX_PROSE_LINE] for i in full[at : at + 12]])
        if {"name", "type"} <= {*cells}:
            badge = ", required" if cells.get("required", "").lower() in YES else ""
            meaning = f": {cells['prose']}" if "prose" in cells else ""
            used = full[at : at + 2 * len(cells)]
            for number in used:
                lines[number] = ""
            lines[used[1]] = f"- `{cells['name']}` ({cells['type']}{badge}){meaning}"
            at += 2 * len(cells)
        else:
            at += 1
    return lines


def _cells_below_titles(texts: list[str]) -> dict[str, str]:
    """Read titles and cells in turn, the title of the name first; {} where they are anything else."""
    found: dict[str, str] = {}
    for title, cell in zip(texts[::2], texts[1::2], strict=False):
        column = column_of(title)
        if not column or column in found or column_of(cell) or (not found and column != "name"):
            break
        found[column] = cell
    name, kind = found.get("name", ""), read_facets(found.get("type", ""))
    fits = re.fullmatch(NAME, name) is not None and kind.typed and not kind.rest
    return found if fits else {}


def _parted(lines: list[str]) -> list[str]:
    """Put bars into tables whose cells are glued together: a head of glued titles, rows that fit below it."""
    row: re.Pattern[str] | None = None
    for at, line in enumerate(lines):
        if len(line) > MAX_GLUED or not line.strip():
            continue
        if titles := glued_titles(line.strip()):
            below = [text.strip() for text in lines[at + 1 : at + 3] if len(text) <= MAX_GLUED]
            ways = _glued_rows([_column(title) for title in titles])
            row = next(
                (w for w in ways if any((fit := w.fullmatch(t)) and fit[len(titles)] for t in below)), None
            )
            lines[at] = f"| {' | '.join(titles)} |" if row else line
        elif row is not None and (fit := row.fullmatch(line.strip())):
            lines[at] = f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in fit.groups())} |"
        elif kind_of(line.strip()):
            row = None
    return lines


def glued_titles(text: str) -> list[str]:
    """Cut a head of glued titles; [] when it is none, or nothing in its rows could be told apart."""
    if " " in text and not re.search(r"[a-z][A-Z]", text):
        return []
    found: list[str] = []
    rest = text
    while rest and len(found) < 8:
        title = next((m[0] for m in [_GLUED_TITLE.match(rest)] if m), "")
        if not title:
            return []
        found.append(title.strip())
        rest = rest[len(title) :].lstrip()
    kinds = [_column(title) for title in found]
    told = kinds[:1] == ["name"] and len(set(kinds)) == len(kinds) and "?" not in kinds
    return found if told and len(found) > 1 and {"type", "required", "null"} & {*kinds} else []


def _glued_rows(kinds: list[str]) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of a row: all cells glued, or a space behind the name.

    A name before prose ends where a word starts with a capital.
    """
    told = kinds[1] in {"type", "in", "required"}
    rest = "".join(map(_GLUED_CELLS.__getitem__, kinds[1:])) + r"\s*"
    for name in (rf"({NAME}?\*?)(?!\s)", rf"({NAME})\s+") if told else (_CAPITAL,):
        yield re.compile(name + rest, re.IGNORECASE)


def _column(title: str) -> str:
    return column_of(title) or "?"


def _spaced(lines: list[str]) -> list[str]:
    """Put bars into tables whose cells stand on one line, apart by single spaces, below such a head."""
    columns: list[str] = []
    for at, line in enumerate(lines):
        words = line.split() if len(line) < MAX_LINE else []
        if len(words) > 2 and "|" not in line and len(_columns(words, glued=True)) >= min(len(words), 3):
            columns = _columns(words, glued=True)
            lines[at] = f"| {' | '.join(columns)} |"
        elif columns and kind_of(line.strip()[:80]):
            columns = []
        elif columns and words and len(cells := line.split(maxsplit=len(columns) - 1)) > 1:
            cells = [cell if cell != "|" else "" for cell in cells]
            fit = [_fits(c, t) for c, t in zip(cells, columns, strict=False)]
            if all(fit):
                _write(lines, [at], cells)
            elif line[:1].isascii() and line[:1].isalpha():
                columns = []
    return lines


def _write(lines: list[str], numbers: list[int], cells: list[str]) -> None:
    for number in numbers:
        lines[number] = ""
    lines[numbers[0]] = f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _columns(texts: list[str], *, glued: bool = False) -> list[str]:
    """Give the titles of the columns that these lines start with; [] when they are no head.

    The last one holds prose, but where the cells of a row stand on one line.
    """
    found: list[str] = []
    kinds: list[str] = []
    for text in texts:
        word = " ".join(text[:MAX_TITLE].lower().strip(" :*").split())
        kind = next((c for c, words in COLUMNS.items() if word in words), "" if word in _OTHER else None)
        if kind is None or (kind and kind in kinds) or (not found and kind != "name"):
            break
        found.append(text)
        kinds.append(kind)
    known = {"type", "required", "null"} & set(kinds)
    ends = next((k for k in reversed(kinds) if k), "") if glued else "".join(kinds[-1:])
    return found if len(found) > 1 and known and ends == "prose" else []


def _rows(texts: list[str], columns: list[str]) -> Iterator[tuple[list[str], int]]:
    at = 0
    while (cells := _row(texts, at, columns)) is not None:
        end = at + len(columns)
        while end < len(texts) and end - at < MAX_PROSE and not _ends(texts, end, columns):
            cells[-1] = f"{cells[-1]} {texts[end]}"
            end += 1
        yield cells, end - at
        at = end


def _ends(texts: list[str], at: int, columns: list[str]) -> bool:
    """Whether the prose of a row ends before this line."""
    return (
        _END.match(texts[at]) is not None
        or (_CODE.fullmatch(texts[at]) is not None and "".join(texts[at + 1 : at + 2])[:1] in {"{", "["})
        or bool(_columns(texts[at : at + 8]))
        or (
            len(texts[at]) < 49
            and texts[at][:1].isupper()
            and texts[at][-1] != "."
            and bool(kind_of(texts[at]))
        )
        or _row(texts, at, columns) is not None
    )


def _row(texts: list[str], at: int, columns: list[str]) -> list[str] | None:
    """Read the cells of one row; None when they are not what the head says."""
    cells = texts[at : at + len(columns)]
    if len(cells) < len(columns) or any(_END.match(c) for c in cells[:-1]):
        return None
    return list(cells) if all(_fits(c, t) for c, t in zip(cells, columns, strict=True)) else None


def _fits(cell: str, title: str) -> bool:
    kind = column_of(title)
    if kind == "name":
        return re.fullmatch(rf"[`\"“]?{NAME}[`\"”]?\s?\*?", cell) is not None
    if kind == "type":
        read = read_facets(cell)
        return (read.typed or bool(read.where)) and not read.rest
    if kind in {"required", "null"}:
        return re.split(r"[\s,;(]", cell.lower())[0] in YES | NO
    return True
