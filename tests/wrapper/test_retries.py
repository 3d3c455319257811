"""The decisions about retries: pure, so drawn and counted instead of waited for."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud import ConfigurationError, RetryPolicy
from comfy_cloud.retries import Bucket, Failure, GiveUp, Nature, Trouble, Wait, cost_of, decide, read_retry_after
from comfy_cloud_api.operations import RETRY

SECONDS = st.floats(0, 1e9)
POLICIES = st.builds(
    RetryPolicy,
    attempts=st.integers(1, 10**6),
    base_wait_s=SECONDS,
    max_wait_s=SECONDS,
    deadline_s=st.none() | st.floats(1e-9, 1e9),
)
FAILURES = st.builds(
    Failure,
    trouble=st.none() | st.sampled_from(Trouble),
    status=st.sampled_from([0, 400, 404, 429, 500, 503, 524]),
    code=st.sampled_from(["", "SERVICE_DISABLED", "RATE_LIMITED"]),
    said_when=st.booleans(),
    retry_after_s=st.none() | SECONDS | st.just(float("inf")),
)
NATURES = st.builds(Nature, idempotent=st.booleans(), replayable=st.booleans(), retry=st.sampled_from([None, RETRY]))
IDEMPOTENT = Nature(idempotent=True, replayable=True, retry=RETRY)
BROKEN = Failure(trouble=Trouble.BROKEN)


def verdict(policy: RetryPolicy, failure: Failure = BROKEN, **changed: Any) -> Wait | GiveUp:
    """The decision after a first attempt that took no time, with the longest jitter."""
    moment: dict[str, Any] = {"attempt": 1, "elapsed_s": 0.0, "jitter": 1.0, **changed}
    return decide(policy, IDEMPOTENT, failure, **moment)


@given(POLICIES, NATURES, st.lists(st.tuples(FAILURES, SECONDS, st.floats(0, 1, exclude_max=True)), max_size=20))
def test_no_policy_sleeps_past_its_deadline(
    policy: RetryPolicy, nature: Nature, story: list[tuple[Failure, float, float]]
) -> None:
    """However it is configured, whatever fails, and however long the attempts take."""
    elapsed = 0.0
    for attempt, (failure, took, jitter) in enumerate(story, start=1):
        elapsed += took
        found = decide(policy, nature, failure, attempt=attempt, elapsed_s=elapsed, jitter=jitter)
        if isinstance(found, GiveUp):
            return
        assert attempt < policy.attempts
        assert found.seconds >= 0
        elapsed += found.seconds
        assert policy.deadline_s is None or elapsed < policy.deadline_s


@given(POLICIES, st.integers(1, 10**6), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_drawn_between_nothing_and_its_bound(policy: RetryPolicy, attempt: int, jitter: float) -> None:
    """Full jitter: the bound doubles with each attempt, up to the longest wait."""
    bound = policy.longest_wait_s(attempt)
    assert bound <= policy.max_wait_s
    assert policy.longest_wait_s(1) <= bound <= policy.longest_wait_s(attempt + 1)
    found = decide(policy, IDEMPOTENT, BROKEN, attempt=attempt, elapsed_s=0.0, jitter=jitter)
    assert isinstance(found, GiveUp) or found == Wait(jitter * bound)


def test_the_waits_of_the_default_policy_are_those_it_documents() -> None:
    """0.5 s doubling: five waits below 15.5 s in all, never above 20 s each."""
    bounds = [RetryPolicy().longest_wait_s(attempt) for attempt in range(1, 6)]
    assert [0.5, 1.0, 2.0, 4.0, 8.0] == bounds
    assert 15.5 == sum(bounds)
    assert [2.0] * 4 == [second / first for first, second in pairwise(bounds)]
    assert 20.0 == RetryPolicy().longest_wait_s(1000)


@given(st.integers(0, 600), st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=200))
def test_a_bucket_is_never_negative_nor_overfull(capacity: int, moves: list[tuple[bool, int]]) -> None:
    """Whatever is taken and given back; and nothing is taken that is not there."""
    bucket = Bucket(capacity)
    for takes, amount in moves:
        before = bucket.tokens
        if takes:
            assert (before >= amount) == bucket.take(amount)
        else:
            bucket.give_back(amount)
        assert 0 <= bucket.tokens <= capacity


def test_an_empty_bucket_stops_retries_and_successes_fill_it() -> None:
    """500 tokens are 100 retries, or 50 after timeouts; a success without a retry gives 1 back."""
    bucket = Bucket()
    paid = 0
    while bucket.take(cost_of(BROKEN)):
        paid += 1
    assert (100, 0) == (paid, bucket.tokens)
    for _ in range(10):
        bucket.give_back(0)
    assert bucket.take(cost_of(Failure(trouble=Trouble.TIMED_OUT)))
    assert not bucket.take(1)
    bucket.give_back(10)
    assert 10 == bucket.tokens


def chance(requests: int, fault: float, attempts: int) -> float:
    """That a listing fails: one of its requests fails with all its attempts."""
    return 1 - (1 - fault**attempts) ** requests


def test_the_chance_that_a_listing_fails_is_the_documented_one() -> None:
    """1,000 requests: one in a billion at 1 % faults, one in a thousand at 10 %."""
    assert 1e-9 == pytest.approx(chance(1000, 0.01, RetryPolicy().attempts), rel=1e-3)
    assert 1e-3 == pytest.approx(chance(1000, 0.1, RetryPolicy().attempts), rel=1e-3)


@pytest.mark.parametrize("fault", [0.01, 0.1])
def test_the_bucket_does_not_change_that_chance(fault: float) -> None:
    """Played 100,000 times with each chance, no call fails for want of tokens; the bucket stays nearly full."""
    dice, bucket, lowest = random.Random(7), Bucket(), Bucket.CAPACITY
    for _ in range(100_000):
        paid = 0
        for _attempt in range(RetryPolicy().attempts):
            if dice.random() >= fault:
                bucket.give_back(paid)
                break
            paid = cost_of(BROKEN)
            assert bucket.take(paid)
            lowest = min(lowest, bucket.tokens)
    assert lowest > 400


def test_a_policy_of_one_attempt_never_retries() -> None:
    """RetryPolicy.none(), with the usual deadline."""
    assert GiveUp() == verdict(RetryPolicy.none())
    assert (1, RetryPolicy().deadline_s) == (RetryPolicy.none().attempts, RetryPolicy.none().deadline_s)


@pytest.mark.parametrize(
    ("failure", "again"),
    [
        (Failure(trouble=Trouble.UNREACHED), (True, True)),
        (Failure(trouble=Trouble.UNREACHED_IN_TIME), (True, True)),
        (Failure(trouble=Trouble.BROKEN), (True, False)),
        (Failure(trouble=Trouble.TIMED_OUT), (True, False)),
        (Failure(trouble=Trouble.UNDECODABLE), (True, False)),
        (Failure(trouble=Trouble.PERMANENT), (False, False)),
        (Failure(trouble=Trouble.LATE), (False, False)),
        (Failure(status=503), (True, False)),
        (Failure(status=503, code="SERVICE_DISABLED"), (False, False)),
        (Failure(status=429), (False, False)),
        (Failure(status=429, said_when=True), (True, True)),
        (Failure(status=429, code="RATE_LIMITED"), (True, True)),
        (Failure(status=425), (True, True)),
        (Failure(status=404), (False, False)),
    ],
)
def test_what_is_tried_again(failure: Failure, again: tuple[bool, bool]) -> None:
    """For an idempotent operation, and for one that is not: there, only where nothing can have been done."""
    natures = (IDEMPOTENT, Nature(idempotent=False, replayable=True, retry=RETRY))
    found = [decide(RetryPolicy(), nature, failure, attempt=1, elapsed_s=0, jitter=0) for nature in natures]
    assert again == tuple(isinstance(item, Wait) for item in found)


def test_a_body_that_cannot_be_sent_twice_is_not() -> None:
    """But where nothing was sent it is still whole."""
    once = Nature(idempotent=True, replayable=False, retry=RETRY)
    for trouble, expected in [(Trouble.BROKEN, GiveUp), (Trouble.UNREACHED, Wait)]:
        found = decide(RetryPolicy(), once, Failure(trouble=trouble), attempt=1, elapsed_s=0, jitter=0)
        assert expected is type(found)


def test_nothing_is_known_to_be_transient_without_metadata() -> None:
    """No list of statuses stands in the code."""
    unknown = Nature(idempotent=True, replayable=True, retry=None)
    assert GiveUp() == decide(RetryPolicy(), unknown, Failure(status=503), attempt=1, elapsed_s=0, jitter=0)


def test_what_the_server_asks_for_is_waited_for_exactly() -> None:
    """Beyond the longest wait, but never beyond the deadline."""
    assert Wait(100.0) == verdict(RetryPolicy(), Failure(status=503, said_when=True, retry_after_s=100.0))
    assert Wait(0.0) == verdict(RetryPolicy(), Failure(status=503, said_when=True, retry_after_s=0.0))
    late = verdict(RetryPolicy(), Failure(status=503, said_when=True, retry_after_s=100.0), elapsed_s=20.0)
    assert GiveUp("as the server asks to wait 100 s, beyond the deadline of 120 s", late=True) == late


@given(st.text(), st.none() | st.text(), st.floats(0, 4e9))
def test_any_retry_after_is_a_wait_or_nothing(text: str, date: str | None, now: float) -> None:
    """Never an error, never negative, never NaN."""
    found = read_retry_after(text, date, now)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    "arguments",
    [
        {"attempts": 0},
        {"attempts": 1.5},
        {"attempts": True},
        {"base_wait_s": -1},
        {"max_wait_s": float("inf")},
        {"base_wait_s": float("nan")},
        {"deadline_s": 0},
        {"deadline_s": float("nan")},
        {"deadline_s": float("inf")},
    ],
)
def test_an_impossible_policy_is_refused(arguments: dict[str, Any]) -> None:
    """Naming the argument and its value."""
    ((name, value),) = arguments.items()
    with pytest.raises(ConfigurationError, match=f"{name} is {value!r}, but it needs to be"):
        RetryPolicy(**arguments)


@pytest.mark.parametrize("name", ["attempts", "base_wait_s", "max_wait_s", "deadline_s"])
def test_a_policy_takes_numbers(name: str) -> None:
    """Text is refused by name."""
    with pytest.raises(ConfigurationError, match=f"{name} is '5'"):
        RetryPolicy(**{name: "5"})
