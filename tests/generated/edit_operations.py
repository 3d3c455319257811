"""Kinds of edits (see `edits.py`) of operations, their parameters, bodies and responses."""

# ruff: noqa: D103 - the name of a kind says what it does

from __future__ import annotations

from itertools import pairwise

from pipeline.document import Document
from tests.generated.edits import (
    Places,
    all_of,
    drop,
    kind,
    operation_pointers,
    parameter_pointers,
    put,
    rename,
    unlike,
)
from tests.generated.operations import read_operations
from tests.generated.schemas import at

NEW_RESPONSE = {"description": "new", "content": {"application/json": {"schema": {"type": "integer"}}}}
NEW_PARAMETER = {"name": "brand_new", "in": "query", "schema": {"type": "string"}}


# Operations


@kind
def drop_an_operation(document: Document) -> Places:
    for place in operation_pointers(document):
        yield place, drop(place)


@kind
def add_an_operation(document: Document) -> Places:
    for place in operation_pointers(document):
        responses = {"responses": {"204": {"description": "done"}}}
        operation = {"operationId": "brandNew", **{key: at(document, place).get(key, []) for key in ("tags",)}}
        yield place, put(("paths",), "/brand/new", {"get": operation | responses})


@kind
def rename_an_operation_id(document: Document) -> Places:
    for place in operation_pointers(document):
        yield place, put(place, "operationId", "renamedOperation")


@kind
def move_an_operation_to_another_tag(document: Document) -> Places:
    for place in operation_pointers(document):
        yield place, put(place, "tags", ["renamed_tag"])


@kind
def change_a_method(document: Document) -> Places:
    for place in operation_pointers(document):
        taken = at(document, place[:-1]).keys()
        other = next(method for method in ("get", "post", "put", "delete", "patch") if method not in taken)
        yield place, rename(place, other)


@kind
def change_a_path(document: Document) -> Places:
    for path in document["paths"]:
        yield ("paths", path), rename(("paths", path), f"{path}/moved")


@kind
def swap_two_paths(document: Document) -> Places:
    for first, second in pairwise(document["paths"]):
        items = {path: document["paths"][other] for path, other in ((first, second), (second, first))}
        if "{" not in first + second:
            yield ("paths", first), all_of(*(put(("paths",), path, item) for path, item in items.items()))


# Parameters


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
        schema = at(document, place)["schema"]
        if "default" not in schema and at(document, place)["in"] != "path":
            yield place, put(place, "required", not at(document, place).get("required", False))


@kind
def change_the_type_of_a_parameter(document: Document) -> Places:
    for place in parameter_pointers(document):
        yield place, put(place, "schema", unlike(at(document, place)["schema"]))


@kind
def make_a_parameter_an_array(document: Document) -> Places:
    for place in parameter_pointers(document):
        yield place, put(place, "schema", {"type": "array", "items": at(document, place)["schema"]})


@kind
def move_a_parameter(document: Document) -> Places:
    for place in parameter_pointers(document):
        if (location := at(document, place)["in"]) != "path":
            yield place, put(place, "in", "header" if location == "query" else "query")


# Bodies and responses


@kind
def drop_a_response(document: Document) -> Places:
    for place in operation_pointers(document):
        responses = at(document, place)["responses"]
        for status in responses if len(responses) > 1 else []:
            if not _as_by_default(responses, status):
                yield (*place, "responses", status), drop((*place, "responses", status))


@kind
def add_a_response(document: Document) -> Places:
    for place in operation_pointers(document):
        yield place, put((*place, "responses"), "418", NEW_RESPONSE)


@kind
def change_the_status_of_a_response(document: Document) -> Places:
    for place in operation_pointers(document):
        responses = at(document, place)["responses"]
        for status in responses:
            if not _as_by_default(responses, status):
                yield (*place, "responses", status), rename((*place, "responses", status), "418")


@kind
def change_the_schema_of_a_response(document: Document) -> Places:
    for place in operation_pointers(document):
        for status in at(document, place)["responses"]:
            yield (*place, "responses", status), put((*place, "responses"), status, NEW_RESPONSE)


@kind
def drop_the_content_of_a_response(document: Document) -> Places:
    for place in operation_pointers(document):
        for status, response in at(document, place)["responses"].items():
            if "content" in response:
                yield (*place, "responses", status), drop((*place, "responses", status, "content"))


@kind
def drop_a_request_body(document: Document) -> Places:
    for place in operation_pointers(document):
        if "requestBody" in at(document, place):
            yield place, drop((*place, "requestBody"))


@kind
def add_a_request_body(document: Document) -> Places:
    content = {"application/json": {"schema": {"type": "string"}}}
    for place in operation_pointers(document):
        if "requestBody" not in at(document, place):
            yield place, put(place, "requestBody", {"content": content})


@kind
def flip_whether_a_request_body_is_required(document: Document) -> Places:
    for place in operation_pointers(document):
        if (body := at(document, place).get("requestBody")) and "$ref" not in body:
            yield place, put((*place, "requestBody"), "required", not body.get("required", False))


def _as_by_default(responses: dict[str, object], status: str) -> bool:
    """Whether a status is answered as any other is, so that it may as well not be documented."""
    return status != "default" and responses[status] == responses.get("default")
