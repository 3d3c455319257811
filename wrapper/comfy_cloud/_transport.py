"""What the resources send their calls through: the generated client, set up with our transports."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Final, NoReturn, Self

import httpx
from msgspec import Struct

from comfy_cloud._flow import Call
from comfy_cloud._http.connections import AsyncConnections, Connections
from comfy_cloud._http.exchange import sent_of
from comfy_cloud._http.redirects import KEY_IN_TARGET, followed
from comfy_cloud._http.retrying import AsyncRetryingTransport, RetryingTransport
from comfy_cloud._http.secrets import Mask
from comfy_cloud._http.telling import Teller
from comfy_cloud._http.wishes import LIMITS_EXTENSION, Limits, Rules
from comfy_cloud._paging.ahead import cancelled
from comfy_cloud._settings import Settings, Timeouts
from comfy_cloud.errors import ConfigurationError, RedirectError, located
from comfy_cloud_api import AuthenticatedClient, Client
from comfy_cloud_api.types import RawResponse, Request

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import ThreadPoolExecutor


class _Recording(Struct, frozen=True):
    """A list that answers are added to, of those that use these connections."""

    connections: Connections | AsyncConnections
    responses: list[RawResponse]


MAX_THREADS: Final = 64
"""How many calls may be under way ahead of what is wanted, in all listings of a client together."""

_recording: Final[ContextVar[_Recording | None]] = ContextVar("comfy_cloud_recording", default=None)


class Transport:
    """Performs calls, blocking or awaiting, until it is closed.

    Args:
        settings: The client's.
        connections: Those to send through, which tell whether this is for blocking or awaiting.

    Attributes:
        api: The generated client, which sends through the same connections by the same rules.
        tasks: Those under way for calls that are made ahead, awaiting.
    """

    def __init__(self, settings: Settings, connections: Connections | AsyncConnections) -> None:
        self.settings: Final = settings
        self._connections: Final = connections
        self._owns_connections = True
        self._closed = False
        self._lock = Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._threads_of = 0
        self._teller: Final = Teller(
            settings.hooks, connections.counter, Mask(settings.api_key), httpx.URL(settings.base_url)
        )
        self.tasks: Final[set[asyncio.Future[RawResponse]]] = set()
        self.api: Final = _generated_client(settings, connections, self._rules())

    @classmethod
    def opened(cls, settings: Settings, *, blocking: bool) -> Self:
        """One with connections of its own, which are made when they are first used.

        Raises:
            ConfigurationError: the user's transport is one for the other kind of client.
        """
        own, wanted = settings.transport, httpx.BaseTransport if blocking else httpx.AsyncBaseTransport
        if own is not None and not isinstance(own, wanted):
            raise ConfigurationError(
                f"transport is a {type(own).__name__}, but this client needs an httpx.{wanted.__name__}."
            )
        if blocking:
            own_blocking = own if isinstance(own, httpx.BaseTransport) else None
            return cls(settings, Connections(settings.base_url, own_blocking))
        own_awaiting = own if isinstance(own, httpx.AsyncBaseTransport) else None
        return cls(settings, AsyncConnections(settings.base_url, own_awaiting))

    def derived(self, settings: Settings) -> Self:
        """Another with the same connections, bucket and counts; closing it closes no connection."""
        new = type(self)(settings, self._connections)
        new._owns_connections = False  # noqa: SLF001 - of this class
        return new

    def _rules(self) -> Rules:
        settings, connections = self.settings, self._connections
        return Rules(
            policy=settings.retry,
            clock=settings.clock,
            bucket=connections.bucket,
            teller=self._teller,
            drift=connections.drift,
            max_body_bytes=settings.max_body_bytes,
            allow_http=settings.allow_http,
            check_usable=self._check_usable,
        )

    def _check_usable(self) -> None:
        if self._closed:
            raise ConfigurationError("This client is closed; make a new one.")
        self._connections.check_usable()

    def perform(self, call: Call) -> RawResponse:
        """One call, blocking, with its retries; the answer's body is complete."""
        return self.send(call.operation.request(call.arguments), call.until)

    async def aperform(self, call: Call) -> RawResponse:
        """One call, awaiting, with its retries; the answer's body is complete."""
        return await self.asend(call.operation.request(call.arguments), call.until)

    def send(self, request: Request, until: float | None = None) -> RawResponse:
        """Send a request, blocking, with its retries; whatever its status, the answer is complete."""
        return self._recorded(self.api.send(request, _limits(until)))

    async def asend(self, request: Request, until: float | None = None) -> RawResponse:
        """`send`, awaiting."""
        return self._recorded(await self.api.asend(request, _limits(until)))

    def fetch(self, url: str, max_bytes: int) -> RawResponse:
        """What is at an address that the server named, blocking; followed as if it were a redirect of the server's.

        Raises:
            RedirectError: it is not followed.
            ResponseTooLargeError: it is larger than this.
        """
        client = self.api.get_httpx_client()
        return self._fetched(client.send(self._named(client.build_request("GET", self.base_url), url, max_bytes)))

    async def afetch(self, url: str, max_bytes: int) -> RawResponse:
        """`fetch`, awaiting."""
        client = self.api.get_async_httpx_client()
        request = self._named(client.build_request("GET", self.base_url), url, max_bytes)
        return self._fetched(await client.send(request))

    def _fetched(self, response: RawResponse) -> RawResponse:
        if response.is_redirect:
            error = RedirectError(response.status_code, "", "it says not where to")
            raise located(error, sent_of(response), response.headers)
        return self._recorded(response)

    def _named(self, base: httpx.Request, url: str, max_bytes: int) -> httpx.Request:
        pointer = httpx.Response(HTTPStatus.FOUND, headers={"location": url})
        request = followed(base, pointer, count=0, allow_http=self.settings.allow_http, replayable=True)
        if isinstance(request, httpx.Request) and self._teller.gives_key_away(request.url):
            request = KEY_IN_TARGET
        if not isinstance(request, httpx.Request):
            why = f"was not fetched, {request.why}" if request else "was not fetched"
            raise RedirectError(HTTPStatus.FOUND, "", f"it points to {self._teller.mask(url)!r}", None, f"which {why}")
        request.extensions = {**request.extensions, LIMITS_EXTENSION: Limits(max_body_bytes=max_bytes)}
        return request

    @property
    def base_url(self) -> str:
        """Of the server, without a slash at the end."""
        return self.settings.base_url

    def threads(self) -> ThreadPoolExecutor:
        """The threads for calls that are made ahead, started as they are needed."""
        with self._lock:
            self._check_usable()
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - most programs need no threads

            if self._threads is None or self._threads_of != os.getpid():
                self._threads = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="comfy-cloud")
                self._threads_of = os.getpid()
            return self._threads

    def _recorded(self, response: RawResponse) -> RawResponse:
        # Its body is complete, and httpx's stream refers to its answer: a cycle that would keep each page for a while.
        response.stream = httpx.ByteStream(response.content)
        recording = _recording.get()
        if recording is not None and recording.connections is self._connections:
            recording.responses.append(response)
        return response

    @contextmanager
    def recorded(self) -> Generator[list[RawResponse]]:
        """Within the block, the answers to calls that this thread or task makes are added to the list."""
        responses: list[RawResponse] = []
        before = _recording.set(_Recording(self._connections, responses))
        try:
            yield responses
        finally:
            _recording.reset(before)

    @property
    def connections(self) -> Connections | AsyncConnections:
        """What is shared with derived ones."""
        return self._connections

    def close(self) -> None:
        """Wait for calls that are under way, and close the connections, if they are its own; may be called twice."""
        self._closed = True
        if self._threads is not None and self._threads_of == os.getpid():
            self._threads.shutdown(cancel_futures=True)
        if self._owns_connections and isinstance(self._connections, Connections):
            self._connections.close()

    async def aclose(self) -> None:
        """Cancel what was asked for ahead, and close the connections, if they are its own; may be called twice."""
        await cancelled(self.tasks)
        if self._owns_connections and isinstance(self._connections, AsyncConnections):
            await self._connections.aclose()
        self._closed = True


def _limits(until: float | None) -> dict[str, object] | None:
    return None if until is None else {LIMITS_EXTENSION: Limits(until)}


def _generated_client(
    settings: Settings, connections: Connections | AsyncConnections, rules: Rules
) -> AuthenticatedClient | Client:
    key = settings.api_key
    blocking = connections if isinstance(connections, Connections) else None
    awaiting = connections if isinstance(connections, AsyncConnections) else None
    make: Callable[..., Client] = Client if key is None else partial(AuthenticatedClient, token=key.reveal())
    return make(
        base_url=settings.base_url,
        headers=settings.headers,
        timeout=_httpx_timeout(settings.timeouts),
        transport=blocking or _Misplaced(),
        async_transport=awaiting or _Misplaced(),
        wrap=blocking and partial(RetryingTransport, rules=rules),
        async_wrap=awaiting and partial(AsyncRetryingTransport, rules=rules),
    )


def _httpx_timeout(timeouts: Timeouts) -> httpx.Timeout:
    return httpx.Timeout(connect=timeouts.connect_s, read=timeouts.read_s, write=timeouts.write_s, pool=timeouts.pool_s)


class _Misplaced(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Stands where a blocking client would await, and the other way round."""

    def handle_request(self, request: httpx.Request) -> NoReturn:
        del request
        raise ConfigurationError("AsyncComfyCloud only awaits; use ComfyCloud for blocking calls.")

    async def handle_async_request(self, request: httpx.Request) -> NoReturn:
        del request
        raise ConfigurationError("ComfyCloud only blocks; use AsyncComfyCloud for awaiting calls.")
