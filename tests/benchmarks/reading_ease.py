"""How easily our texts are read: Flesch reading ease of README.md, docs/ and the messages, and words a sentence.

    python -m tests.benchmarks.reading_ease [FOLDER]    FOLDER: a checkout, default this one

206.835 - 1.015 * words/sentences - 84.6 * syllables/words: 60 is plain English, 30 is for graduates. Code,
tables, links and placeholders are left out, and a syllable is a group of vowels.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_CODE = re.compile(r"^```.*?^```$|^ {4}.*?$|^\|.*?$|^#.*?$|^<.*?$|`[^`]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SENTENCE = re.compile(r"[.;:?!]+(?=\s|$)|\n\n+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")
_VOWELS = re.compile(r"[aeiouy]+")


def prose(page: str) -> str:
    """Give the sentences of a page of Markdown."""
    return _LINK.sub(r"\1", _CODE.sub(" ", page))


def messages(package: Path) -> Iterator[str]:
    """Yield the texts of four words and more that stand in the code and are no docstrings."""
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        docs = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            docs |= {*parts} if isinstance(node, ast.JoinedStr) else set()
            if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and node not in docs):
                text = " ".join(
                    part.value
                    for part in parts
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )
                if len(_WORD.findall(text)) >= 4 and not re.search(r"[\\^*+|{}]|/\w+/", text):
                    yield text


def ease(texts: Iterable[str]) -> tuple[float, float, int]:
    """Give the reading ease, the words a sentence, and the number of words."""
    sentences = [_WORD.findall(one) for text in texts for one in _SENTENCE.split(text)]
    counted = [words for words in sentences if len(words) > 1]
    words = [word.lower() for one in counted for word in one]
    syllables = sum(max(len(_VOWELS.findall(re.sub(r"e$", "", word))), 1) for word in words)
    length = len(words) / max(len(counted), 1)
    return 206.835 - 1.015 * length - 84.6 * syllables / max(len(words), 1), length, len(words)


def main(root: Path) -> None:
    """Print a line for each kind of text."""
    pages = {
        "README.md": [prose((root / "README.md").read_text("utf-8"))],
        "docs/": [prose(page.read_text("utf-8")) for page in sorted((root / "docs").rglob("*.md"))],
        "messages": list(messages(root / "contracts")),
    }
    for name, texts in pages.items():
        score, length, words = ease(texts)
        print(f"{name:<10} reading ease {score:5.1f}, {length:4.1f} words a sentence, {words:,} words")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[2])
