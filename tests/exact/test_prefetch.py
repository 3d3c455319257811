"""Pages asked for ahead: in order, few at a time, and left behind by nobody."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from contextlib import aclosing, suppress
from typing import Any

import httpx
import pytest

from comfy_cloud import AsyncComfyCloud, ComfyCloud, NotFoundError, ServerError
from comfy_cloud._transport import MAX_THREADS
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
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("comfy-cloud")]


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


def leave_by_break(assets: Any) -> None:
    """As most loops are left."""
    for _ in assets:
        break


def leave_by_error(assets: Any) -> None:
    """As it happens."""
    with suppress(ZeroDivisionError):
        for _ in assets:
            raise ZeroDivisionError


def leave_by_forgetting(assets: Any) -> None:
    """An iterator that nobody exhausts."""
    next(iter(assets))


@pytest.mark.parametrize("leave", [leave_by_break, leave_by_error, leave_by_forgetting])
def test_what_is_under_way_when_a_loop_is_left_ends_before_the_client_is_closed(leave: Callable[[Any], None]) -> None:
    """No thread is left, and no request is begun any more."""
    server = Canned(100_000)
    with comfy_of(server) as comfy:
        leave(comfy.assets.page_size(PAGE).prefetch(8).pages())
        pages = comfy.assets.page_size(PAGE).prefetch(32).pages()
        assert [len(next(pages).items) for _ in range(2)] == [PAGE, PAGE - 1]
        leave(pages)
    asked = list(server.asked)
    assert threads() == []
    assert sorted(asked) == sorted(server.answered) == sorted(server.asked)


def test_what_has_not_begun_when_a_loop_is_left_is_never_asked_for() -> None:
    """Here one thread is free: it is at the third page, and those behind it have to wait."""
    gate, third = threading.Event(), 2 * (PAGE - 1)
    server = Canned(100_000, lambda offset: None if offset < third else (gate.wait(), None)[1])
    with comfy_of(server) as comfy:
        busy = [comfy._transport.threads().submit(gate.wait) for _ in range(MAX_THREADS - 1)]
        pages = comfy.assets.page_size(PAGE).prefetch(8).pages()
        assert [len(next(pages).items) for _ in range(2)] == [PAGE, PAGE - 1]
        del pages
        gate.set()
        assert all(future.result() for future in busy)
    assert set(server.asked) <= {0, PAGE - 1, third}


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


def test_cancelling_a_walk_cancels_what_it_asked_for_and_waits_for_that() -> None:
    """No task outlives the loop that it was made for."""

    async def main() -> tuple[list[int], list[int], int]:
        hanging: list[int] = []
        hung = asyncio.Event()

        async def before(offset: int) -> None:
            if offset >= 3 * PAGE:
                hanging.append(offset)
                if len(hanging) == 8:
                    hung.set()
                await asyncio.Event().wait()

        server = AsyncCanned(SIZE, before)
        async with acomfy_of(server) as comfy:
            task = asyncio.create_task(comfy.assets.page_size(PAGE).prefetch(8).to_list())
            await hung.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return sorted(server.cancelled), sorted(set(server.asked) - set(server.answered)), len(asyncio.all_tasks())

    cancelled, unanswered, tasks = asyncio.run(main())
    assert cancelled == unanswered
    assert len(cancelled) == 8
    assert tasks == 1


async def leave_closing(assets: Any) -> None:
    """The pages are closed where they are left."""
    async with aclosing(assets.pages()) as pages:
        async for page in pages:
            if page.items[0].size > PAGE:
                return


async def leave_breaking(assets: Any) -> None:
    """As most loops are left."""
    async for asset in assets:
        if asset.size > 2 * PAGE:
            break


async def leave_failing(assets: Any) -> None:
    """As it happens."""
    with suppress(ZeroDivisionError):
        async for asset in assets:
            if asset.size > 2 * PAGE:
                raise ZeroDivisionError


@pytest.mark.parametrize("leave", [leave_closing, leave_breaking, leave_failing])
def test_leaving_an_awaiting_loop_cancels_what_it_asked_for(leave: Callable[[Any], Any]) -> None:
    """By the time the client is closed, whatever the loop was left by."""

    async def before(offset: int) -> None:
        if offset >= 3 * PAGE:
            await asyncio.Event().wait()

    async def main() -> tuple[list[int], list[int], int]:
        server = AsyncCanned(SIZE, before)
        async with acomfy_of(server) as comfy:
            await leave(comfy.assets.page_size(PAGE).prefetch(8))
            gc.collect()
        cancelled = sorted(server.cancelled)
        for _ in range(10):  # the event loop closes what was forgotten, in a task
            await asyncio.sleep(0)
        return cancelled, sorted(set(server.asked) - set(server.answered)), len(asyncio.all_tasks())

    cancelled, unanswered, tasks = asyncio.run(main())
    assert cancelled == unanswered
    assert len(cancelled) > 0
    assert tasks == 1


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
