"""Schemas that changed nothing but their name: one change, and not one gone, one new and all that refer to it."""

from __future__ import annotations

from typing import Final

from pipeline.document import Document
from pipeline.spec_diff.model import Value, canonical, mapping

_PREFIX: Final = "#/components/schemas/"


def renamed_schemas(old: Document, new: Document) -> dict[str, str]:
    """By old reference, the new one. A schema that several could have become is none."""
    before, after = (mapping(mapping(document.get("components")).get("schemas")) for document in (old, new))
    gone = {reference(name): schema for name, schema in before.items() if name not in after}
    came = {reference(name): schema for name, schema in after.items() if name not in before}
    unknown = dict.fromkeys((*gone, *came), "?")
    shapes: dict[str, list[str]] = {}
    for name, schema in came.items():
        shapes.setdefault(canonical(_referring(schema, unknown)), []).append(name)
    found: dict[str, str] = {}
    for name, schema in gone.items():
        if candidates := shapes.get(canonical(_referring(schema, unknown))):
            found[name] = candidates.pop(0)
    return _consistent(found, gone, came)


def reference(name: str) -> str:
    """The reference to a schema of that name."""
    return _PREFIX + name.replace("~", "~0").replace("/", "~1")


def _consistent(found: dict[str, str], gone: Document, came: Document) -> dict[str, str]:
    """Only those whose own references lead to what theirs became; leaving one out may make another fail."""
    while True:
        kept = {
            old: new for old, new in found.items() if canonical(_referring(gone[old], found)) == canonical(came[new])
        }
        if len(kept) == len(found):
            return kept
        found = kept


def _referring(schema: Value, names: dict[str, str]) -> Value:
    """The schema with its references replaced."""
    if isinstance(schema, dict):
        return {
            key: names.get(value, value) if key == "$ref" and isinstance(value, str) else _referring(value, names)
            for key, value in schema.items()
        }
    return [_referring(item, names) for item in schema] if isinstance(schema, list) else schema
