"""How OpenAPI writes values as text: its table of styles for parameters, and its defaults for the fields of forms."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from tests.generated.operations import Content, Parameter
from tests.generated.schemas import NoRuleError

RESERVED = ":/?@!$'()*,;="  # what allowReserved keeps and a query can carry
DELIMITERS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}


def plain(value: Any) -> str:
    """A primitive as text; 5.0 is 5 in JSON's eyes."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def query_pieces(parameter: Parameter, value: Any) -> list[str]:
    """What stands between the `&` of the query."""
    safe = RESERVED if parameter.allow_reserved else ""
    if isinstance(value, dict | list) and not parameter.explode:
        safe = safe.replace(",", "")

    def escaped(inner: Any) -> str:
        return quote(plain(inner), safe=safe)

    name = quote(parameter.wire, safe="")
    if parameter.as_json:
        return [f"{name}={quote(compact(value), safe='')}"]
    if isinstance(value, dict):
        if parameter.style == "deepObject":
            return [f"{name}{quote(f'[{key}]', safe='')}={escaped(inner)}" for key, inner in value.items()]
        if parameter.explode:
            return [f"{quote(key, safe='')}={escaped(inner)}" for key, inner in value.items()]
        value = [part for pair in value.items() for part in pair]
    elif not isinstance(value, list):
        return [f"{name}={escaped(value)}"]
    elif parameter.explode:
        return [f"{name}={escaped(item)}" for item in value]
    return [f"{name}={DELIMITERS[parameter.style].join(map(escaped, value))}"]


def path_text(parameter: Parameter, value: Any) -> str:
    """What stands for the braces in the path."""

    def escaped(inner: Any) -> str:
        return quote(plain(inner), safe="")

    if parameter.as_json:
        return escaped(compact(value))
    start, between = {"simple": ("", ","), "label": (".", "."), "matrix": (";", ";")}[parameter.style]
    name = f"{escaped(parameter.wire)}=" if parameter.style == "matrix" else ""
    if isinstance(value, dict) and parameter.explode:
        return start + between.join(f"{escaped(key)}={escaped(inner)}" for key, inner in value.items())
    if isinstance(value, dict):
        value = [part for pair in value.items() for part in pair]
    if isinstance(value, list) and parameter.explode:
        return start + between.join(f"{name}{escaped(item)}" for item in value)
    return start + name + ",".join(map(escaped, value if isinstance(value, list) else [value]))


def header_text(parameter: Parameter, value: Any) -> str:
    """The value of the header."""
    if parameter.as_json:
        return json.dumps(value, separators=(",", ":"))
    if isinstance(value, dict):
        joint = "=" if parameter.explode else ","
        return ",".join(f"{key}{joint}{plain(inner)}" for key, inner in value.items())
    return ",".join(map(plain, value if isinstance(value, list) else [value]))


def cookie_pieces(parameter: Parameter, value: Any) -> list[str]:
    """What stands between the `; ` of the Cookie header."""
    if parameter.as_json:
        return [f"{parameter.wire}={quote(compact(value), safe='')}"]
    if isinstance(value, dict) and parameter.explode:
        return [f"{key}={plain(inner)}" for key, inner in value.items()]
    if isinstance(value, list) and parameter.explode:
        return [f"{parameter.wire}={plain(item)}" for item in value]
    return [f"{parameter.wire}={header_text(parameter._replace(explode=False), value)}"]


def form_fields(content: Content, value: dict[str, Any]) -> list[tuple[str, Any, str]]:
    """The fields of a form, each with its name, its text or bytes, and its content type in a multipart form."""
    assert content.schema is not None
    fields: list[tuple[str, Any, str]] = []
    for name, inner in value.items():
        encoding = content.encodings.get(name, {})
        if unknown := encoding.keys() - {"contentType", "style", "explode"}:
            raise NoRuleError(content.schema.pointer, f"an encoding with {sorted(unknown)}")
        for item in _items(inner, encoding):
            kind = _field_type(item) if encoding.keys() & {"style", "explode"} else encoding.get("contentType")
            is_json = isinstance(item, dict | list) or ("json" in (kind or "") and not isinstance(item, bytes))
            text = compact(item) if is_json else item
            fields.append((name, text if isinstance(text, bytes) else plain(text), kind or _field_type(item)))
    return fields


def _items(value: Any, encoding: Any) -> list[Any]:
    """What has a field of its own: each item, unless a style joins them."""
    if not isinstance(value, list):
        return [value]
    style = encoding.get("style", "form")
    joined = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
    if "style" in encoding and not encoding.get("explode", style == "form"):
        return [joined[style].join(map(plain, value))]
    return [joined["form"].join(map(plain, value))] if encoding.get("explode") is False else value


def _field_type(value: Any) -> str:
    if isinstance(value, bytes):
        return "application/octet-stream"
    return "application/json" if isinstance(value, dict | list) else "text/plain; charset=utf-8"


def compact(value: Any) -> str:
    """JSON without spaces, in Unicode."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
