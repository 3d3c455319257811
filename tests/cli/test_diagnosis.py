"""What the doctor makes of what it sees."""

import datetime as dt
import json

import pytest

from comfy_cloud import ApiConnectionError, DriftReport, NotFoundError
from comfy_cloud.cli.diagnosis import (
    Finding,
    exit_code,
    of_clock,
    of_dialect,
    of_drift,
    of_error,
    of_filters,
    of_key,
    plain,
    told,
)

AT = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(seconds=1)
DATE = "Wed, 01 Jul 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("key", "needed", "status"),
    [
        (None, True, "fail"),
        (None, False, "ok"),
        ("canary-key-0123456789", True, "ok"),
        ("toy", False, "ok"),
        ("toy", True, "warn"),
        ("Bearer canary-key-0123456789", True, "warn"),
        ('"canary-key-0123456789"', True, "warn"),
        ("your-api-key-goes-here-please", True, "warn"),
    ],
)
def test_a_key_is_judged_and_not_shown(key: str | None, needed: bool, status: str) -> None:
    """By what people paste by mistake; a server on this machine needs none."""
    found = of_key(key, "COMFY_CLOUD_API_KEY", needed=needed)
    assert status == found.status
    assert key is None or key not in str(found)
    assert ("" == found.advice) == (status == "ok")


@pytest.mark.parametrize(
    ("ahead_s", "expected"),
    [(0, "agrees"), (59, "agrees"), (3600, "3,599 s ahead of"), (-3600, "3,599 s behind")],
)
def test_a_clock_that_is_wrong_is_told_by_how_much(ahead_s: int, expected: str) -> None:
    """The server's Date was made between the request and its answer, and has whole seconds."""
    by = dt.timedelta(seconds=ahead_s)
    found = of_clock(DATE, AT + by, LATER + by)
    assert (expected in found.found, "ok" if expected == "agrees" else "warn") == (True, found.status)


@pytest.mark.parametrize("date", [None, "", "yesterday"])
def test_a_server_without_a_date_is_no_failure(date: str | None) -> None:
    """It is said, as the clock cannot be compared."""
    assert "warn" == of_clock(date, AT, LATER).status


CLOUD = {"assets": [{"created_at": "2026-01-01T00:00:00Z"}], "total": 1}
COMFYUI = {"assets": [{"created_at": "2026-01-01T00:00:00"}], "total": 1, "next_cursor": "x"}
FLAT, NESTED = {"code": "BAD", "message": ""}, {"error": {"code": "BAD"}}


@pytest.mark.parametrize(
    ("page", "refusal", "expected"),
    [
        (CLOUD, FLAT, ("ok", "Comfy Cloud: errors as in the spec, times with a zone")),
        (COMFYUI, NESTED, ("ok", "ComfyUI: nested errors, times without a zone, cursors")),
        ({"assets": [], "total": 0}, FLAT, ("ok", "Comfy Cloud: errors as in the spec")),
        (CLOUD, NESTED, ("warn", "Comfy Cloud: times with a zone; ComfyUI: nested errors")),
        ({"assets": [], "total": 0}, None, ("warn", "nothing tells which server it is")),
        (None, None, ("fail", "what answers is no server of this API")),
        ({"hello": 1}, FLAT, ("fail", "what answers is no server of this API")),
    ],
)
def test_a_server_is_known_by_its_times_errors_and_cursors(
    page: object, refusal: object, expected: tuple[str, str]
) -> None:
    """As observed on ComfyUI 0.27, and as the spec says of Comfy Cloud."""
    found = of_dialect(page, None if refusal is None else json.dumps(refusal).encode())
    assert expected == (found.status, found.found)


def test_filters_that_let_anything_through_are_a_failure() -> None:
    """Somebody who deletes what such a list returned loses everything; one that is refused is a warning."""
    found = [of_filters(5, given) for given in ({"a": 0, "b": 5}, {"a": 0, "b": None}, {"a": 0, "b": 0})]
    assert [("fail", 6), ("warn", 0), ("ok", 0)] == [(each.status, each.code) for each in found]
    assert "cannot be tried, as there are no assets" == of_filters(0, {"a": 0}).found


def test_hints_are_given_for_certificates_proxies_and_paths() -> None:
    """What an error alone cannot know."""
    refused = ApiConnectionError("x")
    refused.__cause__ = OSError("[SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer certificate")
    proxied = of_error("answer", ApiConnectionError("x"), {"HTTPS_PROXY": "http://proxy"})
    found = [of_error("answer", refused, {}), proxied, of_error("answer", NotFoundError(404), {})]
    assert [True] * 3 == [
        word in each.advice for word, each in zip(("SSL_CERT_FILE", "HTTPS_PROXY", "/api"), found, strict=True)
    ]
    assert [5, 5, 4] == [each.code for each in found]


def test_no_drift_is_well() -> None:
    """And says so."""
    assert "ok" == of_drift(DriftReport(())).status


def test_the_first_failure_says_the_code_and_the_worst_the_status() -> None:
    """What follows a failure is often its consequence; warnings end well."""
    ok, warn = Finding("a", "ok", "fine"), Finding("b", "warn", "so so", "do this")
    bad, worse = Finding("c", "fail", "bad", code=5), Finding("d", "fail", "bad", code=6)
    found = [[ok], [ok, warn], [ok, bad, warn, worse]]
    assert [("ok", 0), ("warn", 0), ("fail", 5)] == [(plain(each)["status"], exit_code(each)) for each in found]


def test_a_finding_is_told_with_its_advice_beneath() -> None:
    """Within the width of the terminal."""
    found = Finding("clock", "warn", "an hour ahead of the server's", "set this machine's clock")
    room = " " * len("warn  clock     ")
    lines = [
        "warn  clock     an hour ahead of the",
        f"{room}server's",
        f"{room}→ set this machine's",
        f"{room}  clock",
    ]
    assert lines == told(found, 40).splitlines()
    assert 2 == len(told(found, None).splitlines())
