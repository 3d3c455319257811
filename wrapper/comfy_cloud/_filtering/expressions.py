"""The nodes that filters are made of: frozen values that print as the code that makes them. Pure.

They are made by the fields in `filters.py`, which check what goes in, and read by `_server_filter.py`, `_evaluate.py`
and `_early_stop.py`. Logic is plain: `~` is "everything else", so `~~x == x`, and what `x` leaves out, missing values
included, `~x` keeps.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Final, Literal, NoReturn, TypeAlias

from comfy_cloud._filtering.values import shown
from comfy_cloud.errors import FilterError

FieldName: TypeAlias = Literal[
    "name", "size", "created_at", "updated_at", "last_access_time", "mime_type", "prompt_id", "asset_hash"
]
Operator: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">="]
TextTest: TypeAlias = Literal["contains", "startswith", "matches"]
Value: TypeAlias = str | int | dt.datetime | dt.timedelta

NULL: Final = "null"
"""JSON's null, which stands for a missing value among those of metadata."""


class Expression:
    """A filter: `tag("x")`, `size > 5`, or several joined with `&`, `|` and `~`.

    Expressions are immutable, compare by what they say, hash, and pickle. They are neither true nor false.
    """

    __slots__ = ()

    def __and__(self, other: Expression) -> Expression:
        """Assets that match both."""
        return And((*_parts(And, self), *_parts(And, _checked(other, self))))

    def __or__(self, other: Expression) -> Expression:
        """Assets that match at least one."""
        return Or((*_parts(Or, self), *_parts(Or, _checked(other, self))))

    def __rand__(self, other: object) -> NoReturn:
        raise _joint_error(other, self)

    def __ror__(self, other: object) -> NoReturn:
        raise _joint_error(other, self)

    def __invert__(self) -> Expression:
        """Assets that do not match, among them those that lack what is compared."""
        return Not(self)

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"{self!r} is a filter, neither true nor false; join filters with `&` and `|` instead of `and` and `or`, "
            "negate with `~` instead of `not`, and split `a < x < b` in two."
        )


@dataclass(frozen=True, slots=True, repr=False)
class Tag(Expression):
    """The asset has this tag."""

    text: str

    def __repr__(self) -> str:
        return f"tag({self.text!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Expression):
    """A field compares with a value; false where the field is missing. A timedelta is that long before now."""

    field: FieldName
    operator: Operator
    value: Value

    def __repr__(self) -> str:
        return f"{self.field} {self.operator} {self.value!r}"


@dataclass(frozen=True, slots=True, repr=False)
class OneOf(Expression):
    """A field is one of these texts; false where it is missing."""

    field: FieldName
    values: tuple[str, ...]

    def __repr__(self) -> str:
        return f"{self.field}.in_({list(self.values)!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Searched(Expression):
    """A field's text is searched; false where it is missing."""

    field: FieldName
    test: TextTest
    text: str

    def __repr__(self) -> str:
        return f"{self.field}.{self.test}({self.text!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Missing(Expression):
    """A field is absent or null."""

    field: FieldName

    def __repr__(self) -> str:
        return f"{self.field}.is_missing()"


@dataclass(frozen=True, slots=True, repr=False)
class MetadataIs(Expression):
    """The metadata at a key is one of these values, which are JSON texts; `NULL` is a missing one."""

    key: str
    values: tuple[str, ...]

    def __repr__(self) -> str:
        field = f"metadata[{self.key!r}]"
        if self.values == (NULL,):
            return f"{field}.is_missing()"
        values = [json.loads(text) for text in self.values]
        return f"{field} == {values[0]!r}" if len(values) == 1 else f"{field}.in_({values!r})"


@dataclass(frozen=True, slots=True, repr=False)
class MetadataComparison(Expression):
    """The metadata at a key compares with a value, a JSON text; false where it is missing."""

    key: str
    operator: Literal["!=", "<", "<=", ">", ">="]
    value: str

    def __repr__(self) -> str:
        return f"metadata[{self.key!r}] {self.operator} {json.loads(self.value)!r}"


@dataclass(frozen=True, slots=True, repr=False)
class And(Expression):
    """All parts match; none of them is an And."""

    parts: tuple[Expression, ...]

    def __repr__(self) -> str:
        return " & ".join(map(_enclosed, self.parts))


@dataclass(frozen=True, slots=True, repr=False)
class Or(Expression):
    """At least one part matches; none of them is an Or."""

    parts: tuple[Expression, ...]

    def __repr__(self) -> str:
        return " | ".join(map(_enclosed, self.parts))


@dataclass(frozen=True, slots=True, repr=False)
class Not(Expression):
    """The part, which is no Not, does not match."""

    part: Expression

    def __invert__(self) -> Expression:
        return self.part

    def __repr__(self) -> str:
        return f"~{_enclosed(self.part)}"


def _parts(kind: type[And | Or], expression: Expression) -> tuple[Expression, ...]:
    return expression.parts if isinstance(expression, And | Or) and type(expression) is kind else (expression,)


def _enclosed(expression: Expression) -> str:
    """In parentheses where Python's precedence asks for them: comparisons bind weaker than `&`."""
    text = repr(expression)
    loose = isinstance(expression, And | Or | Comparison | MetadataComparison)
    one_value = isinstance(expression, MetadataIs) and len(expression.values) == 1 and expression.values != (NULL,)
    return f"({text})" if loose or one_value else text


def _checked(other: object, beside: Expression) -> Expression:
    if not isinstance(other, Expression):
        raise _joint_error(other, beside)
    return other


def _joint_error(other: object, beside: Expression) -> FilterError:
    return FilterError(
        f"{shown(other)} cannot be joined with the filter {beside!r}: put comparisons in parentheses, "
        "as in (size > 5) & tag('x')."
    )
