"""What a document has and the generated package lacks: the operations and the component schemas. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import PythonIdentifier

from pipeline.document import Document, operations, resolved, show_pointer
from pipeline.normalise import Normalised
from pipeline.parsing import Parsed
from pipeline.plain_schemas import Note
from pipeline.references import alias_of

MISSING: Final = "is missing from the output"
_CALLED: Final = "is what the server calls, which a client has no code for"
_SERVERS: Final = "is not used; calls go to the base URL of the client"


def missing(document: Document, normalised: Normalised, parsed: Parsed) -> list[Note]:
    """Every operation, and every component schema that is an object or an enum, that no module stands for."""
    return [*_missing_operations(document, normalised, parsed), *_missing_schemas(document, parsed)]


def unwritten(document: Document) -> Iterator[Note]:
    """What a document has that no client's code stands for, whatever the generator can."""
    if document.get("webhooks"):
        yield Note("#/webhooks", _CALLED)
    for path, item in document.get("paths", {}).items():
        if path.startswith("/") and item.get("servers"):
            yield Note(show_pointer(("paths", path, "servers")), _SERVERS)
    for key, operation in operations({"paths": {path: item for path, item in _path_items(document) if path[0] == "/"}}):
        if operation.get("servers"):
            yield Note(show_pointer(("paths", key.path, key.method, "servers")), _SERVERS)
        if operation.get("callbacks"):
            yield Note(show_pointer(("paths", key.path, key.method, "callbacks")), _CALLED)


def _path_items(document: Document) -> Iterator[tuple[str, Document]]:
    for path, item in document.get("paths", {}).items():
        if path and not path.startswith("x-") and isinstance(item, dict):
            yield path, resolved(document, item)


def _missing_operations(document: Document, normalised: Normalised, parsed: Parsed) -> Iterator[Note]:
    collections = parsed.data.endpoint_collections_by_tag.values()
    written = {str(endpoint.name) for collection in collections for endpoint in collection.endpoints}
    present = {place.key for place in normalised.operations if str(PythonIdentifier(place.alias, "field_")) in written}
    for key, _ in operations({"paths": dict(_path_items(document))}):
        if key not in present:
            yield Note(show_pointer(("paths", key.path, key.method)), MISSING)


def _missing_schemas(document: Document, parsed: Parsed) -> Iterator[Note]:
    written = {str(prop.class_info.name) for prop in (*parsed.data.models, *parsed.data.enums)}
    by_name = {
        path.get_untrusted_value().removeprefix("/components/schemas/"): prop
        for path, prop in parsed.schemas.classes_by_reference.items()
    }
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        if _has_a_class(schema) and not alias_of(schema) and not written & set(_classes(by_name.get(name))):
            yield Note(show_pointer(("components", "schemas", name)), MISSING)


def _has_a_class(schema: Document) -> bool:
    """Whether a schema is an object or an enum."""
    if isinstance(values := schema.get("enum"), list):
        return any(isinstance(value, str | int) and not isinstance(value, bool) for value in values)
    types = schema.get("type")
    return types == "object" or "properties" in schema or (isinstance(types, list) and "object" in types)


def _classes(prop: PropertyProtocol | None) -> Iterator[str]:
    """The names of the classes that a property's values are of."""
    if isinstance(prop, ModelProperty | EnumProperty):
        yield str(prop.class_info.name)
    elif isinstance(prop, ListProperty):
        yield from _classes(prop.inner_property)
    elif isinstance(prop, UnionProperty):
        for inner in prop.inner_properties:
            yield from _classes(inner)
