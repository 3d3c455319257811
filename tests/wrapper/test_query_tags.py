"""What a listing of tags asks of the server, and how it is sorted here."""

from __future__ import annotations

from typing import Any

import pytest

from comfy_cloud import FilterError
from comfy_cloud._tag_query import checked_tag_list
from comfy_cloud_api.api.asset import list_tags
from comfy_cloud_api.models import TagInfo


def test_tags_are_asked_for_by_name_whatever_the_order() -> None:
    """Names stay where they are while pages are read; and `include_zero` is always there."""
    specs = [
        checked_tag_list(),
        checked_tag_list(prefix="mod", order="count_desc", include_zero=True, include_public=False, limit=5),
    ]
    assert [
        "/api/tags?order=name_asc&include_zero=false&include_public=true",
        "/api/tags?order=name_asc&include_zero=true&include_public=false&prefix=mod",
    ] == [list_tags.OPERATION.request(spec.parameters()).target for spec in specs]


def test_tags_are_sorted_here_by_how_often_they_are_used() -> None:
    """Then by name; and the limit counts after sorting, so that the walk takes all."""
    tags = [TagInfo(name=text, count=count) for text, count in (("a", 1), ("c", 3), ("b", 3), ("d", 2))]
    by_count, by_name = checked_tag_list(order="count_desc", limit=3), checked_tag_list(limit=3)
    assert (["b", "c", "d"], None) == ([one.name for one in by_count.arranged(tags)], by_count.walk_limit)
    assert (["a", "c", "b"], 3) == ([one.name for one in by_name.arranged(tags)], by_name.walk_limit)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"prefix": " "}, "prefix is ' ', and the API refuses a blank one; leave it away for all tags"),
        ({"prefix": 5}, "prefix takes a text, not 5"),
        ({"prefix": "\ud800"}, "prefix takes Unicode text"),
        ({"order": "size"}, "order is 'size', but tags are sorted by 'count_desc' or 'name_asc'"),
        ({"limit": -1}, "limit takes a whole number of at least 0, not -1"),
        ({"include_zero": "no"}, "include_zero takes True or False, not 'no'"),
        ({"include_public": 0}, "include_public takes True or False, not 0"),
    ],
)
def test_bad_tag_listings_are_refused_at_the_call(given: dict[str, Any], words: str) -> None:
    """With the parameter's name and the value."""
    with pytest.raises(FilterError, match=words):
        checked_tag_list(**given)
