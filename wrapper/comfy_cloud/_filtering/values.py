"""What filters compare with: checked where it is written, and kept in one form, so that equal filters are equal. Pure.

Each check raises FilterError with the name of what was given, the bound, and the value.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import reprlib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final, TypeAlias, TypeVar, cast
from uuid import UUID

from comfy_cloud.errors import FilterError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""A value of metadata."""
T = TypeVar("T")

_SHORT: Final = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60
_SIZE: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)(i?)b\s*", re.ASCII | re.IGNORECASE)
_POWERS: Final = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_DECIMAL: Final = 1000
_BINARY: Final = 1024
_LONGEST_SIZE: Final = 40  # characters
_SIZE_WORDS: Final = "a whole number of bytes of at least 0, or a text such as '5 MB' or '5 MiB'"
_TIME_WORDS: Final = "a datetime with a time zone, or a timedelta of at least 0 that reaches back from now"


def shown(value: object) -> str:
    """A value for a message, shortened."""
    try:
        return _SHORT.repr(value)
    except ValueError:  # an integer of more digits than Python writes
        return "a number too long to show"


def checked_text(what: str, value: object, *, empty: bool = False) -> str:
    """A text that can be sent and compared; blank texts of a length count as texts.

    Args:
        what: What it is called in messages, such as `name.contains`.
        value: Anything.
        empty: Whether the empty text is allowed.

    Raises:
        FilterError: it is no text, is empty, or holds half of a surrogate pair, which UTF-8 cannot express.
    """
    if not isinstance(value, str):
        raise FilterError(f"{what} takes a text, not {shown(value)}.")
    if not value and not empty:
        raise FilterError(f"{what} takes a text of at least one character, not ''.")
    if not _is_unicode(value):
        raise FilterError(f"{what} takes Unicode text, not {shown(value)}, which holds half of a surrogate pair.")
    return str.__str__(value)  # a plain one, whatever class of text it is


def checked_tag(what: str, value: object) -> str:
    """A tag: a text that is more than blanks, which servers trim away.

    Raises:
        FilterError: it is none.
    """
    text = checked_text(what, value)
    if not text.strip():
        raise FilterError(f"{what} takes a tag of at least one character that is no blank, not {shown(text)}.")
    return text


def checked_needle(what: str, value: object) -> str:
    """A text to search for. A NUL is refused: with one, ComfyUI 0.27 was observed to match everything.

    Raises:
        FilterError: it is no text, is empty, or holds a NUL.
    """
    text = checked_text(what, value)
    if "\0" in text:
        raise FilterError(f"{what} takes a text without NUL, which servers take for the text's end, not {shown(text)}.")
    return text


def checked_regex(what: str, value: object) -> str:
    """The text of a regular expression of Python.

    Raises:
        FilterError: it is no text, or `re` cannot compile it.
    """
    text = checked_text(what, value)
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise FilterError(f"{what} takes a regular expression, not {shown(text)}: {error}.") from None
    return text


def checked_size(what: str, value: object) -> int:
    """A size in bytes. Texts have a unit: kB, MB, GB, TB are powers of 1000; KiB, MiB, GiB, TiB of 1024; any case.

    Raises:
        FilterError: it is no whole number of bytes of at least 0.
    """
    number = _bytes_of(value) if isinstance(value, str) else value
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise FilterError(f"{what} takes {_SIZE_WORDS}, not {shown(value)}.")
    return int(number)


def _bytes_of(text: str) -> int | None:
    found = _SIZE.fullmatch(text) if len(text) <= _LONGEST_SIZE else None
    if found is None or (found[3] and not found[2]):
        return None
    number = Decimal(found[1]) * (_BINARY if found[3] else _DECIMAL) ** _POWERS[found[2].lower()]
    return int(number) if number == int(number) else None


def checked_time(what: str, value: object) -> dt.datetime | dt.timedelta:
    """An instant in UTC, to the microsecond, or how long before now it is.

    Raises:
        FilterError: it is something else, has no time zone, or the duration reaches into the future.
    """
    if isinstance(value, dt.timedelta) and value >= dt.timedelta(0):
        return dt.timedelta(value.days, value.seconds, value.microseconds)
    if not isinstance(value, dt.datetime) or value.utcoffset() is None:
        raise FilterError(f"{what} takes {_TIME_WORDS}, not {shown(value)}.")
    try:
        at = value.astimezone(dt.UTC)
    except OverflowError:
        raise FilterError(f"{what} takes an instant of the years 1 to 9999 in UTC, not {shown(value)}.") from None
    return dt.datetime(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, dt.UTC)


def checked_uuid(what: str, value: object) -> str:
    """A UUID as text in its usual spelling.

    Raises:
        FilterError: it is none.
    """
    if isinstance(value, UUID):
        return str(value)
    try:
        return str(UUID(checked_text(what, value)))
    except ValueError:  # a FilterError is one as well
        raise FilterError(f"{what} takes a UUID or its text, not {shown(value)}.") from None


def checked_values(what: str, values: object, check: Callable[[str, object], T]) -> tuple[T, ...]:
    """At least one value, each checked; repeats are dropped.

    Raises:
        FilterError: it is no collection, is empty, or a value is refused.
    """
    listed = _listed(values)
    if listed is None:
        raise FilterError(f"{what} takes a list of values, not {shown(values)}.")
    checked = tuple(dict.fromkeys(check(what, item) for item in listed))
    if not checked:
        raise FilterError(f"{what} takes at least one value, and was given none.")
    return checked


def _listed(values: object) -> Iterable[object] | None:
    """None for what can be iterated, but is one value."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        return None
    return cast("Iterable[object]", values)


def checked_json(what: str, value: object) -> str:
    """A metadata value as compact JSON text, with the keys of objects in the order given: servers compare that text.

    Raises:
        FilterError: a list (servers read one as "any of"), NaN or an infinity, a lone surrogate, a key that is no
            text, or anything else that JSON cannot hold.
    """
    if isinstance(value, list | tuple):
        raise FilterError(f"{what} compares with one value, not a list; use .in_([...]) for any of several.")
    try:
        plain = _plain(value)
        text = json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        raise FilterError(f"{what} takes a value that JSON can hold, not {shown(value)}.") from None
    if not _is_unicode(text):
        raise FilterError(f"{what} takes Unicode text, not {shown(value)}, which holds half of a surrogate pair.")
    return text


def checked_number(what: str, value: object) -> str:
    """A finite number as JSON text.

    Raises:
        FilterError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        raise FilterError(f"{what} takes a finite number, not {shown(value)}; only numbers have an order here.")
    return checked_json(what, value)


def checked_count(what: str, value: int, low: int, high: int | None = None) -> int:
    """A whole number within bounds.

    Raises:
        FilterError: naming the parameter, the bound and the value.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < low or (high is not None and value > high):
        bound = f"from {low} to {high}" if high is not None else f"of at least {low}"
        raise FilterError(f"{what} takes a whole number {bound}, not {shown(value)}.")
    return value


def checked_bool(what: str, value: object) -> bool:
    """True or False, and nothing that merely counts as one: the text "false" counts as true.

    Raises:
        FilterError: it is neither.
    """
    if not isinstance(value, bool):
        raise FilterError(f"{what} takes True or False, not {shown(value)}.")
    return value


def _plain(value: object) -> Json:
    """The value in JSON's types, or a TypeError: json.dumps would make texts of keys that are none."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("Iterable[object]", value)]
    if not isinstance(value, Mapping):
        raise TypeError
    members = cast("Mapping[object, object]", value)
    if not all(isinstance(key, str) for key in members):
        raise TypeError
    return {cast("str", key): _plain(item) for key, item in members.items()}


def _is_finite(value: float) -> bool:
    return isinstance(value, int) or math.isfinite(value)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
