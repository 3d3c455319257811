"""Listing the sandbox's library over real HTTP, sync and async."""

from __future__ import annotations

import asyncio
import gc
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from comfy_cloud import AssetQuery, AsyncAssetQuery, AsyncComfyCloud, ComfyCloud, created_at, name, size, tag
from comfy_cloud.sandbox import Sandbox
from comfy_cloud.tags import AsyncTagListing, AsyncTags, TagListing, Tags
from comfy_cloud_api.models import ListAssetsResponse
from comfy_cloud_api.types import RawResponse

Narrow = Callable[[Any], Any]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A library of 1,200 assets: more than two pages of 500."""
    with Sandbox.seeded(1200) as sandbox:
        yield sandbox


@pytest.fixture
def comfy(box: Sandbox) -> Iterator[ComfyCloud]:
    """A client of it."""
    with ComfyCloud(base_url=box.url, api_key=box.key) as client:
        yield client


def listed(box: Sandbox, narrow: Narrow) -> tuple[list[str], int]:
    """The ids and the count of a query, after checking that sync and async agree on both."""

    async def awaiting() -> tuple[list[str], int]:
        async with AsyncComfyCloud(base_url=box.url, api_key=box.key) as client:
            query = narrow(client.assets)
            return [str(asset.id) async for asset in query], await query.count()

    with ComfyCloud(base_url=box.url, api_key=box.key) as client:
        query = narrow(client.assets)
        blocking = [str(asset.id) for asset in query], query.count()
    assert asyncio.run(awaiting()) == blocking
    return blocking


TAGGED = "number IN (SELECT asset FROM asset_tags WHERE tag = '{}')"


@pytest.mark.parametrize(
    ("narrow", "condition", "order"),
    [
        (lambda q: q, "1", "created_at DESC, id DESC"),
        (lambda q: q.where(tag("output")), TAGGED.format("output"), "created_at DESC, id DESC"),
        (lambda q: q.where(tag(" OUTPUT ")), TAGGED.format("output"), "created_at DESC, id DESC"),
        (
            lambda q: q.where(tag("output"), ~tag("final"), ~tag("draft")),
            f"{TAGGED.format('output')} AND NOT {TAGGED.format('final')} AND NOT {TAGGED.format('draft')}",
            "created_at DESC, id DESC",
        ),
        (
            lambda q: q.where(name.contains("PORTRAIT")).order_by(size),
            "instr(lower(name), 'portrait')",
            "size ASC, id ASC",
        ),
        (lambda q: q.where(name.contains("%")), "instr(name, '%')", "created_at DESC, id DESC"),
        (lambda q: q.include_public(False).order_by(created_at), "owner = 'account'", "created_at ASC, id ASC"),
        (lambda q: q.where(tag("output")).page_size(7), TAGGED.format("output"), "created_at DESC, id DESC"),
        (lambda q: q.where(tag("no such tag")), "0", "id"),
    ],
)
def test_a_listing_is_what_sql_says(box: Sandbox, narrow: Narrow, condition: str, order: str) -> None:
    """Every asset that matches, in order, over as many pages as it takes; and the count is theirs."""
    expected = [str(row[0]) for row in box.sql(f"SELECT id FROM assets WHERE {condition} ORDER BY {order}")]
    assert listed(box, narrow) == (expected, len(expected))


def test_a_limit_bounds_the_listing_and_its_last_request(comfy: ComfyCloud) -> None:
    """`limit` is how many in all; no more are fetched than are wanted."""
    everything = [asset.id for asset in comfy.assets]
    for limit in (0, 1, 499, 500, 501, 5000):
        limited = comfy.assets.limit(limit)
        assert [asset.id for asset in limited] == everything[:limit]
        assert limited.count() == len(everything[:limit])
    pages = list(comfy.assets.limit(750).pages())
    assert [(len(page.items), page.length) for page in pages] == [(500, 500), (250, 251)]


def test_pages_say_how_many_match_and_whether_more_follow(comfy: ComfyCloud) -> None:
    """As the server said."""
    seen = [(len(page.items), page.total, page.has_more) for page in comfy.assets.pages()]
    assert seen == [(500, 1200, True), (499, 1200, True), (201, 1200, False)]


def test_a_query_can_be_iterated_twice(comfy: ComfyCloud) -> None:
    """Each iteration asks anew."""
    query = comfy.assets.where(tag("output")).limit(3)
    assert [asset.id for asset in query] == [asset.id for asset in query] == [asset.id for asset in query.to_list()]


def test_first_is_the_first_or_none(comfy: ComfyCloud) -> None:
    """Nothing matching is no error."""
    first = comfy.assets.order_by(size.desc()).first()
    assert first is not None
    assert first.size == max(asset.size or 0 for asset in comfy.assets)
    assert comfy.assets.where(tag("no such tag")).first() is None


def test_every_tag_is_listed_with_its_count(box: Sandbox, comfy: ComfyCloud) -> None:
    """By name, or most used first; with a prefix; with tags nobody uses."""
    used = box.sql("SELECT tag, count(*) FROM asset_tags GROUP BY tag ORDER BY count(*) DESC, tag")
    assert [(entry.name, entry.count) for entry in comfy.tags.list(order="count_desc")] == used
    assert [entry.name for entry in comfy.tags.list()] == sorted(tag for tag, _ in used)
    assert {entry.name for entry in comfy.tags.list(prefix="lo")} == {tag for tag, _ in used if tag.startswith("lo")}
    assert len(comfy.tags.list(include_zero=True).to_list()) > len(used)
    assert len(comfy.tags.list(limit=3).to_list()) == 3


def test_tags_are_listed_the_same_awaiting(box: Sandbox, comfy: ComfyCloud) -> None:
    """One code, two drivers."""

    async def awaiting() -> list[str]:
        async with AsyncComfyCloud(base_url=box.url, api_key=box.key) as client:
            return [entry.name async for entry in client.tags.list(include_public=False)]

    assert asyncio.run(awaiting()) == [entry.name for entry in comfy.tags.list(include_public=False)]


def test_a_listing_left_early_can_be_left(box: Sandbox) -> None:
    """Breaking out of a loop leaks nothing, sync or async, and the client goes on."""

    async def awaiting() -> int:
        async with AsyncComfyCloud(base_url=box.url, api_key=box.key) as client:
            async for _ in client.assets:
                break
            first = await client.assets.first()
            assert first is not None
            return await client.assets.count()

    with ComfyCloud(base_url=box.url, api_key=box.key) as client:
        for _ in client.assets:
            break
        assert client.assets.count() == asyncio.run(awaiting()) == 1200


def public_methods(kind: type) -> dict[str, str]:
    """The public methods of a class with their parameters, self aside."""
    return {
        name: str(inspect.signature(member).replace(return_annotation=inspect.Signature.empty))
        for name, member in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


@pytest.mark.parametrize(
    ("blocking", "awaiting"),
    [(AssetQuery, AsyncAssetQuery), (Tags, AsyncTags), (TagListing, AsyncTagListing)],
)
def test_sync_and_async_have_the_same_methods(blocking: type, awaiting: type) -> None:
    """Names and parameters alike."""
    assert public_methods(blocking) == public_methods(awaiting)


def test_both_clients_are_made_alike() -> None:
    """And have the same resources; only `close` is `aclose`."""
    assert inspect.signature(ComfyCloud) == inspect.signature(AsyncComfyCloud)
    blocking = {name.removeprefix("a") if name == "aclose" else name for name in dir(AsyncComfyCloud) if name[0] != "_"}
    assert blocking == {name for name in dir(ComfyCloud) if name[0] != "_"}


def test_pages_are_freed_without_the_garbage_collector(comfy: ComfyCloud) -> None:
    """Answers of httpx refer to themselves; if pages hung on them, a walk would slow down and grow."""
    gc.collect()
    gc.disable()
    try:
        before = sum(isinstance(thing, ListAssetsResponse | RawResponse) for thing in gc.get_objects())
        shown = sum(1 for _ in comfy.assets.page_size(100))
        after = sum(isinstance(thing, ListAssetsResponse | RawResponse) for thing in gc.get_objects())
    finally:
        gc.enable()
    assert (1200, before) == (shown, after)
