# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Small values that generated functions take and return."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum
from typing import Any, Generic, Self, TypeAlias, TypeVar

import httpx
from msgspec import UNSET, UnsetType

from .bodies import File, Payload

T = TypeVar("T")

RawResponse: TypeAlias = httpx.Response
"""An answer before it is read."""

Unset: TypeAlias = UnsetType
"""The type of `UNSET`, which stands for "not given". Copying and pickling keep its identity; it is falsy."""


@dataclass(frozen=True, slots=True)
class Response(Generic[T]):
    """An answer of the API.

    Attributes:
        status_code: Any status, known to HTTP or not.
        content: The body as it came, after decompression.
        headers: The answer's headers; look-ups ignore case.
        parsed: The body as the API documents it for this status; None where it documents none.
    """

    status_code: int
    content: bytes = field(repr=False)
    headers: httpx.Headers = field(repr=False)
    parsed: T


def _unknown_member(enum: type[Enum], member: Any, value: object) -> Any:
    """A member for a value that the spec does not list. It is not kept, so a server cannot fill the memory."""
    member._name_ = f"UNKNOWN_{value}"
    member._value_ = value
    member.__objclass__ = enum
    return member


class OpenStrEnum(StrEnum):
    """Strings that the spec lists, and any other: an unknown one equals its text and never raises."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member: Self = _unknown_member(cls, str.__new__(cls, value), str(value))
        return member

    def __repr__(self) -> str:
        return _enum_repr(self, str(self.value))

    def __reduce_ex__(self, protocol: object) -> tuple[type[Self], tuple[str]]:
        return type(self), (str(self.value),)

    def __deepcopy__(self, memo: object) -> Self:
        return self


class OpenIntEnum(IntEnum):
    """Integers that the spec lists, and any other, like `OpenStrEnum`."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member: Self = _unknown_member(cls, int.__new__(cls, value), int(value))
        return member

    def __repr__(self) -> str:
        return _enum_repr(self, int(self.value))

    def __reduce_ex__(self, protocol: object) -> tuple[type[Self], tuple[int]]:
        return type(self), (int(self.value),)

    def __deepcopy__(self, memo: object) -> Self:
        return self


def _enum_repr(member: Enum, value: object) -> str:
    known = member.name in type(member).__members__
    return f"<{type(member).__name__}.{member.name}: {value!r}>" if known else f"<{type(member).__name__}: {value!r}>"


__all__ = ["UNSET", "File", "OpenIntEnum", "OpenStrEnum", "Payload", "RawResponse", "Response", "Unset"]
