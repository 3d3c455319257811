# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Values that functions of this package take and return."""

from ._runtime import (
    ANSWER_EXTENSION,
    OPERATION_EXTENSION,
    UNSET,
    Drift,
    DriftEntry,
    File,
    Model,
    Operation,
    Pagination,
    Payload,
    RawResponse,
    Request,
    Response,
    Retry,
    UnreadableElementWarning,
    Unset,
    unlisted,
    unlisted_request,
)

__all__ = [
    "ANSWER_EXTENSION",
    "OPERATION_EXTENSION",
    "UNSET",
    "Drift",
    "DriftEntry",
    "File",
    "Model",
    "Operation",
    "Pagination",
    "Payload",
    "RawResponse",
    "Request",
    "Response",
    "Retry",
    "UnreadableElementWarning",
    "Unset",
    "unlisted",
    "unlisted_request",
]
