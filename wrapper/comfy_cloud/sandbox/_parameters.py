"""How a query parameter is declared and read: one mechanism for every operation.

A request is a frozen dataclass whose fields carry a `Parameter`; `read_request` turns a query into one, or raises
`BadParameterError`. Parameters that no field declares are ignored, as the real servers do.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from ._model import Json, normalised_tag

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Query: TypeAlias = Mapping[str, Sequence[str]]
"""The query of a request, decoded: every value of every key, in order."""

T = TypeVar("T")
R = TypeVar("R", bound="DataclassInstance")

_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)
_INT64_DIGITS = 19
_INT64_MAX = (1 << 63) - 1


class BadParameterError(ValueError):
    """A query parameter is not acceptable; the message is one sentence that names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(ABC, Generic[T]):
    """What one query parameter accepts. `default` is its value when the query does not have it."""

    default: T

    def read(self, values: Sequence[str]) -> T:
        """The value from everything the query says under this name, at least one text.

        Raises BadParameterError; the caller puts the parameter's name in front of the message.
        """
        if len(values) > 1:
            raise BadParameterError("may be given only once")
        return self.decode(values[0])

    @abstractmethod
    def decode(self, text: str) -> T:
        """The value of one text. Raises BadParameterError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer(Parameter[int]):
    """A decimal integer within bounds, both included. Out of bounds is refused, never clamped (observed)."""

    minimum: int
    maximum: int | None = None

    def decode(self, text: str) -> int:
        if not _INTEGER.fullmatch(text):
            raise BadParameterError("Input should be a valid integer")
        # Thousands of digits are still an integer, but neither int() nor SQLite takes them: saturate.
        value = int(text) if len(text) < _INT64_DIGITS else self._huge(text)
        if value < self.minimum:
            raise BadParameterError(f"Input should be greater than or equal to {self.minimum}")
        if self.maximum is not None and value > self.maximum:
            raise BadParameterError(f"Input should be less than or equal to {self.maximum}")
        return value

    @staticmethod
    def _huge(text: str) -> int:
        digits = text.lstrip("-").lstrip("0") or "0"
        value = int(digits) if len(digits) < _INT64_DIGITS else _INT64_MAX
        return -value if text.startswith("-") else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Boolean(Parameter[bool]):
    """`true` or `false`, the two texts the spec's boolean has."""

    def decode(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise BadParameterError("Input should be 'true' or 'false'")
        return text == "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Parameter[str]):
    """One of the texts of an enum of the spec."""

    choices: tuple[str, ...]

    def decode(self, text: str) -> str:
        if text not in self.choices:
            *some, last = (f"'{choice}'" for choice in self.choices)
            raise BadParameterError(f"Input should be {', '.join(some)} or {last}")
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Parameter[str]):
    """Any text, untouched."""

    default: str = ""

    def decode(self, text: str) -> str:
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix(Parameter[str | None]):
    """The start of a tag, normalised as tags are; refused when nothing is left of it (observed)."""

    default: str | None = None

    def decode(self, text: str) -> str | None:
        prefix = normalised_tag(text)
        if not prefix:
            raise BadParameterError("String should have at least 1 character")
        return prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags(Parameter[tuple[str, ...]]):
    """Tags joined by commas, or the key repeated, or both; normalised, without empty ones or repeats.

    A comma always separates, so a tag that contains one cannot be named (observed on ComfyUI 0.27).
    """

    default: tuple[str, ...] = ()

    def read(self, values: Sequence[str]) -> tuple[str, ...]:
        return self.decode(",".join(values))

    def decode(self, text: str) -> tuple[str, ...]:
        tags = (normalised_tag(item) for item in text.split(","))
        return tuple(dict.fromkeys(tag for tag in tags if tag))


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonObject(Parameter[Mapping[str, Json] | None]):
    """A JSON object as text. Given more than once, it is ignored altogether (observed on ComfyUI 0.27)."""

    default: Mapping[str, Json] | None = None

    def read(self, values: Sequence[str]) -> Mapping[str, Json] | None:
        return self.decode(values[0]) if len(values) == 1 else self.default

    def decode(self, text: str) -> Mapping[str, Json] | None:
        try:
            value: Json = json.loads(text, parse_constant=_no_constant)
            # A lone surrogate parses but is not text; the observed server fails on it with a 500.
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise BadParameterError("Input should be valid JSON") from None
        if not isinstance(value, Mapping):
            raise BadParameterError("Input should be a JSON object")
        return value


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def parameter(spec: Parameter[T]) -> T:
    """A dataclass field that is read from the query by `spec` and has its default."""
    return field(default=spec.default, metadata={"parameter": spec})


def read_request(request: type[R], query: Query) -> R:
    """The request a query makes, every value checked.

    Raises BadParameterError for the first parameter, in the order of declaration, that is not acceptable.
    """
    values: dict[str, object] = {}
    for declared in fields(request):
        if declared.name not in query:
            continue
        try:
            values[declared.name] = declared.metadata["parameter"].read(query[declared.name])
        except BadParameterError as error:
            raise BadParameterError(f"{declared.name}: {error}") from None
    return request(**values)
