"""What a schema becomes in Python: types, values and defaults. Change this when the mapping changes, nothing else."""

from __future__ import annotations

import datetime as dt
import inspect
from typing import Any, Final
from uuid import UUID

from tests.generated.package import Package
from tests.generated.schemas import MISSING, MismatchError, NoRuleError, Schema

PLAIN: Final[dict[str, Any]] = {"any": Any, "boolean": bool, "integer": int, "null": None, "number": float}
FORMATS: Final[dict[str, Any]] = {"date": dt.date, "date-time": dt.datetime, "uuid": UUID}
TEXT_FORMATS: Final = frozenset({"", "byte", "email", "hostname", "ipv4", "ipv6", "password", "uri", "uri-reference"})
NUMBER_FORMATS: Final = frozenset({"", "int32", "int64", "float", "double"})
NO_CONTENT: Final = Any  # how a function's type shows a response without a body
UNDECLARED: Final = "additional_properties"  # the attribute that holds the fields a schema does not declare


def type_of(schema: Schema, package: Package) -> Any:
    """The type of a value of this schema that is there."""
    known = _type_unless_null(schema, package)
    return known | None if schema.nullable and known not in {None, Any} else known


def _type_unless_null(schema: Schema, package: Package) -> Any:
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
    """The union of types, in no order; nothing at all is Any."""
    if not members:
        return Any
    joined = members[0]
    for member in members[1:]:
        joined = joined | member
    return joined


def optional(schema: Schema, package: Package) -> Any:
    """The type of a value that may be absent."""
    return type_of(schema, package) | package.types.Unset


def default_of(schema: Schema, package: Package, *, required: bool) -> Any:
    """What stands for a value that the caller does not give, `inspect.Parameter.empty` if it must be given."""
    if schema.default is not MISSING and schema.default is not None:
        return value_of(schema, schema.default, package)
    return inspect.Parameter.empty if required else absent(package)


def absent(package: Package) -> Any:
    """What an optional value reads as when it is not there."""
    return package.types.UNSET


def undeclared_type(schema: Schema, package: Package) -> Any:
    """The type of the attribute that holds the undeclared fields of an object that may have some."""
    inner = Any if schema.additional is True else type_of(schema.additional, package)  # type: ignore[arg-type]
    return dict[str, inner]  # type: ignore[valid-type] # a type made at run time


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
            return class_of(schema, package).from_dict(wire)  # type: ignore[attr-defined]
        case "string" if schema.node.get("format") == "binary":
            raise NoRuleError(schema.pointer, "the value of a file")
        case "string":
            return _text_value(schema.node.get("format", ""), wire)
    return wire


def _text_value(written: str, wire: str) -> Any:
    if written == "uuid":
        return UUID(wire)
    return FORMATS[written].fromisoformat(wire) if written in FORMATS else wire


def returned_type(types: list[Any], package: Package, *, detailed: bool) -> Any:
    """What an operation's function returns, given its responses' types; None stands for an undocumented status."""
    return package.types.Response[union(types)] if detailed else union(types) | None
