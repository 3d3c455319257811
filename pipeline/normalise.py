"""Turn a valid document into one whose every operation the generator's parser accepts. Pure; logs what it changed.

The parser drops or refuses things before any template runs: parameters with `content`, arrays in headers, several
content types, odd names. It is only needed for what a schema becomes in Python, so operations are put before it in the
plainest form, and what they really say on the wire stands in the facts, read from the same document.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from openapi_python_client.strings import PythonIdentifier

from pipeline.document import Document, OperationKey, Pointer, operations, show_pointer
from pipeline.errors import PipelineError

RESERVED_ARGUMENTS: Final = frozenset({"body", "client", "url"})
_STATUS: Final = re.compile(r"[1-5](\d\d|XX)|default")


class Note(NamedTuple):
    """Something that stands in the document in a form that the generator needs otherwise."""

    pointer: str
    change: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.change}"


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
    """The document for the parser, the operations as they really are, and what was changed."""

    document: Document
    operations: tuple[OperationPlace, ...]
    notes: tuple[Note, ...]


def normalise(document: Document) -> Normalised:
    """Normalise a valid document, which stays as it is.

    Raises:
        PipelineError: two operations have the same operationId.
    """
    notes: list[Note] = []
    schemas = copy.deepcopy(document)
    for pointer, schema in _schemas(schemas):
        _plain_enum(schema, pointer, notes)
        _plain_type(schema, pointer, notes)
    places = tuple(_places(schemas, notes))
    paths: Document = {}
    for number, place in enumerate(places):
        paths.setdefault(f"/{number}", {})[place.key.method] = _for_parser(place)
    return Normalised({**schemas, "paths": paths, **_components(schemas)}, places, tuple(notes))


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
        alias = _unique(stated or f"{key.method}_{key.path}", taken, PythonIdentifier)
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


def _unique(name: str, taken: set[str], identifier: Callable[[str, str], str]) -> str:
    """The name, or with a number where its Python form is taken."""
    candidate, number = name, 1
    while identifier(candidate, "field_") in taken:
        number += 1
        candidate = f"{name}_{number}"
    taken.add(identifier(candidate, "field_"))
    return candidate


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
    for (data, pointer), name in zip(ordered, names, strict=True):
        alias = data["name"]
        same = [other["in"] for (other, _), its in zip(ordered, names, strict=True) if its == name]
        if name in RESERVED_ARGUMENTS or len(set(same)) > 1:
            alias = f"{alias}_{data['in']}"
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
    if content := {
        _plain_media_type(media_type): {"schema": media.get("schema", {})}
        for media_type, media in place.body.get("content", {}).items()
        if body_form(media_type) != "raw"
    }:
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


def _plain_media_type(media_type: str) -> str:
    return "application/json" if is_json(media_type) else media_type_name(media_type)


def resolved(document: Document, node: Document) -> Document:
    """What a node is, or what its $ref leads to; `read_document` made sure that it leads somewhere."""
    seen: set[str] = set()
    while isinstance(reference := node.get("$ref"), str):
        if reference in seen:
            raise PipelineError(f"{reference} refers to itself; write out what it stands for.")
        seen.add(reference)
        target: Any = document
        for part in reference[1:].split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            target = target[int(key)] if isinstance(target, list) else target[key]
        node = target
    return node


_SCHEMA_MAPS: Final = frozenset({"properties", "patternProperties", "schemas", "$defs", "definitions"})
_SCHEMA_LISTS: Final = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SCHEMAS: Final = frozenset({"schema", "items", "additionalProperties", "not"})
_DATA: Final = frozenset({"example", "examples", "default", "enum", "const"})


def _schemas(node: object, pointer: Pointer = (), *, is_schema: bool = False) -> Iterator[tuple[Pointer, Document]]:
    """Every schema object of the document, outer ones first."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _schemas(item, (*pointer, str(index)))
    if not isinstance(node, dict):
        return
    if is_schema:
        yield pointer, node
    for key, value in list(node.items()):
        if key not in _DATA and not key.startswith("x-"):
            for place, inner, inner_is_schema in _below(key, value):
                yield from _schemas(inner, (*pointer, *place), is_schema=inner_is_schema)


def _below(key: str, value: object) -> Iterator[tuple[Pointer, object, bool]]:
    """What stands under a key, and whether each of it is a schema."""
    if key in _SCHEMA_MAPS and isinstance(value, dict):
        yield from (((key, name), inner, True) for name, inner in value.items())
    elif key in _SCHEMA_LISTS and isinstance(value, list):
        yield from (((key, str(index)), inner, True) for index, inner in enumerate(value))
    else:
        yield (key,), value, key in _SCHEMAS


def _plain_enum(schema: Document, pointer: Pointer, notes: list[Note]) -> None:
    """Mixed or clashing members: the parser raises for the one, and refuses the other."""
    values = schema.get("enum")
    if not isinstance(values, list):
        return
    members = list(dict.fromkeys(value for value in values if isinstance(value, str | int) and value is not None))
    kinds = {type(value) for value in values if value is not None}
    if not kinds <= {str} and kinds != {int}:
        notes.append(Note(show_pointer(pointer), "has an enum of mixed types, whose values are not checked"))
        schema.pop("enum")
        schema.pop("type", None)
    elif kinds:
        if len(members) + (None in values) < len(values):
            schema["enum"] = [*members, *([None] if None in values else [])]
        names = _member_names(members)
        if names is not None and "x-enum-varnames" not in schema:
            schema["x-enum-varnames"] = names


def _member_names(members: list[str | int]) -> list[str] | None:
    """Names for members whose own would be the same in capitals, such as asc and ASC."""
    if not all(isinstance(member, str) for member in members):
        return None
    plain = [re.sub(r"\W+", "_", str(member)).upper().strip("_") for member in members]
    if len(set(plain)) == len(plain) and all(name[:1].isalpha() for name in plain):
        return None
    taken: set[str] = set()
    return [_unique(name if name[:1].isalpha() else f"value_{name}", taken, _member_identifier) for name in plain]


def _member_identifier(name: str, _prefix: str) -> str:
    return name.upper()


def _plain_type(schema: Document, pointer: Pointer, notes: list[Note]) -> None:
    """An array without `items` is an array of anything."""
    if schema.get("type") == "array" and "items" not in schema and "prefixItems" not in schema:
        notes.append(Note(show_pointer(pointer), "is an array that does not say of what"))
        schema["items"] = {}
