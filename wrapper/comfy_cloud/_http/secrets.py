"""The API key, held so that it shows nowhere: not in a repr, a message, a pickle or the locals of a traceback. Pure."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Final, NoReturn
from urllib.parse import quote, quote_plus

_SHOWN: Final = "***"
_SHORTEST: Final = 6  # a toy key of a local server, such as "key", is a word that stands in messages anyway


class Key:
    """An API key; where it is needed it is revealed, for as short as possible.

    Args:
        value: The key, which is not checked before `problem` is asked for.
        where: Where it comes from, for people to look.
    """

    __slots__ = ("_value", "where")

    def __init__(self, value: object, where: str = "api_key") -> None:
        self._value = value
        self.where = where

    @property
    def problem(self) -> str:
        """Why it cannot be sent, in words that go on "The API key ", or empty; it is not repeated."""
        if not isinstance(self._value, str):
            return f"is of the type {type(self._value).__name__}"
        if not self._value.strip():
            return "is blank"
        if not self._value.isascii() or not self._value.isprintable() or " " in self._value:
            return "contains a line end, a space or a non-ASCII character"
        return ""

    def reveal(self) -> str:
        """The key itself."""
        return str(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return f"Key({_SHOWN})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A key is not pickled; make the client where it is used.")


class Mask:
    """Takes a key out of texts."""

    __slots__ = ("_forms",)

    def __init__(self, key: Key | None = None) -> None:
        value = key.reveal() if key else ""
        forms = {value, quote(value), quote(value, safe=""), quote_plus(value)}
        self._forms = tuple(sorted(forms, key=len, reverse=True)) if len(value) >= _SHORTEST else ()

    def __call__(self, text: str) -> str:
        for form in self._forms:
            if form in text:
                text = text.replace(form, _SHOWN)
        return text

    def bytes(self, content: bytes) -> bytes:
        """The same for a body."""
        for form in self._forms:
            content = content.replace(form.encode(), _SHOWN.encode())
        return content

    def headers(self, headers: MutableMapping[str, str]) -> None:
        """The same for the headers of an answer, in place; Location stays, as it is followed."""
        for name, value in list(headers.items()):
            if name.lower() != "location" and (shown := self(value)) != value:
                headers[name] = shown

    def __repr__(self) -> str:
        return "Mask()"

    def __reduce__(self) -> tuple[type[Mask], tuple[()]]:
        return Mask, ()
