"""Put references in the one form that the generator's parser follows: to a component schema, by its plain name. Pure.

OpenAPI lets them lead anywhere, through escaped and percent-encoded names, and through components that are only
another one's second name.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Final

from openapi_python_client.strings import ClassName

from pipeline.document import Document, pointer_of, referred, walk
from pipeline.plain_schemas import DATA_WORDS, schemas_of

_PREFIX: Final = ("components", "schemas")
_WORDS: Final = frozenset(
    {"title", "description", "deprecated", "readOnly", "writeOnly", "example", "examples", "type", "discriminator"}
)
_OF: Final = frozenset({"allOf", "anyOf", "oneOf"})


def plain_references(document: Document) -> Document:
    """The document with every schema's reference in plain form; the given one stays as it is."""
    result = copy.deepcopy(document)
    components: Document = result.setdefault("components", {}).setdefault("schemas", {})
    moved: dict[tuple[str, ...], str] = {}
    pending = [schema for _, schema in schemas_of(result)]
    while pending:
        schema = pending.pop()
        if not isinstance(target := schema.get("$ref"), str):
            continue
        pointer = pointer_of(result, target)
        if len(pointer) == 3 and pointer[:2] == _PREFIX:  # noqa: PLR2004 - a component
            schema["$ref"] = _reference(pointer[2])
            continue
        if pointer not in moved:
            moved[pointer] = _free_name(pointer, components)
            found = referred(result, target)
            components[moved[pointer]] = copy.deepcopy(found) if isinstance(found, dict) else {}
            pending += [inner for _, inner in schemas_of({"schema": components[moved[pointer]]})]
        schema["$ref"] = _reference(moved[pointer])
    _follow_aliases(result, components)
    return result


def _reference(name: str) -> str:
    return f"#/components/schemas/{name}"


def _free_name(pointer: tuple[str, ...], components: Document) -> str:
    """A name for what has none: by where it stands."""
    parts = [part for part in pointer if part not in {*_PREFIX, "properties", "schema", "content", "paths"}]
    taken = {str(ClassName(name, "")) for name in components}
    name, number = str(ClassName(" ".join(parts) or "part", "")), 1
    while (candidate := name if number == 1 else f"{name}{number}") in taken or candidate in components:
        number += 1
    return candidate


def _follow_aliases(document: Document, components: Document) -> None:
    """Lead references past the components that are only another one's second name."""
    aliases = {name: target for name, schema in components.items() if (target := alias_of(schema)) in components}
    for _, node in _references(document):
        name, seen = node["$ref"].removeprefix(_reference("")), set[str]()
        while name in aliases and name not in seen:
            seen.add(name)
            name = aliases[name]
        if name in components:
            node["$ref"] = _reference(name)
    for name in aliases:
        components.pop(name)


def alias_of(schema: Document) -> str:
    """The component that a schema only names again, or nothing."""
    if isinstance(schema.get("$ref"), str) and not schema.keys() & {"properties", "allOf"}:
        return str(schema["$ref"]).removeprefix(_reference(""))
    if schema.get("type", "object") != "object" or any(
        not key.startswith("x-") for key in schema.keys() - _WORDS - _OF
    ):
        return ""
    for word in _OF:
        if len(schema.get(word, [])) == 1 and not schema.keys() & (_OF - {word}):
            return alias_of(schema[word][0]) if "$ref" in schema[word][0] else ""
    return ""


def _references(document: Document) -> Iterator[tuple[tuple[str, ...], Document]]:
    for pointer, node in walk(document):
        if isinstance(node, dict) and isinstance(target := node.get("$ref"), str):
            is_data = any(part in DATA_WORDS or part.startswith("x-") for part in pointer)
            if target.startswith(_reference("")) and not is_data:
                yield pointer, node
