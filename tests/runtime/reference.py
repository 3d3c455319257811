"""Drift found the slow way: value by value, by the schemas of the published document, without the library."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]
Deviations = Counter[tuple[str, str]]  # (place, what) -> how often

_UUID = re.compile(r"[0-9a-fA-F]{8}(-?)([0-9a-fA-F]{4}\1){3}[0-9a-fA-F]{12}")
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}


def deviations(document: Document, name: str, value: Any) -> Deviations:
    """How an answer differs from the component schema of this name."""
    schema = {"$ref": f"#/components/schemas/{name}"}
    return Counter(_found(document, schema, value, "body"))


def _found(document: Document, schema: Document, value: Any, place: str) -> Iterator[tuple[str, str]]:
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        schema = document["components"]["schemas"][name]
        if isinstance(value, dict):
            yield from _of_object(document, schema, value, name)
            return
    if value is None:
        if not schema.get("nullable"):
            yield place, "null"
    elif not _reads(schema, value):
        yield place, "unreadable value"
    elif "enum" in schema and value not in schema["enum"]:
        yield place, "unknown enum value"
    elif schema.get("format") == "date-time" and _parsed(value).tzinfo is None:
        yield place, "time without offset"
    elif isinstance(value, list) and "$ref" in schema.get("items", {}):
        for item in value:
            yield from _found(document, schema["items"], item, f"{place}[]")


def _of_object(document: Document, schema: Document, value: Document, name: str) -> Iterator[tuple[str, str]]:
    properties = schema.get("properties", {})
    for key in value.keys() - properties.keys():
        yield f"{name}.{key if key.isprintable() and key else repr(key)}", "undeclared property"
    for key in set(schema.get("required", ())) - value.keys():
        yield f"{name}.{key}", "missing property"
    for key in value.keys() & properties.keys():
        yield from _found(document, properties[key], value[key], f"{name}.{key}")


def _reads(schema: Document, value: Any) -> bool:
    """Whether a value that is not null is of the schema's type and format, as the library reads them."""
    kind = schema["type"]
    if type(value) not in _TYPES[kind]:
        return kind == "integer" and type(value) is float and value.is_integer()
    if kind == "array" and "$ref" not in schema["items"]:
        return all(_reads(schema["items"], item) for item in value)
    if schema.get("format") == "uuid":
        return _UUID.fullmatch(value) is not None
    return schema.get("format") != "date-time" or _is_time(value)


def _parsed(text: str) -> dt.datetime:
    """With z for Z, as RFC 3339 has it."""
    return dt.datetime.fromisoformat(text.removesuffix("z") + "Z" if text.endswith("z") else text)


def _is_time(text: str) -> bool:
    try:
        moment = _parsed(text)
        return len(text) > 10 and (moment.tzinfo is None or bool(moment.astimezone(dt.UTC)))
    except (ValueError, OverflowError):
        return False
