"""A credential that shows itself nowhere."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """A credential that shows itself nowhere: not in repr, str, format, pickles or tracebacks."""

    __slots__ = ("_value", "name")

    def __init__(self, value: str, name: str) -> None:
        self._value, self.name = value, name

    def reveal(self) -> str:
        """Give the value; called only where the request is built."""
        return self._value

    def __repr__(self) -> str:
        return f"<secret from {self.name}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """Refuse to be formatted into a string by value."""
        return repr(self)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        message = f"{self!r} cannot be pickled"
        raise TypeError(message)
