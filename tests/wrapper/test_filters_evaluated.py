"""Filters evaluated here: rule by rule, against the sandbox's SQL, and what it costs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_cloud import FilterError
from comfy_cloud._filtering.evaluate import compiled, matches
from comfy_cloud.filters import (
    Expression,
    asset_hash,
    created_at,
    last_access_time,
    metadata,
    mime_type,
    name,
    prompt_id,
    size,
    tag,
)
from comfy_cloud.query import AssetQuerySpec
from comfy_cloud.sandbox._library.model import AssetRow
from comfy_cloud_api.models import Asset
from tests.wrapper.drawn_filters import (
    ANY,
    ASSETS,
    JOB,
    LIBRARIES,
    NOW,
    SHARED,
    asset,
    combined,
    found_by_sql,
    received,
)

DAY = dt.timedelta(days=1)


@settings(max_examples=150)
@given(LIBRARIES, st.lists(SHARED | SHARED.map(lambda one: ~one) | combined(SHARED), max_size=3))
def test_what_both_can_express_means_the_same_here_and_in_sql(
    library: Sequence[AssetRow], expressions: list[Expression]
) -> None:
    """For any library, and any query that where() takes."""
    spec = AssetQuerySpec()
    for expression in expressions:
        try:
            spec = spec.narrowed(expression)
        except FilterError:  # the API cannot express it, so there is nothing to compare with
            continue
    here = AssetQuerySpec().filtered(*spec.where).predicate(NOW)
    expected = found_by_sql(spec, library)
    assert expected == {row.id for row in library if here is None or here(received(row))}


@settings(max_examples=150)
@given(LIBRARIES, SHARED)
def test_each_kind_of_condition_means_the_same_here_and_in_sql(
    library: Sequence[AssetRow], expression: Expression
) -> None:
    """Each by itself, so that none hides behind another."""
    expected = found_by_sql(AssetQuerySpec().narrowed(expression), library)
    assert expected == {row.id for row in library if matches(expression, received(row), NOW)}


@given(ANY, ANY, ASSETS)
def test_the_logic_is_plain(one: Expression, other: Expression, drawn: Asset) -> None:
    """`&`, `|` and `~` are Python's and, or and not, of whatever the parts say."""
    first, second = matches(one, drawn, NOW), matches(other, drawn, NOW)
    actual = [matches(joined, drawn, NOW) for joined in (one & other, one | other, ~one, ~(one | other))]
    assert [first and second, first or second, not first, not (first or second)] == actual


FULL = asset(
    name="Ünïcode_Portrait.png",
    size=5,
    tags=["output", "a,b", "Kept Case"],
    created_at="2025-12-25T00:00:00Z",
    mime_type="image/png",
    prompt_id=JOB,
    asset_hash="blake3:1",
    last_access_time="2025-12-31T23:59:59.999999999Z",
    user_metadata={
        "n": 1,
        "list": [1, "x", None],
        "object": {"a": 1, "b": 2},
        "none": None,
        "empty": [],
        "nulls": [None],
        "flag": True,
    },
    metadata={"n": 2, "found": 3, "none": 4},
)
EMPTY = asset(size=..., tags=..., name="")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (tag("output"), True),
        (tag(" OutPut\t"), True),
        (tag("a,b"), True),
        (tag("kept case"), True),
        (tag("a"), False),
        (name.contains("_PORTRAIT"), True),
        (name.contains("ünï"), False),
        (name.contains("ÜNï"), True),
        (name.contains("Ünï"), True),
        (name.contains("%"), False),
        (name == "Ünïcode_Portrait.png", True),
        (name == "ünïcode_portrait.png", False),
        (name.startswith("Ünï"), True),
        (name.startswith("ünï"), False),
        (name.matches(r"portrait\.png$"), False),
        (name.matches(r"(?i)portrait\.png$"), True),
        (name.matches("code"), True),
        (name.in_(["a", "Ünïcode_Portrait.png"]), True),
        (size > 4, True),
        (size <= 5, True),
        (size >= "0.005 kB", True),
        (size < 5, False),
        (size != 5, False),
        (created_at == dt.datetime(2025, 12, 25, tzinfo=dt.UTC), True),
        (created_at < dt.datetime(2025, 12, 25, 1, tzinfo=dt.timezone(dt.timedelta(hours=2))), False),
        (created_at >= 7 * DAY, True),
        (created_at > 7 * DAY, False),
        (created_at < 6 * DAY, True),
        (created_at > dt.timedelta.max, True),
        (last_access_time > dt.timedelta(0), False),
        (last_access_time == dt.datetime(2025, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC), True),
        (mime_type == "image/png", True),
        (mime_type == "IMAGE/PNG", False),
        (mime_type.startswith("image/"), True),
        (mime_type.in_(["image/png", "x"]), True),
        (prompt_id == JOB.upper(), True),
        (prompt_id != JOB, False),
        (prompt_id.in_([JOB]), True),
        (asset_hash == "blake3:1", True),
        (metadata["n"] == 1.0, True),
        (metadata["n"] == 2, False),
        (metadata["found"] == 3, True),
        (metadata["none"].is_missing(), True),
        (metadata["none"] == 4, False),
        (metadata["flag"] == 1, False),
        (metadata["list"] == "x", True),
        (metadata["list"] != "x", False),
        (metadata["list"] != "y", True),
        (metadata["list"] > 0.5, True),
        (metadata["list"] > 1, False),
        (metadata["flag"] >= 0, False),
        (metadata["empty"].is_missing(), True),
        (metadata["nulls"].is_missing(), True),
        (metadata["absent"].is_missing(), True),
        (metadata["object"] == {"a": 1, "b": 2}, True),
        (metadata["object"] == {"b": 2, "a": 1}, False),
        (metadata["object"].is_missing(), False),
        (metadata["n"].in_([None, 7]), False),
        (metadata["empty"].in_([None, 7]), True),
    ],
)
def test_conditions_hold_as_documented(expression: Expression, *, expected: bool) -> None:
    """A row a rule."""
    assert expected == matches(expression, FULL, NOW)


@pytest.mark.parametrize(
    "comparison",
    [
        tag("x"),
        size > 0,
        size <= 5,
        size != 5,
        last_access_time < dt.timedelta(0),
        last_access_time != NOW,
        mime_type == "x",
        mime_type != "x",
        mime_type.startswith("x"),
        mime_type.in_(["x", "y"]),
        prompt_id != JOB,
        prompt_id.in_([JOB, "22222222-2222-4222-8222-222222222222"]),
        asset_hash != "x",
        metadata["k"] == 1,
        metadata["k"] != 1,
        metadata["k"] < 1,
    ],
)
def test_a_comparison_with_a_missing_value_is_false_and_its_opposite_true(comparison: Expression) -> None:
    """`~` is everything else; `!=` is a comparison, and no `~`."""
    assert (False, True) == (matches(comparison, EMPTY, NOW), matches(~comparison, EMPTY, NOW))


@pytest.mark.parametrize("field", [size, last_access_time, mime_type, prompt_id, asset_hash, metadata["k"]])
def test_what_is_absent_is_missing(field: Any) -> None:
    """As is what is null."""
    nulls = asset(prompt_id=None, user_metadata={"k": None}, size=None)
    assert [True, True] == [matches(field.is_missing(), one, NOW) for one in (EMPTY, nulls)]


def test_now_is_what_the_caller_says() -> None:
    """The filter keeps the duration; the same filter matches less as time goes by."""
    recent, drawn = created_at > 2 * DAY, asset(created_at="2026-01-01T00:00:00")
    assert [True, True, False] == [matches(recent, drawn, NOW + days * DAY) for days in (0, 1, 2)]


def test_only_what_a_filter_names_is_read() -> None:
    """So unread properties cost nothing: this asset has but two."""

    class Bare:
        name = "portrait.png"
        size = 6

    assert compiled((size > 5) & name.contains("PORT"), NOW)(Bare())  # type: ignore[arg-type] # the point


def test_a_specification_tests_all_its_filters() -> None:
    """Filters given one after the other are joined with `&`; none at all is no test."""
    spec = AssetQuerySpec().filtered(size > 3).filtered(tag("output"), size < 5)
    assert replace(spec, filter=()).predicate(NOW) is None
    test = spec.predicate(NOW)
    assert test is not None
    assert [False, True] == [test(received_size) for received_size in (FULL, FULL.replace(size=4))]


def test_numbers_beyond_floats_compare_as_the_server_compares() -> None:
    """All that a float cannot hold is infinite, and so equal."""
    stored = Asset.from_dict({**FULL.to_dict(), "user_metadata": json.loads('{"k": 1' + "0" * 400 + "}")})
    assert matches(metadata["k"] == 10**401, stored, NOW)
    assert not matches(metadata["k"] == -(10**401), stored, NOW)
