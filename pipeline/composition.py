"""Write out what schemas say beside an allOf, oneOf or anyOf, since the generator's parser reads only one of these."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Final

from pipeline.document import Document, Pointer, resolved, show_pointer

WORDS: Final = frozenset({"title", "description", "default", "nullable", "deprecated", "readOnly", "writeOnly"})
_VARIANTS: Final = ("oneOf", "anyOf")
# What several variants of an object share.
_SHARED: Final = ("allOf", "properties", "required", "additionalProperties")
_SCALARS: Final = frozenset({"string", "number", "integer", "boolean", "array"})
_REPEATED: Final = frozenset({"type", "format", "example"})
_CHECKS: Final = frozenset({"required", "not", "minProperties", "maxProperties", "properties", "type"})


def composed(document: Document, schema: Document, pointer: Pointer) -> Iterator[tuple[str, str]]:
    """Change a schema in place, to say the same with one keyword; yields what it no longer says, with the pointer."""
    _reference_beside_others(document, schema)
    yield from _scalars_together(document, schema, pointer)
    _nested_together(schema)
    yield from _variants_with_shared(schema, pointer)
    _own_as_part(schema)


def _own_as_part(schema: Document) -> None:
    """Properties beside one reference, which the parser takes for all there is."""
    parts = schema.get("allOf", [])
    if len(parts) == 1 and "$ref" in parts[0] and schema.get("properties"):
        own = {key: schema.pop(key) for key in ("properties", "required") if key in schema}
        schema["allOf"] = [*parts, {"type": "object", **own}]


def _reference_beside_others(document: Document, schema: Document) -> None:
    """In 3.1 a reference is one part of several; in 3.0 what stands beside it counts for nothing."""
    if "$ref" in schema and str(document.get("openapi", "")).startswith("3.1") and schema.keys() & set(_SHARED):
        schema["allOf"] = [{"$ref": schema.pop("$ref")}, *schema.get("allOf", [])]


def _scalars_together(document: Document, schema: Document, pointer: Pointer) -> Iterator[tuple[str, str]]:
    """An allOf of parts that are no objects, which the parser takes for objects all the same."""
    parts = schema.get("allOf", [])
    if len(parts) == 1 and all(key in _REPEATED or key.startswith("x-") for key in schema.keys() - WORDS - {"allOf"}):
        for key in schema.keys() - WORDS - {"allOf"}:
            schema.pop(key)  # what its one part is says it already
    if len(parts) < 2 and not schema.keys() - WORDS - {"allOf"}:  # noqa: PLR2004 - one part is only described
        return
    told = [resolved(document, part) for part in parts]
    if not any(part.get("type") in _SCALARS or "enum" in part for part in told):
        return
    own = {key: value for key, value in schema.items() if key != "allOf"}
    merged: Document = {}
    for part in told:
        merged |= copy.deepcopy({key: value for key, value in part.items() if key != "title"})
    schema.clear()
    schema.update(merged | own)
    yield show_pointer(pointer), "is put together of its parts; where they disagree, the last one counts"


def _nested_together(schema: Document) -> None:
    """Parts of parts are parts; variants of one part are variants of the whole."""
    parts: list[Document] = []
    for part in schema.get("allOf", []):
        variants = [word for word in _VARIANTS if word in part]
        if "$ref" not in part and "allOf" in part and not variants:
            parts += [*part.pop("allOf"), *([part] if part.keys() - WORDS else [])]
        elif "$ref" not in part and len(variants) == 1 and not schema.keys() & set(_VARIANTS):
            schema[variants[0]] = part.pop(variants[0])
            parts += [part] if part.keys() - WORDS - {"type"} else []
        else:
            parts.append(part)
    if "allOf" in schema:
        schema["allOf"] = parts
        if not parts:
            schema.pop("allOf")


def _variants_with_shared(schema: Document, pointer: Pointer) -> Iterator[tuple[str, str]]:
    """An object that is also one of several: each of these gets what all share."""
    variants = [word for word in _VARIANTS if schema.get(word)]
    if not variants or not (schema.get("properties") or schema.get("allOf")):
        return
    for word in variants:
        if all(_only_checks(part) for part in schema[word]):
            schema.pop(word)
            yield show_pointer((*pointer, word)), "says which properties go together, which is not checked"
    left = [word for word in _VARIANTS if schema.get(word)]
    if len(left) != 1:
        for word in left[1:]:
            schema.pop(word)
            yield show_pointer((*pointer, word)), "stands beside a oneOf, and what it adds is left out"
        if not left:
            return
    shared: Document = {key: schema.pop(key) for key in _SHARED if key in schema}
    schema.pop("type", None)
    schema[left[0]] = [_with_shared(part, copy.deepcopy(shared)) for part in schema[left[0]]]


def _only_checks(part: Document) -> bool:
    """Whether a variant only says which of the properties there have to be."""
    bare = all(not rules for rules in part.get("properties", {}).values())
    return bare and not part.keys() - WORDS - _CHECKS


def _with_shared(part: Document, shared: Document) -> Document:
    title = {"title": part["title"]} if "title" in part else {}
    own = {key: value for key, value in shared.items() if key != "allOf"}
    rest = [{"type": "object", **own}] if own else []
    return {**title, "allOf": [*shared.get("allOf", []), *rest, part]}
