"""What a user reads when the server is not there, refuses, or talks nonsense. Over real sockets."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from comfy_cloud import (
    ApiConnectionError,
    ApiError,
    ApiTimeoutError,
    AuthenticationError,
    ComfyCloud,
    DecodeError,
    PaginationError,
    RetryPolicy,
    StatusError,
)
from comfy_cloud.sandbox import Sandbox
from comfy_cloud_api.types import UnreadableElementWarning
from tests.wrapper.callers import WAYS, result

TIME = "2026-01-01T00:00:00Z"


@contextmanager
def serving(answer: Callable[[dict[str, list[str]]], str]) -> Iterator[str]:
    """A server that makes each answer of the request's query; its URL."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            target = self.rfile.readline().split()[1].decode()
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            body = answer(parse_qs(urlsplit(target).query)).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            self.wfile.write(head.encode() + body)

    with running(Handler) as url:
        yield url


@contextmanager
def canned(status: int, body: str, content_type: str = "application/json") -> Iterator[str]:
    """A server that gives every request the same answer; its URL."""
    payload = body.encode()
    answer = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {content_type}\r\n"
    answer += f"Content-Length: {len(payload)}\r\nConnection: close\r\n\r\n"

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            self.wfile.write(answer.encode() + payload)

    with running(Handler) as url:
        yield url


@contextmanager
def running(handler: type[socketserver.BaseRequestHandler]) -> Iterator[str]:
    """A server on loopback; its URL."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def failure(base_url: str, timeout_s: float = 5, api_key: str | None = None) -> ApiError:
    """The error of a listing, after checking that sync and async raise the same."""
    errors = [result(way, base_url, api_key=api_key, timeout_s=timeout_s, retry=RetryPolicy.none()) for way in WAYS]
    blocking, awaiting = errors
    assert type(awaiting) is type(blocking)
    assert str(awaiting) == str(blocking) or type(blocking) is ApiConnectionError
    assert "\n" not in str(blocking)
    assert isinstance(blocking, ApiError)
    return blocking


def test_an_unreachable_server_is_named() -> None:
    """One sentence with the address, the reason and what to check."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        error = failure(url)
    assert isinstance(error, ApiConnectionError)
    assert (
        str(error) == f"{url} cannot be reached ([Errno 111] Connection refused); check the base URL and the network."
    )


def test_a_silent_server_is_given_up() -> None:
    """After timeout_s seconds, which the error names."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = failure(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_s=0.05)
    assert isinstance(error, ApiTimeoutError)
    assert "did not answer within 0.05 seconds" in str(error)


def test_a_wrong_key_is_an_authentication_error() -> None:
    """It says where to get a key, and does not repeat the wrong one."""
    with Sandbox.seeded(1) as box:
        error = failure(box.url, api_key="canary")
    assert isinstance(error, AuthenticationError)
    assert error.status == 401
    assert "https://platform.comfy.org/profile/api-keys" in str(error)
    assert "canary" not in repr(error) + str(error)


def test_the_server_s_own_words_are_passed_on() -> None:
    """Code and message of the spec's error body."""
    with canned(500, '{"code": "BROKEN", "message": "the disk is full"}') as url:
        error = failure(url)
    assert isinstance(error, StatusError)
    assert (error.status, error.code, error.message) == (500, "BROKEN", "the disk is full")
    assert str(error) == "The server answered 500 Internal Server Error (BROKEN: the disk is full); try again later."


def test_a_login_page_is_no_empty_listing() -> None:
    """A success that carries HTML is an error."""
    with canned(200, "<html>Log in</html>", "text/html") as url:
        assert isinstance(failure(url), DecodeError)


def test_a_body_of_another_api_is_no_empty_listing() -> None:
    """JSON, and an object, but not a page of assets."""
    with canned(200, '{"items": []}') as url:
        assert isinstance(failure(url), DecodeError)


def test_a_server_that_promises_more_for_ever_is_left() -> None:
    """What a mock made from the spec alone answers: nothing loops for ever, nothing ends in silence."""
    with canned(200, json.dumps({"assets": [], "total": 0, "has_more": True})) as url:
        error = failure(url)
    assert isinstance(error, PaginationError)
    assert "8 of them brought nothing new after 0 items, and it counts 0" in str(error)


def test_an_unreadable_element_shifts_no_page() -> None:
    """It is left out with a warning, stands in the page's `unreadable`, and every other asset comes exactly once."""
    good = [
        {"id": f"{number:08x}-0000-4000-8000-000000000000", "name": str(number), "created_at": TIME, "updated_at": TIME}
        for number in range(10)
    ]
    library = [*good[:3], {"id": "no uuid"}, None, *good[3:]]

    def page(query: dict[str, list[str]]) -> str:
        offset, limit = int(query["offset"][0]), int(query["limit"][0])
        return json.dumps(
            {
                "assets": library[offset : offset + limit],
                "total": len(library),
                "has_more": offset + limit < len(library),
            }
        )

    with serving(page) as url, ComfyCloud(api_key=None, base_url=url) as comfy, warnings.catch_warnings():
        warnings.simplefilter("ignore", UnreadableElementWarning)
        pages = list(comfy.assets.page_size(4).pages())
        names = [asset.name for asset in comfy.assets.page_size(4).limit(5)]
    assert [asset.name for page in pages for asset in page.items] == [str(number) for number in range(10)]
    lost = [element for page in pages for element in page.unreadable]
    assert ({"id": "no uuid"} in lost, None in lost) == (True, True)
    assert names == ["0", "1", "2", "3", "4"]
