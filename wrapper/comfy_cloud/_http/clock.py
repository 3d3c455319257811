"""Time and dice, in one place so that tests can bring their own (`comfy_cloud.testing`)."""

from __future__ import annotations

import random
import time
from typing import Protocol


class Clock(Protocol):
    """What retries and deadlines go by."""

    def now(self) -> float:
        """Seconds that never go backwards."""
        ...

    def wall(self) -> float:
        """Seconds since 1970."""
        ...

    def jitter(self) -> float:
        """A number from 0 up to 1."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        ...

    async def asleep(self, seconds: float) -> None:
        """`sleep`, awaiting."""
        ...


class RealClock:
    """The computer's clock, and dice that nobody can foresee."""

    now = staticmethod(time.monotonic)
    wall = staticmethod(time.time)

    def jitter(self) -> float:
        """A number from 0 up to 1."""
        return random.SystemRandom().random()

    def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        time.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        """`sleep`, awaiting."""
        import asyncio  # noqa: PLC0415 - blocking programs need not load it, and it takes as long as the rest

        await asyncio.sleep(seconds)
