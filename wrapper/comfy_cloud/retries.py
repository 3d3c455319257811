"""Whether a call that failed is tried again, and when. Pure: clock and dice are handed in.

A failure is retried where another attempt can mend it (the API's metadata says which statuses and codes are transient)
and does no harm (the operation is idempotent, or the request cannot have been processed). The wait doubles with each
attempt up to a bound, and is drawn between 0 and that ("full jitter"), unless the server says how long to wait.

The numbers, with a chance `p` that one attempt fails: a call fails with p^attempts, and a listing of n calls with
1 - (1 - p^attempts)^n. With the 6 attempts of the default policy, a listing of 1,000 requests fails in one of a billion
cases at 1 % faults, and in one of a thousand at 10 %. All waits together are below 15.5 s, 7.75 s on average.

The `Bucket` bounds what all calls of a client retry together, so that a hundred threads do not hammer a service that
is down. It has botocore's numbers of the "standard" mode: 500 tokens, 5 for a retry and 10 after a timeout; a success
gives back what its last retry took, or else 1. At 10 % faults a call costs 0.56 tokens and gives back 1.4, so the
bucket stays full; when everything fails, a client retries 100 times (50 after timeouts) and then no more.
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from enum import Enum
from threading import Lock
from typing import Final, Self

from msgspec import Struct

from comfy_cloud.errors import ConfigurationError
from comfy_cloud_api.types import Retry

_SECONDS: Final = re.compile(r"\d+(\.\d+)?", re.ASCII)
LONGEST_RETRY_AFTER_S: Final = 86_400.0
"""The longest wait that a server is granted where no deadline bounds it, in seconds; `sleep` itself ends at years."""

_DOUBLINGS: Final = 64  # beyond these any longest wait is reached, and a float stays finite


class RetryPolicy(Struct, frozen=True):
    """How patient a client is.

    Args:
        attempts: How often a call is sent at most, 1 or more.
        base_wait_s: The longest wait before the second attempt, in seconds; it doubles with each attempt.
        max_wait_s: The longest wait before any attempt, in seconds, unless the server asks for a longer one.
        deadline_s: How long a call may take with all its attempts and waits, in seconds; None for as long as it takes.

    Raises:
        ConfigurationError: one of them is out of its range.
    """

    attempts: int = 6
    base_wait_s: float = 0.5
    max_wait_s: float = 20.0
    deadline_s: float | None = 120.0

    def __post_init__(self) -> None:
        if not isinstance(self.attempts, int) or isinstance(self.attempts, bool) or self.attempts < 1:
            raise ConfigurationError(f"attempts is {self.attempts!r}, but it needs to be a whole number from 1 on.")
        for name in ("base_wait_s", "max_wait_s"):
            if not _is_number(value := getattr(self, name)) or not 0 <= value < float("inf"):
                raise ConfigurationError(f"{name} is {getattr(self, name)!r}, but it needs to be 0 seconds or more.")
        if self.deadline_s is not None and not (_is_number(self.deadline_s) and 0 < self.deadline_s < float("inf")):
            raise ConfigurationError(
                f"deadline_s is {self.deadline_s!r}, but it needs to be more than 0 seconds, or None."
            )

    @classmethod
    def none(cls) -> Self:
        """One attempt, whatever comes of it, within the usual deadline."""
        return cls(attempts=1)

    def longest_wait_s(self, attempt: int) -> float:
        """The bound of the wait after this attempt, the first being 1, in seconds."""
        return min(self.max_wait_s, self.base_wait_s * 2.0 ** min(attempt - 1, _DOUBLINGS))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Trouble(Enum):
    """What went wrong with an attempt that brought no answer."""

    UNREACHED = "the server was not reached, so nothing was sent"
    UNREACHED_IN_TIME = "the server was not reached in time, so nothing was sent"
    BROKEN = "the connection broke"
    TIMED_OUT = "the server did not answer in time"
    UNDECODABLE = "the answer's body is cut off or corrupt"
    PERMANENT = "another attempt would end the same way"
    LATE = "the deadline has passed"


_SENT_NOTHING: Final = frozenset({Trouble.UNREACHED, Trouble.UNREACHED_IN_TIME})
_POINTLESS: Final = frozenset({Trouble.PERMANENT, Trouble.LATE})
_TIMEOUTS: Final = frozenset({Trouble.UNREACHED_IN_TIME, Trouble.TIMED_OUT, Trouble.LATE})


class Failure(Struct, frozen=True):
    """How an attempt failed: with a trouble, or with an answer.

    Attributes:
        trouble: What went wrong, where no answer came.
        status: The answer's status.
        code: The answer's error code, empty where it has none.
        said_when: Whether the answer has a Retry-After, readable or not.
        retry_after_s: How long it asks to wait, in seconds, where that is readable.
    """

    trouble: Trouble | None = None
    status: int = 0
    code: str = ""
    said_when: bool = False
    retry_after_s: float | None = None

    @property
    def why(self) -> str:
        """For logs and hooks."""
        return self.trouble.value if self.trouble else f"status {self.status}{self.code and f' {self.code}'}"


class Nature(Struct, frozen=True):
    """What is known of a call.

    Attributes:
        idempotent: Whether sending it twice has the effect of sending it once.
        replayable: Whether its body can be sent again.
        retry: Which failures are transient.
    """

    idempotent: bool
    replayable: bool
    retry: Retry | None


class Wait(Struct, frozen=True):
    """Try again after so many seconds."""

    seconds: float


class GiveUp(Struct, frozen=True):
    """Do not try again.

    Attributes:
        why: In words that go on "The call failed, ", or empty where that goes without saying.
        late: Whether that is because the deadline leaves no time.
    """

    why: str = ""
    late: bool = False


def decide(  # noqa: PLR0913 - three that stay for a call, three that change with each attempt
    policy: RetryPolicy, nature: Nature, failure: Failure, *, attempt: int, elapsed_s: float, jitter: float
) -> Wait | GiveUp:
    """Whether to try again.

    Args:
        policy: How patient the client is.
        nature: What is known of the call.
        failure: How the attempt failed.
        attempt: Which attempt that was, the first being 1.
        elapsed_s: Seconds since the call began.
        jitter: Drawn from 0 up to 1.
    """
    if not is_transient(failure, nature.retry):
        return GiveUp()
    if not _is_harmless(failure, nature):
        return GiveUp("and was not sent again, as it may have been processed")
    if attempt >= policy.attempts:
        return GiveUp(f"after {attempt} attempts" if attempt > 1 else "")
    asked = failure.retry_after_s
    wait = asked if asked is not None else jitter * policy.longest_wait_s(attempt)
    return _in_time(policy, elapsed_s, wait, asked)


def _in_time(policy: RetryPolicy, elapsed_s: float, wait: float, asked: float | None) -> Wait | GiveUp:
    """The wait, if it ends before the deadline; without one, a server is granted a day at most."""
    limit = policy.deadline_s
    if limit is None:
        too_long = asked is not None and asked > LONGEST_RETRY_AFTER_S
        return GiveUp(f"as the server asks to wait {asked:g} s, more than a day") if too_long else Wait(wait)
    if elapsed_s + wait < limit:
        return Wait(wait)
    if asked is None:
        return GiveUp(f"as the deadline of {limit:g} s leaves no time for another attempt", late=True)
    return GiveUp(f"as the server asks to wait {asked:g} s, beyond the deadline of {limit:g} s", late=True)


def is_transient(failure: Failure, retry: Retry | None) -> bool:
    """Whether another attempt could end otherwise."""
    if failure.trouble is not None:
        return failure.trouble not in _POINTLESS
    if retry is None or failure.status not in retry.transient_statuses or failure.code in retry.permanent_codes:
        return False
    conditional = failure.status in retry.retry_after_statuses
    return not conditional or failure.said_when or failure.code in retry.transient_codes


def _is_harmless(failure: Failure, nature: Nature) -> bool:
    if failure.trouble in _SENT_NOTHING:
        return True
    if not nature.replayable:
        return False
    unprocessed = nature.retry is not None and failure.status in nature.retry.unprocessed_statuses
    return nature.idempotent or unprocessed


def read_retry_after(text: str | None, date: str | None, now: float) -> float | None:
    """The seconds that a Retry-After header asks to wait; None where it is absent or unreadable.

    Args:
        text: Seconds, or an HTTP date; a date that has passed asks for 0.
        date: The answer's Date, as the server's clock may differ from ours.
        now: Our clock, in seconds since 1970, for an answer without Date.
    """
    if text is None:
        return None
    if _SECONDS.fullmatch(text.strip()):
        return float(text)
    then = _timestamp(text)
    if then is None:
        return None
    sent = _timestamp(date) if date else None
    return max(0.0, then - (now if sent is None else sent))


def _timestamp(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


class Bucket:
    """The tokens that all calls of a client pay their retries with; safe from many threads. See the module."""

    CAPACITY: Final = 500
    RETRY_COST: Final = 5
    TIMEOUT_COST: Final = 10
    REFUND: Final = 1

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity: Final = capacity
        self._tokens = capacity
        self._lock = Lock()

    @property
    def tokens(self) -> int:
        """How many there are, from 0 to the capacity."""
        return self._tokens

    def take(self, cost: int) -> bool:
        """Pay; False, and nothing is paid, where there are too few."""
        with self._lock:
            if cost > self._tokens:
                return False
            self._tokens -= cost
            return True

    def give_back(self, paid: int) -> None:
        """A call succeeded; what its last retry cost, or 0 for a first attempt."""
        if self._tokens < self.capacity:
            with self._lock:
                self._tokens = min(self.capacity, self._tokens + (paid or self.REFUND))

    def renew_lock(self) -> None:
        """In a forked child, where the thread that held the lock may not exist."""
        self._lock = Lock()


def cost_of(failure: Failure) -> int:
    """What a retry after this failure costs, in tokens."""
    return Bucket.TIMEOUT_COST if failure.trouble in _TIMEOUTS else Bucket.RETRY_COST


__all__ = ["Bucket", "RetryPolicy"]
