"""One call, with its retries and redirects, written once for sync and async.

`Exchange.run` is a flow: it yields what it wants done, a `Send` or a `Pause`, and is sent what became of it. It does no
I/O. The drivers are the two transports of `_transport.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Final, TypeAlias

import httpx
from msgspec import Struct

from comfy_cloud._http.clock import Clock
from comfy_cloud._http.deadlines import Deadline
from comfy_cloud._http.error_bodies import read_error_body
from comfy_cloud._http.events import Counter, Hooks, RequestEvent, ResponseEvent, RetryEvent
from comfy_cloud._http.redirects import Refusal, followed
from comfy_cloud._http.secrets import Mask
from comfy_cloud._http.troubles import Attempted, error_of
from comfy_cloud.errors import ApiError, DecodeError, RedirectError, Sent, is_subscription, located
from comfy_cloud.retries import (
    Bucket,
    Failure,
    GiveUp,
    Nature,
    RetryPolicy,
    Trouble,
    cost_of,
    decide,
    read_retry_after,
)
from comfy_cloud_api.operations import RETRY
from comfy_cloud_api.types import ANSWER_EXTENSION, OPERATION_EXTENSION, Drift, Operation, unlisted

EXCHANGE_EXTENSION: Final = "comfy_cloud_exchange"
"""The key in a response's httpx extensions under which its `Exchange` travels, for errors."""

LIMITS_EXTENSION: Final = "comfy_cloud_limits"
"""The key in a request's httpx extensions under which the `Limits` of this one call travel."""

STREAM_EXTENSION: Final = "comfy_cloud_stream"
"""The key in a request's httpx extensions that says, if true, that the caller reads the body of a success.

with comfy.api.get_httpx_client().stream("GET", url, extensions={STREAM_EXTENSION: True}) as answer:
    for piece in answer.iter_bytes(): ...

Its length is then not bounded, nor the time it takes, and what breaks while it is read is raised by httpx.
"""


class Limits(Struct, frozen=True):
    """What bounds one call beside the client's rules.

    Attributes:
        until: The instant that it has to be done by, on the client's clock; None for no other than the policy's.
        max_body_bytes: The largest body that is taken; None for the client's.
    """

    until: float | None = None
    max_body_bytes: int | None = None


class Rules(Struct, frozen=True):
    """What all calls of a client go by."""

    policy: RetryPolicy
    clock: Clock
    bucket: Bucket
    counter: Counter
    hooks: Hooks
    mask: Mask
    drift: Drift
    max_body_bytes: int
    allow_http: bool
    check_usable: Callable[[], None]


class Send(Struct, frozen=True):
    """Wanted: this request sent, and its answer read completely unless it is a success that the caller streams."""

    request: httpx.Request
    deadline: Deadline
    limit: int
    streamed: bool


class Pause(Struct, frozen=True):
    """Wanted: a wait, in seconds."""

    seconds: float


Wish: TypeAlias = Send | Pause
Running: TypeAlias = Generator[Wish, Attempted | None, httpx.Response]


class Exchange:
    """A call under way.

    Args:
        rules: What it goes by.
        request: What to send, without the key, which the innermost transport adds.
    """

    def __init__(self, rules: Rules, request: httpx.Request) -> None:
        operation = request.extensions.get(OPERATION_EXTENSION)
        self._operation = (
            operation if isinstance(operation, Operation) else unlisted(request.method, request.url.path, retry=RETRY)
        )
        self._rules = rules
        self._request = request
        self._streamed = bool(request.extensions.get(STREAM_EXTENSION))
        self._timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
        self._longest_s = max((seconds or 0.0 for seconds in self._timeouts.values()), default=0.0)
        self._unbounded = not self._timeouts or None in self._timeouts.values()
        self._attempt = 0
        self._paid = 0
        self._gave_up = ""
        self._retry_after_s: float | None = None
        self._slowed = False
        self._began = self._ended = rules.clock.now()
        limits, limit_s = request.extensions.get(LIMITS_EXTENSION, Limits()), rules.policy.deadline_s
        ends = [limits.until, None if limit_s is None else self._began + limit_s]
        self._deadline = Deadline(rules.clock.now, min((end for end in ends if end is not None), default=None))
        self._max_body_bytes: int = limits.max_body_bytes or rules.max_body_bytes

    def run(self) -> Running:
        """Send until there is an answer to hand on; whatever its status, its body is complete.

        Raises:
            ApiError: there is none.
        """
        rules = self._rules
        while True:
            self._attempt += 1
            attempted = yield from self._send_and_follow()
            self._ended = rules.clock.now()
            failure = self._failure(attempted)
            if failure is None:
                rules.bucket.give_back(self._paid)
                return self._handed_on(attempted.response)
            wait_s = self._wait_s(failure)
            if wait_s is None:
                rules.counter.failure()
                return self._given_up(attempted)
            self._tell_of_retry(wait_s, failure)
            yield Pause(wait_s)

    def sent(self) -> Sent:
        """What was sent and how that went, for errors."""
        return Sent(
            operation=self._operation.id,
            method=self._request.method,
            url=self._shown(self._request.url),
            attempts=self._attempt,
            elapsed_s=self._ended - self._began,
            gave_up=self._gave_up,
            retry_after_s=self._retry_after_s,
            retry=self._operation.retry,
            mask=self._rules.mask,
            slowed=self._slowed,
        )

    def _shown(self, url: httpx.URL) -> str:
        return self._rules.mask(str(url.copy_with(userinfo=b"") if url.userinfo else url))

    def _send_and_follow(self) -> Generator[Wish, Attempted | None, Attempted]:
        request, count = self._request, 0
        while True:
            attempted = yield from self._send(request)
            response = attempted.response
            if attempted.trouble or response is None or not response.is_redirect or self._documents(response):
                return attempted
            rules = self._rules
            step = followed(
                request, response, count=count, allow_http=rules.allow_http, replayable=self._nature().replayable
            )
            if isinstance(step, Refusal):
                raise self._refused(response, step)
            if step is None:
                return attempted
            request, count = step, count + 1

    def _documents(self, response: httpx.Response) -> bool:
        """Whether a redirect is an answer that the operation has by its document, and its caller wants to see."""
        return str(response.status_code) in self._operation.replies

    def _send(self, request: httpx.Request) -> Generator[Wish, Attempted | None, Attempted]:
        rules = self._rules
        told = rules.hooks.wants_attempts
        if told:
            event = RequestEvent(self._operation.id, request.method, self._shown(request.url), self._attempt)
            rules.hooks.request(event)
        rules.counter.request()
        self._bound_timeouts(request)
        began = rules.clock.now()
        attempted = yield Send(request, self._deadline, self._max_body_bytes, self._streamed)
        assert attempted is not None
        response = attempted.response
        size = len(response.content) if response is not None and response.is_stream_consumed else 0
        rules.counter.body(size)
        if told:
            self._tell_of_response(request, attempted, rules.clock.now() - began, size)
        return attempted

    def _bound_timeouts(self, request: httpx.Request) -> None:
        """Let no wait reach beyond the deadline; httpx reads the timeouts from the request."""
        remaining = self._deadline.remaining_s
        if remaining is not None and (self._unbounded or remaining < self._longest_s):
            phases = ("connect", "read", "write", "pool")
            bounded = {phase: self._deadline.within(self._timeouts.get(phase)) for phase in phases}
            request.extensions = {**request.extensions, "timeout": bounded}

    def _tell_of_response(self, request: httpx.Request, attempted: Attempted, elapsed_s: float, size: int) -> None:
        response, mask = attempted.response, self._rules.mask
        error = f"{attempted.trouble.value} ({mask(str(attempted.error))})" if attempted.trouble else ""
        self._rules.hooks.response(
            ResponseEvent(
                operation=self._operation.id,
                method=request.method,
                url=self._shown(request.url),
                attempt=self._attempt,
                status=response.status_code if response is not None and not attempted.trouble else None,
                error=error,
                elapsed_s=elapsed_s,
                bytes=size,
            )
        )

    def _tell_of_retry(self, wait_s: float, failure: Failure) -> None:
        self._rules.counter.retry(wait_s)
        url, why = self._shown(self._request.url), self._rules.mask(failure.why)
        event = RetryEvent(self._operation.id, self._request.method, url, self._attempt, wait_s, why)
        self._rules.hooks.retry(event)

    def _failure(self, attempted: Attempted) -> Failure | None:
        """How the attempt failed, or None for an answer to hand on."""
        response = attempted.response
        if attempted.trouble is not None or response is None:
            return Failure(trouble=attempted.trouble)
        if response.is_error:
            return self._error_answer(response)
        if response.is_success and not self._streamed and self._is_cut_off(response):
            return Failure(trouble=Trouble.UNDECODABLE)
        return None

    def _error_answer(self, response: httpx.Response) -> Failure:
        self._slowed = self._slowed or response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        self._count_drift_of_error(response)
        header, date = response.headers.get("retry-after"), response.headers.get("date")
        self._retry_after_s = read_retry_after(header, date, self._rules.clock.wall())
        told = read_error_body(response.content)
        said_when = header is not None and not (
            self._retry_after_s is None and is_subscription(told, self._operation.retry)
        )
        return Failure(None, response.status_code, told.code, said_when, self._retry_after_s)

    def _count_drift_of_error(self, response: httpx.Response) -> None:
        """Whether the API documents this status, and this body for it, where it documents the operation at all."""
        if self._operation.replies:
            with suppress(DecodeError):
                self._operation.read(response, strict=False, drift=self._rules.drift)

    def _is_cut_off(self, response: httpx.Response) -> bool:
        """Read a success as the operation documents it; True where its JSON is broken.

        What is read is left in the answer, so that nothing is decoded twice.

        Raises:
            DecodeError: it is whole, and something else, such as a login page.
        """
        reply = self._operation.reply(response.status_code)
        if reply is None or reply.json is None:
            return False
        try:
            response.extensions[ANSWER_EXTENSION] = self._operation.read(response, drift=self._rules.drift)
        except DecodeError as error:
            if _is_broken_json(response):
                return True
            raise located(self._masked(error, response), self.sent(), response.headers) from None
        return False

    def _masked(self, error: DecodeError, response: httpx.Response) -> DecodeError:
        mask = self._rules.mask
        kind = mask(response.headers.get("content-type", ""))
        return DecodeError(response.status_code, kind, mask.bytes(response.content[:4096]), mask(error.reason))

    def _nature(self) -> Nature:
        replayable = isinstance(self._request.stream, httpx.ByteStream)
        return Nature(self._operation.idempotent, replayable, self._operation.retry)

    def _wait_s(self, failure: Failure) -> float | None:
        """Seconds until the next attempt, which is paid for; None where there is none."""
        verdict = decide(
            self._rules.policy,
            self._nature(),
            failure,
            attempt=self._attempt,
            elapsed_s=self._rules.clock.now() - self._began,
            jitter=self._rules.clock.jitter(),
        )
        if isinstance(verdict, GiveUp):
            self._gave_up = verdict.why
            return None
        cost = cost_of(failure)
        if not self._rules.bucket.take(cost):
            self._gave_up = "and was not tried again, as too many calls have failed"
            return None
        self._paid = cost
        return verdict.seconds

    def _handed_on(self, response: httpx.Response | None) -> httpx.Response:
        assert response is not None
        response.extensions[EXCHANGE_EXTENSION] = self
        response.elapsed = timedelta(seconds=self._ended - self._began)
        return response

    def _given_up(self, attempted: Attempted) -> httpx.Response:
        response = attempted.response
        if attempted.trouble is None and response is not None and response.is_error:
            return self._handed_on(response)
        sent = self.sent()
        raise located(
            self._final_error(attempted, sent), sent, response.headers if response else None
        ) from attempted.error

    def _final_error(self, attempted: Attempted, sent: Sent) -> ApiError:
        response = attempted.response
        if attempted.trouble is None and response is not None:
            reason = f"its JSON is cut off or corrupt{sent.gave_up and f', {sent.gave_up}'}"
            kind = sent.mask(response.headers.get("content-type", ""))
            return DecodeError(response.status_code, kind, sent.mask.bytes(response.content[:4096]), reason)
        policy, limit = self._rules.policy, self._rules.max_body_bytes
        return error_of(attempted, sent, self._request, policy.deadline_s, limit)

    def _refused(self, response: httpx.Response, refusal: Refusal) -> RedirectError:
        self._ended = self._rules.clock.now()
        self._rules.counter.failure()
        where = self._rules.mask(response.headers.get("location", ""))
        message = f"it redirects to {where!r}"
        error = RedirectError(response.status_code, "", message, None, f"which was not followed, {refusal.why}")
        return located(error, self.sent(), response.headers)


def _is_broken_json(response: httpx.Response) -> bool:
    """Whether a body that is said to be JSON, or anything, is none."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and kind != "application/json" and not kind.endswith("+json"):
        return False
    try:
        json.loads(response.content)
    except RecursionError:
        return False
    except ValueError:
        return True
    return False


def sent_of(response: httpx.Response) -> Sent:
    """What was sent and how that went, of an answer that came through a client."""
    exchange = response.extensions.get(EXCHANGE_EXTENSION)
    if isinstance(exchange, Exchange):
        return exchange.sent()
    request = response.request
    return Sent(f"{request.method} {request.url.path}", request.method, str(request.url.copy_with(userinfo=b"")))
