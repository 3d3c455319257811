"""The two clients: settings, a transport made from them, and the resources that use it."""

from __future__ import annotations

from typing import Self

from comfy_cloud._settings import DEFAULT_TIMEOUT_S, FROM_ENVIRONMENT, ApiKey, Settings, resolve
from comfy_cloud._transport import Transport
from comfy_cloud.assets import AssetQuery, AsyncAssetQuery
from comfy_cloud.query import AssetQuerySpec
from comfy_cloud.tags import AsyncTags, Tags


class _Base:
    """What both clients are made of."""

    def __init__(
        self,
        *,
        api_key: ApiKey = FROM_ENVIRONMENT,
        base_url: str | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> None:
        self._settings: Settings = resolve(api_key, base_url, timeout_s)
        self._transport = Transport(self._settings)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._settings.base_url!r})"


class ComfyCloud(_Base):
    """A client of Comfy Cloud, or of another server of the same API.

    Args:
        api_key: The API key. Left away, it is read from COMFY_CLOUD_API_KEY. None sends no key, which only a server
            on this machine accepts.
        base_url: Where the server is, without `/api`. Left away, COMFY_CLOUD_BASE_URL or else Comfy Cloud.
        timeout_s: The longest wait for a single read or write, in seconds.

    Raises:
        ConfigurationError: no key for a server elsewhere, a blank key, or a base URL without scheme.
    """

    @property
    def assets(self) -> AssetQuery:
        """All assets of the account; narrow it with `where`, sort it with `order_by`, and iterate it."""
        return AssetQuery(self._transport, AssetQuerySpec())

    @property
    def tags(self) -> Tags:
        """The tags of the account's assets."""
        return Tags(self._transport)

    def close(self) -> None:
        """Close the connections; may be called twice."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncComfyCloud(_Base):
    """`ComfyCloud`, awaiting."""

    @property
    def assets(self) -> AsyncAssetQuery:
        """See `ComfyCloud.assets`."""
        return AsyncAssetQuery(self._transport, AssetQuerySpec())

    @property
    def tags(self) -> AsyncTags:
        """See `ComfyCloud.tags`."""
        return AsyncTags(self._transport)

    async def aclose(self) -> None:
        """See `ComfyCloud.close`."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
