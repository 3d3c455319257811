"""What the templates are handed beside the parser's data: code for types, and facts of the raw document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from openapi_python_client.config import Config
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import ClassName, PythonIdentifier

from pipeline import expressions
from pipeline.document import Document
from pipeline.normalise import Normalised
from pipeline.operation_code import OperationCode, operation_code, retry_code
from pipeline.security import Auth, chosen_auth

# What every model has, so no property of the spec can be called that.
RESERVED_PROPERTIES: Final = frozenset(
    {"adopt", "over", "written", "to_dict", "from_dict", "replace", "additional_properties", "unreadable"}
)


class ClientFacts(NamedTuple):
    """What the client's module says of the API."""

    servers: str
    version: str
    retry: str
    auth: Auth | None


class Beyond(NamedTuple):
    """Properties of a model, by Python name, that only an overlay declares, and that only the document requires."""

    unpublished: tuple[str, ...]
    relaxed: tuple[str, ...]


class TypeCode(NamedTuple):
    """The functions that templates write types with."""

    kind: Callable[[PropertyProtocol], str]
    reads_as: Callable[[PropertyProtocol], str]
    takes: Callable[[PropertyProtocol], str]
    or_none: Callable[[PropertyProtocol], str]
    held: Callable[[PropertyProtocol], str]
    reading: Callable[[PropertyProtocol], str]
    text: Callable[[UntrustedString | str], str]
    sentence: Callable[[PropertyProtocol], str]


def template_globals(document: Document, normalised: Normalised) -> dict[str, Any]:
    """What the templates find under `code`, `operation`, `facts`, `wire_name` and `beyond`."""
    places = {place.alias: place for place in normalised.operations}
    by_name = {_identifier(alias): place for alias, place in places.items()}

    auth = chosen_auth(document)
    facts = ClientFacts(
        servers=repr(tuple(server["url"] for server in document.get("servers", []))),
        version=repr(str(document.get("info", {}).get("version", ""))),
        retry=retry_code(document.get("x-retry", {})),
        auth=auth,
    )

    def operation(endpoint: Endpoint) -> OperationCode:
        return operation_code(document, endpoint, by_name[str(endpoint.name)], auth)

    def wire_name(prop: PropertyProtocol) -> str:
        name = prop.name.get_untrusted_value()
        return normalised.wire_names.get(name, name)

    components = document.get("components", {}).get("schemas", {})
    schemas = {ClassName(name, ""): schema for name, schema in components.items()}

    def beyond(model: ModelProperty) -> Beyond:
        marks = schemas.get(model.class_info.name, {})
        names = {wire_name(prop): str(prop.python_name) for prop in properties(model)}
        chosen = (marks.get(mark, ()) for mark in ("x-unpublished", "x-relaxed"))
        return Beyond(*(tuple(names[name] for name in marked if name in names) for marked in chosen))

    return {
        "code": _TYPE_CODE,
        "operation": operation,
        "facts": facts,
        "wire_name": wire_name,
        "beyond": beyond,
    }


def properties(model: ModelProperty) -> list[PropertyProtocol]:
    """The model's properties, the required ones first."""
    return [*(model.required_properties or []), *(model.optional_properties or [])]


def _identifier(alias: str) -> str:
    return str(PythonIdentifier(alias, "field_"))


def _text(value: UntrustedString | str) -> str:
    return repr(value.get_untrusted_value() if isinstance(value, UntrustedString) else value)


def _or_none(prop: PropertyProtocol) -> str:
    return expressions.union([expressions.reads_as(prop), "None"])


def _sentence(prop: PropertyProtocol) -> str:
    """What the document says of a property, and how its absence reads."""
    given = prop.description.get_untrusted_value().strip() if prop.description else ""
    said = given or f"The property {prop.name.get_untrusted_value()}"
    absent = "" if prop.required else " None where absent."
    return f"{said if said.endswith(('.', '!', '?')) else said + '.'}{absent}"


_TYPE_CODE: Final = TypeCode(
    kind=expressions.kind,
    reads_as=expressions.reads_as,
    takes=expressions.takes,
    or_none=_or_none,
    held=expressions.held,
    reading=expressions.reading,
    text=_text,
    sentence=_sentence,
)


def reserve_names(data: GeneratorData, config: Config) -> None:
    """Give properties that are called like a member of every model another name in Python."""
    for model in data.models:
        for prop in properties(model):
            if prop.python_name in RESERVED_PROPERTIES:
                prop.set_python_name(UntrustedString(f"{prop.python_name}_property"), config)


def separate_modules(data: GeneratorData) -> None:
    """Give classes whose names differ in capitals only, such as ABCItem and AbcItem, a module each."""
    taken: set[str] = set()
    for prop in [*data.models, *data.enums]:
        info, number = prop.class_info, 1
        stem = str(info.module_name)
        while info.module_name in taken:
            number += 1
            info.module_name = PythonIdentifier(f"{stem}_{number}", "")
        taken.add(info.module_name)
