"""What type checkers and editors make of the generated client, its functions and models. Checked, never run."""

from __future__ import annotations

import datetime as dt
from typing import assert_type
from uuid import UUID

from comfy_cloud import ComfyCloud
from comfy_cloud_api import UNSET, AuthenticatedClient, Client
from comfy_cloud_api.api.asset import list_assets, list_tags
from comfy_cloud_api.models import (
    Asset,
    ErrorResponse,
    ListAssetsOrder,
    ListAssetsResponse,
    ListAssetsSort,
    ListTagsResponse,
)
from comfy_cloud_api.types import Operation, Response


def operations(client: AuthenticatedClient) -> None:
    """An operation answers with one of the documented bodies, errors included."""
    answer = list_assets.sync(client=client, include_tags=["output"], limit=500, sort=ListAssetsSort.SIZE)
    assert_type(answer, ListAssetsResponse | ErrorResponse)
    if isinstance(answer, ErrorResponse):
        assert_type(answer.message, str)
        return
    assert_type(answer.assets, list[Asset])
    assert_type(answer.total, int)
    assert_type(answer.has_more, bool)
    detailed = list_assets.sync_detailed(client=client, order="desc", after=UNSET)
    assert_type(detailed, Response[ListAssetsResponse | ErrorResponse])
    assert_type(list_assets.OPERATION, Operation)


async def awaited(client: AuthenticatedClient) -> None:
    """The same, awaited."""
    assert_type(await list_tags.asyncio(client=client, prefix="models"), ListTagsResponse | ErrorResponse)
    assert_type(
        await list_tags.asyncio_detailed(client=client, order=UNSET), Response[ListTagsResponse | ErrorResponse]
    )


def models(asset: Asset) -> None:
    """What the document does not require, or the overlay relaxes, may be missing."""
    assert_type(asset.id, UUID)
    assert_type(asset.name, str)
    assert_type(asset.created_at, dt.datetime)
    assert_type(asset.size, int | None)
    assert_type(asset.mime_type, str | None)
    assert_type(asset.tags, list[str] | None)
    assert_type(Asset.from_dict({}), Asset)
    assert_type(ListAssetsOrder("desc"), ListAssetsOrder)


def shared(comfy: ComfyCloud) -> None:
    """The wrapper's own client is one that the functions take."""
    list_assets.sync(client=comfy.api)
    assert_type(Client("http://127.0.0.1:8188"), Client)


def refused(client: AuthenticatedClient) -> None:
    """What the document does not allow is told before anything is sent."""
    list_assets.sync(client=client, limit="5")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    list_assets.sync(client=client, include_tag=["a"])  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    list_assets.sync(client=client, metadata_filter={})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    list_assets.sync(client)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    AuthenticatedClient("http://127.0.0.1:8188")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
