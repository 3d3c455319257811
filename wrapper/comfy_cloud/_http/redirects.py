"""Where a redirect may lead, and what goes along. Pure.

httpx takes `Authorization` off a redirect to another origin, and leaves every other header, so that a key in X-API-Key
would go to whatever host the answer names. Here the key is added innermost and to the base URL's origin alone; beyond
that origin nothing goes along but what says which answer is wanted.
"""

from __future__ import annotations

from http import HTTPStatus
from ipaddress import ip_address
from typing import Final

import httpx
from msgspec import Struct

MAX_REDIRECTS: Final = 5

_FOLLOWED: Final = frozenset({301, 302, 303, 307, 308})
_KEEPING_METHOD: Final = frozenset({307, 308})
_READING: Final = frozenset({"GET", "HEAD"})
_TRAVELLING: Final = frozenset({"accept", "accept-encoding", "accept-language", "range", "if-range", "user-agent"})
_PORTS: Final = {"http": 80, "https": 443}
_LONGEST_LABEL: Final = 63
_LONGEST_HOST: Final = 253
_LAST_PORT: Final = 65535


class Refusal(Struct, frozen=True):
    """A redirect is not followed; why, in words that go on "and was not followed, "."""

    why: str


KEY_IN_TARGET: Final = Refusal("as its target has the API key in it")


def followed(
    request: httpx.Request, response: httpx.Response, *, count: int, allow_http: bool, replayable: bool
) -> httpx.Request | Refusal | None:
    """The request that a redirect leads to; None where the answer is no redirect.

    Args:
        request: What was answered.
        response: The answer.
        count: How many redirects this call has followed since it was last sent.
        allow_http: Whether plain http may leave this machine.
        replayable: Whether the request's body can be sent again.
    """
    location = response.headers.get("location")
    if response.status_code not in _FOLLOWED or location is None:
        return None
    try:
        target = request.url.join(location)
        pointed = httpx.URL(location)
    except (httpx.InvalidURL, ValueError):
        return Refusal("as its target is no URL")
    if pointed.scheme in _PORTS and not pointed.host:  # RFC 9110, 4.2.1; httpx would take the host it came from
        return Refusal("as its target is no URL")
    method = _method(request.method, response.status_code)
    if count >= MAX_REDIRECTS:
        why = f"as it is the one after {MAX_REDIRECTS} others"
    else:
        why = _forbidden(request.url, target, allow_http=allow_http) or _harmful(request, method, target, replayable)
    if why or method is None:
        return Refusal(why)
    if origin(target) == origin(request.url):
        return _same_origin(request, target, method)
    headers = [(name, value) for name, value in request.headers.multi_items() if name in _TRAVELLING]
    return httpx.Request(method, target, headers=headers, extensions=_unbound(request))


def _harmful(request: httpx.Request, method: str | None, target: httpx.URL, replayable: bool) -> str:  # noqa: FBT001 - of `followed`
    if method is None or (method not in _READING and not replayable):
        return f"as sending {request.method} there again might do it twice"
    if method not in _READING and origin(target) != origin(request.url):
        return f"as {method} is not sent to another host"
    return ""


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port, the usual one where none is written."""
    return url.scheme, url.host, url.port or _PORTS.get(url.scheme)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or address alone; nothing is resolved."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_addressable(url: httpx.URL) -> bool:
    """Whether a socket could be opened for it: names are bounded (RFC 1035, 2.3.4), and so are ports.

    Beyond these bounds `socket` and `asyncio` raise errors that are not the network's.
    """
    host = url.raw_host.removesuffix(b".")
    labels_fit = b":" in host or all(0 < len(label) <= _LONGEST_LABEL for label in host.split(b"."))
    return len(host) <= _LONGEST_HOST and labels_fit and 0 <= (url.port or 0) <= _LAST_PORT


def _forbidden(source: httpx.URL, target: httpx.URL, *, allow_http: bool) -> str:
    if target.scheme not in _PORTS or not target.host:
        return "as its target is neither http nor https"
    if not is_addressable(target):
        return "as its target is no URL"
    if target.scheme == "http" and source.scheme == "https":
        return "as it leads from https to plain http"
    if target.scheme == "http" and not allow_http and not is_loopback(target.host):
        return "as it leads to plain http on another machine"
    return ""


def _method(method: str, status: int) -> str | None:
    """The method that goes on; None where that would be another than was meant (RFC 9110, 15.4)."""
    if method in _READING or status in _KEEPING_METHOD:
        return method
    return "GET" if status == HTTPStatus.SEE_OTHER else None


def _same_origin(request: httpx.Request, target: httpx.URL, method: str) -> httpx.Request:
    headers, extensions = request.headers.copy(), request.extensions
    if method == request.method:
        return httpx.Request(method, target, headers=headers, stream=request.stream, extensions=extensions)
    for name in ("content-length", "content-type", "transfer-encoding"):
        headers.pop(name, None)
    return httpx.Request(method, target, headers=headers, extensions=extensions)


def _unbound(request: httpx.Request) -> dict[str, object]:
    """Extensions without what binds the connection to the first host."""
    return {name: value for name, value in request.extensions.items() if name != "sni_hostname"}
