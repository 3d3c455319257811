"""Kinds: how one type of the spec is read from the wire, written to it, and recognised while decoding.

A *wire value* is what JSON holds: None, bool, int, float, str, list, dict. Where the spec says an object has a model,
the wire value is that model. Values stay on the wire's side until somebody reads them.
"""

from __future__ import annotations

import datetime as dt
import math
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET

from .errors import ParameterError
from .values import File

if TYPE_CHECKING:
    from .models import Schema

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
S = TypeVar("S", bound="Schema")

_UTC: Final = dt.UTC
_from_iso: Final = dt.datetime.fromisoformat

Wire: TypeAlias = Any  # Any: JSON is recursive, and every reader below checks what it got
Resolve: TypeAlias = Callable[[type["Schema"]], Any]  # the type that msgspec decodes a model to


class Unreadable(ValueError):
    """A wire value is not of the kind the spec says. Internal: it never leaves the package."""


class Kind(ABC, Generic[T]):
    """One type of the spec.

    Attributes:
        exact: Whether everything that msgspec accepts as `wire_type` is readable.
        holds_models: Whether models are among, or inside, its wire values.
    """

    exact: bool = False
    holds_models: bool = False

    @abstractmethod
    def read(self, wire: Wire) -> T:
        """The value in Python's types.

        Raises:
            Unreadable: the wire value is of another kind.
        """

    @abstractmethod
    def write(self, value: object) -> Wire:
        """The wire value of one in Python's types, sharing no container with it.

        Raises:
            ParameterError: the value is of another kind.
        """

    def wire_type(self, resolve: Resolve) -> Any:  # noqa: ANN401, ARG002 - a type expression for msgspec
        """What msgspec decodes: a type that holds every readable wire value."""
        return Any

    def adopt(self, raw: Wire) -> Wire:
        """The wire value of generic JSON: models made where the spec has them, every container copied.

        Raises:
            Unreadable: it is of another kind, so the caller keeps it as it is.
        """
        self.read(raw)
        return copied(raw)

    def read_optional(self, wire: Wire) -> T | None:
        """The value, or None where it is absent, null or unreadable."""
        if wire is UNSET or wire is None:
            return None
        try:
            return self.read(wire)
        except Unreadable:
            return None

    def check(self, wires: Sequence[Wire]) -> None:
        """Raise Unreadable unless all of these can be read."""
        for wire in wires:
            self.read(wire)


def copied(wire: Wire) -> Wire:
    """A copy of a wire value that shares no list or dict with it, models turned back into what they came from."""
    if isinstance(wire, dict):
        return {key: copied(value) for key, value in wire.items()}
    if isinstance(wire, list | tuple):
        return [copied(value) for value in wire]
    return wire.to_dict() if hasattr(wire, "to_dict") else wire


def _refuse(value: object, wanted: str) -> ParameterError:
    return ParameterError(f"{shown(value)} is not {wanted}.")


def shown(value: object) -> str:
    """A value as messages show it, shortened."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 - what fits a line of a message


class _Json(Kind[T]):
    """A kind whose wire value is the value."""

    exact = True
    types: tuple[type, ...]
    wanted: str

    def read(self, wire: Wire) -> T:
        if type(wire) in self.types:
            value: T = wire
            return value
        raise Unreadable

    def write(self, value: object) -> Wire:
        if type(value) in self.types:
            return value
        raise _refuse(value, self.wanted)


class Str(_Json[str]):
    """`type: string`."""

    types = (str,)
    wanted = "a string"

    def read(self, wire: Wire) -> str:
        """As `_Json.read`, but this kind is read most."""
        if type(wire) is str:
            return wire
        raise Unreadable

    def wire_type(self, resolve: Resolve) -> Any:  # noqa: ANN401, ARG002
        return str

    def write(self, value: object) -> Wire:
        """Enumerated strings are strings."""
        return str(value.value) if isinstance(value, str) and isinstance(value, Enum) else super().write(value)


class Bool(_Json[bool]):
    """`type: boolean`."""

    types = (bool,)
    wanted = "true or false"

    def wire_type(self, resolve: Resolve) -> Any:  # noqa: ANN401, ARG002
        return bool


class Int(_Json[int]):
    """`type: integer`. 5.0 is one too, as JSON does not tell it from 5; it stays 5.0 on the wire."""

    types = (int,)
    wanted = "a whole number"

    def wire_type(self, resolve: Resolve) -> Any:  # noqa: ANN401, ARG002
        return int

    def read(self, wire: Wire) -> int:
        if type(wire) is int:
            return wire
        if type(wire) is float and wire.is_integer():
            return int(wire)
        raise Unreadable


class Number(_Json[float]):
    """`type: number`. Whole numbers stay integers, so that large ones keep every digit."""

    types = (float, int)
    wanted = "a number"

    def wire_type(self, resolve: Resolve) -> Any:  # noqa: ANN401, ARG002
        return int | float

    def write(self, value: object) -> Wire:
        """JSON has no infinity and no NaN."""
        if isinstance(value, float) and not math.isfinite(value):
            raise _refuse(value, "a finite number")
        return super().write(value)


class Null(_Json[None]):
    """`type: null`."""

    types = (type(None),)
    wanted = "None"

    def wire_type(self, resolve: Resolve) -> Any:  # noqa: ANN401, ARG002
        return None


class Anything(Kind[Any]):
    """No type given: whatever JSON holds, as it is."""

    exact = True

    def read(self, wire: Wire) -> Any:  # noqa: ANN401 - the spec gives no type
        return wire

    def write(self, value: object) -> Wire:
        return json_value(value)


def json_value(value: object) -> Wire:
    """Any Python value that has an obvious JSON form, copied.

    Raises:
        ParameterError: it has none.
    """
    if isinstance(value, Enum):
        return json_value(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return Number().write(value)
    for kind, types in _OBVIOUS.items():
        if isinstance(value, types):
            return kind.write(value)
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {Str().write(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_value(item) for item in value]
    raise _refuse(value, "a value that JSON can hold")


class _Text(Kind[T]):
    """A kind whose wire value is a text in some format."""

    python: type
    wanted: str

    def wire_type(self, resolve: Resolve) -> Any:  # noqa: ANN401, ARG002
        return str

    @abstractmethod
    def parse(self, text: str) -> T:
        """Read the text; a ValueError means it is not in the format."""

    def format(self, value: Any) -> str:  # noqa: ANN401 - an instance of `python`
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
                raise _refuse(value, self.wanted) from None
            return value
        if isinstance(value, self.python):
            return self.format(value)
        raise _refuse(value, self.wanted)


class Uuid(_Text[UUID]):
    """`format: uuid`."""

    python = UUID
    wanted = "a UUID"

    def parse(self, text: str) -> UUID:
        return msgspec.convert(text, UUID)  # a third of the time of UUID(text)

    def read(self, wire: Wire) -> UUID:
        """As `_Text.read`, without the calls between."""
        try:
            return msgspec.convert(wire, UUID)
        except msgspec.ValidationError:
            raise Unreadable from None

    def check(self, wires: Sequence[Wire]) -> None:
        try:
            msgspec.convert(wires, list[UUID])
        except msgspec.ValidationError:
            raise Unreadable from None


def utc(text: str) -> dt.datetime:
    """The instant that a text in ISO 8601 names, in UTC.

    Raises:
        ValueError: it is no date and time. TypeError: it is no text. OverflowError: no UTC year holds it.
    """
    value = _from_iso(text)
    if value.tzinfo is _UTC:
        return value
    if len(text) <= len("2026-01-01"):
        raise ValueError(text)  # a date alone
    return value.replace(tzinfo=_UTC) if value.tzinfo is None else value.astimezone(_UTC)


class DateTime(_Text[dt.datetime]):
    """`format: date-time`. Always aware: a time without offset is UTC (observed on ComfyUI 0.27)."""

    python = dt.datetime
    wanted = "an aware datetime"

    def parse(self, text: str) -> dt.datetime:
        """Truncates to microseconds, which keeps the order of what it truncates."""
        return utc(text)

    def read(self, wire: Wire) -> dt.datetime:
        """As `_Text.read`, without the calls between."""
        try:
            return utc(wire)
        except (ValueError, TypeError, OverflowError):
            raise Unreadable from None

    def format(self, value: Any) -> str:  # noqa: ANN401
        if value.tzinfo is None:
            raise _refuse(value, self.wanted)
        text: str = value.isoformat()
        return text.replace("+00:00", "Z")

    def check(self, wires: Sequence[Wire]) -> None:
        try:
            deque(map(utc, wires), maxlen=0)
        except (ValueError, TypeError, OverflowError):
            raise Unreadable from None


class Date(_Text[dt.date]):
    """`format: date`."""

    python = dt.date
    wanted = "a date"

    def parse(self, text: str) -> dt.date:
        return dt.date.fromisoformat(text)


class Binary(Kind[File]):
    """`format: binary`: a file in a multipart body."""

    exact = True

    def read(self, wire: Wire) -> File:
        if isinstance(wire, File):
            return wire
        raise Unreadable

    def write(self, value: object) -> Wire:
        return value if isinstance(value, File) else File(value)  # type: ignore[arg-type] # File says what it takes

    def adopt(self, raw: Wire) -> Wire:
        return raw


class Enumerated(Kind[E]):
    """`enum`. A value the spec does not list is read too, as an unknown member that equals its text."""

    exact = True

    def __init__(self, python: type[E]) -> None:
        self._python = python
        self._base = int if issubclass(python, int) else str

    def wire_type(self, resolve: Resolve) -> Any:  # noqa: ANN401, ARG002
        return self._base

    def read(self, wire: Wire) -> E:
        if type(wire) is self._base:
            return self._python(wire)
        raise Unreadable

    def write(self, value: object) -> Wire:
        """A plain value is accepted for the member."""
        if isinstance(value, self._base) and not isinstance(value, bool):
            return self._base(value.value if isinstance(value, Enum) else value)
        raise _refuse(value, f"a {self._python.__name__}")


class Constant(Kind[T]):
    """`const`."""

    def __init__(self, value: T) -> None:
        self._value = value

    def read(self, wire: Wire) -> T:
        if wire == self._value and type(wire) is type(self._value):
            return self._value
        raise Unreadable

    def write(self, value: object) -> Wire:
        if value == self._value:
            return self._value
        raise _refuse(value, f"{self._value!r}, the only value allowed")


class ListOf(Kind[list[T]]):
    """`type: array`."""

    def __init__(self, items: Kind[T]) -> None:
        self.items = items
        self.exact = items.exact
        self.holds_models = items.holds_models

    def wire_type(self, resolve: Resolve) -> Any:  # noqa: ANN401
        return list[self.items.wire_type(resolve)]  # type: ignore[misc] # a type made at run time, for msgspec

    def read(self, wire: Wire) -> list[T]:
        """A new list. Elements that hold models and cannot be read are left out; `Model.unreadable` has them."""
        if type(wire) is not list:
            raise Unreadable
        if not self.holds_models:
            return [self.items.read(item) for item in wire]
        return [value for value, _ in self.split(wire) if value is not UNSET]

    def split(self, wire: Sequence[Wire]) -> Iterable[tuple[Any, Wire]]:
        """Each element as (value, wire); the value of an unreadable one is UNSET."""
        for item in wire:
            try:
                yield self.items.read(item), item
            except Unreadable:
                yield UNSET, item

    def adopt(self, raw: Wire) -> Wire:
        if type(raw) is not list:
            raise Unreadable
        if not self.holds_models:
            return super().adopt(raw)
        return [self._adopt_or_keep(item) for item in raw]

    def _adopt_or_keep(self, raw: Wire) -> Wire:
        """One element that lacks a required field does not lose the others: it is kept as it came."""
        try:
            return self.items.adopt(raw)
        except Unreadable:
            return copied(raw)

    def write(self, value: object) -> Wire:
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            raise _refuse(value, "a list")
        return [self.items.write(item) for item in value]


class Nested(Kind[S]):
    """An object that has a model. `model` is a function, so that models can refer to each other."""

    exact = True
    holds_models = True

    def __init__(self, model: Callable[[], type[S]]) -> None:
        self.model = cache(model)

    def wire_type(self, resolve: Resolve) -> Any:  # noqa: ANN401
        return resolve(self.model())

    def read(self, wire: Wire) -> S:
        model = self.model()
        return wire if isinstance(wire, model) else model.over(wire)

    def adopt(self, raw: Wire) -> Wire:
        return self.model().adopt(raw)

    def write(self, value: object) -> Wire:
        """A mapping is accepted for the model it is the `to_dict()` of."""
        model = self.model()
        if isinstance(value, model):
            return value
        if isinstance(value, Mapping):
            return model.from_dict(value)
        raise _refuse(value, f"a {model.__name__}")


class OneOf(Kind[T]):
    """`oneOf`, `anyOf` and nullable: read as the first kind that fits."""

    def __init__(self, *kinds: Kind[Any]) -> None:
        self._kinds = kinds
        self._nullable = [kind for kind in kinds if isinstance(kind, Null)] != []
        others = [kind for kind in kinds if not isinstance(kind, Null)]
        self.only: Kind[Any] | None = others[0] if len(others) == 1 and self._nullable else None
        self.holds_models = self.only is not None and self.only.holds_models
        self.exact = self.only is not None and self.only.exact
        if self.only is not None:  # null reads as None anyway, so the other kind does it alone
            self.__dict__["read_optional"] = self.only.read_optional

    def wire_type(self, resolve: Resolve) -> Any:  # noqa: ANN401
        """msgspec needs unions of objects to be tagged, so only a nullable kind is left to it."""
        return self.only.wire_type(resolve) | None if self.only and self.only.exact else Any

    def read(self, wire: Wire) -> T:
        value: T = self._first(lambda kind: kind.read(wire))
        return value

    def adopt(self, raw: Wire) -> Wire:
        return self._first(lambda kind: kind.adopt(raw))

    def _first(self, attempt: Callable[[Kind[Any]], Any]) -> Any:  # noqa: ANN401
        for kind in self._kinds:
            try:
                return attempt(kind)
            except Unreadable:
                continue
        raise Unreadable

    def write(self, value: object) -> Wire:
        for kind in self._kinds:
            try:
                return kind.write(value)
            except ParameterError:
                continue
        raise _refuse(value, "of any kind that the API takes here")


_OBVIOUS: Final[dict[Kind[Any], type]] = {Uuid(): UUID, DateTime(): dt.datetime, Date(): dt.date}
