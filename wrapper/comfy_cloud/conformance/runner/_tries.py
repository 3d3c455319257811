"""The family `retries`: how often a call is sent, and how long is waited in between."""

from __future__ import annotations

import asyncio

from comfy_cloud import ApiError, RetryPolicy
from comfy_cloud.conformance._worlds import Json
from comfy_cloud.conformance.runner._errors import kind
from comfy_cloud.conformance.runner._setup import Either, Setup, members, settled


class VirtualClock:
    """A clock that stands still but for waits, which pass at once and are written down; its dice always fall alike."""

    def __init__(self, wall: float, jitter: float) -> None:
        self._wall, self._jitter = wall, jitter
        self.waits: list[float] = []

    def now(self) -> float:
        """Seconds waited."""
        return sum(self.waits)

    def wall(self) -> float:
        """Seconds since 1970."""
        return self._wall + self.now()

    def jitter(self) -> float:
        """The case's."""
        return self._jitter

    def sleep(self, seconds: float) -> None:
        """Write it down."""
        self.waits.append(seconds)

    async def asleep(self, seconds: float) -> None:
        """Write it down, and let others go on."""
        self.sleep(seconds)
        await asyncio.sleep(0)


async def tried(task: Json, setup: Setup) -> Json:
    """Make the case's calls, one after the other, with one client."""
    given, results = task["input"], list[str]()
    clock = VirtualClock(given.get("now", 0), given["jitter"])
    options = {"clock": clock, "retry": RetryPolicy(**given.get("policy", {})), **members(given, "timeout_s")}
    async with setup.client(task, **options) as comfy:
        for _ in range(given.get("calls", 1)):
            try:
                await called(comfy, given)
            except ApiError as error:
                results.append(kind(error))
            else:
                results.append("success")
    return {"waits": clock.waits, "results": results}


async def called(comfy: Either, given: Json) -> Either:
    """One call: of the operation, or of any method and path."""
    if "operation" in given:
        return await settled(comfy.assets.first() if given["operation"] == "listAssets" else comfy.tags.list().first())
    body = {"json": given["json"]} if "json" in given else {}
    return await settled(comfy.request(given["method"], given["path"], **body))
