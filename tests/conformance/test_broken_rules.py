"""Break a rule in the library, and a vector fails: were it otherwise, the vectors would show nothing."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

import pytest

from comfy_cloud import errors, filters, retries
from comfy_cloud._filtering import server_filter, values, verify
from comfy_cloud._http import exchange, redirects
from comfy_cloud._paging import evidence, pace, walker
from comfy_cloud.conformance import Verdict, load
from comfy_cloud.retries import Bucket, RetryPolicy
from comfy_cloud_api._runtime import client as runtime_client
from comfy_cloud_api._runtime import operations, parameters
from tests.conformance.ours import results


def accepted(places: Any) -> evidence.Judgement:
    """Rule 1 of paging, broken: every page is beyond the frontier."""
    return evidence.Judgement(accepted=True, fresh=range(len(places)))


GO_ON = walker.Walker._go_on


def until_has_more_is_false(self: Any, asked: Any, sent: Any, places: Any, *, moved: bool) -> None:
    """Rule 3 of paging, broken: has_more alone ends the walk."""
    GO_ON(self, asked, sent, places, moved=moved)
    self._ended = self._ended or not sent.has_more


def without_overlap(self: Any, start: int, length: int, *_: int) -> pace.Pace:
    """Each page begins where the one before ends."""
    return pace.Pace(start + length, start + length, self.overlap)


def joined_by_encoded_commas(parameter: Any, value: Any, escape: Any, _: str) -> str:
    """The style form without explode, broken."""
    return "%2C".join(escape(parameter, item) for item in value)


BREAKS: dict[str, tuple[str, Any, str, Any]] = {
    "a sixth redirect": ("redirects", redirects, "MAX_REDIRECTS", 6),
    "a fourth redirect is too many": ("redirects", redirects, "MAX_REDIRECTS", 4),
    "headers travel": ("redirects", redirects, "_TRAVELLING", frozenset({"x-team"})),
    "303 is no redirect": ("redirects", redirects, "_FOLLOWED", frozenset({301, 302, 307, 308})),
    "302 keeps the method": ("redirects", redirects, "_KEEPING_METHOD", frozenset({302, 307, 308})),
    "ports are no part of an origin": ("keys", runtime_client, "_origin", lambda url: (url.scheme, url.host)),
    "schemes are no part of an origin": ("redirects", redirects, "origin", lambda url: (url.host, url.port)),
    "every host is this machine": ("redirects", redirects, "is_loopback", lambda _: True),
    "the waits do not double": ("retries", RetryPolicy, "longest_wait_s", lambda policy, _: policy.base_wait_s),
    "a retry costs less": ("retries", Bucket, "RETRY_COST", 4),
    "a success gives back more": ("retries", Bucket, "REFUND", 2),
    "Retry-After is not read": ("retries", exchange, "read_retry_after", lambda *_: None),
    "everything is transient": ("retries", retries, "is_transient", lambda *_: True),
    "everything is harmless": ("retries", retries, "_is_harmless", lambda *_: True),
    "a server is granted two days": ("retries", retries, "LONGEST_RETRY_AFTER_S", 172_800.0),
    "subscriptions are about rate": ("responses", errors, "is_subscription", lambda *_: False),
    "403 is a wrong key": ("responses", errors, "_BY_STATUS", {403: errors.AuthenticationError}),
    "a thousand tags": ("filters", server_filter, "MAX_TAGS", 1000),
    "a longer request line": ("filters", server_filter, "MAX_REQUEST_LINE", 100_000),
    "names are never the same": ("filters", server_filter, "ascii_folded", lambda text: text + "x"),
    "contradictions are no concern": ("filters", server_filter, "folded_tag", lambda _: object()),
    "a NUL is a letter": ("filters", filters, "checked_needle", values.checked_text),
    "what comes back is not checked": ("pagination", verify, "verifies", lambda _: False),
    "no cursor is refused": ("pagination", walker.Walker, "refuse_cursor", lambda _: None),
    "pages that prove nothing are accepted": ("pagination", walker, "judge", lambda places, *_: accepted(places)),
    "no order is learned": ("pagination", walker, "learn", lambda _, lore: lore),
    "pages never step back": ("pagination", pace.Pace, "back", lambda self, *_: self),
    "overlaps are none": ("pagination", pace.Pace, "after", without_overlap),
    "the total is not looked at": ("pagination", walker.Walker, "_go_on", until_has_more_is_false),
    "lists are joined by encoded commas": ("requests", parameters, "_delimited", joined_by_encoded_commas),
    "blanks are plus signs": ("requests", parameters, "_percent", lambda _, text, safe="": quote_plus(text, safe)),
    "bounds are not checked": ("requests", operations, "check_bounds", lambda *_: None),
}
"""A break's name: the family that sees it, what is replaced where, and by what."""


def failing(family: Any) -> list[str]:
    """The cases that do not pass, blocking."""
    return [one.case.id for one in results(cases=load(family)) if one.verdict is not Verdict.PASS]


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_fails_a_vector(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the family that shows it."""
    family, module, attribute, broken = BREAKS[name]
    monkeypatch.setattr(module, attribute, broken)
    assert [] != failing(family)
