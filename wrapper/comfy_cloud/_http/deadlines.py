"""A deadline that holds while the network is waited for, in blocking code too.

httpx bounds each read, so a server that sends a byte now and then is never late. In asyncio the whole attempt can be
cut off. Blocking, the deadline is checked after each piece of a body, and httpx's own transport is made to ask it
before each read: `bound` wraps what its sockets are opened with. That is httpx's inside; where it has moved, `bound`
does nothing, and a slow drip of *headers* is then bounded by nothing but their size (a test watches over this).
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Final

import httpx

SHORTEST_S: Final = 0.001  # 0 would mean "do not wait"
_EARLY_S: Final = 0.005


class Deadline:
    """An instant that a call has to be done by; without one, there is always time.

    Args:
        now: The clock.
        at: The instant, on that clock; None for never.
    """

    __slots__ = ("_now", "at")

    def __init__(self, now: Callable[[], float], at: float | None) -> None:
        self._now = now
        self.at: Final = at

    @property
    def remaining_s(self) -> float | None:
        """Seconds left, 0 or less when it has passed; None for ever."""
        return None if self.at is None else self.at - self._now()

    @property
    def passed(self) -> bool:
        """Whether it is too late."""
        return self.at is not None and self._now() >= self.at

    @property
    def all_but_passed(self) -> bool:
        """Whether a wait that was cut off now was cut off by it; timers may be early by a little."""
        return self.at is not None and self.at - self._now() <= _EARLY_S

    def within(self, timeout: float | None) -> float | None:
        """A timeout that does not reach beyond the deadline."""
        remaining = self.remaining_s
        if remaining is None:
            return timeout
        return max(SHORTEST_S, remaining if timeout is None else min(timeout, remaining))


class _Current(threading.local):
    deadline: Deadline | None = None


_current: Final = _Current()


@contextmanager
def applied(deadline: Deadline) -> Generator[None]:
    """Within the block, what this thread reads through a bound transport is bounded by the deadline."""
    before, _current.deadline = _current.deadline, deadline
    try:
        yield
    finally:
        _current.deadline = before


def bound(transport: httpx.HTTPTransport) -> httpx.HTTPTransport:
    """The same transport, which from now on asks the thread's deadline before it waits."""
    pool: Any = getattr(transport, "_pool", None)
    backend = getattr(pool, "_network_backend", None)
    if backend is not None and not isinstance(backend, _Backend):
        pool._network_backend = _Backend(backend)  # noqa: SLF001 - see the module
    return transport


class _Delegating:
    def __init__(self, inner: Any) -> None:  # noqa: ANN401 - httpcore's, which is not ours to depend on
        self._inner = inner

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the same
        return getattr(self._inner, name)


class _Backend(_Delegating):
    """Opens connections whose waits are bounded."""

    def connect_tcp(self, *args: Any, timeout: float | None = None, **options: Any) -> _Stream:  # noqa: ANN401 - the same
        return _Stream(self._inner.connect_tcp(*args, timeout=_within(timeout), **options))

    def connect_unix_socket(self, *args: Any, timeout: float | None = None, **options: Any) -> _Stream:  # noqa: ANN401 - the same
        return _Stream(self._inner.connect_unix_socket(*args, timeout=_within(timeout), **options))


class _Stream(_Delegating):
    """A connection whose waits are bounded."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data: bytes = self._inner.read(max_bytes, timeout=_within(timeout))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout=_within(timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> _Stream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _within(timeout)))


def _within(timeout: float | None) -> float | None:
    deadline = _current.deadline
    return timeout if deadline is None else deadline.within(timeout)
