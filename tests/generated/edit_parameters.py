"""Kinds of edits (see `edits.py`) of parameters: what they are, how they are written, and their bounds."""

# ruff: noqa: D103 - the name of a kind says what it does

from __future__ import annotations

from typing import Any, Final

from pipeline.document import Document, Pointer
from tests.generated.edits import (
    Places,
    all_of,
    drop,
    kind,
    operation_pointers,
    parameter_pointers,
    parameter_schemas,
    put,
    unlike,
)
from tests.generated.operations import Parameter, read_operations
from tests.generated.rule_bounds import BOUNDS
from tests.generated.schemas import Schema, at

NEW_PARAMETER: Final = {"name": "brand_new", "in": "query", "schema": {"type": "string"}}
STYLES: Final = {
    "query": ("form", "spaceDelimited", "pipeDelimited"),
    "path": ("simple", "label", "matrix"),
}
NEW_BOUNDS: Final[dict[str, dict[str, Any]]] = {
    "integer": {"minimum": 5, "maximum": 1000, "multipleOf": 7},
    "number": {"minimum": 0.5, "maximum": 0.75, "multipleOf": 0.25},
    "string": {"minLength": 2, "maxLength": 40, "pattern": "^[a-z]"},
    "array": {"minItems": 2, "maxItems": 4, "uniqueItems": True},
}


@kind
def drop_a_parameter(document: Document) -> Places:
    for operation in read_operations(document):
        owner = ("paths", operation.key.path, operation.key.method, "parameters")
        for index in range(len(at(document, owner[:-1]).get("parameters", []))):
            yield (*owner, str(index)), drop((*owner, str(index)))


@kind
def add_a_parameter(document: Document) -> Places:
    for place in operation_pointers(document):
        yield place, put(place, "parameters", [*at(document, place).get("parameters", []), NEW_PARAMETER])


@kind
def rename_a_parameter(document: Document) -> Places:
    for place in parameter_pointers(document):
        yield place, put(place, "name", "renamed_parameter")


@kind
def respell_a_parameter(document: Document) -> Places:
    """Another name on the wire that is the same name in Python."""
    for place in parameter_pointers(document):
        name = at(document, place)["name"]
        if name.islower() and at(document, place)["in"] != "header":
            yield place, put(place, "name", name.capitalize())


@kind
def flip_whether_a_parameter_is_required(document: Document) -> Places:
    for place in parameter_pointers(document):
        if at(document, place)["in"] != "path":
            yield place, put(place, "required", not at(document, place).get("required", False))


@kind
def change_the_type_of_a_parameter(document: Document) -> Places:
    for place in parameter_pointers(document):
        owner = _schema_owner(document, place)
        yield place, put(owner, "schema", unlike(at(document, owner)["schema"]))


@kind
def make_a_parameter_an_array(document: Document) -> Places:
    for place in parameter_pointers(document):
        owner = _schema_owner(document, place)
        yield place, put(owner, "schema", {"type": "array", "items": at(document, owner)["schema"]})


@kind
def move_a_parameter(document: Document) -> Places:
    for place in parameter_pointers(document):
        if (location := at(document, place)["in"]) != "path":
            yield place, put(place, "in", "header" if location == "query" else "query")


@kind
def change_the_style_of_a_parameter(document: Document) -> Places:
    for parameter in _parameters(document):
        for style in STYLES.get(parameter.location, ()):
            if style != parameter.style and not parameter.as_json:
                yield parameter.pointer, put(parameter.pointer, "style", style)


@kind
def flip_whether_a_parameter_is_exploded(document: Document) -> Places:
    for parameter in _parameters(document):
        if not parameter.as_json:
            yield parameter.pointer, put(parameter.pointer, "explode", not parameter.explode)


@kind
def flip_whether_a_parameter_keeps_reserved_characters(document: Document) -> Places:
    for parameter in _parameters(document):
        if parameter.location == "query" and not parameter.as_json:
            yield parameter.pointer, put(parameter.pointer, "allowReserved", not parameter.allow_reserved)


@kind
def write_a_parameter_as_json(document: Document) -> Places:
    for parameter in _parameters(document):
        if not parameter.as_json:
            content = {"application/json": {"schema": at(document, parameter.pointer)["schema"]}}
            without = drop((*parameter.pointer, "schema"))
            yield parameter.pointer, all_of(put(parameter.pointer, "content", content), without)


@kind
def change_a_bound(document: Document) -> Places:
    for schema in parameter_schemas(document):
        for keyword in sorted(BOUNDS & schema.node.keys()):
            yield (*schema.pointer, keyword), put(schema.pointer, keyword, _other_bound(schema, keyword))


@kind
def drop_a_bound(document: Document) -> Places:
    for schema in parameter_schemas(document):
        for keyword in sorted(BOUNDS & schema.node.keys()):
            if schema.node[keyword] is not True or keyword == "uniqueItems":
                yield (*schema.pointer, keyword), drop((*schema.pointer, keyword))


@kind
def add_a_bound(document: Document) -> Places:
    for schema in parameter_schemas(document):
        for keyword, bound in NEW_BOUNDS.get(schema.kind, {}).items():
            if keyword not in schema.node and "format" not in schema.node:
                yield (*schema.pointer, keyword), put(schema.pointer, keyword, bound)


def _other_bound(schema: Schema, keyword: str) -> Any:
    bound = schema.node[keyword]
    if isinstance(bound, bool):
        return not bound
    return f"{bound}|~~" if isinstance(bound, str) else bound + 1


def _parameters(document: Document) -> list[Parameter]:
    """The parameters in use, each once however many operations refer to it."""
    found = (parameter for operation in read_operations(document) for parameter in operation.parameters)
    return list({parameter.pointer: parameter for parameter in found}.values())


def _schema_owner(document: Document, place: Pointer) -> Pointer:
    """Where a parameter's schema stands: in it, or in its `content`."""
    return place if "schema" in at(document, place) else (*place, "content", *at(document, place)["content"])
