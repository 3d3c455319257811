"""Filters and sort orders, as users write them: `tag("x") & (size > "5 MB") & ~name.contains("draft")`. Pure.

`where(...)` has the server evaluate them and takes what the API can express; `filter(...)` evaluates any of them here.
Both mean the same by them. Every argument is checked where it is written: a FilterError names the field, the bound
and the value.

A comparison with a missing value is false, `!=` included. `~` is "everything else", so `~(size > 5)` keeps the assets
without a size, and `size <= 5` does not.

Filters print as the code that makes them, given `import datetime` and the names of this module.
"""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeAlias, TypeVar, cast
from uuid import UUID

from comfy_cloud._filtering.expressions import (
    Comparison,
    Expression,
    FieldName,
    Missing,
    OneOf,
    Operator,
    Searched,
    Tag,
    Value,
)
from comfy_cloud._filtering.metadata import Metadata, MetadataField, metadata
from comfy_cloud._filtering.values import (
    checked_needle,
    checked_regex,
    checked_size,
    checked_tag,
    checked_text,
    checked_time,
    checked_uuid,
    checked_values,
    shown,
)
from comfy_cloud.errors import FilterError

SortField: TypeAlias = Literal["name", "created_at", "updated_at", "size", "last_access_time"]
V_contra = TypeVar("V_contra", contravariant=True)


@dataclass(frozen=True, slots=True, repr=False)
class Order:
    """A sort field and its direction; assets with equal values follow by id, in the same direction."""

    field: SortField
    descending: bool = False

    def __repr__(self) -> str:
        return f"{self.field}.{'desc' if self.descending else 'asc'}()"


class _Compared:
    """A property of assets. `==` and `!=` make filters, so a field is compared with itself by `is`."""

    __slots__ = ("field",)
    field: FieldName

    def __init__(self, field: FieldName) -> None:
        self.field = field

    def __eq__(self, value: object) -> Expression:  # type: ignore[override] # makes a filter, as is the point
        """Assets whose value is this one."""
        return self._compared("==", value)

    def __ne__(self, value: object) -> Expression:  # type: ignore[override] # the same
        """Assets that have a value, and another one than this."""
        return self._compared("!=", value)

    def __hash__(self) -> int:
        return hash(self.field)

    def __repr__(self) -> str:
        return self.field

    def __reduce__(self) -> str:
        return self.field  # pickle keeps the name in this module, and finds the one object there is

    def _compared(self, operator: Operator, value: object) -> Expression:
        if isinstance(value, _Compared):
            raise FilterError(f"{self.field} compares with a value, and not with another field, {value!r}.")
        return Comparison(self.field, operator, self._checked(self.field, value))

    @abstractmethod
    def _checked(self, what: str, value: object) -> Value:
        """The value in the form in which it is kept; raises FilterError."""


class _Optional(_Compared):
    """A property that an asset may lack. `== None` is `is_missing()`, and `!= None` its opposite."""

    __slots__ = ()

    def is_missing(self) -> Expression:
        """Assets that have no value here."""
        return Missing(self.field)

    def _compared(self, operator: Operator, value: object) -> Expression:
        if value is None and operator in {"==", "!="}:
            return self.is_missing() if operator == "==" else ~self.is_missing()
        return super()._compared(operator, value)


class _Ordered(_Compared, Generic[V_contra]):
    """A property whose values have an order."""

    __slots__ = ()

    def __lt__(self, value: V_contra) -> Expression:
        return self._compared("<", value)

    def __le__(self, value: V_contra) -> Expression:
        return self._compared("<=", value)

    def __gt__(self, value: V_contra) -> Expression:
        return self._compared(">", value)

    def __ge__(self, value: V_contra) -> Expression:
        return self._compared(">=", value)


class _Texts(_Compared):
    """A property whose values are texts; they compare exactly, case included."""

    __slots__ = ()

    def in_(self, values: Iterable[str]) -> Expression:
        """Assets whose value is one of these."""
        checked = checked_values(f"{self.field}.in_", values, self._checked)
        return Comparison(self.field, "==", checked[0]) if len(checked) == 1 else OneOf(self.field, checked)

    def startswith(self, text: str) -> Expression:
        """Assets whose value begins with this, case included."""
        return Searched(self.field, "startswith", checked_text(f"{self.field}.startswith", text))

    def _checked(self, what: str, value: object) -> str:
        return checked_text(what, value, empty=True)


class Field(_Compared):
    """A property of assets that listings sort by."""

    __slots__ = ()

    def asc(self) -> Order:
        """Smallest, or oldest, first."""
        return Order(cast("SortField", self.field))

    def desc(self) -> Order:
        """Largest, or newest, first."""
        return Order(cast("SortField", self.field), descending=True)


class NameField(_Texts, Field):
    """The assets' name. `contains` is all that the server can search for; the rest is for `filter(...)`."""

    __slots__ = ()

    def contains(self, text: str) -> Expression:
        """Assets whose name contains `text`; `%`, `_` and `*` stand for themselves.

        Case is ignored for ASCII letters only (observed on ComfyUI 0.27). An empty text would mean no filter to
        servers, and a NUL matches everything there, so both are refused.
        """
        return Searched("name", "contains", checked_needle("name.contains", text))

    def matches(self, pattern: str) -> Expression:
        """Assets in whose name `re.search` finds this; anchor it with `^` and `$`, ignore case with `(?i)`."""
        return Searched("name", "matches", checked_regex("name.matches", pattern))


class SizeField(_Optional, _Ordered["int | str"], Field):
    """The assets' size in bytes; `"5 MB"` is 5,000,000 and `"5 MiB"` is 5 x 1024 x 1024."""

    __slots__ = ()

    def _checked(self, what: str, value: object) -> int:
        return checked_size(what, value)


class TimeField(_Ordered["dt.datetime | dt.timedelta"], Field):
    """A time of assets, compared to the microsecond with an aware datetime, or a duration back from now.

    `created_at > timedelta(days=7)` is "created less than seven days ago". What "now" is, is settled once for each
    iteration, when it begins; the filter keeps the duration.
    """

    __slots__ = ()

    def _compared(self, operator: Operator, value: object) -> Expression:
        if isinstance(value, dt.timedelta) and operator in {"==", "!="}:
            raise FilterError(f"{self.field} {operator} takes a datetime; {shown(value)} goes with < <= > >= only.")
        return super()._compared(operator, value)

    def _checked(self, what: str, value: object) -> dt.datetime | dt.timedelta:
        return checked_time(what, value)


class OptionalTimeField(_Optional, TimeField):
    """A time that an asset may lack."""

    __slots__ = ()


class TextField(_Optional, _Texts):
    """A text of assets, compared as the server writes it, case included."""

    __slots__ = ()


class PromptIdField(_Optional):
    """The job that created the assets: a UUID, or its text."""

    __slots__ = ()

    def in_(self, values: Iterable[UUID | str]) -> Expression:
        """Assets that one of these jobs created."""
        checked = checked_values("prompt_id.in_", values, checked_uuid)
        return Comparison("prompt_id", "==", checked[0]) if len(checked) == 1 else OneOf("prompt_id", checked)

    def _checked(self, what: str, value: object) -> str:
        return checked_uuid(what, value)


def tag(text: str) -> Expression:
    """Assets that have this tag; `~tag(text)` is those that have it not.

    Tags are compared trimmed and in lower case, as servers do today (observed on ComfyUI 0.27).
    """
    return Tag(checked_tag("tag", text))


name: Final = NameField("name")
size: Final = SizeField("size")
created_at: Final = TimeField("created_at")
updated_at: Final = TimeField("updated_at")
last_access_time: Final = OptionalTimeField("last_access_time")
mime_type: Final = TextField("mime_type")
asset_hash: Final = TextField("asset_hash")
prompt_id: Final = PromptIdField("prompt_id")

__all__ = [
    "Expression",
    "Field",
    "Metadata",
    "MetadataField",
    "NameField",
    "OptionalTimeField",
    "Order",
    "PromptIdField",
    "SizeField",
    "SortField",
    "TextField",
    "TimeField",
    "asset_hash",
    "created_at",
    "last_access_time",
    "metadata",
    "mime_type",
    "name",
    "prompt_id",
    "size",
    "tag",
    "updated_at",
]
