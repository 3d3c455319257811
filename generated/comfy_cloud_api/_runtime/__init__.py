# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""What every generated client needs and no spec changes; copied into each generated package as `_runtime`."""

from msgspec import field

from .bodies import Encoding
from .client import Client, KeyedClient
from .codec import UnreadableElementWarning
from .errors import ApiError, DecodeError, ModelError, ParameterError, ResponseError, UnexpectedStatus
from .kinds import (
    Anything,
    Binary,
    Bool,
    Constant,
    Date,
    DateTime,
    Enumerated,
    Int,
    Kind,
    ListOf,
    Nested,
    Null,
    Number,
    OneOf,
    Str,
    Uuid,
)
from .models import FreeForm, Model
from .operations import OPERATION_EXTENSION, Argument, Body, Operation, Reply, Request
from .parameters import Bounds, Parameter
from .values import UNSET, File, OpenIntEnum, OpenStrEnum, Payload, Response, Unset

__all__ = [
    "OPERATION_EXTENSION",
    "UNSET",
    "Anything",
    "ApiError",
    "Argument",
    "Binary",
    "Body",
    "Bool",
    "Bounds",
    "Client",
    "Constant",
    "Date",
    "DateTime",
    "DecodeError",
    "Encoding",
    "Enumerated",
    "File",
    "FreeForm",
    "Int",
    "KeyedClient",
    "Kind",
    "ListOf",
    "Model",
    "ModelError",
    "Nested",
    "Null",
    "Number",
    "OneOf",
    "OpenIntEnum",
    "OpenStrEnum",
    "Operation",
    "Parameter",
    "ParameterError",
    "Payload",
    "Reply",
    "Request",
    "Response",
    "ResponseError",
    "Str",
    "UnexpectedStatus",
    "UnreadableElementWarning",
    "Unset",
    "Uuid",
    "field",
]
