"""Run the generator's parser on a normalised document, and say which part of it each complaint is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from openapi_python_client import schema as oai
from openapi_python_client.config import Config
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import ParseError
from openapi_python_client.parser.openapi import EndpointCollection
from openapi_python_client.parser.properties import Parameters, Schemas, build_schemas
from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import PythonIdentifier
from pydantic import ValidationError

from pipeline.document import Document, Pointer

_UNSHOWN: Final = re.compile(r"\s*<[\w.]*\.(?:UntrustedString|Ref) object at 0x[0-9a-f]+>")
# What a schema is told of because another one is missing: it heals with that one.
_CONSEQUENCE: Final = re.compile(r"was not processed|not find reference|^Reference .*not found")


class Complaint(NamedTuple):
    """What the parser cannot express of a component or an operation, by its place in the normalised document."""

    place: Pointer
    reason: str

    @property
    def is_consequence(self) -> bool:
        """Whether it only says that something else is missing."""
        return bool(_CONSEQUENCE.search(self.reason))


class Parsed(NamedTuple):
    """What the parser made of a document."""

    data: GeneratorData
    schemas: Schemas
    complaints: tuple[Complaint, ...]


class InvalidError(Exception):
    """The parser's own model of OpenAPI does not take the document; `faults` has where, why and the kind."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__("invalid")
        self.faults = [(tuple(fault["loc"]), str(fault["msg"]), fault["type"]) for fault in error.errors()]


def parse(document: Document, config: Config) -> Parsed:
    """Parse a normalised document.

    Raises:
        InvalidError: it is not even read.
    """
    try:
        openapi = oai.OpenAPI.model_validate(document)
    except ValidationError as error:
        raise InvalidError(error) from error
    components = (openapi.components.schemas if openapi.components else None) or {}
    schemas, complaints = _schemas(components, document, config)
    collections, schemas, about_operations = _endpoints(openapi.paths, schemas, config)
    classes = schemas.classes_by_name.values()
    data = GeneratorData(
        title=openapi.info.title,
        description=openapi.info.description,
        version=openapi.info.version,
        endpoint_collections_by_tag=collections,
        models=[prop for prop in classes if isinstance(prop, ModelProperty)],
        errors=[],
        enums=[prop for prop in classes if isinstance(prop, EnumProperty)],
    )
    return Parsed(data, schemas, (*complaints, *about_operations))


def _schemas(
    components: Mapping[UntrustedString, oai.Reference | oai.Schema], document: Document, config: Config
) -> tuple[Schemas, list[Complaint]]:
    try:
        schemas = build_schemas(components=dict(components), schemas=Schemas(), config=config)
    except Exception as error:  # noqa: BLE001 - whatever the parser stumbles over, its document is at fault
        return Schemas(), [Complaint(_stumbling(document, config), _told(error))]
    names = sorted(document["components"]["schemas"], key=len, reverse=True)
    return schemas, [Complaint(_component(error, names), reason_of(error)) for error in schemas.errors]


def _component(error: ParseError, names: list[str]) -> Pointer:
    """The component that an error's header names, or is about an inner class of."""
    _, _, rest = error.header.partition("/components/schemas/")
    found = next((name for name in names if rest.startswith(name)), None)
    return ("components", "schemas", found) if found else ("components", "schemas")


def _stumbling(document: Document, config: Config) -> Pointer:
    """The component that the parser raises for, alone or with what it refers to."""
    components = document["components"]["schemas"]
    for only in (False, True):
        for name, schema in components.items():
            wanted = closure(document, schema) | {name} if only else {name}
            parts = {other: components[other] for other in components if other in wanted}
            probe = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {}}
            openapi = oai.OpenAPI.model_validate({**probe, "components": {"schemas": parts}})
            models = (openapi.components.schemas if openapi.components else None) or {}
            try:
                build_schemas(components=models, schemas=Schemas(), config=config)
            except Exception:  # noqa: BLE001 - see above
                return ("components", "schemas", name)
    return ("components", "schemas")


def _endpoints(
    paths: Mapping[UntrustedString, oai.PathItem], schemas: Schemas, config: Config
) -> tuple[dict[PythonIdentifier, EndpointCollection], Schemas, list[Complaint]]:
    """Path by path, so that each complaint and each exception is about one."""
    collections: dict[PythonIdentifier, EndpointCollection] = {}
    complaints: list[Complaint] = []
    for path, item in paths.items():
        place: Pointer = ("paths", path.get_untrusted_value(), next(iter(item.model_fields_set), ""))
        try:
            found, schemas, _ = EndpointCollection.from_data(
                data={path: item},
                schemas=schemas,
                parameters=Parameters(),
                request_bodies={},
                responses={},
                config=config,
            )
        except Exception as error:  # noqa: BLE001 - see above
            complaints.append(Complaint(place, _told(error)))
            continue
        for tag, collection in found.items():
            collections.setdefault(tag, EndpointCollection(tag=tag)).endpoints.extend(collection.endpoints)
            complaints.extend(Complaint(place, reason_of(error)) for error in collection.parse_errors)
    return collections, schemas, complaints


def reason_of(error: ParseError) -> str:
    """Why, in the parser's words and on one line, without the objects that it hides texts in."""
    header = "" if "nable to p" in error.header or error.header.startswith("WARNING") else f"{error.header}: "
    detail = (error.detail or "").partition("Failure to process schema has resulted")[0]
    detail = detail.replace("Unable to parse this part of your OpenAPI document: : ", "")
    return " ".join(_UNSHOWN.sub("", header + detail).split()).rstrip(". ") or "it says no more"


def _told(error: Exception) -> str:
    return " ".join(_UNSHOWN.sub("", f"{type(error).__name__}: {error}").split())[:200]


def closure(document: Document, node: object) -> set[str]:
    """The names of the component schemas that a node refers to, and what these refer to."""
    components = document["components"]["schemas"]
    found: set[str] = set()
    pending = list(_referred(node))
    while pending:
        name = pending.pop()
        if name not in found and name in components:
            found.add(name)
            pending.extend(_referred(components[name]))
    return found


def _referred(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(target := node.get("$ref"), str):
            yield target.removeprefix("#/components/schemas/")
        for value in node.values():
            yield from _referred(value)
    elif isinstance(node, list):
        for value in node:
            yield from _referred(value)
