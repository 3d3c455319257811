"""What was asked and what came of it, to assert on. Bounded, and without the key."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from threading import Lock
from time import monotonic
from typing import Literal, TypeAlias, overload

from .exchange import Asked, Pairs

Ended: TypeAlias = Literal["open", "complete", "reset", "closed", "stalled", "left"]
"""How a request ended; see `LoggedRequest.ended`."""

LOGGER = logging.getLogger("comfy_cloud.sandbox.requests")
"""Gets a line at INFO for each request that is answered."""

KEPT = 10_000
"""How many requests a log keeps. The oldest go first."""

REDACTED = "[redacted]"
_SECRET = frozenset({"x-api-key", "authorization", "proxy-authorization", "cookie"})


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request of the log; it does not change any more, the log gets another one in its place."""

    number: int
    """Counted from 1; clearing the log does not start again."""
    at: float
    """When it arrived, in seconds since the sandbox was made, by a clock that does not jump."""
    method: str
    path: str
    """Percent-decoded."""
    query: Pairs
    """Decoded, in order, with repeated keys."""
    headers: Pairs
    """Names in lower case; the values of those that carry keys are "[redacted]"."""
    status: int | None = None
    """Of the answer; None when not even a status line went out, or not yet."""
    bytes: int = 0
    """How many bytes of the body went out, as sent: compressed where it was."""
    sequence: int | None = None
    """The number of the last change of the library that the answer saw; None when there is no answer."""
    faults: tuple[str, ...] = ()
    """The faults that fired, as texts, in the order of their addition."""
    ended: Ended = "open"
    """`complete`; `reset`, `closed` or `stalled` by a fault; `left`: the client was gone before; `open`: not ended."""

    def __str__(self) -> str:
        """One line: `#1 GET /api/assets?limit=5 200 1,234 bytes (reset:10%)`, with what went wrong in brackets."""
        query = "&".join(f"{name}={value}" for name, value in self.query)
        asked = f"{self.method} {self.path}{'?' if query else ''}{query}"
        wrong = "".join(f" ({fault})" for fault in self.faults)
        outcome = f" {self.ended}" if self.ended != "complete" else ""
        line = f"#{self.number} {asked} {self.status or '-'} {self.bytes:,} bytes{outcome}{wrong}"
        return line.encode("unicode_escape").decode() if not line.isprintable() else line

    def asked_for(self, name: str) -> str | None:
        """The first value of a query parameter, or None."""
        return next((value for key, value in self.query if key == name), None)


class RequestLog(Sequence[LoggedRequest]):
    """The requests a sandbox has seen, in the order they arrived: `len(log)`, `log[-1]`, `for one in log`.

    It keeps the last 10,000; `dropped` says how many it has not. A request is in it as soon as it arrives and has its
    outcome before the last byte of the answer is sent, so that a client which has its answer finds it here. The pages
    of the sandbox itself, `/` and `/_sandbox/`, are not logged. Safe to use from several threads.
    """

    def __init__(self, kept: int = KEPT) -> None:
        """Keep the last `kept` requests."""
        self._kept = kept
        self._lock = Lock()
        self._start = monotonic()
        self._numbers = 0
        self._requests: dict[int, LoggedRequest] = {}
        self.dropped = 0

    def arrived(self, asked: Asked, faults: tuple[str, ...]) -> int:
        """Log a request that has just arrived; its number."""
        headers = tuple((name, REDACTED if name in _SECRET else value) for name, value in asked.headers)
        with self._lock:
            self._numbers += 1
            number, at = self._numbers, monotonic() - self._start
            self._requests[number] = LoggedRequest(
                number, at, asked.method, asked.path, asked.query, headers, faults=faults
            )
            if len(self._requests) > self._kept:
                del self._requests[next(iter(self._requests))]
                self.dropped += 1
        return number

    def answered(self, number: int, *, status: int | None, sent: int, sequence: int | None, ended: Ended) -> None:
        """Log the outcome of a request, unless it is not kept any more."""
        with self._lock:
            if (found := self._requests.get(number)) is not None:
                changed = replace(found, status=status, bytes=sent, sequence=sequence, ended=ended)
                self._requests[number] = changed
                LOGGER.info("%s", changed)

    def left(self, number: int) -> None:
        """Log that the client was gone before the answer had ended, unless that was the plan."""
        with self._lock:
            found = self._requests.get(number)
            if found is not None and found.ended in {"open", "complete"}:
                self._requests[number] = replace(found, ended="left")

    def clear(self) -> None:
        """Forget all requests. Numbers and times go on."""
        with self._lock:
            self._requests.clear()
            self.dropped = 0

    def where(
        self, *, path: str | None = None, method: str | None = None, status: int | None = None, fault: str | None = None
    ) -> list[LoggedRequest]:
        """Those that fit all that is given.

        Args:
            path: A pattern for the decoded path, as in `/api/*`.
            method: As in `GET`.
            status: Of the answer.
            fault: A pattern for the text of at least one fault that fired, as in `503*` or `reset*`.
        """
        return [
            one
            for one in self._snapshot()
            if (path is None or fnmatchcase(one.path, path))
            and (method is None or one.method == method)
            and (status is None or one.status == status)
            and (fault is None or any(fnmatchcase(text, fault) for text in one.faults))
        ]

    def __len__(self) -> int:
        return len(self._requests)

    @overload
    def __getitem__(self, index: int) -> LoggedRequest: ...
    @overload
    def __getitem__(self, index: slice) -> list[LoggedRequest]: ...
    def __getitem__(self, index: int | slice) -> LoggedRequest | list[LoggedRequest]:
        return self._snapshot()[index]

    def __iter__(self) -> Iterator[LoggedRequest]:
        return iter(self._snapshot())

    def __repr__(self) -> str:
        return f"<RequestLog of {len(self)} requests, {self.dropped} dropped>"

    def _snapshot(self) -> list[LoggedRequest]:
        with self._lock:
            return list(self._requests.values())
