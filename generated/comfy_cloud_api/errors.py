# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""The errors of this package: one tree, which packages built on it extend. See `_runtime/errors.py`."""

from ._runtime.errors import (
    ApiError,
    DecodeError,
    ModelError,
    ParameterError,
    ResponseError,
    UnexpectedStatus,
    describe_status,
)

__all__ = [
    "ApiError",
    "DecodeError",
    "ModelError",
    "ParameterError",
    "ResponseError",
    "UnexpectedStatus",
    "describe_status",
]
