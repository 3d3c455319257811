"""The families `requests` and `responses`: one call of an operation, by the generated functions or the wrapper."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from comfy_cloud import ApiError, Page, PaginationError
from comfy_cloud.conformance._worlds import Json, is_list, is_object
from comfy_cloud.conformance.runner._errors import told
from comfy_cloud.conformance.runner._setup import Either, Setup, each
from comfy_cloud_api import UNSET
from comfy_cloud_api.api.asset import list_assets, list_tags
from comfy_cloud_api.errors import ParameterError
from comfy_cloud_api.models import ListAssetsResponse, ListTagsResponse

MODULES: Final[dict[str, Any]] = {"listAssets": list_assets, "listTags": list_tags}
"""The generated functions of an operation; Any: a module."""

_ASSET: Final = (
    *("id", "name", "asset_hash", "size", "mime_type", "tags", "user_metadata", "preview_url", "preview_id"),
    *("prompt_id", "created_at", "updated_at", "last_access_time", "is_immutable", "metadata", "job_id"),
    "display_name",
)


async def request(task: Json, setup: Setup) -> Json:
    """Make the request; the host sees it."""
    given = task["input"]
    module = MODULES[given["operation"]]
    arguments = {**dict.fromkeys(module.OPERATION.arguments, UNSET), **given["arguments"]}
    async with setup.generated(task) as api:
        try:
            await _called(module, setup, client=api, **arguments)
        except ParameterError:
            return {"refused": "argument"}
    return {}


async def _called(module: Either, setup: Setup, **arguments: Either) -> Either:
    if setup.way == "awaiting":
        return await module.asyncio(**arguments)
    return module.sync(**arguments)


async def response(task: Json, setup: Setup) -> Json:
    """Make a call, and say what its answer is read as."""
    operation = task["input"]["operation"]
    try:
        if setup.layer == "comfy_cloud":
            return {"value": await _page(task, setup, operation)}
        async with setup.generated(task) as api:
            body = await _called(MODULES[operation], setup, client=api)
    except ApiError as error:
        return {"error": told(error)}
    return {"value": _value(body)}


async def _page(task: Json, setup: Setup, operation: str) -> Json:
    """The first page of a listing; one that adds nothing is only told to `on_page`."""
    pages: list[Page[Any]] = []
    async with setup.client(task) as comfy:
        listing = comfy.assets.on_page(pages.append) if operation == "listAssets" else comfy.tags.list()
        try:
            async for page in each(listing.pages()):
                pages.append(page)
                break
        except PaginationError:
            if not pages:
                raise
        if not pages:
            return {"tags": []}
        page, read = pages[0], asset_of if operation == "listAssets" else tag_of
        return {
            "assets" if operation == "listAssets" else "tags": [read(item) for item in page.items],
            "total": page.total,
            "has_more": page.has_more,
            "unreadable": len(page.unreadable),
        }


def _value(body: ListAssetsResponse | ListTagsResponse) -> Json:
    name = "assets" if isinstance(body, ListAssetsResponse) else "tags"
    items = body.assets if isinstance(body, ListAssetsResponse) else body.tags
    read = asset_of if isinstance(body, ListAssetsResponse) else tag_of
    unreadable = len(body.unreadable.get(name, ()))
    return {
        name: [read(item) for item in items],
        "total": body.total,
        "has_more": body.has_more,
        "unreadable": unreadable,
    }


def asset_of(asset: Either) -> Json:
    """An asset as the vectors have it."""
    known = {name: _plain(getattr(asset, name)) for name in _ASSET}
    return {**known, "hash": asset.hash_, **asset.additional_properties, "unreadable": sorted(asset.unreadable)}


def tag_of(tag: Either) -> Json:
    """A tag with its count as the vectors have it."""
    return {"name": tag.name, "count": tag.count, **tag.additional_properties}


def _plain(value: Either) -> Json:
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "to_dict"):
        return value.to_dict()
    known = value is None or isinstance(value, str | int | float | bool)
    return value if known or is_list(value) or is_object(value) else str(value)
