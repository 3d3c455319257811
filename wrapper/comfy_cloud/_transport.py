"""The only module that talks to the network: it performs calls and turns transport failures into our errors."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import httpx

from comfy_cloud._flow import Call
from comfy_cloud._settings import CONNECT_TIMEOUT_S, Settings
from comfy_cloud.errors import ApiConnectionError, ApiTimeoutError, ConfigurationError
from comfy_cloud_api import AuthenticatedClient, Client
from comfy_cloud_api.types import RawResponse


class Transport:
    """Performs calls, blocking or awaiting, until it is closed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = _generated_client(settings)
        self._closed = False

    def perform(self, call: Call) -> RawResponse:
        """One request, blocking; the answer's body is complete."""
        with self._translated():
            return self._client.send(call.operation.request(call.arguments))

    async def aperform(self, call: Call) -> RawResponse:
        """One request, awaiting; the answer's body is complete."""
        with self._translated():
            return await self._client.asend(call.operation.request(call.arguments))

    def close(self) -> None:
        """Close the connections; may be called twice."""
        self._closed = True
        self._client.close()

    async def aclose(self) -> None:
        """Close the connections; may be called twice."""
        self._closed = True
        await self._client.aclose()

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


def _generated_client(settings: Settings) -> AuthenticatedClient | Client:
    timeout = httpx.Timeout(settings.timeout_s, connect=min(CONNECT_TIMEOUT_S, settings.timeout_s))
    if settings.api_key is None:
        return Client(base_url=settings.base_url, timeout=timeout)
    return AuthenticatedClient(settings.base_url, settings.api_key, timeout=timeout)
