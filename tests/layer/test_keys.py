"""The key goes where the spec says, with the operations that need it, and nowhere else."""

from __future__ import annotations

import pytest

from tests.layer.packages import Caller, Package
from tests.layer.server import Received, Server

KEY = "s3cret/+="


def carried(request: Received) -> tuple[str, str | None, str | None]:
    """The places a key could be in: target, Cookie, Authorization."""
    return request.target, request.header("cookie"), request.header("authorization")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("key_in_query", ("/secured?api_key=s3cret%2F%2B%3D", None, None)),
        ("key_in_cookie", ("/secured", f"session={KEY}", None)),
        ("key_in_bearer", ("/secured", None, f"Bearer {KEY}")),
    ],
)
def test_the_documents_security_says_where_the_key_goes(
    packages: dict[str, Package], server: Server, way: str, spec: str, expected: tuple[str, str | None, str | None]
) -> None:
    """Document-level `security`, unless the operation has its own: `security: []` sends none."""
    caller = Caller(packages[spec], "ask", server.url, way, KEY)
    caller.detailed("get_secured")
    assert carried(server.last) == expected
    caller.detailed("get_open")
    assert carried(server.last) == ("/open", None, None)


def test_a_header_key_is_left_out_where_the_operation_needs_none(
    packages: dict[str, Package], server: Server, way: str
) -> None:
    """answers.yaml has its key in X-Key."""
    caller = Caller(packages["answers"], "get", server.url, way, KEY)
    caller.detailed("delete_thing", "a")
    assert server.last.header("x-key") == KEY
    caller.detailed("get_open")
    assert server.last.header("x-key") is None


def test_a_client_without_a_key_sends_none(packages: dict[str, Package], server: Server, way: str) -> None:
    """Not even an empty one."""
    Caller(packages["answers"], "get", server.url, way).detailed("delete_thing", "a")
    assert server.last.header("x-key") is None


def test_a_key_is_not_sent_where_another_is_wanted(packages: dict[str, Package], server: Server, way: str) -> None:
    """A client has one credential; under another scheme's name it would be wrong, and given away."""
    caller = Caller(packages["two_keys"], "default", server.url, way, KEY)
    sent: dict[str, tuple[str | None, str | None]] = {}
    for name in ("wants_first", "wants_second", "wants_either"):
        caller.detailed(name)
        request = server.last
        sent[name] = request.header("x-first"), request.header("x-second")
    assert sent == {"wants_first": (KEY, None), "wants_second": (None, None), "wants_either": (KEY, None)}
