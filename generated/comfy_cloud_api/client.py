# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""The clients of this API."""

from typing import Any, Final

from . import _runtime as _rt_

Client = _rt_.Client

SERVERS: Final = ("https://cloud.comfy.org",)
"""The addresses that the API's document states."""

API_VERSION: Final = "1.0.0"
"""The version that the API's document states."""


class AuthenticatedClient(_rt_.KeyedClient):
    """A client that sends your key, in the header X-API-Key.

    Args:
        base_url: Scheme, host, and a path prefix if there is one.
        token: The key.
        options: What `Client` takes beside the base URL: headers, cookies, timeout, verify_ssl, follow_redirects,
            raise_on_unexpected_status, transport, async_transport, wrap, async_wrap, httpx_args.

    Raises:
        ParameterError: the token is empty or no header can carry it, or the base URL has no scheme.
    """

    def __init__(self, base_url: str, token: str, **options: Any) -> None:
        super().__init__(
            base_url,
            token,
            name="X-API-Key",
            location="header",
            **options,
        )


default_transport = _rt_.default_transport
default_async_transport = _rt_.default_async_transport

__all__ = ["API_VERSION", "SERVERS", "AuthenticatedClient", "Client", "default_async_transport", "default_transport"]
