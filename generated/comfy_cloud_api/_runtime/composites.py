# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Kinds made of other kinds: arrays, objects, unions, and values of no stated type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

from msgspec import UNSET

from .bodies import File
from .deviations import Deviant, unfit
from .errors import ParameterError
from .formats import Date, DateTime, Uuid
from .kinds import Kind, Null, Number, Resolve, Str, Unreadable, Wire, copied, refused

if TYPE_CHECKING:
    from .models import Schema

T = TypeVar("T")
S = TypeVar("S", bound="Schema")


class Anything(Kind[Any]):
    """No type given: whatever JSON holds, as it is."""

    exact = True
    certain = True

    def read(self, wire: Wire) -> Any:
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
    if value is None or isinstance(value, bool | int | str | File):
        return value
    if isinstance(value, float):
        return Number().write(value)
    for kind, types in _OBVIOUS.items():
        if isinstance(value, types):
            return kind.write(value)
    if to_dict := getattr(value, "to_dict", None):
        return to_dict()
    if isinstance(value, Mapping):
        return {Str().write(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_value(item) for item in value]
    raise refused(value, "a value that JSON can hold")


def _texts(wire: list[Wire]) -> list[str]:
    for item in wire:
        if type(item) is not str:
            raise Unreadable
    return wire.copy()


class ListOf(Kind[list[T]]):
    """`type: array`."""

    def __init__(self, items: Kind[T]) -> None:
        self.items = items
        self.exact = items.exact
        self.certain = items.certain
        self.holds_models = items.holds_models
        self._texts = isinstance(items, Str)

    def wire_type(self, resolve: Resolve) -> Any:
        return list[self.items.wire_type(resolve)]  # type: ignore[misc] # a type made at run time, for msgspec

    def read(self, wire: Wire) -> list[T]:
        """A new list. Elements that hold models and cannot be read are left out; `Model.unreadable` has them."""
        if type(wire) is not list:
            raise Unreadable
        if self._texts:
            return _texts(wire)  # type: ignore[return-value] # T is str then
        if not self.holds_models:
            return [self.items.read(item) for item in wire]
        if isinstance(self.items, Nested) and self.items.are_models(wire):
            return wire.copy()
        return [value for value, _ in self.split(wire) if value is not UNSET]

    def read_optional(self, wire: Wire) -> list[T] | None:
        """As `Kind.read_optional`, without the calls between."""
        if type(wire) is not list:
            return None
        try:
            return _texts(wire) if self._texts else self.read(wire)  # type: ignore[return-value] # T is str then
        except Unreadable:
            return None

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

    def deviations(self, wires: Sequence[Wire]) -> Sequence[Deviant]:
        """An unreadable element makes its array unreadable; what else deviates is counted by element."""
        whole = [wire for wire in wires if self.reads(wire)]
        found = () if len(whole) == len(wires) else super().deviations(wires)
        return [*found, *self.items.deviations([item for wire in whole for item in wire])]

    def fits(self, wires: Sequence[Wire]) -> bool:
        return self.items.fits([item for wire in wires for item in wire])

    def write(self, value: object) -> Wire:
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            raise refused(value, "a list")
        return [self.items.write(item) for item in value]


class Nested(Kind[S]):
    """An object that has a model. `model` is a function, so that models can refer to each other."""

    exact = True
    holds_models = True

    def __init__(self, model: Callable[[], type[S]]) -> None:
        self._find = model
        self._model: type[S] | None = None

    def model(self) -> type[S]:
        """The model's class."""
        self._model = self._model or self._find()
        return self._model

    def wire_type(self, resolve: Resolve) -> Any:
        return resolve(self.model())

    def read(self, wire: Wire) -> S:
        model = self.model()
        if type(wire) is not dict and isinstance(wire, model):
            return wire
        return model.over(wire)

    def read_optional(self, wire: Wire) -> S | None:
        """As `Kind.read_optional`, without the calls between."""
        if wire is UNSET or wire is None:
            return None
        model = self._model or self.model()
        if type(wire) is not dict:
            return wire if isinstance(wire, model) else None
        try:
            return model.over(wire)
        except Unreadable:
            return None

    def are_models(self, wires: Sequence[Wire]) -> bool:
        """Whether all of these are models already, as after decoding; much faster than asking one by one."""
        kinds = set(map(type, wires))
        return len(kinds) == 1 and issubclass(kinds.pop(), self.model())

    def adopt(self, raw: Wire) -> Wire:
        return self.model().adopt(raw)

    def write(self, value: object) -> Wire:
        """A mapping is accepted for the model it is the `to_dict()` of."""
        model = self.model()
        if isinstance(value, model):
            return value
        if isinstance(value, Mapping):
            return model.written(value)
        raise refused(value, f"a {model.__name__}")


class OneOf(Kind[T]):
    """`oneOf`, `anyOf` and nullable: read as the first kind that fits."""

    def __init__(self, *kinds: Kind[Any]) -> None:
        self.kinds = kinds
        self._nullable = [kind for kind in kinds if isinstance(kind, Null)] != []
        others = [kind for kind in kinds if not isinstance(kind, Null)]
        self.only: Kind[Any] | None = others[0] if len(others) == 1 and self._nullable else None
        self.holds_models = self.only is not None and self.only.holds_models
        self.exact = self.only is not None and self.only.exact
        self.certain = self.only is not None and self.only.certain
        if self.only is not None:  # null reads as None anyway, so the other kind does it alone
            setattr(self, "read_optional", self.only.read_optional)  # noqa: B010 - types forbid the plain spelling

    def wire_type(self, resolve: Resolve) -> Any:
        """Msgspec needs unions of objects to be tagged, so only a nullable kind is left to it."""
        return self.only.wire_type(resolve) | None if self.only and self.only.exact else Any

    def read(self, wire: Wire) -> T:
        value: T = self._first(lambda kind: kind.read(wire))
        return value

    def adopt(self, raw: Wire) -> Wire:
        return self._first(lambda kind: kind.adopt(raw))

    def deviations(self, wires: Sequence[Wire]) -> Sequence[Deviant]:
        found = [self._deviations_as(kind, group) for kind, group in self.split(wires)]
        return [deviant for deviants in found for deviant in deviants]

    def _deviations_as(self, kind: Kind[Any] | None, wires: Sequence[Wire]) -> Sequence[Deviant]:
        return unfit(wires) if kind is None else kind.deviations(wires)

    def split(self, wires: Sequence[Wire]) -> Sequence[tuple[Kind[Any] | None, Sequence[Wire]]]:
        """The values by the kind that they are read as; None for those that cannot be read."""
        if self.only is not None:
            present = [wire for wire in wires if wire is not None]
            return [(self.only, present)] if present else []
        groups: dict[Kind[Any] | None, list[Wire]] = {}
        for wire in wires:
            groups.setdefault(next((kind for kind in self.kinds if kind.reads(wire)), None), []).append(wire)
        return list(groups.items())

    def fits(self, wires: Sequence[Wire]) -> bool:
        return self.only is None or self.only.fits([wire for wire in wires if wire is not None])

    def _first(self, attempt: Callable[[Kind[Any]], Any]) -> Any:
        for kind in self.kinds:
            try:
                return attempt(kind)
            except Unreadable:
                continue
        raise Unreadable

    def write(self, value: object) -> Wire:
        if self.only is not None:  # whose refusal says more than that of a union
            return None if value is None else self.only.write(value)
        for kind in self.kinds:
            try:
                return kind.write(value)
            except ParameterError:
                continue
        raise refused(value, "of any kind that the API takes here")


_OBVIOUS: Final[dict[Kind[Any], type]] = {Uuid(): UUID, DateTime(): dt.datetime, Date(): dt.date}
