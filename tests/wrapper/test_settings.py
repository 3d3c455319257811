"""What a client can be made with, and how the rest is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from comfy_cloud import AsyncComfyCloud, ComfyCloud, ConfigurationError, Timeouts
from comfy_cloud._http.redirects import is_loopback
from comfy_cloud._http.secrets import Key
from comfy_cloud._settings import DEFAULT_BASE_URL
from pipeline.document import read_document
from tests.wrapper.callers import KEY, places_with_key

LOCAL = "http://127.0.0.1:8188"
SPEC = Path(__file__).parents[2] / "openapi" / "openapi-cloud.yaml"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test says what the environment holds."""
    for name in ("COMFY_CLOUD_API_KEY", "COMFY_CLOUD_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_the_default_server_is_the_spec_s() -> None:
    """And no other."""
    assert DEFAULT_BASE_URL == read_document(SPEC)["servers"][0]["url"]


def test_arguments_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the environment over the defaults."""
    monkeypatch.setenv("COMFY_CLOUD_API_KEY", "from-environment")
    monkeypatch.setenv("COMFY_CLOUD_BASE_URL", "https://example.test/prefix/")
    with ComfyCloud() as comfy:
        used = comfy._settings
        assert (Key("from-environment"), "https://example.test/prefix") == (used.api_key, used.base_url)
    with ComfyCloud(api_key="given", base_url=LOCAL) as comfy:
        assert (Key("given"), LOCAL) == (comfy._settings.api_key, comfy._settings.base_url)


@pytest.mark.parametrize("client", [ComfyCloud, AsyncComfyCloud])
@pytest.mark.parametrize("base_url", [None, "https://example.test", "http://10.0.0.1", "http://localhost.example.test"])
def test_a_server_elsewhere_needs_a_key(client: type[ComfyCloud | AsyncComfyCloud], base_url: str | None) -> None:
    """Said when the client is made, with the variable to set and where to get a key."""
    for make in (lambda: client(base_url=base_url), lambda: client(api_key=None, base_url=base_url)):
        with pytest.raises(ConfigurationError, match=r"set COMFY_CLOUD_API_KEY or pass api_key=.*api-keys\.$"):
            make()


@pytest.mark.parametrize("base_url", [LOCAL, "http://localhost:8188", "http://[::1]:8188", "http://127.9.9.9"])
def test_a_server_on_this_machine_needs_no_key(base_url: str) -> None:
    """By its name or address; nothing is resolved."""
    with ComfyCloud(base_url=base_url) as comfy:
        assert comfy._settings.api_key is None


def test_none_sends_no_key_whatever_the_environment_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """`api_key=None` is a decision; leaving it away is none."""
    monkeypatch.setenv("COMFY_CLOUD_API_KEY", "from-environment")
    with ComfyCloud(api_key=None, base_url=LOCAL) as comfy:
        assert comfy._settings.api_key is None


@pytest.mark.parametrize("key", ["", " ", "\t\n"])
def test_a_blank_key_is_refused(key: str) -> None:
    """Rather than sent, and answered with a 401."""
    with pytest.raises(ConfigurationError, match=r"The API key in api_key is blank; make one at "):
        ComfyCloud(api_key=key)


def test_a_blank_key_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable counts as unset; one of spaces is a mistake."""
    monkeypatch.setenv("COMFY_CLOUD_API_KEY", "  ")
    with pytest.raises(ConfigurationError, match="The API key in COMFY_CLOUD_API_KEY is blank"):
        ComfyCloud()
    monkeypatch.setenv("COMFY_CLOUD_API_KEY", "")
    with ComfyCloud(base_url=LOCAL) as comfy:
        assert comfy._settings.api_key is None


@pytest.mark.parametrize("key", ["canary\nkey", "canary key", "canary-é", "canary\x00", "canary\n"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_repeated(key: str) -> None:
    """A line end in a header would be another header."""
    with pytest.raises(ConfigurationError, match="contains a line end, a space or a non-ASCII character") as caught:
        ComfyCloud(api_key=key)
    assert "canary" not in repr(caught.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("cloud.comfy.org", "lacks http:// or https:// and a host"),
        ("127.0.0.1:8188", "lacks http:// or https://"),
        ("ftp://example.test", "lacks http:// or https://"),
        ("http://", "lacks http:// or https:// and a host"),
        ("", "lacks http:// or https:// and a host"),
        ("http://[", "is not a URL"),
        ("http://example.test:port", "is not a URL"),
        ("http://example.test:65536", "is not a URL"),
        ("http://example..test", "is not a URL"),
        (f"http://{'a' * 64}.test", "is not a URL"),
        (f"http://{'a.' * 127}test", "is not a URL"),
        ("https://user:canary@example.test", "carries a password, a query or a fragment"),
        ("https://example.test/?a=1", "carries a password, a query or a fragment"),
    ],
)
def test_an_unusable_base_url_is_refused(url: str, words: str) -> None:
    """In one sentence, without a password that stands in it."""
    with pytest.raises(ConfigurationError) as caught:
        ComfyCloud(api_key="key", base_url=url)
    assert words in str(caught.value)
    assert "canary" not in str(caught.value)


def test_a_timeout_of_nothing_is_refused() -> None:
    """Zero, negative, and not a number."""
    for timeout in (0, -1, float("nan")):
        with pytest.raises(ConfigurationError, match="needs to be more than 0 seconds"):
            ComfyCloud(api_key="key", timeout_s=timeout)


@pytest.mark.parametrize("client", [ComfyCloud, AsyncComfyCloud])
@pytest.mark.parametrize("base_url", ["http://example.test", "http://10.0.0.1:8188", "http://localhost.example.test"])
def test_plain_http_stays_on_this_machine(client: type[ComfyCloud | AsyncComfyCloud], base_url: str) -> None:
    """As it would show the key to everybody on the way, unless that is what is wanted."""
    with pytest.raises(ConfigurationError, match="would send the API key unencrypted; use https, or pass allow_http"):
        client(api_key="canary", base_url=base_url)
    assert base_url == client(api_key="canary", base_url=base_url, allow_http=True)._settings.base_url


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"max_body_bytes": 0}, "max_body_bytes is 0"),
        ({"max_body_bytes": 1.5}, "max_body_bytes is 1.5"),
        ({"headers": {"X Mine": "1"}}, "The header 'X Mine' contains what HTTP cannot carry"),
        ({"headers": {"X-Mine": "1\r\nX-Evil: 2"}}, "The header 'X-Mine' contains"),
        ({"headers": {"x-API-key": "canary"}}, "The header x-API-key holds the key; pass it as api_key"),
        ({"headers": {"X-Mine": 1}}, "The header 'X-Mine' is of the type int; give it as text"),
        ({"timeout_s": "5"}, "timeout_s is '5'"),
        ({"max_body_bytes": True}, "max_body_bytes is True"),
        ({"retry": 3}, "retry is 3, but it needs to be a RetryPolicy"),
        ({"api_key": 7}, "The API key in api_key is of the type int"),
    ],
)
def test_other_arguments_are_checked_too(arguments: dict[str, Any], words: str) -> None:
    """When the client is made, and when another is made of it."""
    with pytest.raises(ConfigurationError, match=words):
        ComfyCloud(**{"api_key": "canary", **arguments})
    if "headers" in arguments:
        with ComfyCloud(api_key="canary") as comfy, pytest.raises(ConfigurationError, match=words):
            comfy.with_options(**arguments)


@pytest.mark.parametrize("field", ["connect_s", "read_s", "write_s", "pool_s"])
def test_each_timeout_is_more_than_nothing(field: str) -> None:
    """And finite."""
    for seconds in (0, -1, float("nan"), float("inf")):
        with pytest.raises(ConfigurationError, match=f"{field} is {seconds}, but it needs to be more than 0 seconds"):
            Timeouts(**{field: seconds})


@pytest.mark.parametrize(
    "arguments",
    [
        {"api_key": "canary-key canary-key"},
        {"base_url": "example.test"},
        {"base_url": "http://example.test"},
        {"timeout_s": 0},
        {"max_body_bytes": 0},
        {"headers": {"X Mine": ""}},
        {"transport": httpx.AsyncBaseTransport()},
    ],
)
def test_no_traceback_of_a_refused_client_shows_the_key(arguments: dict[str, Any]) -> None:
    """Not in the locals of our frames either."""
    with pytest.raises(ConfigurationError) as caught:
        ComfyCloud(**{"api_key": KEY, **arguments})
    assert [] == places_with_key(caught.value, "canary-key")


def test_no_repr_shows_the_key() -> None:
    """Of the client, of its settings, or of its transport."""
    with ComfyCloud(api_key="canary") as comfy:
        shown = [repr(comfy), repr(comfy._settings), repr(comfy._transport), repr(comfy.assets), repr(comfy.tags)]
    assert [text for text in shown if "canary" in text] == []


def test_a_configuration_error_is_a_value_error() -> None:
    """For code that knows no better."""
    with pytest.raises(ValueError, match="blank"):
        ComfyCloud(api_key="")


@pytest.mark.parametrize(
    ("host", "expected"), [("localhost", True), ("a.localhost", True), ("127.0.0.1", True), ("0.0.0.0", False)]
)
def test_loopback_is_told_by_name_or_address(host: str, expected: bool) -> None:
    """0.0.0.0 is every interface, not this machine alone."""
    assert is_loopback(host) is expected
