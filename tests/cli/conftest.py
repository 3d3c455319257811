"""A sandbox that all tests ask, and an environment that leads to it."""

import signal
from collections.abc import Iterator
from contextlib import suppress

import pytest

from comfy_cloud import ComfyCloud
from comfy_cloud.sandbox import Sandbox
from tests.cli.programs import KEY


@pytest.fixture(scope="session")
def box() -> Iterator[Sandbox]:
    """700 made-up assets, so that a listing has two pages."""
    with Sandbox.seeded(700, key=KEY) as running:
        yield running


@pytest.fixture
def there(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The sandbox, with an environment that leads to it."""
    monkeypatch.setenv("COMFY_CLOUD_BASE_URL", box.url)
    monkeypatch.setenv("COMFY_CLOUD_API_KEY", KEY)
    return box


@pytest.fixture
def comfy(box: Sandbox) -> Iterator[ComfyCloud]:
    """A client of the sandbox, to compare with."""
    with ComfyCloud(base_url=box.url, api_key=KEY) as client:
        yield client


@pytest.fixture(autouse=True)
def ctrl_c_counts() -> Iterator[None]:
    """In programs that tests start, also where whoever started the tests has it ignored, which is inherited."""
    before = None
    with suppress(ValueError):  # not the main thread
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    if before is not None:
        signal.signal(signal.SIGINT, before)
