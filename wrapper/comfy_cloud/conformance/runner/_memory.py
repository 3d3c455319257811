"""The servers of a case as httpx transports, without sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Final

import httpx

from comfy_cloud.conformance._checking import IN_MEMORY
from comfy_cloud.conformance._worlds import CLOSED, Answer, Asked, Trouble, World
from comfy_cloud.conformance.runner._setup import AnyTransport, Way

_PLACES: Final = {address: place for place, address in IN_MEMORY.items()}


def transports(world: World, way: Way) -> Callable[[], AnyTransport]:
    """Makes transports that lead to these servers."""
    return (lambda: _AsyncMemory(world)) if way == "awaiting" else (lambda: _Memory(world))


class _Memory(httpx.BaseTransport):
    def __init__(self, world: World) -> None:
        self._world = world

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return _answered(self._world, request)


class _AsyncMemory(httpx.AsyncBaseTransport):
    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return _answered(self._world, request)


def _answered(world: World, request: httpx.Request) -> httpx.Response:
    """An answer, or what httpx raises for a trouble.

    Raises:
        httpx.TransportError: the connection breaks, or was never made.
    """
    url = request.url
    address = f"{url.scheme}://{url.netloc.decode('ascii')}"
    place = _PLACES.get(address, address)
    if place == CLOSED:
        raise httpx.ConnectError("Connection refused", request=request)
    headers = {name.lower(): value for name, value in request.headers.items()}
    said = world.answer(Asked(request.method, place, url.raw_path.decode("ascii"), headers))
    if said is Trouble.RESET:
        raise httpx.ReadError("Connection reset by peer", request=request)
    if said is Trouble.STALL:
        raise httpx.ReadTimeout("timed out", request=request)
    if isinstance(said, Trouble):
        return httpx.Response(200, headers={"content-type": "application/json"}, stream=_Cut())
    return httpx.Response(said.status, headers=[*_length(said), *said.headers], stream=_Whole(said.body))


def _length(said: Answer) -> list[tuple[str, str]]:
    return [("content-length", str(len(said.body)))]


class _Whole(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body


class _Cut(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose connection breaks in the middle."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"assets": ['
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece
