"""Where the time of a page goes: our own stages, timed from outside while a listing runs over canned pages.

Timing a stage costs a little itself, so the shares are more telling than their sum.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Final

from contestants import Canned, Ours
from pages import PAGE, Library

REPEATED: Final = 10
COUNT: Final = 20_000
STAGES: Final = ("request", "httpx", "exchange", "decode", "survey", "verify", "walk", "rest")
"""In the order of a page: encoding the request; httpx; retries, bounds and the key; msgspec; looking for drift;
checking tags and names; judging what the page proves; and what is left: flows, handing out, giving memory back."""


class Stopwatch:
    """Adds up what functions take, by name."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    def around(self, owner: object, function: str, name: str) -> None:
        """Time a function from now on."""
        inner: Callable[..., object] = getattr(owner, function)

        def timed(*args: object, **kwargs: object) -> object:
            start = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                self.taken[name] += time.perf_counter() - start  # type: ignore[assignment] # seconds, not counts

        setattr(owner, function, timed)


def stages(library: Library) -> dict[str, float]:
    """Seconds a page, by stage."""
    from comfy_cloud import _asset_walk, _transport
    from comfy_cloud._http.retrying import RetryingTransport
    from comfy_cloud._paging.walker import Walker
    from comfy_cloud_api._runtime import codec, operations

    watch = Stopwatch()
    watch.around(_transport.Transport, "perform", "perform")
    watch.around(operations.Operation, "request", "request")
    watch.around(RetryingTransport, "handle_request", "retrying")
    watch.around(Canned, "handle_request", "canned")
    watch.around(operations, "decode_json", "decode_json")
    watch.around(codec, "survey", "survey")
    watch.around(_asset_walk, "failing", "verify")
    watch.around(Walker, "take", "walk")
    with Ours("http://127.0.0.1:1", Canned(library, COUNT)) as client:
        deque(client.items(), maxlen=0)
        watch.taken.clear()
        start = time.perf_counter()
        for _ in range(REPEATED):
            deque(client.items(), maxlen=0)
        whole = time.perf_counter() - start
    took = watch.taken
    found = {
        "request": took["request"],
        "httpx": took["perform"] - took["request"] - took["retrying"],
        "exchange": took["retrying"] - took["canned"] - took["decode_json"],
        "decode": took["decode_json"] - took["survey"],
        "survey": took["survey"],
        "verify": took["verify"],
        "walk": took["walk"],
        "rest": whole - took["perform"] - took["verify"] - took["walk"],
    }
    return {name: seconds / (REPEATED * COUNT / PAGE) for name, seconds in found.items()}
