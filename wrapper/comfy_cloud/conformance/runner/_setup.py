"""How the runner's clients are made, and how one code calls the blocking and the awaiting ones."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, Literal, TypeAlias, TypeVar, cast

import httpx
from msgspec import Struct

from comfy_cloud import AsyncComfyCloud, ComfyCloud, RetryPolicy
from comfy_cloud.conformance._serving import URL_HEADER
from comfy_cloud.conformance._worlds import Json
from comfy_cloud_api import AuthenticatedClient, Client

T = TypeVar("T")
Way: TypeAlias = Literal["blocking", "awaiting"]
Layer: TypeAlias = Literal["comfy_cloud", "comfy_cloud_api"]
Either: TypeAlias = Any
"""Something of the blocking or of the awaiting client, such as a value, or what awaits to it; or an option of both."""
AnyTransport: TypeAlias = httpx.BaseTransport | httpx.AsyncBaseTransport
NO_RETRIES: Final = RetryPolicy.none()


class Setup(Struct, frozen=True):
    """Which of the library's faces a task is put to.

    Attributes:
        way: With blocking or with awaiting calls.
        layer: With the wrapper or with the generated client.
        transport: Makes the transport for a client; None for the library's own, which open sockets.
    """

    way: Way = "blocking"
    layer: Layer = "comfy_cloud"
    transport: Callable[[], AnyTransport] | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run what is written once for both ways: with blocking clients it never waits, and needs no event loop."""
        if self.way == "awaiting":
            return asyncio.run(work)
        try:
            work.send(None)
        except StopIteration as end:
            return cast("T", end.value)
        raise AssertionError("a blocking client has awaited")

    @asynccontextmanager
    async def client(self, task: Json, **options: Either) -> AsyncGenerator[Either]:
        """A client of the wrapper, for the task's server and with its key."""
        settings: dict[str, Either] = {
            "base_url": task["input"]["base_url"],
            "api_key": task["input"]["api_key"],
            "timeout_s": 5,
        }
        settings |= {"retry": NO_RETRIES, "transport": self._transport(task), **options}
        if self.way == "awaiting":
            async with AsyncComfyCloud(**settings) as awaiting:
                yield awaiting
        else:
            with ComfyCloud(**settings) as blocking:
                yield blocking

    @asynccontextmanager
    async def generated(self, task: Json, **options: Either) -> AsyncGenerator[Either]:
        """A client of the generated layer: by itself, or the wrapper's own."""
        if self.layer == "comfy_cloud":
            async with self.client(task) as comfy:
                yield comfy.api
            return
        given, key = task["input"], task["input"]["api_key"]
        name = "async_transport" if self.way == "awaiting" else "transport"
        options = {"base_url": given["base_url"], name: self._transport(task), **options}
        client = Client(**options) if key is None else AuthenticatedClient(token=key, **options)
        if self.way == "awaiting":
            async with client:
                yield client
        else:
            with client:
                yield client

    def _transport(self, task: Json) -> AnyTransport | None:
        if self.transport is not None:
            return self.transport()
        gateway = task.get("gateway")
        if gateway is None:
            return None
        return AsyncGateway(gateway) if self.way == "awaiting" else Gateway(gateway)


class Gateway(httpx.BaseTransport):
    """Sends every request to the host's gateway, with the URL that it was for in a header."""

    def __init__(self, gateway: str) -> None:
        self._gateway, self._inner = gateway, httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request there."""
        return self._inner.handle_request(_rerouted(request, self._gateway))

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class AsyncGateway(httpx.AsyncBaseTransport):
    """`Gateway`, awaiting."""

    def __init__(self, gateway: str) -> None:
        self._gateway, self._inner = gateway, httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See `Gateway.handle_request`."""
        return await self._inner.handle_async_request(_rerouted(request, self._gateway))

    async def aclose(self) -> None:
        """See `Gateway.close`."""
        await self._inner.aclose()


def _rerouted(request: httpx.Request, gateway: str) -> httpx.Request:
    headers = {**request.headers, URL_HEADER: str(request.url)}
    return httpx.Request(request.method, gateway, headers=headers, stream=request.stream, extensions=request.extensions)


async def settled(value: Either) -> Either:
    """What a call returns, or what it awaits to."""
    return await value if inspect.isawaitable(value) else value


async def each(listing: Either) -> AsyncGenerator[Either]:
    """The items of an iterator of either way."""
    if hasattr(listing, "__aiter__"):
        async for item in listing:
            yield item
    else:
        for item in listing:
            yield item


def members(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Those of the members that are there."""
    return {name: given[name] for name in names if name in given}
