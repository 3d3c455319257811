# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Kinds whose wire value is a text in some format: UUIDs, dates and times."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import msgspec

from .deviations import Deviant, Deviation
from .kinds import Kind, Resolve, Unreadable, Wire, refused

T = TypeVar("T")

_UUID_LENGTHS: Final = (32, 36)  # without dashes and with them
_DIGITS_TO_0: Final = bytes.maketrans(b"123456789abcdefABCDEF", b"0" * 21)
_CANONICAL: Final = b",00000000-0000-0000-0000-000000000000"
decode_uuid: Final = msgspec.json.Decoder(UUID).decode
_UTC: Final = dt.UTC
_DATE_LENGTH: Final = len("2026-01-01")
_from_iso: Final = dt.datetime.fromisoformat
_decode_aware: Final = msgspec.json.Decoder(list[Annotated[dt.datetime, msgspec.Meta(tz=True)]]).decode
_decode_naive: Final = msgspec.json.Decoder(list[Annotated[dt.datetime, msgspec.Meta(tz=False)]]).decode


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
    try:
        joined = ",".join(texts).encode()
    except (TypeError, UnicodeEncodeError):  # not all are texts that JSON could hold
        return False
    return b",%s" % joined.translate(_DIGITS_TO_0) == _CANONICAL * len(texts)


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
        except (msgspec.DecodeError, TypeError, UnicodeEncodeError):
            pass
        raise Unreadable

    def read_optional(self, wire: Wire) -> UUID | None:
        """As `Kind.read_optional`, without the calls between."""
        try:
            return decode_uuid(f'"{wire}"') if len(wire) in _UUID_LENGTHS else None
        except (msgspec.DecodeError, TypeError, UnicodeEncodeError):
            return None

    def plainly_fit(self, wires: Sequence[Wire]) -> bool:
        """Many at once, in the usual spelling, cost a fifth of reading them."""
        return _are_canonical_uuids(wires)

    def deviations(self, wires: Sequence[Wire]) -> Sequence[Deviant]:
        return () if self.plainly_fit(wires) else super().deviations(wires)


def _spelled_otherwise(text: str) -> dt.datetime:
    """A time whose z is in lower case, which RFC 3339 allows and `fromisoformat` does not."""
    return _from_iso(f"{text[:-1]}Z" if text.endswith("z") else text)


def utc(text: str) -> dt.datetime:
    """The instant that a text in ISO 8601 names, in UTC.

    Raises:
        ValueError: it is no date and time. TypeError: it is no text. OverflowError: no UTC year holds it.
    """
    try:
        value = _from_iso(text)
    except ValueError:
        value = _spelled_otherwise(text)
    if value.tzinfo is _UTC:
        return value
    if len(text) <= _DATE_LENGTH:
        raise ValueError(text)  # a date alone
    return value.replace(tzinfo=_UTC) if value.tzinfo is None else value.astimezone(_UTC)


def _have_offsets(texts: Sequence[Wire]) -> bool | None:
    """Whether all are times with an offset, or all without; None where that cannot be told quickly.

    Written as one JSON array, many are checked in half the time of `fromisoformat`. What could mean something else
    in JSON than by itself is not told, nor are years whose times may be of another year in UTC.
    """
    try:
        joined = '","'.join(texts)
    except TypeError:  # not all are texts
        return None
    if "\\" in joined:
        return None
    if joined.count("Z") < len(texts) and (min(texts) < "0002" or max(texts) >= "9999"):
        return None
    for decode, offset in ((_decode_aware, True), (_decode_naive, False)):
        try:
            return offset if len(decode(f'["{joined}"]')) == len(texts) else None
        except msgspec.DecodeError:
            continue
        except UnicodeEncodeError:  # half of a surrogate pair
            return None
    return None


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

    def plainly_fit(self, wires: Sequence[Wire]) -> bool:
        """All have an offset."""
        return _have_offsets(wires) is True

    def deviations(self, wires: Sequence[Wire]) -> Sequence[Deviant]:
        """A time without offset is read, and told of, as the format is that of RFC 3339, which wants one."""
        if (offsets := _have_offsets(wires)) is not None:
            return () if offsets else [(Deviation.NAIVE, len(wires), wires[0])]
        naive = [wire for wire in wires if self.reads(wire) and _spelled_otherwise(wire).tzinfo is None]
        found: list[Deviant] = [(Deviation.NAIVE, len(naive), naive[0])] if naive else []
        return [*found, *super().deviations(wires)]


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
