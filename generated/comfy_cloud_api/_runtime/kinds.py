# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Kinds: how one type of the spec is read from the wire, written to it, and recognised while decoding.

A *wire value* is what JSON holds: None, bool, int, float, str, list, dict. Where the spec says an object has a model,
the wire value is that model. Values stay on the wire's side until somebody reads them.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import AsyncIterable, Callable, Sequence
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast

from msgspec import UNSET

from .bounds import shown
from .deviations import Deviant, Deviation, unfit
from .errors import ParameterError
from .values import File, Payload

if TYPE_CHECKING:
    from .models import Schema

T = TypeVar("T")
E = TypeVar("E", bound=Enum)


Wire: TypeAlias = Any  # Any: JSON is recursive, and every reader below checks what it got
Resolve: TypeAlias = Callable[[type["Schema"]], Any]  # the type that msgspec decodes a model to


class Unreadable(ValueError):
    """A wire value is not of the kind the spec says. Internal: it never leaves the package."""


class Kind(ABC, Generic[T]):
    """One type of the spec.

    Attributes:
        exact: Whether everything that msgspec accepts as `wire_type` is readable.
        certain: Whether nothing that msgspec accepts as `wire_type` deviates from the document.
        holds_models: Whether models are among, or inside, its wire values.
    """

    exact: bool = False
    certain: bool = False
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

    def wire_type(self, resolve: Resolve) -> Any:
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

    def deviations(self, wires: Sequence[Wire]) -> Sequence[Deviant]:
        """How these differ from what the document says; each kind of difference once, with its count."""
        return unfit([wire for wire in wires if not self.reads(wire)])

    def plainly_fit(self, wires: Sequence[Wire]) -> bool:
        """Whether it is quickly told that none of these deviates, and that none is UNSET."""
        return False

    def reads(self, wire: Wire) -> bool:
        """Whether a wire value can be read."""
        try:
            self.read(wire)
        except Unreadable:
            return False
        return True

    def fits(self, wires: Sequence[Wire]) -> bool:
        """Whether msgspec takes all of these, none of which deviates, as `wire_type`."""
        return True


def copied(wire: Wire) -> Wire:
    """A copy of a wire value that shares no list or dict with it, models turned back into what they came from."""
    if isinstance(wire, dict):
        return {key: copied(value) for key, value in wire.items()}
    if isinstance(wire, list | tuple):
        return [copied(value) for value in wire]
    return wire.to_dict() if hasattr(wire, "to_dict") else wire


def refused(value: object, wanted: str) -> ParameterError:
    """The error for a value that is not what is wanted."""
    return ParameterError(f"{shown(value)} is not {wanted}.")


class Plain(Kind[T]):
    """A kind whose wire value is the value."""

    exact = True
    certain = True
    types: tuple[type, ...]
    wanted: str

    def deviations(self, wires: Sequence[Wire]) -> Sequence[Deviant]:
        return () if set(map(type, wires)).issubset(self.types) else super().deviations(wires)

    def read(self, wire: Wire) -> T:
        if type(wire) in self.types:
            value: T = wire
            return value
        raise Unreadable

    def write(self, value: object) -> Wire:
        if type(value) in self.types:
            return value
        raise refused(value, self.wanted)


class Str(Plain[str]):
    """`type: string`."""

    types = (str,)
    wanted = "a string"

    def read(self, wire: Wire) -> str:
        """As `Plain.read`, but this kind is read most."""
        if type(wire) is str:
            return wire
        raise Unreadable

    def read_optional(self, wire: Wire) -> str | None:
        """As `Kind.read_optional`."""
        return wire if type(wire) is str else None

    def wire_type(self, resolve: Resolve) -> Any:
        return str

    def write(self, value: object) -> Wire:
        """Enumerated strings are strings."""
        return str(value.value) if isinstance(value, str) and isinstance(value, Enum) else super().write(value)


class Bool(Plain[bool]):
    """`type: boolean`."""

    types = (bool,)
    wanted = "true or false"

    def read_optional(self, wire: Wire) -> bool | None:
        """As `Kind.read_optional`."""
        return wire if type(wire) is bool else None

    def wire_type(self, resolve: Resolve) -> Any:
        return bool


class Int(Plain[int]):
    """`type: integer`. 5.0 is one too, as JSON does not tell it from 5; it stays 5.0 on the wire."""

    types = (int,)
    wanted = "a whole number"

    def wire_type(self, resolve: Resolve) -> Any:
        return int

    def read(self, wire: Wire) -> int:
        if type(wire) is int:
            return wire
        if type(wire) is float and wire.is_integer():
            return int(wire)
        raise Unreadable

    def read_optional(self, wire: Wire) -> int | None:
        """As `Kind.read_optional`; mostly it is one."""
        return wire if type(wire) is int else super().read_optional(wire)

    def fits(self, wires: Sequence[Wire]) -> bool:
        """Msgspec takes no 5.0 for an integer."""
        return float not in map(type, wires)


class Number(Plain[float]):
    """`type: number`. Whole numbers stay integers, so that large ones keep every digit."""

    types = (float, int)
    wanted = "a number"

    def wire_type(self, resolve: Resolve) -> Any:
        return int | float

    def write(self, value: object) -> Wire:
        """JSON has no infinity and no NaN."""
        if isinstance(value, float) and not math.isfinite(value):
            raise refused(value, "a finite number")
        return super().write(value)


class Null(Plain[None]):
    """`type: null`."""

    types = (type(None),)
    wanted = "None"

    def wire_type(self, resolve: Resolve) -> Any:
        return None


class Binary(Kind[File]):
    """`format: binary`: a file in a multipart body, or a text in JSON, which has no bytes."""

    def read(self, wire: Wire) -> File:
        if isinstance(wire, File | str):
            return wire if isinstance(wire, File) else File(wire)
        raise Unreadable

    def write(self, value: object) -> Wire:
        if isinstance(value, File):
            return value
        if isinstance(value, bytes | str | AsyncIterable) or callable(getattr(value, "read", None)):
            return File(cast("Payload", value))
        raise refused(value, "a file, bytes or a text")

    def adopt(self, raw: Wire) -> Wire:
        return raw


class Enumerated(Kind[E]):
    """`enum`. A value the spec does not list is read too, as an unknown member that equals its text."""

    exact = True

    def __init__(self, python: Callable[[], type[E]]) -> None:
        """Take a function, as the models' modules may be imported before the enum's."""
        self._find = python

    @cached_property
    def _python(self) -> type[E]:
        return self._find()

    @cached_property
    def _base(self) -> type[int | str]:
        return int if issubclass(self._python, int) else str

    def wire_type(self, resolve: Resolve) -> Any:
        return self._base

    def read(self, wire: Wire) -> E:
        if type(wire) is self._base:
            return self._python(wire)
        raise Unreadable

    @cached_property
    def _listed(self) -> frozenset[int | str]:
        return frozenset(member.value for member in self._python)

    def deviations(self, wires: Sequence[Wire]) -> Sequence[Deviant]:
        """Values that the document does not list are read, and told of."""
        texts = [wire for wire in wires if type(wire) is self._base]
        unknown = [text for text in texts if text not in self._listed]
        found: list[Deviant] = [(Deviation.UNKNOWN, len(unknown), unknown[0])] if unknown else []
        return found if len(texts) == len(wires) else [*found, *super().deviations(wires)]

    def write(self, value: object) -> Wire:
        """A plain value is accepted for the member."""
        if isinstance(value, self._base) and not isinstance(value, bool):
            return self._base(value.value if isinstance(value, Enum) else value)
        raise refused(value, f"a {self._python.__name__}")


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
        raise refused(value, f"{self._value!r}, the only value allowed")
