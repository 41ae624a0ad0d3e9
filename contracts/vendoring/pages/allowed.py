"""Allowed words of a field as prose lists them: "one of `a`, `b`", "Values: a, b", "0 = off, 1 = on"."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from contracts.model import Json

_OPEN: Final = r"(?:`[\"'“‘]|[\"'“‘]`|[`“\"'‘«„「])"
_CLOSE: Final = r"(?:[\"'”’]`|`[\"'”’]|[`”\"'’»“」])"
_QUOTED = re.compile(rf"{_OPEN}([^`”\"'’»“」\n]{{1,60}}){_CLOSE}")
_OR: Final = r"(?:or|and|y|e|o|u|ou|et|oder|und|или|и|或者?|和|または|か)"
_ASIDE: Final = r"(?:\s*\([^()]{0,80}\)|\s*（[^（）]{0,80}）)?"
_SPAN = re.compile(
    rf"(?:\s*(?:[,、，]?\s*{_OR}(?![\w]{{2}})|[,/|、，→]|->|\(or)?\s*{_OPEN}[^`”\"'’»“」\n]{{1,60}}{_CLOSE}{_ASIDE})+"
)
_BARE = re.compile(
    rf"[\w.+-]{{1,60}}{_ASIDE}(?:\s*(?:,|\||/|、|，)\s*(?:or |and"
    rf" )?[\w.+-]{{1,60}}{_ASIDE})+(?:,?\s+{_OR}\s+[\w.+-]{{1,60}})?"
    rf"|[\w.+-]{{1,60}} or [\w.+-]{{1,60}}(?=\s*(?:$|[.;)]))"
)
_ENTRY = re.compile(
    rf"\s*(?:[-*•]\s+)?(?:{_OPEN}(?P<marked>[^`”\"'’»“」\n]{{1,60}}){_CLOSE}|(?P<bare>[\w.+-]{{1,40}}))"
    rf"\s*(?P<sign>[:=：]|[–—-](?=\s)|->|→|\()\s*(?P<said>.*)",
    re.DOTALL,
)
_BEFORE_ENTRY = re.compile(rf"\s+(?={_OPEN}[^`”\"'’»“」\n]{{1,60}}{_CLOSE}\s*[:：–—])")
_ENTRIES = re.compile(r"\s*(?:[;·\n•；]|<br\s*/?>)\s*")
# Lists that name some of the words and leave others out.
_OPEN_END = re.compile(
    r"[\s,)]*(?:etc\b|\.\.\.|…|and (?:more|others|so on)\b|among others|or (?:any|other|another"
    r"|an? |your)\b)",
    re.IGNORECASE,
)
_VALUES: Final = (
    r"(?:(?:the )?(?:available|allowed|possible|valid|accepted|supported|permitted|known|legal) (?:enum )?"
    r"(?:values?|options?|choices|states|statuses|types)|enum(?:eration)?(?: values?)?|value"
    r" in(?=:)|options|allowed|values"
    r"|(?:must|will|can|may|should|is|are|takes?|returns?|indicates?)(?: \w+)? (?:one|any) of"
    r"|(?:is )?(?:either|one of)"
    r"(?: the following(?: values)?)?|can be|may be|must be|should be|will be"
    r"|valores? (?:posibles?|possíve(?:l|is)|permitidos?|válidos?|admitidos?|aceptados?"
    r"|aceitos?)|un[oa] de|uma? de"
    r"|puede ser|pode ser|peut être|kann sein|valeurs? (?:possibles?|autorisées?|acceptées?"
    r"|permises?)|l'une? d[e']s?"
    r"|(?:mögliche|erlaubte|zulässige|gültige) (?:werte?|angaben)|ein(?:er?|es) von|valori"
    r" (?:possibili|ammessi)|uno (?:tra|dei)"
    r"|(?:возможные|допустимые) значения|одно из|取值(?:范围|为)?|可选值|枚举值?|可能的?值|値は"
    r"|次のいずれか(?:の値)?(?:です)?|다음 (?:값 )?중 하나|取りうる値"
    r"|設定値)"
)
LEAD = re.compile(
    rf"{_VALUES}(?!\w)(?: are| is| include| son| são| sont| sind)?\s*[:：。]?\s*", re.IGNORECASE
)
_LEADS = re.compile(rf"(?<!\w)(?<!not ){LEAD.pattern}(?:the following:?\s*)?", re.IGNORECASE)
_TRAIL = re.compile(r"\s*(?:중 하나|중의 하나|のいずれか|のどれか|中的一(?:个|種|种)|之一|中之一)")
_LINKED = re.compile(r"\b(?:is|be|are|as|to|with|whether it is|ist|es|est|é)\s+(?=[`\"“'])", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:if|when|while|unless|until|where|only|not|cannot|never|neither|e\.g|example|such as|like"
    r"|default\w*|for|wenn|si|se|falls|cuando)\b"
    r"[^.]*$",
    re.IGNORECASE,
)
_NO_LIST = re.compile(
    r"example|sample|e\.g|format|default|note|see|pattern|such as|include|beispiel|ejemplo"
    r"|exemple|contains|fields|keys",
    re.IGNORECASE,
)
_OF_STATES = re.compile(
    r"\b(?:status|state|stage|phase|type|kind|mode|level|role|priority|result|outcome)\b", re.IGNORECASE
)


# What states are commonly called.
STATE_WORDS: Final = frozenset((
    "accepted", "aborted", "active", "archived", "assigned", "blocked", "building", "canceled",
    "cancelled", "canceling", "cancelling", "closed", "complete", "completed", "created", "deleted",
    "delivered", "disabled", "done", "draft", "enabled", "ended", "errored", "error", "executing",
    "expired", "failed", "failure", "finalizing", "finished", "idle", "in_progress", "inactive",
    "ingested", "initialized", "new", "ok", "open", "partial", "partially_completed", "paused",
    "pending", "preparing", "processed", "processing", "published", "queued", "ready", "received",
    "rejected", "retrying", "running", "scheduled", "sent", "started", "starting", "stopped",
    "submitted", "succeeded", "success", "suspended", "throttled", "timeout", "timed_out", "unknown",
    "uploaded", "uploading", "validated", "validating", "waiting",
))  # fmt: skip
_BARRED = re.compile(r"([\w.+-]+(?:\s*[|/]\s*[\w.+-]+)+)(?:\.?$|\.\s+[A-Z])")
_CAPITALS = re.compile(
    rf"[A-Z][A-Z0-9_]+(?:(?:,\s*[A-Z][A-Z0-9_]+){{2,}}|(?:,\s*[A-Z][A-Z0-9_]+)*,? {_OR} [A-Z][A-Z0-9_]+)$"
)


def words_at(text: str, at: int) -> tuple[list[Json], int]:
    """Read a list of allowed words at a place: in brackets, quoted, or bare and apart by commas or bars."""
    tail = text[at : at + 1200]
    if tail[:1] == "`" and tail[1:2] == "[":
        return words_at(text, at + 1)
    bracket = re.match(r"\[([^\[\]\n]{1,800})\]|\(([^()\n]{1,800})\)", tail)
    if bracket:
        inside = bracket[1] or bracket[2]
        single = [inside] if bracket[1] and re.fullmatch(r"[\w.+-]{1,60}", inside) else []
        return _unique(_QUOTED.findall(inside) or _bare(inside) or single), at + bracket.end()
    if span := _SPAN.match(tail):
        found = _unique(_QUOTED.findall(re.sub(r"\((?!or\b)[^()]*\)", "", span[0])))
        barred = len(found) == 1 and re.search(r"[|,]", str(found[0])) is not None
        return (_bare(str(found[0])) or found if barred else found), at + span.end()
    if bare := _BARE.match(tail):
        return _unique(w.rstrip(".") for w in _bare(bare[0])), at + bare.end()
    lone = re.match(r"(?!non-empty$)[\w.+-]{1,60}$", tail.strip())  # a limit, as Docusaurus states it
    if lone and _run_together(tail.strip()):
        parts = unfused(tail.strip())
        return _unique(parts if len(parts) > 2 else ()), len(text)
    return ([tail.strip()], len(text)) if lone else ([], at)


def _run_together(word: str) -> bool:
    """Whether a word starts with a common state and ends with another: several words, and no bounds shown."""
    starts = {len(w) for w in STATE_WORDS if len(w) > 3 and word.startswith(w)}
    ends = {len(w) for w in STATE_WORDS if len(w) > 3 and word.endswith(w)}
    return bool(starts and ends) and min(starts) + min(ends) <= len(word) and word not in STATE_WORDS


def words_behind(text: str, lead: re.Match[str]) -> tuple[list[Json], int]:
    """Read the list behind words that announce one; [] where the list says that it leaves words out."""
    if "include" in lead[0].lower():
        return [], lead.end()
    if re.search(r"[:：。]\s*$", lead[0]) and (words := _explained(text[lead.end() :])):
        return words, len(text)
    words, end = words_at(text, lead.end())
    return ([], lead.end()) if _OPEN_END.match(text, end) else (words, end)


def _unique(words: Iterable[str]) -> list[Json]:
    return list(dict.fromkeys(words))


def _bare(text: str) -> list[Json]:
    text = re.sub(r"\s*(?:\([^()]*\)|（[^（）]*）)", "", text)
    parts = re.split(rf"\s*(?:,|\||/|、|，)\s*(?:{_OR}\s+)?|\s+{_OR}\s+", text.strip())
    found = [p.strip() for p in parts if re.fullmatch(r"[\w.+-]{1,60}", p.strip())]
    return _unique(found) if len(parts) > 1 else []


def unfused(text: str) -> list[str]:
    """Part allowed words that run together (`waitingrunningdone`); [] where the page does not show how.

    Every piece is a word that states are commonly called by, but for one piece between two of them.
    """
    best: list[tuple[int, list[str]] | None] = [(0, []), *([None] * len(text))]
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - 24), end):
            before = best[start]
            piece = text[start:end]
            if before is None or len(piece) < 2:
                continue
            cost = before[0] + (0 if piece.lower() in STATE_WORDS else 100 + len(piece))
            known = best[end]
            if known is None or cost < known[0]:
                best[end] = (cost, [*before[1], piece])
    found = best[-1]
    if found is None or found[0] >= 200 or len(found[1]) < 2:
        return []
    odd = [i for i, p in enumerate(found[1]) if p.lower() not in STATE_WORDS]
    return found[1] if not odd or (0 < odd[0] < len(found[1]) - 1 and "_" in found[1][odd[0]]) else []


def words_in(prose: str, schema: dict[str, Json]) -> list[Json]:
    """Find the allowed words that the prose of a field of this type lists; [] where it does not list all."""
    kind = schema.get("type", "string")
    kinds = {*(kind if isinstance(kind, list) else [kind])} - {"null"}
    if schema.get("format", "").startswith(("date", "time", "uuid", "uri", "email")) or kinds not in (
        {"string"},
        {"array"},
        {"integer"},
        {"number"},
    ):
        return []
    prose = prose[:1200]
    found = _alone(prose) or _led(prose) or _trailed(prose) or _told(prose)
    if kinds & {"integer", "number"}:
        return found if all(re.fullmatch(r"-?\d+(?:\.\d+)?", str(w)) for w in found) else []
    return found


def _alone(prose: str) -> list[Json]:
    """Read prose that is a list of words, before anything else, or a list of words each with its meaning."""
    words, end = words_at(prose, 0)
    ended = not prose[end:].strip(" .")
    if len(words) > 1 and ended and (_QUOTED.match(prose) or _CAPITALS.match(prose[:end])):
        return words
    if barred := _BARRED.match(prose):
        return _bare(barred[1]) if len(_bare(barred[1])) > 2 or "|" in barred[1] else []
    return _explained(prose)


def _explained(text: str) -> list[Json]:
    """Read "`open`: still open; `closed`: closed now" and "0 = open, 1 = closed"; all entries have to be."""
    text = text.strip(" .")
    for parts in (_ENTRIES.split(text), re.split(r"[,;，；]\s*", text), _BEFORE_ENTRY.split(text)):
        entries = [entry for part in parts if part and (entry := _ENTRY.fullmatch(part))]
        if len(entries) < 2 or len(entries) != len([part for part in parts if part]):
            continue
        marked = all(entry["marked"] for entry in entries)
        if marked and _left_out({entry["marked"] for entry in entries}, text):
            return []
        signs = {entry["sign"] for entry in entries}
        coded = all(re.fullmatch(r"-?\d{1,4}|[A-Z][A-Z0-9_]*", entry["bare"] or "") for entry in entries)
        if len(signs) == 1 and (marked or coded or signs == {"="}):
            return _unique(entry["marked"] or entry["bare"] for entry in entries)
    return []


def _left_out(words: set[str], text: str) -> bool:
    """Whether a text quotes another word that is written in capitals as these are: they are not all."""
    return all(map(str.isupper, words)) and any(
        word.isupper() and len(word) > 2 for word in set(_QUOTED.findall(text)) - words
    )


def _led(prose: str) -> list[Json]:
    """Read the list behind words that announce one."""
    for lead in _LEADS.finditer(prose):
        words, _ = words_behind(prose, lead)
        if len(words) > 1:
            return words
    return []


def _trailed(prose: str) -> list[Json]:
    """Read the list before words that close one, as Korean, Japanese and Chinese put them."""
    spans = (span for span in _SPAN.finditer(prose) if _TRAIL.match(prose, span.end()))
    return next((words for span in spans if len(words := _unique(_QUOTED.findall(span[0]))) > 1), [])


def _told(prose: str) -> list[Json]:
    """Read a list that no word announces: behind a colon, in brackets, or in "is `a` or `b`"."""
    for colon in re.finditer(r"(?:^|[.:] )([^:.,`]{3,80})[:：]\s+", prose):
        words, end = words_at(prose, colon.end())
        listed = re.compile(rf"\[?{_OPEN}").match(prose, colon.end()) or re.search(
            rf" {_OR} |\w/\w+/|\|", prose[colon.end() : end]
        )
        ended = not prose[end:].strip(" .") or prose[end:].startswith(". ")
        if len(words) > 1 and listed and ended and not _NO_LIST.search(colon[1]):
            return words
    for bracket in re.finditer(r"\(([^()\n]{3,400})\)", prose):
        words, marked = words_at(bracket[0], 0)[0], _QUOTED.match(bracket[1])
        whole = (
            re.sub(rf"[\s,|/]|\b{_OR}\b", "", _QUOTED.sub("", bracket[1])) == "" if marked else len(words) > 2
        )
        states = marked or (
            _OF_STATES.search(prose[: bracket.start()]) and " " not in "".join(map(str, words))
        )
        plain = marked or re.fullmatch(r"[\w-]+(?:\s*[,|/]\s*(?:or )?[\w-]+)+", bracket[1])
        if len(words) > 1 and whole and states and plain and not _CONDITION.search(prose[: bracket.start()]):
            return words
    for linked in _LINKED.finditer(prose):
        words, end = words_at(prose, linked.end())
        joined = re.search(rf"[`\"'”]\s*,?\s*{_OR}\s+[`\"'“]", prose[linked.end() : end])
        if (
            len(words) > 1
            and joined
            and not _CONDITION.search(prose[: linked.start()])
            and not _OPEN_END.match(prose, end)
        ):
            return words
    return []


def restricted(schema: dict[str, Json], enum: Json, more: dict[str, Json]) -> dict[str, Json]:
    """Give a schema with allowed words put where they belong: on the items of a list, else on itself."""
    schema = {**schema, **more}
    if not isinstance(enum, list) or not enum:
        return schema
    if schema.get("type") == "array":
        return {**schema, "items": restricted(schema.get("items", {}), enum, {})}
    kind = schema.get("type", "string")
    kinds = kind if isinstance(kind, list) else [kind]
    if "integer" in kinds or "number" in kinds:
        numbers = [_number(v) for v in enum]
        return {**schema, "enum": numbers} if all(n is not None for n in numbers) else schema
    if "string" not in kinds:
        return schema
    return {
        "type": kind,
        **schema,
        "enum": [*enum, *([None] if "null" in kinds and None not in enum else [])],
    }


def _number(text: Json) -> Json:
    try:
        value = json.loads(str(text))
    except ValueError:
        return None
    return value if isinstance(value, int | float) else None
