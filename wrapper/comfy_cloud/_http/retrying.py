"""The httpx transports that do what an `Exchange` wants, blocking and awaiting. Nothing is decided here.

They stand between httpx's client and the innermost transport, which adds the key: no request that is seen here, told to
hooks, logged or held by an error has it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import httpx

from comfy_cloud._http.bodies import Body, BodyTooLargeError, CorruptBodyError
from comfy_cloud._http.deadlines import applied
from comfy_cloud._http.exchange import Exchange
from comfy_cloud._http.troubles import NETWORK_ERRORS, Attempted, troubled
from comfy_cloud._http.unwanted import waits
from comfy_cloud._http.wishes import Pause, Rules, Send, Wish

_BODILESS: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class RetryingTransport(httpx.BaseTransport):
    """Sends as often as the rules say, and hands on complete answers.

    Args:
        inner: Adds the key and sends.
        rules: What calls go by.
    """

    def __init__(self, inner: httpx.BaseTransport, rules: Rules) -> None:
        self._inner, self._rules = inner, rules

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Raises:
            ApiError: no answer can be handed on.
        """
        flow = Exchange(self._rules, request).run()
        done: Attempted | None = None
        try:
            while True:
                done = self._do(flow.send(done))
        except StopIteration as end:
            response: httpx.Response = end.value
            return response
        except BaseException:
            if done is not None and done.response is not None:  # a hook has raised; nobody else will close it
                done.response.close()
            raise
        finally:
            flow.close()

    def _do(self, wish: Wish) -> Attempted | None:
        if isinstance(wish, Pause):
            for seconds in waits(wish.seconds):
                self._rules.clock.sleep(seconds)
                self._rules.check_usable()
            return None
        response: httpx.Response | None = None
        try:
            with applied(wish.deadline):
                response = self._inner.handle_request(wish.request)
                return Attempted(response if _is_left_open(wish, response) else _complete(wish, response))
        except NETWORK_ERRORS as error:
            return troubled(error, response, wish.deadline)

    def close(self) -> None:
        """Nothing: the connections outlive this, as other clients may share them."""


def _complete(wish: Send, response: httpx.Response) -> httpx.Response:
    stream = response.stream
    assert isinstance(stream, httpx.SyncByteStream)
    try:
        body = _body(wish, response)
        for piece in stream:
            body.feed(piece)
            _check_deadline(wish)
        return _settled(wish, response, body.finish())
    except (BodyTooLargeError, CorruptBodyError):
        if not response.is_error:
            raise
        return _settled(wish, response, b"")  # the status says what went wrong
    finally:
        stream.close()


class AsyncRetryingTransport(httpx.AsyncBaseTransport):
    """`RetryingTransport`, awaiting."""

    def __init__(self, inner: httpx.AsyncBaseTransport, rules: Rules) -> None:
        self._inner, self._rules = inner, rules

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See `RetryingTransport.handle_request`."""
        flow = Exchange(self._rules, request).run()
        done: Attempted | None = None
        try:
            while True:
                done = await self._do(flow.send(done))
        except StopIteration as end:
            response: httpx.Response = end.value
            return response
        except BaseException:
            if done is not None and done.response is not None:  # a hook has raised; nobody else will close it
                await done.response.aclose()
            raise
        finally:
            flow.close()

    async def _do(self, wish: Wish) -> Attempted | None:
        if isinstance(wish, Pause):
            await self._rules.clock.asleep(wish.seconds)
            return None
        import asyncio  # noqa: PLC0415 - blocking programs need not load it, and it takes as long as the rest

        response: httpx.Response | None = None
        try:
            async with asyncio.timeout(wish.deadline.remaining_s):
                response = await self._inner.handle_async_request(wish.request)
                return Attempted(response if _is_left_open(wish, response) else await _acomplete(wish, response))
        except NETWORK_ERRORS as error:
            return troubled(error, response, wish.deadline)

    async def aclose(self) -> None:
        """See `RetryingTransport.close`."""


async def _acomplete(wish: Send, response: httpx.Response) -> httpx.Response:
    stream = response.stream
    assert isinstance(stream, httpx.AsyncByteStream)
    try:
        body = _body(wish, response)
        async for piece in stream:
            body.feed(piece)
            _check_deadline(wish)
        return _settled(wish, response, body.finish())
    except (BodyTooLargeError, CorruptBodyError):
        if not response.is_error:
            raise
        return _settled(wish, response, b"")  # the status says what went wrong
    finally:
        await stream.aclose()


def _is_left_open(wish: Send, response: httpx.Response) -> bool:
    return wish.streamed and response.is_success


def _body(wish: Send, response: httpx.Response) -> Body:
    headers = response.headers
    if wish.request.method == "HEAD" or response.status_code in _BODILESS:  # what they state is another answer's
        return Body("", None, wish.limit)
    return Body(headers.get("content-encoding", ""), headers.get("content-length"), wish.limit)


def _check_deadline(wish: Send) -> None:
    if wish.deadline.passed:
        raise TimeoutError


def _settled(wish: Send, response: httpx.Response, content: bytes) -> httpx.Response:
    """The answer with its body, which httpx is not to decompress again."""
    content = wish.clean(response, content)
    coding = response.headers.pop("content-encoding", None)
    response.stream = httpx.ByteStream(content)
    response.read()
    if coding is not None:
        response.headers["content-encoding"] = coding
    return response
