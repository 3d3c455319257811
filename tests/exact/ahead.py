"""A library of canned pages, small ones, and clients of it that retry at once."""

from __future__ import annotations

import threading
from typing import Any

from comfy_cloud import AsyncComfyCloud, ComfyCloud
from comfy_cloud.testing import InstantClock
from tests.exact.canned import AsyncCanned, Canned

KEY = "key"
SIZE = 1000
PAGE = 20
LAST = SIZE - PAGE
WINDOWS = (1, 2, 8, 32)


def comfy_of(server: Canned) -> ComfyCloud:
    """A blocking client that retries at once."""
    return ComfyCloud(transport=server, api_key=KEY, clock=InstantClock())


def acomfy_of(server: AsyncCanned) -> AsyncComfyCloud:
    """An awaiting one."""
    return AsyncComfyCloud(transport=server, api_key=KEY, clock=InstantClock())


def sizes(assets: Any) -> list[int]:
    """Of assets, which are their places here."""
    return [asset.size for asset in assets]


def threads() -> list[str]:
    """The threads that fetch ahead and are alive."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("comfy-cloud_")]
