"""Loops over listings that are left early, however that happens: what was asked for ahead ends with them."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from contextlib import aclosing, suppress
from typing import Any

import httpx
import pytest

from comfy_cloud import ComfyCloud
from comfy_cloud._transport import MAX_THREADS
from comfy_cloud.testing import InstantClock
from tests.exact.ahead import KEY, PAGE, SIZE, acomfy_of, comfy_of, threads
from tests.exact.canned import AsyncCanned, Canned


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


class Gate(InstantClock):
    """A clock whose waits last until it is opened, so that what waits is there when the loop is left."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting, self.open = threading.Semaphore(0), threading.Event()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.waiting.release()
        self.open.wait()
        super().sleep(seconds)


@pytest.mark.parametrize("kept", [False, True], ids=["left", "closed"])
def test_what_failed_ahead_is_not_tried_again_once_nobody_wants_it(kept: bool) -> None:
    """Neither after its loop was left, nor after its client was closed; the threads end after the piece of a wait."""
    clock, third = Gate(), 2 * (PAGE - 1)
    busy = httpx.Response(503, headers={"retry-after": "100"})
    server = Canned(SIZE, lambda offset: busy if offset >= third else None)
    comfy = ComfyCloud(transport=server, api_key=KEY, clock=clock)
    pages = comfy.assets.page_size(PAGE).prefetch(8).pages()
    assert [len(next(pages).items) for _ in range(2)] == [PAGE, PAGE - 1]
    for _ in range(7):
        clock.waiting.acquire()
    if not kept:
        pages.close()
    closing = threading.Thread(target=comfy.close)
    closing.start()
    if kept:
        while not comfy._transport._closed:
            threading.Event().wait(0.001)
    clock.open.set()
    closing.join()
    assert threads() == []
    assert sorted(server.asked) == [number * (PAGE - 1) for number in range(9)]
    assert max(clock.waits) < 1
    pages.close()


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
