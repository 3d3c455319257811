"""Work in processes of its own, each forked for one piece of it, two at a time, bounded in time and memory."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple, TypeVar

T = TypeVar("T")

LONGEST_CPU_S: Final = 15
"""Seconds of a processor's time; all vectors together need less than two. What needs more goes on for ever."""
LONGEST_S: Final = 120.0
"""Seconds of any time, for what waits for ever."""
MOST_MEMORY: Final = 2 << 30
"""Bytes of address space."""
ENDLESS: Final = "endless"
"""What is told of a process that went beyond one of them, or ended otherwise without telling anything."""


class _Child(NamedTuple):
    pid: int
    pipe: int
    until: float
    what: Any
    said: list[bytes]


def each(work: Callable[[T], object], pieces: Iterable[T], workers: int) -> Iterator[tuple[T, Any]]:
    """What each piece of work returns, as JSON can hold it, or `ENDLESS`; in the order in which they are done."""
    pending = iter(pieces)
    running: dict[int, _Child] = {}
    while True:
        while len(running) < workers and (piece := next(pending, None)) is not None:
            child = _forked(work, piece)
            running[child.pipe] = child
        if not running:
            return
        for child in _ended(running):
            del running[child.pipe]
            yield child.what, _told(child)


def _forked(work: Callable[[T], object], piece: T) -> _Child:
    reading, writing = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _work(work, piece, writing)
    os.close(writing)
    return _Child(pid, reading, time.monotonic() + LONGEST_S, piece, [])


def _work(work: Callable[[T], object], piece: T, writing: int) -> None:
    """In the child, which ends here."""
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_CPU_S, LONGEST_CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    try:
        os.write(writing, json.dumps(work(piece)).encode())
    finally:
        os._exit(0)


def _ended(running: dict[int, _Child]) -> list[_Child]:
    """Those that have closed their pipe, or have to be ended."""
    ended = []
    for pipe in select.select(list(running), [], [], 1.0)[0]:
        if more := os.read(pipe, 1 << 16):
            running[pipe].said.append(more)
        else:
            ended.append(running[pipe])
    late = [child for child in running.values() if child not in ended and child.until < time.monotonic()]
    for child in late:
        os.kill(child.pid, signal.SIGKILL)
    return ended + late


def _told(child: _Child) -> Any:  # noqa: ANN401 - what the work returned
    os.close(child.pipe)
    os.waitpid(child.pid, 0)
    try:
        return json.loads(b"".join(child.said))
    except ValueError:
        return ENDLESS
