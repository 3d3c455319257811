"""The two clients: settings, a transport made from them, and the resources that use it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import ClassVar, NoReturn, Self

from msgspec.structs import replace

from comfy_cloud._flow import succeeded
from comfy_cloud._http.clock import Clock
from comfy_cloud._http.events import Hooks, RequestHook, ResponseHook, RetryHook, Stats
from comfy_cloud._http.wishes import STREAM_EXTENSION
from comfy_cloud._settings import (
    DEFAULT_MAX_BODY_BYTES,
    DEFAULT_TIMEOUT_S,
    FROM_ENVIRONMENT,
    ApiKey,
    HttpTransport,
    Settings,
    Timeouts,
    checked_headers,
    key_of,
    resolve,
    timeouts_of,
)
from comfy_cloud._transport import Transport
from comfy_cloud.assets import AssetQuery, AsyncAssetQuery
from comfy_cloud.drift import DriftReport
from comfy_cloud.query import AssetQuerySpec
from comfy_cloud.retries import RetryPolicy
from comfy_cloud.tags import AsyncTags, Tags
from comfy_cloud_api import AuthenticatedClient, Client
from comfy_cloud_api.operations import RETRY
from comfy_cloud_api.types import UNSET, RawResponse, unlisted_request


class _Base:
    """What both clients are made of."""

    _blocking: ClassVar[bool]
    _transport: Transport

    def __init__(  # noqa: PLR0913 - each by keyword, each with a default
        self,
        *,
        api_key: ApiKey = FROM_ENVIRONMENT,
        base_url: str | None = None,
        timeout_s: float | Timeouts = DEFAULT_TIMEOUT_S,
        retry: RetryPolicy | None = None,
        max_body_bytes: int = DEFAULT_MAX_BODY_BYTES,
        allow_http: bool = False,
        headers: Mapping[str, str] | None = None,
        transport: HttpTransport | None = None,
        on_request: RequestHook | None = None,
        on_response: ResponseHook | None = None,
        on_retry: RetryHook | None = None,
        clock: Clock | None = None,
    ) -> None:
        key = key_of(api_key)
        del api_key  # so that no traceback from here on shows it
        settings = resolve(
            key,
            base_url,
            timeout_s,
            retry=retry,
            max_body_bytes=max_body_bytes,
            allow_http=allow_http,
            headers=headers,
            transport=transport,
            hooks=Hooks(on_request, on_response, on_retry),
            clock=clock,
        )
        self._transport = Transport.opened(settings, blocking=self._blocking)

    @property
    def _settings(self) -> Settings:
        return self._transport.settings

    def with_options(
        self,
        *,
        timeout_s: float | Timeouts | None = None,
        retry: RetryPolicy | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """A client with other options, for some calls: `comfy.with_options(timeout_s=5).assets.count()`.

        It shares connections, retry budget and `stats` with this one, which stays as it is. Closing it closes no
        connection.

        Args:
            timeout_s: As for a new client; None leaves it as it is.
            retry: As for a new client; None leaves it as it is.
            headers: Sent beside those that this one sends.

        Raises:
            ConfigurationError: one of them is unusable.
        """
        old = self._settings
        settings = replace(
            old,
            timeouts=old.timeouts if timeout_s is None else timeouts_of(timeout_s),
            retry=old.retry if retry is None else retry,
            headers={**old.headers, **checked_headers(headers or {})},
        )
        new = type(self).__new__(type(self))
        new._transport = self._transport.derived(settings)  # noqa: SLF001 - of this class
        return new

    @property
    def api(self) -> AuthenticatedClient | Client:
        """The generated client, for the functions of `comfy_cloud_api`.

        It sends through the same connections, with the same key, retries and limits; the functions return what the API
        documents, errors included. Its `with_timeout`, `with_headers` and `with_cookies` keep all that.
        """
        return self._transport.api

    @property
    def stats(self) -> Stats:
        """What was done so far."""
        return self._transport.connections.counter.stats()

    def drift_report(self) -> DriftReport:
        """What the server's answers so far held that the published document does not know, counted by operation.

        It holds no content, so it can be given to whoever keeps the document. Derived clients count together.
        """
        return DriftReport(self._transport.connections.drift.entries())

    def raw_responses(self) -> AbstractContextManager[list[RawResponse]]:
        """Within the block, whatever this thread or task asks through the client leaves its raw answers in a list.

            with comfy.raw_responses() as answers:
                comfy.assets.count()
            print(answers[-1].headers["content-type"], answers[-1].content)

        The answers are httpx's, errors among them, each with its body, so a long listing fills the memory.
        """
        return self._transport.recorded()

    def __repr__(self) -> str:
        made = hasattr(self, "_transport")  # not so in the traceback of arguments that were refused
        return f"{type(self).__name__}({f'base_url={self._settings.base_url!r}' if made else ''})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds connections and cannot be pickled; make one where it is used.")


class ComfyCloud(_Base):
    """A client of Comfy Cloud, or of another server of the same API; safe from many threads.

    Args:
        api_key: The API key. Left away, it is read from COMFY_CLOUD_API_KEY. None sends no key, which only a server
            on this machine accepts.
        base_url: Where the server is, without `/api`. Left away, COMFY_CLOUD_BASE_URL or else Comfy Cloud.
        timeout_s: The longest wait for a single read or write, in seconds; 10 at most for a connection. `Timeouts` for
            each by itself.
        retry: How often and how long a call is tried, 6 times within 120 seconds unless given; `RetryPolicy.none()`
            for once.
        max_body_bytes: The largest body that is taken, after decompression.
        allow_http: Whether the key may be sent without encryption to another machine.
        headers: Sent with every request to this server.
        transport: An httpx transport of your own, for a proxy, certificates or HTTP/2: `httpx.HTTPTransport(...)`, or
            `httpx.AsyncHTTPTransport(...)` for an async client. It is closed with the client.
        on_request: Called with a `RequestEvent` before each attempt.
        on_response: Called with a `ResponseEvent` after each attempt.
        on_retry: Called with a `RetryEvent` before each wait.
        clock: What time and jitter are taken from; for tests, see `comfy_cloud.testing`.

    Raises:
        ConfigurationError: no key for a server elsewhere, a blank key, a base URL without scheme, or another argument
            that cannot be.
    """

    _blocking = True

    @property
    def assets(self) -> AssetQuery:
        """All assets of the account; narrow it with `where`, sort it with `order_by`, and iterate it."""
        return AssetQuery(self._transport, AssetQuerySpec())

    @property
    def tags(self) -> Tags:
        """The tags of the account's assets."""
        return Tags(self._transport)

    def request(
        self, method: str, path: str, *, params: Mapping[str, object] | None = None, json: object = UNSET
    ) -> RawResponse:
        """Ask for what the library does not know yet, by the rules of every call: key, retries, limits, errors.

        It is sent again only if its method is idempotent (RFC 9110: all but POST and PATCH), or nothing was done.

        Args:
            method: An HTTP method.
            path: From the base URL on, such as `/api/assets`.
            params: The query; None values are left out, lists repeat their name.
            json: The body, as JSON.

        Returns:
            httpx's response, complete, with a status below 400.

        Raises:
            ParameterError: the method, the path or a value cannot be sent.
            ApiError: the request failed, or the answer is no success.
        """
        return succeeded(self._transport.send(unlisted_request(method, path, params, json, retry=RETRY)))

    def close(self) -> None:
        """Close the connections; may be called twice."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncComfyCloud(_Base):
    """`ComfyCloud`, awaiting; for asyncio, and one event loop."""

    _blocking = False

    @property
    def assets(self) -> AsyncAssetQuery:
        """See `ComfyCloud.assets`."""
        return AsyncAssetQuery(self._transport, AssetQuerySpec())

    @property
    def tags(self) -> AsyncTags:
        """See `ComfyCloud.tags`."""
        return AsyncTags(self._transport)

    async def request(
        self, method: str, path: str, *, params: Mapping[str, object] | None = None, json: object = UNSET
    ) -> RawResponse:
        """See `ComfyCloud.request`."""
        return succeeded(await self._transport.asend(unlisted_request(method, path, params, json, retry=RETRY)))

    async def aclose(self) -> None:
        """See `ComfyCloud.close`."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


__all__ = ["STREAM_EXTENSION", "AsyncComfyCloud", "ComfyCloud"]
