"""Calls made blocking and awaiting, with one result; and where a key could be seen after they failed."""

from __future__ import annotations

import asyncio
import pickle
import traceback
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx

from comfy_cloud import ApiError, AsyncComfyCloud, ComfyCloud
from comfy_cloud.testing import InstantClock

KEY = "canary-key-0123456789"
WAYS = ("blocking", "awaiting")

Ask = Callable[[Any], Any]


def first_page(comfy: Any) -> Any:
    """Ask for one page; its names, or what awaits to them."""
    if isinstance(comfy, AsyncComfyCloud):

        async def awaiting() -> list[str]:
            return [asset.name for asset in await comfy.assets.to_list()]

        return awaiting()
    return [asset.name for asset in comfy.assets.to_list()]


def result(way: str, url: str, ask: Ask = first_page, **options: Any) -> Any:
    """What a call returns, or the `ApiError` it raises; waits between attempts are over at once."""
    options = {"base_url": url, "api_key": KEY, "clock": InstantClock(), "timeout_s": 5, **options}

    async def awaiting() -> Any:
        async with AsyncComfyCloud(**options) as comfy:
            answer = ask(comfy)
            return await answer if isinstance(answer, Awaitable) else answer

    try:
        if way == "awaiting":
            return asyncio.run(awaiting())
        with ComfyCloud(**options) as comfy:
            return ask(comfy)
    except ApiError as error:
        return error


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error, and what it was raised from or after."""
    pending, seen = [error], set[int]()
    while pending:
        link = pending.pop()
        if id(link) not in seen:
            seen.add(id(link))
            yield link
            pending += [other for other in (link.__cause__, link.__context__) if other is not None]
            pending += link.exceptions if isinstance(link, BaseExceptionGroup) else ()


def places_with_key(error: BaseException, key: str = KEY) -> list[str]:
    """Where the key shows: in reprs, messages, pickles, requests of httpx, and locals of our own frames."""
    seen: dict[str, str] = {"pickle": pickle.dumps(error).decode("latin-1")}
    for depth, link in enumerate(causes(error)):
        name = f"{type(link).__name__} at depth {depth}"
        seen[f"repr of {name}"] = repr(link) + str(link) + repr(link.args) + repr(vars(link))
        seen[f"request of {name}"] = _texts(getattr(link, "_request", None))
        for frame, line in traceback.walk_tb(link.__traceback__):
            ours = "comfy_cloud" in frame.f_code.co_filename and "/tests/" not in frame.f_code.co_filename
            for local, value in frame.f_locals.items() if ours else ():
                seen[f"{depth} {frame.f_code.co_qualname} line {line}: {local}"] = _texts(value)
    return [place for place, text in seen.items() if key in text]


def _texts(value: object) -> str:
    if isinstance(value, httpx.Response):
        return repr(value) + _texts(getattr(value, "_request", None))
    if isinstance(value, httpx.Request):
        return repr(value) + repr(dict(value.headers)) + str(value.url)
    return repr(value)
