"""When a sorted listing can end early, because nothing that follows can match a filter. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter
from typing import Any, Final

from comfy_cloud._filtering.evaluate import AssetLike, Predicate, instant
from comfy_cloud._filtering.expressions import And, Comparison, Expression, Not, Operator, Or
from comfy_cloud.filters import Order

MARGIN: Final = dt.timedelta(seconds=1)
"""How far beyond the bound a time has to be: it is unknown how precise the times are that Cloud sorts by."""
_ALWAYS_THERE: Final = frozenset({"created_at", "updated_at"})
_SORTABLE: Final = frozenset(
    {"created_at", "updated_at", "last_access_time", "size"}
)  # how Cloud sorts names is unknown
_OPPOSITES: Final[dict[Operator, Operator]] = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the sort field of all assets that match lies: from `low` to `high`, both included; None is no bound.

    Attributes:
        low: The least value.
        high: The greatest value.
        missing: Whether an asset without the field may match as well.
    """

    low: Any = None  # Any: numbers or instants, never both in one query
    high: Any = None
    missing: bool = True

    def both(self, other: Reach) -> Reach:
        """Where what matches two conditions lies."""
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        return Reach(max(lows, default=None), min(highs, default=None), self.missing and other.missing)

    def either(self, other: Reach) -> Reach:
        """Where what matches one of two conditions lies."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Reach(low, high, self.missing or other.missing)


def early_stop(expression: Expression, order: Order, now: dt.datetime) -> Predicate | None:
    """A test that is true of an asset once neither it nor any that follows in this order can match.

    Sound whatever the order of assets with equal values, and wherever assets without a value are sorted: where those
    can match, nothing ends early. So it is for names, whose order on Cloud is unknown.

    Args:
        expression: The filter that is evaluated here.
        order: The order that the server sorts by.
        now: What durations reach back from, as in `compiled`.

    Returns:
        The test, or None if the listing has to be walked to its end.
    """
    if order.field not in _SORTABLE:
        return None
    found = reach(expression, order.field, now)
    bound = found.low if order.descending else found.high
    if bound is None or (found.missing and order.field not in _ALWAYS_THERE):
        return None
    return _beyond(order, bound)


def _beyond(order: Order, bound: Any) -> Predicate:  # noqa: ANN401 - as in Reach
    read = attrgetter(order.field)
    margin = 0 if order.field == "size" else MARGIN

    def test(asset: AssetLike) -> bool:
        value = read(asset)
        if value is None:
            return False
        # The difference, since a bound at the calendar's end has no room for the margin.
        return bool((bound - value if order.descending else value - bound) > margin)

    return test


def reach(expression: Expression, field: str, now: dt.datetime, *, negated: bool = False) -> Reach:
    """Where a field of the assets lies that match an expression, or with `negated` of those that do not."""
    match expression:
        case Not(part):
            return reach(part, field, now, negated=not negated)
        case And(parts) | Or(parts):
            each = (reach(part, field, now, negated=negated) for part in parts)
            return _joined(each, both=isinstance(expression, And) is not negated)
        case Comparison(compared, sign, value) if compared == field:
            bound = instant(value, now) if isinstance(value, dt.datetime | dt.timedelta) else value
            return _compared(_OPPOSITES[sign] if negated else sign, bound, missing=negated)
        case _:
            return Reach()


def _joined(each: Iterable[Reach], *, both: bool) -> Reach:
    return reduce(Reach.both if both else Reach.either, each)


def _compared(sign: Operator, bound: object, *, missing: bool) -> Reach:
    low = bound if sign in {"==", ">", ">="} else None
    high = bound if sign in {"==", "<", "<="} else None
    return Reach(low, high, missing)
