"""What type checkers and editors make of clients, queries and what they hand out. Checked, and never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import assert_type
from uuid import UUID

from comfy_cloud import (
    Asset,
    AssetQuery,
    AsyncAsset,
    AsyncAssetQuery,
    AsyncComfyCloud,
    ComfyCloud,
    DriftReport,
    Page,
    RetryPolicy,
    Stats,
    TagInfo,
    Timeouts,
    created_at,
    size,
    tag,
)
from comfy_cloud.tags import AsyncTagListing, AsyncTags, TagListing, Tags
from comfy_cloud_api import AuthenticatedClient, Client
from comfy_cloud_api.models import AssetUserMetadata
from comfy_cloud_api.types import RawResponse


def clients() -> None:
    """A client is itself in its block, and with other options."""
    with ComfyCloud() as comfy:
        assert_type(comfy, ComfyCloud)
    assert_type(comfy.with_options(timeout_s=5), ComfyCloud)
    assert_type(ComfyCloud(api_key=None, timeout_s=Timeouts(read_s=5), retry=RetryPolicy.none()), ComfyCloud)
    assert_type(comfy.assets, AssetQuery)
    assert_type(comfy.tags, Tags)
    assert_type(comfy.stats, Stats)
    assert_type(comfy.drift_report(), DriftReport)
    assert_type(comfy.api, AuthenticatedClient | Client)
    assert_type(comfy.request("GET", "/api/assets"), RawResponse)
    with comfy.raw_responses() as answers:
        assert_type(answers, list[RawResponse])


def narrowing(comfy: ComfyCloud) -> None:
    """Every step of a query is a query of the same kind."""
    query = comfy.assets
    assert_type(query.where(tag("output"), tags=["a"], name_contains="b", metadata={"seed": 42}), AssetQuery)
    assert_type(query.filter(size > 5), AssetQuery)
    assert_type(query.order_by(created_at), AssetQuery)
    assert_type(query.order_by(created_at.desc(), unique=True), AssetQuery)
    assert_type(query.limit(5).limit(None).page_size(500).include_public(False), AssetQuery)
    assert_type(query.prefetch(4).resume(None).deadline(60).on_page(print), AssetQuery)


def results(query: AssetQuery) -> None:
    """What a query hands out has a type of its own, and none of it is Any."""
    for asset in query:
        assert_type(asset, Asset)
    for page in query.pages():
        assert_type(page, Page[Asset])
        assert_type(page.items, tuple[Asset, ...])
        assert_type(page.token, str)
        assert_type(page.exact, bool)
    assert_type(iter(query).token, str)
    assert_type(query.count(), int)
    assert_type(query.first(), Asset | None)
    assert_type(query.one(), Asset)
    assert_type(query.exists(), bool)
    assert_type(query.to_list(), list[Asset])
    assert_type(query.ids(), Iterator[UUID])
    assert_type(query.explain().requests, tuple[int, int] | None)


async def awaited(comfy: AsyncComfyCloud) -> None:
    """The async client hands out the same, awaited."""
    async with comfy as entered:
        assert_type(entered, AsyncComfyCloud)
    query = comfy.assets.where(tag("output"))
    assert_type(query, AsyncAssetQuery)
    async for asset in query:
        assert_type(asset, AsyncAsset)
        assert_type(await asset.preview(), bytes | None)
    async for page in query.pages():
        assert_type(page, Page[AsyncAsset])
    assert_type(await query.count(), int)
    assert_type(await query.first(), AsyncAsset | None)
    assert_type(await query.one(), AsyncAsset)
    assert_type(await query.to_list(), list[AsyncAsset])
    assert_type(query.ids(), AsyncIterator[UUID])
    assert_type(comfy.tags, AsyncTags)
    assert_type(comfy.tags.list(), AsyncTagListing)
    async for entry in comfy.tags.list(prefix="models"):
        assert_type(entry, TagInfo)
    assert_type(await comfy.request("GET", "/api/assets"), RawResponse)


def tags(comfy: ComfyCloud) -> None:
    """Tags come with their counts."""
    assert_type(comfy.tags.list(order="count_desc", limit=8), TagListing)
    for entry in comfy.tags.list():
        assert_type(entry.name, str)
        assert_type(entry.count, int)


def assets(asset: Asset) -> None:
    """What an asset may lack says so; what the wrapper fills in does not."""
    assert_type(asset.id, UUID)
    assert_type(asset.name, str)
    assert_type(asset.size, int | None)
    assert_type(asset.tags, list[str])
    assert_type(asset.sent_tags, list[str] | None)
    assert_type(asset.user_metadata, AssetUserMetadata)
    assert_type(asset.human_size, str)
    assert_type(asset.preview_url, str | None)
    assert_type(asset.preview(), bytes | None)


async def refused(comfy: ComfyCloud, awaiting: AsyncComfyCloud) -> None:
    """Mistakes that cost an hour at run time are told in the editor."""
    for _ in awaiting.assets:  # type: ignore[attr-defined] # pyright: ignore[reportGeneralTypeIssues]
        pass
    async for _ in comfy.assets:  # type: ignore[attr-defined] # pyright: ignore[reportGeneralTypeIssues]
        pass
    awaiting.assets.count()  # type: ignore[unused-coroutine] # pyright: ignore[reportUnusedCoroutine]
    comfy.assets.where("output")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    comfy.assets.where(nmae_contains="a")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    comfy.assets.order_by("created_at")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    comfy.assets.limit("5")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    comfy.assets.first().name  # type: ignore[union-attr] # pyright: ignore[reportOptionalMemberAccess]
    comfy.tags.list(order="size")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    ComfyCloud("key")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    comfy.assets = comfy.assets  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue]
