"""Every schema has its class, with every property and every enum value, and there is no other class."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from tests.generated.comparing import differences
from tests.generated.instances import EXTRA_FIELD, SHAPES, instance
from tests.generated.judging import guarded, show
from tests.generated.operations import Spec
from tests.generated.package import Attribute, Package, attributes, constructor, enum_values
from tests.generated.python_types import (
    UNDECLARED,
    absent,
    class_of,
    is_free_form,
    optional,
    property_type,
    taken_type,
    value_of,
    with_files,
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
        if written != with_files(wire, package):
            yield f"{schema.place}: {wire} is written as {written}"
        if not is_free_form(schema):
            yield from _of_making(schema, wire, package)


def _of_making(schema: Schema, wire: dict[str, Any], package: Package) -> Iterator[str]:
    """The constructor makes the same of the properties in Python's types, and of them as JSON."""
    cls = class_of(schema, package)
    extra = {name: wire[name] for name in (EXTRA_FIELD,) if name in wire}
    present = [prop for prop in schema.properties if prop.wire in wire]
    typed = {prop.python_name: value_of(prop.schema, wire[prop.wire], package) for prop in present}
    plain = {prop.python_name: with_files(wire[prop.wire], package) for prop in present}
    for given in (typed, plain):
        try:
            written = cls(**given, additional_properties=extra).to_dict()
        except (TypeError, ValueError) as error:
            yield f"{schema.place}: {schema.class_name} cannot be made of {given}: {error}"
            continue
        if written != with_files(wire, package):
            yield f"{schema.place}: made of {given}, it is written as {written}"
    for prop in present:
        if prop.required and _is_made(cls, {name: typed[name] for name in typed.keys() - {prop.python_name}}):
            yield f"{prop.schema.place}: {schema.class_name} can be made without it"


def _is_made(cls: type, given: dict[str, Any]) -> bool:
    try:
        cls(**given)
    except TypeError:
        return False
    return True


def _of_object(schema: Schema, package: Package) -> Iterator[str]:
    cls, expected = class_of(schema, package), {prop.python_name for prop in schema.properties}
    if issubclass(cls, Mapping) != is_free_form(schema):
        yield f"{schema.place}: whether {schema.class_name} is a mapping is {issubclass(cls, Mapping)}"
    if issubclass(cls, Mapping) or is_free_form(schema):
        return
    read, made = attributes(cls), constructor(cls)  # type: ignore[arg-type] # classes are hashable
    if len(expected) < len(schema.properties):
        yield f"{schema.place}: no rule for properties that have the same name in Python"
    for prop in schema.properties:
        yield from guarded(_of_property, schema, prop, read, made, package)
    for name in sorted(read.keys() - expected):
        yield f"{schema.place}: no property for the attribute {name} of {schema.class_name}"
    for name in sorted(made.keys() - expected - {UNDECLARED}):
        yield f"{schema.place}: no property for the argument {name} of {schema.class_name}"


def _of_property(
    schema: Schema, prop: Property, read: dict[str, Any], made: dict[str, Attribute], package: Package
) -> Iterator[str]:
    what = f"{schema.class_name}.{prop.python_name}"
    if prop.python_name not in read or prop.python_name not in made:
        yield f"{prop.schema.place}: no attribute {what}"
        return
    expected = property_type(prop.schema, package, required=prop.required)
    if read[prop.python_name] != expected:
        yield f"{prop.schema.place}: {what} is {show(read[prop.python_name])}, not {show(expected)}"
    taken = taken_type(prop.schema, package)
    wanted = (
        Attribute(taken, inspect.Parameter.empty)
        if prop.required
        else Attribute(optional(taken, package), absent(package))
    )
    if made[prop.python_name] != wanted:
        yield f"{prop.schema.place}: {what} is made of {show(made[prop.python_name])}, not {show(wanted)}"
