"""Kinds of edits (see `edits.py`) of schemas: their defaults, enums, properties and names.

The default of a property is what the server takes for it, and no part of the client, so only parameters' are edited.
"""

# ruff: noqa: D103 - the name of a kind says what it does

from __future__ import annotations

from collections.abc import Mapping

from pipeline.document import Document, Pointer, walk
from tests.generated.edits import (
    Change,
    Places,
    all_of,
    drop,
    kind,
    objects,
    parameter_schemas,
    property_pointers,
    put,
    rename,
    schema_pointers,
    unlike,
)
from tests.generated.operations import read_operations
from tests.generated.schemas import at

# Defaults


@kind
def change_a_default(document: Document) -> Places:
    for schema in parameter_schemas(document):
        place = schema.pointer
        match schema.node.get("default"), schema.node.get("enum"):
            case None, _:
                continue
            case str() as default, list() as values if len(values) > 1:
                yield place, put(place, "default", next(value for value in values if value != default))
            case bool() as default, None:
                yield place, put(place, "default", not default)
            case int() | float() as default, None:
                yield place, put(place, "default", default + 1)
            case str() as default, None:
                yield place, put(place, "default", f"{default} and more")


@kind
def drop_a_default(document: Document) -> Places:
    for schema in parameter_schemas(document):
        if "default" in schema.node:
            yield schema.pointer, drop((*schema.pointer, "default"))


@kind
def add_a_default(document: Document) -> Places:
    for operation in read_operations(document):
        for parameter in operation.parameters:
            node, place = parameter.schema.node, parameter.schema.pointer
            plain = node.get("type") in ("boolean", "integer") and not {"default", "enum"} & node.keys()
            if plain and not parameter.required:
                yield place, put(place, "default", True if node["type"] == "boolean" else 7)


@kind
def change_a_constant(document: Document) -> Places:
    for place in schema_pointers(document, "const"):
        yield place, put(place, "const", f"{at(document, place)['const']} and more")


@kind
def drop_a_constant(document: Document) -> Places:
    for place in schema_pointers(document, "const"):
        yield place, drop((*place, "const"))


# Enums


@kind
def add_an_enum_value(document: Document) -> Places:
    for place in schema_pointers(document, "enum"):
        values = at(document, place)["enum"]
        yield place, put(place, "enum", [*values, "brand_new" if isinstance(values[0], str) else 4711])


@kind
def drop_an_enum_value(document: Document) -> Places:
    for place in schema_pointers(document, "enum"):
        node = at(document, place)
        for index, value in enumerate(node["enum"]):
            if value != node.get("default", node["enum"][0]) and value is not None:
                yield (*place, "enum", str(index)), drop((*place, "enum", str(index)))


@kind
def change_an_enum_value(document: Document) -> Places:
    for place in schema_pointers(document, "enum"):
        node = at(document, place)
        for index, value in enumerate(node["enum"]):
            if isinstance(value, str) and value != node.get("default"):
                values = [*node["enum"][:index], f"{value}_2", *node["enum"][index + 1 :]]
                yield (*place, "enum", str(index)), put(place, "enum", values)


@kind
def drop_an_enum(document: Document) -> Places:
    for place in schema_pointers(document, "enum"):
        yield place, drop((*place, "enum"))


@kind
def add_an_enum(document: Document) -> Places:
    for place in schema_pointers(document, "string"):
        if not {"format", "default"} & at(document, place).keys():
            yield place, put(place, "enum", ["one", "two"])


# Properties


@kind
def drop_a_property(document: Document) -> Places:
    for place in property_pointers(document):
        yield place, all_of(drop(place), _not_required(document, place))


@kind
def add_an_optional_property(document: Document) -> Places:
    for owner in objects(document):
        yield owner.pointer, put((*owner.pointer, "properties"), "brand_new", {"type": "string"})


@kind
def rename_a_property(document: Document) -> Places:
    for place in property_pointers(document):
        yield place, all_of(rename(place, "renamed_property"), _not_required(document, place))


@kind
def respell_a_property(document: Document) -> Places:
    """Another name on the wire that is the same name in Python."""
    for place in property_pointers(document):
        if place[-1].islower():
            yield place, rename(place, place[-1].capitalize())


@kind
def change_the_type_of_a_property(document: Document) -> Places:
    for place in property_pointers(document):
        yield place, put(place[:-1], place[-1], unlike(at(document, place)))


@kind
def make_a_property_an_array(document: Document) -> Places:
    for place in property_pointers(document):
        yield place, put(place[:-1], place[-1], {"type": "array", "items": at(document, place)})


@kind
def flip_whether_a_property_is_required(document: Document) -> Places:
    for place in property_pointers(document):
        owner, name = place[:-2], place[-1]
        required = at(document, owner).get("required", [])
        if name in required:
            yield place, _not_required(document, place)
        else:
            yield place, put(owner, "required", [*required, name])


@kind
def flip_whether_a_value_is_nullable(document: Document) -> Places:
    for place in schema_pointers(document, "array", "boolean", "enum", "integer", "number", "object", "string"):
        is_component = place[0] == "components" and len(place) == 3
        if not is_component and {"oneOf", "anyOf", "allOf"}.isdisjoint(place):
            yield place, _nullable_flipped(document, place)


@kind
def change_the_items_of_an_array(document: Document) -> Places:
    for place in schema_pointers(document, "array"):
        yield place, put(place, "items", unlike(at(document, place)["items"]))


@kind
def change_a_format(document: Document) -> Places:
    """To one that Python reads as something else."""
    for place in schema_pointers(document, "string"):
        node = at(document, place)
        if "default" not in node and isinstance(node.get("type"), str):
            yield place, put(place, "format", "date" if node.get("format") == "uuid" else "uuid")


@kind
def drop_a_format(document: Document) -> Places:
    for place in schema_pointers(document, "string"):
        if at(document, place).get("format") in {"date", "date-time", "uuid", "binary"}:
            yield place, drop((*place, "format"))


@kind
def change_the_undeclared_fields_of_an_object(document: Document) -> Places:
    for place in schema_pointers(document, "object"):
        allowed = at(document, place).get("additionalProperties", True) is not False
        if not {"properties", "allOf"} & at(document, place).keys():  # else they are kept either way
            yield place, put(place, "additionalProperties", not allowed)


# Schemas


@kind
def add_a_schema(document: Document) -> Places:
    place = ("components", "schemas")
    new = {"type": "object", "properties": {"one": {"type": "string"}}}
    yield place, put(("components",), "schemas", document.get("components", {}).get("schemas", {}) | {"BrandNew": new})


@kind
def drop_a_schema(document: Document) -> Places:
    """Where it was referred to stands a text."""
    for name, node in document.get("components", {}).get("schemas", {}).items():
        place = ("components", "schemas", name)
        if {"properties", "allOf", "enum"} & node.keys():
            yield place, all_of(_references(document, name, {"type": "string"}), drop(place))


@kind
def rename_a_schema(document: Document) -> Places:
    for name, node in document.get("components", {}).get("schemas", {}).items():
        place = ("components", "schemas", name)
        if {"properties", "allOf", "enum"} & node.keys():
            moved = {"$ref": "#/components/schemas/Renamed"}
            yield place, all_of(_references(document, name, moved), rename(place, "Renamed"))


def _nullable_flipped(document: Document, place: Pointer) -> Change:
    """By a keyword in 3.0, and among the types in 3.1."""
    node = at(document, place)
    if str(document["openapi"]).startswith("3.0"):
        return put(place, "nullable", not node.get("nullable", False))
    types = [node["type"]] if isinstance(node["type"], str) else node["type"]
    flipped = [name for name in types if name != "null"] if "null" in types else [*types, "null"]
    values = [value for value in node.get("enum", []) if value is not None]
    return all_of(put(place, "type", flipped), put(place, "enum", values) if values else all_of())


def _not_required(document: Document, place: Pointer) -> Change:
    owner, name = place[:-2], place[-1]
    required = at(document, owner).get("required", [])
    return put(owner, "required", [other for other in required if other != name])


def _references(document: Document, name: str, replacement: Mapping[str, object]) -> Change:
    """The change that puts something in place of each reference to a schema; a member of allOf says nothing then."""
    places = [
        pointer
        for pointer, node in walk(document)
        if isinstance(node, dict) and node.get("$ref") == f"#/components/schemas/{name}"
    ]

    def change(document: Document) -> None:
        for place in places:
            node = at(document, place)
            node.clear()
            node.update({} if "$ref" not in replacement and "allOf" in place else replacement)

    return change
