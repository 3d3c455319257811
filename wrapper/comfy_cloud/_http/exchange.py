"""One call, with its retries and redirects, written once for sync and async.

`Exchange.run` is a flow: it yields what it wants done, a `Send` or a `Pause`, and is sent what became of it. It does no
I/O. The drivers are the two transports of `retrying.py`.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import httpx
from msgspec.structs import replace

from comfy_cloud._http.bodies import is_broken_json
from comfy_cloud._http.deadlines import SHORTEST_S, Deadline
from comfy_cloud._http.error_bodies import read_error_body
from comfy_cloud._http.redirects import KEY_IN_TARGET, Refusal, followed, origin
from comfy_cloud._http.troubles import Attempted, error_of, masked
from comfy_cloud._http.wishes import LIMITS_EXTENSION, STREAM_EXTENSION, Limits, Pause, Rules, Running, Send, Wish
from comfy_cloud.errors import (
    ApiError,
    CallDeadlineError,
    DecodeError,
    RedirectError,
    Sent,
    is_subscription,
    located,
    status_error,
)
from comfy_cloud.retries import (
    Failure,
    GiveUp,
    Nature,
    Trouble,
    cost_of,
    decide,
    read_retry_after,
)
from comfy_cloud_api.operations import RETRY
from comfy_cloud_api.types import ANSWER_EXTENSION, OPERATION_EXTENSION, Operation, unlisted

EXCHANGE_EXTENSION: Final = "comfy_cloud_exchange"
"""The key in a response's httpx extensions under which its `Exchange` travels, for errors."""


class Exchange:
    """A call under way.

    Args:
        rules: What it goes by.
        request: What to send, without the key, which the innermost transport adds.

    Attributes:
        slowed: Whether an answer on the way was that requests come too fast.
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
        self.slowed = False
        self._began = self._ended = rules.clock.now()
        limits, self._policy, self._late = request.extensions.get(LIMITS_EXTENSION, Limits()), rules.policy, False
        self._is_bounded, end = False, None if (limit_s := self._policy.deadline_s) is None else self._began + limit_s
        if limits.until is not None and (end is None or limits.until < end):
            self._is_bounded, end = True, limits.until
            self._policy = replace(self._policy, deadline_s=max(limits.until - self._began, SHORTEST_S))
        self._deadline = Deadline(rules.clock.now, end)
        self._max_body_bytes: int = limits.max_body_bytes or rules.max_body_bytes
        self._limit_name = "max_bytes" if limits.max_body_bytes else "max_body_bytes"

    def run(self) -> Running:
        """Send until there is an answer to hand on; whatever its status, its body is complete.

        Raises:
            ApiError: there is none, or the client is closed by now.
        """
        rules = self._rules
        while True:
            rules.check_usable()  # each time, as it may have been closed during a wait
            self._attempt += 1
            attempted = yield from self._send_and_follow()
            self._ended = rules.clock.now()
            failure = self._failure(attempted)
            if failure is None:
                rules.bucket.give_back(self._paid)
                return self._handed_on(attempted.response)
            wait_s = self._wait_s(failure)
            if wait_s is None:
                rules.teller.counter.failure()
                return self._given_up(attempted)
            rules.teller.retrying(self._operation.id, self._request, self._attempt, wait_s, failure.why)
            yield Pause(wait_s)

    def sent(self) -> Sent:
        """What was sent and how that went, for errors."""
        return Sent(
            operation=self._operation.id,
            method=self._request.method,
            url=self._rules.teller.shown(self._request.url),
            attempts=self._attempt,
            elapsed_s=self._ended - self._began,
            gave_up=self._gave_up,
            retry_after_s=self._retry_after_s,
            retry=self._operation.retry,
            mask=self._rules.mask,
        )

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
            if isinstance(step, httpx.Request) and rules.teller.gives_key_away(step.url):
                step = KEY_IN_TARGET
            if isinstance(step, Refusal):
                raise self._refused(response, step)
            if step is None:
                return attempted
            request, count = step, count + 1

    def _documents(self, response: httpx.Response) -> bool:
        """Whether a redirect is an answer that the operation has by its document, and its caller wants to see."""
        return str(response.status_code) in self._operation.replies

    def _send(self, request: httpx.Request) -> Generator[Wish, Attempted | None, Attempted]:
        rules, operation = self._rules, self._operation.id
        rules.teller.sending(operation, request, self._attempt)
        self._bound_timeouts(request)
        began = rules.clock.now()
        attempted = yield Send(request, self._deadline, self._max_body_bytes, self._streamed, self._cleaned)
        assert attempted is not None
        if attempted.error is not None:
            masked(attempted.error, rules.mask)
        if attempted.response is not None and origin(request.url) != origin(self._request.url):
            attempted.response.headers.pop("set-cookie", None)  # httpx would take it for the first server's
        rules.teller.ended(operation, request, self._attempt, attempted, rules.clock.now() - began)
        return attempted

    def _cleaned(self, response: httpx.Response, content: bytes) -> bytes:
        """What the caller asked for stays as it came; all else may end in an error, which shows its beginning."""
        mask, wanted = self._rules.mask, self._operation.replies
        mask.headers(response.headers)
        if response.is_success and (not wanted or self._operation.reply(response.status_code) is not None):
            return content
        return mask.bytes(content)

    def _bound_timeouts(self, request: httpx.Request) -> None:
        """Let no wait reach beyond the deadline; httpx reads the timeouts from the request."""
        remaining = self._deadline.remaining_s
        if remaining is not None and (self._unbounded or remaining < self._longest_s):
            phases = ("connect", "read", "write", "pool")
            bounded = {phase: self._deadline.within(self._timeouts.get(phase)) for phase in phases}
            request.extensions = {**request.extensions, "timeout": bounded}

    def _failure(self, attempted: Attempted) -> Failure | None:
        """How the attempt failed, or None for an answer to hand on."""
        response = attempted.response
        if attempted.trouble is not None or response is None:
            return Failure(trouble=attempted.trouble)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            return self._error_answer(response)
        if response.is_success and not self._streamed and self._is_cut_off(response):
            return Failure(trouble=Trouble.UNDECODABLE)
        return None

    def _error_answer(self, response: httpx.Response) -> Failure:
        self.slowed = self.slowed or response.status_code == HTTPStatus.TOO_MANY_REQUESTS
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
            if is_broken_json(response.headers.get("content-type", ""), response.content):
                return True
            unreadable = self._masked(error, response)
        else:
            return False
        raise located(unreadable, self.sent(), response.headers)  # out here, so that it has no context with the body

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
            self._policy,
            self._nature(),
            failure,
            attempt=self._attempt,
            elapsed_s=self._rules.clock.now() - self._began,
            jitter=self._rules.clock.jitter(),
        )
        if isinstance(verdict, GiveUp):
            self._gave_up, self._late = verdict.why, verdict.late
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
        response, sent = attempted.response, self.sent()
        if self._is_bounded and (self._late or attempted.trouble is Trouble.LATE):
            raise located(CallDeadlineError(self._too_late(attempted)), sent) from attempted.error
        if attempted.trouble is None and response is not None and response.status_code >= HTTPStatus.BAD_REQUEST:
            return self._handed_on(response)
        raise located(
            self._final_error(attempted, sent), sent, response.headers if response else None
        ) from attempted.error

    def _too_late(self, attempted: Attempted) -> str:
        """Why the caller's own deadline is not met, as a sentence."""
        sent, response = self.sent(), attempted.response
        if attempted.trouble is None and response is not None:
            error = status_error(response.status_code, response.headers, response.content, sent)
            if error is not None:
                return str(error)
        why = f", {sent.gave_up}" if sent.gave_up else ""
        return f"The call was not done by its deadline{why}; try again, or allow more time."

    def _final_error(self, attempted: Attempted, sent: Sent) -> ApiError:
        response = attempted.response
        if attempted.trouble is None and response is not None:
            reason = f"its JSON is cut off or corrupt{sent.gave_up and f', {sent.gave_up}'}"
            kind = sent.mask(response.headers.get("content-type", ""))
            return DecodeError(response.status_code, kind, sent.mask.bytes(response.content[:4096]), reason)
        limit = self._limit_name, self._max_body_bytes
        return error_of(attempted, sent, self._request, self._policy.deadline_s, limit)

    def _refused(self, response: httpx.Response, refusal: Refusal) -> RedirectError:
        self._ended = self._rules.clock.now()
        self._rules.teller.counter.failure()
        where = self._rules.mask(response.headers.get("location", ""))
        message = f"it redirects to {where!r}"
        error = RedirectError(response.status_code, "", message, None, f"which was not followed, {refusal.why}")
        return located(error, self.sent(), response.headers)


def sent_of(response: httpx.Response) -> Sent:
    """What was sent and how that went, of an answer that came through a client."""
    exchange = response.extensions.get(EXCHANGE_EXTENSION)
    if isinstance(exchange, Exchange):
        return exchange.sent()
    request = response.request
    return Sent(f"{request.method} {request.url.path}", request.method, str(request.url.copy_with(userinfo=b"")))


def slowed(response: httpx.Response) -> bool:
    """Whether a server said, before it gave this answer, that requests come too fast."""
    exchange = response.extensions.get(EXCHANGE_EXTENSION)
    return isinstance(exchange, Exchange) and exchange.slowed
