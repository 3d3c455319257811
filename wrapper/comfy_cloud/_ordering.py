"""The orders that listings come in: what an item's place is, as sent, and how two places compare. Pure.

A place is a sort key and an id. Keys are read off the wire rather than off the model's properties, which cut times to
microseconds: two times that differ by a nanosecond are two keys.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, Generic, TypeAlias, TypeVar

from comfy_cloud_api.models import Asset, TagInfo

T = TypeVar("T")
Key: TypeAlias = str | int | None
"""A sort key that compares with others of its ordering; None where the item has none."""

_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)
_UTC_OFFSETS: Final = frozenset({None, "Z", "z", "+00:00", "-00:00"})
_TIME_SHAPES: Final = frozenset({b"--T::", b"--T::Z", b"--T::.", b"--T::.Z"})
_DIGITS: Final = b"0123456789"
_SEPARATOR_AT: Final = 10  # the T of 2026-01-01T00:00:00


@dataclass(frozen=True, slots=True)
class Keys:
    """How the values of one sort field become keys.

    Attributes:
        read: The key of what came over the wire; None where that is missing, null or not of the field's type.
        plain: Whether values compare as they are, all of them among each other; False where that is not seen at once.
        least: Sorts before every key, or with the first.
        most: Sorts after every key.
    """

    read: Callable[[object], Key]
    plain: Callable[[Sequence[Any]], bool]
    least: Key
    most: Key


@dataclass(frozen=True, slots=True)
class Ordering(Generic[T]):
    """An order in which a server lists items: by a key, and items with equal keys by their id in the same direction.

    Attributes:
        name: How tokens and messages call it, such as `created_at.desc()`.
        value: Takes an item's sort value, as it came over the wire.
        identity: Takes an item's id, as it came over the wire.
        keys: How values become keys.
        descending: Whether the greatest key comes first.
        fixed: Whether an item's key never changes.
        trusted: Whether servers surely compare keys as we do. They do for times and numbers; how they collate texts
            is observed for ComfyUI 0.27 (by code point) and unknown for Comfy Cloud.
    """

    name: str
    value: Callable[[T], object]
    identity: Callable[[T], str]
    keys: Keys
    descending: bool = False
    fixed: bool = False
    trusted: bool = True


def instant(value: object) -> Key:
    """A time as a text that sorts as instants do: in UTC, its fraction as long as it is, without trailing zeros.

    A time without offset is in UTC (observed on ComfyUI 0.27). None for what is no time.
    """
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    date, clock, fraction, offset = match.groups()
    whole = f"{date}T{clock}"
    if offset not in _UTC_OFFSETS:
        try:
            whole = dt.datetime.fromisoformat(f"{whole}{offset}").astimezone(dt.UTC).isoformat()[: len(whole)]
        except (ValueError, OverflowError):
            return None
    digits = (fraction or "").rstrip("0")
    return f"{whole}.{digits}" if digits else whole


def instants_are_plain(values: Sequence[Any]) -> bool:
    """Whether all are UTC times of one spelling and one length, whose texts compare as the instants do.

    Looks at all of them at once, which costs a fiftieth of parsing them.
    """
    try:
        joined = "".join(values)
        shape = values[0].encode().translate(None, _DIGITS)
        shapes = joined.encode().translate(None, _DIGITS)
    except (TypeError, AttributeError, UnicodeEncodeError):
        return False
    if shape not in _TIME_SHAPES or shapes != shape * len(values):
        return False
    # There is one separator in each text; if they stand at equal distances, the texts are of equal length.
    length, count = len(values[0]), len(values)
    return joined[_SEPARATOR_AT::length] == "T" * count and len(joined) == length * count


def _number(value: object) -> Key:
    return value if type(value) is int else None


def _text(value: object) -> Key:
    return value if isinstance(value, str) else None


def _are_numbers(values: Sequence[Any]) -> bool:
    return set(map(type, values)) == {int}


def _are_texts(values: Sequence[Any]) -> bool:
    return set(map(type, values)) == {str}


TIMES: Final = Keys(instant, instants_are_plain, "", "~")
NUMBERS: Final = Keys(_number, _are_numbers, -1, 1 << 256)
TEXTS: Final = Keys(_text, _are_texts, "", "\U0010ffff" * 2)

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
        fixed=field == "created_at",
        trusted=keys is not TEXTS,
    )


_TAG_NAME: Final[Callable[[TagInfo], str]] = attrgetter("_name")

TAGS_BY_NAME: Final[Ordering[TagInfo]] = Ordering(
    name="name_asc", value=_TAG_NAME, identity=_TAG_NAME, keys=TEXTS, fixed=True, trusted=False
)
"""Tags by their names, which never change and are all the identity they have."""
