"""Walks through the public API over a sandbox in this process, and what the guarantee says of what came of them."""

from __future__ import annotations

import asyncio
import random
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from comfy_cloud import AsyncComfyCloud, ComfyCloud, InexactListingWarning, PaginationError, RetryPolicy, tag
from comfy_cloud import filters as fields
from comfy_cloud.sandbox import Sandbox, faults
from comfy_cloud.sandbox._api.dialects import CLOUD, COMFYUI
from comfy_cloud.testing import InstantClock
from tests.exact.meddling import TAG, Meddler, Moment, fields_at, ident_of

SORTS = ("created_at", "updated_at", "last_access_time", "size", "name")
DIALECTS = {"cloud": CLOUD, "comfyui": COMFYUI, "cloud with cursors": CLOUD.but(cursors=True)}
FAULTS = "503:15%; reset:5%; truncate:5%; 429(retry_after=0):5%; broken_json:5%; html@1000"
PATIENT = RetryPolicy(attempts=30, base_wait_s=0)
URL = "http://127.0.0.1"


@dataclass(frozen=True)
class Way:
    """How a listing is walked, and by which server it is answered."""

    sort: str = "created_at"
    descending: bool = True
    page_size: int = 3
    prefetch: int = 1
    awaiting: bool = False
    dialect: str = "cloud"
    ties: str = "same"
    unique: bool = False
    tagged: bool = False
    faults: str = ""
    shuffle: int = 0

    @property
    def certain(self) -> bool:
        """Whether all of the order is known; where texts and missing keys sort is not."""
        return self.sort in {"created_at", "updated_at"}

    @property
    def query(self) -> dict[str, str]:
        """What is asked of the server, as the sandbox takes it."""
        tags = {"include_tags": TAG} if self.tagged else {}
        return {"sort": self.sort, "order": "desc" if self.descending else "asc", **tags}

    def box(self) -> Sandbox:
        """An empty sandbox of this server."""
        return Sandbox.seeded(0, dialect=DIALECTS[self.dialect].but(ties=self.ties))

    def narrowed(self, assets: Any) -> Any:
        """The query of a client's assets."""
        sort = getattr(fields, self.sort)
        order = sort.desc() if self.descending else sort.asc()
        asked = assets.order_by(order, unique=self.unique).page_size(self.page_size).prefetch(self.prefetch)
        return asked.where(tag(TAG)) if self.tagged else asked


@dataclass
class Walked:
    """What came of a walk.

    Attributes:
        ids: What was handed out, in order.
        doubted: Whether it said that it is not exact.
        warned: How often it warned of that.
        first: The first change of the library that an answer saw.
        last: The last one.
    """

    ids: list[str] = field(default_factory=list)
    doubted: bool = False
    warned: int = 0
    first: int = 0
    last: int = 0

    def page(self, page: Any) -> None:
        """One more page."""
        self.ids += [str(asset.id) for asset in page.items]
        self.doubted = not page.exact

    @property
    def frontier(self) -> str | None:
        """What was handed out last."""
        return self.ids[-1] if self.ids else None


def client(way: Way, box: Sandbox, **options: Any) -> Any:
    """A client of a sandbox in this process, which retries at once."""
    dice = random.Random(way.shuffle)
    given = {"base_url": URL, "api_key": box.key, "clock": InstantClock(), "retry": PATIENT, **options}

    async def linger(_: float) -> None:
        for _turn in range(dice.randrange(8)):
            await asyncio.sleep(0)

    if way.awaiting:
        return AsyncComfyCloud(transport=box.async_transport(sleep=linger), **given)
    return ComfyCloud(transport=box.transport(sleep=lambda _: time.sleep(0)), **given)


def each_page(comfy: Any, query: Any, take: Callable[[Any], object]) -> None:
    """Take every page of a query; closes the client."""

    async def awaiting() -> None:
        async with comfy:
            async for page in query.pages():
                take(page)

    if isinstance(comfy, AsyncComfyCloud):
        asyncio.run(awaiting())
        return
    with comfy:
        for page in query.pages():
            take(page)


def seen(box: Sandbox) -> tuple[int, int]:
    """The first and the last change of the library that an answer of a listing saw."""
    numbers = [one.sequence for one in box.requests if one.status == 200 and one.sequence is not None]
    return min(numbers), max(numbers)


def walk(way: Way, places: Sequence[int], plan: Sequence[Moment], by: Callable[..., None] = each_page) -> list[str]:
    """How a walk broke the guarantee: nothing, if it did not."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", InexactListingWarning)
        box, walked = way.box(), Walked()
        for number, place in enumerate(places):
            box.add(**fields_at(place, ident_of(number)))
        box.faults.add(faults.call(Meddler(way.query, plan, lambda: walked.frontier)), way.faults)
        if way.shuffle:
            box.faults.add(faults.latency(0.001))
        comfy, stopped = client(way, box), []
        try:
            by(comfy, way.narrowed(comfy.assets), walked.page)
        except PaginationError as error:
            stopped = [f"stopped: {error}"]
        walked.first, walked.last = seen(box)
        walked.warned = sum(issubclass(warning.category, InexactListingWarning) for warning in caught)
        kept = box.kept(walked.first, walked.last, **way.query)
        box.close()
    return stopped or violations(way, walked, kept)


def violations(way: Way, walked: Walked, kept: list[str]) -> list[str]:
    """How the guarantee was broken.

    Sorted by name, a walk that says it is not exact has supposed how the server compares texts, rightly here: it may
    repeat, but not miss. One that has supposed where missing keys sort, and wrongly, has stopped being exact.
    """
    times = Counter(walked.ids)
    found = [f"missed {ident}" for ident in kept if not times[ident]]
    lasting = set(kept)
    strict, supposed = way.unique or way.sort == "created_at", way.sort == "name" and walked.doubted
    found += [
        f"repeated {ident}"
        for ident, count in times.items()
        if count > 1 and (strict or (ident in lasting and not supposed))
    ]
    if (
        way.ties == "same"
        and not found
        and not supposed
        and [ident for ident in walked.ids if ident in lasting] != kept
    ):
        found.append("in another order")
    if walked.doubted and way.sort == "created_at":
        found.append("called inexact, though groups of equal times are shorter than a page")
    if walked.warned != walked.doubted:
        found.append(f"inexact: {walked.doubted}, but warned {walked.warned} times")
    elif walked.doubted and way.sort in {"size", "last_access_time"}:
        return [f"stopped being exact, and said so: {line}" for line in found]
    return found
