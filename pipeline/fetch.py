"""Download one whole spec, with bounds on where from, how much and how long."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from pipeline.document import MAX_BYTES
from pipeline.errors import PipelineError

MAX_SECONDS: Final = 60.0  # for the whole download, redirects included
MAX_REDIRECTS: Final = 5


def fetch(url: str, folder: Path, *, max_bytes: int = MAX_BYTES, max_seconds: float = MAX_SECONDS) -> Path:
    """Download what an https address answers with into a folder, and return the file, named as in the address.

    Plain http is spoken to this machine alone. The certificate is checked, and the answer is kept byte for byte.

    Raises:
        PipelineError: the address is refused, cannot be reached, answers with anything but 200, or with too much, or
            takes too long. The folder holds no usable file then.
    """
    address = _address(url)
    deadline = time.monotonic() + max_seconds
    target = folder / (re.sub(r"[^\w.-]", "_", Path(address.path).name)[-100:].lstrip(".") or "openapi.yaml")
    with _explained(url, max_seconds), _client(address, max_seconds) as client:
        for _ in range(MAX_REDIRECTS + 1):
            with client.stream("GET", address) as answer:
                if answer.has_redirect_location:
                    address = _redirected(address, answer.headers["location"])
                    continue
                if answer.status_code != httpx.codes.OK:
                    raise PipelineError(f"{url} answers with status {answer.status_code}; check the address.")
                _save(answer, target, max_bytes, deadline)
                return target
    raise PipelineError(f"{url} redirects more than {MAX_REDIRECTS} times; give the address it should lead to.")


def _address(url: str) -> httpx.URL:
    """The address, if it is one to fetch from."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise PipelineError(
            f"{url} is no address ({str(error).rstrip('.')}); give one that starts with https."
        ) from error
    if address.userinfo:
        raise PipelineError("The address has a user or password in it, which SOURCE.md would tell; give one without.")
    if not address.host or not (address.scheme == "https" or (address.scheme == "http" and _is_loopback(address.host))):
        raise PipelineError(f"{url} is not fetched: only https is, and plain http from this machine.")
    return address


def _redirected(address: httpx.URL, location: str) -> httpx.URL:
    following = _address(str(address.join(location)))
    if following.scheme != address.scheme:
        raise PipelineError(f"{address} redirects from https to {following}; give an address that does not.")
    return following


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _client(address: httpx.URL, seconds: float) -> httpx.Client:
    # A proxy reaches other machines, not this one.
    return httpx.Client(
        headers={"Accept-Encoding": "identity", "Accept": "*/*"},
        timeout=seconds,
        trust_env=address.scheme == "https",
    )


def _save(answer: httpx.Response, target: Path, max_bytes: int, deadline: float) -> None:
    size = 0
    with target.open("wb") as file:
        for chunk in answer.iter_bytes():
            size += len(chunk)
            if size > max_bytes:
                raise PipelineError(f"{answer.url} sends more than {max_bytes:,} bytes; give one OpenAPI document.")
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("the whole took too long")
            file.write(chunk)


@contextmanager
def _explained(url: str, seconds: float) -> Iterator[None]:
    try:
        yield
    except httpx.TimeoutException as error:
        raise PipelineError(f"{url} did not send all of it within {seconds:g} seconds; try again.") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise PipelineError(f"{url} cannot be fetched ({reason}); check the address and the network.") from error
