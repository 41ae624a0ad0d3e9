"""An interaction met once: operation, documented response, media type, schema and decoded body.

Checks, consistency notes, coverage and the list of what was not judged all ask the same value, so that a
path is matched once and a body is decoded once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.decode import Decoded, decode
from contracts.model import Interaction, Pointer, Response, Source
from contracts.validate.reading import choose, plain

if TYPE_CHECKING:
    from contracts.spec import Operation, ResponseSpec, Spec

NO_BODY: Final = frozenset({204, 205, 304})


class Answered:
    """One interaction held against one spec; what costs time is worked out when it is first asked for.

    `operation` and `documented` are None where the spec has none; `sent` is the media type that came, without
    parameters and in lower case, or "" when no content type came.
    """

    __slots__ = ("_decoded", "documented", "interaction", "max_bytes", "operation", "response", "sent")

    def __init__(self, spec: Spec, interaction: Interaction, max_bytes: int) -> None:
        self.interaction, self.max_bytes = interaction, max_bytes
        self._decoded: Decoded | None = None
        request, response = interaction.request, interaction.response
        met = spec.met(request.method, request.url)
        self.operation: Operation | None = met[0] if met else None
        self.response: Response | None = response
        self.documented: ResponseSpec | None = None
        self.sent = ""
        if response is not None:
            self.sent = plain(response.header("content-type") or "")
            self.documented = self.operation.response(response.status) if self.operation else None

    @property
    def chosen(self) -> str | None:
        """The entry of the documented content that the body is held against; None where there is none.

        Without a content type that is the first entry.
        """
        content = self.documented.content if self.documented else {}
        return choose(content, self.sent) if self.sent else next(iter(content), None)

    @property
    def media(self) -> str:
        """The media type by which the body is read: the one that came, else the documented one."""
        return self.sent or self.chosen or ""

    @property
    def schema(self) -> Pointer | None:
        """The schema of the body; None where the spec gives none."""
        return self.documented.content[self.chosen] if self.documented and self.chosen else None

    @property
    def decoded(self) -> Decoded:
        """The body as strict JSON, decoded once; not usable when there is no response."""
        if self._decoded is None:
            self._decoded = decode(self.response.body if self.response else b"", max_bytes=self.max_bytes)
        return self._decoded

    @property
    def without_headers(self) -> bool:
        """Whether no header of the response was recorded at all, so that none can be missed.

        An example of a document has its media type, and no headers.
        """
        source = self.interaction.source
        recorded = source is Source.RECORDED and self.response is not None and not self.response.headers
        return recorded or source is Source.DOCUMENTATION

    @property
    def bare(self) -> bool:
        """Whether HTTP gives this answer no body: to HEAD, or with 204, 205 or 304."""
        status = self.response.status if self.response else 0
        return self.interaction.request.method.upper() == "HEAD" or status in NO_BODY

    @property
    def aside(self) -> str:
        """Say why the answer is none of the vendor's to describe; "" when it is the vendor's.

        HTTP itself has 1xx and 304 (RFC 9110); browsers ask before a cross-origin request, and make
        redirects of their own (HSTS, a service worker). Specs document none of them.
        """
        response, request = self.response, self.interaction.request
        if response is None or self.documented is not None:
            return ""
        if response.status < 200 or response.status == 304:
            return f"{response.status} is an answer of HTTP itself, which the spec need not document"
        names = {name.lower() for name, _ in request.headers}
        if request.method.upper() == "OPTIONS" and "access-control-request-method" in names:
            return "a browser asked whether it may send a request; the spec need not document that"
        if response.header("non-authoritative-reason"):
            return "a redirect of the browser's own"
        return ""

    @property
    def cut(self) -> str:
        """Say that the recorder kept only a part of the body, or none; "" when nothing shows that."""
        response = self.response
        if response is not None and response.missing and not self.bare:
            return f"body: {response.missing}"
        size = (response.header("content-length") or "") if response else ""
        if response is None or self.bare or not size.isdecimal() or response.header("content-encoding"):
            return ""
        if len(size) > 15 or len(response.body) >= int(size) or self.decoded.usable:
            return ""
        return f"body: cut, {len(response.body):,} of {int(size):,} bytes were recorded"
