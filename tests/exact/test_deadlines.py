"""A walk with a deadline ends in an error that it can be resumed from, exactly."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import Any

import pytest

from comfy_cloud import AsyncComfyCloud, ComfyCloud, ServerError, WalkDeadlineError, size
from comfy_cloud.sandbox import Sandbox, faults
from comfy_cloud.testing import InstantClock

WAYS = ("blocking", "awaiting")


def attempt(box: Sandbox, way: str, narrow: Any, token: str | None, seconds: float) -> tuple[list[str], str | None]:
    """The ids that come before the deadline, and the token that its error holds; None at the end of the listing."""
    clock, ids = InstantClock(), []
    options: Any = {"base_url": "http://127.0.0.1", "api_key": box.key, "clock": clock}

    async def awaiting() -> None:
        async with AsyncComfyCloud(transport=box.async_transport(sleep=clock.asleep), **options) as comfy:
            async for asset in narrow(comfy.assets).resume(token).deadline(seconds):
                ids.append(str(asset.id))  # noqa: PERF401 - what comes before an error counts

    try:
        if way == "awaiting":
            asyncio.run(awaiting())
            return ids, None
        with ComfyCloud(transport=box.transport(sleep=clock.sleep), **options) as comfy:
            ids.extend(str(asset.id) for asset in narrow(comfy.assets).resume(token).deadline(seconds))
    except WalkDeadlineError as late:
        return ids, late.token
    return ids, None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("prefetch", [1, 3])
def test_a_walk_that_is_too_slow_goes_on_from_its_error(way: str, prefetch: int) -> None:
    """At a second a page and four seconds a walk, 300 assets take as many walks as it takes, and come once each."""
    with closing(Sandbox.seeded(300)) as box:
        box.faults.add(faults.latency(1))
        whole, token, walks = [], None, 0
        while walks == 0 or token is not None:
            ids, token = attempt(box, way, lambda assets: assets.page_size(20).prefetch(prefetch), token, 4)
            whole += ids
            walks += 1
        assert whole == box.matching(sort="created_at", order="desc")
    assert walks > 1


@pytest.mark.parametrize("way", WAYS)
def test_a_deadline_holds_for_all_that_is_moved_to_be_filtered(way: str) -> None:
    """Though nothing was handed out, a walk is resumed behind what it has looked at."""
    with closing(Sandbox.seeded(300)) as box:
        box.faults.add(faults.latency(1))
        token, walks = None, 0
        while walks == 0 or token is not None:
            ids, token = attempt(box, way, lambda assets: assets.page_size(20).filter(size > 1 << 60), token, 4)
            assert ids == []
            walks += 1
        offsets = [int(one.asked_for("offset") or 0) for one in box.requests]
    assert walks > 1
    assert max(offsets) > 250


@pytest.mark.parametrize("way", WAYS)
def test_a_walk_that_is_in_time_knows_nothing_of_its_deadline(way: str) -> None:
    """The same assets as without."""
    with closing(Sandbox.seeded(60)) as box:
        found = attempt(box, way, lambda assets: assets.page_size(20), None, 3600)
        assert found == (box.matching(sort="created_at", order="desc"), None)


@pytest.mark.parametrize("way", WAYS)
def test_retries_end_at_the_deadline(way: str) -> None:
    """A server that fails for longer is a deadline that has passed, with the failure as its cause."""
    with closing(Sandbox.seeded(60)) as box:
        box.faults.add(faults.status(503, retry_after=3).since(2))
        ids, token = attempt(box, way, lambda assets: assets.page_size(20), None, 4)
        assert token is not None
        box.faults.clear()
        rest, _ = attempt(box, way, lambda assets: assets.page_size(20), token, 4)
        assert ids + rest == box.matching(sort="created_at", order="desc")
        assert len(ids) == 20


def test_a_failure_before_the_deadline_is_itself() -> None:
    """Not every error of a walk with a deadline is its deadline's."""
    with closing(Sandbox.seeded(60)) as box:
        box.faults.add(faults.status(500).since(2))
        clock = InstantClock()
        transport = box.transport(sleep=clock.sleep)
        with ComfyCloud(transport=transport, base_url="http://127.0.0.1", api_key=box.key, clock=clock) as comfy:
            with pytest.raises(ServerError):
                comfy.assets.page_size(20).deadline(3600).to_list()
