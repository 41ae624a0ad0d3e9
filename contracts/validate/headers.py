"""The response headers that a spec declares: there when required, and of the type their schema asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contracts.decode import decode
from contracts.model import Json, Pointer, Response
from contracts.spec.openapi import HeaderSpec, ResponseSpec, Spec
from contracts.validate import coerce
from contracts.validate.body import Broken
from contracts.validate.words import Words

Check = Callable[[Json, Pointer], Iterator[Broken]]
Accepts = Callable[[Json, Pointer], bool]


def check_headers(
    spec: Spec, response: Response, documented: ResponseSpec, accepts: Accepts, check: Check
) -> Iterator[Broken]:
    """Yield what is wrong with the declared response headers; the pointer is the header's name.

    Several fields of one name are read as one, their values joined by commas (RFC 9110, section 5.3).
    """
    for header in documented.headers:
        at = Pointer((header.name.lower(),))
        values = [value for name, value in response.headers if name.lower() == at[0]]
        if not values:
            if header.required:
                words = Words("missing, but required", "present", "")
                yield Broken("missing-header", at, header.pointer, words)
        elif header.schema is not None:
            value = _read(spec, ", ".join(values), header, header.schema, accepts)
            for broken in check(value, header.schema):
                yield Broken("header-value", at, broken.spec, broken.words)


def _read(spec: Spec, text: str, header: HeaderSpec, schema: Pointer, accepts: Accepts) -> Json:
    if "content" in header.pointer.resolve(spec.document):
        decoded = decode(text.encode("utf-8", "surrogatepass"))
        return decoded.value if decoded.usable else text
    return coerce.read(spec, text.strip(), schema, lambda value: accepts(value, schema))
