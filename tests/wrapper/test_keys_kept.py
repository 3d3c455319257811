"""A server that repeats the key wherever it can: no error shows it, nor what an error was raised from or after."""

from __future__ import annotations

import json
import logging
import pickle
from typing import Any

import httpx
import pytest

import comfy_cloud
from comfy_cloud import ApiError, AsyncComfyCloud, ComfyCloud, ConfigurationError, RequestEvent, ResponseEvent
from comfy_cloud.testing import InstantClock
from comfy_cloud_api.api.asset import list_assets
from tests.wrapper.callers import KEY, WAYS, Ask, first_page, places_with_key, result
from tests.wrapper.raw_server import Step, answer, raw_server

ECHO = b"<p>" + KEY.encode()
ECHOES: dict[str, Step] = {
    "an undocumented success": answer(ECHO, 203),
    "a redirect to nowhere": answer(ECHO, 302),
    "a choice": answer(ECHO, 300),
    "a login page": answer(ECHO, Content_Type="text/html"),
    "a content type": answer(ECHO, Content_Type=f"text/{KEY}"),
    "a content type of what is corrupt": answer(ECHO, Content_Encoding="gzip", Content_Type=f"text/{KEY}"),
    "a coding": answer(ECHO, Content_Encoding=KEY),
    "an undocumented status": answer(ECHO, 418),
    "a documented status": answer(ECHO, 401),
    "a status that is tried again": answer(ECHO, 503, Server=KEY),
    "where an excerpt ends": answer(b"x" * 195 + ECHO, 404),
    "a status line": lambda connection, *_: connection.sendall(b"HTTP/1.1 99 " + ECHO + b"\r\n\r\n"),
    "a chunk": lambda connection, *_: connection.sendall(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + ECHO + b"\r\n"
    ),
}


def generated(comfy: Any) -> Any:
    """Ask by the generated function."""
    if isinstance(comfy, AsyncComfyCloud):
        return list_assets.asyncio(client=comfy.api)
    return list_assets.sync(client=comfy.api)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("ask", [first_page, generated])
@pytest.mark.parametrize("name", ECHOES)
def test_a_key_that_the_server_repeats_is_masked(
    name: str, ask: Ask, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    """By the generated functions too, and not in part either."""
    with caplog.at_level(logging.DEBUG, "comfy_cloud"), raw_server(ECHOES[name]) as server:
        error = result(way, server.url, ask)
    assert isinstance(error, ApiError)
    told = "".join(record.getMessage() for record in caplog.records if record.name == "comfy_cloud")
    for secret in (KEY, KEY[:10]):
        assert [] == places_with_key(error, secret)
        assert secret not in told


@pytest.mark.parametrize("way", WAYS)
def test_the_answer_that_was_asked_for_stays_as_it_came(way: str) -> None:
    """Whatever it holds."""
    with raw_server(answer(ECHO, Content_Type="text/html")) as server:
        assert ECHO == result(way, server.url, lambda comfy: comfy.request("GET", "/api/x")).content


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt])
def test_no_frame_of_ours_holds_the_key_when_something_else_goes_wrong(kind: type[BaseException], way: str) -> None:
    """A defect of the user's transport, or Ctrl-C in the middle of a request."""

    def handle(_: httpx.Request) -> httpx.Response:
        raise kind("stop")

    with pytest.raises(kind) as caught:
        result(way, "https://example.test", transport=httpx.MockTransport(handle))
    assert [] == places_with_key(caught.value)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("proxy", ["127.0.0.1:3128", "ftp://someone:canary@127.0.0.1:9", "socks9://127.0.0.1:9"])
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    proxy: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And as an error of ours."""
    monkeypatch.setenv("http_proxy", proxy)
    error = result(way, "http://example.test", allow_http=True)
    assert ConfigurationError is type(error)
    assert str(error) == (
        "The proxy that the environment names cannot be used; give it as http://host:port in HTTP_PROXY or "
        "HTTPS_PROXY, or pass a transport of your own."
    )
    assert [] == [place for secret in (KEY, "canary") for place in places_with_key(error, secret)]


def test_events_name_other_hosts_without_the_query() -> None:
    """Which may be a signature; that of the client's own server is shown."""
    heard: list[RequestEvent | ResponseEvent] = []
    with raw_server(answer()) as other, raw_server(answer(b"", 302, Location=f"{other.url}/f?signature=s")) as server:
        result("blocking", server.url, on_request=heard.append, on_response=heard.append)
        assert [f"{other.url}/f?..."] * 2 == [event.url for event in heard[2:]]
    assert "sort=created_at" in heard[0].url


@pytest.mark.parametrize("way", WAYS)
def test_a_cookie_of_another_host_is_not_kept(way: str) -> None:
    """A host that a redirect leads to sets none for the client's server; that one may set its own."""

    def ask(comfy: Any) -> Any:
        if isinstance(comfy, AsyncComfyCloud):

            async def awaiting() -> None:
                for _ in range(3):
                    await comfy.assets.count()

            return awaiting()
        for _ in range(3):
            comfy.assets.count()
        return None

    with raw_server(answer(Set_Cookie="evil=1")) as other:
        steps = answer(b"", 302, Location=f"{other.url}/f"), answer(Set_Cookie="own=1"), answer()
        with raw_server(*steps) as server:
            result(way, server.url, ask)
    assert [None, None, "own=1"] == [asked.headers.get("cookie") for asked in server.asked]


@pytest.mark.parametrize(
    ("text", "shown"), [("a\x1b[31mb", "a\N{REPLACEMENT CHARACTER}[31mb"), ("a\u202eb", "a\N{REPLACEMENT CHARACTER}b")]
)
def test_what_a_server_says_moves_no_cursor(text: str, shown: str) -> None:
    """Nor turns the text of a terminal or a log; `message` has it as it came."""
    with raw_server(answer(json.dumps({"code": "A", "message": text}).encode(), 400)) as server:
        error = result("blocking", server.url)
    assert (text, f"The server answered 400 Bad Request (A: {shown}); change the request.") == (
        error.message,
        str(error),
    )


def test_every_error_keeps_what_it_knows_through_a_pickle() -> None:
    """All of its attributes and its sentence."""
    given: dict[str, tuple[Any, ...]] = {
        "WalkDeadlineError": (5.0, "token"),
        "PaginationError": ("Wrong.", "token"),
        "ResponseTooLargeError": (200, "text/html", b"", "a body", "max_bytes"),
        "DecodeError": (200, "text/html", b"<p>", "why"),
    }
    names = [name for name in comfy_cloud.__all__ if name.endswith("Error")]
    assert len(names) > 20
    for name in names:
        kind: type[ApiError] = getattr(comfy_cloud, name)
        arguments = given.get(name) or (
            (404, "A", "b", {"c": [1]}, "d") if issubclass(kind, comfy_cloud.StatusError) else ("Said.",)
        )
        error = kind(*arguments)
        error.operation, error.attempts, error.request_id, error.elapsed_s = "listAssets", 2, "r", 0.5
        copy = pickle.loads(pickle.dumps(error))
        assert (kind, str(error), vars(error)) == (type(copy), str(copy), vars(copy))


def test_no_part_of_a_client_shows_the_key() -> None:
    """In its repr."""
    with ComfyCloud(base_url="http://127.0.0.1:9", api_key=KEY, clock=InstantClock()) as comfy:
        rules = comfy._transport._rules()
        assert KEY not in repr(comfy) + repr(rules) + repr(comfy.api) + repr(comfy._settings) + repr(comfy.stats)
