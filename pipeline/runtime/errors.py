"""The errors of this package: one tree, which packages built on it extend.

    ApiError
    ├── ParameterError        an argument that the API does not allow; also a ValueError
    ├── ModelError            data that is not what a model documents; also a ValueError
    └── ResponseError         an answer that cannot be handed on
        ├── UnexpectedStatus  its status is not one that the API documents
        └── DecodeError       its body is not what the API documents

Each message is one sentence; none repeats a header, so none holds a key.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

EXCERPT_BYTES: Final = 200
"""How much of a body an error shows."""


class ApiError(Exception):
    """The root: whatever goes wrong in this package, or in one built on it, is one of these.

    What a report of a bug needs is set where it is known, and None elsewhere. It is pickled with the error.

    Attributes:
        operation: The spec's operationId.
        method: In capitals.
        url: Where the request went, without secrets.
        request_id: What the server calls this request.
        attempts: How often it was sent.
        elapsed_s: Seconds from the first attempt to the error.
    """

    operation: str | None = None
    method: str | None = None
    url: str | None = None
    request_id: str | None = None
    attempts: int | None = None
    elapsed_s: float | None = None


class ParameterError(ApiError, ValueError):
    """An argument that the API does not allow; nothing was sent."""


class ModelError(ApiError, ValueError):
    """Data that is not what a model documents."""


class ResponseError(ApiError):
    """An answer that cannot be handed on.

    Attributes:
        status: The HTTP status.
        content_type: The answer's content type, empty where it states none.
        excerpt: The beginning of its body, at most 200 bytes of it, as text.
    """

    def __init__(self, status: int, content_type: str, content: bytes, reason: str = "") -> None:
        super().__init__(status, content_type, content[:EXCERPT_BYTES], reason)
        self.status = status
        self.content_type = content_type
        self.excerpt = content[:EXCERPT_BYTES].decode(errors="replace")
        self.reason = reason

    def _answer(self) -> str:
        kind = self.content_type or "no content type"
        return f"The server answered {describe_status(self.status)} ({kind})"


class UnexpectedStatus(ResponseError):  # noqa: N818 - the name that clients of this generator know
    """The server answered with a status that the API does not document for this operation."""

    def __str__(self) -> str:
        return (
            f"{self._answer()}, which the API does not document for this operation; see whether the base URL leads to "
            f"the API, or report that the body begins {self.excerpt!r}."
        )


class DecodeError(ResponseError):
    """The body is not what the API documents: no JSON, no object, or without a field that is required."""

    def __str__(self) -> str:
        return (
            f"{self._answer()} with a body that the API does not document ({self.reason}); see whether the base URL "
            f"leads to the API, or report that the body begins {self.excerpt!r}."
        )


def describe_status(status: int) -> str:
    """The status with its name, where it has one: `404 Not Found`, `520`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


__all__ = [
    "ApiError",
    "DecodeError",
    "ModelError",
    "ParameterError",
    "ResponseError",
    "UnexpectedStatus",
    "describe_status",
]
