"""Filter expressions and sort orders: frozen values that print as the code that makes them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

SortField: TypeAlias = Literal["name", "created_at", "updated_at", "size", "last_access_time"]


@dataclass(frozen=True, slots=True, repr=False)
class HasTag:
    """The asset has this tag, or with `negated` has it not. Written `tag("x")` and `~tag("x")`."""

    tag: str
    negated: bool = False

    def __invert__(self) -> HasTag:
        return HasTag(self.tag, not self.negated)

    def __bool__(self) -> bool:
        raise _truth_error(self)

    def __repr__(self) -> str:
        return f"{'~' if self.negated else ''}tag({self.tag!r})"


@dataclass(frozen=True, slots=True, repr=False)
class NameContains:
    """The asset's name contains this text, whatever the case of its ASCII letters. Written `name.contains("s")`."""

    text: str

    def __bool__(self) -> bool:
        raise _truth_error(self)

    def __repr__(self) -> str:
        return f"name.contains({self.text!r})"


Expression: TypeAlias = HasTag | NameContains


@dataclass(frozen=True, slots=True, repr=False)
class Order:
    """A sort field and its direction; assets with equal values follow by id, in the same direction."""

    field: SortField
    descending: bool = False

    def __repr__(self) -> str:
        return f"{self.field}.{'desc' if self.descending else 'asc'}()"


@dataclass(frozen=True, slots=True, repr=False)
class Field:
    """A property of assets that listings sort by."""

    field: SortField

    def asc(self) -> Order:
        """Smallest, or oldest, first."""
        return Order(self.field)

    def desc(self) -> Order:
        """Largest, or newest, first."""
        return Order(self.field, descending=True)

    def __repr__(self) -> str:
        return self.field


@dataclass(frozen=True, slots=True, repr=False)
class NameField(Field):
    """The assets' name, which the server can also search in."""

    field: SortField = "name"

    def contains(self, text: str) -> NameContains:
        """Assets whose name contains `text`; `%`, `_` and `*` stand for themselves.

        Case is ignored for ASCII letters only (observed on ComfyUI 0.27). An empty text would mean no filter, and is
        refused by `where`.
        """
        return NameContains(text)


def tag(text: str) -> HasTag:
    """Assets that have this tag; `~tag(text)` is those that have it not.

    Servers trim tags and lower-case them today (observed on ComfyUI 0.27).
    """
    return HasTag(text)


name: Final = NameField()
size: Final = Field("size")
created_at: Final = Field("created_at")
updated_at: Final = Field("updated_at")
last_access_time: Final = Field("last_access_time")


def _truth_error(expression: Expression) -> TypeError:
    return TypeError(
        f"{expression!r} is a filter, neither true nor false; pass several filters to where() instead of "
        "joining them with `and`, and negate with `~` instead of `not`."
    )
