"""A vendor's document over the network: what is asked, what is followed, and every way in which it fails."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field

import pytest

from contracts.errors import ContractsError
from contracts.live import fetch_document
from contracts.live.failure import Failure
from contracts.model import Response
from tests.interactions.hostile import serving

URL = "https://docs.example/v1/a.md"


@dataclass
class Answers:
    """A transport that gives answers in turn, and remembers what was asked."""

    given: list
    asked: list = field(default_factory=list)

    def fetch(self, outgoing, limits):
        self.asked.append(outgoing)
        one = self.given.pop(0)
        if isinstance(one, Failure):
            raise one
        return one


def answer(status=200, body=b"page", **headers):
    return Response(status, tuple((k.replace("_", "-"), v) for k, v in headers.items()), body)


def fetched(*given, url=URL):
    return fetch_document(url, transport=Answers(list(given)))


def test_one_polite_request_without_a_key():
    answers = Answers([answer()])
    assert fetch_document(URL, transport=answers).data == b"page"
    (asked,) = answers.asked
    assert (asked.method, asked.url, asked.keys) == ("GET", URL, ())
    assert {name for name, _ in asked.headers} == {"Accept", "Accept-Encoding", "User-Agent"}
    assert dict(asked.headers)["User-Agent"].startswith("pytest-contracts/")


def test_redirects_stay_on_the_host():
    found = fetched(answer(301, location="../b.md"), answer(302, location="/c.md"), answer(body=b"c"))
    assert (found.data, found.url) == (b"c", "https://docs.example/c.md")


def test_text_of_another_charset_becomes_utf_8():
    body = "Bézier".encode("latin-1")
    assert fetched(answer(body=body, content_type="text/html; charset=ISO-8859-1")).data == "Bézier".encode()
    assert fetched(answer(body=body, content_type="text/html; charset=klingon")).data == body


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([answer(302, location="https://evil.example/?k=1")], ": leads to https://evil.example/; if that is the vendor's, name it instead"),
        ([answer(302, location="http://docs.example/")], ": leads to http://docs.example/; if that is the vendor's, name it instead"),
        ([answer(302, location="https://docs.example:8443/")], ": leads to https://docs.example:8443/; if that is the vendor's, name it instead"),
        ([answer(301, location="/a")] * 3, ": redirects more than 3 times"),
        ([answer(404)], ": answered 404"),
        ([answer(401)], ": answered 401: it wants a key, and documents are fetched without one; save it and name the file"),
        ([answer(429)], ": answered 429: it is asked too often; try again later"),
        ([answer(body=b" \n")], ": answered without a document"),
        ([Failure("deadline", "no answer in time")], ": no answer in time"),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_is_said(given, said):
    with pytest.raises(ContractsError) as refused:
        fetched(*given)
    assert str(refused.value) == f"{URL}{said}"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://docs.example/a?key=1", "http://docs.example/a: only https addresses are fetched, and http ones of this machine"),
        ("ftp://docs.example/a", "ftp://docs.example/a: only https addresses are fetched, and http ones of this machine"),
        ("https:///a", "https:///a: it names no host"),
        ("https://[::1/x?key=1", "https://[::1/x: its host cannot be read"),
        ("https://me:pw@docs.example/a", "https://docs.example/a: it holds a name or a password, and documents are fetched without"),
    ],
)  # fmt: skip
def test_addresses_that_are_not_asked(url, said):
    with pytest.raises(ContractsError) as refused:
        fetched(url=url)
    assert str(refused.value) == said


def test_a_document_over_the_limit_and_one_that_is_packed(monkeypatch):
    head = "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n"
    packed = gzip.compress(b"x" * 3000)
    reply = head.format(len(packed), "Content-Encoding: gzip\r\n").encode() + packed
    with serving(lambda connection, _: connection.sendall(reply)) as server:
        assert fetch_document(f"{server.url}/a").data == b"x" * 3000
        monkeypatch.setattr("contracts.live.fetch.MAX_BYTES", 1500)
        with pytest.raises(ContractsError, match="more than 1,500 bytes"):
            fetch_document(f"{server.url}/a")
