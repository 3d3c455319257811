"""Filters as values: what they print, that they compare, and what they refuse."""

from __future__ import annotations

import copy
import datetime as dt
import math
import pickle
from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given

from comfy_cloud import FilterError, filters
from comfy_cloud._filtering.expressions import And, Or
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
    updated_at,
)
from tests.wrapper.drawn_filters import ANY, JOB, NOW

WORDS: dict[str, Any] = {"datetime": dt, **{word: getattr(filters, word) for word in filters.__all__}}
FIELDS = (name, size, created_at, updated_at, last_access_time, mime_type, asset_hash, prompt_id)


def evaluated(code: str) -> Any:
    """What the code makes, given `import datetime` and the public names."""
    return eval(code, dict(WORDS))


@given(ANY)
def test_filters_print_as_the_code_that_makes_them(expression: Expression) -> None:
    """So what is logged can be pasted."""
    assert expression == evaluated(repr(expression))


@given(ANY)
def test_filters_are_values(expression: Expression) -> None:
    """Equal ones hash alike, and a pickle or a copy is equal."""
    for twin in (pickle.loads(pickle.dumps(expression)), copy.deepcopy(expression), evaluated(repr(expression))):
        assert expression == twin
        assert hash(expression) == hash(twin)


@pytest.mark.parametrize(
    "code",
    [
        "tag('x')",
        "~tag('x')",
        "tag('a') & tag('b') & ~tag('c')",
        "(tag('a') & tag('b')) | tag('c')",
        "~(tag('a') | tag('b'))",
        "(size > 5) & name.contains('s')",
        "~(size > 5)",
        "~size.is_missing()",
        "name == 'x'",
        "name.in_(['x', 'y'])",
        "name.matches('^a')",
        "mime_type.startswith('image/')",
        "metadata['k'] == 42",
        "metadata['k'] == {'b': [1, None], 'a': 1.0}",
        "metadata['k'] != 'x'",
        "metadata['k'] >= 0.5",
        "metadata['a == b'].in_([1, True, None])",
        "metadata['k'].is_missing() | (metadata['k'] == False)",
        "created_at > datetime.timedelta(days=7)",
        "updated_at <= datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)",
        "created_at.desc()",
        "size.asc()",
        "name",
        "metadata",
        "metadata['k']",
    ],
)
def test_this_code_prints_as_itself(code: str) -> None:
    """Not only as code that means the same."""
    assert code == repr(evaluated(code))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (metadata["k"] == 1, metadata["k"] == True),  # noqa: E712 - the point
        (metadata["k"] == 1, metadata["k"] == "1"),
        (metadata["k"] == {"a": 1, "b": 2}, metadata["k"] == {"b": 2, "a": 1}),
        (tag("a"), ~tag("a")),
        (tag("a"), tag("A")),
        (tag("a") & tag("b"), tag("a") | tag("b")),
        (size > 5, size >= 5),
        (name == "a", mime_type == "a"),
    ],
)
def test_filters_that_mean_different_things_are_different(one: Expression, other: Expression) -> None:
    """Python's own 1 == True notwithstanding."""
    assert (one == other, one != other) == (False, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (~~tag("a"), tag("a")),
        ((tag("a") & tag("b")) & tag("c"), tag("a") & (tag("b") & tag("c"))),
        ((tag("a") | tag("b")) | tag("c"), tag("a") | (tag("b") | tag("c"))),
        (5 < size, size > 5),
        (size > "5 MB", size > 5_000_000),
        (size > "5mib", size > 5 * 1024**2),
        (size >= "1.5kB", size >= 1500),
        (size == None, size.is_missing()),  # noqa: E711 - the point
        (size != None, ~size.is_missing()),  # noqa: E711 - the point
        (metadata["k"] == None, metadata["k"].is_missing()),  # noqa: E711 - the point
        (metadata["k"] != None, ~metadata["k"].is_missing()),  # noqa: E711 - the point
        (metadata["k"].in_([5, 5]), metadata["k"] == 5),
        (name.in_(("a",)), name == "a"),
        (prompt_id == UUID(JOB), prompt_id == JOB.replace("-", "").upper()),
        (prompt_id.in_({JOB}), prompt_id == UUID(JOB)),
        (created_at > NOW, created_at > NOW.astimezone(dt.timezone(dt.timedelta(hours=9)))),
    ],
)
def test_two_spellings_of_a_filter_are_equal(one: Expression, other: Expression) -> None:
    """What means the same and can be told to, is the same."""
    assert (one, hash(one), repr(one)) == (other, hash(other), repr(other))


def test_a_filter_keeps_no_hold_on_what_it_was_made_from() -> None:
    """A dict that changes later changes no filter."""
    wanted = {"a": 1}
    expression = metadata["k"] == wanted
    wanted["a"] = 2
    assert expression == (metadata["k"] == {"a": 1})


@given(ANY)
def test_a_filter_is_neither_true_nor_false(expression: Expression) -> None:
    """`and` would silently drop one of its sides."""
    with pytest.raises(TypeError, match=r"join filters with `&` and `\|` instead of `and` and `or`"):
        bool(expression)


def test_a_chained_comparison_is_refused() -> None:
    """Python reads `1 < size < 5` as two joined with `and`."""
    with pytest.raises(TypeError, match="split `a < x < b` in two"):
        1 < size < 5  # noqa: B015 - the point


def test_fields_are_the_same_after_pickling_and_copying() -> None:
    """There is one of each."""
    for field in (*FIELDS, metadata):
        assert pickle.loads(pickle.dumps(field)) is field
        assert copy.deepcopy(field) is field


def test_many_alternatives_stay_flat() -> None:
    """However many are joined, so that thousands are no deeper than two."""
    tags = [tag(str(number)) for number in range(2000)]
    assert Or(tuple(tags)) == reduce(or_, tags)
    assert And(tuple(tags)) == reduce(and_, tags)
    assert evaluated(repr(reduce(or_, tags))) == reduce(or_, tags)


LONELY = "\ud800"
REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: tag(""), r"tag takes a text of at least one character, not ''"),
    (lambda: tag("  \n"), r"tag takes a tag of at least one character that is no blank, not '  \\n'"),
    (lambda: tag(3), "tag takes a text, not 3"),  # type: ignore[arg-type] # the point
    (lambda: tag(LONELY), r"tag takes Unicode text, not '\\ud800', which holds half of a surrogate pair"),
    (lambda: name.contains(""), "name.contains takes a text of at least one character"),
    (lambda: name.contains("a\0"), r"name.contains takes a text without NUL"),
    (lambda: name.contains(LONELY), "name.contains takes Unicode text"),
    (lambda: name.startswith(""), "name.startswith takes a text of at least one character"),
    (lambda: name.matches("("), r"name.matches takes a regular expression, not '\('"),
    (lambda: name == 5, "name takes a text, not 5"),
    (lambda: name == None, "name takes a text, not None"),  # noqa: E711 - the point
    (lambda: name == name, "name compares with a value, and not with another field, name"),  # noqa: PLR0124
    (lambda: name.in_("ab"), r"name.in_ takes a list of values, not 'ab'"),
    (lambda: name.in_([]), r"name.in_ takes at least one value"),
    (lambda: name.in_([1]), r"name.in_ takes a text, not 1"),  # type: ignore[list-item] # the point
    (lambda: size > -1, "size takes a whole number of bytes of at least 0, .* not -1"),
    (lambda: size > 1.5, "not 1.5"),  # type: ignore[operator] # the point
    (lambda: size > True, "not True"),
    (lambda: size > "5", "not '5'"),
    (lambda: size > "5 ib", "not '5 ib'"),
    (lambda: size > "0.5 B", "not '0.5 B'"),
    (lambda: size > "-5 MB", "not '-5 MB'"),
    (lambda: size > None, "not None"),  # type: ignore[operator] # the point
    (lambda: created_at > dt.datetime(2026, 1, 1), "created_at takes a datetime with a time zone, .* not "),  # noqa: DTZ001
    (lambda: created_at > dt.date(2026, 1, 1), "created_at takes a datetime"),  # type: ignore[operator] # the point
    (lambda: created_at > "2026-01-01", "not '2026-01-01'"),  # type: ignore[operator] # the point
    (lambda: created_at > dt.timedelta(-1), "a timedelta of at least 0"),
    (lambda: created_at == dt.timedelta(1), "created_at == takes a datetime; .* goes with < <= > >= only"),
    (
        lambda: created_at > dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-1))),
        "of the years 1 to 9999 in UTC",
    ),
    (lambda: prompt_id == "abc", "prompt_id takes a UUID or its text, not 'abc'"),
    (lambda: prompt_id == 5, "prompt_id takes a UUID or its text, not 5"),
    (lambda: prompt_id.in_([]), "prompt_id.in_ takes at least one value"),
    (lambda: mime_type == 5, "mime_type takes a text, not 5"),
    (lambda: metadata[5], r"metadata\[...\] takes a text, not 5"),  # type: ignore[index] # the point
    (lambda: metadata[LONELY], "takes Unicode text"),
    (lambda: metadata["k"] == -math.nan, r"metadata\['k'\] takes a value that JSON can hold, not nan"),
    (lambda: metadata["k"] == {"a": math.inf}, "a value that JSON can hold"),
    (lambda: metadata["k"] == {1: 2}, "a value that JSON can hold"),
    (lambda: metadata["k"] == {"a": {1, 2}}, "a value that JSON can hold"),
    (lambda: metadata["k"] == 10**5000, "a value that JSON can hold, not a number too long to show"),
    (lambda: metadata["k"] == {"a": LONELY}, "takes Unicode text"),
    (lambda: metadata["k"] == [1], r"use .in_\(\[...\]\) for any of several"),
    (lambda: metadata["k"].in_([[1]]), r"metadata\['k'\].in_ compares with one value, not a list"),
    (lambda: metadata["k"].in_([]), r"metadata\['k'\].in_ takes at least one value"),
    (lambda: metadata["k"].in_("ab"), "takes a list of values"),
    (lambda: metadata["k"] > "a", "takes a finite number, not 'a'; only numbers have an order here"),  # type: ignore[operator] # the point
    (lambda: metadata["k"] > math.inf, "takes a finite number, not inf"),
    (lambda: metadata["k"] > True, "takes a finite number, not True"),
    (lambda: tag("a") & "b", "'b' cannot be joined with the filter tag"),  # type: ignore[operator] # the point
    (lambda: tag("a") | None, "None cannot be joined"),  # type: ignore[operator] # the point
    (lambda: size > 5 & tag("x"), r"put comparisons in parentheses, as in \(size > 5\) & tag\('x'\)"),
    (lambda: 5 | tag("x"), "5 cannot be joined"),
]


@pytest.mark.parametrize(("make", "words"), REFUSED, ids=[str(number) for number in range(len(REFUSED))])
def test_bad_values_are_refused_where_they_are_written(make: Callable[[], object], words: str) -> None:
    """With the name of the field, the bound, and the value."""
    with pytest.raises(FilterError, match=words):
        make()
