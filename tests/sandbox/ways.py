"""The ways into a sandbox, as one function each, so that a test can hold them to the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import httpx

from comfy_cloud.sandbox import Sandbox

Get: TypeAlias = Callable[..., httpx.Response]
"""`get(target, timeout=seconds)` is what a client gets, or raises what it gets."""

WAYS = ("socket", "in process", "async in process")
BASE = "http://sandbox.test"


@contextmanager
def way_in(sandbox: Sandbox, way: str) -> Iterator[Get]:
    """A client of the sandbox, which is started for the socket."""
    if way == "async in process":
        yield _async_get(sandbox)
        return
    transport = None if way == "socket" else sandbox.transport()
    base = sandbox.url if transport is None else BASE
    headers = {"X-API-Key": sandbox.key}
    with httpx.Client(base_url=base, headers=headers, transport=transport, trust_env=False) as client:

        def get(target: str, timeout: float | None = 20) -> httpx.Response:
            return client.get(target, timeout=timeout)

        yield get


def _async_get(sandbox: Sandbox) -> Get:
    async def get(target: str, timeout: float | None) -> httpx.Response:  # noqa: ASYNC109 - httpx's, not asyncio's
        headers = {"X-API-Key": sandbox.key}
        transport = sandbox.async_transport()
        async with httpx.AsyncClient(base_url=BASE, headers=headers, transport=transport) as client:
            return await client.get(target, timeout=timeout)

    return lambda target, timeout=20: asyncio.run(get(target, timeout))
