"""What of OpenAPI these rules judge, so that what they do not judge is refused instead of passing unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from pipeline.document import METHODS, Document, Pointer, operations, show_pointer
from tests.generated.judging import guarded
from tests.generated.operations import Operation, Spec
from tests.generated.package import Package
from tests.generated.rule_bounds import BOUNDS
from tests.generated.schemas import Schema, at

T = TypeVar("T")

NOTES: Final = frozenset({"title", "summary", "description", "example", "examples", "deprecated", "externalDocs"})
JUDGED: Final = {
    "schema": NOTES
    | BOUNDS
    | {"$ref", "type", "format", "const", "enum", "nullable", "default", "allOf", "anyOf", "oneOf"}
    | {"properties", "required", "additionalProperties", "items"},
    "parameter": NOTES | {"name", "in", "required", "schema", "content", "style", "explode", "allowReserved"},
    "operation": NOTES | {"tags", "operationId", "parameters", "requestBody", "responses", "security"},
    "path": NOTES | {*METHODS, "parameters"},
    "response": NOTES | {"content", "headers"},  # headers are handed out as they come
    "media type": NOTES | {"schema", "encoding"},
    "request body": NOTES | {"content", "required"},
}


def mismatches(spec: Spec, _package: Package) -> Iterator[str]:
    """One sentence for each keyword in use that no rule knows."""
    document = spec.document
    for path, item in document.get("paths", {}).items():
        yield from _unknown("path", ("paths", path), item)
    for key, operation in operations(document):
        yield from _unknown("operation", ("paths", key.path, key.method), operation)
    for pointer in sorted(_pointers_in_operations(spec)):
        yield from _unknown_in_operation(document, pointer)
    for described in spec.operations:
        yield from _unknown_contents(described)
    for schema in spec.schemas:
        yield from _unknown("schema", schema.pointer, schema.node)
        yield from guarded(_attempted, _all_inside, schema)


def _pointers_in_operations(spec: Spec) -> set[Pointer]:
    """The places of parameters, request bodies and responses, each once."""
    found: set[Pointer] = set()
    for operation in spec.operations:
        found |= {parameter.pointer for parameter in operation.parameters}
        found |= {answer.pointer for answer in operation.answers}
        found |= {operation.body.pointer} if operation.body else set()
    return found


def _unknown_in_operation(document: Document, pointer: Pointer) -> Iterator[str]:
    node = at(document, pointer)
    kind = "parameter" if "in" in node else "request body" if _is_body(pointer) else "response"
    yield from _unknown(kind, pointer, node)
    for content_type, media in node.get("content", {}).items():
        yield from _unknown("media type", (*pointer, "content", content_type), media)


def _unknown_contents(operation: Operation) -> Iterator[str]:
    """What the rules of requests could not write."""
    for parameter in operation.parameters:
        inner = [prop.schema for prop in parameter.schema.properties] if parameter.schema.kind == "object" else []
        inner += [parameter.schema.items] if parameter.schema.kind == "array" else []
        unwritable = [schema.kind for schema in inner if schema.kind in {"any", "array", "null", "object"}]
        untyped = parameter.schema.kind in {"any", "null"} and "enum" not in parameter.schema.node
        if untyped or (unwritable and not parameter.as_json):
            yield f"{parameter.place}: no rule for a parameter of the type {parameter.schema.kind} of {unwritable}"
    for answer in operation.answers:
        if operation.key.method == "head" and answer.content.form != "none":
            yield f"{answer.place}: no rule for a content of HEAD, which has none"
    for content in operation.body.contents if operation.body else ():
        if content.form in {"form", "multipart"} and content.schema and content.schema.kind != "object":
            yield f"{operation.place}/requestBody: no rule for a form of the type {content.schema.kind}"


def _attempted(attempt: Callable[[T], object], what: T) -> Iterator[str]:
    """Nothing, unless the attempt finds that there is no rule."""
    attempt(what)
    yield from ()


def _all_inside(schema: Schema) -> list[Schema]:
    return list(schema.children())


def _is_body(pointer: Pointer) -> bool:
    return pointer[-1] == "requestBody" or pointer[:2] == ("components", "requestBodies")


def _unknown(kind: str, pointer: Pointer, node: Mapping[str, Any]) -> Iterator[str]:
    for keyword in node:
        if keyword not in JUDGED[kind] and not keyword.startswith("x-"):
            yield f"{show_pointer(pointer)}: no rule for {keyword} in a {kind}"
