"""What the templates are handed beside the parser's data: code for types, and facts of the raw document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from openapi_python_client.config import Config
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import PythonIdentifier

from pipeline import expressions
from pipeline.document import Document
from pipeline.normalise import Normalised
from pipeline.operation_code import OperationCode, operation_code

# What every model has, so no property of the spec can be called that.
RESERVED_PROPERTIES: Final = frozenset(
    {"adopt", "over", "to_dict", "from_dict", "replace", "additional_properties", "unreadable"}
)


class Auth(NamedTuple):
    """How the API wants its key, as code, and in words."""

    name: str
    location: str
    value: str
    told: str


class ClientFacts(NamedTuple):
    """What the client's module says of the API."""

    servers: str
    auth: Auth | None


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
    """What the templates find under `code`, `operation`, `facts` and `wire_name`."""
    places = {place.alias: place for place in normalised.operations}
    by_name = {_identifier(alias): place for alias, place in places.items()}

    def operation(endpoint: Endpoint) -> OperationCode:
        return operation_code(document, endpoint, by_name[str(endpoint.name)])

    def wire_name(prop: PropertyProtocol) -> str:
        name = prop.name.get_untrusted_value()
        return normalised.wire_names.get(name, name)

    return {"code": _TYPE_CODE, "operation": operation, "facts": _client_facts(document), "wire_name": wire_name}


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


def _client_facts(document: Document) -> ClientFacts:
    servers = tuple(server["url"] for server in document.get("servers", []))
    schemes: Mapping[str, Any] = document.get("components", {}).get("securitySchemes", {})
    wanted = [name for requirement in document.get("security", []) for name in requirement]
    chosen = (_auth(schemes[name]) for name in [*wanted, *schemes] if name in schemes)
    return ClientFacts(repr(servers), next((auth for auth in chosen if auth), None))


def _auth(scheme: Mapping[str, Any]) -> Auth | None:
    """A scheme whose credential is one text; the others need a flow of their own."""
    if scheme.get("type") == "apiKey":
        where = {"header": "the header", "query": "the query parameter", "cookie": "the cookie"}[scheme["in"]]
        return Auth(repr(scheme["name"]), repr(scheme["in"]), "token", f"in {where} {scheme['name']}")
    if scheme.get("type") in ("oauth2", "openIdConnect") or str(scheme.get("scheme")).lower() == "bearer":
        return Auth("'Authorization'", "'header'", 'f"Bearer {token}"', "as a bearer token")
    return None


def reserve_names(data: GeneratorData, config: Config) -> None:
    """Give properties that are called like a member of every model another name in Python."""
    for model in data.models:
        for prop in [*(model.required_properties or []), *(model.optional_properties or [])]:
            if prop.python_name in RESERVED_PROPERTIES:
                prop.set_python_name(UntrustedString(f"{prop.python_name}_property"), config)
