"""The only module that talks to the network: it performs calls and turns transport failures into our errors."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import httpx

from comfy_cloud._flow import Call
from comfy_cloud._settings import CONNECT_TIMEOUT_S, Settings
from comfy_cloud.errors import ApiConnectionError, ApiTimeoutError, ConfigurationError, DecodeError
from comfy_cloud_api import AuthenticatedClient, Client
from comfy_cloud_api.types import Response

KEY_HEADER: Final = "X-API-Key"  # the spec's security scheme ApiKeyAuth


class Transport:
    """Performs calls, blocking or awaiting, until it is closed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = _generated_client(settings)
        self._closed = False

    def perform(self, call: Call) -> Response[object]:
        """One request, blocking."""
        with self._translated():
            return call.operation.blocking(client=self._client, **call.arguments)

    async def aperform(self, call: Call) -> Response[object]:
        """One request, awaiting."""
        with self._translated():
            return await call.operation.awaiting(client=self._client, **call.arguments)

    def close(self) -> None:
        """Close the connections; may be called twice."""
        if not self._closed:
            self._closed = True
            self._client.get_httpx_client().close()

    async def aclose(self) -> None:
        """Close the connections; may be called twice."""
        if not self._closed:
            self._closed = True
            await self._client.get_async_httpx_client().aclose()

    @contextmanager
    def _translated(self) -> Generator[None]:
        where = self._settings.base_url
        if self._closed:
            raise ConfigurationError("This client is closed; make a new one.")
        try:
            yield
        except httpx.TimeoutException as error:
            raise ApiTimeoutError(
                f"{where} did not answer within {self._settings.timeout_s:g} seconds; try again, or raise timeout_s."
            ) from error
        except httpx.TransportError as error:
            raise ApiConnectionError(
                f"{where} cannot be reached ({str(error) or type(error).__name__}); check the base URL and the network."
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # What the generated models raise for a body that is not what the spec describes.
            raise DecodeError(
                f"{where} answered with something the API does not describe ({type(error).__name__}: {error}); "
                "check the base URL."
            ) from error


def _generated_client(settings: Settings) -> AuthenticatedClient | Client:
    timeout = httpx.Timeout(settings.timeout_s, connect=min(CONNECT_TIMEOUT_S, settings.timeout_s))
    if settings.api_key is None:
        return Client(base_url=settings.base_url, timeout=timeout)
    return AuthenticatedClient(
        base_url=settings.base_url,
        timeout=timeout,
        token=settings.api_key,
        prefix="",
        auth_header_name=KEY_HEADER,
    )
