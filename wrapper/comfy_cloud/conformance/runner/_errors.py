"""What an error of this library is in the words of the vectors. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from comfy_cloud import (
    ApiConnectionError,
    ApiError,
    ApiTimeoutError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    DecodeError,
    FilterError,
    FilterIgnoredError,
    NotFoundError,
    PaginationError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    ServerError,
    StatusError,
    SubscriptionInactiveError,
)

KINDS: Final[Mapping[type[ApiError], str]] = {
    ApiConnectionError: "connection",
    ApiTimeoutError: "timeout",
    AuthenticationError: "authentication",
    BadRequestError: "bad_request",
    ConfigurationError: "configuration",
    ConflictError: "conflict",
    DecodeError: "decode",
    FilterError: "filter",
    FilterIgnoredError: "filter_ignored",
    NotFoundError: "not_found",
    PaginationError: "pagination",
    PermissionDeniedError: "permission_denied",
    RateLimitError: "rate_limit",
    RedirectError: "redirect",
    ServerError: "server",
    StatusError: "status",
    SubscriptionInactiveError: "subscription_inactive",
}

_REASONS: Final = {
    "commas separate its tags": "comma_in_tag",
    r"knows `\|` only between values": "alternatives",
    "is both required and excluded": "contradiction",
    "one text only": "several_names",
    "one condition for a metadata key": "several_values",
    "names at most": "too_many_tags",
    "fits into a request line": "too_long",
    "at least one character|refuses a blank one": "empty",
    "without NUL": "nul",
    "half of a surrogate pair": "surrogate",
    "one value, not a list": "list",
    "The API cannot ask for": "not_expressible",
}
"""Words of a refusal, and what the vectors call that reason; the first that is found counts."""


def kind(error: ApiError) -> str:
    """The name of an error's kind."""
    return KINDS.get(type(error), type(error).__name__)


def told(error: ApiError) -> dict[str, Any]:
    """An error with all that the vectors compare."""
    seen = {name: getattr(error, name, None) for name in ("status", "code", "message", "details", "retry_after")}
    return {"kind": kind(error), **seen}


def reason(error: ApiError) -> str:
    """Why something is refused, by the words of the refusal."""
    return next((name for words, name in _REASONS.items() if re.search(words, str(error))), str(error))
