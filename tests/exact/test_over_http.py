"""The guarantee over real HTTP, while a thread changes the library all the time."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest

from comfy_cloud import AsyncComfyCloud, ComfyCloud
from comfy_cloud.sandbox import Sandbox, faults
from tests.exact.mutator import ByRequests, ByTime, Mutator, changing
from tests.exact.walks import each_page, seen

WAYS = ("blocking", "awaiting")


def listed(box: Sandbox, way: str, prefetch: int, page_size: int) -> list[str]:
    """The ids of everything, newest first."""
    ids: list[str] = []
    options: Any = {"base_url": box.url, "api_key": box.key}
    comfy = ComfyCloud(**options) if way == "blocking" else AsyncComfyCloud(**options)
    query = comfy.assets.page_size(page_size).prefetch(prefetch)
    each_page(comfy, query, lambda page: ids.extend(str(asset.id) for asset in page.items))
    return ids


def wrong(box: Sandbox, ids: list[str]) -> tuple[list[str], list[str]]:
    """What is missing of that which was there throughout, and what came twice."""
    times = Counter(ids)
    kept = box.kept(*seen(box), sort="created_at", order="desc")
    assert len(kept) > len(ids) // 2
    return [ident for ident in kept if not times[ident]], [ident for ident, count in times.items() if count > 1]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("prefetch", [1, 8])
def test_a_library_in_use_is_listed_exactly(way: str, prefetch: int) -> None:
    """3,000 assets, and two changes with every page."""
    with Sandbox.seeded(3000) as box:
        mutator = Mutator(box)
        with changing(mutator.change, ByRequests(box, 2)):
            ids = listed(box, way, prefetch, page_size=50)
        first, last = seen(box)
        assert last - first > 60
        assert wrong(box, ids) == ([], [])


def requests_of_a_still_library(size: int, page_size: int, prefetch: int) -> int:
    """How many a walk takes where nothing changes."""
    with Sandbox.seeded(size) as box:
        assert len(listed(box, "blocking", prefetch, page_size)) == size
        return len(box.requests)


@pytest.mark.soak
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("prefetch", [1, 8])
def test_50_000_assets_under_200_changes_a_second_are_listed_exactly(way: str, prefetch: int) -> None:
    """At 15 ms a page, and in at most one and a half times the pages of a still library."""
    still = requests_of_a_still_library(50_000, 500, prefetch)
    with Sandbox.seeded(50_000) as box:
        mutator = Mutator(box)
        box.faults.add(faults.latency(0.015))
        began = time.monotonic()
        with changing(mutator.change, ByTime(200)):
            ids = listed(box, way, prefetch, page_size=500)
        print(  # noqa: T201 - the figures are the point
            f"{way}, prefetch {prefetch}: {len(box.requests)} requests ({still} still), {mutator.done} changes, "
            f"{time.monotonic() - began:.1f} s"
        )
        assert wrong(box, ids) == ([], [])
        assert len(box.requests) <= 1.5 * still
