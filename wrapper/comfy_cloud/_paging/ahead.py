"""Calls that are started before they are wanted, so that the network's latency is waited out once and not per page.

A flow that knows what it will probably want next says so in `Call.ahead`. The two classes here start those calls, in
threads or in asyncio tasks, and hand each its answer when the flow comes to want it. What is no longer foretold is
dropped. So an answer, or an error, surfaces where it belongs, whatever came back first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextvars import copy_context
from functools import partial
from threading import Event
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from msgspec import Struct

from comfy_cloud._flow import Call
from comfy_cloud._http.unwanted import until_unwanted
from comfy_cloud_api.types import RawResponse

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future, ThreadPoolExecutor

F = TypeVar("F")


class _InThread(Struct, frozen=True):
    """A call that was started in a thread, and what tells that nobody wants it any more."""

    answer: Future[RawResponse]
    unwanted: Event

    def drop(self) -> None:
        """It does not begin, or its attempt under way is the last."""
        self.unwanted.set()
        self.answer.cancel()


class CallsAhead:
    """Performs calls, blocking, and those foretold meanwhile in threads of a pool.

    As a context manager it drops what is left at the end: what has not begun does not begin, and an attempt that is
    under way ends by itself, within its timeouts, and is the last. Whoever owns the pool can wait for it.

    Args:
        perform: Makes one call; safe to use from several threads.
        pool: Gives the pool of threads; not called where nothing is foretold.
    """

    def __init__(self, perform: Callable[[Call], RawResponse], pool: Callable[[], ThreadPoolExecutor]) -> None:
        self._perform, self._pool = perform, pool
        self._started: list[tuple[Call, _InThread]] = []

    def perform(self, call: Call) -> RawResponse:
        """The answer to a call, perhaps one that was started before.

        Raises:
            ApiError: the call failed, now or before.
        """
        if self._started:
            self._started, dropped = _split(self._started, call)
            for unwanted in dropped:
                unwanted.drop()
        if not self._started and not call.ahead:
            return self._perform(call)
        for wanted in _missing(self._started, call):
            self._started.append((wanted, self._start(wanted)))
        under_way = _take(self._started, call)
        try:
            return under_way.answer.result()
        except BaseException:  # such as a KeyboardInterrupt
            under_way.drop()
            raise

    def _start(self, wanted: Call) -> _InThread:
        unwanted = Event()
        context, perform = copy_context(), partial(self._perform, wanted)
        return _InThread(self._pool().submit(lambda: context.run(until_unwanted, unwanted, perform)), unwanted)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, under_way in self._started:
            under_way.drop()


class AsyncCallsAhead:
    """`CallsAhead`, awaiting: what is dropped, or left at the end, is cancelled and awaited.

    Args:
        perform: Makes one call.
        tasks: Holds the tasks that are under way. A loop that is left early may leave its iterator to the event loop,
            which closes it later; so whoever closes the client cancels these.
    """

    def __init__(
        self, perform: Callable[[Call], Awaitable[RawResponse]], tasks: set[asyncio.Future[RawResponse]]
    ) -> None:
        self._perform, self._tasks = perform, tasks
        self._started: list[tuple[Call, asyncio.Future[RawResponse]]] = []

    async def perform(self, call: Call) -> RawResponse:
        """See `CallsAhead.perform`."""
        if self._started:
            self._started, dropped = _split(self._started, call)
            await cancelled(dropped)
        if not self._started and not call.ahead:
            return await self._perform(call)
        from asyncio import CancelledError, sleep  # noqa: PLC0415 - blocking programs need not load it, and it takes as long as the rest

        for wanted in _missing(self._started, call):
            self._start(wanted)
        task = _take(self._started, call)
        try:
            await sleep(0)  # or else, where the answer is there already, the others would not even begin
            return await task
        except CancelledError:
            await cancelled([task])
            raise

    def _start(self, wanted: Call) -> None:
        from asyncio import ensure_future  # noqa: PLC0415 - blocking programs need not load it, and it takes as long as the rest

        task = ensure_future(self._perform(wanted))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._started.append((wanted, task))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await cancelled([task for _, task in self._started])


def _split(started: list[tuple[Call, F]], call: Call) -> tuple[list[tuple[Call, F]], list[F]]:
    """What was started and is still foretold, and what is not."""
    wanted = (call, *call.ahead)
    kept = [item for item in started if _is_in(item[0], wanted)]
    return kept, [item[1] for item in started if not _is_in(item[0], wanted)]


def _missing(started: list[tuple[Call, F]], call: Call) -> list[Call]:
    known = [item[0] for item in started]
    return [wanted for wanted in (call, *call.ahead) if not _is_in(wanted, known)]


def _take(started: list[tuple[Call, F]], call: Call) -> F:
    index = next(index for index, item in enumerate(started) if item[0].asks_as(call))
    return started.pop(index)[1]


def _is_in(call: Call, calls: Sequence[Call]) -> bool:
    return any(call.asks_as(other) for other in calls)


async def cancelled(tasks: Iterable[asyncio.Future[RawResponse]]) -> None:
    """Cancel tasks, and wait for their end."""
    tasks = list(tasks)
    if not tasks:
        return
    from asyncio import gather  # noqa: PLC0415 - blocking programs need not load it, and it takes as long as the rest

    for task in tasks:
        task.cancel()
    await gather(*tasks, return_exceptions=True)
