"""The request log: what was asked, what came of it, never the key."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from comfy_cloud.sandbox import Sandbox
from comfy_cloud.sandbox._serving.exchange import Asked
from comfy_cloud.sandbox._serving.log import RequestLog
from tests.sandbox.ways import WAYS, Get, way_in


@pytest.fixture(scope="module")
def served() -> Iterator[Sandbox]:
    """A sandbox whose key is easy to find in a text."""
    with Sandbox.seeded(40, key="the-secret-key") as sandbox:
        yield sandbox


@pytest.fixture(params=WAYS)
def get(served: Sandbox, request: pytest.FixtureRequest) -> Iterator[Get]:
    """Each way in, with an empty log."""
    served.requests.clear()
    with way_in(served, request.param) as way:
        yield way


def test_a_request_is_logged_with_its_outcome(served: Sandbox, get: Get) -> None:
    """As soon as the client has the answer, everything about it is there."""
    response = get("/api/assets?limit=2&include_tags=a%2Cb&include_tags=%C3%A9")
    (one,) = served.requests
    assert ("GET", "/api/assets", 200, "complete", ()) == (one.method, one.path, one.status, one.ended, one.faults)
    assert (("limit", "2"), ("include_tags", "a,b"), ("include_tags", "é")) == one.query
    assert (len(response.content), served.sequence) == (one.bytes, one.sequence)
    assert ("2", "a,b", None) == (one.asked_for("limit"), one.asked_for("include_tags"), one.asked_for("offset"))


def test_the_key_is_not_in_the_log(served: Sandbox, get: Get) -> None:
    """That one was sent can be seen, but not which."""
    get("/api/assets")
    assert "[redacted]" == dict(served.requests[0].headers)["x-api-key"]
    assert served.key not in repr(list(served.requests))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("reset", (None, "reset", 0)),
        ("reset=10", (200, "reset", 10)),
        ("hang_up", (None, "closed", 0)),
        ("truncate=10", (200, "closed", 10)),
        ("stall=10", (200, "stalled", 10)),
        ("stall", (None, "stalled", 0)),
    ],
)
def test_the_log_says_how_it_ended(
    served: Sandbox, get: Get, fault: str, expected: tuple[int | None, str, int]
) -> None:
    """And which fault it was."""
    with served.faults.add(fault), pytest.raises(httpx.TransportError):
        get("/api/assets", timeout=0.1)
    (one,) = served.requests
    assert (*expected, (fault,)) == (one.status, one.ended, one.bytes, one.faults)


def test_a_client_that_leaves_is_seen(served: Sandbox) -> None:
    """Over a socket, when the connection is gone before the answer is complete."""
    served.requests.clear()
    with served.faults.add("drip=1(every=1ms)@1"):
        with socket.create_connection(("127.0.0.1", int(served.url.rpartition(":")[2]))) as raw:
            raw.sendall(b"GET /api/assets HTTP/1.1\r\nHost: x\r\nX-API-Key: the-secret-key\r\n\r\n")
            raw.recv(1)
        for _ in range(500):
            if served.requests[0].ended == "left":
                break
            httpx.get(served.url + "/_sandbox/", trust_env=False)
    assert "left" == served.requests[0].ended


def test_a_client_that_leaves_in_process_is_seen(served: Sandbox) -> None:
    """When it closes the answer without having read it."""
    served.requests.clear()
    with httpx.Client(transport=served.transport(), headers={"X-API-Key": served.key}) as client:
        with client.stream("GET", "http://sandbox.test/api/assets"):
            pass
    assert ["left"] == [one.ended for one in served.requests]


def test_requests_can_be_picked(served: Sandbox, get: Get) -> None:
    """By path, method, status and fault, all of which must fit."""
    with served.faults.add("503*1"):
        for target in ("/api/assets", "/api/tags", "/api/tags?limit=0"):
            get(target)
    log = served.requests
    assert [1, 2, 1, 1, 3, 0] == [
        len(log.where(path="/api/assets")),
        len(log.where(path="/api/t*")),
        len(log.where(fault="503*")),
        len(log.where(path="/api/tags", status=400)),
        len(log.where(method="GET")),
        len(log.where(path="/api/assets", status=200)),
    ]
    assert (3, "/api/tags", 2) == (len(log), log[-1].path, len(log[1:]))


def test_the_sandbox_s_own_pages_are_not_logged(served: Sandbox, get: Get) -> None:
    """Looking at the log does not make it longer."""
    get("/_sandbox/nothing")
    assert 0 == len(served.requests)


def test_the_log_keeps_the_last_ones() -> None:
    """And says how many it has not kept; numbers go on, also after clearing."""
    log = RequestLog(kept=3)
    for _ in range(5):
        number = log.arrived(Asked("GET", "/api/assets"), ())
    log.answered(1, status=200, sent=0, sequence=0, ended="complete")
    log.left(1)
    assert ([3, 4, 5], 5, 2) == ([one.number for one in log], number, log.dropped)
    assert sorted(one.at for one in log) == [one.at for one in log]
    log.clear()
    log.arrived(Asked("GET", "/api/assets"), ())
    assert ([6], 0, "<RequestLog of 1 requests, 0 dropped>") == ([one.number for one in log], log.dropped, repr(log))
