"""Servers whose pages do not add up, through the public API: every walk ends, says why, and keeps what it has."""

from __future__ import annotations

from contextlib import closing

import pytest

from comfy_cloud import PaginationError
from comfy_cloud.sandbox import Sandbox
from tests.exact.ways import WAYS, seen

WHY = "The server's pages do not add up to a listing: "
SIZE = 30
LIES = {
    "has_more=true": SIZE,
    "has_more": SIZE,
    "has_more=true; total=0": SIZE,
    "empty_page; has_more=true; total=0": 0,
    "empty_page@2-; has_more=true": 5,
    "empty_page; has_more=true": 0,
    "empty_page": 0,
    "total=99": SIZE,
    "total=1000000; has_more=true": SIZE,
}
"""Faults, and how many assets come before the error that they end in."""
WHITE_LIES = ("total=0", "has_more=false", "total=3", "total(by=-1)", "repeat_page@3", "empty_page@3")
"""Faults that a walk sees through: it is whole."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("prefetch", [1, 8])
@pytest.mark.parametrize("lies", LIES)
def test_a_walk_over_lies_ends_and_says_why(lies: str, prefetch: int, way: str) -> None:
    """After a few requests; what came is in order and once, and the error holds a token."""
    with closing(Sandbox.seeded(SIZE, faults=lies)) as box:
        ids, error = seen(box, way, lambda assets: assets.page_size(5).prefetch(prefetch))
        whole = box.matching(sort="created_at", order="desc")
        assert ids == whole[: LIES[lies]]
        assert isinstance(error, PaginationError)
        assert str(error).startswith(WHY)
        assert error.token
        assert len(box.requests) < 80
        box.faults.clear()
        token = error.token
        rest, error = seen(box, way, lambda assets: assets.page_size(5).resume(token))
        assert (ids + rest, error) == (whole, None)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("prefetch", [1, 8])
@pytest.mark.parametrize("lies", WHITE_LIES)
def test_a_walk_sees_through_hints_that_are_wrong(lies: str, prefetch: int, way: str) -> None:
    """`total` and `has_more` prove nothing, and one wrong page is asked for again."""
    with closing(Sandbox.seeded(SIZE, faults=lies)) as box:
        ids, error = seen(box, way, lambda assets: assets.page_size(5).prefetch(prefetch))
        assert (ids, error) == (box.matching(sort="created_at", order="desc"), None)
        assert len(box.requests) < 40


@pytest.mark.parametrize("way", WAYS)
def test_the_answer_before_this_one_for_ever_is_left(way: str) -> None:
    """Pages that always come one too late."""
    with closing(Sandbox.seeded(SIZE, faults="repeat_page")) as box:
        ids, error = seen(box, way, lambda assets: assets.page_size(5))
        whole = box.matching(sort="created_at", order="desc")
        assert ids == whole[: len(ids)]
        assert ids == whole or isinstance(error, PaginationError)
        assert len(ids) >= 5
        assert len(box.requests) < 80


@pytest.mark.parametrize("way", WAYS)
def test_a_cursor_that_comes_again_ends_a_walk(way: str) -> None:
    """After what it brought the first time."""
    with closing(Sandbox.seeded(SIZE, dialect="comfyui", faults="repeat_cursor")) as box:
        ids, error = seen(box, way, lambda assets: assets.page_size(5))
        assert ids == box.matching(sort="created_at", order="desc")[: len(ids)]
        assert len(ids) >= 5
        assert isinstance(error, PaginationError)
        assert "cursor" in str(error)
        assert len(box.requests) < 10


@pytest.mark.parametrize("way", WAYS)
def test_a_cursor_that_is_refused_is_gone_on_from_by_offset(way: str) -> None:
    """As on a server that stopped understanding its own."""
    with closing(Sandbox.seeded(SIZE, dialect="comfyui")) as box:
        box.faults.add("400@3")
        ids, error = seen(box, way, lambda assets: assets.page_size(5))
        assert (ids, error) == (box.matching(sort="created_at", order="desc"), None)
        assert [bool(one.asked_for("after")) for one in box.requests][:4] == [False, True, True, False]
