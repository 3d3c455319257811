"""The family `pagination`: what a listing hands out while the library changes, and how it ends."""

from __future__ import annotations

import warnings
from contextlib import aclosing

from comfy_cloud import ApiError, InexactListingWarning, created_at, last_access_time, name, size, updated_at
from comfy_cloud.conformance._worlds import Json
from comfy_cloud.conformance.runner._errors import kind
from comfy_cloud.conformance.runner._filters import expression
from comfy_cloud.conformance.runner._setup import Either, Setup, each

_FIELDS = {field.field: field for field in (created_at, last_access_time, name, size, updated_at)}


async def walked(task: Json, setup: Setup) -> Json:
    """Walk the listing; where the task says so, leave it after some items and take it up again in another client."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", InexactListingWarning)
        came = await _walked(task, setup)
    return {**came, "exact": not told}


async def _walked(task: Json, setup: Setup) -> Json:
    items: list[str] = []
    try:
        token = None
        if "resume_after" in task["input"]:
            token = await _walk(task, setup, items, most=task["input"]["resume_after"])
        await _walk(task, setup, items, token=token)
    except ApiError as error:
        return {"items": items, "end": kind(error)}
    return {"items": items, "end": "complete"}


async def _walk(
    task: Json, setup: Setup, items: list[str], *, token: str | None = None, most: int | None = None
) -> str | None:
    """Add what is listed to the items; the token to go on from, where there is one."""
    async with setup.client(task) as comfy:
        listing = _listing(comfy, task["input"])
        iterator = listing.resume(token) if token else listing
        iterator = aiter(iterator) if setup.way == "awaiting" else iter(iterator)
        async with aclosing(each(iterator)) as listed:
            async for item in listed:
                items.append(str(getattr(item, "id", item.name)))
                if len(items) == most:
                    break
        found: str | None = getattr(iterator, "token", None)
        return found


def _listing(comfy: Either, given: Json) -> Either:
    if given.get("operation") == "listTags":
        names = ("prefix", "order", "include_zero", "limit")
        return comfy.tags.list(**{name: given[name] for name in names if name in given})
    listing = comfy.assets.where(*map(expression, given.get("all", ()))).page_size(given["page_size"])
    if "sort" in given or "order" in given:  # else the library's own order, which is that of the cases
        field = _FIELDS[given.get("sort", "created_at")]
        listing = listing.order_by(field.asc() if given.get("order") == "asc" else field.desc())
    return listing.limit(given["limit"]) if "limit" in given else listing
