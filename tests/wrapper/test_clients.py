"""What a client is beyond its resources: how it ends, what it tells, its escape hatches, and who may use it."""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

import comfy_cloud
from comfy_cloud import (
    ApiConnectionError,
    ApiTimeoutError,
    AsyncComfyCloud,
    AuthenticationError,
    ComfyCloud,
    ConfigurationError,
    NotFoundError,
    RequestEvent,
    ResponseEvent,
    RetryEvent,
    RetryPolicy,
    Stats,
    Timeouts,
)
from comfy_cloud.client import STREAM_EXTENSION
from comfy_cloud.testing import InstantClock
from comfy_cloud_api.api.asset import list_assets
from comfy_cloud_api.errors import ParameterError
from comfy_cloud_api.models import ErrorResponse, ListAssetsResponse
from tests.wrapper.callers import KEY, WAYS, places_with_key, result
from tests.wrapper.raw_server import PAGE, answer, raw_server, reset, stall

NOWHERE = "http://127.0.0.1:9"


def keeping(connection: Any, *_: Any) -> bool:
    """A step that answers and leaves the connection open."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(PAGE))
    connection.sendall(PAGE)
    return True


# Its end.


@pytest.mark.parametrize("way", WAYS)
def test_a_closed_client_says_so(way: str) -> None:
    """Whatever is asked of it; closing it twice is no error, used or not."""

    async def awaiting() -> None:
        comfy = AsyncComfyCloud(base_url=server.url, api_key=KEY)
        assert await comfy.assets.count() == 1
        await comfy.aclose()
        await comfy.aclose()
        for ask in (comfy.assets.count, lambda: list_assets.asyncio(client=comfy.api)):
            with pytest.raises(ConfigurationError, match="This client is closed; make a new one"):
                await ask()
        await AsyncComfyCloud(base_url=server.url, api_key=KEY).aclose()

    with raw_server(keeping) as server:
        if way == "awaiting":
            asyncio.run(awaiting())
            return
        comfy = ComfyCloud(base_url=server.url, api_key=KEY)
        assert comfy.assets.count() == 1
        comfy.close()
        comfy.close()
        for ask in (comfy.assets.count, lambda: list_assets.sync(client=comfy.api)):
            with pytest.raises(ConfigurationError, match="This client is closed; make a new one"):
                ask()
        ComfyCloud(base_url=server.url, api_key=KEY).close()


def test_a_second_event_loop_is_a_clear_error() -> None:
    """Rather than a hang, or a message about futures."""

    async def count() -> int:
        return await comfy.assets.count()

    with raw_server(keeping) as server:
        comfy = AsyncComfyCloud(base_url=server.url, api_key=KEY)
        with asyncio.Runner() as runner:
            assert runner.run(count()) == 1
            with pytest.raises(ConfigurationError, match="belongs to another event loop"):
                in_another_loop(count())
            runner.run(comfy.aclose())


def in_another_loop(coroutine: Any) -> Any:
    """Run a coroutine in an event loop of another thread, and return or raise what it does."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def test_a_blocking_client_does_not_await_and_the_other_way_round() -> None:
    """Through the generated client one could try."""
    with ComfyCloud(base_url=NOWHERE, api_key=KEY) as comfy, pytest.raises(ConfigurationError, match="only blocks"):
        asyncio.run(list_assets.asyncio(client=comfy.api))
    with pytest.raises(ConfigurationError, match="only awaits"):
        list_assets.sync(client=AsyncComfyCloud(base_url=NOWHERE, api_key=KEY).api)
    with pytest.raises(ConfigurationError, match="transport is a HTTPTransport, but this client needs"):
        AsyncComfyCloud(base_url=NOWHERE, api_key=KEY, transport=httpx.HTTPTransport())


def test_many_threads_share_a_client() -> None:
    """And its few connections."""
    with raw_server(keeping) as server, ComfyCloud(base_url=server.url, api_key=KEY) as comfy:
        with ThreadPoolExecutor(16) as pool:
            counts = list(pool.map(lambda _: comfy.assets.count(), range(160)))
        assert [1] * 160 == counts
        assert 160 == comfy.stats.requests == len(server.asked)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_has_connections_of_its_own() -> None:
    """It neither answers with the parent's data nor closes the parent's connections; both go on."""
    program = """
import os, sys
from comfy_cloud import ComfyCloud
comfy = ComfyCloud(base_url=sys.argv[1], api_key="some-key")
assert comfy.assets.count() == 1
child = os.fork()
assert comfy.assets.count() == 1
if not child:
    comfy.close()
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert comfy.assets.count() == 1
comfy.close()
"""
    ports: set[int] = set()

    def step(connection: Any, *_: Any) -> bool:
        ports.add(connection.getpeername()[1])
        return keeping(connection)

    with raw_server(step) as server:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program, server.url], capture_output=True, text=True, check=False
        )
    assert (0, "") == (done.returncode, done.stderr)
    assert (4, 2) == (len(server.asked), len(ports))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_transport_of_ones_own_is_not_used_in_a_forked_child() -> None:
    """Its connections cannot be told apart from the parent's, so it is a clear error."""
    program = """
import os, sys, httpx
from comfy_cloud import ComfyCloud, ConfigurationError
comfy = ComfyCloud(base_url=sys.argv[1], api_key="some-key", transport=httpx.HTTPTransport())
child = os.fork()
if not child:
    try:
        comfy.assets.count()
    except ConfigurationError as error:
        os._exit(0 if "forked" in str(error) else 2)
    os._exit(3)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
comfy.close()
"""
    with raw_server(keeping) as server:
        done = subprocess.run([sys.executable, "-c", program, server.url], capture_output=True, text=True, check=False)
    assert (0, "", []) == (done.returncode, done.stderr, server.asked)


def test_a_client_cannot_be_pickled() -> None:
    """It holds connections and the key."""
    with (
        ComfyCloud(base_url=NOWHERE, api_key=KEY) as comfy,
        pytest.raises(TypeError, match="cannot be pickled") as caught,
    ):
        pickle.dumps(comfy)
    assert [] == places_with_key(caught.value)


# What it tells.


@pytest.mark.parametrize("way", WAYS)
def test_hooks_hear_of_every_attempt(way: str) -> None:
    """With small values that hold no key and no body."""
    heard: list[Any] = []
    clock = InstantClock()
    with raw_server(answer(b"", 503), reset(), answer()) as server:
        hooks = dict.fromkeys(("on_request", "on_response", "on_retry"), heard.append)
        assert ["a"] == result(way, server.url, clock=clock, **hooks)
    kinds = [RequestEvent, ResponseEvent, RetryEvent]
    assert [*kinds, *kinds, *kinds[:2]] == list(map(type, heard))
    assert [1, 2] == [event.attempt for event in heard if isinstance(event, RetryEvent)]
    assert clock.waits == [event.wait_s for event in heard if isinstance(event, RetryEvent)]
    assert [503, None, 200] == [event.status for event in heard if isinstance(event, ResponseEvent)]
    assert [0, 0, len(PAGE)] == [event.bytes for event in heard if isinstance(event, ResponseEvent)]
    assert {"listAssets"} == {event.operation for event in heard}
    assert "status 503" == heard[2].why
    assert KEY not in repr(heard)


@pytest.mark.parametrize("way", WAYS)
def test_stats_count_requests_retries_bytes_and_waits(way: str) -> None:
    """Of a client and those made of it."""
    seen: list[Stats] = []
    clock = InstantClock()

    def ask(comfy: Any) -> Any:
        if isinstance(comfy, AsyncComfyCloud):

            async def awaiting() -> None:
                await comfy.assets.count()
                await comfy.with_options(timeout_s=3).assets.count()
                seen.append(comfy.stats)

            return awaiting()
        comfy.assets.count()
        comfy.with_options(timeout_s=3).assets.count()
        seen.append(comfy.stats)
        return None

    with raw_server(answer(b"x", 503), answer()) as server:
        result(way, server.url, ask, clock=clock)
    assert [Stats(requests=3, retries=1, failures=0, bytes=1 + 2 * len(PAGE), wait_s=clock.waits[0])] == seen


def test_the_log_tells_what_happened(caplog: pytest.LogCaptureFixture) -> None:
    """Under `comfy_cloud`: requests at DEBUG, retries and why at INFO; never the key."""
    with caplog.at_level(logging.DEBUG, "comfy_cloud"), raw_server(answer(b"", 503), answer()) as server:
        result("blocking", server.url, lambda comfy: comfy.request("GET", "/api/x", params={"key": KEY}))
    lines = [(record.levelname, record.message) for record in caplog.records if record.name == "comfy_cloud"]
    assert ["DEBUG", "DEBUG", "INFO", "DEBUG", "DEBUG"] == [level for level, _ in lines]
    assert f"GET /api/x: GET {server.url}/api/x?key=***, attempt 1" == lines[0][1]
    assert lines[1][1].startswith("GET /api/x: status 503, 0 bytes after 0.")
    assert "attempt 1 failed (status 503); next in " in lines[2][1]
    assert KEY not in caplog.text
    assert KEY in server.asked[0].target


def test_an_environment_variable_turns_the_log_on() -> None:
    """COMFY_CLOUD_LOG=debug, on stderr; a level that does not exist is refused."""
    program = "import sys; from comfy_cloud import ComfyCloud; ComfyCloud(base_url=sys.argv[1]).assets.count()"

    def told(level: str) -> str:
        environment = {**os.environ, "COMFY_CLOUD_LOG": level, "COMFY_CLOUD_API_KEY": KEY}
        command = [sys.executable, "-c", program, server.url]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment).stderr

    with raw_server(answer()) as server:
        assert "comfy_cloud DEBUG listAssets: GET http://127.0.0.1" in told("debug")
        assert "COMFY_CLOUD_LOG is 'loud', but it takes debug, info, warning, error." in told("loud")
        assert "" == told("")


def test_requests_name_their_sender() -> None:
    """The package, Python, and the version of the API's document."""
    with raw_server(answer()) as server:
        result("blocking", server.url)
    python = ".".join(map(str, sys.version_info[:3]))
    expected = f"comfy-cloud/{comfy_cloud.__version__} (python {python}; api {comfy_cloud.spec_version})"
    assert expected == server.asked[0].headers["user-agent"]


# Escape hatches.


@pytest.mark.parametrize("way", WAYS)
def test_options_are_for_the_client_they_made(way: str) -> None:
    """Timeout, retries and headers; connections stay shared, and the first client as it was."""
    with raw_server(stall()) as server:

        def hasty(comfy: Any) -> Any:
            return comfy.with_options(timeout_s=0.05, retry=RetryPolicy(attempts=2)).assets.count()

        error = result(way, server.url, hasty)
    assert (ApiTimeoutError, 2) == (type(error), error.attempts)

    def both(comfy: Any) -> Any:
        if isinstance(comfy, AsyncComfyCloud):

            async def awaiting() -> None:
                async with comfy.with_options(headers={"X-Mine": "1"}) as derived:
                    await derived.assets.count()
                await comfy.assets.count()

            return awaiting()
        with comfy.with_options(headers={"X-Mine": "1"}) as derived:
            derived.assets.count()
        return comfy.assets.count()

    ports: set[int] = set()

    def step(connection: Any, *_: Any) -> bool:
        ports.add(connection.getpeername()[1])
        return keeping(connection)

    with raw_server(step) as server:
        result(way, server.url, both)
    assert ["1", None] == [asked.headers.get("x-mine") for asked in server.asked]
    assert 1 == len(ports)


def test_a_derived_client_can_be_closed_by_itself() -> None:
    """And is, with the one it was made of."""
    with raw_server(keeping) as server, ComfyCloud(base_url=server.url, api_key=KEY) as comfy:
        derived = comfy.with_options(timeout_s=5)
        derived.close()
        with pytest.raises(ConfigurationError, match="closed"):
            derived.assets.count()
        other = comfy.with_options(timeout_s=5)
        assert 1 == comfy.assets.count()
        comfy.close()
        with pytest.raises(ConfigurationError, match="closed"):
            other.assets.count()


@pytest.mark.parametrize("way", WAYS)
def test_an_operation_that_the_spec_lacks_can_be_asked_for(way: str) -> None:
    """By the same rules: key, retries, errors."""

    def ask(comfy: Any) -> Any:
        params = {"a": "x y,z&", "b": [1, 2], "none": None, "yes": True}
        return comfy.request("delete", "/api/things/ü%2F?q=1", params=params)

    with raw_server(answer(b"", 502), answer(b"done", Content_Type="text/plain")) as server:
        answered = result(way, server.url + "/prefix/", ask)
    assert ("done", 200) == (answered.text, answered.status_code)
    assert {("DELETE", "/prefix/api/things/%C3%BC%2F?q=1&a=x%20y%2Cz%26&b=1&b=2&yes=true")} == {
        (asked.method, asked.target) for asked in server.asked
    }
    assert [KEY, KEY] == [asked.headers["x-api-key"] for asked in server.asked]
    with raw_server(answer(b'{"code": "NO"}', 404)) as server:
        error = result(way, server.url, ask)
    assert (NotFoundError, "DELETE /api/things/ü%2F") == (type(error), error.operation)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "api/x"), ("GET", "//evil.test/x"), ("GET", "https://evil.test/x"), ("GET", "/../x"), ("FETCH", "/x")],
)
def test_a_request_cannot_leave_the_base_url(method: str, path: str) -> None:
    """Nor use a method that does not exist; nothing is sent."""
    with ComfyCloud(base_url=NOWHERE, api_key=KEY) as comfy, pytest.raises(ParameterError):
        comfy.request(method, path)


@pytest.mark.parametrize("way", WAYS)
def test_the_raw_answers_of_any_call_can_be_had(way: str) -> None:
    """httpx's, complete, those of errors too; and nobody else's."""

    def ask(comfy: Any) -> Any:
        if isinstance(comfy, AsyncComfyCloud):

            async def awaiting() -> list[httpx.Response]:
                with comfy.raw_responses() as answers:
                    await comfy.assets.count()
                    with pytest.raises(AuthenticationError):
                        await comfy.assets.count()
                return answers

            return awaiting()
        with comfy.raw_responses() as answers:
            comfy.assets.count()
            with pytest.raises(AuthenticationError):
                comfy.assets.count()
        return answers

    with raw_server(answer(X_Mine="1"), answer(b"no", 401)) as server:
        first, second = result(way, server.url, ask)
    assert (200, PAGE, "1") == (first.status_code, first.content, first.headers["x-mine"])
    assert (401, b"no") == (second.status_code, second.content)
    assert first.elapsed.total_seconds() >= 0
    assert KEY not in repr(dict(first.request.headers))


@pytest.mark.parametrize("way", WAYS)
def test_the_generated_functions_share_the_transport(way: str) -> None:
    """They are retried and keyed alike, and return what the API documents, errors included."""

    def ask(comfy: Any) -> Any:
        if isinstance(comfy, AsyncComfyCloud):
            return list_assets.asyncio(client=comfy.api)
        return list_assets.sync(client=comfy.api)

    with raw_server(reset(), answer(b"{", 200), answer()) as server:
        page = result(way, server.url, ask)
    assert isinstance(page, ListAssetsResponse)
    assert [KEY] * 3 == [asked.headers["x-api-key"] for asked in server.asked]
    with raw_server(answer(b'{"code": "A", "message": "b"}', 401)) as server:
        assert ErrorResponse(code="A", message="b") == result(way, server.url, ask)
    with raw_server(reset()) as server:
        assert ApiConnectionError is type(result(way, server.url, ask))


def test_a_generated_client_with_other_options_keeps_the_rules() -> None:
    """Its with_timeout shares connections and retries."""
    with raw_server(reset(), keeping) as server:
        with ComfyCloud(base_url=server.url, api_key=KEY, clock=InstantClock()) as comfy:
            other = comfy.api.with_timeout(3)
            assert isinstance(list_assets.sync(client=other), ListAssetsResponse)
            assert (2, 1) == (comfy.stats.requests, comfy.stats.retries)


def test_an_answer_can_be_streamed() -> None:
    """By whoever asks httpx for it and says so; what breaks then is httpx's to tell."""
    with raw_server(answer(b"abc" * 1000, length=4000)) as server:
        with ComfyCloud(base_url=server.url, api_key=KEY, max_body_bytes=10) as comfy:
            client = comfy.api.get_httpx_client()
            with client.stream("GET", f"{server.url}/file", extensions={STREAM_EXTENSION: True}) as answered:
                pieces = answered.iter_bytes(300)
                assert b"abc" * 100 == next(pieces)
                with pytest.raises(httpx.RemoteProtocolError):
                    list(pieces)
    assert 1 == len(server.asked)


def test_a_transport_of_ones_own_gets_retries_errors_and_the_key() -> None:
    """Here a mock of httpx's; it alone sees the key."""
    seen: list[str | None] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("x-api-key"))
        if len(seen) == 1:
            raise httpx.ReadError("gone")
        return httpx.Response(200, content=PAGE, headers={"Content-Type": "application/json"})

    for way in WAYS:
        seen.clear()
        assert ["a"] == result(way, "https://example.test", transport=httpx.MockTransport(handle))
        assert [KEY, KEY] == seen


def test_timeouts_can_be_told_apart() -> None:
    """Connect, read, write and pool, in seconds."""
    timeouts = Timeouts(connect_s=1, read_s=2, write_s=3, pool_s=4)
    with ComfyCloud(base_url=NOWHERE, timeout_s=timeouts) as comfy:
        assert httpx.Timeout(connect=1, read=2, write=3, pool=4) == comfy.api.get_httpx_client().timeout
    with ComfyCloud(base_url=NOWHERE, timeout_s=30) as comfy:
        assert httpx.Timeout(30, connect=10) == comfy.api.get_httpx_client().timeout
