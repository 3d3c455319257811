"""When a sorted listing ends early: never too early, and not never."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_cloud._filtering.early_stop import MARGIN, early_stop
from comfy_cloud._filtering.evaluate import matches
from comfy_cloud.filters import Expression, Order, created_at, last_access_time, name, size, tag, updated_at
from comfy_cloud_api.models import Asset
from tests.wrapper.drawn_filters import ANY, ASSETS, NOW, SIZED, TIMED, asset, combined, text_of

DAY = dt.timedelta(days=1)
ORDERS = st.builds(
    Order, st.sampled_from(["created_at", "updated_at", "last_access_time", "size", "name"]), st.booleans()
)


@settings(max_examples=200)
@given(combined(TIMED | SIZED) | ANY, ORDERS, st.lists(ASSETS, max_size=8), st.data())
def test_nothing_that_follows_a_stop_matches(
    expression: Expression, order: Order, assets: list[Asset], data: st.DataObject
) -> None:
    """Whatever the order of ties, wherever assets without a value are put."""
    stop = early_stop(expression, order, NOW)
    valued = [one for one in assets if getattr(one, order.field) is not None]
    others = [one for one in assets if getattr(one, order.field) is None]
    listed = sorted(valued, key=lambda one: getattr(one, order.field), reverse=order.descending)
    for one in others:
        listed.insert(data.draw(st.integers(0, len(listed))), one)
    end = next((place for place, one in enumerate(listed) if stop and stop(one)), len(listed))
    assert [] == [one for one in listed[end:] if matches(expression, one, NOW)]


def times(field: str, *days: int) -> list[Asset]:
    """Assets whose time is so many days from now."""
    return [asset(**{field: text_of(NOW + number * DAY)}) for number in days]


@pytest.mark.parametrize(
    ("expression", "order", "after"),
    [
        (created_at > 2 * DAY, created_at.desc(), -3),
        ((created_at > 2 * DAY) & tag("x"), created_at.desc(), -3),
        ((created_at > 2 * DAY) | (created_at == NOW - 5 * DAY), created_at.desc(), -6),
        (~(created_at <= 2 * DAY), created_at.desc(), -3),
        (~((created_at < 2 * DAY) | tag("x")), created_at.desc(), -3),
        (~(~(created_at > 2 * DAY) & tag("x") | (created_at < 4 * DAY)), created_at.desc(), -5),
        ((created_at > 2 * DAY) & (created_at > 4 * DAY), created_at.desc(), -3),
        (created_at < 2 * DAY, created_at.asc(), -1),
        (created_at <= NOW, created_at.asc(), 1),
        (created_at == NOW, created_at.desc(), -1),
        (updated_at > NOW, updated_at.desc(), -1),
        (last_access_time > NOW, last_access_time.desc(), -1),
    ],
)
def test_a_listing_stops_once_it_is_beyond_the_bound(expression: Expression, order: Order, after: int) -> None:
    """By a second at least, as it is unknown how precise the times are that Cloud sorts by."""
    stop = early_stop(expression, order, NOW)
    assert stop is not None
    way = -1 if order.descending else 1
    at_bound = times(order.field, after - way)[0]
    close = asset(**{order.field: text_of(NOW + (after - way) * DAY + way * MARGIN)})
    assert [False, False, True] == [stop(at_bound), stop(close), stop(times(order.field, after)[0])]


@pytest.mark.parametrize(
    ("expression", "order"),
    [
        (created_at > 2 * DAY, created_at.asc()),
        (created_at > 2 * DAY, updated_at.desc()),
        (created_at != NOW, created_at.desc()),
        ((created_at > 2 * DAY) | tag("x"), created_at.desc()),
        (~(last_access_time < NOW), last_access_time.desc()),
        (last_access_time.is_missing() | (last_access_time > NOW), last_access_time.desc()),
        (name == "a", name.asc()),
        (tag("x"), created_at.desc()),
    ],
)
def test_what_has_no_bound_in_the_direction_of_the_sort_has_no_stop(expression: Expression, order: Order) -> None:
    """Where it cannot be told, a listing is walked to its end."""
    assert early_stop(expression, order, NOW) is None


def test_sizes_stop_at_once_beyond_the_bound() -> None:
    """They are what is sorted by, to the byte; an asset without one stops nothing."""
    stop = early_stop((size >= 5) & tag("x"), size.desc(), NOW)
    assert stop is not None
    sizes: list[Any] = [6, 5, ..., 4]
    assert [False, False, False, True] == [stop(asset(size=number)) for number in sizes]


def test_a_bound_at_the_calendar_s_end_is_no_error() -> None:
    """The margin is added to nothing."""
    for expression, order in (
        (created_at > dt.timedelta.max, created_at.desc()),
        (created_at < dt.datetime.max.replace(tzinfo=dt.UTC), created_at.asc()),
    ):
        stop = early_stop(expression, order, NOW)
        assert stop is not None
        assert not stop(asset())
