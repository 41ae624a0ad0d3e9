"""Texts that a user meets are plain and literal: no phrase of the list below stands in any of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from contracts.policy import all_rules
from tests import rooms

pytestmark = pytest.mark.untraced  # it reads the code, and runs none


def room_of(module: str) -> str:
    """Give the room of a module: the part after the package's name."""
    return module.partition(".")[2].partition(".")[0]


ROOMS = sorted(set(map(room_of, rooms.MODULES)))
"""Every room: its messages reach a terminal, its docstrings the reader of the reference."""

FLAGGED = {
    r"\bcop(e|es|ed|ing)\b": "tolerates",
    r"\bhand(s|ed|ing)? (it )?on\b": "passes through",
    r"\b(does|do|did) not know\b": "does not recognise, is unknown",
    r"\b(lies|lied|lying|lie about|a lie|the lie|no lie)\b": "fabricates; stands, is",
    r"\bknows? less\b": "degrades",
    r"\b(made|makes?|making) (it |them |something |nothing |anything )?up\b": "fabricates",
    r"[a-z,] ?(…|\.\.\.)(?=\s|$)": "the whole text, or a word for what is left out",
    r"\bsayings?\b|\bgo(es)? without saying\b": "messages",
    r"\b(honest|strange|heart|dance|dream|ghost|whisper|poor man)\b": "a literal word",
    r"\b(hold|holds|held) \w+ to (its|their) (published )?word\b|\bpublished word\b": "specification",
    r"\bpassed over\b|\bpass over\b": "skipped",
    r"\bnothing to remark\b|\bnothing to say\b|\bhas something to say\b": "no findings, no change",
    r"\bthe very\b|\bstumbl\w*": "the same; failure",
    r"\bcarr(y|ies) along\b|\bleads? nowhere\b|\bgoes? away\b|\bcomes? of it\b": "a literal word",
    r"\b(he|his|him|she|her)\b": "it, the reader, they",
    r"\btold in full\b|\btold otherwise\b|\bcannot be told\b": "reported, written, determined",
}
"""Phrase to what is said instead."""
ANY = re.compile("|".join(FLAGGED))

PUBLIC = re.compile(r"[a-zA-Z]\w*")


def texts(module: str) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module with their lines: literals, and docstrings of what has a public name."""
    tree, private = rooms.tree(module), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef | ast.Module):
            first = node.body[0] if node.body else None
            public = PUBLIC.fullmatch(getattr(node, "name", "module"))
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and not public:
                private.add(first.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in private:
            yield node.lineno, node.value


@pytest.mark.parametrize("room", ROOMS)
def test_no_text_holds_a_flagged_phrase(room):
    found = [
        f"{module}:{line}: {hit[0]!r}; write: {better}"
        for module in rooms.MODULES
        if room_of(module) == room
        for line, text in texts(module)
        if ANY.search(text)
        for phrase, better in FLAGGED.items()
        for hit in re.finditer(phrase, text)
    ]
    assert found == []


def test_no_rule_is_explained_with_a_flagged_phrase():
    found = [
        (name, phrase)
        for name, rule in all_rules().items()
        for phrase in FLAGGED
        if re.search(phrase, f"{rule.summary} {rule.advice}")
    ]
    assert found == []
