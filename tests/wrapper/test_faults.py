"""The fault matrix: what goes wrong on the way, and what a caller gets. Over bare sockets, blocking and awaiting."""

from __future__ import annotations

import gzip
import logging
import pickle
import socket
import ssl
import tracemalloc
import zlib
from typing import Any, NamedTuple

import httpx
import pytest
import trustme

from comfy_cloud import (
    ApiConnectionError,
    ApiError,
    ApiTimeoutError,
    DecodeError,
    ResponseTooLargeError,
    RetryPolicy,
    Timeouts,
)
from tests.wrapper.callers import KEY, WAYS, places_with_key, result
from tests.wrapper.raw_server import PAGE, Step, answer, bomb, drip, flood, raw_server, reset, stall

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SOME = HEAD + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE[:40]
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = {"Content_Encoding": "gzip"}
PACKED = gzip.compress(PAGE)
DEADLINE = RetryPolicy(attempts=3, deadline_s=0.2)
MIB = 1 << 20


class Row(NamedTuple):
    """A fault, and what a caller gets who meets nothing else: an error, its words, and how many attempts it took."""

    fault: Step
    error: type[ApiError]
    words: str
    attempts: int
    options: dict[str, Any] = {}  # noqa: RUF012 - read only


QUICK = {"timeout_s": Timeouts(read_s=0.05), "retry": RetryPolicy(attempts=2)}
ROWS = {
    "reset before the answer": Row(reset(), ApiConnectionError, "cannot be reached", 6),
    "reset in the headers": Row(reset(HEAD), ApiConnectionError, "cannot be reached", 6),
    "reset in the body": Row(reset(SOME), ApiConnectionError, "cannot be reached", 6),
    "stalled before the answer": Row(stall(), ApiTimeoutError, "did not answer within 0.05 seconds", 2, QUICK),
    "stalled in the body": Row(stall(SOME), ApiTimeoutError, "did not answer within 0.05 seconds", 2, QUICK),
    "dripping body": Row(drip(CHUNKED, b"1\r\n \r\n"), ApiTimeoutError, "deadline of 0.2", 1, {"retry": DEADLINE}),
    "dripping headers": Row(drip(HEAD, b"X-A: b\r\n"), ApiTimeoutError, "deadline of 0.2", 1, {"retry": DEADLINE}),
    "stalled beyond the deadline": Row(stall(), ApiTimeoutError, "deadline of 0.2", 1, {"retry": DEADLINE}),
    "no HTTP": Row(lambda c, *_: c.sendall(b"SSH-2.0-OpenSSH\r\n"), ApiConnectionError, "cannot be reached", 6),
    "cut JSON": Row(answer(PAGE[:-3]), DecodeError, "its JSON is cut off or corrupt, after 6 attempts", 6),
    "empty body": Row(answer(b""), DecodeError, "its JSON is cut off", 6),
    "JSON that is no UTF-8": Row(answer(b'{"assets": "\xff"}'), DecodeError, "its JSON is cut off", 6),
    "Content-Length too large": Row(answer(length=len(PAGE) + 5), ApiConnectionError, "cannot be reached", 6),
    "Content-Length too small": Row(answer(length=len(PAGE) - 5), DecodeError, "its JSON is cut off", 6),
    "corrupt gzip": Row(answer(PACKED[:20] + b"\0\xff" * 20, **GZIP), DecodeError, "cannot be decompressed", 6),
    "no gzip at all": Row(answer(PAGE, **GZIP), DecodeError, "cannot be decompressed", 6),
    "cut gzip": Row(answer(PACKED[:-9], **GZIP), DecodeError, "its compressed data is cut off", 6),
    "a coding not asked for": Row(answer(PAGE, Content_Encoding="br"), DecodeError, "coded as 'br'", 6),
    "gzip bomb": Row(
        answer(bomb(300 * MIB), **GZIP), ResponseTooLargeError, "more than 1048576 bytes", 1, {"max_body_bytes": MIB}
    ),
    "300 MB said": Row(answer(b"", length=300 * MIB), ResponseTooLargeError, "more than 67108864 bytes", 1),
    "300 MB sent": Row(
        flood(300 * MIB, CHUNKED), ResponseTooLargeError, "more than 4194304 bytes", 1, {"max_body_bytes": 4 * MIB}
    ),
    "a login page": Row(answer(b"<html>Log in</html>", Content_Type="text/html"), DecodeError, "<html>Log in", 1),
    "JSON of something else": Row(answer(b"[1]"), DecodeError, "begins '[1]'", 1),
    "JSON nested too deeply": Row(answer(b"[" * 100_000), DecodeError, "nested too deeply", 1),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ROWS)
def test_a_lasting_fault_is_the_right_error(name: str, way: str, caplog: pytest.LogCaptureFixture) -> None:
    """With what a report of it needs, as often as it is worth trying, and without the key anywhere."""
    row = ROWS[name]
    with caplog.at_level(logging.DEBUG), raw_server(row.fault) as server:
        error = result(way, server.url, **row.options)
    assert (row.error, row.attempts, row.attempts) == (type(error), error.attempts, len(server.asked))
    assert row.words in str(error)
    assert "\n" not in str(error)
    assert (error.operation, error.method) == ("listAssets", "GET")
    assert error.url.startswith(f"{server.url}/api/assets?")
    assert {asked.headers["x-api-key"] for asked in server.asked} == {KEY}
    assert [] == places_with_key(error)
    assert KEY not in caplog.text
    copy = pickle.loads(pickle.dumps(error))
    assert (type(error), str(error), vars(error)) == (type(copy), str(copy), vars(copy))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.attempts > 1])
def test_a_passing_fault_is_not_seen(name: str, way: str) -> None:
    """The next attempt brings the right result."""
    row = ROWS[name]
    with raw_server(row.fault, row.fault if row.attempts > 2 else answer(), answer()) as server:
        assert ["a"] == result(way, server.url, **row.options)
    assert min(row.attempts, 3) == len(server.asked)


@pytest.mark.parametrize("way", WAYS)
def test_a_body_too_large_is_not_held(way: str) -> None:
    """A bomb of 300 MB takes a few MB, and of 300 MB that are sent most are never read."""
    tracemalloc.start()
    try:
        for fault in (answer(bomb(300 * MIB), **GZIP), flood(300 * MIB, CHUNKED)):
            with raw_server(fault) as server:
                tracemalloc.reset_peak()
                before = tracemalloc.get_traced_memory()[0]
                assert isinstance(result(way, server.url, max_body_bytes=MIB), ResponseTooLargeError)
                assert tracemalloc.get_traced_memory()[1] - before < 12 * MIB
            assert server.sent < 100 * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "raw deflate", "two members", "padded", "identity"])
def test_a_compressed_answer_is_read(coding: str, way: str) -> None:
    """In each coding that is asked for, as servers write it, sound or sloppy."""
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "deflate": zlib.compress(PAGE),
        "raw deflate": raw.compress(PAGE) + raw.flush(),
        "two members": gzip.compress(PAGE[:30]) + gzip.compress(PAGE[30:]),
        "padded": PACKED + bytes(100),
        "identity": PAGE,
    }.get(coding, PACKED)
    said = {"raw deflate": "deflate", "two members": "gzip", "padded": "gzip"}.get(coding, coding)
    with raw_server(answer(packed, Content_Encoding=said)) as server:
        assert ["a"] == result(way, server.url)
    assert "gzip, deflate" == server.asked[0].headers["accept-encoding"]


@pytest.mark.parametrize("way", WAYS)
def test_a_refused_connection_is_named(way: str) -> None:
    """With address and reason; it is tried again, as a server that restarts refuses for a moment."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        error = result(way, url)
    assert (ApiConnectionError, 6) == (type(error), error.attempts)
    assert str(error).startswith(f"{url} cannot be reached (")
    assert str(error).endswith("), after 6 attempts; check the base URL and the network.")
    assert [] == places_with_key(error)


@pytest.mark.parametrize("way", WAYS)
def test_a_host_that_does_not_exist_is_named(way: str) -> None:
    """`.invalid` never resolves (RFC 2606)."""
    error = result(way, "https://no-such-host.invalid", retry=RetryPolicy(attempts=2))
    assert ApiConnectionError is type(error)
    assert "https://no-such-host.invalid cannot be reached" in str(error)
    assert [] == places_with_key(error)


@pytest.mark.parametrize("way", WAYS)
def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(way: str) -> None:
    """Another attempt would meet the same certificate; nothing was sent, so no key."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with raw_server(answer(), tls=tls) as server:
        error = result(way, server.url)
    assert (ApiConnectionError, 1, []) == (type(error), error.attempts, server.asked)
    assert "certificate verify failed" in str(error).lower()
    assert [] == places_with_key(error)


@pytest.mark.parametrize("way", WAYS)
def test_a_certificate_of_ones_own_is_accepted_with_a_transport(way: str) -> None:
    """With retries, errors and the key as ever."""
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    kind = httpx.AsyncHTTPTransport if way == "awaiting" else httpx.HTTPTransport
    with raw_server(reset(), answer(), tls=tls) as server:
        assert ["a"] == result(way, server.url, transport=kind(verify=trusting))
    assert [KEY, KEY] == [asked.headers["x-api-key"] for asked in server.asked]


def test_an_operation_that_is_not_idempotent_is_sent_once() -> None:
    """Unless nothing can have been done: a refused connection, or a status that says so."""

    def post(comfy: Any) -> Any:
        return comfy.request("POST", "/api/things", json={"a": 1})

    for way in WAYS:
        for fault, attempts in [
            (reset(), 1),
            (answer(b"", 503), 1),
            (answer(b"", 500), 1),
            (answer(b"", 425), 6),
            (answer(b"", 429, Retry_After="1"), 6),
        ]:
            with raw_server(fault) as server:
                error = result(way, server.url, post)
            assert (attempts, attempts) == (error.attempts, len(server.asked))
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            assert 6 == result(way, f"http://127.0.0.1:{unused.getsockname()[1]}", post).attempts
        with raw_server(answer(b"", 425), answer(b'{"done": true}', 201)) as server:
            answered = result(way, server.url, post)
        assert {"done": True} == answered.json()
        assert [b'{"a":1}'] * 2 == [asked.body for asked in server.asked]


def test_why_it_was_not_sent_again_is_said() -> None:
    """A POST that broke may have been done."""
    with raw_server(reset()) as server:
        error = result("blocking", server.url, lambda comfy: comfy.request("POST", "/api/things", json=None))
    assert "and was not sent again, as it may have been processed" in str(error)


def test_the_search_for_the_key_finds_it() -> None:
    """In what httpx raises by itself, where a user would look at it."""
    with raw_server(reset()) as server, pytest.raises(httpx.TransportError) as caught:
        httpx.get(server.url, headers={"X-API-Key": KEY})
    assert {"pickle", "request of ReadError at depth 0"} <= set(places_with_key(caught.value))
