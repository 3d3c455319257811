"""One running sandbox for all tests that only ask."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from comfy_cloud.sandbox import Sandbox

Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The default library, served on loopback."""
    with Sandbox.seeded() as running:
        yield running


@pytest.fixture(scope="session")
def http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """A client with the key, over a real socket."""
    with httpx.Client(base_url=sandbox.url, headers={"X-API-Key": sandbox.key}, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def ask(http: httpx.Client) -> Ask:
    """`ask(path, name=value, ...)` is the body of a 200."""

    def _ask(path: str, **params: Any) -> Any:
        response = http.get(path, params=params)
        assert response.status_code == 200, response.text
        return response.json()

    return _ask
