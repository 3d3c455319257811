"""Faults on the sandbox's own server: other connections go on, closing ends everything, a fork harms nobody."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from comfy_cloud.sandbox import Sandbox
from comfy_cloud.sandbox import faults as f

REQUEST = b"GET /api/%s HTTP/1.1\r\nHost: x\r\nX-API-Key: k\r\n\r\n"


@contextmanager
def connection(sandbox: Sandbox) -> Iterator[socket.socket]:
    """A raw connection to a sandbox that listens."""
    with socket.create_connection(("127.0.0.1", int(sandbox.url.rpartition(":")[2])), timeout=20) as raw:
        yield raw


def read(raw: socket.socket, into: bytearray) -> None:
    """Read until the end; what came before an error is kept."""
    while piece := raw.recv(65536):
        into += piece


def test_a_stalled_connection_does_not_hold_up_others() -> None:
    """Waiting on the server blocks nobody."""
    with Sandbox.seeded(
        20, key="k", faults="stall*3; drip=1(every=3600s)*3; latency=3600s*1[operation=listTags]"
    ) as sandbox:
        with ExitStack() as stack:
            for path in (b"assets", b"assets", b"assets", b"tags"):
                stack.enter_context(connection(sandbox)).sendall(REQUEST % path)
            for _ in range(500):
                if len(sandbox.requests) == 4:
                    break
                httpx.get(sandbox.url + "/_sandbox/", trust_env=False)
            assert {"open", "stalled", "complete"} >= {one.ended for one in sandbox.requests}
            sandbox.faults.clear()
            assert (
                200 == httpx.get(sandbox.url + "/api/assets", headers={"X-API-Key": "k"}, trust_env=False).status_code
            )


STALLED = """
import gc, socket, threading
from comfy_cloud.sandbox import Sandbox

faults = "stall@1; stall=10@2; drip=1(every=3600s)@3; latency=3600s@4; latency=3600s(serialised)@5-6"
with Sandbox.seeded(10, key="k", faults=faults) as sandbox:
    address = ("127.0.0.1", int(sandbox.url.rpartition(":")[2]))
    open_ones = [socket.create_connection(address, timeout=20) for _ in range(7)]
    for number, one in enumerate(open_ones[:6], 1):
        one.sendall(b"GET /api/assets HTTP/1.1\\r\\nHost: x\\r\\nX-API-Key: k\\r\\n\\r\\n")
        while len(sandbox.requests) < number:
            pass
for one in open_ones:
    try:
        while one.recv(65536):
            pass
    except ConnectionResetError:
        pass
    one.close()
del sandbox
gc.collect()
assert [threading.main_thread()] == threading.enumerate(), threading.enumerate()
"""


def test_closing_ends_stalls_at_once_and_leaves_nothing_behind() -> None:
    """No socket, thread, task or word on standard error, though nobody was answered; the waits are of an hour."""
    command = [sys.executable, "-W", "error", "-X", "dev", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{STALLED}"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (0, "", "") == (run.returncode, run.stdout, run.stderr)


def test_serialised_latency_is_waited_in_line_over_connections_too() -> None:
    """When the second is answered, the first has been: in the log it is no longer open."""
    open_ones: list[list[int]] = []

    def note(sandbox: object) -> None:
        assert isinstance(sandbox, Sandbox)
        open_ones.append([one.number for one in sandbox.requests if one.ended == "open"])

    with Sandbox.seeded(5, key="k", faults="latency=300ms(serialised)@1; latency=0ms(serialised)@2") as sandbox:
        sandbox.faults.add(f.call(note))
        with connection(sandbox) as first, connection(sandbox) as second:
            first.sendall(REQUEST % b"tags")
            second.sendall(REQUEST % b"tags")
            assert [b"HTTP/1.1 200", b"HTTP/1.1 200"] == [one.recv(12, socket.MSG_WAITALL) for one in (first, second)]
    assert [[1, 2], [2]] == open_ones


def test_one_that_does_not_wait_is_in_line_too_where_requests_are_served_one_at_a_time() -> None:
    """Only the first one is slow, but the second is not answered before it."""
    open_ones: list[list[int]] = []

    def note(sandbox: object) -> None:
        assert isinstance(sandbox, Sandbox)
        open_ones.append([one.number for one in sandbox.requests if one.ended == "open"])

    with Sandbox.seeded(5, dialect="comfyui", faults="latency=300ms@1") as sandbox:
        sandbox.faults.add(f.call(note))
        with connection(sandbox) as first, connection(sandbox) as second:
            first.sendall(REQUEST % b"tags")
            second.sendall(REQUEST % b"tags")
            assert [b"HTTP/1.1 200", b"HTTP/1.1 200"] == [one.recv(12, socket.MSG_WAITALL) for one in (first, second)]
    assert [[1, 2], [2]] == open_ones


def test_what_goes_out_beyond_the_length_stands_before_the_next_answer() -> None:
    """The bytes are really there, on a connection that stays open."""
    with Sandbox.seeded(1, key="k", faults="503(body=123456789)*1; wrong_length=-4*1") as sandbox:
        with connection(sandbox) as raw:
            raw.sendall((REQUEST % b"assets") * 2)
            raw.shutdown(socket.SHUT_WR)
            answers = b"".join(iter(lambda: raw.recv(65536), b""))
    head, body = answers.split(b"\r\n\r\n", 1)
    assert b"Content-Length: 5" in head.title()
    assert body.startswith(b"123456789HTTP/1.1 200 OK\r\n")


def test_a_reset_after_some_bytes_sends_these_first() -> None:
    """As many bytes of the body as were asked for, then the reset."""
    with Sandbox.seeded(1, key="k", faults="reset=7") as sandbox, connection(sandbox) as raw:
        raw.sendall(REQUEST % b"assets")
        got = bytearray()
        with pytest.raises(ConnectionResetError):
            read(raw, got)
    assert 7 == len(got.partition(b"\r\n\r\n")[2])


def test_the_app_of_another_server_says_what_it_cannot_do() -> None:
    """ASGI has no words for a broken connection; what has words works."""
    sandbox = Sandbox.seeded(1, key="k", faults="latency=1ms; 503@1; reset@2")

    async def ask() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="http://x") as client:
            return (await client.get("/api/assets")).status_code

    try:
        assert 503 == asyncio.run(ask())
        with pytest.raises(ConnectionAbortedError, match="need transport"):
            asyncio.run(ask())
    finally:
        sandbox.close()


FORKED = """
import os, socket, threading, time
import httpx
from comfy_cloud.sandbox import Sandbox

def asked(sandbox):
    answer = httpx.get(sandbox.url + "/api/assets", headers={"X-API-Key": sandbox.key}, trust_env=False)
    return answer.json()["total"]

with Sandbox.seeded(10) as sandbox:
    port = int(sandbox.url.rpartition(":")[2])
    asked(sandbox)
    kept = socket.create_connection(("127.0.0.1", port), timeout=20)
    kept.sendall(b"GET /_sandbox/ HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
    kept.recv(1)
    stays, done = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(done)
        assert 10 == asked(sandbox)
        sandbox.close()
        os.read(stays, 1)
        os._exit(0)
    os.close(stays)
    while len(sandbox.requests) < 2:
        time.sleep(0)
    assert 10 == asked(sandbox)
while kept.recv(65536):
    pass
kept.close()
try:
    socket.create_connection(("127.0.0.1", port)).close()
except ConnectionRefusedError:
    os.close(done)
assert (child, 0) == os.waitpid(child, 0)
"""


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="there is no fork here")
def test_a_fork_harms_neither_side() -> None:
    """The child can ask and close its copy; the parent goes on, and ends its port and connections when it closes."""
    warnings = ["-W", "error", "-W", "ignore:This process:DeprecationWarning"]
    command = [sys.executable, *warnings, "-X", "dev", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{FORKED}"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (0, "", "") == (run.returncode, run.stdout, run.stderr)
