"""What a schema becomes in Python: types, values and defaults. Change this when the mapping changes, nothing else."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Mapping
from typing import Any, Final, Literal, Sequence  # noqa: UP035 - the alias that annotations are written with
from typing import Mapping as AnyMapping  # noqa: UP035 - the same
from uuid import UUID

from tests.generated.operations import Answer, Body
from tests.generated.package import Package
from tests.generated.schemas import MISSING, MismatchError, NoRuleError, Schema

PLAIN: Final[dict[str, Any]] = {"any": Any, "boolean": bool, "integer": int, "null": None, "number": float}
FORMATS: Final[dict[str, Any]] = {"date": dt.date, "date-time": dt.datetime, "uuid": UUID}
TEXT_FORMATS: Final = frozenset({"", "byte", "email", "hostname", "ipv4", "ipv6", "password", "uri", "uri-reference"})
NUMBER_FORMATS: Final = frozenset({"", "int32", "int64", "float", "double"})
UNDECLARED: Final = "additional_properties"  # the attribute that holds the fields a schema does not declare


def type_of(schema: Schema, package: Package) -> Any:
    """The type that a value of this schema is read as."""
    return _or_null(schema, _read_type(schema, package))


def taken_type(schema: Schema, package: Package) -> Any:
    """The type that a function or a constructor takes for a value of this schema: plain ones besides."""
    return _or_null(schema, _taken_type(schema, package))


def _or_null(schema: Schema, known: Any) -> Any:
    return known | None if schema.nullable and known not in {None, Any} else known


def _taken_type(schema: Schema, package: Package) -> Any:
    read = _read_type(schema, package)
    match schema.kind:
        case "string" if read in FORMATS.values():
            return read | str
        case "array":
            return Sequence[taken_type(schema.items, package)]  # type: ignore[misc] # a type made at run time
        case "union":
            return union([taken_type(member, package) for member in schema.alternatives])
        case "enum":
            return read | type(next(value for value in schema.node["enum"] if value is not None))
        case "object":
            return read | AnyMapping[str, Any]
    return read


def _read_type(schema: Schema, package: Package) -> Any:
    match schema.kind:
        case "string":
            return _type_of_text(schema, package)
        case "integer" | "number" if schema.node.get("format", "") not in NUMBER_FORMATS:
            raise NoRuleError(schema.pointer, f"the format {schema.node['format']}")
        case "array":
            return list[type_of(schema.items, package)]  # type: ignore[misc] # a type made at run time
        case "union":
            return union([type_of(member, package) for member in schema.alternatives])
        case "enum" | "object":
            return class_of(schema, package)
        case "const":
            value = schema.node["const"]
            return float if isinstance(value, float) else Literal[value]
        case kind if kind in PLAIN:
            return PLAIN[kind]
        case kind:
            raise NoRuleError(schema.pointer, f"the type {kind}")


def _type_of_text(schema: Schema, package: Package) -> Any:
    written = schema.node.get("format", "")
    if written == "binary":
        return package.types.File
    if written not in TEXT_FORMATS | FORMATS.keys():
        raise NoRuleError(schema.pointer, f"the format {written}")
    return FORMATS.get(written, str)


def class_of(schema: Schema, package: Package) -> type:
    """The class made from an object or an enum."""
    if schema.class_name not in package.classes:
        raise MismatchError(f"{schema.place}: no class {schema.class_name} in models")
    return package.classes[schema.class_name]


def union(members: list[Any]) -> Any:
    """The union of types, in no order; nothing at all is None, and with Any it is Any."""
    if not members:
        return None
    if Any in members:
        return Any
    joined = members[0]
    for member in members[1:]:
        joined = member if joined is None and member is None else joined | member
    return joined


def optional(taken: Any, package: Package) -> Any:
    """The type of an argument that need not be given."""
    return taken | package.types.Unset


def property_type(schema: Schema, package: Package, *, required: bool) -> Any:
    """The type of the attribute that reads a property: None where an optional one is absent."""
    known = type_of(schema, package)
    return known if required or known in {None, Any} else known | None


def default_of(schema: Schema, package: Package, *, required: bool) -> Any:
    """What stands for an argument that the caller does not give, `inspect.Parameter.empty` if it must be given."""
    if required:
        return inspect.Parameter.empty
    return absent(package) if schema.default in (MISSING, None) else value_of(schema, schema.default, package)


def absent(package: Package) -> Any:
    """What an argument that is not given is."""
    return package.types.UNSET


def is_free_form(schema: Schema) -> bool:
    """Whether an object declares no property and allows any: its class is a mapping."""
    return schema.kind == "object" and not schema.properties and schema.additional is not False


def value_of(schema: Schema, wire: Any, package: Package) -> Any:  # noqa: PLR0911 - one a kind
    """The Python value of what stands in JSON, as it is read from a response and as it is given to a function."""
    if wire is None:
        return None
    match schema.kind:
        case "array":
            return [value_of(schema.items, item, package) for item in wire]
        case "union":
            return value_of(schema.alternatives[0], wire, package)  # what the instance builder chooses
        case "enum":
            return class_of(schema, package)(wire)
        case "object":
            return class_of(schema, package).from_dict(with_files(wire, package))  # type: ignore[attr-defined]
        case "string" if schema.node.get("format") == "binary":
            return with_files(wire, package)
        case "string":
            return _text_value(schema.node.get("format", ""), wire)
    return wire


def with_files(wire: Any, package: Package) -> Any:
    """The JSON value with a File for each content, which stands as bytes in it."""
    if isinstance(wire, Mapping):
        return {key: with_files(value, package) for key, value in wire.items()}
    if isinstance(wire, list):
        return [with_files(value, package) for value in wire]
    return package.types.File(wire, "a file.bin") if isinstance(wire, bytes) else wire


def _text_value(written: str, wire: str) -> Any:
    if written == "uuid":
        return UUID(wire)
    return FORMATS[written].fromisoformat(wire) if written in FORMATS else wire


def body_type(body: Body, package: Package) -> Any:
    """The type of the argument `body`, which takes what any of the content types takes."""
    types = [taken_type(content.schema, package) for content in body.contents if content.schema is not None]
    if any(content.schema is None for content in body.contents):
        types += [package.types.Payload, package.types.File]
    return union(types)


def answer_type(answer: Answer, package: Package) -> Any:
    """The type that the body of a response is read as."""
    plain = {"text": str, "raw": bytes, "none": None}
    return type_of(answer.content.schema, package) if answer.content.schema else plain[answer.content.form]


def returned_type(answers: list[Answer], package: Package, *, detailed: bool) -> Any:
    """What an operation's function returns, given its responses."""
    known = union([answer_type(answer, package) for answer in answers])
    return package.types.Response[known] if detailed else known or type(None)
