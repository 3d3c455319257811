"""What the low-level clients offer to a layer on top: a transport around theirs, requests beyond the document."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from comfy_cloud_api import AuthenticatedClient
from comfy_cloud_api.api.asset import list_tags
from comfy_cloud_api.client import API_VERSION, default_async_transport, default_transport
from comfy_cloud_api.errors import ApiError, ParameterError
from comfy_cloud_api.operations import OPERATIONS, RETRY
from comfy_cloud_api.types import ANSWER_EXTENSION, Response, unlisted, unlisted_request
from tests.runtime.servers import recording

TOKEN = "canary-key-0123456789"
TAGS = b'{"tags": [], "total": 0, "has_more": false}'


class Watching(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport that keeps what passes, and hands it on."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.seen: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Keep it and hand it on."""
        self.seen.append(request)
        answer: httpx.Response = self.inner.handle_request(request)
        return answer

    def close(self) -> None:
        """End what is beneath, too."""
        self.inner.close()

    async def aclose(self) -> None:
        """End what is beneath, too."""
        await self.inner.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Keep it and hand it on."""
        self.seen.append(request)
        answer: httpx.Response = await self.inner.handle_async_request(request)
        return answer


def test_a_transport_around_the_keyed_one_never_sees_the_key() -> None:
    """Blocking and awaiting, with the default transport and with one of one's own."""
    made: list[Watching] = []

    def watching(inner: Any) -> Watching:
        made.append(Watching(inner))
        return made[-1]

    async def awaiting(url: str, **options: Any) -> None:
        async with AuthenticatedClient(url, TOKEN, async_wrap=watching, **options) as client:
            await list_tags.asyncio(client=client)

    with recording(200, TAGS) as server:
        for own in (None, default_transport(server.url)):
            with AuthenticatedClient(server.url, TOKEN, wrap=watching, transport=own) as client:
                list_tags.sync(client=client)
                with client.with_timeout(3) as other:
                    list_tags.sync(client=other)
        asyncio.run(awaiting(server.url))
        asyncio.run(awaiting(server.url, async_transport=default_async_transport(server.url)))
    assert [TOKEN] * 6 == [headers["x-api-key"] for headers in server.headers]
    assert [1] * 6 == [len(watcher.seen) for watcher in made]
    assert [] == [request for watcher in made for request in watcher.seen if TOKEN in repr(dict(request.headers))]


def test_an_answer_that_a_transport_has_read_is_not_decoded_again() -> None:
    """It is handed on as it was left in the answer's extensions."""
    left = Response(200, b"", httpx.Headers(), "read before")

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"no JSON", extensions={ANSWER_EXTENSION: left})

    with AuthenticatedClient("https://example.test", TOKEN, transport=httpx.MockTransport(answer)) as client:
        assert left is list_tags.sync_detailed(client=client)


def test_what_may_be_retried_is_known_without_an_operation() -> None:
    """For operations that the document does not have; with the version of the document."""
    assert RETRY == OPERATIONS["listTags"].retry
    assert "1.0.0" == API_VERSION


@pytest.mark.parametrize(
    ("method", "idempotent"), [("get", True), ("PUT", True), ("DELETE", True), ("POST", False), ("PATCH", False)]
)
def test_the_method_says_what_is_idempotent(method: str, idempotent: bool) -> None:
    """RFC 9110, 9.2.2."""
    assert (method.upper(), idempotent) == (unlisted(method).method, unlisted(method).idempotent)


@pytest.mark.parametrize(
    ("path", "params", "target"),
    [
        ("/api/x", None, "/api/x"),
        ("/api/x", {}, "/api/x"),
        ("/api/x", {"a": None}, "/api/x"),
        ("/api/x", {"a": "1", "b": [2, 3], "c": False}, "/api/x?a=1&b=2&b=3&c=false"),
        ("/api/x?a=1", {"b": "ü&="}, "/api/x?a=1&b=%C3%BC%26%3D"),
        ("/api/ä b/{x}", None, "/api/%C3%A4%20b/%7Bx%7D"),
        ("/api/a%2Fb", None, "/api/a%2Fb"),
    ],
)
def test_a_request_beyond_the_document_is_encoded(path: str, params: Any, target: str) -> None:
    """As others are; what is encoded already stays so."""
    assert target == unlisted_request("GET", path, params).target


@pytest.mark.parametrize("path", ["", "x", "//host/x", "https://host/x", "/a/../b", "/./a", "/a#b", "/a\nb"])
def test_a_path_that_leaves_the_base_url_is_refused(path: str) -> None:
    """Or would be changed on its way."""
    with pytest.raises(ParameterError, match="does not lead from the base URL"):
        unlisted_request("GET", path, None)


def test_errors_have_room_for_what_a_report_needs() -> None:
    """None where nothing is known; set, it is pickled with them."""
    names = ("operation", "method", "url", "request_id", "attempts", "elapsed_s")
    assert [None] * 6 == [getattr(ApiError("x"), name) for name in names]
