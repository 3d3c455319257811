# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""The bounds that a schema puts on values, checked before anything is sent."""

from __future__ import annotations

import math
import operator
import re
import reprlib
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Final, TypeAlias

from msgspec import Struct

from .errors import ParameterError

Wire: TypeAlias = "bool | int | float | str | list[Wire] | dict[str, Wire] | None"
"""What JSON can hold."""
_SHORT: Final = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60


class Bounds(Struct, frozen=True):
    """What a schema allows; each keyword concerns values of its own type only, as in JSON Schema.

    `pattern` is ECMA-262; `items` holds the bounds of an array's elements. Lengths are in characters.
    """

    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    multiple_of: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool = False
    items: Bounds | None = None


def shown(value: object) -> str:
    """A value for a message, shortened."""
    try:
        return _SHORT.repr(value)
    except ValueError:  # an integer of more digits than Python writes
        return "a number too long to show"


def check_value(where: str, value: Wire, bounds: Bounds) -> None:
    """Nothing, if the bounds allow the value.

    Raises:
        ParameterError: The message names what is bounded, the bound and the value.
    """
    problem = ""
    if isinstance(value, str):
        problem = _text_problem(value, bounds)
    elif isinstance(value, list):
        problem = _array_problem(value, bounds)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        problem = _number_problem(value, bounds)
    if problem:
        raise ParameterError(f"{where} is {shown(value)}{problem}.")
    if isinstance(value, list) and bounds.items:
        for index, item in enumerate(value):
            check_value(f"{where}[{index}]", item, bounds.items)


def _number_problem(value: float, bounds: Bounds) -> str:
    rules: tuple[tuple[float | None, Callable[[float, float], bool], str], ...] = (
        (bounds.minimum, operator.ge, "at least {} is allowed"),
        (bounds.maximum, operator.le, "at most {} is allowed"),
        (bounds.exclusive_minimum, operator.gt, "only more than {} is allowed"),
        (bounds.exclusive_maximum, operator.lt, "only less than {} is allowed"),
        (bounds.multiple_of or None, _is_multiple, "only multiples of {} are allowed"),
    )
    for bound, holds, rule in rules:
        if bound is not None and not holds(value, bound):
            return f", but {rule.format(bound)}"
    return ""


def _is_multiple(value: float, of: float) -> bool:
    """In decimal, as they are written: 0.3 is a multiple of 0.1."""
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return (_exact(value) / _exact(of)).denominator == 1


def _exact(number: float) -> Fraction:
    return Fraction(number) if isinstance(number, int) else Fraction(repr(number))


def _text_problem(value: str, bounds: Bounds) -> str:
    if bounds.min_length is not None and len(value) < bounds.min_length:
        return f" ({len(value)} characters), but at least {bounds.min_length} are needed"
    if bounds.max_length is not None and len(value) > bounds.max_length:
        return f" ({len(value)} characters), but at most {bounds.max_length} are allowed"
    pattern = None if bounds.pattern is None else _compiled(bounds.pattern)
    return f", but it has to match the pattern {bounds.pattern}" if pattern and not pattern.search(value) else ""


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The ECMA-262 pattern in Python; none where Python cannot read it, so that the server decides."""
    try:
        return re.compile(pattern, re.ASCII)  # \d and \w are ASCII in ECMA-262
    except (re.error, OverflowError, RecursionError, FutureWarning):
        return None


def _array_problem(value: list[Wire], bounds: Bounds) -> str:
    if bounds.min_items is not None and len(value) < bounds.min_items:
        return f" ({len(value)} items), but at least {bounds.min_items} are needed"
    if bounds.max_items is not None and len(value) > bounds.max_items:
        return f" ({len(value)} items), but at most {bounds.max_items} are allowed"
    if bounds.unique_items and len({_identity(item) for item in value}) < len(value):
        return ", but all its items have to be different"
    return ""


def _identity(value: Wire) -> object:
    """A hashable stand-in, equal where JSON values are: 1 equals 1.0, but not True."""
    if isinstance(value, list):
        return ("list", *map(_identity, value))
    if isinstance(value, dict):
        return frozenset((key, _identity(member)) for key, member in value.items())
    return (isinstance(value, bool), value)
