"""Everything the library raises, and which answer becomes which error. Pure.

    ApiError                        the root; this and those marked * are from comfy_cloud_api.errors
    ├── ConfigurationError          the client cannot be made like this; also a ValueError
    ├── FilterError                 the API cannot express this query; also a ValueError
    ├── ApiConnectionError          the server was not reached, or the connection broke
    │   └── ApiTimeoutError         it did not answer in time
    ├── StatusError                 it answered, with a status that is no success
    │   └── AuthenticationError     401: the key is missing or not accepted
    ├── PaginationError             its pages do not add up to a listing
    ├── ResponseError *             it answered with something that cannot be handed on
    │   ├── UnexpectedStatus *      a success or redirect that the API does not document
    │   └── DecodeError *           a success whose body the API does not document, such as a login page
    ├── ParameterError *            an argument that the API does not allow; also a ValueError
    └── ModelError *                data that is not what a model documents; also a ValueError

Each message is one sentence that says what to do.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

from comfy_cloud_api.errors import (
    ApiError,
    DecodeError,
    ModelError,
    ParameterError,
    ResponseError,
    UnexpectedStatus,
    describe_status,
)
from comfy_cloud_api.models import ErrorResponse

KEYS_PAGE: Final = "https://platform.comfy.org/profile/api-keys"
EXCERPT_BYTES: Final = 200


class ConfigurationError(ApiError, ValueError):
    """A client cannot be made from these settings."""


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
        message: The server's words, or the beginning of its answer where that is not the API's error shape.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status, code, message)
        self.status = status
        self.code = code
        self.message = message

    def __str__(self) -> str:
        told = f"{self.code}: {self.message}" if self.code else self.message or "no explanation"
        return f"The server answered {describe_status(self.status)} ({told})."


class AuthenticationError(StatusError):
    """The API key is missing or not accepted (401)."""

    def __str__(self) -> str:
        return f"The server does not accept the API key ({self.message}); make one at {KEYS_PAGE}."


class PaginationError(ApiError):
    """The server's pages do not add up to a listing."""


def error_from(status: int, content: bytes) -> ApiError | None:
    """The error that an answer amounts to, or None for anything below 400."""
    if status < HTTPStatus.BAD_REQUEST:
        return None
    code, message = _told(content)
    kind = AuthenticationError if status == HTTPStatus.UNAUTHORIZED else StatusError
    return kind(status, code, message)


def _told(content: bytes) -> tuple[str, str]:
    """Code and message of the API's error body, or no code and the beginning of any other body."""
    try:
        body = ErrorResponse.from_dict(json.loads(content))
    except (ValueError, TypeError):
        return "", content[:EXCERPT_BYTES].decode(errors="replace")
    return body.code, body.message


__all__ = [
    "ApiConnectionError",
    "ApiError",
    "ApiTimeoutError",
    "AuthenticationError",
    "ConfigurationError",
    "DecodeError",
    "FilterError",
    "ModelError",
    "PaginationError",
    "ParameterError",
    "ResponseError",
    "StatusError",
    "UnexpectedStatus",
]
