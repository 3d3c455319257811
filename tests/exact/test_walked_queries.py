"""What is moved to be filtered here, what that costs, and the other ways to ask; blocking and awaiting alike."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from comfy_cloud import ResultError, created_at, name, size, tag
from comfy_cloud.sandbox import Sandbox
from tests.exact.ways import WAYS, outcome, seen

NEWEST = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
SIZE = 100
ASKED = "sort=created_at&order=desc&include_public=true&limit=500&offset=0"


@pytest.fixture(scope="module")
def library() -> Iterator[Sandbox]:
    """100 assets, one an hour, each a byte smaller than the one before it."""
    sandbox = Sandbox.seeded(0)
    for number in range(SIZE):
        sandbox.add(name=f"asset {number}", size=SIZE - number, created_at=NEWEST - dt.timedelta(hours=number))
    yield sandbox
    sandbox.close()


@pytest.fixture
def box(library: Sandbox) -> Sandbox:
    """The same, with no requests yet."""
    library.requests.clear()
    return library


def names(box: Sandbox, way: str, narrow: Any) -> list[str]:
    """The names that a query lists."""

    def ask(comfy: Any) -> Any:
        query = narrow(comfy.assets)

        async def awaiting() -> list[str]:
            return [asset.name async for asset in query]

        return awaiting() if way == "awaiting" else [asset.name for asset in query]

    found: list[str] = outcome(box, way, ask)
    return found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("prefetch", [1, 2])
def test_a_listing_by_time_ends_once_nothing_further_can_match(box: Sandbox, way: str, prefetch: int) -> None:
    """The last 12 hours of 100 take two pages of ten, not eleven; ahead, one more is under way."""
    recent = created_at > NEWEST - dt.timedelta(hours=12)
    found = names(box, way, lambda assets: assets.filter(recent).page_size(10).prefetch(prefetch))
    assert found == [f"asset {number}" for number in range(12)]
    assert len(box.requests) <= 1 + prefetch


@pytest.mark.parametrize("way", WAYS)
def test_a_listing_by_size_does_so_too_and_one_by_name_does_not(box: Sandbox, way: str) -> None:
    """How a server sorts names is not known."""
    large = size > SIZE - 5
    assert len(names(box, way, lambda assets: assets.filter(large).order_by(size.desc()).page_size(10))) == 5
    by_size = len(box.requests)
    assert len(names(box, way, lambda assets: assets.filter(large).order_by(name).page_size(10))) == 5
    assert (by_size, len(box.requests) - by_size) == (1, 11)


@pytest.mark.parametrize("way", WAYS)
def test_a_count_with_a_filter_walks_and_one_without_asks_once(box: Sandbox, way: str) -> None:
    """For one asset; a limit bounds both."""
    assert outcome(box, way, lambda comfy: comfy.assets.count()) == SIZE
    assert [one.asked_for("limit") for one in box.requests] == ["1"]
    odd = (size == 1) | (size == 3) | (size == 5) | (size > 90)
    assert outcome(box, way, lambda comfy: comfy.assets.filter(odd).page_size(10).count()) == 13
    assert len(box.requests) == 12
    assert outcome(box, way, lambda comfy: comfy.assets.filter(odd).limit(2).count()) == 2
    assert outcome(box, way, lambda comfy: comfy.assets.limit(7).count()) == 7


@pytest.mark.parametrize("way", WAYS)
def test_first_exists_and_one_ask_for_no_more_than_they_need(box: Sandbox, way: str) -> None:
    """One request each, where nothing is filtered here."""
    first = outcome(box, way, lambda comfy: comfy.assets.first())
    assert first.name == "asset 0"
    assert outcome(box, way, lambda comfy: comfy.assets.exists()) is True
    assert outcome(box, way, lambda comfy: comfy.assets.where(tag("none such")).exists()) is False
    assert outcome(box, way, lambda comfy: comfy.assets.where(tag("none such")).first()) is None
    only = outcome(box, way, lambda comfy: comfy.assets.where(name.contains("asset 42")).one())
    assert only.size == SIZE - 42
    assert [one.asked_for("limit") for one in box.requests] == ["1", "1", "1", "1", "2"]


@pytest.mark.parametrize("way", WAYS)
def test_one_of_none_or_of_several_is_an_error_that_says_which(box: Sandbox, way: str) -> None:
    """And what to do."""
    none = outcome(box, way, lambda comfy: comfy.assets.where(tag("none such")).one())
    several = outcome(box, way, lambda comfy: comfy.assets.one())
    assert [type(none), type(several)] == [ResultError, ResultError]
    assert "there are none; widen the query" in str(none)
    assert "there are several; narrow the query" in str(several)


@pytest.mark.parametrize("way", WAYS)
def test_a_first_that_is_filtered_here_walks_until_there_is_one(box: Sandbox, way: str) -> None:
    """And not on."""
    found = outcome(box, way, lambda comfy: comfy.assets.filter(size == 75).page_size(10).first())
    assert found.name == "asset 25"
    assert len(box.requests) == 3


@pytest.mark.parametrize("way", WAYS)
def test_a_list_of_ids_and_an_iteration_agree(box: Sandbox, way: str) -> None:
    """In order."""
    whole = box.matching(sort="created_at", order="desc")

    def ids(comfy: Any) -> Any:
        found = comfy.assets.ids()

        async def awaiting() -> list[str]:
            return [str(ident) async for ident in found]

        return awaiting() if inspect.isasyncgen(found) else [str(ident) for ident in found]

    assert outcome(box, way, ids) == whole
    assert [str(asset.id) for asset in outcome(box, way, lambda comfy: comfy.assets.to_list())] == whole
    assert seen(box, way, lambda assets: assets) == (whole, None)


@pytest.mark.parametrize("way", WAYS)
def test_as_many_requests_are_made_as_explain_foretells(box: Sandbox, way: str) -> None:
    """While the library stands still; whatever is filtered, limited or ordered."""
    recent = created_at > NEWEST - dt.timedelta(hours=12)
    for narrow in (
        lambda assets: assets.page_size(7),
        lambda assets: assets.page_size(1),
        lambda assets: assets.page_size(500),
        lambda assets: assets.page_size(10).limit(35),
        lambda assets: assets.page_size(10).filter(size > 50),
        lambda assets: assets.page_size(10).filter(recent),
        lambda assets: assets.limit(0),
        lambda assets: assets.page_size(10).order_by(size),
    ):
        explained = outcome(box, way, lambda comfy, narrow=narrow: narrow(comfy.assets).explain(SIZE))
        box.requests.clear()
        names(box, way, narrow)
        least, most = explained.requests
        assert least <= len(box.requests) <= most, explained


def test_what_explain_says_fits_on_a_screen(box: Sandbox) -> None:
    """What is asked, what is done here, and what it costs."""
    text = outcome(
        box, "blocking", lambda comfy: str(comfy.assets.where(tag("output")).filter(size > 5).limit(3).explain(1000))
    )
    assert text.splitlines() == [
        f"request:  GET /api/assets?include_tags=output&{ASKED}",
        "server:   tag('output')",
        "order:    created_at.desc(), then by id",
        "here:     size > 5",
        "verified: yes",
        "requests: 1 to 3",
        "exact:    yes",
        "What the server lists is moved here to be filtered, by count() as well.",
        "Tags are not verified on assets that come without tags.",
    ]


@pytest.mark.parametrize("way", WAYS)
def test_tags_are_listed_most_used_first_over_several_pages(way: str) -> None:
    """They are walked by name, in which nothing moves, and sorted here."""
    sandbox = Sandbox.seeded(0)
    for number in range(1300):
        sandbox.add(name="a", tags=[f"tag {number:04}", f"kind {number % 3}"])

    def ask(comfy: Any) -> Any:
        return comfy.tags.list(order="count_desc").to_list()

    found = [(entry.name, entry.count) for entry in outcome(sandbox, way, ask)]
    expected = [("kind 0", 434), ("kind 1", 433), ("kind 2", 433), *((f"tag {number:04}", 1) for number in range(1300))]
    assert found == expected
    assert {one.asked_for("order") for one in sandbox.requests} == {"name_asc"}
    assert len(sandbox.requests) > 1
    top = outcome(sandbox, way, lambda comfy: comfy.tags.list(order="count_desc", limit=2).to_list())
    assert [entry.name for entry in top] == ["kind 0", "kind 1"]
    sandbox.close()
