"""Calls that were made ahead, in a thread, and that nobody wants any more: they are not tried again.

A thread cannot be cancelled. So whoever starts a call in one gives it an event, and the wait before another attempt
looks at it now and then. An attempt that is under way ends by itself, within its timeouts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from threading import Event
from typing import Final, TypeVar

from comfy_cloud.errors import ApiConnectionError

T = TypeVar("T")

_LOOK_EVERY_S: Final = 0.25

_unwanted: Final[ContextVar[Event | None]] = ContextVar("comfy_cloud_unwanted", default=None)


def until_unwanted(unwanted: Event, perform: Callable[[], T]) -> T:
    """Perform a call, whose waits end when the event is set. To be run in a context of its own."""
    _unwanted.set(unwanted)
    return perform()


def waits(seconds: float) -> Iterator[float]:
    """A wait in pieces, in seconds: in one, where the call is not one made ahead.

    Raises:
        ApiConnectionError: nobody wants the call any more; nobody sees this.
    """
    unwanted = _unwanted.get()
    if unwanted is None:
        yield seconds
        return
    while seconds > 0 and not unwanted.is_set():
        yield min(seconds, _LOOK_EVERY_S)
        seconds -= _LOOK_EVERY_S
    if unwanted.is_set():
        raise ApiConnectionError("The listing that wanted this page was left.")
