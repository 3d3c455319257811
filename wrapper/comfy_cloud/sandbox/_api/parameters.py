"""How a query parameter is declared and read: one mechanism for every operation.

A request is a frozen dataclass whose fields carry a `Parameter`; `read_request` turns a query into one, or raises
`BadQueryError`. Parameters that no field declares are ignored, as the real servers do.

Kinds and messages of what is wrong are pydantic's, because those are what the observed server sends.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from comfy_cloud.sandbox._library.model import Json, normalised_tag

from .dialects import CLOUD, Dialect
from .problems import BadQueryError, IndigestibleError, ProblemError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Query: TypeAlias = Mapping[str, Sequence[str]]
"""The query of a request, decoded: every value of every key, in order."""

T = TypeVar("T")
R = TypeVar("R", bound="DataclassInstance")

_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)
_LAX_INTEGER = re.compile(r"[+-]?[0-9]+(_[0-9]+)*(\.0+)?", re.ASCII)
_TRUE = frozenset(("1", "true", "t", "yes", "y", "on"))
_FALSE = frozenset(("0", "false", "f", "no", "n", "off"))
_INT64_MAX = (1 << 63) - 1
_MOST_TAGS = 990  # about as many as the observed server can digest
_MOST_DIGITS = 4300  # what Python, and so pydantic, reads as an integer
_HUGE = 10**_MOST_DIGITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(ABC, Generic[T]):
    """What one query parameter accepts. `default` is its value when the query does not have it."""

    default: T

    def start(self, dialect: Dialect) -> T:
        """The value when the query says nothing."""
        del dialect
        return self.default

    def read(self, values: Sequence[str], dialect: Dialect) -> T:
        """The value from everything the query says under this name, at least one text.

        Raises ProblemError.
        """
        return self.decode(self.only(values), dialect)

    def only(self, values: Sequence[str]) -> str:
        """The one text that the query says under this name. Raises ProblemError when there are more."""
        if len(values) > 1:
            raise ProblemError(*self.twice())
        return values[0]

    @abstractmethod
    def decode(self, text: str, dialect: Dialect) -> T:
        """The value of one text. Raises ProblemError."""

    def twice(self) -> tuple[str, str]:
        """Kind and message when it is given more than once, which the observed server takes for a list."""
        return "string_type", "Input should be a valid string"


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer(Parameter[int]):
    """A decimal integer within bounds, both included. Out of bounds is refused, never clamped (observed).

    `lax_maximum` is a bound of the observed server that the spec does not have.
    """

    minimum: int
    maximum: int | None = None
    lax_maximum: int | None = None

    def decode(self, text: str, dialect: Dialect) -> int:
        lax = dialect.reading == "lax"
        value = _integer(text.strip(), _LAX_INTEGER) if lax else _integer(text, _INTEGER)
        if value is None and lax:
            message = "Unable to parse input string as an integer, exceeded maximum size"
            raise ProblemError("int_parsing_size", message)
        if value is None:  # the spec allows it, so it is as good as the largest
            value = -_HUGE if text.startswith("-") else _HUGE
        maximum = self.lax_maximum if lax and self.lax_maximum is not None else self.maximum
        if value < self.minimum:
            raise ProblemError(
                "greater_than_equal", f"Input should be greater than or equal to {self.minimum}", ge=self.minimum
            )
        if maximum is not None and value > maximum:
            raise ProblemError("less_than_equal", f"Input should be less than or equal to {maximum}", le=maximum)
        if value > _INT64_MAX and dialect.failures == "text":
            raise IndigestibleError(f"Input should be less than or equal to {_INT64_MAX}")
        return value

    def twice(self) -> tuple[str, str]:
        return "int_type", "Input should be a valid integer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Boolean(Parameter[bool]):
    """`true` or `false`, the two texts the spec's boolean has; or also what pydantic takes for one."""

    def decode(self, text: str, dialect: Dialect) -> bool:
        said = text.lower() if dialect.reading == "lax" else text if text in {"true", "false"} else ""
        if said not in _TRUE | _FALSE:
            raise ProblemError("bool_parsing", "Input should be a valid boolean, unable to interpret input")
        return said in _TRUE

    def twice(self) -> tuple[str, str]:
        return "bool_type", "Input should be a valid boolean"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncludeZero(Boolean):
    """A boolean whose default is the dialect's."""

    def start(self, dialect: Dialect) -> bool:
        return dialect.include_zero


@dataclass(frozen=True, slots=True, kw_only=True)
class IncludePublic(Boolean):
    """A boolean that a dialect may not know; then it says nothing, whatever it says."""

    def read(self, values: Sequence[str], dialect: Dialect) -> bool:
        if dialect.public == "ignored":
            return self.default
        return self.decode(self.only(values), dialect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Parameter[str]):
    """One of the texts of an enum of the spec."""

    choices: tuple[str, ...]

    def read(self, values: Sequence[str], dialect: Dialect) -> str:
        if len(values) > 1:
            raise self._problem()
        return self.decode(values[0], dialect)

    def decode(self, text: str, dialect: Dialect) -> str:
        del dialect
        if text not in self.choices:
            raise self._problem()
        return text

    def _problem(self) -> ProblemError:
        *some, last = (f"'{choice}'" for choice in self.choices)
        expected = f"{', '.join(some)} or {last}"
        return ProblemError("literal_error", f"Input should be {expected}", expected=expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Parameter[str]):
    """Any text, untouched."""

    default: str = ""

    def decode(self, text: str, dialect: Dialect) -> str:
        del dialect
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class After(Parameter[str | None]):
    """A cursor, which is read once the sort is known; unknown, and so ignored, where there are no cursors."""

    default: str | None = None

    def read(self, values: Sequence[str], dialect: Dialect) -> str | None:
        return self.only(values) if dialect.cursors else None

    def decode(self, text: str, dialect: Dialect) -> str | None:
        del dialect
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix(Parameter[str | None]):
    """The start of a tag, normalised as tags are; refused when nothing is left of it (observed)."""

    default: str | None = None
    lax_longest: int = 256

    def decode(self, text: str, dialect: Dialect) -> str | None:
        prefix = normalised_tag(text, dialect.tag_case)
        if not prefix:
            raise ProblemError("string_too_short", "String should have at least 1 character", min_length=1)
        if dialect.reading == "lax" and len(text.strip()) > self.lax_longest:
            message = f"String should have at most {self.lax_longest} characters"
            raise ProblemError("string_too_long", message, max_length=self.lax_longest)
        return prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags(Parameter[tuple[str, ...]]):
    """Tags joined by commas, or the key repeated, or both; normalised, without empty ones or repeats.

    A comma always separates, so a tag that contains one cannot be named (observed on ComfyUI 0.27).
    """

    default: tuple[str, ...] = ()

    def read(self, values: Sequence[str], dialect: Dialect) -> tuple[str, ...]:
        if len(values) > 1 and dialect.repeated_tags == "refused":
            raise ProblemError(*self.twice())
        return self.decode(",".join(values), dialect)

    def decode(self, text: str, dialect: Dialect) -> tuple[str, ...]:
        folded = (normalised_tag(item, dialect.tag_case) for item in text.split(","))
        tags = tuple(dict.fromkeys(tag for tag in folded if tag))
        if len(tags) > _MOST_TAGS:
            raise IndigestibleError(f"More than {_MOST_TAGS} tags cannot be asked for at once")
        return tags


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonObject(Parameter[Mapping[str, Json] | None]):
    """A JSON object as text. Given more than once, it is ignored altogether (observed on ComfyUI 0.27)."""

    default: Mapping[str, Json] | None = None

    def read(self, values: Sequence[str], dialect: Dialect) -> Mapping[str, Json] | None:
        if dialect.metadata_filter == "refused":
            raise ProblemError("unsupported", "The parameter is not supported")
        if len(values) > 1 and dialect.repeated_metadata_filter == "ignored":
            return self.default
        return self.decode(self.only(values), dialect)

    def decode(self, text: str, dialect: Dialect) -> Mapping[str, Json] | None:
        lax = dialect.reading == "lax"
        if lax and not text.strip():
            return self.default
        try:
            value: Json = json.loads(text) if lax else json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise _not_json(f"metadata_filter must be JSON: {error}") from None
        if not isinstance(value, Mapping):
            raise _not_json("metadata_filter must be a JSON object")
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise IndigestibleError("metadata_filter: A lone surrogate is not text") from None
        return value


def _integer(text: str, form: re.Pattern[str]) -> int | None:
    """The value of a text; None when it has more digits than Python reads. Raises ProblemError when it is none."""
    if not form.fullmatch(text):
        raise ProblemError("int_parsing", "Input should be a valid integer, unable to parse string as an integer")
    digits = text.lstrip("+-").partition(".")[0].replace("_", "").lstrip("0") or "0"
    if len(digits) > _MOST_DIGITS:
        return None
    return -int(digits) if text.startswith("-") else int(digits)


def _not_json(said: str) -> ProblemError:
    return ProblemError("value_error", f"Value error, {said}", error=said)


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def parameter(spec: Parameter[T]) -> T:
    """A dataclass field that is read from the query by `spec` and has its default."""
    return field(default=spec.default, metadata={"parameter": spec})


def read_request(request: type[R], query: Query, dialect: Dialect = CLOUD) -> R:
    """The request a query makes, every value checked.

    Raises:
        BadQueryError: with everything that is not acceptable, in the order of declaration (observed).
        IndigestibleError: for what the observed server fails on.
    """
    values: dict[str, object] = {}
    problems: list[tuple[str, ProblemError]] = []
    for declared in fields(request):
        spec: Parameter[object] = declared.metadata["parameter"]
        try:
            asked = query.get(declared.name)
            values[declared.name] = spec.read(asked, dialect) if asked else spec.start(dialect)
        except ProblemError as problem:
            problems.append((declared.name, problem))
    if problems:
        unsupported = any(problem.kind == "unsupported" for _, problem in problems)
        raise BadQueryError(problems, "UNSUPPORTED_PARAM" if unsupported else "INVALID_QUERY")
    return request(**values)
