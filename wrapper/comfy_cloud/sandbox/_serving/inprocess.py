"""The way in without a socket: httpx transports that ask the front. Faults are the errors a connection would give.

Time is spent only where a client would spend it: a wait that is longer than the request's read timeout is a
`ReadTimeout` at once. Silence for ever ends at once too, also without a timeout, because nothing could end it.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext
from threading import RLock
from typing import NoReturn

import anyio
import httpx

from .delivery import Delivery
from .exchange import Asked
from .front import Front, Visit, read_asked

SyncSleep = Callable[[float], object]
AsyncSleep = Callable[[float], Awaitable[object]]


class InProcess(httpx.BaseTransport):
    """A sandbox as a transport of `httpx.Client`. Made by `Sandbox.transport`. Safe to use from several threads."""

    def __init__(self, front: Front, is_closed: Callable[[], bool], sleep: SyncSleep | None) -> None:
        """Ask `front`, and wait with `sleep`."""
        self._front = front
        self._is_closed = is_closed
        self._sleep = sleep or time.sleep
        self._in_line = RLock()  # so that a sleep which asks the sandbox itself does not wait for itself

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, or the error that a connection would have ended in."""
        _check_open(self._is_closed(), request)
        visit = self._front.visit(_asked(request, request.read()))
        with self._in_line if visit.serialised else nullcontext():
            if visit.wait:
                self._sleep(_within(visit, visit.wait, request))
            delivery = visit.delivery()
        return _response(delivery, request, _Body(visit, delivery, request, self._sleep))


class AsyncInProcess(httpx.AsyncBaseTransport):
    """A sandbox as a transport of `httpx.AsyncClient`. Made by `Sandbox.async_transport`."""

    def __init__(self, front: Front, is_closed: Callable[[], bool], sleep: AsyncSleep | None) -> None:
        """Ask `front`, and wait with `sleep`."""
        self._front = front
        self._is_closed = is_closed
        self._sleep = sleep or anyio.sleep
        self._in_line: anyio.Lock | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, or the error that a connection would have ended in."""
        _check_open(self._is_closed(), request)
        visit = self._front.visit(_asked(request, await request.aread()))
        try:
            async with self._turn(visit):
                if visit.wait:
                    await self._sleep(_within(visit, visit.wait, request))
                delivery = visit.delivery()
        except BaseException:  # such as a cancellation
            visit.left()
            raise
        return _response(delivery, request, _AsyncBody(visit, delivery, request, self._sleep))

    def _turn(self, visit: Visit) -> AbstractAsyncContextManager[object]:
        if not visit.serialised:
            return nullcontext()
        # Made here, because it belongs to the event loop that runs now.
        self._in_line = self._in_line or anyio.Lock()
        return self._in_line


class _Script:
    """What reading a body meets, in order: how long to wait (a float), what comes (bytes), and perhaps an error."""

    def __init__(self, visit: Visit, delivery: Delivery, request: httpx.Request) -> None:
        self._visit = visit
        self._delivery = delivery
        self._request = request
        self._ended = False

    def steps(self) -> Iterator[float | bytes]:
        sent, whole = 0, len(self._delivery.body) - len(self._delivery.surplus)
        for wait, piece in self._delivery.pieces():
            if wait:
                yield _within(self._visit, wait, self._request)
            sent += len(piece)
            # Before the last piece, with which a client may stop: it has everything then.
            self._ended = sent == whole
            yield piece
        self._ended = True
        _check_ending(self._delivery, self._request)

    def stop(self) -> None:
        """The client is done with the body, read or not."""
        if not self._ended:
            self._visit.left()


class _Body(httpx.SyncByteStream):
    def __init__(self, visit: Visit, delivery: Delivery, request: httpx.Request, sleep: SyncSleep) -> None:
        self._script = _Script(visit, delivery, request)
        self._sleep = sleep

    def __iter__(self) -> Iterator[bytes]:
        for step in self._script.steps():
            if isinstance(step, bytes):
                yield step
            else:
                self._sleep(step)

    def close(self) -> None:
        self._script.stop()


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, visit: Visit, delivery: Delivery, request: httpx.Request, sleep: AsyncSleep) -> None:
        self._script = _Script(visit, delivery, request)
        self._sleep = sleep

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for step in self._script.steps():
            if isinstance(step, bytes):
                yield step
            else:
                await self._sleep(step)

    async def aclose(self) -> None:
        self._script.stop()


def _asked(request: httpx.Request, body: bytes) -> Asked:
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in request.headers.raw)
    base = f"{request.url.scheme}://{request.url.netloc.decode('latin-1')}"
    return read_asked(request.method, request.url.raw_path.decode("latin-1"), headers, body, base)


def _response(
    delivery: Delivery, request: httpx.Request, stream: httpx.SyncByteStream | httpx.AsyncByteStream
) -> httpx.Response:
    if not delivery.head:
        _check_ending(delivery, request)
    headers = list(delivery.headers)
    return httpx.Response(
        delivery.answer.status, headers=headers, stream=stream, extensions={"http_version": b"HTTP/1.1"}
    )


def _check_open(closed: bool, request: httpx.Request) -> None:  # noqa: FBT001 - called right below, by position
    if closed:
        raise httpx.ConnectError("The sandbox is closed.", request=request)


def _within(visit: Visit, seconds: float, request: httpx.Request) -> float:
    """The seconds, if the client is there so long; else the error with which it leaves."""
    timeout = request.extensions.get("timeout", {}).get("read")
    if timeout is not None and seconds >= timeout:
        visit.left()
        raise httpx.ReadTimeout("timed out", request=request)
    return seconds


def _check_ending(delivery: Delivery, request: httpx.Request) -> None:
    """Return where the delivery is complete, else raise what httpx does when a connection ends so."""
    if delivery.ending != "complete":
        _break_off(delivery, request)


def _break_off(delivery: Delivery, request: httpx.Request) -> NoReturn:
    if delivery.ending == "stalled":
        raise httpx.ReadTimeout("timed out", request=request)
    if delivery.ending == "reset":
        raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
    if not delivery.head:
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    announced = dict(delivery.headers).get("Content-Length")
    raise httpx.RemoteProtocolError(
        "peer closed connection without sending complete message body"
        f" (received {len(delivery.body)} bytes, expected {announced})",
        request=request,
    )
