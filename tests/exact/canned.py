"""Transports that make up pages as they are asked for, and do with each request what a test says."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx

NEWEST = datetime(2026, 1, 1, tzinfo=UTC)
ASSET = (
    '{{"id":"00000000-0000-4000-8000-{0:012x}","name":"asset {1}","size":{1},"tags":["output"],'
    '"created_at":"{2}","updated_at":"{2}"}}'
)


def asset(number: int, size: int) -> str:
    """The asset at this place of a listing of so many, newest first: as JSON."""
    return ASSET.format(size - number, number, (NEWEST - timedelta(seconds=number)).isoformat())


def answer(request: httpx.Request, size: int) -> httpx.Response:
    """The page that a request asks for."""
    offset, limit = offset_of(request), int(request.url.params["limit"])
    items = ",".join([asset(number, size) for number in range(offset, min(offset + limit, size))])
    more = "true" if offset + limit < size else "false"
    body = f'{{"assets":[{items}],"total":{size},"has_more":{more}}}'
    return httpx.Response(200, text=body, headers={"content-type": "application/json"})


def offset_of(request: httpx.Request) -> int:
    """The offset that a request asks for."""
    return int(request.url.params.get("offset", "0"))


class Canned(httpx.BaseTransport):
    """A server of a still library.

    Args:
        size: How many assets it has.
        before: Called with the offset, in the thread that asks; may wait, or return another answer.

    Attributes:
        asked: The offsets that were asked for, in order.
        answered: Those that were answered, in order.
        live: The answers that somebody holds.
    """

    def __init__(self, size: int, before: Callable[[int], httpx.Response | None] | None = None) -> None:
        self._size, self._before = size, before
        self.asked: list[int] = []
        self.answered: list[int] = []
        self.live: weakref.WeakSet[httpx.Response] = weakref.WeakSet()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One page."""
        self.asked.append(offset_of(request))
        instead = self._before(offset_of(request)) if self._before else None
        return self._answered(request, instead)

    def _answered(self, request: httpx.Request, instead: httpx.Response | None) -> httpx.Response:
        response = instead or answer(request, self._size)
        self.answered.append(offset_of(request))
        self.live.add(response)
        return response


class AsyncCanned(httpx.AsyncBaseTransport):
    """`Canned`, awaiting.

    Attributes:
        cancelled: The offsets of requests that were cancelled while `before` was awaited.
    """

    def __init__(self, size: int, before: Callable[[int], Awaitable[httpx.Response | None]] | None = None) -> None:
        self._made, self._before = Canned(size), before
        self.asked, self.answered, self.live = self._made.asked, self._made.answered, self._made.live
        self.cancelled: list[int] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One page."""
        self.asked.append(offset_of(request))
        try:
            instead = await self._before(offset_of(request)) if self._before else None
        except asyncio.CancelledError:
            try:
                await asyncio.sleep(0)  # whoever cancels has to wait for the end
            finally:
                self.cancelled.append(offset_of(request))
            raise
        return self._made._answered(request, instead)
