"""Sending without what httpx's client does on the way, where it has nothing to do.

It looks for hooks, credentials, redirects and cookies, and tells its log, which takes as long as the rest of a small
call. Where none of these is there, a request goes straight to the transport; where one is, httpx does it all.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Final

import httpx

_LOG: Final = logging.getLogger("httpx")


def is_plain(client: httpx.Client | httpx.AsyncClient, request: httpx.Request) -> bool:
    """Whether httpx's client would do nothing but send; whatever its user has changed on it since it was made."""
    return not (
        client.is_closed
        or request.url.userinfo
        or client.auth
        or client.follow_redirects
        or client.params
        or any(client.event_hooks.values())
        or _LOG.isEnabledFor(logging.INFO)
    )


def sent(client: httpx.Client, transport: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
    """The answer to a request, its body complete.

    Args:
        client: Which is plain; it keeps the cookies.
        transport: The one it sends through.
        request: What it would send.

    Raises:
        httpx.RequestError: as httpx's client does.
    """
    began = time.perf_counter()
    response: httpx.Response | None = None
    try:
        response = transport.handle_request(request)
        response.request = request
        if not response.is_closed:
            response.read()
            response.elapsed = timedelta(seconds=time.perf_counter() - began)
    except BaseException as error:
        if response is not None:
            response.close()
        _tell(error, request)
        raise
    return _kept_cookies(client, response)


async def asent(
    client: httpx.AsyncClient, transport: httpx.AsyncBaseTransport, request: httpx.Request
) -> httpx.Response:
    """`sent`, awaiting."""
    began = time.perf_counter()
    response: httpx.Response | None = None
    try:
        response = await transport.handle_async_request(request)
        response.request = request
        if not response.is_closed:
            await response.aread()
            response.elapsed = timedelta(seconds=time.perf_counter() - began)
    except BaseException as error:
        if response is not None:
            await response.aclose()
        _tell(error, request)
        raise
    return _kept_cookies(client, response)


def _tell(error: BaseException, request: httpx.Request) -> None:
    """Let httpx's errors know their request."""
    if isinstance(error, httpx.RequestError):
        error.request = request


def _kept_cookies(client: httpx.Client | httpx.AsyncClient, response: httpx.Response) -> httpx.Response:
    if "set-cookie" in response.headers:
        client.cookies.extract_cookies(response)
    return response


__all__ = ["asent", "is_plain", "sent"]
