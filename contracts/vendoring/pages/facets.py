"""What stands beside a field's name: type, badges, format, allowed words, default, then prose."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from contracts.model import Json
from contracts.vendoring.pages.allowed import LEAD, restricted, words_behind, words_in
from contracts.vendoring.pages.shapes import nullable, with_null
from contracts.vendoring.pages.typewords import BADGES, read_type

_SKIP = re.compile(
    r"/(?= [A-Z])|\.(?= (?:required|optional|mandatory)\b)"
    r"|[\s,;:·•|()*_`–—⋅-]+|\[(?=(?:" + BADGES + r")\])|\](?=[\s,)]|$)",
    re.IGNORECASE,
)
_BADGE = re.compile(
    rf"(not required|non-null(?:able)?|(?:{BADGES}))(?![\[<(]\w)(?-i:(?![a-z])|(?=(?:format:|default"
    r"|string|integer|number|boolean|object|array|unknown|any|enum|null)))",
    re.IGNORECASE,
)
# What "Optional" or "Required" stands before where it only describes a thing in a sentence.
_ADJECTIVE = re.compile(
    r" (?!(?:if|when|for|on|in|unless|only|but|and|or|to|by|with|parameters?|fields?|arguments?|values?"
    r"|property|query|path|header|body)\b)[a-z]"
)
_PLACE = re.compile(
    r"(?:in:?\s+)?`?(path|query|header|cookie|body|formdata)`?(?=$|[\s,;:.)|])(?! \w)", re.IGNORECASE
)
_FORMAT = re.compile(
    r"(?:as (date-time|date|uuid|uri|email)\b"
    r"|format\s*[:=]\s*[\"“'`]?([\w-]{2,24})[\"”'`]?(?![\w])|format\s+[\"“'`]([\w-]{2,24})[\"”'`]"
    r"|format\s+(date-time|date|time|uuid|uri|email|u?int(?:32|64)|float|double|byte|binary|hostname|ipv[46])(?![\w-])"
    r"|<\s?([\w-]{2,24})\s?>)",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"(?:(?:min|max)(?:imum)?(?:length|items| length| items| value)?\s*[:=]?\s*-?\d[\d.,]*"
    r"|(?:[<>≤≥]=?|=)\s*-?\d[\d.,]*"
    r"(?: characters| items)?|\[ ?-?\d+ ?\.\. ?-?\d+ ?\](?: characters| items)?|-?\d+ to -?\d+"
    r"(?: characters)?|unique|length between \d+ and \d+|pattern\s*:?\s*\S+|\^\S+\$)(?=$|[\s,;.)|])",
    re.IGNORECASE,
)
_VALUE = (
    r"(?:`([^`\n]+)`|[“\"']([^”\"'\n]*)[”\"']"
    r"|(-?\d+(?:\.\d+)?(?![\w.])|true\b|false\b|null\b|\[\]|[\w+-]+(?:[./][\w+-]+)*))"
)
_DEFAULT = re.compile(rf"defaults?(?:\s+(?:to|is|value(?: is)?))?\s*[:=]?\s*{_VALUE}", re.IGNORECASE)
_SAID_DEFAULT = re.compile(
    rf"\b[Dd]efaults?(?:\s+(?:to|is|value(?: is|:)?)|\s*[:=])\s*:?\s*{_VALUE}|\b[Dd]efault\s+(?:`([^`]+)`"
    rf"|(-?\d+(?:\.\d+)?|true|false)\b)"
)
_QUOTED = re.compile(r"[`“\"'‘«„]([^`”\"'’»“\n]{1,60})[`”\"'’»“]")
_VENDOR_TYPE = re.compile(r"((?:[a-z]\w*\.)+[A-Z]\w*|[A-Z][a-z]\w*[A-Z]\w*)(?: objects?)?(?=\s*[,)])")
_FORM = re.compile(
    r"(?:enum|date-time|date|uuid|uri|email|binary|byte|u?int(?:32|64)|float|double)"
    rf"(?=\s*(?:$|[·,|)]|(?i:{BADGES}|default)))"
)
_INSTANT = re.compile(r"(?:ISO[- ]?8601|RFC[- ]?3339)(?=\s*(?:$|[,;|)]))", re.IGNORECASE)
_TEXTS: Final = ("string", ["string", "null"], ["null", "string"])
_NAMED_TYPE = re.compile(r"[A-Z]\w+(?=\s*$)")
_VENDOR_NAME = re.compile(r"(?:[A-Z]|[a-z]+[A-Z])\w*(?: or [A-Z]\w*)*(?=\))")
_NULLABLE = re.compile(
    r"\b(?:null(?:able)?|nulo|nul|nullo)\b`?\)? (?:if|when|until|unless|while|before|for|otherwise|means"
    r"|indicates|hasta|si|se|mientras|cuando|tant que|lorsque|quand|jusqu|até|enquanto|quando|finché"
    r"|wenn|falls|solange|bis|als|zolang|totdat)\b"
    r"|\(`?null`?\)|(?:場合は?|まで|間は?|とき|时|時|면|경우) ?、?`?null\b"
    r"|\b(?:or|be|is|to|o|ou|oder|или) `?(?:null|nulo|nul)`?\b(?! (?:safe|terminated))"
    r"|\b(?:otherwise|else|sonst|sinon|si no|caso contrário)[,:]? (?:is |it is |ist )?`?nul(?:l|o)?`?\b"
    r"|\bnullable\b(?!:? (?:false|no))|\b(?:puede ser|peut être|kann|pode ser) `?nul(?:l|o)?`?\b"
    r"|可为空|可以?为 ?null|為null|null可|または ?null",
    re.IGNORECASE,
)
_NEVER_NULL = re.compile(r"\b(?:not|never|cannot|can't|won't|isn't|non)\b[^.;,]{0,20}\bnull", re.IGNORECASE)
_ABSENT = re.compile(
    r"\b(?:only (?:present |returned |included |set |sent |there |available |shown )?(?:while|when|if|with"
    r"|for|in case|once)"
    r"|(?:present|returned|included|set|sent) only|may be (?:absent|missing|omitted)|(?:omitted|absent"
    r"|missing|left out)"
    r" (?:if|when|while|unless|until|for))\b",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"(?:array|list) of (?:[\w-]+ ){0,3}(?:objects?|items|entries|elements)?\s*,?\s*(?:each )?(?:with"
    r"|containing|having|that ha(?:s|ve))"
    r" (?:an? |the )?([^.;]*)",
    re.IGNORECASE,
)
YES: Final = {
    "required", "yes", "true", "mandatory", "✓", "✔", "✅", "☑", "y", "m", "sí", "si", "oui", "ja",
    "sim", "是", "はい", "requerido", "obligatorio", "obligatoire", "erforderlich", "pflicht",
    "obrigatório", "обязательный", "да", "예",
    "requerida", "obligatoria", "obrigatória",
    "필수", "obbligatorio", "obbligatoria", "sì", "verplicht", "tak", "evet", "wymagane", "zorunlu",
    "必須", "必须", "必填", "○", "x", "always", "●", "◯", "•", "1", "r",
}  # fmt: skip
NO: Final = {
    "optional", "no", "false", "-", "✗", "✘", "❌", "☐", "n", "o", "–", "—", "non", "nein", "não", "nao",
    "否", "いいえ", "任意", "オプション", "可选", "opcional", "facultatif", "optionnel", "not required",
    "необязательный", "опциональный", "нет", "아니오", "선택",
    "facultative", "facoltativo", "facoltativa", "opzionale", "optioneel", "选填",
    "nee", "nie", "hayır", "×", "0",
    "conditional", "sometimes", "選択", "c",
}  # fmt: skip


@dataclass(slots=True)
class Field:
    """One described parameter or member: everything its own lines say, and nothing else.

    `name` is dotted for members of members; `schema` holds type, format, enum, default as far as said;
    `required` is None when nothing is said, `conditional` tells that only a sentence says when it is absent;
    `depth` tells how deep it stands below the fields around it;
    `of` is the vendor's name of its type; `opens` says that the fields after it are its members, `may_open`
    that some of them can be, `members` how many are; `children` are names of members that its prose gives.
    """

    name: str
    schema: dict[str, Json]
    line: int
    required: bool | None = None
    where: str = ""
    prose: str = ""
    depth: int = 0
    of: str = ""
    children: tuple[str, ...] = field(default=())
    typed: bool = False
    conditional: bool = False
    opens: bool = False
    may_open: bool = False
    members: int = 0

    @property
    def null(self) -> bool:
        """Whether its own lines let null in."""
        return bool(self.schema) and nullable(self.schema)


@dataclass(slots=True)
class Facets:
    """Type, badges and the like read from the start of a text; `rest` is the prose behind them."""

    schema: dict[str, Json] = field(default_factory=dict)
    required: bool | None = None
    null: bool = False
    where: str = ""
    of: str = ""
    typed: bool = False
    read: int = 0
    rest: str = ""

    def take(self, other: Facets) -> None:
        """Take over what another line says and this one does not."""
        enum = other.schema.get("enum")
        if self.typed and other.schema and "type" in self.schema and enum is None:
            other = Facets(
                **{
                    **{k: getattr(other, k) for k in other.__slots__},
                    "schema": {k: v for k, v in other.schema.items() if k != "type"},
                }
            )
        self.schema = restricted(
            self.schema, enum, {k: v for k, v in other.schema.items() if k != "enum" and k not in self.schema}
        )
        self.required = other.required if self.required is None else self.required
        self.null, self.typed = self.null or other.null, self.typed or other.typed
        self.where, self.of = self.where or other.where, self.of or other.of


def read_facets(text: str, *, prose: bool = False) -> Facets:
    """Read facets from the start of a text; in `prose` a type must end like a label ("Boolean. Adds …")."""
    found = _facets(text[:2000], prose)
    return replace(found, schema=dict(found.schema))


@lru_cache(maxsize=4096)  # a line is asked for twenty times: by each grammar, and by the lines around it
def _facets(text: str, prose: bool) -> Facets:
    found, at, last = Facets(), 0, 0
    while at < len(text) and found.read < 40:
        if skip := _SKIP.match(text, at):
            at = skip.end()
            continue
        end = _one(text, at, found, prose=prose)
        if end is None:
            break
        at, found.read = end, found.read + 1
        last = at
    found.rest = text[last:].strip(" *_,;:|–—-·").lstrip(")").strip(" :–—-") if at < len(text) else ""
    if found.null and found.schema:
        found.schema = with_null(found.schema)
    return found


def _one(text: str, at: int, found: Facets, *, prose: bool) -> int | None:
    """Read one facet at a place into `found`; gives where it ends, or None."""
    if (badge := _BADGE.match(text, at)) and not (prose and _describes(text, badge.end())):
        word = badge[0].lower()
        if word in YES | NO:
            found.required = word in YES
        found.null = found.null or word == "nullable"
        return badge.end()
    for pattern, key in ((_FORMAT, "format"), (_LIMIT, "")):
        if match := pattern.match(text, at):
            if key:
                found.schema.setdefault(key, next(g for g in match.groups() if g))
            return match.end()
    if (default := _DEFAULT.match(text, at)) and "default" not in found.schema:
        found.schema["default"] = value_of(
            next(g for g in default.groups() if g is not None), found.schema.get("type")
        )
        return default.end()
    if enum := LEAD.match(text, at):
        words, end = words_behind(text, enum)
        if len(words) > 1 or (words and text[enum.start() : enum.start() + 1].isupper() and ":" in enum[0]):
            found.schema = restricted(found.schema, words, {})
            return end
    return _type(text, at, found, prose=prose)


def _type(text: str, at: int, found: Facets, *, prose: bool) -> int | None:
    """Read a type, a format or a vendor's name beside one, or the place of a parameter."""
    bare = found.schema.get("type") in _TEXTS and "format" not in found.schema and not prose
    if bare and (moment := _INSTANT.match(text, at)):
        found.schema["format"] = "date-time"
        return moment.end()
    if found.typed and not prose and (form := _FORM.match(text, at)):
        number = form[0][-1].isdigit() or form[0] in {"float", "double"}
        if found.schema.get("type") in ({"integer", "number"} if number else {"string"}):
            found.schema |= {} if form[0] == "enum" else {"format": form[0]}
            return form.end()
    if found.typed and not found.of and text[at - 2 : at] == "/ " and (named := _NAMED_TYPE.match(text, at)):
        found.of = named[0]
        return named.end()
    if found.typed and text[at - 1 : at] == "(" and (named := _VENDOR_NAME.match(text, at)):
        found.of = named[0]
        return named.end()
    if not found.typed and text.lstrip()[:1] == "(" and (named := _VENDOR_TYPE.match(text, at)):
        found.typed, found.of = True, named[1]
        return named.end()
    if prose and text[at] in "\"'`":
        return None  # a word in quotes, which prose is about
    if not found.typed and (kind := read_type(text, at)) and (not prose or _labels(text, kind.end)):
        found.schema = {**kind.schema, **found.schema}
        found.typed, found.of = True, kind.of
        if sure := re.compile(r"!(?=$|[\s,;|)])").match(text, kind.end):
            found.required = True
        return sure.end() if sure else kind.end
    if (
        (place := _PLACE.match(text, at))
        and not found.where
        and (
            found.read
            or not prose
            or text[place.end() : place.end() + 1] == ","
            or _bracketed(text, at, place)
        )
    ):
        found.where = place[1].lower()
        return place.end()
    return None


def _describes(text: str, end: int) -> bool:
    """Whether a badge, which ends here, is an adjective of the word behind it, which is no type."""
    return _ADJECTIVE.match(text, end) is not None and read_type(text, end + 1) is None


def _bracketed(text: str, at: int, found: re.Match[str]) -> bool:
    """Whether a word stands alone in brackets."""
    return text[at - 1 : at] == "(" and text[found.end() : found.end() + 1] == ")"


def _labels(text: str, end: int) -> bool:
    """Whether a type in prose ends like a label and does not start a sentence."""
    return re.compile(
        rf"(?-i:[A-Z])|\s*(?:$|[.,;:()|*`–—-]|(?i:{BADGES})\b|of\b|with\b|containing\b|having\b)"
    ).match(text, end) is not None and not re.compile(r"\s+of\s+(?!objects?\b|strings?\b)").match(text, end)


def value_of(text: str, kind: Json) -> Json:
    """Read a default as a value of the type beside it."""
    text = text.strip().strip("`\"'“”").rstrip(".")
    kinds = set(kind) if isinstance(kind, list) else {kind}
    if kinds - {"null"} == {"string"} and not (text == "null" and "null" in kinds):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def made(name: str, found: Facets, prose: str, line: int, depth: int = 0) -> Field:
    """Make a field of what was read beside its name and of the prose below it."""
    bare, starred = name.strip("`:* "), name.rstrip(":` ").endswith("*")
    again = prose.startswith(f"{bare.rpartition('.')[2]} ")  # about its own name, not its type
    head = read_facets(prose, prose=True) if prose and not again else Facets()
    schema = _shaped(bare, found, head, prose)
    required = True if found.required is None and bare and starred else found.required
    required = _demanded(head, prose) if required is None else required
    if (found.null or head.null or says_null(prose)) and schema.get("type"):
        schema = with_null(schema)
    children = _WITH.search(prose)
    names = _QUOTED.findall(children[1]) if children else []
    kept = tuple(n for n in names if re.fullmatch(r"[\w$-]+", n))
    where, of, typed = found.where or head.where, found.of or head.of, found.typed or head.typed
    of = of or _items_named(schema, prose)
    conditional = required is False and found.required is None and head.required is None
    return Field(bare, schema, line, required, where, prose, depth, of, kept, typed, conditional)


def _shaped(name: str, found: Facets, head: Facets, prose: str) -> dict[str, Json]:
    """Give the type, format, allowed words and default of a field, as its facets and then its prose say."""
    schema = found.schema
    if not found.typed and head.typed:
        schema = {**head.schema, **schema}
    elif schema == {"type": "array"} and (told := read_type(prose)) and told.schema.get("type") == "array":
        schema = told.schema
    if schema == {"type": "string"} and head.schema.get("format") == "date-time":
        schema = {**schema, "format": "date-time"}
    enum = head.schema.get("enum") or words_in(prose, schema)
    if enum and "enum" not in schema and "enum" not in schema.get("items", {}):
        schema = restricted(schema, enum, {})
    if "default" not in schema and (default := _SAID_DEFAULT.search(prose)):
        value = next(g for g in default.groups() if g is not None)
        schema = {**schema, "default": value_of(value, schema.get("type"))}
    if not schema.get("type") and re.search(r"comma[- ]separated", prose[:200], re.IGNORECASE):
        schema = {"type": "string", **schema}
    if not schema.get("type") and re.match(r"(?:an? |the )?(?:list|array) of \w+", prose, re.IGNORECASE):
        schema = {"type": "array", **schema}
    if name.endswith("[]") and schema.get("type") != "array":
        schema = {"type": "array", **({"items": schema} if schema else {})}
    return schema


def _items_named(schema: dict[str, Json], prose: str) -> str:
    """Give the vendor's name of the items of a list, told in prose: "Array of message objects"."""
    told = read_type(prose) if schema.get("type") == "array" else None
    return told.of if told is not None and told.schema.get("type") == "array" else ""


def _demanded(head: Facets, prose: str) -> bool | None:
    """Tell by the prose of a field whether it must be there; None when it does not say."""
    if head.required is not None:
        return head.required
    if re.search(r"\((?:required|optional)\)\s*\.?$", prose):
        return "(required)" in prose
    if said := re.search(r"(?:^|[.;:,] )(required|optional)\.?$", prose, re.IGNORECASE):
        return said[1].lower() == "required"
    if re.match(r"always (?:present|returned|included|sent|there)\b", prose, re.IGNORECASE):
        return True
    return False if _ABSENT.search(prose[:300]) else None


def says_null(prose: str) -> bool:
    """Whether prose says that null may come."""
    return _NULLABLE.search(_NEVER_NULL.sub("", prose)) is not None


def is_badge_or_type(text: str) -> bool:
    """Whether a word is a badge or a type and so no likely name of a field."""
    read = read_facets(text)
    return read.read > 0 and not read.rest
