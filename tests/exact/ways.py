"""One query, run blocking or awaiting over a sandbox in this process, to the same result."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from comfy_cloud import ApiError, AsyncComfyCloud, ComfyCloud
from comfy_cloud.sandbox import Sandbox
from comfy_cloud.testing import InstantClock

WAYS = ("blocking", "awaiting")


def outcome(box: Sandbox, way: str, ask: Callable[[Any], Any]) -> Any:
    """What a call on a client comes to: its result, or the `ApiError` it raises. Awaitables are awaited."""
    options: Any = {"base_url": "http://127.0.0.1", "api_key": box.key, "clock": InstantClock()}

    async def awaiting() -> Any:
        async with AsyncComfyCloud(transport=box.async_transport(), **options) as comfy:
            asked = ask(comfy)
            return await asked if isinstance(asked, Awaitable) else asked

    try:
        if way == "awaiting":
            return asyncio.run(awaiting())
        with ComfyCloud(transport=box.transport(), **options) as comfy:
            return ask(comfy)
    except ApiError as error:
        return error


def seen(box: Sandbox, way: str, narrow: Callable[[Any], Any]) -> tuple[list[str], ApiError | None]:
    """The ids that a listing hands out, and the error that ends it, if one does."""
    ids: list[str] = []

    def each(comfy: Any) -> Any:
        query = narrow(comfy.assets)

        async def awaiting() -> None:
            async for asset in query:
                ids.append(str(asset.id))  # noqa: PERF401 - what comes before an error counts

        return awaiting() if way == "awaiting" else ids.extend(str(asset.id) for asset in query)

    error = outcome(box, way, each)
    return ids, error
