"""What ends a call from the side: cancellation, deadlines of others, hooks that raise, and a failing service."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from comfy_cloud import (
    ApiTimeoutError,
    AsyncComfyCloud,
    ComfyCloud,
    ConfigurationError,
    RetryPolicy,
    ServerError,
    WalkDeadlineError,
)
from comfy_cloud.client import STREAM_EXTENSION
from comfy_cloud.retries import Bucket
from comfy_cloud.testing import InstantClock
from tests.wrapper.callers import KEY, WAYS, places_with_key, result
from tests.wrapper.raw_server import PAGE, Asked, RawServer, Step, answer, drip, raw_server, reset, stall

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SOME = HEAD + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE[:40]


@pytest.mark.parametrize("step", [stall(), stall(SOME)], ids=["before the answer", "in the body"])
def test_a_cancelled_request_leaves_the_client_usable(step: Step) -> None:
    """And nothing behind: no frame of ours holds the key, no connection stays open."""

    async def run() -> None:
        loop, begun = asyncio.get_running_loop(), asyncio.Event()

        def telling(connection: socket.socket, asked: Asked, raw: RawServer) -> None:
            loop.call_soon_threadsafe(begun.set)
            step(connection, asked, raw)

        with raw_server(telling, answer()) as server:
            async with AsyncComfyCloud(base_url=server.url, api_key=KEY) as comfy:
                task = asyncio.create_task(comfy.assets.count())
                await begun.wait()
                await cancelled(task)
                assert 1 == await comfy.assets.count()

    asyncio.run(run())


async def cancelled(task: asyncio.Task[Any]) -> None:
    """Cancel a task and look at what it raises."""
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    assert [] == places_with_key(caught.value)


def test_a_cancelled_wait_leaves_the_client_usable() -> None:
    """One between two attempts, that the server asked for."""

    async def run() -> None:
        waiting = asyncio.Event()
        with raw_server(answer(b"", 503, Retry_After="100"), answer()) as server:
            options: dict[str, Any] = {"base_url": server.url, "api_key": KEY, "on_retry": lambda _: waiting.set()}
            async with AsyncComfyCloud(**options) as comfy:
                task = asyncio.create_task(comfy.assets.count())
                await waiting.wait()
                await cancelled(task)
                assert 1 == await comfy.assets.count()

    asyncio.run(run())


def walked(comfy: Any) -> Any:
    """List all within a minute."""
    if isinstance(comfy, AsyncComfyCloud):

        async def awaiting() -> list[Any]:
            return [asset async for asset in comfy.assets.deadline(60)]

        return awaiting()
    return list(comfy.assets.deadline(60))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("policy", "words"),
    [(RetryPolicy(), "asks to wait 90 s"), (RetryPolicy(deadline_s=None), "asks to wait 90 s")],
)
def test_no_call_of_a_walk_waits_beyond_the_walk_s_deadline(policy: RetryPolicy, words: str, way: str) -> None:
    """It ends at once where the server asks for more, and can be resumed."""
    clock = InstantClock()
    with raw_server(answer(b"", 503, Retry_After="90")) as server:
        error = result(way, server.url, walked, retry=policy, clock=clock)
    assert (WalkDeadlineError, 1, []) == (type(error), len(server.asked), clock.waits)
    assert words in str(error.__cause__)
    assert [] == places_with_key(error)


@pytest.mark.parametrize("way", WAYS)
def test_a_walk_that_keeps_failing_ends_by_its_deadline(way: str) -> None:
    """Whatever the policy would wait."""
    clock, patient = InstantClock(), RetryPolicy(attempts=1000, base_wait_s=20, deadline_s=None)
    with raw_server(reset()) as server:
        error = result(way, server.url, walked, retry=patient, clock=clock)
    assert WalkDeadlineError is type(error)
    assert 0 < sum(clock.waits) < 60


@pytest.mark.parametrize("way", WAYS)
def test_a_transport_of_ones_own_keeps_the_deadline_too(way: str) -> None:
    """Also where headers drip in, which no timeout of httpx notices."""
    kind = httpx.AsyncHTTPTransport if way == "awaiting" else httpx.HTTPTransport
    with raw_server(drip(HEAD, b"X-A: b\r\n")) as server:
        error = result(way, server.url, transport=kind(), retry=RetryPolicy(deadline_s=0.2))
    assert ApiTimeoutError is type(error)
    assert "deadline of 0.2 seconds" in str(error)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("hook", ["on_request", "on_response", "on_retry"])
def test_what_a_hook_raises_ends_the_call(hook: str, way: str) -> None:
    """As it is; the next call goes on."""

    def refuse(_: object) -> None:
        raise LookupError(hook)

    with raw_server(answer(b"", 503), answer()) as server, pytest.raises(LookupError, match=hook) as caught:
        result(way, server.url, **{hook: refuse})
    assert [] == places_with_key(caught.value)


def test_a_hook_that_raises_leaves_no_stream_open() -> None:
    """The answer is closed, though its caller never sees it, so that its connection can be used again."""
    told: list[object] = []

    def refuse_once(event: object) -> None:
        told.append(event)
        if len(told) == 1:
            raise LookupError

    limits = httpx.Limits(max_connections=1)
    transport = httpx.HTTPTransport(limits=limits)
    options: dict[str, Any] = {
        "transport": transport,
        "on_response": refuse_once,
        "timeout_s": 1,
        "retry": RetryPolicy.none(),
    }
    with raw_server(answer(b"abc", length=2_000_000), answer()) as server:
        with ComfyCloud(base_url=server.url, api_key=KEY, **options) as comfy:
            client = comfy.api.get_httpx_client()
            with (
                pytest.raises(LookupError),
                client.stream("GET", f"{server.url}/file", extensions={STREAM_EXTENSION: True}),
            ):
                pass
            assert 1 == comfy.assets.count()


def test_a_hundred_threads_share_one_budget_of_retries() -> None:
    """A service that is down gets each call once, and no more retries than the bucket pays for."""

    def failed(_: int) -> type[BaseException]:
        with pytest.raises(ServerError) as caught:
            comfy.assets.count()
        return caught.type

    with raw_server(answer(b"", 503)) as server:
        with ComfyCloud(base_url=server.url, api_key=KEY, clock=InstantClock()) as comfy:
            with ThreadPoolExecutor(100) as pool:
                assert {ServerError} == set(pool.map(failed, range(100)))
            assert (100, 100) == (comfy.stats.failures, Bucket.CAPACITY // Bucket.RETRY_COST)
            assert 200 == comfy.stats.requests == len(server.asked)


def test_no_wait_is_longer_than_a_day() -> None:
    """Also where no deadline bounds it: `sleep` itself would fail, or last for years."""
    clock = InstantClock()
    for text, waits in [("86400", [86400.0]), ("86401", []), ("9" * 30, [])]:
        clock.waits.clear()
        with raw_server(answer(b"", 503, Retry_After=text)) as server:
            result("blocking", server.url, clock=clock, retry=RetryPolicy(attempts=2, deadline_s=None))
        assert waits == clock.waits


@pytest.mark.parametrize("way", WAYS)
def test_a_client_closed_during_a_wait_sends_nothing_more(way: str) -> None:
    """Another attempt would open a connection that nobody closes."""

    def ask(comfy: Any) -> Any:
        if isinstance(comfy, AsyncComfyCloud):

            async def awaiting() -> None:
                waiting = asyncio.Event()
                derived = comfy.with_options(retry=RetryPolicy(attempts=3, base_wait_s=0))
                told.append(waiting.set)
                task = asyncio.create_task(derived.assets.count())
                await waiting.wait()
                await comfy.aclose()
                await task

            return awaiting()
        told.append(comfy.close)
        return comfy.assets.count()

    told: list[Any] = []
    with raw_server(answer(b"", 503)) as server:
        error = result(way, server.url, ask, on_retry=lambda _: told[0]())
    assert (ConfigurationError, 1) == (type(error), len(server.asked))
    assert "This client is closed" in str(error)
