"""What stands on the lines below a field's own: labelled values, listed words, a format, a place."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from contracts.vendoring.pages import YES, Facets, read_facets, unfused, words_at
from contracts.vendoring.platforms.prose.text import Row

BULLET = re.compile(r"^(?:[-*•+◦▪‣]|\d+\.)\s+")
_VARIANT = re.compile(r"anyOf|oneOf|allOf|MOD\d+")
LISTED_BELOW = re.compile(
    r"(?:values?(?: are)?|one of(?: the following)?(?: values)?)\s*:?\s*(\[?)$", re.IGNORECASE
)
LABELLED = re.compile(
    r"^(?:(?P<enum>(?:available options|allowed values?|possible (?:enum )?values?|valid values?|allowed"
    r"|enum(?:eration)?(?: values?)?"
    r"|valor(?:es)? (?:permitidos?|possíveis|posibles?|aceptados?|aceitos?|válidos?)|opciones disponibles"
    r"|opções disponíveis|valeurs? (?:possibles?|autorisées?|acceptées?)|options disponibles"
    r"|(?:mögliche|erlaubte|zulässige) werte|verfügbare optionen|valori (?:ammessi|possibili)"
    r"|opzioni disponibili|枚举值?|可选值|可用选项|允许值|可能的?值|許可値|利用可能なオプション"
    r"|列挙値|可能な値|가능한 값|사용 가능한 옵션|허용 ?값"
    r"|(?:допустимые|возможные) значения|доступные опции|dostępne opcje|możliwe wartości"
    r"|value in|options|values))"
    r"|(?P<type>(?:data )?type|tipo|typ)|(?P<format>format(?=\s*:\s*[a-z][a-z0-9-]{1,22}$))"
    r"|(?P<required>required|mandatory)|(?P<default>default(?: value)?|valor (?:por defecto|padrão)|padrão"
    r"|predeterminado|(?:valeur )?par défaut|standardwert|predefinito|默认值?|デフォルト(?:値)?|기본값"
    r"|по умолчанию)"
    r"|(?P<skip>examples?|ejemplo|exemplo|exemple|beispiel|esempio|示例值?|例|예시|пример"
    r"|required range|pattern|(?:\w+ ){0,2}constraints?|array members|map"
    r" entries|valid range|(?:min"
    r"|max)\w*(?: \w+)?))\s*[:：](?P<glue>\s*)(?P<value>.*)$",
    re.IGNORECASE,
)


# A constraint whose value is glued behind it.
_GLUED_LIMIT = re.compile(
    r"format(uuid|date-time|date|email|uri|int32|int64|double|float|byte|binary)"
    r"|(?:(?:min|max)(?:Length|Items|imum)|multipleOf)-?\d[\d.]*"
)
# A label on a line of its own may lack its colon.
_LONE = re.compile(r"(?:possible (?:enum )?|enum |allowed )values", re.IGNORECASE)


def spaced(text: str) -> list[str]:
    """Give the allowed words of a line that holds nothing else, apart by spaces; [] where it is prose."""
    words = [word.strip("`") for word in text.split()]
    plain = all(re.fullmatch(r"[a-z0-9_.-]+|[A-Z0-9_.-]+", word) for word in words)
    said = {*words} & {"the", "of", "a", "is", "to", "and", "or", "in", "for"}
    return words if plain and len(words) > 1 and not said else []


class Below(ABC):
    """Reads lines at a place `at` of a section; what starts the next field is told by who reads fields."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.at = 0

    @abstractmethod
    def starts(self) -> bool:
        """Whether a field starts at this line."""

    @abstractmethod
    def names(self, row: Row, text: str) -> bool:
        """Whether a line that could be an allowed word is the name of a field."""

    def said(self, text: str, read: Facets) -> bool:
        """Take a line below a field that says one thing of it: a label, a variant, its format, its place."""
        place = re.fullmatch(r"\(?(?:[Ii]n:?\s*)?`?(path|query|header|cookie|body)`?\)?", text)
        lone = _LONE.fullmatch(text) or text == "Example" or (text == "values" and not self.starts())
        if label := LABELLED.match(f"{text}:" if lone else text):
            self.at += 1
            self.label(label, read)
        elif _VARIANT.fullmatch(text):
            read.schema.pop("type", None)
            read.typed, self.at = False, self.at + 1
        elif text.rstrip(":").lower() == "format" and (form := self._format()):
            read.take(Facets({"format": form}))
            self.at += 2
        elif text.lower() == "enum" and read.schema.get("type") == "string":
            self.at += 1
            read.take(Facets({"enum": self._spaced()}))
        elif glued := _GLUED_LIMIT.fullmatch(text):
            read.take(Facets({"format": glued[1]} if glued[1] else {}))
            self.at += 1
        elif self._refines(text, read) and not self.starts():
            read.take(read_facets(text))
            self.at += 1
        elif place and not self.starts():
            read.where, self.at = place[1].lower(), self.at + 1
        else:
            return False
        return True

    @staticmethod
    def _refines(text: str, read: Facets) -> bool:
        """Whether a line is the format of the type above it: `integer`, then `int32`."""
        found = read_facets(text)
        kinds = found.schema.keys() == {"type", "format"} and found.schema["type"] == read.schema.get("type")
        return kinds and "format" not in read.schema and not found.rest

    def _spaced(self) -> list[str]:
        """Take the allowed words that stand on one line below, apart by spaces, with a badge between."""
        for ahead, row in enumerate(self.rows[self.at : self.at + 2]):
            if re.fullmatch(r"required|optional", row.text, re.IGNORECASE):
                continue
            if not (words := spaced(row.text)):
                break
            self.rows = [*self.rows[: self.at + ahead], *self.rows[self.at + ahead + 1 :]]
            return words
        return []

    def _format(self) -> str:
        """Give the format on the line below a lone "Format"; "" when there is none."""
        below = self.rows[self.at + 1].text if self.at + 1 < len(self.rows) else ""
        word = re.fullmatch(r"[`\"']?([a-z][a-z0-9-]{1,22})[`\"']?", below)
        kind = read_facets(word[1]) if word else Facets()
        return word[1] if word and not (kind.typed and "format" not in kind.schema) else ""

    def label(self, label: re.Match[str], read: Facets) -> None:
        """Take what a labelled line says: a type, a badge, allowed words, a default."""
        value = label["value"].strip()
        if label["format"]:
            read.take(Facets({"format": value}))
            return
        if label["type"] or label["required"]:
            read.take(read_facets(value) if label["type"] else Facets(required=value.lower() in YES))
            return
        if label["enum"]:
            read.take(Facets({"enum": self._enum(value, glued=label["glue"] == "")}))
            return
        if not value and self.at < len(self.rows) and not self.rows[self.at].code:
            value = self.rows[self.at].text
            self.at += 1
        if label["default"] and value:
            read.take(read_facets(f"default: `{value.strip('`')}`"))

    def _enum(self, value: str, *, glued: bool) -> list[str]:
        """Give the allowed words that a label says, behind it or on the lines below."""
        if glued and re.fullmatch(r"[A-Za-z_]{8,}", value):
            return unfused(value)
        if value == "[":
            words = self.word_lines()
            self.at += self.at < len(self.rows) and self.rows[self.at].text.startswith("]")
            return words
        words, _ = words_at(value, 0) if value else ([], 0)
        if not words and re.fullmatch(r"[\w.-]+(?: [\w.-]+){1,20}", value):
            words = value.split()
        below = self.rows[self.at].text if self.at < len(self.rows) else ""
        if not words and not value:
            listed = re.sub(r"^\[ (.*) \]$", r"\1", below)
            words, end = words_at(listed, 0) if re.search("[|,]", listed) else ([], 0)
            if len(words) > 1 and not listed[end:].strip():
                self.at += 1
            else:
                words = self.word_lines()
        elif value and len(words) < 2 and below.startswith(","):
            words = [*words, *(w.strip(", ") for w in self.word_lines())]
        return words or ([value] if re.fullmatch(r"(?!non-empty$)[\w.-]+", value) else [])

    def words_below(self, start: Row) -> list[str]:
        """Take allowed words from the bullets below a field, each with its meaning."""
        found: list[str] = []
        while self.at < len(self.rows) and self.rows[self.at].indent > start.indent:
            word = re.match(
                r"[-*•+◦]\s+[`\"']?([\w.-]{1,40})[`\"']?(?:\s*[:–—-]+\s.*)?$", self.rows[self.at].text
            )
            if word is None:
                break
            found.append(word[1])
            self.at += 1
        return found

    def word_lines(self) -> list[str]:
        """Take allowed words on lines of their own, until a line that is none or starts a field."""
        found: list[str] = []
        while self.at < len(self.rows) and len(found) < 200:
            text = BULLET.sub("", self.rows[self.at].text).strip("`\"', ")
            if not re.fullmatch(r"[\w.+-]{1,60}", text) or self.names(self.rows[self.at], text):
                break
            found.append(text)
            self.at += 1
            self.at += self._meaning()
        return found

    def _meaning(self) -> bool:
        """Whether a line says what the allowed word above it means: it is a sentence."""
        here = self.rows[self.at : self.at + 1]
        return bool(here) and " " in here[0].text and here[0].text[:1].isupper() and here[0].text[-1:] == "."
