"""The clients: where the server is, how patient to be, and the key, which only the innermost transport sees."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from threading import Lock
from typing import Any, Final, Literal, NoReturn, Self, TypeAlias
from urllib.parse import quote
from urllib.request import getproxies, proxy_bypass

import httpx

from .bodies import EncodedBody
from .errors import ParameterError
from .operations import OPERATION_EXTENSION, Operation, Request
from .sending import asent, is_plain, sent
from .values import Response

DEFAULT_TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)
"""Seconds: 10 to connect, 60 for each read, write, and wait for a free connection."""

KeyLocation: TypeAlias = Literal["header", "query", "cookie"]


class _Key:
    """A credential, and where it goes. It has no repr and cannot be pickled."""

    __slots__ = ("_origin", "_value", "location", "name")

    def __init__(self, name: str, location: KeyLocation, value: str, base_url: httpx.URL) -> None:
        if not value or not value.isascii() or not value.isprintable():
            raise ParameterError("The token is empty, or contains a line end or a non-ASCII character; copy it again.")
        self.name = name
        self.location = location
        self._value = value
        self._origin = _origin(base_url)

    def added_to(self, request: httpx.Request) -> httpx.Request:
        """A copy of the request that carries the key, if it goes where the key belongs and needs it."""
        operation = request.extensions.get(OPERATION_EXTENSION)
        unsecured = isinstance(operation, Operation) and not operation.secured
        if unsecured or _origin(request.url) != self._origin:
            return request
        url, headers = request.url, request.headers.copy()
        if self.location == "query":
            # By hand, as httpx would encode the rest of the query again.
            query = f"{quote(self.name, safe='')}={quote(self._value, safe='')}"
            url = httpx.URL(f"{url}{'&' if url.query else '?'}{query}")
        elif self.location == "cookie":
            headers["Cookie"] = "; ".join(filter(None, [headers.get("Cookie"), f"{self.name}={self._value}"]))
        else:
            headers[self.name] = self._value
        return httpx.Request(request.method, url, headers=headers, stream=request.stream, extensions=request.extensions)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A key is not pickled; make the client where it is used.")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    default = {"http": 80, "https": 443}
    return url.scheme, url.host, url.port or default.get(url.scheme)


class _KeyTransport(httpx.BaseTransport):
    def __init__(self, inner: httpx.BaseTransport, key: _Key) -> None:
        self._inner, self._key = inner, key

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._inner.handle_request(self._key.added_to(request))

    def close(self) -> None:
        self._inner.close()


class _AsyncKeyTransport(httpx.AsyncBaseTransport):
    def __init__(self, inner: httpx.AsyncBaseTransport, key: _Key) -> None:
        self._inner, self._key = inner, key

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._inner.handle_async_request(self._key.added_to(request))

    async def aclose(self) -> None:
        await self._inner.aclose()


@lru_cache(maxsize=1)
def _default_ssl_context() -> ssl.SSLContext:
    """One for all clients, as making one takes longer than a request."""
    return httpx.create_ssl_context()


def default_transport(base_url: str, verify_ssl: bool | ssl.SSLContext = True) -> httpx.HTTPTransport:  # noqa: FBT001, FBT002 - httpx's
    """What a client sends through unless told otherwise.

    It is httpx's transport, with certificates made once for all clients
    and the proxy that the environment names for this server.
    """
    return httpx.HTTPTransport(**_connection(base_url, verify_ssl))


def default_async_transport(base_url: str, verify_ssl: bool | ssl.SSLContext = True) -> httpx.AsyncHTTPTransport:  # noqa: FBT001, FBT002 - httpx's
    """`default_transport`, for asyncio."""
    return httpx.AsyncHTTPTransport(**_connection(base_url, verify_ssl))


def _connection(base_url: str, verify_ssl: bool | ssl.SSLContext) -> dict[str, Any]:  # noqa: FBT001 - httpx's
    url = httpx.URL(base_url)
    proxies = {} if proxy_bypass(url.host) else getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return {"verify": _default_ssl_context() if verify_ssl is True else verify_ssl, "proxy": proxy}


class Client:
    """A client of the API that sends no key.

    Args:
        base_url: Scheme, host, and a path prefix if there is one.
        headers: Sent with every request.
        cookies: Sent with every request.
        timeout: In seconds; never infinite unless you say `httpx.Timeout(None)`.
        verify_ssl: False to accept any certificate, or an `ssl.SSLContext` of your own.
        follow_redirects: Whether redirects are followed; the key is never sent to another origin.
        raise_on_unexpected_status: Whether a status that the API does not document raises `UnexpectedStatus`; if
            not, the answer's `parsed` is None.
        transport: An httpx transport of your own, for proxies, HTTP/2 or tests.
        async_transport: The same for asyncio.
        wrap: Given the transport that adds the key, returns the one that the client sends through: for retries, logs or
            caches, which so never see the key.
        async_wrap: The same for asyncio.
        httpx_args: Other arguments of `httpx.Client` and `httpx.AsyncClient`.

    Raises:
        ParameterError: the base URL has no scheme or no host.
    """

    def __init__(  # noqa: PLR0913 - what httpx's clients take, by keyword
        self,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        timeout: httpx.Timeout | float = DEFAULT_TIMEOUT,
        verify_ssl: bool | ssl.SSLContext = True,
        follow_redirects: bool = False,
        raise_on_unexpected_status: bool = True,
        transport: httpx.BaseTransport | None = None,
        async_transport: httpx.AsyncBaseTransport | None = None,
        wrap: Callable[[httpx.BaseTransport], httpx.BaseTransport] | None = None,
        async_wrap: Callable[[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport] | None = None,
        httpx_args: Mapping[str, Any] | None = None,
    ) -> None:
        url = httpx.URL(base_url)
        if url.scheme not in ("http", "https") or not url.host:
            raise ParameterError(f"The base URL {base_url!r} needs http:// or https:// and a host.")
        self.base_url: Final = base_url.rstrip("/")
        self.raise_on_unexpected_status: Final = raise_on_unexpected_status
        self._options: dict[str, Any] = {
            "headers": dict(headers or {}),
            "cookies": dict(cookies or {}),
            "timeout": timeout,
            "verify_ssl": verify_ssl,
            "follow_redirects": follow_redirects,
            "raise_on_unexpected_status": raise_on_unexpected_status,
            "transport": transport,
            "async_transport": async_transport,
            "wrap": wrap,
            "async_wrap": async_wrap,
            "httpx_args": dict(httpx_args or {}),
        }
        self._key: _Key | None = None
        self._lock = Lock()
        # What may be sent through directly; None where arguments of httpx's client decide.
        self._transport: httpx.BaseTransport | None = None
        self._async_transport: httpx.AsyncBaseTransport | None = None
        self._client: httpx.Client | None = None
        self._async_client: httpx.AsyncClient | None = None

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """A new client with additional headers; this one stays as it is."""
        return self._with(headers={**self._options["headers"], **headers})

    def with_cookies(self, cookies: Mapping[str, str]) -> Self:
        """A new client with additional cookies; this one stays as it is."""
        return self._with(cookies={**self._options["cookies"], **cookies})

    def with_timeout(self, timeout: httpx.Timeout | float) -> Self:
        """A new client with another timeout, in seconds; this one stays as it is."""
        return self._with(timeout=timeout)

    def _with(self, **changed: Any) -> Self:
        new = type(self).__new__(type(self))
        Client.__init__(new, self.base_url, **{**self._options, **changed})
        new._key = self._key  # noqa: SLF001 - of this class
        return new

    def get_httpx_client(self) -> httpx.Client:
        """The httpx client beneath, made at first use; one however many threads ask. It does not hold the key."""
        with self._lock:
            if self._client is None:
                transport = self._options["transport"] or default_transport(self.base_url, self._options["verify_ssl"])
                for wrap in (self._key and partial(_KeyTransport, key=self._key), self._options["wrap"]):
                    transport = wrap(transport) if wrap else transport
                self._client = httpx.Client(transport=transport, **self._httpx_options())
                self._transport = None if self._options["httpx_args"] else transport
            return self._client

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The httpx client beneath for asyncio, like `get_httpx_client`."""
        with self._lock:
            if self._async_client is None:
                verify = self._options["verify_ssl"]
                transport = self._options["async_transport"] or default_async_transport(self.base_url, verify)
                for wrap in (self._key and partial(_AsyncKeyTransport, key=self._key), self._options["async_wrap"]):
                    transport = wrap(transport) if wrap else transport
                self._async_client = httpx.AsyncClient(transport=transport, **self._httpx_options())
                self._async_transport = None if self._options["httpx_args"] else transport
            return self._async_client

    def _httpx_options(self) -> dict[str, Any]:
        names = ("headers", "cookies", "timeout", "follow_redirects")
        return {**{name: self._options[name] for name in names}, **self._options["httpx_args"]}

    def send(self, request: Request, extensions: Mapping[str, Any] | None = None) -> httpx.Response:
        """Send a request of a generated module's `request(...)`; the answer's body is complete.

        Args:
            request: What to send.
            extensions: What a transport of your own is to find in the request's httpx extensions.

        Raises:
            httpx.TransportError: the server was not reached, or the connection broke.
        """
        client = self.get_httpx_client()
        body = request.body and request.body.for_sync()
        built = client.build_request(**self._built(request, body, extensions))
        if self._transport is None or not is_plain(client, built):
            return client.send(built)
        return sent(client, self._transport, built)

    async def asend(self, request: Request, extensions: Mapping[str, Any] | None = None) -> httpx.Response:
        """`send`, awaiting."""
        client = self.get_async_httpx_client()
        body = request.body and request.body.for_async()
        built = client.build_request(**self._built(request, body, extensions))
        if self._async_transport is None or not is_plain(client, built):
            return await client.send(built)
        return await asent(client, self._async_transport, built)

    def _built(
        self, request: Request, encoded: EncodedBody | None, extensions: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        body = {"content": encoded.content, "files": encoded.files} if encoded else {}
        return {
            "method": request.operation.method,
            "url": self.base_url + request.target,
            "headers": dict(request.headers),
            "extensions": {**(extensions or {}), OPERATION_EXTENSION: request.operation},
            **body,
        }

    def call(self, request: Request, *, strict: bool | None = None) -> Response[Any]:
        """Send a request and read the answer; raises what `send` and `Operation.read` raise.

        `strict` overrides the client's `raise_on_unexpected_status`.
        """
        return request.operation.read(
            self.send(request), strict=self.raise_on_unexpected_status if strict is None else strict
        )

    async def acall(self, request: Request, *, strict: bool | None = None) -> Response[Any]:
        """`call`, awaiting."""
        return request.operation.read(
            await self.asend(request), strict=self.raise_on_unexpected_status if strict is None else strict
        )

    def close(self) -> None:
        """Close the connections; may be called twice."""
        if self._client is not None:
            self._client.close()

    async def aclose(self) -> None:
        """Close asyncio's connections; may be called twice."""
        if self._async_client is not None:
            await self._async_client.aclose()

    def __enter__(self) -> Self:
        self.get_httpx_client()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        self.get_async_httpx_client()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds connections and cannot be pickled; make one where it is used.")


class KeyedClient(Client):
    """A client that sends a key with the operations that need one, to the base URL's origin alone.

    The key is added to a copy of each request by the innermost transport, so no hook, log, error or repr has it.
    """

    def __init__(self, base_url: str, token: str, *, name: str, location: KeyLocation, **options: Any) -> None:
        """Take `Client`'s arguments, and the key with the name and the place the API wants it in."""
        super().__init__(base_url, **options)
        self._key = _Key(name, location, token, httpx.URL(base_url))


__all__ = ["DEFAULT_TIMEOUT", "Client", "KeyedClient", "default_async_transport", "default_transport"]
