"""JSON values that a schema allows, always the same ones, and different from property to property."""

from __future__ import annotations

import math
import re
import zlib
from re import _parser as regex  # type: ignore[attr-defined] # the only parser of patterns there is
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from tests.generated.schemas import NoRuleError, Schema

FULL: Final = "full"  # every property
MINIMAL: Final = "minimal"  # the required ones only
NULLS: Final = "nulls"  # every property, null where that is allowed
PLAIN: Final = "plain"  # every property, no undeclared one, no space, and two items where an array may have two
SHAPES: Final = (FULL, MINIMAL, NULLS)

FREE_FORM: Final = {"text": "anything", "list": [1, None, {"deep": True}]}
EXTRA_FIELD: Final = "undeclared field"


def instance(schema: Schema, shape: str = FULL, inside: tuple[str, ...] = ()) -> Any:  # noqa: C901, PLR0911 - one a kind
    """A value that the schema allows; `inside` are the places being built, so that a recursive schema ends."""
    if schema.nullable and shape == NULLS and inside:
        return None
    if schema.place in inside and schema.kind in {"object", "array"}:
        raise NoRuleError(schema.pointer, "a schema that requires itself")
    within = (*inside, schema.place)
    match schema.kind:
        case "object":
            return _object(schema, shape, within)
        case "array":
            return _array(schema, shape, within)
        case "union":
            return instance(schema.alternatives[0], shape, within)
        case "const":
            return schema.node["const"]
        case "any" | "enum" if "enum" in schema.node:
            return next(value for value in schema.node["enum"] if value is not None)
        case "string" if schema.node.get("format") == "binary":
            return f"{schema.place} \r\n\x00".encode()
        case "string":
            return _text(schema).replace(" ", "-") if shape == PLAIN else _text(schema)
        case "integer" | "number":
            return _number(schema)
    return {"any": FREE_FORM, "boolean": True, "null": None}[schema.kind]


def _object(schema: Schema, shape: str, inside: tuple[str, ...]) -> dict[str, Any]:
    built = {
        prop.wire: instance(prop.schema, shape, inside)
        for prop in schema.properties
        if prop.required or (shape != MINIMAL and not _repeats(prop.schema, inside))
    }
    extra = schema.additional
    if shape == PLAIN and built:
        return built
    if shape != MINIMAL and isinstance(extra, Schema) and not _repeats(extra, inside):
        built[EXTRA_FIELD] = instance(extra, shape, inside)
    elif shape != MINIMAL and extra is True:
        built[EXTRA_FIELD] = "anything" if shape == PLAIN else FREE_FORM
    return built


def _array(schema: Schema, shape: str, inside: tuple[str, ...]) -> list[Any]:
    least = schema.node.get("minItems", 0)
    if least > 1 and schema.node.get("uniqueItems"):
        raise NoRuleError(schema.pointer, "several unique items")
    count = least if shape == MINIMAL or _repeats(schema.items, inside) else max(least, 1)
    if shape == PLAIN and not schema.node.get("uniqueItems"):
        count = min(max(least, 2), schema.node.get("maxItems", 2))
    return [instance(schema.items, shape, inside) for _ in range(count)]


def _repeats(schema: Schema, inside: tuple[str, ...]) -> bool:
    """Whether building it would come back to a place that is being built."""
    if schema.kind == "array":
        return _repeats(schema.items, inside)
    return schema.place in inside


def _seed(schema: Schema) -> int:
    return zlib.crc32(schema.place.encode())


def _number(schema: Schema) -> int | float:
    node, whole = schema.node, schema.kind == "integer"
    least, most = node.get("minimum", -(2**31)), node.get("maximum", 2**31 - 1)
    for end in ("exclusiveMinimum", "exclusiveMaximum"):  # a number in 3.1; in 3.0 it is said of the plain bound
        if isinstance(limit := node.get(end, False), bool):
            limit = (least if end.endswith("Minimum") else most) if limit else None
        if limit is not None and end.endswith("Minimum"):
            least = max(least, limit + 1) if whole else limit
        elif limit is not None:
            most = min(most, limit - 1) if whole else limit
    if step := node.get("multipleOf"):
        steps = (math.ceil(least / step), math.floor(most / step))
        return (steps[0] + 1 + _seed(schema) % (steps[1] - steps[0] - 1)) * step
    if not whole:
        return float(least + (most - least) * (0.25 + (_seed(schema) % 97) / 200))
    return int(least + _seed(schema) % (most - least + 1))


def _text(schema: Schema) -> str:
    seed, node = _seed(schema), schema.node
    day = f"20{seed % 100:02}-{seed % 12 + 1:02}-{seed % 28 + 1:02}"
    match node.get("format"):
        case "date-time":
            return f"{day}T{seed % 24:02}:{seed % 60:02}:{seed % 59:02}Z"
        case "date":
            return day
        case "uuid":
            return str(uuid5(NAMESPACE_URL, schema.place))
        case "uri":
            return f"https://example.com/{seed}"
    if "pattern" in node:
        return matching(node["pattern"], schema)
    text = f"{schema.name} {seed}".ljust(node.get("minLength", 0), ".")
    return text[: node["maxLength"]] if "maxLength" in node else text


def matching(pattern: str, schema: Schema) -> str:
    """A text that matches a regular expression of the plain kinds."""
    text = _matching(regex.parse(pattern), schema)
    if not re.search(pattern, text):
        raise NoRuleError(schema.pointer, f"the pattern {pattern}")
    return text


def _matching(parsed: Any, schema: Schema) -> str:
    return "".join(_part(str(kind), value, schema) for kind, value in parsed)


def _part(kind: str, value: Any, schema: Schema) -> str:  # noqa: PLR0911 - one a kind
    match kind:
        case "LITERAL":
            return chr(value)
        case "ANY":
            return "x"
        case "AT":
            return ""
        case "CATEGORY":
            return {"CATEGORY_DIGIT": "7", "CATEGORY_WORD": "w", "CATEGORY_SPACE": " "}.get(str(value), "-")
        case "RANGE":
            return chr(value[0] + _seed(schema) % (value[1] - value[0] + 1))
        case "IN" if str(value[0][0]) != "NEGATE":
            return _part(str(value[0][0]), value[0][1], schema)
        case "MAX_REPEAT" | "MIN_REPEAT":
            return _matching(value[2], schema) * max(int(value[0]), min(int(value[1]), 1))
        case "SUBPATTERN":
            return _matching(value[3], schema)
        case "BRANCH":
            return _matching(value[1][0], schema)
    raise NoRuleError(schema.pointer, f"a pattern with {kind}")
