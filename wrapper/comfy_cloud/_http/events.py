"""What a client says of its work: events for hooks, lines for `logging`, and counts. No event holds a key or a body."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from threading import Lock
from typing import Final, TypeAlias

from msgspec import Struct

from comfy_cloud.errors import ConfigurationError

LOG_VARIABLE: Final = "COMFY_CLOUD_LOG"
_LEVELS: Final = ("debug", "info", "warning", "error")

logger: Final = logging.getLogger("comfy_cloud")
logger.addHandler(logging.NullHandler())


class RequestEvent(Struct, frozen=True):
    """A request is about to be sent.

    Attributes:
        operation: The spec's operationId, or method and path.
        method: In capitals.
        url: Without secrets.
        attempt: Which attempt of the call this is, the first being 1.
    """

    operation: str
    method: str
    url: str
    attempt: int


class ResponseEvent(Struct, frozen=True):
    """An attempt has ended.

    Attributes:
        operation: The spec's operationId, or method and path.
        method: In capitals.
        url: Where the answer came from, after redirects; without secrets.
        attempt: Which attempt of the call this was, the first being 1.
        status: The answer's status; None where none came.
        error: What went wrong, where no complete answer came; else empty.
        elapsed_s: Seconds this attempt took.
        bytes: The length of the answer's body, decompressed.
    """

    operation: str
    method: str
    url: str
    attempt: int
    status: int | None
    error: str
    elapsed_s: float
    bytes: int


class RetryEvent(Struct, frozen=True):
    """A call is about to be tried again, after a wait.

    Attributes:
        operation: The spec's operationId, or method and path.
        method: In capitals.
        url: Without secrets.
        attempt: Which attempt has failed, the first being 1.
        wait_s: Seconds until the next.
        why: How it failed.
    """

    operation: str
    method: str
    url: str
    attempt: int
    wait_s: float
    why: str


RequestHook: TypeAlias = Callable[[RequestEvent], None]
ResponseHook: TypeAlias = Callable[[ResponseEvent], None]
RetryHook: TypeAlias = Callable[[RetryEvent], None]


class Hooks(Struct, frozen=True):
    """Functions to call; what they raise ends the call. In an async client too they are plain, and must not block."""

    on_request: RequestHook | None = None
    on_response: ResponseHook | None = None
    on_retry: RetryHook | None = None

    @property
    def wants_attempts(self) -> bool:
        """Whether anybody listens to requests and responses, so that events are worth making."""
        return self.on_request is not None or self.on_response is not None or logger.isEnabledFor(logging.DEBUG)

    def request(self, event: RequestEvent) -> None:
        """Tell of a request."""
        logger.debug("%s: %s %s, attempt %d", event.operation, event.method, event.url, event.attempt)
        if self.on_request:
            self.on_request(event)

    def response(self, event: ResponseEvent) -> None:
        """Tell of an attempt's end."""
        said = f"status {event.status}, {event.bytes} bytes" if event.status is not None else event.error
        logger.debug("%s: %s after %.3f s, attempt %d", event.operation, said, event.elapsed_s, event.attempt)
        if self.on_response:
            self.on_response(event)

    def retry(self, event: RetryEvent) -> None:
        """Tell of a retry."""
        logger.info(
            "%s: attempt %d failed (%s); next in %.3f s", event.operation, event.attempt, event.why, event.wait_s
        )
        if self.on_retry:
            self.on_retry(event)


class Stats(Struct, frozen=True):
    """What a client has done so far, together with those made of it by `with_options`.

    Attributes:
        requests: Attempts, the first ones and the retries; redirects that were followed count too.
        retries: Attempts after the first.
        failures: Calls that ended without a success.
        bytes: Length of the bodies that were received, decompressed.
        wait_s: Seconds waited between attempts.
    """

    requests: int = 0
    retries: int = 0
    failures: int = 0
    bytes: int = 0
    wait_s: float = 0.0


class Counter:
    """Counts for `Stats`; safe from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests = self._retries = self._failures = self._bytes = 0
        self._wait_s = 0.0

    def request(self) -> None:
        """A request is sent."""
        with self._lock:
            self._requests += 1

    def body(self, length: int) -> None:
        """A body has come."""
        with self._lock:
            self._bytes += length

    def retry(self, wait_s: float) -> None:
        """A call is tried again."""
        with self._lock:
            self._retries += 1
            self._wait_s += wait_s

    def failure(self) -> None:
        """A call has failed."""
        with self._lock:
            self._failures += 1

    def stats(self) -> Stats:
        """The counts, at one instant."""
        with self._lock:
            return Stats(self._requests, self._retries, self._failures, self._bytes, self._wait_s)

    def renew_lock(self) -> None:
        """In a forked child, where the thread that held the lock may not exist."""
        self._lock = Lock()


def log_as_told() -> None:
    """Log to stderr where COMFY_CLOUD_LOG says so, for a quick look; without it, `logging` is the program's business.

    Raises:
        ConfigurationError: it holds no level.
    """
    level = os.environ.get(LOG_VARIABLE, "").strip().lower()
    if not level:
        return
    if level not in _LEVELS:
        raise ConfigurationError(f"{LOG_VARIABLE} is {level!r}, but it takes {', '.join(_LEVELS)}.")
    logger.setLevel(level.upper())
    if not any(handler.name == LOG_VARIABLE for handler in logger.handlers):
        logger.addHandler(_to_stderr())


def _to_stderr() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.name = LOG_VARIABLE
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    return handler
