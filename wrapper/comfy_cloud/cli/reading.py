"""What flags say, as filters: durations, dates, sizes, metadata and sort orders as people write them. Pure.

What the library checks already is left to it; its FilterError is what the command says.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from functools import reduce
from typing import Final, cast, get_args

from comfy_cloud.errors import FilterError
from comfy_cloud.filters import (
    Expression,
    Order,
    SortField,
    TimeField,
    asset_hash,
    metadata,
    mime_type,
    prompt_id,
    size,
)

SORTS: Final[tuple[str, ...]] = tuple(f"{sign}{field}" for field in get_args(SortField) for sign in ("", "-"))
"""What `--sort` takes."""

_UNITS: Final = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_DURATION: Final = re.compile("".join(f"(?:([0-9]{{1,9}}){unit})?" for unit in _UNITS), re.ASCII | re.IGNORECASE)
_TIME_WORDS: Final = (
    "a duration back from now such as 7d or 12h30m, a date such as 2026-01-31, or a time such as 2026-01-31T12:00Z"
)


def order(text: str) -> Order:
    """A sort order: a field, with a minus sign in front for largest or newest first.

    Raises:
        FilterError: listings do not sort by this.
    """
    for field in get_args(SortField):
        if text.removeprefix("-") == field:
            return Order(field, descending=text.startswith("-"))
    raise FilterError(
        f"--sort takes {', '.join(get_args(SortField))}, or one of them after a minus sign, not {text!r}."
    )


def at_least(text: str) -> Expression:
    """Assets of at least this size; a number without a unit is bytes.

    Raises:
        FilterError: it is no size.
    """
    return size >= _size(text)


def at_most(text: str) -> Expression:
    """Assets of at most this size; see `at_least`."""
    return size <= _size(text)


def since(flag: str, field: TimeField, text: str) -> Expression:
    """Assets of this time or later.

    Args:
        flag: Its name, for messages.
        field: Which of the assets' times.
        text: A duration back from now, a date, or a time; without a zone, in UTC. A date is its beginning.

    Raises:
        FilterError: it is none.
    """
    return field >= _moment(flag, text, date_ends=False)


def until(flag: str, field: TimeField, text: str) -> Expression:
    """Assets of before this time; a date is its end, so that it is included. See `since`."""
    return field < _moment(flag, text, date_ends=True)


def meta(texts: Sequence[str]) -> tuple[Expression, ...]:
    """Metadata given as `key=value`: JSON where the value is JSON, else text.

    So `seed=42` is a number, `seed="42"` a text, `seed=[1,2]` either of two, `seed=null` a missing one, and
    `model=flux` the text it is. NaN and infinities, which JSON does not have, are texts.

    Raises:
        FilterError: there is no `=`, or metadata does not compare with this value.
    """
    return tuple(map(_meta, texts))


def media_types(texts: Sequence[str]) -> tuple[Expression, ...]:
    """One filter for any of these media types, such as `image/png`, or `image/*` for all images; none for none."""
    found = [mime_type.startswith(text[:-1]) if text.endswith("/*") else mime_type == text for text in texts]
    return (reduce(Expression.__or__, found),) if found else ()


def hashes(texts: Sequence[str]) -> tuple[Expression, ...]:
    """One filter for any of these hashes; none for none."""
    return (asset_hash.in_(texts),) if texts else ()


def prompts(texts: Sequence[str]) -> tuple[Expression, ...]:
    """One filter for any of these jobs; none for none.

    Raises:
        FilterError: one of them is no UUID.
    """
    return (prompt_id.in_(texts),) if texts else ()


def _size(text: str) -> int | str:
    return int(text) if re.fullmatch(r"[0-9]{1,20}", text, re.ASCII) else text


def _meta(text: str) -> Expression:
    key, equals, value = text.partition("=")
    if not equals:
        raise FilterError(f"--meta takes key=value, such as seed=42, not {text!r}.")
    read = _json(value)
    return metadata[key].in_(cast("list[object]", read)) if isinstance(read, list) else metadata[key] == read


def _json(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError):
        return text


def _refused(constant: str) -> object:
    raise ValueError(constant)


def _moment(flag: str, text: str, *, date_ends: bool) -> dt.datetime | dt.timedelta:
    try:
        length = _duration(text.strip())
        return _instant(text.strip(), date_ends=date_ends) if length is None else length
    except (ValueError, OverflowError):
        raise FilterError(f"{flag} takes {_TIME_WORDS}, not {text!r}.") from None


def _duration(text: str) -> dt.timedelta | None:
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()):
        return None
    parts = zip(_UNITS.values(), found.groups(), strict=True)
    return dt.timedelta(**{unit: int(number) for unit, number in parts if number})


def _instant(text: str, *, date_ends: bool) -> dt.datetime:
    """Raises ValueError or OverflowError where it is none."""
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        at = dt.datetime.fromisoformat(text)
        return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC) + dt.timedelta(days=date_ends)
