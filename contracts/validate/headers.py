"""The response headers that a spec declares: there when required, and of the type their schema asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contracts.decode import decode
from contracts.model import Json, Pointer, Response
from contracts.schema import Message
from contracts.spec import HeaderSpec, ResponseSpec, Spec
from contracts.validate.body import RawFault
from contracts.validate.reading import readings, types_of

Check = Callable[[Json, Pointer], tuple[RawFault, ...]]
Accepts = Callable[[Json, Pointer], bool]


class HeaderCheck:
    """The check of the declared response headers of a spec; how each of them is read is looked up once."""

    __slots__ = ("_accepts", "_check", "_kinds", "_spec")

    def __init__(self, spec: Spec, accepts: Accepts, check: Check) -> None:
        self._spec, self._accepts, self._check = spec, accepts, check
        self._kinds: dict[Pointer, frozenset[str] | None] = {}

    def broken(self, response: Response, documented: ResponseSpec) -> Iterator[RawFault]:
        """Yield what is wrong with the declared headers of a response; the pointer is the header's name.

        Several fields of one name are read as one, their values joined by commas (RFC 9110, section 5.3).
        """
        fields: dict[str, str] = {}
        for name, value in response.headers if documented.headers else ():
            key = name.lower()
            fields[key] = f"{fields[key]}, {value}" if key in fields else value
        for header in documented.headers:
            text = fields.get(header.name.lower())
            if text is not None and header.schema is not None:
                yield from self._value(text, header, header.schema)
            elif text is None and header.required:
                words = Message("missing, but required", "present", "")
                yield RawFault("missing-header", Pointer((header.name.lower(),)), header.pointer, words)

    def _value(self, text: str, header: HeaderSpec, schema: Pointer) -> Iterator[RawFault]:
        found = self._readings(text, header, schema)
        likeliest = next(found)
        broken = self._check(likeliest, schema)
        if broken and not self._accepts(likeliest, schema):
            meant = (value for value in found if self._accepts(value, schema))
            broken = self._check(next(meant, likeliest), schema)
        for one in broken:
            yield RawFault("header-value", Pointer((header.name.lower(),)), one.spec, one.words)

    def _readings(self, text: str, header: HeaderSpec, schema: Pointer) -> Iterator[Json]:
        if schema not in self._kinds:
            whole = "content" in header.pointer.resolve(self._spec.document)
            self._kinds[schema] = None if whole else types_of(self._spec, schema)
        kinds = self._kinds[schema]
        if kinds is not None:
            return readings(self._spec, text.strip(), schema, kinds)
        decoded = decode(text.encode("utf-8", "surrogatepass"))
        return iter((decoded.value if decoded.usable else text,))
