"""Kinds of edits (see `edits.py`) of operations, their bodies and responses."""

# ruff: noqa: D103 - the name of a kind says what it does

from __future__ import annotations

from itertools import pairwise

from pipeline.document import Document, Pointer
from tests.generated.edits import Places, all_of, drop, kind, operation_pointers, put, rename
from tests.generated.operations import read_operations
from tests.generated.schemas import Schema, at

NEW_RESPONSE = {"description": "new", "content": {"application/json": {"schema": {"type": "integer"}}}}
NEW_CONTENT = {
    "schema": {"type": "object", "required": ["brand_new"], "properties": {"brand_new": {"type": "boolean"}}}
}


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


@kind
def flip_whether_an_operation_is_deprecated(document: Document) -> Places:
    for place in operation_pointers(document):
        yield place, put(place, "deprecated", not at(document, place).get("deprecated", False))


@kind
def flip_whether_an_operation_wants_a_key(document: Document) -> Places:
    for operation in read_operations(document):
        place = ("paths", operation.key.path, operation.key.method)
        for name in document.get("components", {}).get("securitySchemes", {}):
            yield place, put(place, "security", [] if operation.secured else [{name: []}])


@kind
def change_where_the_key_is_sent(document: Document) -> Places:
    for name, scheme in document.get("components", {}).get("securitySchemes", {}).items():
        place = ("components", "securitySchemes")
        for location in {"header", "query", "cookie"} - {scheme.get("in")}:
            yield (*place, name), put(place, name, {"type": "apiKey", "in": location, "name": "moved"})
        yield (*place, name), put(place, name, {"type": "apiKey", "in": scheme.get("in", "header"), "name": "renamed"})
        if scheme.get("scheme") != "bearer":
            yield (*place, name), put(place, name, {"type": "http", "scheme": "bearer"})


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


@kind
def change_a_content_type_of_a_body(document: Document) -> Places:
    for place in _bodies(document):
        for content_type, media in at(document, place)["content"].items():
            other = "multipart/form-data" if "json" in content_type or "octet" in content_type else "application/json"
            change = drop((*place, "content", content_type, "encoding")) if "encoding" in media else all_of()
            if other not in at(document, place)["content"]:
                moved = rename((*place, "content", content_type), other)
                yield (*place, "content", content_type), all_of(change, moved)


@kind
def add_a_content_type_to_a_body(document: Document) -> Places:
    for place in _bodies(document):
        for content_type in ("application/json", "multipart/form-data", "image/webp"):
            if content_type not in at(document, place)["content"]:
                yield (*place, "content", content_type), put((*place, "content"), content_type, NEW_CONTENT)


@kind
def drop_a_content_type_of_a_body(document: Document) -> Places:
    for place in _bodies(document):
        content = at(document, place)["content"]
        for content_type in content if len(content) > 1 else ():
            yield (*place, "content", content_type), drop((*place, "content", content_type))


@kind
def change_how_a_field_of_a_form_is_written(document: Document) -> Places:
    for operation in read_operations(document):
        for content in operation.body.contents if operation.body else ():
            if content.form in {"form", "multipart"} and content.schema is not None and operation.body is not None:
                place = (*operation.body.pointer, "content", content.content_type or "")
                for prop in content.schema.properties:
                    styled = content.encodings.get(prop.wire, {}).keys() & {"style", "explode"}
                    other = {} if styled else {"style": "form", "explode": False}
                    if prop.schema.kind == "array" and not _is_binary(prop.schema.items):
                        yield (*place, prop.wire), put(place, "encoding", {**content.encodings, prop.wire: other})


@kind
def change_the_content_type_of_a_part(document: Document) -> Places:
    for operation in read_operations(document):
        for content in operation.body.contents if operation.body else ():
            if content.form == "multipart" and content.schema is not None and operation.body is not None:
                place = (*operation.body.pointer, "content", content.content_type or "")
                for prop in content.schema.properties:
                    styled = content.encodings.get(prop.wire, {}).keys() & {"style", "explode"}
                    if not styled:
                        other = {**content.encodings, prop.wire: {"contentType": "application/vnd.other+json"}}
                        yield (*place, prop.wire), put(place, "encoding", other)


@kind
def change_the_content_type_of_a_response(document: Document) -> Places:
    for operation in read_operations(document):
        for answer in operation.answers if operation.key.method != "head" else ():
            place, content_type = (*answer.pointer, "content"), answer.content.content_type
            for other in ("application/json", "text/plain", "image/gif"):
                changed = answer.content._replace(content_type=other)
                forms = {a.content.form for a in operation.answers if a.status == answer.status}
                if content_type is not None and changed.form not in forms:
                    yield (*place, content_type), rename((*place, content_type), other)


def _bodies(document: Document) -> list[Pointer]:
    """Where request bodies are written, each once."""
    return sorted({operation.body.pointer for operation in read_operations(document) if operation.body})


def _is_binary(schema: Schema) -> bool:
    return schema.node.get("format") == "binary"


def _as_by_default(responses: dict[str, object], status: str) -> bool:
    """Whether a status is answered as any other is, so that it may as well not be documented."""
    return status != "default" and responses[status] == responses.get("default")
