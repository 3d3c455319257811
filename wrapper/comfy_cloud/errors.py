"""Everything the library raises, and which answer becomes which error. Pure.

    ApiError                            the root; this and those marked * are from comfy_cloud_api.errors
    ├── ConfigurationError              the client cannot be made, or used, like this; also a ValueError
    ├── FilterError                     the API cannot express this query; also a ValueError
    ├── ApiConnectionError              the server was not reached, or the connection broke
    │   └── ApiTimeoutError             it did not answer in time
    │       └── WalkDeadlineError       a whole listing took longer than its deadline
    ├── StatusError                     it answered, with a status that is no success
    │   ├── RedirectError               3xx: it points to where nothing is sent
    │   ├── BadRequestError             400, 422: it does not understand the request
    │   ├── AuthenticationError         401: the key is missing or not accepted
    │   ├── PermissionDeniedError       403: the key may not do this
    │   ├── NotFoundError               404, 410: there is no such thing
    │   ├── ConflictError               409, 412: it is not as the request assumes
    │   ├── RateLimitError              429: too many requests
    │   ├── SubscriptionInactiveError   429 too, by its words: the account's subscription is not active
    │   └── ServerError                 500 and above: the server failed
    ├── FilterIgnoredError              it answered with what was not asked for
    ├── PaginationError                 its pages do not add up to a listing
    ├── ResultError                     a query has not exactly one result; also a LookupError
    ├── ResponseError *                 it answered with something that cannot be handed on
    │   ├── UnexpectedStatus *          a success or redirect that the API does not document
    │   ├── DecodeError *               a success whose body the API does not document, such as a login page
    │   └── ResponseTooLargeError       a body of more than max_body_bytes
    ├── ParameterError *                an argument that the API does not allow; also a ValueError
    └── ModelError *                    data that is not what a model documents; also a ValueError

Each message is one sentence that says what to do. What a bug report needs stands in the attributes of `ApiError`.
Errors can be pickled, and hold no key: it is masked where a server repeats it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, TypeVar

from msgspec import Struct, field

from comfy_cloud._http.error_bodies import EXCERPT_CHARACTERS, Told, printable, read_error_body
from comfy_cloud._http.secrets import Mask
from comfy_cloud_api.errors import (
    ApiError,
    DecodeError,
    ModelError,
    ParameterError,
    ResponseError,
    UnexpectedStatus,
    describe_status,
)
from comfy_cloud_api.types import Retry

E = TypeVar("E", bound=ApiError)

KEYS_PAGE: Final = "https://platform.comfy.org/profile/api-keys"
_REQUEST_IDS: Final = ("x-request-id", "request-id", "x-correlation-id", "cf-ray")


class ConfigurationError(ApiError, ValueError):
    """A client cannot be made from these settings, or cannot be used in this way."""


class FilterError(ApiError, ValueError):
    """A query asks for what the API cannot express."""


class ApiConnectionError(ApiError):
    """The server was not reached, or the connection broke before the answer was complete."""


class ApiTimeoutError(ApiConnectionError):
    """The server did not answer in time."""


class StatusError(ApiError):
    """The server answered with a status that is no success.

    Attributes:
        status: The HTTP status.
        code: The server's code for what went wrong, empty where it sent none.
        message: The server's words, or the beginning of its answer where that is none of the known shapes.
        details: What the server says beside, as JSON; None where it sent nothing.
        gave_up: Why it was not tried again, where that does not go without saying.
        advice: What to do, as `str(error)` says it.
    """

    advice: str = "look at the server's words"

    def __init__(
        self, status: int, code: str = "", message: str = "", details: object = None, gave_up: str = ""
    ) -> None:
        super().__init__(status, code, message, details, gave_up)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.gave_up = gave_up

    def __str__(self) -> str:
        told = " ".join(f"{self.code}: {self.message}".split()) if self.code else " ".join(self.message.split())
        told = printable(told)[:EXCERPT_CHARACTERS].rstrip(".: ") or "no explanation"
        why = f", {self.gave_up}" if self.gave_up else ""
        return f"The server answered {describe_status(self.status)} ({told}){why}; {self.advice}."


class RedirectError(StatusError):
    """The server points to where nothing is sent: to plain http, in circles, or nowhere (3xx)."""

    advice = "check the base URL"


class BadRequestError(StatusError):
    """The server does not understand the request (400, 422)."""

    advice = "change the request"


class AuthenticationError(StatusError):
    """The API key is missing or not accepted (401)."""

    advice = f"make an API key at {KEYS_PAGE}"

    def __str__(self) -> str:
        told = printable(" ".join(self.message.split()))[:EXCERPT_CHARACTERS].rstrip(".") or "it does not say why"
        return f"The server does not accept the API key ({told}); make one at {KEYS_PAGE}."


class PermissionDeniedError(StatusError):
    """The key may not do this (403)."""

    advice = "use the key of an account that may do this"


class NotFoundError(StatusError):
    """There is no such thing (404), or no longer (410)."""

    advice = "check the id, or the base URL"


class ConflictError(StatusError):
    """What is there is not as the request assumes (409, 412)."""

    advice = "look at what is there now, and try again"


class RateLimitError(StatusError):
    """Too many requests (429).

    Attributes:
        retry_after: How long the server asks to wait, in seconds; None where it does not say.
    """

    advice = "ask less often"
    retry_after: float | None = None


class SubscriptionInactiveError(StatusError):
    """The account's subscription is not active (429, as documented), which waiting does not mend."""

    advice = "renew the subscription"


class ServerError(StatusError):
    """The server failed (500 and above)."""

    advice = "try again later"


class FilterIgnoredError(ApiError):
    """The server answered with what was not asked for: servers ignore filters that they do not know."""


class PaginationError(ApiError):
    """The server's pages do not add up to a listing.

    Attributes:
        token: Where the listing can be taken up again, if it can.
    """

    token: str | None = None

    def __init__(self, message: str, token: str | None = None) -> None:
        super().__init__(message)
        self.token = token


class CallDeadlineError(ApiTimeoutError):
    """One call of a walk cannot be done by the walk's deadline; the walk makes a `WalkDeadlineError` of it."""


class WalkDeadlineError(ApiTimeoutError):
    """A walk over a listing took longer than its deadline; what was handed out until then stands.

    Attributes:
        token: Where the listing can be taken up again.
    """

    def __init__(self, deadline_s: float, token: str) -> None:
        super().__init__(deadline_s, token)
        self.deadline_s = deadline_s
        self.token = token

    def __str__(self) -> str:
        return f"The listing was not at its end after {self.deadline_s:g} seconds; resume it from this error's token."


class ResultError(ApiError, LookupError):
    """A query that needs exactly one result has none, or several."""


class ResponseTooLargeError(ResponseError):
    """A body is larger than what is taken.

    Attributes:
        limit: The name of the argument that bounds it.
    """

    def __init__(
        self, status: int, content_type: str, content: bytes, reason: str = "", limit: str = "max_body_bytes"
    ) -> None:
        super().__init__(status, content_type, content, reason)
        self.args = (*self.args, limit)
        self.limit = limit

    def __str__(self) -> str:
        return f"{self._answer()} with {self.reason}; raise {self.limit} if that is what you want."


_BY_STATUS: Final[Mapping[int, type[StatusError]]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    410: NotFoundError,
    412: ConflictError,
    422: BadRequestError,
    429: RateLimitError,
}


class Sent(Struct, frozen=True):
    """What was sent and how that went, for errors.

    Attributes:
        operation: The spec's operationId.
        method: In capitals.
        url: Without secrets.
        attempts: How often it was sent.
        elapsed_s: Seconds since the first attempt began.
        gave_up: Why it was not sent again, empty where that goes without saying.
        retry_after_s: How long the server asks to wait, in seconds.
        retry: What the API says of retries.
        mask: Takes the key out of what the server says.
    """

    operation: str
    method: str
    url: str
    attempts: int = 1
    elapsed_s: float = 0.0
    gave_up: str = ""
    retry_after_s: float | None = None
    retry: Retry | None = None
    mask: Mask = field(default_factory=Mask)


def located(error: E, sent: Sent, headers: Mapping[str, str] | None = None) -> E:
    """The same error, with what a bug report needs."""
    error.operation, error.method, error.url = sent.operation, sent.method, sent.url
    error.attempts, error.elapsed_s = sent.attempts, sent.elapsed_s
    for name in _REQUEST_IDS if headers is not None else ():
        if headers is not None and (found := headers.get(name)):
            error.request_id = sent.mask(found)
            break
    return error


def status_error(status: int, headers: Mapping[str, str], content: bytes, sent: Sent) -> StatusError | None:
    """The error that an answer amounts to, or None for anything below 400."""
    if status < HTTPStatus.BAD_REQUEST:
        return None
    told = read_error_body(content)
    kind = _kind(status, told, sent)
    error = kind(status, sent.mask(told.code), sent.mask(told.message), _masked(told.details, sent.mask), sent.gave_up)
    if isinstance(error, RateLimitError) and sent.retry_after_s is not None:
        error.retry_after = sent.retry_after_s
        error.advice = f"try again in {sent.retry_after_s:g} s"
    elif sent.retry is not None and told.code in sent.retry.permanent_codes:
        error.advice = "that lasts until the server's operator changes it"
    return located(error, sent, headers)


def _kind(status: int, told: Told, sent: Sent) -> type[StatusError]:
    conditional = sent.retry is not None and status in sent.retry.retry_after_statuses
    if conditional and sent.retry_after_s is None and is_subscription(told, sent.retry):
        return SubscriptionInactiveError
    server = ServerError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else StatusError
    return _BY_STATUS.get(status, server)


def is_subscription(told: Told, retry: Retry | None) -> bool:
    """Whether an error's words say that the subscription is not active."""
    words = f"{told.code} {told.message}".lower()
    return (
        retry is not None and bool(retry.subscription_words) and all(item in words for item in retry.subscription_words)
    )


def _masked(details: object, mask: Mask) -> object:
    """JSON without the key; None where it is nested too deeply to be shown, or pickled."""
    try:
        text = json.dumps(details, ensure_ascii=False)
        return json.loads(mask(text)) if mask(text) != text else details
    except (ValueError, RecursionError):
        return None


__all__ = [
    "ApiConnectionError",
    "ApiError",
    "ApiTimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "DecodeError",
    "FilterError",
    "FilterIgnoredError",
    "ModelError",
    "NotFoundError",
    "PaginationError",
    "ParameterError",
    "PermissionDeniedError",
    "RateLimitError",
    "RedirectError",
    "ResponseError",
    "ResponseTooLargeError",
    "ResultError",
    "ServerError",
    "StatusError",
    "SubscriptionInactiveError",
    "UnexpectedStatus",
    "WalkDeadlineError",
]
