"""Operations as the raw document writes them: parameters merged, references followed, responses by status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from http import HTTPStatus
from typing import Any, Final, NamedTuple

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

STYLES: Final = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
BODY_TYPES: Final = {"json": "json", "form": "data", "multipart": "files"}
RESERVED_ARGUMENTS: Final = frozenset({"body", "client", "url"})


class Parameter(NamedTuple):
    """A parameter: its names on the wire and in Python, and how it is written; `as_json` if it has a `content`."""

    pointer: Pointer
    wire: str
    location: str
    required: bool
    schema: Schema
    python_name: str
    style: str
    explode: bool
    allow_reserved: bool
    as_json: bool

    @property
    def place(self) -> str:
        """Where it stands, as a JSON pointer."""
        return show_pointer(self.pointer)


class Content(NamedTuple):
    """A body: its content type, None for no body, and its schema if one is stated."""

    content_type: str | None
    schema: Schema | None
    encodings: Mapping[str, Mapping[str, Any]]

    @property
    def form(self) -> str:
        """How it is written and read: none, json, text, form, multipart or raw."""
        plain = (self.content_type or "none").partition(";")[0].strip().lower()
        if plain == "application/json" or plain.endswith("+json"):
            return "json"
        forms = {"none": "none", "application/x-www-form-urlencoded": "form", "multipart/form-data": "multipart"}
        return forms.get(plain, "text" if plain.startswith("text/") else "raw")


class Body(NamedTuple):
    """A request body, in all of its content types."""

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
    stated_id: str | None
    secured: bool
    deprecated: bool

    @property
    def place(self) -> str:
        """Where it stands, as a JSON pointer."""
        return show_pointer(("paths", self.key.path, self.key.method))

    @property
    def has_shorthands(self) -> bool:
        """Whether there is something to return: a body, or the knowledge that the only answer there is came."""
        bodies = any(answer.content.content_type for answer in self.answers)
        return self.key.method != "head" and (bodies or len(self.answers) == 1)

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
    def security_scheme(self) -> Mapping[str, Any] | None:
        """How callers show who they are, if they can."""
        schemes: Mapping[str, Any] = self.document.get("components", {}).get("securitySchemes", {})
        if len(schemes) > 1:
            raise NoRuleError(("components", "securitySchemes"), "several security schemes")
        return next(iter(schemes.values()), None)

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
        stated_id=node.get("operationId"),
        secured=bool(node.get("security", document.get("security", []))),
        deprecated=bool(node.get("deprecated")),
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
    wire, location = node["name"], node["in"]
    python_name = identifier(wire)
    alias = f"{wire}_{location}" if clashes or python_name in RESERVED_ARGUMENTS else wire
    place, stated = _stated_schema(node)
    style = node.get("style", STYLES[location])
    return Parameter(
        pointer,
        wire,
        location,
        bool(node.get("required")),
        locate(document, (*pointer, *place), stated, alias, operation),
        identifier(alias),
        style,
        node.get("explode", style in {"form", "deepObject"}),
        bool(node.get("allowReserved")),
        "content" in node,
    )


def _stated_schema(node: Mapping[str, Any]) -> tuple[Pointer, Mapping[str, Any]]:
    """A parameter's schema and its place in it; one with a `content` has its schema there."""
    for content_type, media in node.get("content", {}).items():
        return ("content", content_type, "schema"), media.get("schema", {})
    return ("schema",), node["schema"]


def _body(document: Document, key: OperationKey, operation: Mapping[str, Any], name: str) -> Body | None:
    if "requestBody" not in operation:
        return None
    pointer, node = _follow(document, ("paths", key.path, key.method, "requestBody"))
    return Body(pointer, bool(node.get("required")), list(_contents(document, pointer, node, "body", name)))


def _answers(document: Document, key: OperationKey, operation: Mapping[str, Any], name: str) -> Iterator[Answer]:
    for status in operation["responses"]:
        pointer, node = _follow(document, ("paths", key.path, key.method, "responses", status))
        for content in _contents(document, pointer, node, f"response_{status}", name):
            yield Answer(pointer, status.upper() if status != "default" else status, content)


def _contents(
    document: Document, pointer: Pointer, node: Mapping[str, Any], name: str, parent: str
) -> Iterator[Content]:
    media_types = node.get("content", {})
    several = len({Content(content_type, None, {}).form for content_type in media_types} & BODY_TYPES.keys()) > 1
    if not media_types:
        yield Content(None, None, {})
    for content_type, media in media_types.items():
        place = (*pointer, "content", content_type, "schema")
        content = Content(content_type, None, media.get("encoding", {}))
        stated = content.form not in {"raw", "text"}  # what is no JSON and no form is handed on as it is
        owner = f"{parent}_{BODY_TYPES[content.form]}" if name == "body" and stated and several else parent
        schema = locate(document, place, media.get("schema", {}), name, owner) if stated else None
        yield content._replace(schema=schema)


def _follow(document: Document, pointer: Pointer) -> tuple[Pointer, Mapping[str, Any]]:
    node = at(document, pointer)
    while "$ref" in node:
        pointer = pointer_of(node["$ref"])
        node = at(document, pointer)
    return pointer, node
