"""For tests of programs that use the library: retries without waiting, the same each time.

from comfy_cloud import ComfyCloud
from comfy_cloud.testing import InstantClock

clock = InstantClock()
with ComfyCloud(base_url=server, api_key=None, clock=clock) as comfy:
    ...
assert clock.waits == [...]
"""

from __future__ import annotations

import asyncio
import random
import time


class InstantClock:
    """A clock whose waits are over at once, and whose dice are seeded.

    Its time is the computer's plus all waits, so that deadlines pass as they would.

    Args:
        seed: Of the dice; equal seeds draw equal jitter.

    Attributes:
        waits: What was waited for so far, in seconds.
    """

    def __init__(self, seed: int = 0) -> None:
        self.waits: list[float] = []
        self._dice = random.Random(seed)  # noqa: S311 - jitter, which a test wants to foresee
        self._skipped = 0.0

    def now(self) -> float:
        """Seconds that never go backwards."""
        return time.monotonic() + self._skipped

    def wall(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._skipped

    def jitter(self) -> float:
        """A number from 0 up to 1."""
        return self._dice.random()

    def sleep(self, seconds: float) -> None:
        """Remember the wait, and go on."""
        self.waits.append(seconds)
        self._skipped += seconds

    async def asleep(self, seconds: float) -> None:
        """`sleep`, and let other tasks go on."""
        self.sleep(seconds)
        await asyncio.sleep(0)


__all__ = ["InstantClock"]
