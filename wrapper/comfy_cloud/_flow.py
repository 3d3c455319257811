"""Operations of several steps, written once for sync and async.

A *flow* is a generator. It yields what it wants done, a `Call`, and is sent the answer; it yields an `Emit` to hand a
value to whoever iterates. It does no I/O itself. The two drivers below do, and are the only code that differs between
sync and async.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping
from contextlib import closing
from http import HTTPStatus
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from comfy_cloud import errors
from comfy_cloud._http.exchange import sent_of, slowed
from comfy_cloud_api.errors import ApiError
from comfy_cloud_api.types import Operation, RawResponse

T = TypeVar("T")
V = TypeVar("V")


class Call(Struct, frozen=True, eq=False):
    """Wanted: one request of the API, and the response as the answer, whatever its status.

    Attributes:
        operation: What is asked.
        arguments: With which parameters, by Python name.
        ahead: What will probably be wanted next, in this order; a driver may start it now.
        until: The instant that it has to be done by, on the client's clock; None for no other than its own deadline.
        epoch: Nothing that was asked in one epoch is an answer in another.
    """

    operation: Operation
    arguments: Mapping[str, object]
    ahead: tuple[Call, ...] = ()
    until: float | None = None
    epoch: int = 0

    def asks_as(self, other: Call) -> bool:
        """Whether the other one asks for the same, in the same epoch."""
        same = self.operation is other.operation and self.epoch == other.epoch
        return same and self.arguments == other.arguments


class Emit(Struct, Generic[T], frozen=True):
    """Here is a value for whoever iterates; the answer is None."""

    value: T


Answer: TypeAlias = RawResponse | None
Flow: TypeAlias = Generator[Call | Emit[T], Answer, None]
Step: TypeAlias = Generator[Call, Answer, T]


def answered(wanted: Call, expected: type[T]) -> Step[tuple[T, bool]]:
    """Make one request and return its body, and whether the server said on the way that requests come too fast.

    Raises:
        ApiError: the request failed, or the answer is no success or not an `expected`.
    """
    answer = yield wanted
    assert answer is not None
    succeeded(answer)
    try:
        body = wanted.operation.read(answer).parsed
    except errors.ResponseError as unreadable:
        raise errors.located(unreadable, sent_of(answer), answer.headers) from None
    if not isinstance(body, expected):
        sent_type = answer.headers.get("content-type", "")
        error = errors.DecodeError(answer.status_code, sent_type, answer.content, "it holds no listing")
        raise errors.located(error, sent_of(answer), answer.headers)
    return body, slowed(answer)


def succeeded(answer: RawResponse) -> RawResponse:
    """The same answer, if its status is below 400.

    Raises:
        StatusError: it is not.
    """
    if answer.status_code >= HTTPStatus.BAD_REQUEST and (
        error := errors.status_error(answer.status_code, answer.headers, answer.content, sent_of(answer))
    ):
        raise error
    return answer


def bounded(step: Step[T], until: float | None, epoch: int = 0) -> Step[T]:
    """The same step, all of whose calls have to be done by an instant, if there is one, and are of an epoch."""
    answer: Answer = None
    failure: ApiError | None = None
    while True:
        try:
            wanted = step.throw(failure) if failure else step.send(answer)
        except StopIteration as end:
            result: T = end.value
            return result
        answer = failure = None
        ahead = tuple(replace(call, until=until, epoch=epoch) for call in wanted.ahead)
        try:
            answer = yield replace(wanted, ahead=ahead, until=until, epoch=epoch)
        except ApiError as error:
            failure = error


def collected(flow: Flow[T], take: Callable[[T], V]) -> Step[list[V]]:
    """What `take` makes of everything that a flow emits, as one step of another."""
    emitted: list[V] = []
    answer: Answer = None
    failure: ApiError | None = None
    with closing(flow):
        while (step := _advance(flow, answer, failure)) is not None:
            answer = failure = None
            if isinstance(step, Emit):
                emitted.append(take(step.value))
                continue
            try:
                answer = yield step
            except ApiError as error:
                failure = error
    return emitted


def drive(flow: Flow[T], perform: Callable[[Call], RawResponse]) -> Iterator[T]:
    """Run a flow, blocking; iterates what it emits."""
    answer: Answer = None
    failure: ApiError | None = None
    with closing(flow):
        while (step := _advance(flow, answer, failure)) is not None:
            answer = failure = None
            if isinstance(step, Emit):
                yield step.value
                continue
            try:
                answer = perform(step)
            except ApiError as error:
                failure = error


async def adrive(flow: Flow[T], perform: Callable[[Call], Awaitable[RawResponse]]) -> AsyncIterator[T]:
    """Run a flow, awaiting; iterates what it emits."""
    answer: Answer = None
    failure: ApiError | None = None
    with closing(flow):
        while (step := _advance(flow, answer, failure)) is not None:
            answer = failure = None
            if isinstance(step, Emit):
                yield step.value
                continue
            try:
                answer = await perform(step)
            except ApiError as error:
                failure = error


def _advance(flow: Flow[T], answer: Answer, failure: ApiError | None) -> Call | Emit[T] | None:
    """The flow's next wish, or None at its end; a failed call is raised where the flow asked for it."""
    try:
        return flow.throw(failure) if failure else flow.send(answer)
    except StopIteration:
        return None
