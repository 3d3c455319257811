"""The innermost transports: opened when first used, by one process and one event loop, and closed once.

They are shared by a client and those made of it by `with_options`. In a forked child a client goes on with connections
of its own: those it has belong to the parent, and are left alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakSet

import httpx

from comfy_cloud._http.deadlines import bound
from comfy_cloud._http.events import Counter
from comfy_cloud.errors import ConfigurationError
from comfy_cloud.retries import Bucket
from comfy_cloud_api.client import default_async_transport, default_transport
from comfy_cloud_api.types import Drift

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T", httpx.BaseTransport, httpx.AsyncBaseTransport)


class _Shared(Generic[T]):
    """A transport that is made when it is needed, with what else a client and its derivatives share.

    Args:
        make: Makes it.
        own: The user's, instead.
    """

    def __init__(self, make: Callable[[], T], own: T | None) -> None:
        self._make: Callable[[], T] = make
        self._own: T | None = own
        self._transport: T | None = own
        self._lock = Lock()
        self._abandoned: list[T] = []
        self._forked = False
        self.closed = False
        self.bucket = Bucket()
        self.counter = Counter()
        self.drift = Drift()
        _living.add(self)

    def check_usable(self) -> None:
        """Raise where nothing can be sent any more.

        Raises:
            ConfigurationError: it is closed, or its own transport belongs to another process.
        """
        if self.closed:
            raise ConfigurationError("This client is closed; make a new one.")
        if self._forked and self._own is not None:
            raise ConfigurationError(
                "This client was made before the process was forked, with a transport of your own, whose connections "
                "belong to the parent; make a new client in the child."
            )

    def _opened(self) -> T:
        if self._transport is None:
            with self._lock:
                if self._transport is None:
                    self._transport = self._made()
        return self._transport

    def _made(self) -> T:
        try:
            return self._make()
        except (ValueError, ImportError, httpx.InvalidURL):  # what they say may hold the proxy's password
            problem = "The proxy that the environment names cannot be used"
        raise ConfigurationError(
            f"{problem}; give it as http://host:port in HTTP_PROXY or HTTPS_PROXY, or pass a transport of your own."
        )

    def in_forked_child(self) -> None:
        """Leave the parent's connections alone: closing them might end what they carry."""
        self._forked = True
        self._lock = Lock()
        self.bucket.renew_lock()
        self.counter.renew_lock()
        if self._transport is not None and self._own is None:
            self._abandoned.append(self._transport)
            self._transport = None


_living: WeakSet[_Shared[Any]] = WeakSet()


def _renew_in_child() -> None:
    for shared in list(_living):
        shared.in_forked_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_in_child)


class Connections(_Shared[httpx.BaseTransport], httpx.BaseTransport):
    """The connections of a blocking client; safe from many threads.

    Args:
        base_url: Of the server they lead to.
        own: The user's transport, if any.
    """

    def __init__(self, base_url: str, own: httpx.BaseTransport | None) -> None:
        super().__init__(lambda: bound(default_transport(base_url)), own)
        if isinstance(own, httpx.HTTPTransport):
            bound(own)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, which has its key by now."""
        carried = [request]
        del request  # the locals of a traceback would show its key
        return self._opened().handle_request(carried.pop())

    def close(self) -> None:
        """Close them; may be called twice."""
        if not self.closed:
            self.closed = True
            if self._transport is not None:
                self._transport.close()


class AsyncConnections(_Shared[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport):
    """`Connections`, for asyncio: they belong to the event loop that first uses them."""

    def __init__(self, base_url: str, own: httpx.AsyncBaseTransport | None) -> None:
        super().__init__(lambda: default_async_transport(base_url), own)
        self._loop: asyncio.AbstractEventLoop | None = None

    def check_usable(self) -> None:
        """See `Connections.check_usable`; also that this is still the same event loop."""
        super().check_usable()
        import asyncio  # noqa: PLC0415 - blocking programs need not load it, and it takes as long as the rest

        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise ConfigurationError(
                "This client belongs to another event loop, the one it was first used in; make one in each "
                "asyncio.run()."
            )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See `Connections.handle_request`."""
        carried = [request]
        del request
        return await self._opened().handle_async_request(carried.pop())

    async def aclose(self) -> None:
        """Close them; may be called twice."""
        if not self.closed:
            if self._transport is not None and self._loop is not None:
                self.check_usable()
            self.closed = True
            if self._transport is not None:
                await self._transport.aclose()

    def in_forked_child(self) -> None:
        """See `_Shared`; the child has an event loop of its own."""
        super().in_forked_child()
        self._loop = None
