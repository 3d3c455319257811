"""Operations of several steps, written once for sync and async.

A *flow* is a generator. It yields what it wants done, a `Call`, and is sent the answer; it yields an `Emit` to hand a
value to whoever iterates. It does no I/O itself. The two drivers below do, and are the only code that differs between
sync and async.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping
from contextlib import closing
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

from comfy_cloud import errors
from comfy_cloud._exchange import sent_of
from comfy_cloud_api.errors import ApiError
from comfy_cloud_api.types import Operation, RawResponse

T = TypeVar("T")


class Call(Struct, frozen=True):
    """Wanted: one request of the API, and the response as the answer, whatever its status."""

    operation: Operation
    arguments: Mapping[str, object]


class Emit(Struct, Generic[T], frozen=True):
    """Here is a value for whoever iterates; the answer is None."""

    value: T


Answer: TypeAlias = RawResponse | None
Flow: TypeAlias = Generator[Call | Emit[T], Answer, None]
Step: TypeAlias = Generator[Call, Answer, T]


def call(operation: Operation, arguments: Mapping[str, object], expected: type[T]) -> Step[T]:
    """Make one request and return its body.

    Raises:
        ApiError: the request failed, or the answer is no success or not an `expected`.
    """
    answer = yield Call(operation, arguments)
    assert answer is not None
    succeeded(answer)
    try:
        body = operation.read(answer).parsed
    except errors.ResponseError as unreadable:
        raise errors.located(unreadable, sent_of(answer), answer.headers) from None
    if not isinstance(body, expected):
        sent_type = answer.headers.get("content-type", "")
        error = errors.DecodeError(answer.status_code, sent_type, answer.content, "it holds no listing")
        raise errors.located(error, sent_of(answer), answer.headers)
    return body


def succeeded(answer: RawResponse) -> RawResponse:
    """The same answer, if its status is below 400.

    Raises:
        StatusError: it is not.
    """
    if answer.is_error and (
        error := errors.status_error(answer.status_code, answer.headers, answer.content, sent_of(answer))
    ):
        raise error
    return answer


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
