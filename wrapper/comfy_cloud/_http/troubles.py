"""What a failed attempt is called, and which error it becomes when no other follows. Pure."""

from __future__ import annotations

import socket
import ssl
from typing import Final

import httpx
from msgspec import Struct

from comfy_cloud._http.bodies import BodyTooLargeError, CorruptBodyError
from comfy_cloud._http.deadlines import Deadline
from comfy_cloud._http.secrets import Mask
from comfy_cloud.errors import ApiConnectionError, ApiError, ApiTimeoutError, DecodeError, ResponseTooLargeError, Sent
from comfy_cloud.retries import Trouble

_PHASES: Final[dict[type[Exception], str]] = {
    httpx.ConnectTimeout: "connect",
    httpx.PoolTimeout: "pool",
    httpx.ReadTimeout: "read",
    httpx.WriteTimeout: "write",
}
NETWORK_ERRORS: Final = (httpx.TransportError, BodyTooLargeError, CorruptBodyError, TimeoutError)
"""What a driver catches; whatever else an attempt raises is a defect and goes through."""


class Attempted(Struct, frozen=True):
    """What became of an attempt: an answer, or a trouble with the error that tells it.

    Attributes:
        response: The answer, complete unless the caller streams; also one whose body could not be taken.
        trouble: What went wrong, if anything.
        error: What was raised, without frames: those would hold the request with its key.
    """

    response: httpx.Response | None = None
    trouble: Trouble | None = None
    error: Exception | None = None


def troubled(error: Exception, response: httpx.Response | None, deadline: Deadline) -> Attempted:
    """The failure that an exception amounts to."""
    trouble = _trouble(error)
    if trouble in (Trouble.TIMED_OUT, Trouble.UNREACHED_IN_TIME) and deadline.all_but_passed:
        trouble = Trouble.LATE
    return Attempted(response, trouble, _without_frames(error))


def _trouble(error: Exception) -> Trouble:
    match error:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return Trouble.UNREACHED_IN_TIME
        case httpx.TimeoutException() | TimeoutError():
            return Trouble.TIMED_OUT
        case httpx.ConnectError() | httpx.ProxyError():
            return Trouble.PERMANENT if _is_lasting(error) else Trouble.UNREACHED
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError() | BodyTooLargeError():
            return Trouble.PERMANENT
        case CorruptBodyError():
            return Trouble.UNDECODABLE
        case _:
            return Trouble.BROKEN


def _is_lasting(error: BaseException | None) -> bool:
    """Whether the reason is a certificate that is not trusted, or a host that does not exist."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        if isinstance(error, socket.gaierror):
            return error.errno == socket.EAI_NONAME
        error = error.__cause__ or error.__context__
    return False


def _without_frames(error: Exception) -> Exception:
    pending: list[BaseException | None] = [error]
    while pending:
        link = pending.pop()
        if link is not None and (link.__traceback__ is not None or link is error):
            link.__traceback__ = None
            pending += [link.__cause__, link.__context__]
    return error


def masked(error: Exception, mask: Mask) -> None:
    """Take the key out of what an error and its causes say, where a server has repeated it."""
    pending: list[BaseException | None] = [error]
    seen = set[int]()
    while pending:
        link = pending.pop()
        if link is not None and id(link) not in seen:
            seen.add(id(link))
            link.args = tuple(mask(part) if isinstance(part, str) else part for part in link.args)
            pending += [link.__cause__, link.__context__]


def error_of(
    attempted: Attempted, sent: Sent, request: httpx.Request, deadline_s: float | None, limit: tuple[str, int]
) -> ApiError:
    """The error that a trouble becomes; its cause is for the caller to set.

    Args:
        attempted: The last attempt.
        sent: How the call went.
        request: What was asked.
        deadline_s: How long the call might take, in seconds.
        limit: The argument that bounds bodies, and how many bytes it allows.
    """
    cause, response = attempted.error, attempted.response
    if isinstance(cause, BodyTooLargeError) and response is not None:
        name, size = limit
        kind = sent.mask(response.headers.get("content-type", ""))
        return ResponseTooLargeError(response.status_code, kind, b"", f"a body of more than {size} bytes", name)
    if isinstance(cause, CorruptBodyError) and response is not None:
        kind, why = sent.mask(response.headers.get("content-type", "")), sent.mask(str(cause))
        return DecodeError(response.status_code, kind, b"", why)
    where = f"{request.url.scheme}://{request.url.netloc.decode('ascii', 'replace').rpartition('@')[2]}"
    why = f", {sent.gave_up}" if sent.gave_up else ""
    if attempted.trouble is Trouble.LATE and deadline_s is not None:
        return ApiTimeoutError(
            f"{where} did not answer completely within the deadline of {deadline_s:g} seconds; try again, or raise "
            f"RetryPolicy(deadline_s=...)."
        )
    if isinstance(cause, httpx.TimeoutException | TimeoutError):
        return ApiTimeoutError(f"{where} {_lateness(cause, request)}{why}; try again, or raise timeout_s.")
    reason = sent.mask(" ".join(str(cause).split())) or type(cause).__name__
    return ApiConnectionError(f"{where} cannot be reached ({reason}){why}; check the base URL and the network.")


def _lateness(cause: Exception, request: httpx.Request) -> str:
    phase = _PHASES.get(type(cause), "read")
    seconds = request.extensions.get("timeout", {}).get(phase)
    within = "in time" if seconds is None else f"within {seconds:g} seconds"
    match phase:
        case "connect":
            return f"was not reached {within}"
        case "pool":
            return f"was not asked, as no connection was free {within}"
        case _:
            return f"did not answer {within}"
