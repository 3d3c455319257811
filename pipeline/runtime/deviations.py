"""How an answer can differ from what the published document says, and what is told of it: never a value itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .bounds import shown

if TYPE_CHECKING:
    from .models import Model

SHOWN_CHARACTERS: Final = 40
"""How much of a name or of an unknown enum value is shown."""

Wire: TypeAlias = Any  # Any: JSON is recursive, and only its outermost type is looked at here


class Deviation(StrEnum):
    """One kind of difference."""

    UNDECLARED = "undeclared property"
    MISSING = "missing property"
    NULL = "null"
    UNREADABLE = "unreadable value"
    UNKNOWN = "unknown enum value"
    NAIVE = "time without offset"
    STATUS = "undocumented status"
    BODY = "undocumented body"


Deviant: TypeAlias = tuple[Deviation, int, Wire]
"""A deviation, how often it occurs, and one of the wire values that have it."""

UNTYPED: Final = frozenset({Deviation.UNDECLARED, Deviation.MISSING, Deviation.NULL, Deviation.UNREADABLE})
"""What the types of the fast path refuse, so that it has to be told of them."""


class Findings:
    """The deviations of one body, by place and kind: how many, and the shape of the first.

    Attributes:
        surprises: By model, the names on the wire that the fast path does not expect like this.
    """

    __slots__ = ("found", "surprises")

    def __init__(self) -> None:
        self.found: dict[tuple[str, Deviation], tuple[int, str]] = {}
        self.surprises: dict[type[Model], set[str]] = {}

    def add(self, place: str, what: Deviation, count: int, example: Wire) -> None:
        """Count one more deviation; of its first value only the shape is kept."""
        known = self.found.get((place, what))
        self.found[place, what] = (count + known[0], known[1]) if known else (count, _example(what, example))

    def any(self, place: str, kinds: Iterable[Deviation]) -> bool:
        """Whether one of these kinds was found in a place."""
        return any((place, what) in self.found for what in kinds)


def unfit(wires: Sequence[Wire]) -> list[Deviant]:
    """The deviations of values that cannot be read, nulls told apart."""
    nulls = sum(1 for wire in wires if wire is None)
    others = [wire for wire in wires if wire is not None]
    found: list[Deviant] = [(Deviation.NULL, nulls, None)] if nulls else []
    return [*found, (Deviation.UNREADABLE, len(others), others[0])] if others else found


def named(model: type, name: str) -> str:
    """A property's place, its name shortened and without control characters, as a server may send any."""
    plain = name.isprintable() and 0 < len(name) <= SHOWN_CHARACTERS
    return f"{model.__name__}.{name if plain else shown(name[:SHOWN_CHARACTERS])}"


def shape(wire: Wire) -> str:
    """What a wire value is, without saying it: `string(36)`, `number`, `object with 3 keys`, `array of 2`."""
    if wire is None or isinstance(wire, bool):
        return "null" if wire is None else "boolean"
    if isinstance(wire, str):
        return f"string({len(wire)})"
    if isinstance(wire, int | float):
        return "number"
    if isinstance(wire, bytes):
        return f"{len(wire)} bytes"
    if isinstance(wire, list | tuple):
        return f"array of {len(wire)}"
    keys = len(wire if isinstance(wire, dict) else wire.to_dict())
    return f"object with {keys} key{'' if keys == 1 else 's'}"


def _example(what: Deviation, wire: Wire) -> str:
    """The value itself only where the document should have listed it: that is the server's word, not a user's."""
    if what is Deviation.MISSING:
        return "absent"
    if what is Deviation.UNKNOWN:
        value = wire.value if isinstance(wire, Enum) else wire
        return shown(value if isinstance(value, int) else value[:SHOWN_CHARACTERS])
    return shape(wire)


__all__ = ["Deviant", "Deviation", "Findings", "named", "shape", "unfit"]
