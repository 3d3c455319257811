"""What httpx's client does with a call is done, though most calls go past it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from comfy_cloud_api import Client
from comfy_cloud_api.api.asset import list_tags
from tests.runtime.servers import recording

TAGS = b'{"tags": [], "total": 0, "has_more": false}'
Change = Callable[[Any], object]


def sent(url: str, times: int, change: Change, *, blocking: bool, **options: Any) -> list[httpx.Response]:
    """The answers to calls, after the httpx client beneath was changed."""
    request = list_tags.OPERATION.request({})
    if blocking:
        with Client(url, **options) as client:
            change(client.get_httpx_client())
            return [client.send(request) for _ in range(times)]

    async def awaiting() -> list[httpx.Response]:
        async with Client(url, **options) as client:
            change(client.get_async_httpx_client())
            return [await client.asend(request) for _ in range(times)]

    return asyncio.run(awaiting())


def nothing(_: object) -> None:
    """No change."""


@pytest.fixture(params=[True, False], ids=["blocking", "awaiting"])
def blocking(request: pytest.FixtureRequest) -> bool:
    """Both ways."""
    found: bool = request.param
    return found


def test_an_answer_is_complete_and_knows_its_request(blocking: bool) -> None:
    """And how long it took."""
    with recording(200, TAGS) as server:
        (answer,) = sent(server.url, 1, nothing, blocking=blocking)
    assert (TAGS, True, "GET") == (answer.content, answer.is_closed, answer.request.method)
    assert timedelta() < answer.elapsed


def test_cookies_of_a_server_are_sent_back(blocking: bool) -> None:
    """As a load balancer wants it."""
    with recording(200, TAGS, Set_Cookie="node=7; Path=/") as server:
        sent(server.url, 2, nothing, blocking=blocking)
    assert [None, "node=7"] == [headers.get("cookie") for headers in server.headers]


def test_hooks_that_come_later_are_called() -> None:
    """Those of a client that was used already, too."""
    seen: list[str] = []

    def hook(client: httpx.Client) -> None:
        client.event_hooks = {"response": [lambda answer: seen.append(answer.request.method)]}

    with recording(200, TAGS) as server:
        sent(server.url, 2, hook, blocking=True)
    assert seen == ["GET", "GET"]


@pytest.mark.parametrize("how", ["later", "at first", "in the address"])
def test_credentials_are_sent(how: str, blocking: bool) -> None:
    """However they were given."""

    def authorise(client: Any) -> None:
        client.auth = ("me", "secret") if how == "later" else client.auth

    with recording(200, TAGS) as server:
        url = server.url.replace("//", "//me:secret@") if how == "in the address" else server.url
        options = {"httpx_args": {"auth": ("me", "secret")}} if how == "at first" else {}
        sent(url, 1, authorise, blocking=blocking, **options)
    assert [headers["authorization"] for headers in server.headers] == ["Basic bWU6c2VjcmV0"]


def test_parameters_and_headers_of_the_client_are_sent(blocking: bool) -> None:
    """With every request."""

    def change(client: Any) -> None:
        client.params, client.headers["x-studio"] = {"studio": "7"}, "seven"

    with recording(200, TAGS) as server:
        sent(server.url, 1, change, blocking=blocking)
    assert (server.paths, server.headers[0]["x-studio"]) == (["/api/tags?studio=7"], "seven")


def test_redirects_are_followed_where_that_is_wanted(blocking: bool) -> None:
    """By httpx, which knows how."""
    with recording(302, b"", Location="/api/tags?again=1") as server, pytest.raises(httpx.TooManyRedirects):
        sent(server.url, 1, nothing, blocking=blocking, follow_redirects=True)
    assert len(server.paths) > 1


def test_errors_know_their_request(blocking: bool) -> None:
    """As httpx's do."""
    with recording(200, TAGS) as server:
        url = server.url
    with pytest.raises(httpx.ConnectError) as caught:
        sent(url, 1, nothing, blocking=blocking)
    assert str(caught.value.request.url) == f"{url}/api/tags"


def test_a_closed_client_says_so() -> None:
    """And sends nothing more."""
    with recording(200, TAGS) as server:
        client = Client(server.url)
        client.get_httpx_client().close()
        with pytest.raises(RuntimeError, match="closed"):
            client.send(list_tags.OPERATION.request({}))
    assert server.paths == []


def test_httpx_logs_where_it_is_listened_to(caplog: pytest.LogCaptureFixture, blocking: bool) -> None:
    """One line a request, as programs know it."""
    with caplog.at_level(logging.INFO, logger="httpx"), recording(200, TAGS) as server:
        sent(server.url, 1, nothing, blocking=blocking)
    assert ["200 OK" in record.getMessage() for record in caplog.records if record.name == "httpx"] == [True]


def test_an_answer_that_breaks_off_is_closed_and_told(blocking: bool) -> None:
    """Its connection goes back, and the error knows its request."""
    with recording(200, TAGS, Content_Encoding="gzip") as server, pytest.raises(httpx.DecodingError) as caught:
        sent(server.url, 1, nothing, blocking=blocking)
    assert caught.value.request.method == "GET"
