"""Turn a valid document into one whose every operation the generator's parser accepts. Pure; logs what it changed.

The parser drops or refuses things before any template runs: parameters with `content`, arrays in headers, several
content types, odd names. It is only needed for what a schema becomes in Python, so operations are put before it in the
plainest form, and what they really say on the wire stands in the facts, read from the same document.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from openapi_python_client.strings import PythonIdentifier

from pipeline.document import Document, OperationKey, Pointer, operations, resolved, show_pointer
from pipeline.errors import PipelineError
from pipeline.plain_schemas import Note, make_schemas_plain, unique_name

RESERVED_ARGUMENTS: Final = frozenset({"body", "client", "url"})
_STATUS: Final = re.compile(r"[1-5](\d\d|XX)|default")


class ParameterPlace(NamedTuple):
    """A parameter under the name that the parser knows it by, with what the document says of it."""

    alias: str
    data: Mapping[str, Any]
    pointer: str


class OperationPlace(NamedTuple):
    """An operation under the id that the parser knows it by, with everything it refers to resolved."""

    alias: str
    key: OperationKey
    data: Mapping[str, Any]
    parameters: tuple[ParameterPlace, ...]
    body: Mapping[str, Any]
    replies: Mapping[str, Mapping[str, Any]]
    pointer: str


class Normalised(NamedTuple):
    """The document for the parser, the operations as they really are, and what was changed.

    `wire_names` has the properties that the parser knows by another name than the wire.
    """

    document: Document
    operations: tuple[OperationPlace, ...]
    notes: tuple[Note, ...]
    wire_names: Mapping[str, str]


def normalise(document: Document) -> Normalised:
    """Normalise a valid document, which stays as it is.

    Raises:
        PipelineError: two operations have the same operationId.
    """
    notes: list[Note] = []
    schemas = copy.deepcopy(document)
    items = document.get("paths", {}).items()
    schemas["paths"] = {path: copy.deepcopy(resolved(document, item)) for path, item in items if path.startswith("/")}
    wire_names = make_schemas_plain(schemas, notes)
    places = tuple(_places(schemas, notes))
    paths: Document = {}
    for number, place in enumerate(places):
        paths.setdefault(f"/{number}", {})[place.key.method] = _for_parser(place)
    return Normalised({**schemas, "paths": paths, **_components(schemas)}, places, tuple(notes), wire_names)


def _components(document: Document) -> Document:
    """Only the schemas: everything else is resolved where it is used."""
    return {"components": {"schemas": document.get("components", {}).get("schemas", {})}}


def _places(document: Document, notes: list[Note]) -> Iterator[OperationPlace]:
    taken: set[str] = set()
    ids: dict[str, OperationKey] = {}
    for key, data in operations(document):
        pointer: Pointer = ("paths", key.path, key.method)
        stated = data.get("operationId")
        if stated in ids:
            raise PipelineError(f"{ids[stated]} and {key} have the same operationId {stated}; rename one.")
        if stated is not None:
            ids[stated] = key
        alias = unique_name(stated or f"{key.method}_{key.path}", taken, PythonIdentifier)
        if stated is not None and PythonIdentifier(alias, "") != PythonIdentifier(stated, ""):
            notes.append(Note(show_pointer(pointer), f"is called {alias}, as another operation is a {stated} too"))
        yield OperationPlace(
            alias=alias,
            key=key,
            data=data,
            parameters=tuple(_parameters(document, key, data, notes)),
            body=resolved(document, data.get("requestBody") or {}),
            replies=_replies(document, data, pointer, notes),
            pointer=show_pointer(pointer),
        )


def _parameters(
    document: Document, key: OperationKey, operation: Document, notes: list[Note]
) -> Iterator[ParameterPlace]:
    """The operation's parameters, and its path's that it does not replace; those in the path in its order."""
    found: dict[tuple[str, str], tuple[Document, Pointer]] = {}
    base: Pointer = ("paths", key.path)
    for data, pointer in ((document["paths"][key.path], base), (operation, (*base, key.method))):
        for index, item in enumerate(data.get("parameters", [])):
            parameter = resolved(document, item)
            found[parameter["name"], parameter["in"]] = (parameter, (*pointer, "parameters", str(index)))
    ordered = sorted(found.values(), key=lambda item: _path_position(key.path, item[0]))
    names = [PythonIdentifier(data["name"], "field_") for data, _ in ordered]
    taken: set[str] = set(RESERVED_ARGUMENTS)
    for (data, pointer), name in zip(ordered, names, strict=True):
        alias = data["name"]
        places = {other["in"] for (other, _), its in zip(ordered, names, strict=True) if its == name}
        if name in RESERVED_ARGUMENTS or len(places) > 1:
            alias = f"{alias}_{data['in']}"
        alias = unique_name(alias, taken, PythonIdentifier)
        if alias != data["name"]:
            notes.append(Note(show_pointer(pointer), f"is called {alias}, as its own name is taken"))
        yield ParameterPlace(alias, data, show_pointer(pointer))


def _path_position(path: str, parameter: Document) -> int:
    position = path.find("{" + parameter["name"] + "}") if parameter["in"] == "path" else -1
    return position if position >= 0 else len(path)


def _replies(document: Document, operation: Document, pointer: Pointer, notes: list[Note]) -> dict[str, Document]:
    replies: dict[str, Document] = {}
    for status, reply in operation.get("responses", {}).items():
        if status.startswith("x-"):
            continue
        known = status if status == "default" else status.upper()
        if not _STATUS.fullmatch(known):
            notes.append(Note(show_pointer((*pointer, "responses", status)), "is no status, and is left out"))
            continue
        replies[known] = resolved(document, reply)
    return replies


def _for_parser(place: OperationPlace) -> Document:
    """The operation in the plainest form that keeps its schemas: the facts say the rest."""
    plain: Document = {
        "operationId": place.alias,
        "tags": place.data.get("tags") or ["default"],
        "parameters": [_plain_parameter(item) for item in place.parameters],
        "responses": {status: _plain_reply(reply) for status, reply in place.replies.items()},
    }
    plain |= {name: place.data[name] for name in ("summary", "description") if name in place.data}
    media_types = place.body.get("content", {})
    content = {alias: _plain_body(alias, media_types[name]) for name, alias in body_aliases(media_types).items()}
    if content:
        plain["requestBody"] = {"required": bool(place.body.get("required")), "content": content}
    return plain


def _plain_parameter(place: ParameterPlace) -> Document:
    """As a query parameter, since the parser allows any schema there."""
    plain = {"name": place.alias, "in": "query", "schema": parameter_schema(place.data)}
    if description := place.data.get("description"):
        plain["description"] = description
    return plain | {"required": place.data.get("required", False)}


def parameter_schema(parameter: Mapping[str, Any]) -> Document:
    """The schema of a parameter, which stands in its `schema` or in its `content`."""
    content: Mapping[str, Any] = next(iter(parameter.get("content", {}).values()), {})
    schema: Document = parameter.get("schema") or content.get("schema") or {}
    description = parameter.get("description")
    return {**schema, "description": description} if description and "$ref" not in schema else schema


def _plain_reply(reply: Mapping[str, Any]) -> Document:
    """JSON of any kind as one schema; text and bytes need none."""
    media = [item for media_type, item in reply.get("content", {}).items() if is_json(media_type)]
    schemas = [item.get("schema", {}) for item in media]
    plain: Document = {"description": reply.get("description", "")}
    if schemas:
        distinct = [schema for index, schema in enumerate(schemas) if schema not in schemas[:index]]
        schema = distinct[0] if len(distinct) == 1 else {"anyOf": distinct}
        plain["content"] = {"application/json": {"schema": schema}}
    return plain


def media_type_name(media_type: str) -> str:
    """A media type in lower case and without parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether a media type, as the document writes it, is JSON."""
    name = media_type_name(media_type)
    return name == "application/json" or name.endswith("+json")


def body_form(media_type: str) -> str:
    """How a body of this media type is encoded: json, form, multipart or raw."""
    name = media_type_name(media_type)
    if is_json(media_type):
        return "json"
    return {"application/x-www-form-urlencoded": "form", "multipart/form-data": "multipart"}.get(name, "raw")


def body_aliases(content: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """By media type, the one under which the parser knows its schema; none for raw content, which has none.

    JSON of any kind is JSON to it, and equal schemas are one class.
    """
    aliases: dict[str, str] = {}
    schemas: list[object] = []
    for media_type, media in content.items():
        if is_json(media_type):
            if (schema := media.get("schema", {})) not in schemas:
                schemas.append(schema)
            number = schemas.index(schema) + 1
            aliases[media_type] = "application/json" if number == 1 else f"application/json{number}+json"
        elif body_form(media_type) != "raw":
            aliases[media_type] = media_type_name(media_type)
    return aliases


def _plain_body(alias: str, media: Mapping[str, Any]) -> Document:
    """A second JSON body needs a class name of its own."""
    schema: Document = media.get("schema", {})
    if alias.endswith("+json") and "$ref" not in schema and "title" not in schema:
        schema = {**schema, "title": alias.removeprefix("application/").removesuffix("+json")}
    return {"schema": schema}
