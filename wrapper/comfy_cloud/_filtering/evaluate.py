"""Filters evaluated here, on assets that arrived. Pure.

What servers can evaluate as well means the same here as there, as observed on ComfyUI 0.27: tags are trimmed and
lower-cased, `name.contains` ignores the case of ASCII letters, and metadata compares as `_metadata_test` says.
Everything else compares exactly.
"""

from __future__ import annotations

import datetime as dt
import json
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias, cast
from uuid import UUID

from comfy_cloud._filtering.expressions import (
    NULL,
    And,
    Comparison,
    Expression,
    MetadataComparison,
    MetadataIs,
    Missing,
    Not,
    OneOf,
    Or,
    Searched,
    Tag,
)
from comfy_cloud._filtering.folding import ascii_folded, folded_tag


class AssetLike(Protocol):
    """What filters read of an asset. An absent property is None."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int | None: ...
    @property
    def tags(self) -> Sequence[str] | None: ...
    @property
    def created_at(self) -> dt.datetime: ...
    @property
    def updated_at(self) -> dt.datetime: ...
    @property
    def last_access_time(self) -> dt.datetime | None: ...
    @property
    def mime_type(self) -> str | None: ...
    @property
    def prompt_id(self) -> UUID | None: ...
    @property
    def asset_hash(self) -> str | None: ...
    @property
    def user_metadata(self) -> Mapping[str, Any] | None: ...
    @property
    def metadata(self) -> Mapping[str, Any] | None: ...


Predicate: TypeAlias = Callable[[AssetLike], bool]
_Test: TypeAlias = Callable[[Any], bool]  # Any: of a field's value, whose type the filter's field made sure of
Token: TypeAlias = tuple[str, object]
"""A value of metadata as it is compared: its kind, and a form that is equal where servers say the values are."""

OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EARLIEST: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


def matches(expression: Expression, asset: AssetLike, now: dt.datetime) -> bool:
    """Whether an asset matches; for many assets, compile once."""
    return compiled(expression, now)(asset)


def compiled(expression: Expression, now: dt.datetime) -> Predicate:  # noqa: PLR0911 - one for each kind
    """A fast test for many assets, which reads only the properties that the expression names.

    Args:
        expression: Any filter. Plain logic: a comparison with a missing value is false, `~` is everything else.
        now: What durations reach back from; an aware datetime, the same for a whole iteration.
    """
    match expression:
        case And(parts):
            return _all_of([compiled(part, now) for part in parts])
        case Or(parts):
            return _any_of([compiled(part, now) for part in parts])
        case Not(part):
            return _none_of(compiled(part, now))
        case Tag(text):
            return _tagged(folded_tag(text))
        case MetadataIs(key, values):
            return _with_metadata(key, _metadata_test(values))
        case MetadataComparison(key, sign, text):
            return _with_metadata(key, _metadata_comparison(sign, text))
        case Missing(field):
            return _with_field(field, lambda value: value is None)
        case _:
            return _with_field(*_field_test(expression, now))


def instant(value: dt.datetime | dt.timedelta, now: dt.datetime) -> dt.datetime:
    """The instant that a filter's time names; a duration too long to be one reaches back to the year 1."""
    if isinstance(value, dt.datetime):
        return value
    try:
        return now.astimezone(dt.UTC) - value
    except OverflowError:
        return _EARLIEST


def metadata_token(value: object) -> Token | None:
    """How a value of metadata compares: numbers as floats, objects as JSON text. None for null and lists."""
    match value:
        case bool():
            return "boolean", value
        case int() | float():
            return "number", _as_float(value)
        case str():
            return "text", value
        case dict():
            return "object", json.dumps(value)
        case _:
            return None


def _all_of(tests: Sequence[Predicate]) -> Predicate:
    def test(asset: AssetLike) -> bool:
        for part in tests:  # noqa: SIM110 - a generator costs more than the loop
            if not part(asset):
                return False
        return True

    return test


def _any_of(tests: Sequence[Predicate]) -> Predicate:
    def test(asset: AssetLike) -> bool:
        for part in tests:  # noqa: SIM110 - a generator costs more than the loop
            if part(asset):
                return True
        return False

    return test


def _none_of(part: Predicate) -> Predicate:
    return lambda asset: not part(asset)


def _tagged(wanted: str) -> Predicate:
    def test(asset: AssetLike) -> bool:
        tags = asset.tags
        return tags is not None and (wanted in tags or wanted in map(folded_tag, tags))

    return test


def _with_field(field: str, test: _Test) -> Predicate:
    read = operator.attrgetter(field)
    return lambda asset: test(read(asset))


def _field_test(expression: Expression, now: dt.datetime) -> tuple[str, _Test]:  # noqa: PLR0911 - one for each kind
    """The field that an expression compares, and the test of its value."""
    match expression:
        case Comparison("prompt_id", sign, str(value)):
            return "prompt_id", _comparison(sign, UUID(value))
        case Comparison(field, sign, dt.datetime() | dt.timedelta() as value):
            return field, _comparison(sign, instant(value, now))
        case Comparison(field, sign, value):
            return field, _comparison(sign, value)
        case OneOf("prompt_id", values):
            return "prompt_id", frozenset(map(UUID, values)).__contains__
        case OneOf(field, values):
            return field, frozenset(values).__contains__
        case Searched(field, "contains", text):
            return field, _contains(ascii_folded(text))
        case Searched(field, "startswith", text):
            return field, lambda value: value is not None and value.startswith(text)
        case Searched(field, _, text):
            find = re.compile(text).search
            return field, lambda value: value is not None and find(value) is not None
        case _:
            raise AssertionError(f"{expression!r} is of a kind that is not evaluated")


def _comparison(sign: str, bound: Any) -> _Test:  # noqa: ANN401 - as the values of its field
    compare = OPERATORS[sign]
    return lambda value: value is not None and compare(value, bound)


def _contains(needle: str) -> _Test:
    return lambda value: needle in ascii_folded(value)


def _with_metadata(key: str, test: _Test) -> Predicate:
    """What the user said stands above what the server found out, key by key, as in the server's own filter."""

    def read(asset: AssetLike) -> bool:
        said = asset.user_metadata
        if said is not None and key in said:
            return test(said[key])
        found = asset.metadata
        return test(None if found is None else found.get(key))

    return read


def _metadata_test(texts: Sequence[str]) -> _Test:
    """Whether a stored value is one of several: a list if one of its elements is, and null if nothing is there."""
    wanted = {metadata_token(json.loads(text)) for text in texts if text != NULL}
    if_missing = NULL in texts

    def test(stored: object) -> bool:
        elements = _elements(stored)
        if not elements:
            return if_missing
        for element in elements:  # noqa: SIM110 - a generator costs more than the loop
            if metadata_token(element) in wanted:
                return True
        return False

    return test


def _metadata_comparison(sign: str, text: str) -> _Test:
    if sign == "!=":
        same = _metadata_test([text])
        return lambda stored: bool(_elements(stored)) and not same(stored)
    bound, compare = json.loads(text), OPERATORS[sign]
    return lambda stored: any(
        compare(element, bound)
        for element in _elements(stored)
        if isinstance(element, int | float) and not isinstance(element, bool)
    )


def _elements(stored: object) -> list[object]:
    """What of a stored value can be compared: nothing where it is missing."""
    if isinstance(stored, list):
        return [element for element in cast("list[object]", stored) if element is not None]
    return [] if stored is None else [stored]


def _as_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:  # an integer of hundreds of digits
        return float("inf") if number > 0 else float("-inf")
