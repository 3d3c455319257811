"""Every schema has its class, with every property and every enum value, and there is no other class."""

from __future__ import annotations

from collections.abc import Iterator

from tests.generated.comparing import differences
from tests.generated.instances import SHAPES, instance
from tests.generated.judging import guarded, show
from tests.generated.operations import Spec
from tests.generated.package import Attribute, Package, attributes, enum_values
from tests.generated.python_types import (
    UNDECLARED,
    class_of,
    default_of,
    optional,
    type_of,
    undeclared_type,
    value_of,
)
from tests.generated.schemas import Property, Schema


def mismatches(spec: Spec, package: Package) -> Iterator[str]:
    """One sentence for each class, property or value that is missing, too many, or not what the document says."""
    expected: set[str] = set()
    for schema in spec.schemas:
        if schema.kind in {"object", "enum"}:
            expected.add(schema.class_name)
            yield from guarded(_of_object if schema.kind == "object" else _of_enum, schema, package)
            yield from guarded(_of_values, schema, package)
    for name in sorted(package.classes.keys() - expected):
        yield f"#/components/schemas: no schema for the class {name}"
    for name in sorted(expected & package.classes.keys()):
        if getattr(package.models, name, None) is not package.classes[name]:
            yield f"#/components/schemas: {name} cannot be imported from {package.models.__name__}"


def _of_enum(schema: Schema, package: Package) -> Iterator[str]:
    expected = [value for value in schema.node["enum"] if value is not None]
    try:
        actual = enum_values(class_of(schema, package))
    except TypeError as error:
        yield f"{schema.place}: {error}"
        return
    if sorted(expected) != sorted(actual):
        yield f"{schema.place}: the values of {schema.class_name} are {actual}, not {expected}"


def _of_values(schema: Schema, package: Package) -> Iterator[str]:
    """Values of an object are read as the schema says and written as they were."""
    for shape in SHAPES if schema.kind == "object" else ():
        wire = instance(schema, shape)
        try:
            read = value_of(schema, wire, package)
            written = read.to_dict()
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            yield f"{schema.place}: {shape} cannot be read and written: {type(error).__name__}: {error}"
            continue
        yield from differences(schema, wire, read, package)
        if written != wire:
            yield f"{schema.place}: {wire} is written as {written}"


def _of_object(schema: Schema, package: Package) -> Iterator[str]:
    actual = attributes(class_of(schema, package), package)
    expected = {prop.python_name for prop in schema.properties}
    if len(expected) < len(schema.properties):
        yield f"{schema.place}: no rule for properties that have the same name in Python"
    for prop in schema.properties:
        yield from guarded(_of_property, schema, prop, actual, package)
    yield from guarded(_of_undeclared, schema, actual, package)
    for name in sorted(actual.keys() - expected - {UNDECLARED}):
        yield f"{schema.place}: no property for the attribute {name} of {schema.class_name}"


def _of_property(schema: Schema, prop: Property, actual: dict[str, Attribute], package: Package) -> Iterator[str]:
    what = f"{schema.class_name}.{prop.python_name}"
    if prop.python_name not in actual:
        yield f"{prop.schema.place}: no attribute {what}"
        return
    expected = Attribute(
        type_of(prop.schema, package) if prop.required else optional(prop.schema, package),
        default_of(prop.schema, package, required=prop.required),
    )
    found = actual[prop.python_name]
    if expected.type != found.type:
        yield f"{prop.schema.place}: {what} is {show(found.type)}, not {show(expected.type)}"
    if repr(expected.default) != repr(found.default):
        yield f"{prop.schema.place}: {what} has the default {show(found.default)}, not {show(expected.default)}"


def _of_undeclared(schema: Schema, actual: dict[str, Attribute], package: Package) -> Iterator[str]:
    what = f"{schema.class_name}.{UNDECLARED}"
    if schema.additional is False:
        if UNDECLARED in actual:
            yield f"{schema.place}: {what} is there, and the schema allows no undeclared fields"
    elif UNDECLARED not in actual:
        yield f"{schema.place}: no attribute {what}"
    elif actual[UNDECLARED].type != (expected := undeclared_type(schema, package)):
        yield f"{schema.place}: {what} is {show(actual[UNDECLARED].type)}, not {show(expected)}"
