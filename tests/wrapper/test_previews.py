"""The previews of assets: fetched once, by the client's rules, with the key for its own server alone. Over sockets."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from comfy_cloud import (
    AsyncComfyCloud,
    ConfigurationError,
    FilterError,
    NotFoundError,
    RedirectError,
    ResponseTooLargeError,
)
from tests.wrapper.callers import KEY, WAYS, places_with_key, result
from tests.wrapper.raw_server import ASSET, Step, answer, raw_server, reset

IMAGE = b"\x89PNG\r\n\x1a\n" + bytes(1000)
TRAVELLING = {"host", "accept", "accept-encoding", "user-agent"}


def page(preview_url: str | None) -> Step:
    """A step that lists one asset with this preview."""
    return answer(
        json.dumps({"assets": [{**ASSET, "preview_url": preview_url}], "total": 1, "has_more": False}).encode()
    )


def image(**headers: str) -> Step:
    """A step that sends the preview."""
    return answer(IMAGE, Content_Type="image/png", **headers)


def preview(max_bytes: int | None = None, times: int = 1) -> Any:
    """List one asset and fetch its preview so many times: what the last brings, and what the asset then holds."""
    bound = {} if max_bytes is None else {"max_bytes": max_bytes}

    def ask(comfy: Any) -> Any:
        if isinstance(comfy, AsyncComfyCloud):

            async def awaiting() -> Any:
                asset: Any = await comfy.assets.first()
                for _ in range(times):
                    got = await asset.preview(**bound)
                return got, asset.fetched_preview

            return awaiting()
        asset: Any = comfy.assets.first()
        for _ in range(times):
            got = asset.preview(**bound)
        return got, asset.fetched_preview

    return ask


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("sent", "prefix", "target"),
    [
        ("/api/view?name=a", "", "/api/view?name=a"),
        ("/api/view", "/proxied", "/proxied/api/view"),
        ("/proxied/api/view", "/proxied", "/proxied/api/view"),
        ("view/1.png", "/proxied/", "/proxied/view/1.png"),
    ],
)
def test_a_relative_address_is_the_server_s_own(sent: str, prefix: str, target: str, way: str) -> None:
    """With the key and the client's headers."""
    with raw_server(page(sent), image()) as server:
        assert (IMAGE, IMAGE) == result(way, server.url + prefix, preview(), headers={"X-Mine": "1"})
    asked = server.asked[1]
    assert (target, KEY, "1") == (asked.target, asked.headers["x-api-key"], asked.headers["x-mine"])


@pytest.mark.parametrize("way", WAYS)
def test_another_host_gets_neither_the_key_nor_a_header_of_the_user_s(way: str) -> None:
    """Whether the asset names it, or the client's server points to it; the storage of previews is elsewhere."""
    with raw_server(image()) as other:
        for steps in ([page(f"{other.url}/1?signature=s")], [page("/p"), answer(b"", 302, Location=f"{other.url}/2")]):
            with raw_server(*steps) as server:
                assert (IMAGE, IMAGE) == result(
                    way, server.url, preview(), headers={"X-Mine": "1", "Authorization": "Basic abc"}
                )
    assert [TRAVELLING] * 2 == [set(asked.headers) for asked in other.asked]
    assert ["/1?signature=s", "/2"] == [asked.target for asked in other.asked]


@pytest.mark.parametrize("way", WAYS)
def test_a_preview_is_fetched_once(way: str) -> None:
    """And tried again like any call; an empty one is one too."""
    with raw_server(page("/p"), reset(), image()) as server:
        assert (IMAGE, IMAGE) == result(way, server.url, preview(times=3))
    assert 3 == len(server.asked)
    with raw_server(page("/p"), answer(b"")) as server:
        assert (b"", b"") == result(way, server.url, preview(times=2))
    assert 2 == len(server.asked)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sent", [None, ""])
def test_without_an_address_there_is_no_preview(sent: str | None, way: str) -> None:
    """Nothing is asked for."""
    with raw_server(page(sent)) as server:
        assert (None, None) == result(way, server.url, preview())
    assert 1 == len(server.asked)


@pytest.mark.parametrize("way", WAYS)
def test_a_preview_that_is_too_large_is_an_error_that_names_the_bound(way: str) -> None:
    """The one that was given, not the client's; what is as large as it is taken."""
    with raw_server(page("/p"), image()) as server:
        error = result(way, server.url, preview(max_bytes=len(IMAGE) - 1))
        assert ResponseTooLargeError is type(error)
        assert f"a body of more than {len(IMAGE) - 1} bytes; raise max_bytes if" in str(error)
        assert (str(error), "max_bytes") == (str(copy := pickle.loads(pickle.dumps(error))), copy.limit)
    with raw_server(page("/p"), image()) as server:
        assert (IMAGE, IMAGE) == result(way, server.url, preview(max_bytes=len(IMAGE)), max_body_bytes=500)
    with raw_server(page("/p")) as server:
        assert FilterError is type(result(way, server.url, preview(max_bytes=0)))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (answer(b"", 404), NotFoundError),
        (answer(b"", 302, Location="ftp://127.0.0.1/x"), RedirectError),
        (answer(b"<p>moved</p>", 302), RedirectError),
        (answer(b"", 304), RedirectError),
    ],
)
def test_a_preview_that_is_not_there_is_an_error(step: Step, kind: type, way: str) -> None:
    """The body of such an answer is no image."""
    with raw_server(page("/p"), step) as server:
        error = result(way, server.url, preview())
    assert (kind, "GET /p", 1) == (type(error), error.operation, error.attempts)
    assert [] == places_with_key(error)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sent", ["data:image/png;base64,AA==", "file:///etc/passwd", "http://192.0.2.1/x", "http://["])
def test_an_address_that_nothing_is_sent_to_is_refused(sent: str, way: str) -> None:
    """Before anything is asked."""
    with raw_server(page(sent)) as server:
        error = result(way, server.url, preview())
    assert (RedirectError, 1) == (type(error), len(server.asked))
    assert "was not fetched" in str(error)


@pytest.mark.parametrize("way", WAYS)
def test_an_address_that_holds_the_key_is_not_followed_elsewhere(way: str) -> None:
    """A server that puts the key into another one's address would hand it over."""
    with raw_server(image()) as other:
        for steps in (
            [page(f"{other.url}/1?key={KEY}")],
            [page("/p"), answer(b"", 302, Location=f"{other.url}/?key={KEY}")],
            [answer(b"", 302, Location=f"{other.url}/?key={KEY}")],
        ):
            with raw_server(*steps) as server:
                error = result(way, server.url, preview())
            assert RedirectError is type(error)
            assert "as its target has the API key in it" in str(error)
            assert KEY not in str(error) + repr(error) + repr(pickle.dumps(error))
    assert [] == other.asked


@pytest.mark.parametrize("way", WAYS)
def test_an_asset_from_a_pickle_fetches_nothing(way: str) -> None:
    """It has no client; the error says to list it again."""
    kept: list[bytes] = []

    def ask(comfy: Any) -> Any:
        if isinstance(comfy, AsyncComfyCloud):

            async def awaiting() -> None:
                kept.append(pickle.dumps(await comfy.assets.first()))

            return awaiting()
        return kept.append(pickle.dumps(comfy.assets.first()))

    with raw_server(page("/p")) as server:
        result(way, server.url, ask)
    asset = pickle.loads(kept[0])
    assert f"{server.url}/p" == asset.preview_url
    assert KEY not in repr(kept[0])
    with pytest.raises(ConfigurationError, match="list it again"):
        asset.preview() if way == "blocking" else asset.preview().send(None)


@pytest.mark.parametrize("way", WAYS)
def test_the_raw_answer_of_a_preview_can_be_had(way: str) -> None:
    """As that of any call."""

    def ask(comfy: Any) -> Any:
        if isinstance(comfy, AsyncComfyCloud):

            async def awaiting() -> Any:
                asset: Any = await comfy.assets.first()
                with comfy.raw_responses() as answers:
                    await asset.preview()
                return answers

            return awaiting()
        asset: Any = comfy.assets.first()
        with comfy.raw_responses() as answers:
            asset.preview()
        return answers

    with raw_server(page("/p"), image()) as server:
        (answered,) = result(way, server.url, ask)
    assert ("image/png", IMAGE) == (answered.headers["content-type"], answered.content)
