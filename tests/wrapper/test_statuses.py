"""Statuses, error bodies and Retry-After: what is tried again, when, and what it becomes. Over bare sockets."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from comfy_cloud import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    RetryPolicy,
    ServerError,
    StatusError,
    SubscriptionInactiveError,
)
from comfy_cloud.testing import InstantClock
from comfy_cloud_api.operations import OPERATIONS, RETRY
from tests.wrapper.callers import KEY, WAYS, places_with_key, result
from tests.wrapper.raw_server import answer, raw_server

TRANSIENT = [408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524]
PERMANENT = {
    400: BadRequestError,
    401: AuthenticationError,
    402: StatusError,
    403: PermissionDeniedError,
    404: NotFoundError,
    405: StatusError,
    409: ConflictError,
    410: NotFoundError,
    412: ConflictError,
    413: StatusError,
    418: StatusError,
    422: BadRequestError,
    429: RateLimitError,
    451: StatusError,
    499: StatusError,
    501: ServerError,
    505: ServerError,
    525: ServerError,
    527: ServerError,
    599: ServerError,
    600: ServerError,
    999: ServerError,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("status", [*TRANSIENT, 429])
def test_a_transient_status_is_tried_again(status: int, way: str) -> None:
    """And is not seen when the next attempt succeeds; 429 only where it says when to come back."""
    later = {"Retry_After": "1"} if status == 429 else {}
    with raw_server(answer(b"", status, **later), answer(b"", status, **later), answer()) as server:
        assert ["a"] == result(way, server.url)
    with raw_server(answer(b"", status, **later)) as server:
        error = result(way, server.url)
    assert (status, 6, 6) == (error.status, error.attempts, len(server.asked))
    assert f"The server answered {status}" in str(error)
    assert ", after 6 attempts; " in str(error)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("status", PERMANENT)
def test_a_permanent_status_is_an_error_of_its_own_at_once(status: int, way: str) -> None:
    """Another attempt would end the same way."""
    body = json.dumps({"code": "WHY", "message": f"because of {KEY}", "details": {"key": [KEY]}}).encode()
    with raw_server(answer(body, status, X_Request_ID=f"r1-{KEY}")) as server:
        error = result(way, server.url)
    assert (PERMANENT[status], status, 1) == (type(error), error.status, len(server.asked))
    assert ("WHY", "because of ***", {"key": ["***"]}) == (error.code, error.message, error.details)
    assert (1, "r1-***", "listAssets") == (error.attempts, error.request_id, error.operation)
    assert error.elapsed_s >= 0
    assert [] == places_with_key(error)
    copy = pickle.loads(pickle.dumps(error))
    assert (type(error), str(error), vars(error)) == (type(copy), str(copy), vars(copy))


def test_which_statuses_are_transient_is_said_by_the_metadata() -> None:
    """The statuses of this module are those of the overlay, for operations that the spec has and for others."""
    assert {*TRANSIENT, 429} == RETRY.transient_statuses
    assert {RETRY} == {operation.retry for operation in OPERATIONS.values()}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("body", "code", "message", "details"),
    [
        (b'{"code": "A", "message": "b"}', "A", "b", None),
        (b'{"error": {"code": "A", "message": "b", "details": {"c": [1]}}}', "A", "b", {"c": [1]}),
        (b'{"error": {"type": "A", "message": "b", "details": "c"}, "node_errors": {}}', "A", "b", "c"),
        (b'{"error_code": "A", "message": "b", "details": []}', "A", "b", []),
        (b'{"error": "b"}', "", "b", None),
        (b'{"detail": "b"}', "", "b", None),
        (b'{"code": "A"}', "A", "", None),
        (b'{"code": 7, "message": null}', "7", "", None),
        (b"500: Internal   Server\nError", "", "500: Internal Server Error", None),
        (b"<html>\n<h1>Bad\tGateway</h1>", "", "<html> <h1>Bad Gateway</h1>", None),
        (b"", "", "", None),
        (b"[]", "", "[]", None),
        (b"{}", "", "{}", None),
        (b'"text"', "", '"text"', None),
        (b"\xff\x00", "", "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}", None),
        (b"x" * 5000, "", "x" * 200, None),
        (b"[" * 100_000, "", "[" * 200, None),
    ],
)
def test_every_shape_of_error_body_is_understood(body: bytes, code: str, message: str, details: Any, way: str) -> None:
    """Five shapes were observed; of what is not JSON the beginning is shown, in one line."""
    with raw_server(answer(body, 400)) as server:
        error = result(way, server.url)
    assert (code, message, details) == (error.code, error.message, error.details)
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("status", "told", "words"),
    [
        (400, {"code": "A", "message": "b."}, "The server answered 400 Bad Request (A: b); change the request."),
        (401, {"message": "no"}, ("The server does not accept the API key (no); make one at "
                                 "https://platform.comfy.org/profile/api-keys.")),
        (404, {}, "The server answered 404 Not Found ({}); check the id, or the base URL."),
        (499, {"error": "x\ny"}, "The server answered 499 (x y); look at the server's words."),
        (527, {"code": "A"}, "The server answered 527 (A); try again later."),
        (503, {"code": "SERVICE_DISABLED", "message": "off"}, ("The server answered 503 Service Unavailable "
         "(SERVICE_DISABLED: off); that lasts until the server's operator changes it.")),
        (429, {"message": "Subscription inactive"}, ("The server answered 429 Too Many Requests "
         "(Subscription inactive); renew the subscription.")),
        (429, {"message": "slow"}, "The server answered 429 Too Many Requests (slow); ask less often."),
    ],
)  # fmt: skip
def test_an_error_is_one_sentence_that_says_what_to_do(status: int, told: dict[str, str], words: str) -> None:
    """With the server's own words in it."""
    with raw_server(answer(json.dumps(told).encode(), status)) as server:
        assert words == str(result("blocking", server.url))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (503, {"error": {"code": "SERVICE_DISABLED", "message": "off"}}, ServerError),
        (429, {"code": "SUBSCRIPTION_INACTIVE", "message": ""}, SubscriptionInactiveError),
        (429, {"error": "InactiveSubscriptionError"}, SubscriptionInactiveError),
        (429, {"message": "Subscription inactive"}, SubscriptionInactiveError),
        (429, {"message": "too many"}, RateLimitError),
    ],
)
def test_what_only_looks_transient_is_not_tried_again(status: int, body: Any, expected: type, way: str) -> None:
    """The asset system is off; the subscription is not active; a 429 that does not say when to come back."""
    with raw_server(answer(json.dumps(body).encode(), status)) as server:
        assert (expected, 1) == (type(result(way, server.url)), len(server.asked))


@pytest.mark.parametrize("way", WAYS)
def test_a_rate_limit_with_its_usual_code_is_tried_again(way: str) -> None:
    """Also where the answer does not say when."""
    with raw_server(answer(b'{"code": "RATE_LIMITED", "message": ""}', 429), answer()) as server:
        assert ["a"] == result(way, server.url)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_status_says_what_went_wrong_though_its_body_cannot_be_read(coding: str, way: str) -> None:
    """It decides whether to try again, and what is raised; the body would only have told more."""
    for status, kind, attempts in [(401, AuthenticationError, 1), (404, NotFoundError, 1), (503, ServerError, 6)]:
        for step, options in [
            (answer(b"no", status, Content_Encoding=coding), {}),
            (answer(b"x" * 1000, status), {"max_body_bytes": 100}),
        ]:
            with raw_server(step) as server:
                error = result(way, server.url, **options)
            assert (kind, "", attempts) == (type(error), error.message, len(server.asked))


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_without_body_may_state_one(way: str) -> None:
    """To HEAD, length and coding are those that GET would have; none of it is missed."""
    step = answer(b"", length=10**9, Content_Encoding="br")
    with raw_server(step) as server:
        assert b"" == result(way, server.url, lambda comfy: comfy.request("HEAD", "/api/x")).content
    with raw_server(answer(b"", 204, Content_Encoding="br", Content_Length="")) as server:
        assert 204 == result(way, server.url, lambda comfy: comfy.request("DELETE", "/api/x")).status_code


def date(seconds: float) -> str:
    """An HTTP date so many seconds from now."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("text", "expected"), [("7", 7.0), (" 7 ", 7.0), ("0", 0.0), ("0.5", 0.5)])
def test_retry_after_in_seconds_is_honoured_exactly(text: str, expected: float, status: int, way: str) -> None:
    """Without jitter, however short or long."""
    clock = InstantClock()
    with raw_server(answer(b"", status, Retry_After=text), answer()) as server:
        assert ["a"] == result(way, server.url, clock=clock)
    assert [expected] == clock.waits


@pytest.mark.parametrize("way", WAYS)
def test_retry_after_as_a_date_is_measured_by_the_server_s_clock(way: str) -> None:
    """Its Date header; where there is none, by ours. A date that has passed means now."""
    hour = 3600
    for headers, low, high in [
        ({"Retry_After": date(hour + 30), "Date": date(hour)}, 29, 31),
        ({"Retry_After": date(-hour + 30), "Date": date(-hour)}, 29, 31),
        ({"Retry_After": date(30)}, 28, 30),
        ({"Retry_After": date(-hour)}, 0, 0),
    ]:
        clock = InstantClock()
        with raw_server(answer(b"", 503, **headers), answer()) as server:
            assert ["a"] == result(way, server.url, clock=clock)
        assert low <= clock.waits[0] <= high


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    "text", ["-1", "NaN", "inf", "soon", "1e3", "0x10", "²", "Mon, 99 Foo 2026 00:00:00 GMT", "1,2"]
)
def test_an_absurd_retry_after_counts_as_one_that_does_not_say_how_long(text: str, status: int, way: str) -> None:
    """The usual wait takes its place."""
    clock = InstantClock()
    with raw_server(answer(b"", status, Retry_After=text), answer()) as server:
        assert ["a"] == result(way, server.url, clock=clock)
    assert 1 == len(clock.waits)
    assert 0 <= clock.waits[0] <= 0.5


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", ["121", "1000000000", "9" * 400, pytest.param(date(10**8), id="in three years")])
def test_a_retry_after_beyond_the_deadline_fails_now(text: str, way: str) -> None:
    """Saying so; nobody sleeps for years."""
    clock = InstantClock()
    with raw_server(answer(b"", 429, Retry_After=text)) as server:
        error = result(way, server.url, clock=clock)
    assert ([], 1, RateLimitError) == (clock.waits, error.attempts, type(error))
    assert error.retry_after > 120
    assert "as the server asks to wait" in str(error)
    assert "beyond the deadline of 120 s" in str(error)


@pytest.mark.parametrize("way", WAYS)
def test_a_rate_limit_says_when_to_come_back(way: str) -> None:
    """In seconds, for whoever wants to wait longer than the client."""
    with raw_server(answer(b"", 429, Retry_After="9")) as server:
        error = result(way, server.url, retry=RetryPolicy.none())
    assert (9.0, 9.0) == (error.retry_after, pickle.loads(pickle.dumps(error)).retry_after)
    assert str(error).endswith("; try again in 9 s.")


# Redirects.


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_at_home_is_followed_with_the_key(status: int, way: str) -> None:
    """Relative or absolute."""
    with raw_server(answer(b"", status, Location="/moved?x=1"), answer()) as server:
        assert ["a"] == result(way, server.url)
    assert [("/moved?x=1", KEY)] == [(asked.target, asked.headers.get("x-api-key")) for asked in server.asked[1:]]


@pytest.mark.parametrize("way", WAYS)
def test_a_redirect_to_another_host_is_followed_without_the_key(way: str) -> None:
    """Nor with any header of the user's: nothing goes along but what says which answer is wanted."""
    with raw_server(answer()) as other, raw_server(answer(b"", 302, Location=f"{other.url}/file?signed=1")) as server:
        assert ["a"] == result(way, server.url, headers={"Authorization": "Basic abc", "X-Mine": "1"})
    (asked,) = other.asked
    assert "/file?signed=1" == asked.target
    assert {"host", "accept", "accept-encoding", "user-agent"} == set(asked.headers)
    assert {"x-api-key", "authorization", "x-mine"} <= set(server.asked[0].headers)


@pytest.mark.parametrize("way", WAYS)
def test_a_redirect_in_circles_is_left_after_five(way: str) -> None:
    """And is no reason to try again."""
    with raw_server(answer(b"", 302, Location="/again")) as server:
        error = result(way, server.url)
    assert (RedirectError, 302, 6, 1) == (type(error), error.status, len(server.asked), error.attempts)
    assert str(error) == (
        "The server answered 302 Found (it redirects to '/again'), which was not followed, as it is the one after 5 "
        "others; check the base URL."
    )
    assert [] == places_with_key(error)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("http://192.0.2.1/x", "as it leads to plain http on another machine"),
        ("ftp://127.0.0.1/x", "as its target is neither http nor https"),
        ("file:///etc/passwd", "as its target is neither http nor https"),
        ("http://127.0.0.1:port/", "as its target is no URL"),
        ("http://127.0.0.1:65536/", "as its target is no URL"),
        ("http:///x", "as its target is no URL"),
        ("http:x", "as its target is no URL"),
        (f"http://{'a' * 64}.localhost/", "as its target is no URL"),
    ],
)
def test_a_redirect_to_where_nothing_is_sent_is_an_error(target: str, words: str, way: str) -> None:
    """Nothing is sent there, key or not."""
    with raw_server(answer(b"", 302, Location=target)) as server:
        error = result(way, server.url)
    assert (RedirectError, 1) == (type(error), len(server.asked))
    assert words in str(error)


@pytest.mark.parametrize("way", WAYS)
def test_a_post_is_not_sent_where_a_redirect_leads(way: str) -> None:
    """But as a GET where the answer says "see other", and unchanged where it says so, at home only."""

    def post(comfy: Any) -> Any:
        return comfy.request("POST", "/api/things", json={"a": 1})

    with raw_server(answer(b"", 303, Location="/seen"), answer()) as server:
        result(way, server.url, post)
    assert [("GET", b"")] == [(asked.method, asked.body) for asked in server.asked[1:]]
    with raw_server(answer(b"", 308, Location="/moved"), answer()) as server:
        result(way, server.url, post)
    assert [("POST", b'{"a":1}')] == [(asked.method, asked.body) for asked in server.asked[1:]]
    with raw_server(answer(b"", 301, Location="/moved")) as server:
        assert isinstance(result(way, server.url, post), RedirectError)
    with raw_server(answer()) as other, raw_server(answer(b"", 307, Location=other.url)) as server:
        assert isinstance(result(way, server.url, post), RedirectError)
    assert [] == other.asked
