"""What every generated client needs and no spec changes; copied into each generated package as `_runtime`."""

from msgspec import field

from .bodies import Encoding
from .bounds import Bounds
from .client import Client, KeyedClient, default_async_transport, default_transport
from .codec import UnreadableElementWarning
from .composites import Anything, ListOf, Nested, OneOf
from .drift import Drift, DriftEntry
from .errors import ApiError, DecodeError, ModelError, ParameterError, ResponseError, UnexpectedStatus
from .formats import Date, DateTime, Uuid, decode_uuid, utc
from .kinds import Binary, Bool, Constant, Enumerated, Int, Kind, Null, Number, Str
from .models import FreeForm, Model
from .operations import (
    ANSWER_EXTENSION,
    OPERATION_EXTENSION,
    Argument,
    Body,
    Operation,
    Pagination,
    Reply,
    Request,
    Retry,
)
from .parameters import Parameter
from .unlisted import unlisted, unlisted_request
from .values import UNSET, File, OpenIntEnum, OpenStrEnum, Payload, RawResponse, Response, Unset

__all__ = [
    "ANSWER_EXTENSION",
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
    "Drift",
    "DriftEntry",
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
    "Pagination",
    "Parameter",
    "ParameterError",
    "Payload",
    "RawResponse",
    "Reply",
    "Request",
    "Response",
    "ResponseError",
    "Retry",
    "Str",
    "UnexpectedStatus",
    "UnreadableElementWarning",
    "Unset",
    "Uuid",
    "decode_uuid",
    "default_async_transport",
    "default_transport",
    "field",
    "unlisted",
    "unlisted_request",
    "utc",
]
