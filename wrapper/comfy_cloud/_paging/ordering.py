"""The orders that listings come in: what an item's place is, as sent, and how two places compare. Pure.

A place is a sort key and an id. Keys are read off the wire rather than off the model's properties, which cut times to
microseconds: two times that differ by a nanosecond are two keys.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Final, Generic, TypeAlias, TypeVar

from msgspec import Struct

from comfy_cloud_api.models import Asset, TagInfo

T = TypeVar("T")
Key: TypeAlias = str | int | None
"""A sort key that compares with others of its ordering; None where the item has none."""

_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)
_ANY_DIGIT: Final = bytes.maketrans(b"123456789", b"000000000")
_PLAIN: Final = re.compile(rb"0000-00-00T00:00:00(?:\.0+)?[Zz]?\n")
"""A line that holds a time in UTC, its digits all zeros."""


class Keys(Struct, frozen=True):
    """How the values of one sort field become keys.

    Attributes:
        read: The key of what came over the wire; None where that is missing, null or not of the field's type.
        read_all: The keys of a page's values, in a form that need compare only with each other; so it can be fast.
        least: Sorts before every key, or with the first.
        most: Sorts after every key.
    """

    read: Callable[[object], Key]
    read_all: Callable[[Sequence[Any]], Sequence[Key]]
    least: Key | float
    most: Key | float


class Ordering(Struct, Generic[T], frozen=True):
    """An order in which a server lists items: by a key, and items with equal keys by their id in the same direction.

    Attributes:
        name: How tokens and messages call it, such as `created_at.desc()`.
        value: Takes an item's sort value, as it came over the wire.
        identity: Takes an item's id, as it came over the wire.
        keys: How values become keys.
        descending: Whether the greatest key comes first.
        trusted: Whether servers surely compare keys as we do. They do for times and numbers; how they collate texts
            is observed for ComfyUI 0.27 (by code point) and unknown for Comfy Cloud.
    """

    name: str
    value: Callable[[T], object]
    identity: Callable[[T], str]
    keys: Keys
    descending: bool
    trusted: bool


def instant(value: object) -> Key:
    """A time as a text that sorts as instants do: in UTC, its fraction as long as it is, without trailing zeros.

    A time without offset is in UTC (observed on ComfyUI 0.27). A leap second comes after the second before it. None for
    what is no time.
    """
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    date, clock, fraction, offset = match.groups("")
    whole = f"{date}T{clock}"
    if offset.strip("Zz+-0:"):  # all others are UTC
        minute, second = whole[:-3], whole[-3:]  # no offset changes the second, of which Python knows no sixtieth
        try:
            there = dt.datetime.fromisoformat(f"{minute}{offset}")
            whole = there.astimezone(dt.UTC).isoformat()[: len(minute)] + second
        except (ValueError, OverflowError):
            return None
    digits = fraction.rstrip("0")
    return f"{whole}.{digits}" if digits else whole


def instants(values: Sequence[Any]) -> Sequence[Key]:
    """The keys of many times, as texts that compare with each other alone.

    Where all are in UTC and of one spelling, looking at them at once costs a thirtieth of reading them one by one, and
    a fifth where their fractions differ in length, as those of servers that leave zeros away.
    """
    try:
        joined = "\n".join(values)
    except TypeError:
        return list(map(instant, values))
    plain = joined.encode(errors="replace").translate(_ANY_DIGIT) + b"\n"
    first = plain[: len(values[0]) + 1]
    if _PLAIN.fullmatch(first):
        if plain == first * len(values):
            return values
        lines = plain.splitlines(keepends=True)
        if len(lines) == len(values) and all(map(_PLAIN.fullmatch, set(lines))):
            return [text.rstrip("0Zz") if "." in text else text.rstrip("Zz") + "." for text in values]
    return list(map(instant, values))


def _number(value: object) -> Key:
    return value if type(value) is int else None


def _text(value: object) -> Key:
    return value if isinstance(value, str) else None


def _numbers(values: Sequence[Any]) -> Sequence[Key]:
    return values if set(map(type, values)) == {int} else list(map(_number, values))


def _texts(values: Sequence[Any]) -> Sequence[Key]:
    return values if set(map(type, values)) == {str} else list(map(_text, values))


TIMES: Final = Keys(instant, instants, "", "~")
NUMBERS: Final = Keys(_number, _numbers, -math.inf, math.inf)
TEXTS: Final = Keys(_text, _texts, "", "\U0010ffff" * 2)

_ASSET_KEYS: Final = {
    "name": TEXTS,
    "created_at": TIMES,
    "updated_at": TIMES,
    "size": NUMBERS,
    "last_access_time": TIMES,
}


def asset_ordering(field: str, *, descending: bool) -> Ordering[Asset]:
    """The order of a listing of assets. Only `created_at` never changes.

    Args:
        field: One of the fields that listings sort by.
        descending: Whether the greatest, or newest, comes first.
    """
    keys = _ASSET_KEYS[field]
    return Ordering(
        name=f"{field}.{'desc' if descending else 'asc'}()",
        value=attrgetter(f"_{field}"),
        identity=attrgetter("_id"),
        keys=keys,
        descending=descending,
        trusted=keys is not TEXTS,
    )


_TAG_NAME: Final[Callable[[TagInfo], str]] = attrgetter("_name")

TAGS_BY_NAME: Final[Ordering[TagInfo]] = Ordering(
    name="name_asc", value=_TAG_NAME, identity=_TAG_NAME, keys=TEXTS, descending=False, trusted=False
)
"""Tags by their names, which never change and are all the identity they have."""
