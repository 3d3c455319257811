"""What a client is made with: arguments over environment over defaults, checked once."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from enum import Enum
from math import inf
from typing import Final, Literal, TypeAlias

import httpx
from msgspec import Struct

from comfy_cloud._http.bodies import ACCEPT_ENCODING
from comfy_cloud._http.clock import Clock, RealClock
from comfy_cloud._http.events import Hooks, log_as_told
from comfy_cloud._http.redirects import is_addressable, is_loopback
from comfy_cloud._http.secrets import Key
from comfy_cloud._version import __version__
from comfy_cloud.errors import KEYS_PAGE, ConfigurationError
from comfy_cloud.retries import RetryPolicy
from comfy_cloud_api.client import API_VERSION

KEY_VARIABLE: Final = "COMFY_CLOUD_API_KEY"
URL_VARIABLE: Final = "COMFY_CLOUD_BASE_URL"
DEFAULT_BASE_URL: Final = "https://cloud.comfy.org"
DEFAULT_TIMEOUT_S: Final = 60.0
CONNECT_TIMEOUT_S: Final = 10.0
DEFAULT_MAX_BODY_BYTES: Final = 64 * 1024 * 1024
KEY_HEADER: Final = "x-api-key"
_PYTHON: Final = ".".join(map(str, sys.version_info[:3]))
USER_AGENT: Final = f"comfy-cloud/{__version__} (python {_PYTHON}; api {API_VERSION})"
_HOST: Final = re.compile(rb"[a-z0-9._-]+|[0-9a-f:.]+")  # a name, as sent, or an IPv6 address
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

HttpTransport: TypeAlias = httpx.BaseTransport | httpx.AsyncBaseTransport


class FromEnvironment(Enum):
    """The type of `FROM_ENVIRONMENT`, which tells "not given" from "none"."""

    FROM_ENVIRONMENT = "read from the environment"


FROM_ENVIRONMENT: Final = FromEnvironment.FROM_ENVIRONMENT
ApiKey: TypeAlias = str | Literal[FromEnvironment.FROM_ENVIRONMENT] | None


class Timeouts(Struct, frozen=True):
    """The longest waits of a single attempt, in seconds; what a call may take in all is `RetryPolicy.deadline_s`.

    Args:
        connect_s: For a connection, with its TLS handshake.
        read_s: For the next piece of an answer.
        write_s: For a piece of the request to be taken.
        pool_s: For a free connection, where a client has 100 in use.

    Raises:
        ConfigurationError: one of them is not more than 0, or not finite.
    """

    connect_s: float = CONNECT_TIMEOUT_S
    read_s: float = DEFAULT_TIMEOUT_S
    write_s: float = DEFAULT_TIMEOUT_S
    pool_s: float = DEFAULT_TIMEOUT_S

    def __post_init__(self) -> None:
        for name in ("connect_s", "read_s", "write_s", "pool_s"):
            _check_seconds(name, getattr(self, name))


class Settings(Struct, frozen=True):
    """Checked settings; see `ComfyCloud` for what they mean."""

    base_url: str
    api_key: Key | None
    timeouts: Timeouts
    retry: RetryPolicy
    max_body_bytes: int
    allow_http: bool
    headers: Mapping[str, str]
    transport: HttpTransport | None
    hooks: Hooks
    clock: Clock

    def __repr__(self) -> str:
        return f"Settings(base_url={self.base_url!r})"  # headers may hold secrets


def key_of(api_key: ApiKey) -> Key | None:
    """Take a key away from where it was given, so that no error shows it; it is checked by `resolve`."""
    if api_key is FROM_ENVIRONMENT:
        given = os.environ.get(KEY_VARIABLE)
        return Key(given, KEY_VARIABLE) if given else None
    return None if api_key is None else Key(api_key, "api_key")


def resolve(  # noqa: PLR0913 - what a client takes, by keyword
    api_key: Key | None = None,
    base_url: str | None = None,
    timeout_s: float | Timeouts = DEFAULT_TIMEOUT_S,
    *,
    retry: RetryPolicy | None = None,
    max_body_bytes: int = DEFAULT_MAX_BODY_BYTES,
    allow_http: bool = False,
    headers: Mapping[str, str] | None = None,
    transport: HttpTransport | None = None,
    hooks: Hooks | None = None,
    clock: Clock | None = None,
) -> Settings:
    """Settle the settings of a client; see `ComfyCloud` for what they mean.

    Raises:
        ConfigurationError: one of them is unusable.
    """
    url = _checked_url(base_url if base_url is not None else os.environ.get(URL_VARIABLE) or DEFAULT_BASE_URL)
    if api_key is not None and api_key.problem:
        raise ConfigurationError(f"The API key in {api_key.where} {api_key.problem}; make one at {KEYS_PAGE}.")
    if api_key is None and not is_loopback(url.host):
        raise ConfigurationError(
            f"No API key for {url.host}: set {KEY_VARIABLE} or pass api_key=...; make one at {KEYS_PAGE}."
        )
    if url.scheme == "http" and not allow_http and not is_loopback(url.host):
        raise ConfigurationError(
            f"Plain http to {url.host} would send the API key unencrypted; use https, or pass allow_http=True."
        )
    if not isinstance(max_body_bytes, int) or isinstance(max_body_bytes, bool) or max_body_bytes < 1:
        raise ConfigurationError(f"max_body_bytes is {max_body_bytes!r}, but it needs to be 1 or more.")
    if retry is not None and not isinstance(retry, RetryPolicy):
        raise ConfigurationError(f"retry is {retry!r}, but it needs to be a RetryPolicy(...).")
    log_as_told()
    return Settings(
        base_url=str(url).rstrip("/"),
        api_key=api_key,
        timeouts=timeouts_of(timeout_s),
        retry=RetryPolicy() if retry is None else retry,
        max_body_bytes=max_body_bytes,
        allow_http=allow_http,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": ACCEPT_ENCODING, **checked_headers(headers or {})},
        transport=transport,
        hooks=hooks or Hooks(),
        clock=clock or RealClock(),
    )


def timeouts_of(timeout_s: float | Timeouts) -> Timeouts:
    """One number for all waits, of which a connection gets at most 10 seconds; or each by itself.

    Raises:
        ConfigurationError: it is not more than 0, or not finite.
    """
    if isinstance(timeout_s, Timeouts):
        return timeout_s
    _check_seconds("timeout_s", timeout_s)
    return Timeouts(min(CONNECT_TIMEOUT_S, timeout_s), timeout_s, timeout_s, timeout_s)


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers of the user's, to be sent with every request.

    Raises:
        ConfigurationError: HTTP cannot carry one of them, or it is the key's.
    """
    for name, value in headers.items():
        if not isinstance(value, str):
            raise ConfigurationError(f"The header {name!r} is of the type {type(value).__name__}; give it as text.")
        if not _HEADER_NAME.fullmatch(name) or not value.isascii() or not value.isprintable():
            raise ConfigurationError(
                f"The header {name!r} contains what HTTP cannot carry; values are printable ASCII."
            )
        if name.lower() == KEY_HEADER:
            raise ConfigurationError(f"The header {name} holds the key; pass it as api_key=...")
    return dict(headers)


def _check_seconds(name: str, value: float) -> None:
    if not isinstance(value, int | float) or not 0 < value < inf:
        raise ConfigurationError(f"{name} is {value!r}, but it needs to be more than 0 seconds.")


def _checked_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError) as error:
        raise ConfigurationError(f"The base URL {text!r} is not a URL; give one like {DEFAULT_BASE_URL}.") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigurationError(
            f"The base URL {text!r} lacks http:// or https:// and a host; give one like {DEFAULT_BASE_URL}."
        )
    if not _HOST.fullmatch(url.raw_host) or not is_addressable(url):
        raise ConfigurationError(f"The base URL {text!r} is not a URL; give one like {DEFAULT_BASE_URL}.")
    if url.userinfo or url.query or url.fragment:
        raise ConfigurationError("The base URL carries a password, a query or a fragment; leave those away.")
    return url
