"""What a client is made with: arguments over environment over defaults, checked once."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from enum import Enum
from ipaddress import ip_address
from typing import Final, Literal

import httpx

from comfy_cloud.errors import KEYS_PAGE, ConfigurationError

KEY_VARIABLE: Final = "COMFY_CLOUD_API_KEY"
URL_VARIABLE: Final = "COMFY_CLOUD_BASE_URL"
DEFAULT_BASE_URL: Final = "https://cloud.comfy.org"
DEFAULT_TIMEOUT_S: Final = 60.0
CONNECT_TIMEOUT_S: Final = 10.0
_HOST: Final = re.compile(rb"[a-z0-9._-]+|[0-9a-f:.]+")  # a name, as sent, or an IPv6 address


class FromEnvironment(Enum):
    """The type of `FROM_ENVIRONMENT`, which tells "not given" from "none"."""

    FROM_ENVIRONMENT = "read from the environment"


FROM_ENVIRONMENT: Final = FromEnvironment.FROM_ENVIRONMENT
ApiKey = str | Literal[FromEnvironment.FROM_ENVIRONMENT] | None


@dataclass(frozen=True, slots=True)
class Settings:
    """Checked settings. `timeout_s` is the longest wait for a single read or write, in seconds."""

    base_url: str
    api_key: str | None = field(repr=False)
    timeout_s: float


def resolve(api_key: ApiKey, base_url: str | None, timeout_s: float) -> Settings:
    """Settle the settings of a client.

    Args:
        api_key: The key; `FROM_ENVIRONMENT` reads COMFY_CLOUD_API_KEY; None means to send none, which only a server
            on this machine accepts.
        base_url: Where the API is, without `/api`; None reads COMFY_CLOUD_BASE_URL, or else is Comfy Cloud.
        timeout_s: The longest wait for the network, in seconds; more than 0.

    Raises:
        ConfigurationError: one of them is unusable.
    """
    url = _checked_url(base_url if base_url is not None else os.environ.get(URL_VARIABLE) or DEFAULT_BASE_URL)
    if not timeout_s > 0:
        raise ConfigurationError(f"timeout_s is {timeout_s}, but it needs to be more than 0 seconds.")
    if api_key is FROM_ENVIRONMENT:
        key = _checked_key(os.environ.get(KEY_VARIABLE) or None, KEY_VARIABLE)
    else:
        key = _checked_key(api_key, "api_key")
    if key is None and not is_loopback(url.host):
        raise ConfigurationError(
            f"No API key for {url.host}: set {KEY_VARIABLE} or pass api_key=...; make one at {KEYS_PAGE}."
        )
    return Settings(str(url).rstrip("/"), key, timeout_s)


def _checked_key(key: str | None, where: str) -> str | None:
    """The key, unless it is one that cannot be sent; no message ever repeats it."""
    if key is None:
        return None
    if not key.strip():
        raise ConfigurationError(f"The API key in {where} is blank; make one at {KEYS_PAGE}.")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(
            f"The API key in {where} contains a line end, a space or a non-ASCII character; copy it again."
        )
    return key


def _checked_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError) as error:
        raise ConfigurationError(f"The base URL {text!r} is not a URL; give one like {DEFAULT_BASE_URL}.") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigurationError(
            f"The base URL {text!r} lacks http:// or https:// and a host; give one like {DEFAULT_BASE_URL}."
        )
    if not _HOST.fullmatch(url.raw_host):
        raise ConfigurationError(f"The base URL {text!r} is not a URL; give one like {DEFAULT_BASE_URL}.")
    if url.userinfo or url.query or url.fragment:
        raise ConfigurationError("The base URL carries a password, a query or a fragment; leave those away.")
    return url


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or address alone; nothing is resolved."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
