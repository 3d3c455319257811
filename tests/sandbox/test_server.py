"""Starting, stopping and what is left behind."""

import asyncio
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from comfy_cloud.sandbox import DEFAULT_KEY, Sandbox

LEAKS = """
import gc, signal, threading
import httpx
from comfy_cloud.sandbox import Sandbox

handlers = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
with httpx.Client(trust_env=False) as client:
    for _ in range(2):
        with Sandbox.seeded(10) as sandbox:
            client.get(sandbox.url + "/api/assets", headers={"X-API-Key": sandbox.key}).raise_for_status()
            assert handlers == [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
        sandbox.close()
Sandbox.seeded(10).close()
del sandbox
gc.collect()
assert [threading.main_thread()] == threading.enumerate(), threading.enumerate()
"""


def test_nothing_is_left_behind() -> None:
    """No socket, thread, database or signal handler; also not under connections that are still open."""
    command = [sys.executable, "-W", "error", "-X", "dev", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{LEAKS}"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (0, "", "") == (run.returncode, run.stdout, run.stderr)


def test_it_answers_as_soon_as_it_is_entered() -> None:
    """There is nothing to wait for, nor to retry."""
    for _ in range(3):
        with Sandbox.seeded(1) as sandbox, socket.create_connection(("127.0.0.1", int(sandbox.url[17:]))) as raw:
            raw.sendall(b"GET /api/tags HTTP/1.0\r\n\r\n")
            assert b"HTTP/1.1 401" == raw.recv(12, socket.MSG_WAITALL)


def test_closing_ends_connections_that_never_asked() -> None:
    """A client that holds a connection open does not hold up the end."""
    with Sandbox.seeded(1) as sandbox:
        idle = socket.create_connection(("127.0.0.1", int(sandbox.url[17:])))
    with idle:
        idle.settimeout(5)
        assert b"" == idle.recv(1)


def test_the_address_is_free_again_after_closing() -> None:
    """The same port can be asked for at once, and is refused while it is taken."""
    with Sandbox.seeded(1) as first:
        port = int(first.url[17:])
        with pytest.raises(OSError, match="in use"):
            Sandbox.seeded(1, port=port).__enter__()
    with Sandbox.seeded(1, port=port) as second:
        assert f"http://127.0.0.1:{port}" == second.url


def test_it_is_the_same_after_starting_twice_and_cannot_start_after_closing() -> None:
    """Starting is idempotent; closing is final."""
    sandbox = Sandbox.seeded(1)
    with pytest.raises(RuntimeError, match="not started"):
        _ = sandbox.url
    try:
        url = sandbox.start().url
        assert url == sandbox.start().url
    finally:
        sandbox.close()
    assert "<Sandbox closed>" == repr(sandbox)
    with pytest.raises(RuntimeError, match="closed"):
        sandbox.start()


@pytest.mark.parametrize("key", ["", " x", "ä", "a\nb"])
def test_a_key_that_cannot_be_sent_is_refused(key: str) -> None:
    """At once, instead of a sandbox that nobody can enter."""
    with pytest.raises(ValueError, match=r"^The key must be printable ASCII"):
        Sandbox.seeded(1, key=key)


@pytest.mark.parametrize("host", ["", " "])
def test_an_empty_host_is_refused(host: str) -> None:
    """It would be every address of the machine, where loopback is promised unless told otherwise."""
    with pytest.raises(ValueError, match=r"^The host must not be empty: 127\.0\.0\.1 is this machine only"):
        Sandbox.seeded(1, host=host)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    """When the sandbox is made, not when it starts."""
    with pytest.raises(ValueError, match=rf"^The port must be 0 to 65535, not {port}; 0 is any free one\.$"):
        Sandbox.seeded(1, port=port)


@pytest.mark.parametrize(
    "use",
    [Sandbox.start, Sandbox.add, Sandbox.assets, Sandbox.changes, Sandbox.matching, Sandbox.wait],
)
def test_what_is_asked_of_a_closed_sandbox_is_an_error_that_says_so(use: Callable[[Sandbox], object]) -> None:
    """Whether it was started or not; closing it again is none."""
    with Sandbox.seeded(1) as started:
        pass
    never = Sandbox.seeded(1)
    never.close()
    never.close()
    for closed in (started, never):
        with pytest.raises(RuntimeError, match=r"^This sandbox is closed: make a new one\.$"):
            use(closed)


def test_the_key_can_be_chosen() -> None:
    """Only that one is accepted then."""
    with Sandbox.seeded(1, key="mine") as sandbox:
        statuses = [
            httpx.get(f"{sandbox.url}/api/tags", headers={"X-API-Key": key}).status_code
            for key in (sandbox.key, DEFAULT_KEY)
        ]
    assert [200, 401] == statuses


def test_the_app_answers_without_a_socket() -> None:
    """An HTTP client that speaks ASGI needs no server."""
    sandbox = Sandbox.seeded(30)

    async def total() -> int:
        transport = httpx.ASGITransport(sandbox.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            response = await client.get("/api/assets", headers={"X-API-Key": sandbox.key})
            return int(response.json()["total"])

    try:
        assert 30 == asyncio.run(total())
    finally:
        sandbox.close()


def test_a_failure_of_its_own_is_a_500_in_the_shape_of_the_spec() -> None:
    """Here because the library is closed under the application, which is never right."""
    sandbox = Sandbox.seeded(1)
    app = sandbox.app
    sandbox.close()

    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            return await client.get("/api/assets", headers={"X-API-Key": sandbox.key})

    response = asyncio.run(answer())
    expected = {"code": "INTERNAL_ERROR", "message": "The sandbox failed to answer; its log says why."}
    assert (500, expected) == (response.status_code, response.json())


def test_sql_only_reads() -> None:
    """Not even a query that first asks for the right to write can change the library."""
    sandbox = Sandbox.seeded(5)
    try:
        for permission in ("PRAGMA query_only = OFF", "COMMIT", "PRAGMA query_only = OFF"):
            sandbox.sql(permission)
            for query in ("DELETE FROM assets", "DROP TABLE tags", "CREATE TABLE t (c)"):
                with pytest.raises(sqlite3.OperationalError, match="readonly"):
                    sandbox.sql(query)
        assert [(5,)] == sandbox.sql("SELECT COUNT(*) FROM assets WHERE size >= ?", (0,))
    finally:
        sandbox.close()


def test_callers_and_clients_can_ask_at_the_same_time(sandbox: Sandbox, http: httpx.Client) -> None:
    """SQL from several threads and requests over several connections do not disturb each other."""

    def once(number: int) -> int:
        if number % 2:
            return int(str(sandbox.sql("SELECT COUNT(*) FROM assets")[0][0]))
        return int(http.get("/api/assets", params={"limit": 1, "offset": number}).json()["total"])

    with ThreadPoolExecutor(8) as pool:
        assert {2000} == set(pool.map(once, range(200)))


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_the_error_says_what_to_install(missing: str) -> None:
    """The package can be imported and a library made; only serving needs the extra."""
    code = f"""
import sys; sys.path[:0] = {sys.path!r}; sys.modules[{missing!r}] = None
from comfy_cloud.sandbox import Sandbox
Sandbox.seeded(1).start()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    expected = "ImportError: comfy_cloud.sandbox needs Starlette and uvicorn: pip install 'comfy-cloud[sandbox]'"
    assert expected == run.stderr.splitlines()[-1]
