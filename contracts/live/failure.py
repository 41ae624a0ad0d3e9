"""The one exception of the live client: a request that was not sent, or got no answer that can be judged."""

from __future__ import annotations


class Failure(Exception):
    """Nothing came back; `kind` is network, tls, deadline, encoding, budget, stopped or refused.

    The sentence holds no credential and no text of the server's body.
    """

    def __init__(self, kind: str, sentence: str) -> None:
        self.kind, self.sentence = kind, sentence
        super().__init__(kind, sentence)

    def __str__(self) -> str:
        return self.sentence
