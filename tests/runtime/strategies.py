"""Strategies that draw JSON, and JSON that is valid by a schema of a document."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]

TEXT = st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
_FRACTIONS = st.sampled_from(["", ".1", ".123456", ".123456789", ".000000001"])
_OFFSETS = st.sampled_from(["", "Z", "+00:00", "-08:00", "+05:30"])
_TIMES = st.builds(
    lambda moment, fraction, offset: f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}{offset}",
    st.datetimes(min_value=dt.datetime(1970, 1, 1)).map(  # noqa: DTZ001 - its offset is drawn beside it
        lambda moment: moment.replace(microsecond=0)
    ),
    _FRACTIONS,
    _OFFSETS,
)
_FORMATS = {
    "uuid": st.uuids().map(str),
    "date-time": _TIMES,
    "date": st.dates().map(str),
    "uri": st.just("https://example.test/a"),
}


def valid(document: Document, schema: Document) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one for each type
    """JSON that is valid by the schema, with properties beyond it where it allows them."""
    if reference := schema.get("$ref"):
        return valid(document, document["components"]["schemas"][reference.rpartition("/")[2]])
    if schema.get("nullable"):
        return st.none() | valid(document, {**schema, "nullable": False})
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return _objects(document, schema)
    if kind == "array":
        return st.lists(valid(document, schema["items"]), max_size=3)
    if kind == "string":
        pattern = schema.get("pattern")
        return st.from_regex(pattern, fullmatch=True) if pattern else _FORMATS.get(schema.get("format", ""), TEXT)
    plain = {
        "integer": st.integers(),
        "number": st.floats(allow_nan=False, allow_infinity=False),
        "boolean": st.booleans(),
    }
    return plain.get(str(kind), JSON)


def _objects(document: Document, schema: Document) -> st.SearchStrategy[Document]:
    required = set(schema.get("required", []))
    properties = {name: valid(document, inner) for name, inner in schema.get("properties", {}).items()}
    declared = st.fixed_dictionaries(
        {name: strategy for name, strategy in properties.items() if name in required},
        optional={name: strategy for name, strategy in properties.items() if name not in required},
    )
    names = TEXT.filter(lambda name: name not in properties)
    extra = st.dictionaries(names, JSON, max_size=2)
    return st.builds(lambda more, own: {**more, **own}, extra, declared)
