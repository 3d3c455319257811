# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Kinds whose wire value is a text in some format: UUIDs, dates and times."""

from __future__ import annotations

import binascii
import datetime as dt
from abc import abstractmethod
from collections import deque
from collections.abc import Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from .kinds import Kind, Resolve, Unreadable, Wire, refused

T = TypeVar("T")

_UUID_LENGTHS: Final = (32, 36)  # without dashes and with them
decode_uuid: Final = msgspec.json.Decoder(UUID).decode
_UTC: Final = dt.UTC
_DATE_LENGTH: Final = len("2026-01-01")
_from_iso: Final = dt.datetime.fromisoformat


class Text(Kind[T]):
    """A kind whose wire value is a text in some format."""

    python: type
    wanted: str

    def wire_type(self, resolve: Resolve) -> Any:
        return str

    @abstractmethod
    def parse(self, text: str) -> T:
        """Read the text; a ValueError means it is not in the format."""

    def format(self, value: Any) -> str:
        """Write a value of type `python`."""
        return str(value)

    def read(self, wire: Wire) -> T:
        if type(wire) is not str:
            raise Unreadable
        try:
            return self.parse(wire)
        except (ValueError, OverflowError):
            raise Unreadable from None

    def write(self, value: object) -> Wire:
        """A text in the right format is accepted for the value it stands for."""
        if isinstance(value, str):
            try:
                self.parse(value)
            except (ValueError, OverflowError):
                raise refused(value, self.wanted) from None
            return value
        if isinstance(value, self.python):
            return self.format(value)
        raise refused(value, self.wanted)


def _are_canonical_uuids(texts: Sequence[str]) -> bool:
    """Whether all are 8-4-4-4-12 hexadecimal digits; False also where that cannot be told quickly."""
    if set(map(len, texts)) != {36}:
        return False
    joined, dashes = "".join(texts), "-" * len(texts)
    digits = joined.replace("-", "")
    if any(joined[place::36] != dashes for place in (8, 13, 18, 23)) or len(digits) != 32 * len(texts):
        return False
    try:
        binascii.unhexlify(digits)
    except ValueError:
        return False
    return True


class Uuid(Text[UUID]):
    """`format: uuid`."""

    python = UUID
    wanted = "a UUID"

    def parse(self, text: str) -> UUID:
        return self.read(text)

    def read(self, wire: Wire) -> UUID:
        """As a JSON text, since msgspec reads that in a fifth of the time of UUID(text)."""
        try:
            if len(wire) in _UUID_LENGTHS:  # so that no escape of JSON fits in
                return decode_uuid(f'"{wire}"')
        except (msgspec.DecodeError, TypeError):
            pass
        raise Unreadable

    def read_optional(self, wire: Wire) -> UUID | None:
        """As `Kind.read_optional`, without the calls between."""
        try:
            return decode_uuid(f'"{wire}"') if len(wire) in _UUID_LENGTHS else None
        except (msgspec.DecodeError, TypeError):
            return None

    def check(self, wires: Sequence[Wire]) -> None:
        """Many at once, in the usual spelling, cost a fifth of reading them."""
        if _are_canonical_uuids(wires):
            return
        super().check(wires)


def utc(text: str) -> dt.datetime:
    """The instant that a text in ISO 8601 names, in UTC.

    Raises:
        ValueError: it is no date and time. TypeError: it is no text. OverflowError: no UTC year holds it.
    """
    value = _from_iso(text)
    if value.tzinfo is _UTC:
        return value
    if len(text) <= _DATE_LENGTH:
        raise ValueError(text)  # a date alone
    return value.replace(tzinfo=_UTC) if value.tzinfo is None else value.astimezone(_UTC)


class DateTime(Text[dt.datetime]):
    """`format: date-time`. Always aware: a time without offset is UTC (observed on ComfyUI 0.27)."""

    python = dt.datetime
    wanted = "an aware datetime"

    def parse(self, text: str) -> dt.datetime:
        """Truncates to microseconds, which keeps the order of what it truncates."""
        return utc(text)

    def read(self, wire: Wire) -> dt.datetime:
        """As `Text.read`, without the calls between."""
        try:
            return utc(wire)
        except (ValueError, TypeError, OverflowError):
            raise Unreadable from None

    def read_optional(self, wire: Wire) -> dt.datetime | None:
        """As `Kind.read_optional`, without the calls between."""
        try:
            return utc(wire)
        except (ValueError, TypeError, OverflowError):
            return None

    def format(self, value: Any) -> str:
        if value.tzinfo is None:
            raise refused(value, self.wanted)
        text: str = value.isoformat()
        return text.replace("+00:00", "Z")

    def check(self, wires: Sequence[Wire]) -> None:
        usual = min(map(len, wires)) > _DATE_LENGTH and min(wires) >= "0002" and max(wires) < "9999"
        try:
            deque(map(_from_iso if usual else utc, wires), maxlen=0)
        except (ValueError, TypeError, OverflowError):
            raise Unreadable from None


class Date(Text[dt.date]):
    """`format: date`."""

    python = dt.date
    wanted = "a date"

    def parse(self, text: str) -> dt.date:
        return dt.date.fromisoformat(text)

    def format(self, value: Any) -> str:
        if isinstance(value, dt.datetime):  # which is a date to Python, with a time that would be lost
            raise refused(value, self.wanted)
        return str(value)
