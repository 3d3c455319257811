"""Pages asked for ahead: in order, few at a time, and left behind by nobody."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx
import pytest

from comfy_cloud import ComfyCloud, NotFoundError, ServerError
from comfy_cloud.testing import InstantClock
from tests.exact.ahead import KEY, LAST, PAGE, SIZE, WINDOWS, acomfy_of, comfy_of, sizes, threads
from tests.exact.canned import AsyncCanned, Canned


class Backwards:
    """Answers a page only after one behind it was answered, as long as there is one in flight."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._answered: set[int] = set()
        self.overtaken = 0

    def __call__(self, offset: int) -> None:
        """Wait, in the thread of one request."""
        with self._changed:
            if offset % 2 and 0 < offset < LAST - 2 * PAGE:
                self._changed.wait_for(lambda: any(other > offset for other in self._answered))
                self.overtaken += 1
            self._answered.add(offset)
            self._changed.notify_all()


def test_pages_are_handed_out_in_order_though_they_come_out_of_order() -> None:
    """Threads: every second page comes after the one behind it."""
    backwards = Backwards()
    with comfy_of(Canned(SIZE, backwards)) as comfy:
        assert sizes(comfy.assets.page_size(PAGE).prefetch(4)) == list(range(SIZE))
    assert backwards.overtaken > 10
    assert threads() == []


def test_pages_are_awaited_in_order_though_they_come_out_of_order() -> None:
    """Tasks: the same."""
    answered: list[int] = []
    changed = asyncio.Condition()

    async def before(offset: int) -> None:
        async with changed:
            if offset % 2 and 0 < offset < LAST - 2 * PAGE:
                await changed.wait_for(lambda: any(other > offset for other in answered))
            answered.append(offset)
            changed.notify_all()

    async def main() -> list[int]:
        async with acomfy_of(AsyncCanned(SIZE, before)) as comfy:
            return sizes(await comfy.assets.page_size(PAGE).prefetch(4).to_list())

    assert asyncio.run(main()) == list(range(SIZE))
    assert answered != sorted(answered)


@pytest.mark.parametrize("window", WINDOWS)
def test_a_slow_reader_holds_no_more_pages_than_were_asked_for_ahead(window: int) -> None:
    """At most n + 1 answers are in memory or on their way: the page being read, those ahead, and none behind."""
    server = Canned(SIZE)
    with comfy_of(server) as comfy:
        for number, _ in enumerate(comfy.assets.page_size(PAGE).prefetch(window).pages(), 1):
            ahead = len(server.asked) - number
            assert ahead <= window - 1
            assert len(server.live) <= window
    assert max(server.asked) >= LAST


@pytest.mark.parametrize("window", WINDOWS)
def test_a_slow_awaiting_reader_holds_no_more_pages_either(window: int) -> None:
    """However long it thinks about each."""
    server = AsyncCanned(SIZE)

    async def main() -> None:
        async with acomfy_of(server) as comfy:
            number = 0
            async for _ in comfy.assets.page_size(PAGE).prefetch(window).pages():
                number += 1
                for _turn in range(3 * window):
                    await asyncio.sleep(0)
                assert len(server.asked) - number <= window - 1
                assert len(server.live) <= window

    asyncio.run(main())
    assert max(server.asked) >= LAST


def test_nothing_is_asked_for_ahead_unless_that_is_said() -> None:
    """One request at a time, in the caller's thread."""
    where: list[int] = []
    server = Canned(SIZE, lambda _: where.append(threading.get_ident()))
    with comfy_of(server) as comfy:
        assert len(list(comfy.assets.page_size(PAGE))) == SIZE
    assert set(where) == {threading.get_ident()}
    assert server.asked == sorted(server.asked)


def test_what_failed_ahead_is_tried_again_while_it_is_wanted() -> None:
    """The wait is the one that the server asks for, in pieces."""
    clock, failed = InstantClock(), set()

    def before(offset: int) -> httpx.Response | None:
        if offset in failed or not offset:
            return None
        failed.add(offset)
        return httpx.Response(503, headers={"retry-after": "3"})

    with ComfyCloud(transport=Canned(SIZE, before), api_key=KEY, clock=clock) as comfy:
        assert sizes(comfy.assets.page_size(PAGE).prefetch(4)) == list(range(SIZE))
    assert sum(clock.waits) == 3 * len(failed)


@pytest.mark.parametrize("window", [2, 8])
def test_an_error_surfaces_behind_everything_before_it(window: int) -> None:
    """Though the pages behind it had come long before."""
    broken = (PAGE - 1) * 10
    server = Canned(SIZE, lambda offset: httpx.Response(404) if offset == broken else None)
    seen: list[int] = []
    with comfy_of(server) as comfy:
        assets = iter(comfy.assets.page_size(PAGE).prefetch(window))
        with pytest.raises(NotFoundError):
            seen.extend(asset.size or 0 for asset in assets)
    assert seen == list(range(broken + 1))
    assert max(server.asked) > broken


def test_an_awaited_error_surfaces_behind_everything_before_it() -> None:
    """And the tasks behind it are done with."""
    broken = (PAGE - 1) * 10

    async def before(offset: int) -> httpx.Response | None:
        return httpx.Response(404) if offset == broken else None

    async def read(assets: Any, seen: list[int]) -> None:
        async for asset in assets:
            seen.append(asset.size)  # noqa: PERF401 - what comes before an error counts

    async def main() -> tuple[list[int], int]:
        seen: list[int] = []
        async with acomfy_of(AsyncCanned(SIZE, before)) as comfy:
            with pytest.raises(NotFoundError):
                await read(comfy.assets.page_size(PAGE).prefetch(8), seen)
            return seen, len(asyncio.all_tasks())

    assert asyncio.run(main()) == (list(range(broken + 1)), 1)


def test_an_error_of_a_page_that_is_never_reached_is_never_raised() -> None:
    """A limit, or a loop that is left, ends before it."""
    server = Canned(SIZE, lambda offset: httpx.Response(500) if offset > 3 * PAGE else None)
    with comfy_of(server) as comfy:
        walk = comfy.assets.page_size(PAGE).prefetch(8)
        assert sizes(walk.limit(3 * PAGE - 2)) == list(range(3 * PAGE - 2))
        pages = walk.pages()
        assert [len(next(pages).items) for _ in range(3)] == [PAGE, PAGE - 1, PAGE - 1]
        del pages
        with pytest.raises(ServerError):
            list(walk)


class Slowing:
    """Says at some pages that requests come too fast, once each."""

    def __init__(self, *pages: int) -> None:
        self._offsets = {number * (PAGE - 1) for number in pages}

    def __call__(self, offset: int) -> httpx.Response | None:
        """A 429 that asks to come again at once."""
        if offset in self._offsets:
            self._offsets.discard(offset)
            return httpx.Response(429, headers={"retry-after": "0"})
        return None


def reaches(slowing: Slowing) -> list[int]:
    """How many pages ahead of each page were asked for when it was handed out; without the last ones."""

    async def before(offset: int) -> httpx.Response | None:
        return slowing(offset)

    async def main() -> list[int]:
        server, ids, found = AsyncCanned(SIZE, before), [], []
        async with acomfy_of(server) as comfy:
            async for page in comfy.assets.page_size(PAGE).prefetch(8).pages():
                ids += sizes(page.items)
                found.append((max(server.asked) - (ids[-1] + 1 - PAGE)) // (PAGE - 1))
        assert ids == list(range(SIZE))
        return found[:40]

    return asyncio.run(main())


def test_each_answer_of_too_many_requests_halves_what_is_asked_for_ahead() -> None:
    """From 8 at once to 4, to 2, to 1."""
    assert reaches(Slowing()) == [0] + [7] * 39
    assert reaches(Slowing(10)) == [0] + [7] * 9 + [7, 6, 5, 4] + [3] * 26
    assert reaches(Slowing(5, 15))[-1] == 1
    assert reaches(Slowing(5, 15, 20))[-1] == 0
    assert reaches(Slowing(5, 15, 20, 25))[-1] == 0
