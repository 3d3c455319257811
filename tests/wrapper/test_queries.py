"""What a query asks of the server, and what it refuses to ask."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from comfy_cloud import AssetQuery, ComfyCloud, FilterError, created_at, name, size, tag
from comfy_cloud.filters import Order


@pytest.fixture
def assets() -> AssetQuery:
    """A query that is never sent."""
    return ComfyCloud(api_key=None, base_url="http://127.0.0.1:9").assets


def test_a_query_becomes_the_spec_s_parameters(assets: AssetQuery) -> None:
    """Tags that are required, tags that are excluded, a text in the name, the order, and public assets."""
    query = assets.where(tag("b"), ~tag("c"), name.contains("x")).where(tag("a")).order_by(size.desc())
    assert query._spec.parameters() == {
        "include_tags": ["a", "b"],
        "exclude_tags": ["c"],
        "name_contains": "x",
        "sort": "size",
        "order": "desc",
        "include_public": True,
    }


def test_what_a_query_asks_does_not_depend_on_how_it_was_written(assets: AssetQuery) -> None:
    """Equal queries ask equal things."""
    first = assets.where(tag("a"), tag("b"), tag("a"))
    second = assets.where(tag("b")).where(tag("a"))
    assert first._spec.parameters() == second._spec.parameters()


def test_the_newest_come_first_unless_told_otherwise(assets: AssetQuery) -> None:
    """The spec's default, said aloud, so that another server's default changes nothing."""
    assert assets._spec.parameters() == {"sort": "created_at", "order": "desc", "include_public": True}


def test_a_query_is_never_changed(assets: AssetQuery) -> None:
    """Each method returns a new one."""
    before = assets._spec
    assets.where(tag("a"))
    assets.order_by(name)
    assets.limit(1)
    assets.page_size(1)
    assets.include_public(False)
    assert assets._spec is before


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ((tag("a,b"),), "contains a comma"),
        ((tag("  "),), "names no tag"),
        ((tag("a"), ~tag("a")), "both required and excluded"),
        ((name.contains("a"), name.contains("b")), "one text only"),
        ((name.contains(""),), "not empty"),
        ((name.contains("\0"),), "no NUL"),
        (("a",), "takes filters such as tag"),
        ((tag(3),), "names no tag"),  # type: ignore[arg-type] # the point
    ],
)
def test_what_the_api_cannot_express_is_refused_at_once(assets: AssetQuery, filters: Any, words: str) -> None:
    """Where it is written, not where it is iterated; a server would silently answer something else."""
    with pytest.raises(FilterError, match=words):
        assets.where(*filters)


def test_a_contradiction_is_found_across_calls(assets: AssetQuery) -> None:
    """However the query was put together."""
    with pytest.raises(FilterError, match="both required and excluded"):
        assets.where(tag("a")).where(~tag("a"))


@pytest.mark.parametrize(
    ("method", "value", "words"),
    [
        ("limit", -1, "limit takes a whole number of at least 0, not -1"),
        ("limit", 1.5, "not 1.5"),
        ("limit", True, "not True"),
        ("page_size", 0, "page_size takes a whole number from 1 to 500, not 0"),
        ("page_size", 501, "not 501"),
        ("order_by", "created_at", "order_by.. takes a field"),
    ],
)
def test_bad_arguments_are_refused_with_name_bound_and_value(
    assets: AssetQuery, method: str, value: object, words: str
) -> None:
    """In the caller's line."""
    with pytest.raises(FilterError, match=words):
        getattr(assets, method)(value)


def test_filters_print_as_the_code_that_makes_them() -> None:
    """And are equal, hashable and picklable values."""
    for text in ("tag('x')", "~tag('x')", "name.contains('s')", "created_at.desc()", "size.asc()", "name"):
        value = eval(text)
        assert repr(value) == text
        assert value == eval(text)
        assert hash(value) == hash(eval(text))
        assert pickle.loads(pickle.dumps(value)) == value


def test_a_filter_is_neither_true_nor_false() -> None:
    """`and` would silently drop one of its sides."""
    for expression in (tag("a"), name.contains("b")):
        with pytest.raises(TypeError, match=r"pass several filters to where\(\)"):
            bool(expression)


def test_not_not_is_the_same() -> None:
    """~~tag(x) == tag(x)."""
    assert ~~tag("a") == tag("a")


def test_a_bare_field_sorts_upwards(assets: AssetQuery) -> None:
    """As sorted() does."""
    assert assets.order_by(created_at)._spec.order == Order("created_at", descending=False)


def test_bad_tag_listings_are_refused_at_the_call() -> None:
    """With the parameter's name and the value."""
    tags = ComfyCloud(api_key=None, base_url="http://127.0.0.1:9").tags
    bad: list[tuple[dict[str, Any], str]] = [
        ({"prefix": " "}, "prefix is ' '"),
        ({"order": "size"}, "order is 'size', but tags are sorted by 'count_desc' or 'name_asc'"),
        ({"limit": -1}, "limit takes"),
    ]
    for arguments, words in bad:
        with pytest.raises(FilterError, match=words):
            tags.list(**arguments)
