"""Everything the library raises, and which answer becomes which error. Pure.

    ApiError                        the root, from comfy_cloud_api.errors
    ├── ConfigurationError          the client cannot be made like this; also a ValueError
    ├── FilterError                 the API cannot express this query; also a ValueError
    ├── ApiConnectionError          the server was not reached, or the connection broke
    │   └── ApiTimeoutError         it did not answer in time
    ├── StatusError                 it answered, with a status that is no success
    │   └── AuthenticationError     401: the key is missing or not accepted
    ├── DecodeError                 it answered with something the API does not describe
    └── PaginationError             its pages do not add up to a listing

Each message is one sentence that says what to do.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from comfy_cloud_api.errors import ApiError
from comfy_cloud_api.models import ErrorResponse

if TYPE_CHECKING:
    from comfy_cloud_api.types import Response

KEYS_PAGE: Final = "https://platform.comfy.org/profile/api-keys"
_EXCERPT: Final = 200  # characters


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
        return f"The server answered {_status_text(self.status)} ({told})."


class AuthenticationError(StatusError):
    """The API key is missing or not accepted (401)."""

    def __str__(self) -> str:
        return f"The server does not accept the API key ({self.message}); make one at {KEYS_PAGE}."


class DecodeError(ApiError):
    """The server answered a success with a body that the API does not describe, such as a login page."""


class PaginationError(ApiError):
    """The server's pages do not add up to a listing."""


def error_from(response: Response[object]) -> ApiError | None:
    """The error that an answer amounts to, or None for a success."""
    status = int(response.status_code)
    if status < HTTPStatus.BAD_REQUEST:
        return None
    if isinstance(response.parsed, ErrorResponse):
        code, message = response.parsed.code, response.parsed.message
    else:
        code, message = "", response.content[:_EXCERPT].decode(errors="replace")
    kind = AuthenticationError if status == HTTPStatus.UNAUTHORIZED else StatusError
    return kind(status, code, message)


def _status_text(status: int) -> str:
    known = {item.value: item.phrase for item in HTTPStatus}
    return f"{status} {known.get(status, '')}".rstrip()
