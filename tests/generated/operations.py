"""Operations as the raw document writes them: parameters merged, references followed, responses by status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from http import HTTPStatus
from typing import Any, NamedTuple

from pipeline.document import Document, OperationKey, Pointer, operations, show_pointer
from tests.generated.schemas import (
    NoRuleError,
    Schema,
    at,
    component_schemas,
    identifier,
    locate,
    pointer_of,
    with_all_inside,
)


class Parameter(NamedTuple):
    """A parameter: its name and location on the wire, and its name in Python."""

    pointer: Pointer
    wire: str
    location: str
    required: bool
    schema: Schema
    python_name: str

    @property
    def place(self) -> str:
        """Where it stands, as a JSON pointer."""
        return show_pointer(self.pointer)


class Content(NamedTuple):
    """A body: its content type, None for no body, and its schema if one is stated."""

    content_type: str | None
    schema: Schema | None


class Body(NamedTuple):
    """A request body, in one of its content types."""

    pointer: Pointer
    required: bool
    contents: list[Content]


class Answer(NamedTuple):
    """A documented response in one of its content types."""

    pointer: Pointer
    status: str
    content: Content

    @property
    def place(self) -> str:
        """Where it stands, as a JSON pointer."""
        return show_pointer(self.pointer)


class Operation(NamedTuple):
    """An operation with everything that a caller of its function sees."""

    key: OperationKey
    tag: str
    name: str
    parameters: list[Parameter]
    body: Body | None
    answers: list[Answer]

    @property
    def place(self) -> str:
        """Where it stands, as a JSON pointer."""
        return show_pointer(("paths", self.key.path, self.key.method))

    def undocumented(self) -> list[int]:
        """The statuses that the document says nothing of."""
        stated = {answer.status for answer in self.answers}
        if "default" in stated:
            return []
        return [s.value for s in HTTPStatus if s >= HTTPStatus.OK and not {str(s.value), f"{s // 100}XX"} & stated]

    def example_status(self, answer: Answer) -> int:
        """A status that this response, and no other, is documented for."""
        if answer.status.isdecimal():
            return int(answer.status)
        stated = {other.status for other in self.answers}
        for status in (s.value for s in HTTPStatus if s >= HTTPStatus.OK):
            in_range = answer.status == f"{status // 100}XX"
            left_over = answer.status == "default" and f"{status // 100}XX" not in stated
            if str(status) not in stated and (in_range or left_over):
                return status
        raise NoRuleError(answer.pointer, f"the status {answer.status}")


class Spec:
    """A document with its operations and schemas, each read once."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def operations(self) -> list[Operation]:
        """Every operation."""
        return read_operations(self.document)

    @cached_property
    def schemas(self) -> list[Schema]:
        """Every schema in use, and everything inside it."""
        return list(every_schema(self.document))


def read_operations(document: Document) -> list[Operation]:
    """Every operation of the document."""
    return [_operation(document, key, node) for key, node in operations(document)]


def every_schema(document: Document) -> Iterator[Schema]:
    """Every schema of the components and of the operations, and everything inside them, once."""
    return with_all_inside(iter([*component_schemas(document), *_schemas_of_operations(document)]))


def _schemas_of_operations(document: Document) -> Iterator[Schema]:
    for operation in read_operations(document):
        yield from (parameter.schema for parameter in operation.parameters)
        contents = [*(operation.body.contents if operation.body else []), *(a.content for a in operation.answers)]
        yield from (content.schema for content in contents if content.schema is not None)


def _operation(document: Document, key: OperationKey, node: Mapping[str, Any]) -> Operation:
    name = identifier(node.get("operationId") or _made_up_id(key))
    return Operation(
        key,
        tag=identifier(next(iter(node.get("tags", [])), "default")),
        name=name,
        parameters=_parameters(document, key, name),
        body=_body(document, key, node, name),
        answers=list(_answers(document, key, node, name)),
    )


def _made_up_id(key: OperationKey) -> str:
    return f"{key.method}_{key.path.replace('{', '').replace('}', '').replace('/', '_').strip('_')}"


def _parameters(document: Document, key: OperationKey, operation: str) -> list[Parameter]:
    """The operation's parameters and those of its path that it does not redefine."""
    found: dict[tuple[str, str], tuple[Pointer, Mapping[str, Any]]] = {}
    for owner in (("paths", key.path, key.method), ("paths", key.path)):
        for index in range(len(at(document, owner).get("parameters", []))):
            pointer, node = _follow(document, (*owner, "parameters", str(index)))
            found.setdefault((node["name"], node["in"]), (pointer, node))
    names = Counter(identifier(wire) for wire, _ in found)
    return [
        _parameter(document, pointer, node, operation, clashes=names[identifier(wire)] > 1)
        for (wire, _), (pointer, node) in found.items()
    ]


def _parameter(
    document: Document, pointer: Pointer, node: Mapping[str, Any], operation: str, *, clashes: bool
) -> Parameter:
    if "schema" not in node:
        raise NoRuleError(pointer, "a parameter without a schema")
    wire, location = node["name"], node["in"]
    schema = locate(document, (*pointer, "schema"), node["schema"], wire, operation)
    python_name = identifier(wire)
    if clashes or python_name in {"client", "url"}:
        python_name = identifier(f"{python_name}_{location}")
    return Parameter(pointer, wire, location, bool(node.get("required")), schema, python_name)


def _body(document: Document, key: OperationKey, operation: Mapping[str, Any], name: str) -> Body | None:
    if "requestBody" not in operation:
        return None
    pointer, node = _follow(document, ("paths", key.path, key.method, "requestBody"))
    if len(node["content"]) > 1:
        raise NoRuleError(pointer, "a request body with several content types")
    return Body(pointer, bool(node.get("required")), list(_contents(document, pointer, node, "body", name)))


def _answers(document: Document, key: OperationKey, operation: Mapping[str, Any], name: str) -> Iterator[Answer]:
    for status in operation["responses"]:
        pointer, node = _follow(document, ("paths", key.path, key.method, "responses", status))
        for content in _contents(document, pointer, node, f"response_{status}", name):
            yield Answer(pointer, status.upper() if status != "default" else status, content)


def _contents(
    document: Document, pointer: Pointer, node: Mapping[str, Any], name: str, parent: str
) -> Iterator[Content]:
    if not node.get("content"):
        yield Content(None, None)
    for content_type, media in node.get("content", {}).items():
        place = (*pointer, "content", content_type, "schema")
        stated = "schema" in media
        yield Content(content_type, locate(document, place, media["schema"], name, parent) if stated else None)


def _follow(document: Document, pointer: Pointer) -> tuple[Pointer, Mapping[str, Any]]:
    node = at(document, pointer)
    while "$ref" in node:
        pointer = pointer_of(node["$ref"])
        node = at(document, pointer)
    return pointer, node
