"""The ways in without a socket: fast, exact about time, without a thread."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import anyio
import anyio.lowlevel
import httpx
import pytest

from comfy_cloud.sandbox import Sandbox

BASE = "http://sandbox.test"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Never started."""
    made = Sandbox.seeded(50, key="k")
    yield made
    made.close()


def client(sandbox: Sandbox, waits: list[float] | None = None) -> httpx.Client:
    """A client whose waits are written down instead of waited."""
    sleep = None if waits is None else waits.append
    return httpx.Client(base_url=BASE, headers={"X-API-Key": "k"}, transport=sandbox.transport(sleep=sleep))


def test_it_needs_neither_a_thread_nor_the_extra() -> None:
    """Not even an import of Starlette or uvicorn, or of an event loop."""
    code = f"""
import sys, threading; sys.path[:0] = {sys.path!r}
sys.modules.update(starlette=None, uvicorn=None)
import httpx
from comfy_cloud.sandbox import Sandbox
sandbox = Sandbox.seeded(10)
with httpx.Client(transport=sandbox.transport(), headers={{"X-API-Key": sandbox.key}}) as client:
    assert 10 == client.get("http://x/api/assets").json()["total"]
assert 1 == threading.active_count()
sandbox.close()
"""
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (0, "") == (run.returncode, run.stderr)


def test_latency_is_waited_with_the_given_sleep(sandbox: Sandbox) -> None:
    """One wait before the answer, and one before each piece of a body that drips."""
    waits: list[float] = []
    sandbox.faults.add("latency=5s; latency=2s@1; drip=8000(every=3s)@2")
    with client(sandbox, waits) as asking:
        asking.get("/api/tags", timeout=None)
        body = asking.get("/api/assets", timeout=None).content
    assert [7.0, 5.0, *[3.0] * (-(-len(body) // 8000))] == waits


@pytest.mark.parametrize(("fault", "waited"), [("latency=9s", []), ("drip=1(every=9s)", []), ("latency=4s", [4.0])])
def test_a_wait_beyond_the_read_timeout_is_not_waited(sandbox: Sandbox, fault: str, waited: list[float]) -> None:
    """The timeout is there at once; a shorter wait is waited."""
    waits: list[float] = []
    sandbox.faults.add(fault)
    with client(sandbox, waits) as asking:
        if waited:
            assert 200 == asking.get("/api/assets", timeout=5).status_code
        else:
            with pytest.raises(httpx.ReadTimeout):
                asking.get("/api/assets", timeout=5)
            assert "left" == sandbox.requests[-1].ended
    assert waited == waits


def test_silence_ends_at_once_also_without_a_timeout(sandbox: Sandbox) -> None:
    """Nothing in the same thread could end it."""
    sandbox.faults.add("stall")
    with client(sandbox) as asking, pytest.raises(httpx.ReadTimeout):
        asking.get("/api/assets", timeout=None)


def test_the_url_is_where_the_request_went(sandbox: Sandbox) -> None:
    """Previews have it, and every URL leads to the sandbox."""
    with client(sandbox) as asking:
        body = asking.get("https://cloud.example:8443/api/assets?limit=50").json()
    previews = [one["preview_url"] for one in body["assets"] if "preview_url" in one]
    assert {"https://cloud.example:8443"} == {"/".join(one.split("/")[:3]) for one in previews}


def test_a_closed_sandbox_refuses_connections(sandbox: Sandbox) -> None:
    """As its port would."""
    with client(sandbox) as asking:
        sandbox.close()
        with pytest.raises(httpx.ConnectError, match=r"^The sandbox is closed\.$"):
            asking.get("/api/assets")


def most_at_once(sandbox: Sandbox) -> int:
    """How many of four requests wait at the same time; a waiting one gives way to the others many times."""
    waiting: list[int] = []
    most: list[int] = []

    async def sleep(_: float) -> None:
        waiting.append(1)
        for _ in range(20):
            most.append(len(waiting))
            await anyio.lowlevel.checkpoint()
        waiting.pop()

    async def ask_all() -> None:
        transport = sandbox.async_transport(sleep=sleep)
        async with httpx.AsyncClient(base_url=BASE, headers={"X-API-Key": "k"}, transport=transport) as asking:
            await asyncio.gather(*(asking.get("/api/tags") for _ in range(4)))

    asyncio.run(ask_all())
    return max(most)


@pytest.mark.parametrize(
    ("dialect", "fault", "expected"),
    [("cloud", "latency=1s", 4), ("cloud", "latency=1s(serialised)", 1), ("comfyui", "latency=1s", 1)],
)
def test_serialised_latency_is_waited_in_line(dialect: str, fault: str, expected: int) -> None:
    """By wish, or because the server serves one at a time."""
    sandbox = Sandbox.seeded(5, key="k", dialect=dialect, faults=fault)
    try:
        assert expected == most_at_once(sandbox)
    finally:
        sandbox.close()


def test_serialised_latency_holds_for_threads(sandbox: Sandbox) -> None:
    """Two that wait would meet at the barrier; in line nobody does."""
    sandbox.faults.add("latency=1s(serialised)")
    barrier = Barrier(2)
    met: list[bool] = []

    def sleep(_: float) -> None:
        try:
            barrier.wait(0.05)
            met.append(True)
        except threading.BrokenBarrierError:
            barrier.reset()

    transport = sandbox.transport(sleep=sleep)
    with httpx.Client(base_url=BASE, headers={"X-API-Key": "k"}, transport=transport) as asking:
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(asking.get, ["/api/tags"] * 2))
    assert ([200, 200], []) == ([one.status_code for one in answers], met)


def test_a_sleep_may_ask_the_sandbox_where_requests_are_served_one_at_a_time() -> None:
    """It does not wait for itself for ever."""
    totals: list[int] = []
    sandbox = Sandbox.seeded(5, dialect="comfyui", faults="latency=1s@1")

    def sleep(_: float) -> None:
        totals.append(asking.get("/api/assets").json()["total"])

    with httpx.Client(base_url=BASE, transport=sandbox.transport(sleep=sleep)) as asking:
        totals.append(asking.get("/api/assets").json()["total"])
    sandbox.close()
    assert [5, 5] == totals


def test_a_cancelled_wait_is_a_client_that_left(sandbox: Sandbox) -> None:
    """The log says so."""
    sandbox.faults.add("latency=3600s")

    async def give_up() -> None:
        async with httpx.AsyncClient(timeout=None, transport=sandbox.async_transport()) as asking:
            with anyio.move_on_after(0.02):
                await asking.get(f"{BASE}/api/assets")

    asyncio.run(give_up())
    assert ["left"] == [one.ended for one in sandbox.requests]


def test_threads_can_share_a_transport(sandbox: Sandbox) -> None:
    """Each gets its own answer, and all are in the log."""
    with client(sandbox) as asking, ThreadPoolExecutor(8) as pool:
        offsets = range(50)
        bodies = pool.map(lambda offset: asking.get(f"/api/assets?limit=1&offset={offset}").json(), offsets)
        assert 50 == len({body["assets"][0]["id"] for body in bodies})
    assert 50 == len(sandbox.requests)
