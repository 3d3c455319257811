"""The kinds of values a fault is made of: what is acceptable, and how each is written as text. Pure."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import NamedTuple, cast

from comfy_cloud.sandbox._errors import SandboxError

MAX_SECONDS = 86_400.0
"""The longest delay: one day. `stall` is for ever."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2: what a header's name is made of
_UNITS = {"ms": Decimal("0.001"), "s": Decimal(1)}
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s)", re.ASCII)


class FaultError(SandboxError, ValueError):
    """A fault, or the text of one, is not acceptable; the message is one sentence that says what is."""


class Delay(NamedTuple):
    """A time in seconds, and by how much it may vary to either side."""

    seconds: float
    jitter: float = 0.0


class Kind(ABC):
    """What one field of a fault accepts, in Python and as text. `says` is that in words."""

    says: str

    @abstractmethod
    def read(self, text: str) -> object:
        """The value a text stands for, not checked yet. Raises ValueError."""

    @abstractmethod
    def accepts(self, value: object) -> bool:
        """Whether this is a value of the kind, within its bounds."""

    def write(self, value: object) -> str:
        """The text that `read` turns back into an equal value."""
        return str(value)

    def check(self, name: str, value: object) -> None:
        """Raise FaultError, which names `name`, unless `value` is acceptable."""
        if not self.accepts(value):
            raise FaultError(f"{name} must be {self.says}, not {value!r}.")


class Whole(Kind):
    """An integer within bounds, both included."""

    def __init__(self, low: int, high: int) -> None:
        self._bounds = low, high
        self.says = f"a whole number from {low} to {high}"

    def read(self, text: str) -> object:
        """An integer; a sign may stand before it."""
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text, re.ASCII):
            raise ValueError(text)
        return int(text)

    def accepts(self, value: object) -> bool:
        """No booleans, although Python counts them among the integers."""
        low, high = self._bounds
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


class Seconds(Kind):
    """A time in seconds; as text with its unit, `50ms` or `1.5s`."""

    says = f"a time from 0 to {MAX_SECONDS:.0f} seconds, as in 50ms or 1.5s"

    def read(self, text: str) -> object:
        """Exactly: the float nearest to the decimal number."""
        found = _DURATION.fullmatch(text)
        if found is None:
            raise ValueError(text)
        return float(Decimal(found[1]) * _UNITS[found[2]])

    def write(self, value: object) -> str:
        """In milliseconds below one second."""
        number = abs(Decimal(repr(float(str(value)))))
        return f"{_plain(number)}s" if number >= 1 else f"{_plain(number * 1000)}ms"

    def accepts(self, value: object) -> bool:
        """Finite and not negative."""
        return _is_number(value) and 0 <= float(str(value)) <= MAX_SECONDS


class Spread(Seconds):
    """A `Delay`; as text `50ms`, `50ms±20ms` or, for those who cannot type that, `50ms+-20ms`."""

    says = f"{Seconds.says}, the jitter at most the time itself: 50ms±20ms"

    def read(self, text: str) -> object:
        """The jitter is 0 unless given."""
        middle, _, around = text.replace("+-", "±").partition("±")
        return Delay(float(str(super().read(middle))), float(str(super().read(around))) if around else 0.0)

    def write(self, value: object) -> str:
        """Without the jitter when there is none."""
        assert isinstance(value, Delay)
        middle = super().write(value.seconds)
        return f"{middle}±{super().write(value.jitter)}" if value.jitter else middle

    def accepts(self, value: object) -> bool:
        """No delay is negative, whatever the dice say."""
        if not (isinstance(value, Delay) and all(super(Spread, self).accepts(part) for part in value)):
            return False
        return value.jitter <= value.seconds


class Share(Kind):
    """A probability above 0 and at most 1; as text a number of percent."""

    says = "a probability above 0 and at most 1, as text in percent"

    def read(self, text: str) -> object:
        """Exactly: the float nearest to the decimal number."""
        try:
            return float(Decimal(text) / 100)
        except InvalidOperation:
            raise ValueError(text) from None

    def write(self, value: object) -> str:
        """Without the percent sign."""
        return _plain(Decimal(repr(float(str(value)))) * 100)

    def accepts(self, value: object) -> bool:
        """A fault that can never fire is a mistake."""
        return _is_number(value) and 0 < float(str(value)) <= 1


class Word(Kind):
    """One of a few words."""

    def __init__(self, *choices: str) -> None:
        self.choices = choices
        self.says = f"one of {', '.join(choices)}"

    def read(self, text: str) -> object:
        """The word itself."""
        return text

    def accepts(self, value: object) -> bool:
        """Exactly one of the words."""
        return value in self.choices


class Text(Kind):
    """Any text that can be sent as UTF-8."""

    says = "a text"

    def read(self, text: str) -> object:
        """The text itself."""
        return text

    def accepts(self, value: object) -> bool:
        """No lone surrogates, which are not text."""
        return isinstance(value, str) and value == value.encode("utf-8", "ignore").decode()


class HeaderValue(Text):
    """What can be sent in a header."""

    says = "printable ASCII without blanks at its ends"

    def accepts(self, value: object) -> bool:
        """Nothing that would end the header."""
        return isinstance(value, str) and value.isascii() and value.isprintable() and value == value.strip()


class Headers(Kind):
    """Pairs of names and values; as text each is an option of its own, `header="Name: value"`."""

    says = "pairs of a header's name and its printable ASCII value; Content-Length is not one of them: see wrong_length"

    def read(self, text: str) -> object:
        """One more pair, in a tuple, so that options given again are appended."""
        name, colon, value = text.partition(":")
        if not colon:
            raise ValueError(text)
        return ((name.strip(), value.strip()),)

    def accepts(self, value: object) -> bool:
        """A tuple of pairs that HTTP can carry."""
        return isinstance(value, tuple) and all(map(_is_header, cast("tuple[object, ...]", value)))


class Flag(Kind):
    """True or False; as text the option's name alone is true."""

    says = "true or false"

    def read(self, text: str) -> object:
        """Either word."""
        if text not in {"true", "false"}:
            raise ValueError(text)
        return text == "true"

    def write(self, value: object) -> str:
        """The word."""
        return "true" if value else "false"

    def accepts(self, value: object) -> bool:
        """A boolean, nothing that is merely truthy."""
        return isinstance(value, bool)


def _is_header(pair: object) -> bool:
    match pair:
        case (str(name), str(value)):
            framing = name.lower() in {"content-length", "transfer-encoding"}
            return _TOKEN.fullmatch(name) is not None and not framing and HeaderValue().accepts(value)
        case _:
            return False


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
