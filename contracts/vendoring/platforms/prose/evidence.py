"""What speaks for the place of a listing whose heading names none: its names, and the sentence above it."""

from __future__ import annotations

import re
from typing import Final

from contracts.vendoring.pages import Listing, Sample
from contracts.vendoring.platforms.prose.text import ProsePage, Row

_ANSWERS = re.compile(
    r"\b(?:respon(?:ses?|ds?|d with)|return(?:s|ed|ing)?|produces?|outputs?|repl(?:y|ies)|answers?"
    r"|respuestas?|devuelve|réponses?|renvoie|retourne|antwort\w*|liefert|respostas?|retorna|rispost[ae]"
    r"|restituisce|ответ\w*|возвраща\w+)\b|レスポンス|返|响应|응답",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:requests?|accepts?|consumes?|takes?|expects?|submit|pass(?:ed)?|provide|supply|payload|input|body"
    r"|arguments are|solicitud|petición|requête|anfrage|requisição|richiesta|acepta|accepte|akzeptiert"
    r"|запрос\w*)\b|リクエスト|请求|요청",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:configur\w+|konfiguration\w*|environment|umgebungsvariable\w*|settings?|install\w*|deploy\w*"
    r"|docker|cli|command[- ]line|flags?|pricing|plans?|limits?|quotas?|changelog|glossary|scopes?"
    r"|permissions?|roles?|web ?hooks?|events?|callbacks?|notifications?|messages?|terms)\b",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"[:：]$|\b(?:following|below|as follows|siguientes?|suivante?s?|folgende\w*|seguintes?|seguenti)\b"
    r"|次の|以下|如下|다음",
    re.IGNORECASE,
)
ENOUGH: Final = 3  # members that an example must have, before a listing that shares none is held against it


def bodies(prose: ProsePage) -> list[Sample]:
    """Give the examples of a page but for those of webhooks and the like: they are of no answer."""
    aside = {row.number for row in prose.rows if row.kind == "aside"}
    return [sample for sample in prose.samples if sample.line not in aside]


class Evidence:
    """Weighs a listing of one operation against the examples and sentences around it."""

    def __init__(self, prose: ProsePage) -> None:
        self.shown = {place.rpartition("/")[2] for sample in bodies(prose) for place in sample.places}

    def said(self, listing: Listing, rows: list[Row]) -> str:
        """Tell by the sentence above whether a listing is "answered" or "sent"; "" where none says it."""
        above = [row for row in rows if row.number < listing.line and "|" not in row.raw][-2:]
        for row in reversed(above):
            answers, asks = _ANSWERS.search(row.text), _ASKS.search(row.text)
            if _FOLLOWS.search(row.text) and (answers or asks):
                first = answers is not None and (asks is None or answers.start() < asks.start())
                return "answered" if first else "sent"
        return ""

    def speaks_for_answer(self, listing: Listing) -> bool:
        """Whether a listing in no section, or below a heading that is not known, can be of the answer."""
        names = {one.name.replace("[]", "").rpartition(".")[2] for one in listing.fields}
        if names & self.shown:
            return True
        return len(self.shown) < ENOUGH and _ELSEWHERE.search(f"{listing.title} {listing.head}") is None
