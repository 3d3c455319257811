"""The low-level clients: what they keep to themselves, how patient they are, and who shares what."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from comfy_cloud_api import ApiError, AuthenticatedClient, Client
from comfy_cloud_api._runtime.client import DEFAULT_TIMEOUT, KeyedClient, KeyLocation
from comfy_cloud_api.api.asset import list_assets, list_tags
from comfy_cloud_api.errors import DecodeError, ParameterError, UnexpectedStatus
from comfy_cloud_api.models import ErrorResponse, ListTagsResponse
from comfy_cloud_api.operations import OPERATIONS
from comfy_cloud_api.types import OPERATION_EXTENSION
from tests.runtime.servers import recording

CANARY = "canary-key-0123456789"
TAGS = b'{"tags": [{"name": "a", "count": 1}], "total": 1, "has_more": false}'


def test_an_answer_is_read_sync_and_async() -> None:
    """The same four functions for every operation."""
    with recording(200, TAGS) as server, Client(server.url) as client:
        blocking = list_tags.sync(client=client), list_tags.sync_detailed(client=client)

        async def awaiting() -> tuple[Any, Any]:
            async with Client(server.url) as other:
                return await list_tags.asyncio(client=other), await list_tags.asyncio_detailed(client=other)

        plain, detailed = asyncio.run(awaiting())
    assert isinstance(plain, ListTagsResponse)
    assert (plain, detailed.parsed, detailed.content) == (blocking[0], blocking[1].parsed, blocking[1].content)
    assert (detailed.status_code, detailed.headers["content-type"]) == (200, "application/json")


def test_a_documented_error_is_returned_parsed() -> None:
    """The generated functions return what the API documents; raising is the wrapper's business."""
    with recording(401, b'{"code": "UNAUTHORIZED", "message": "no"}') as server, Client(server.url) as client:
        assert list_tags.sync(client=client) == ErrorResponse(code="UNAUTHORIZED", message="no")


@pytest.mark.parametrize("status", [299, 403, 418, 499, 520, 527, 599])
def test_an_undocumented_status_is_never_silently_none(status: int) -> None:
    """Any three digits work; it raises, or on request parses to None with the answer beside it."""
    with recording(status, b"who knows", Content_Type="text/plain") as server:
        with Client(server.url) as client, pytest.raises(UnexpectedStatus) as caught:
            list_tags.sync_detailed(client=client)
        with Client(server.url, raise_on_unexpected_status=False) as client:
            answer = list_tags.sync_detailed(client=client)
            with pytest.raises(UnexpectedStatus):
                list_tags.sync(client=client)
    assert (caught.value.status, caught.value.content_type, caught.value.excerpt) == (status, "text/plain", "who knows")
    assert str(caught.value).startswith(f"The server answered {status}")
    assert (answer.status_code, answer.content, answer.parsed) == (status, b"who knows", None)


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (200, b"<html>Log in</html>", "text/html"),
        (200, b"", "application/json"),
        (200, b"[1]", "application/json"),
        (500, b"Server got itself in trouble", "text/plain; charset=utf-8"),
        (400, b'{"error": {"code": "X"}}', "application/json"),
    ],
)
def test_a_body_that_is_not_what_is_documented_is_one_typed_error(status: int, body: bytes, content_type: str) -> None:
    """With status, content type and an excerpt, in one sentence."""
    with recording(status, body, Content_Type=content_type) as server, Client(server.url) as client:
        with pytest.raises(DecodeError) as caught:
            list_tags.sync(client=client)
    error = caught.value
    assert (error.status, error.content_type, error.excerpt) == (status, content_type, body.decode())
    assert "with a body that the API does not document" in str(error)
    assert pickle.loads(pickle.dumps(error)).args == error.args


def test_the_key_is_sent_and_seen_by_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    """Not by hooks, logs, reprs, errors, tracebacks, the request an answer came from, or pickles."""
    seen: list[Any] = []
    hooks = {
        "request": [lambda request: seen.append(request.headers)],
        "response": [seen.append],
    }
    with recording(200, b"<html>", Content_Type="text/html") as server, caplog.at_level(logging.DEBUG):
        client = AuthenticatedClient(server.url, CANARY, httpx_args={"event_hooks": hooks})
        with client, pytest.raises(DecodeError) as caught:
            list_tags.sync(client=client)
        with pytest.raises(TypeError, match="cannot be pickled") as refused:
            pickle.dumps(client)
        assert [headers["x-api-key"] for headers in server.headers] == [CANARY]
    answer = seen[1]
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    shown = [
        repr(client),
        repr(client.get_httpx_client()),
        repr(client.get_httpx_client().headers),
        *map(repr, seen),
        repr(dict(answer.request.headers)),
        repr(caught.value) + str(caught.value),
        repr(refused.value),
        *(repr(frame.locals) for frame in frames if "comfy_cloud_api" in frame.filename),
        caplog.text,
    ]
    assert [text for text in shown if CANARY in text] == []


def test_an_operation_without_security_is_sent_without_the_key() -> None:
    """Per operation, as the document says."""
    open_operation = list_tags.OPERATION.__class__("open", "GET", "/open", secured=False)
    with recording() as server, AuthenticatedClient(server.url, CANARY) as client:
        client.send(open_operation.request({}))
    assert "x-api-key" not in server.headers[0]


def test_a_redirect_to_another_origin_is_followed_without_the_key() -> None:
    """Following is off unless asked for; the key stays at home either way."""
    with recording(200, TAGS) as other, recording(302, b"", Location=f"{other.url}/elsewhere") as server:
        with AuthenticatedClient(server.url, CANARY, follow_redirects=True) as client:
            assert list_tags.sync(client=client)
        with AuthenticatedClient(server.url, CANARY) as client, pytest.raises(UnexpectedStatus, match="302"):
            list_tags.sync(client=client)
    assert other.paths == ["/elsewhere"]
    assert ["x-api-key" in headers for headers in other.headers] == [False]
    assert [headers["x-api-key"] for headers in server.headers] == [CANARY, CANARY]


@pytest.mark.parametrize("location", ["query", "cookie", "header"])
def test_the_key_goes_where_the_document_says(location: KeyLocation) -> None:
    """And leaves the rest of the request as it was, byte for byte."""
    with recording(200, TAGS) as server:
        client = KeyedClient(server.url, "a&b=c", name="key", location=location, cookies={"theme": "dark"})
        with client:
            client.send(list_assets.OPERATION.request({"include_tags": ["a b", "c,d"]}))
    query = "/api/assets?include_tags=a%20b,c%2Cd"
    expected = {
        "query": (f"{query}&key=a%26b%3Dc", None, "theme=dark"),
        "cookie": (query, None, "theme=dark; key=a&b=c"),
        "header": (query, "a&b=c", "theme=dark"),
    }
    headers = server.headers[0]
    assert (server.paths[0], headers.get("key"), headers.get("cookie")) == expected[location]


@pytest.mark.parametrize("token", ["", "a\nb", "a\r\nX-Evil: 1", "é", "\x00"])
def test_a_key_that_cannot_be_sent_is_refused_when_the_client_is_made(token: str) -> None:
    """Without repeating it."""
    with pytest.raises(ParameterError) as caught:
        AuthenticatedClient("https://example.test", token)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize("base_url", ["", "example.test", "ftp://example.test", "http://"])
def test_a_base_url_needs_scheme_and_host(base_url: str) -> None:
    """Said when the client is made."""
    with pytest.raises(ParameterError, match="needs http:// or https:// and a host"):
        Client(base_url)


def test_a_base_url_may_have_a_path() -> None:
    """With or without a slash at its end."""
    with recording(200, TAGS) as server:
        for prefix in ("/prefix", "/prefix/"):
            with Client(server.url + prefix) as client:
                list_tags.sync(client=client)
    assert [path.partition("?")[0] for path in server.paths] == ["/prefix/api/tags"] * 2


def test_timeouts_are_finite_unless_told_otherwise() -> None:
    """In seconds: 10 to connect, 60 for everything else."""
    with Client("http://127.0.0.1:9") as client:
        assert client.get_httpx_client().timeout == DEFAULT_TIMEOUT == httpx.Timeout(60, connect=10)
        with client.with_timeout(5) as other:
            assert other.get_httpx_client().timeout == httpx.Timeout(5)


def test_a_client_made_from_another_leaves_it_alone() -> None:
    """with_headers, with_cookies and with_timeout; and the caller's own dicts."""
    mine = {"X-Mine": "1"}
    with recording(200, TAGS) as server, AuthenticatedClient(server.url, CANARY, headers=mine) as client:
        client.get_httpx_client()
        derived = client.with_headers({"X-More": "2"}).with_cookies({"a": "b"}).with_timeout(3)
        with derived:
            list_tags.sync(client=derived)
        list_tags.sync(client=client)
    first, second = server.headers
    assert (first["x-mine"], first["x-more"], first["cookie"], first["x-api-key"]) == ("1", "2", "a=b", CANARY)
    assert (second["x-mine"], "x-more" in second, "cookie" in second) == ("1", False, False)
    assert client.get_httpx_client().timeout == DEFAULT_TIMEOUT
    assert mine == {"X-Mine": "1"}


@pytest.mark.parametrize("get", [Client.get_httpx_client, Client.get_async_httpx_client])
def test_sixteen_threads_share_one_connection_pool(get: Callable[[Client], object]) -> None:
    """However they race for a fresh client."""
    for _ in range(20):
        client = Client("http://127.0.0.1:9")
        together = threading.Barrier(16)

        def ask(client: Client = client, together: threading.Barrier = together) -> int:
            together.wait()
            return id(get(client))

        with ThreadPoolExecutor(16) as pool:
            assert len(set(pool.map(lambda _: ask(), range(16)))) == 1
        client.close()
        asyncio.run(client.aclose())


def test_bounds_are_checked_before_anything_is_sent() -> None:
    """The message names parameter, bound and value."""
    with recording() as server, Client(server.url) as client:
        for arguments, words in [
            ({"limit": 501}, "limit is 501"),
            ({"limit": 0}, "limit is 0"),
            ({"offset": -1}, "offset is -1"),
            ({"limit": "x"}, "limit: 'x' is not a whole number"),
            ({"include_tags": "a"}, "include_tags: 'a' is not a list"),
        ]:
            call: Any = list_assets.sync
            with pytest.raises(ParameterError, match=words):
                call(client=client, **arguments)
    assert server.paths == []


def test_a_plain_string_is_accepted_for_an_enum() -> None:
    """Also one that the document does not list yet."""
    with recording(200, json.dumps({"assets": [], "total": 0, "has_more": False}).encode()) as server:
        with Client(server.url) as client:
            list_assets.sync(client=client, sort="name", order="newest")
    assert "sort=name&order=newest" in server.paths[0]


def test_closing_twice_is_no_error() -> None:
    """Before and after use, sync and async."""
    client = Client("http://127.0.0.1:9")
    client.close()
    client.get_httpx_client()
    client.close()
    client.close()
    asyncio.run(client.aclose())


def test_a_transport_of_ones_own_is_used_and_sees_the_key_last() -> None:
    """For proxies, HTTP/2 and tests: the innermost transport is the only place that has the key."""
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("x-api-key"))
        return httpx.Response(200, content=TAGS)

    transport = httpx.MockTransport(answer)
    with AuthenticatedClient("https://example.test", CANARY, transport=transport) as client:
        assert list_tags.sync(client=client)
    assert seen == [CANARY]


def test_every_error_of_the_package_has_one_root() -> None:
    """Which the wrapper extends."""
    assert [kind for kind in (DecodeError, UnexpectedStatus, ParameterError) if not issubclass(kind, ApiError)] == []


def test_every_request_carries_its_operation() -> None:
    """In httpx's extensions, where transports and hooks find its id and what is known of it."""
    seen: list[Any] = []
    hooks = {"request": [lambda request: seen.append(request.extensions[OPERATION_EXTENSION])]}
    with recording(200, TAGS) as server, Client(server.url, httpx_args={"event_hooks": hooks}) as client:
        list_tags.sync(client=client)
    assert seen == [OPERATIONS["listTags"]]
    assert (seen[0].id, seen[0].idempotent) == ("listTags", True)


@pytest.mark.parametrize(
    ("names", "asked"),
    [(["HTTP_PROXY"], 1), (["ALL_PROXY"], 1), (["HTTPS_PROXY"], 0), (["HTTP_PROXY", "NO_PROXY"], 0)],
)
def test_the_proxy_that_the_environment_names_is_asked(
    names: list[str], asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scheme's own, or the one for all; unless the host is to be reached without."""
    with recording(200, TAGS) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.lower(), raising=False)
        for name in names:
            monkeypatch.setenv(name, "api.invalid" if name == "NO_PROXY" else proxy.url)
        with Client("http://api.invalid", timeout=5) as client:
            if asked:
                list_tags.sync(client=client)
            else:
                with pytest.raises(httpx.ConnectError):
                    list_tags.sync(client=client)
    assert len(proxy.paths) == asked
