# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""The errors of this package: one tree, which packages built on it extend. See `_runtime/errors.py`."""

from ._runtime import ApiError, DecodeError, ModelError, ParameterError, ResponseError, UnexpectedStatus

__all__ = ["ApiError", "DecodeError", "ModelError", "ParameterError", "ResponseError", "UnexpectedStatus"]
