"""Write an allOf out as one object, where the parser cannot put its parts together itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipeline.document import Document, resolved

_OWN: Final = frozenset({"title", "description", "nullable", "deprecated", "x-enum-varnames"})


def flattened(document: Document, schema: Document) -> tuple[Document, list[str]]:
    """The object that all parts together describe, and what was lost, in words.

    Where parts disagree about a property, the last one counts, as the one that refines what it extends.
    """
    properties: Document = {}
    required: list[str] = []
    extra: Document = {}
    told: list[str] = []
    for part in _parts(document, schema, ()):
        told += [f"of its parts, the last says what {name} is" for name in _disputed(properties, part)]
        properties |= part.get("properties", {})
        required += part.get("required", [])
        extra |= {"additionalProperties": part["additionalProperties"]} if "additionalProperties" in part else {}
        if lost := [word for word in ("oneOf", "anyOf", "enum") if word in part]:
            told.append(f"what the {lost[0]} of one of its parts adds is read from additional_properties")
    own = {key: value for key, value in schema.items() if key in _OWN}
    result = {**own, "type": "object", "properties": properties, "required": list(dict.fromkeys(required)), **extra}
    return result, list(dict.fromkeys(told))


def _disputed(properties: Document, part: Document) -> list[str]:
    return [name for name, given in part.get("properties", {}).items() if properties.get(name, given) != given]


def _parts(document: Document, schema: Document, seen: tuple[int, ...]) -> Iterator[Document]:
    """Every part in order, those of parts before them, the schema itself last; none twice within itself."""
    target = resolved(document, schema)
    if id(target) in seen:
        return
    for part in target.get("allOf", []):
        yield from _parts(document, part, (*seen, id(target)))
    yield target
