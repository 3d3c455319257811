"""Take out of a document what is not even of the type that OpenAPI has at its place, so that nothing trips over it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, Final

from pipeline.document import METHODS, Document, Pointer, resolved, show_pointer
from pipeline.plain_schemas import Note

_Check = Callable[[object], bool]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_limit(value: object) -> bool:
    return _is_bool(value) or _is_number(value)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_mapping(value: object) -> bool:
    return isinstance(value, dict)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_TYPES: Final = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})


def _is_type(value: object) -> bool:
    return value in _TYPES if isinstance(value, str) else _is_texts(value) and bool(value) and _is_types(value)


def _is_types(value: object) -> bool:
    return isinstance(value, list) and set(value) <= _TYPES


def _is_schema(value: object) -> bool:
    return isinstance(value, dict | bool)


_STYLES: Final = ("form", "simple", "matrix", "label", "spaceDelimited", "pipeDelimited", "deepObject")
_SCHEMA_CHECKS: Final[Mapping[str, _Check]] = {
    "type": _is_type,
    "properties": _is_mapping,
    "additionalProperties": _is_schema,
    "items": _is_schema,
    "required": _is_texts,
    "enum": _is_list,
    "$ref": _is_text,
    **dict.fromkeys(("title", "description", "format", "pattern"), _is_text),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems", "x-enum-varnames"), _is_list),
    **dict.fromkeys(("minimum", "maximum", "multipleOf", "minLength", "maxLength"), _is_number),
    **dict.fromkeys(("minItems", "maxItems", "minProperties", "maxProperties"), _is_number),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), _is_limit),
    **dict.fromkeys(("nullable", "deprecated", "uniqueItems", "readOnly", "writeOnly"), _is_bool),
    "const": lambda value: value is None or isinstance(value, str | int | float),
}
_OPERATION_CHECKS: Final[Mapping[str, _Check]] = {
    **dict.fromkeys(("operationId", "summary", "description"), _is_text),
    **dict.fromkeys(("parameters", "security"), _is_list),
    **dict.fromkeys(("responses", "requestBody"), _is_mapping),
    "tags": _is_texts,
    "deprecated": _is_bool,
}
_PARAMETER_CHECKS: Final[Mapping[str, _Check]] = {
    **dict.fromkeys(("description",), _is_text),
    "style": lambda value: value in _STYLES,
    **dict.fromkeys(("schema", "content"), _is_mapping),
    **dict.fromkeys(("required", "explode", "allowReserved", "deprecated"), _is_bool),
}
_PLACES: Final = ("query", "header", "path", "cookie")
_LOCATIONS: Final = ("query", "header", "cookie")


def shaped(document: Document) -> tuple[Document, list[Note]]:
    """The document without what is not of its place's type, each named; the given one stays as it is."""
    shaper = _Shaper()
    result = copy.deepcopy(document)
    shaper.document(result)
    return result, shaper.notes


class _Shaper:
    """Walks a document by what OpenAPI has at each place, and changes it."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self._root: Document = {}

    def document(self, root: Document) -> None:
        self._root = root
        self._check(root, (), {"paths": _is_mapping, "components": _is_mapping, "info": _is_mapping})
        self._check(root, (), {"servers": _is_list, "security": _is_list})
        for path, item in self._entries(root, "paths", ()):
            if path.startswith("/"):
                self._path_item(item, ("paths", path))
        components, base = root.get("components", {}), ("components",)
        checks: dict[str, Callable[[Document, Pointer], None]] = {
            "responses": self._reply,
            "requestBodies": self._body,
            "headers": self._header,
        }
        self._schemas(components, "schemas", base)
        self._parameter_map(components)
        for section, check in checks.items():
            for name, item in self._entries(components, section, base):
                check(item, (*base, section, name))
        self._security(root)
        self._servers(root)

    def _parameter_map(self, components: Document) -> None:
        for name, item in self._entries(components, "parameters", ("components",)):
            if not self._parameter(item, pointer := ("components", "parameters", name)):
                components["parameters"].pop(name)
                self._tell(pointer, "has no name or place, and is left out")

    def _security(self, root: Document) -> None:
        schemes = root.get("components", {})
        for name, item in self._entries(schemes, "securitySchemes", ("components",)):
            location = item.get("in") in _LOCATIONS and _is_text(item.get("name"))
            if "$ref" not in item and not (location if item.get("type") == "apiKey" else _is_text(item.get("type"))):
                schemes["securitySchemes"].pop(name)
                self._tell(("components", "securitySchemes", name), "says no way to send a key, and is left out")
        self._requirements(root, ())

    def _requirements(self, node: Document, pointer: Pointer) -> None:
        if not all(map(_is_mapping, node.get("security", []))):
            self._drop(node, "security", pointer)

    def _servers(self, root: Document) -> None:
        if not all(isinstance(item, dict) and _is_text(item.get("url")) for item in root.get("servers", [])):
            self._drop(root, "servers", ())

    def _path_item(self, item: Document, pointer: Pointer) -> None:
        self._check(item, pointer, {"parameters": _is_list, "$ref": _is_text})
        self._check(item, pointer, dict.fromkeys(METHODS, _is_mapping))
        self._parameters(item, pointer)
        for method in METHODS:
            if method in item:
                self._operation(item[method], (*pointer, method))

    def _operation(self, item: Document, pointer: Pointer) -> None:
        self._check(item, pointer, _OPERATION_CHECKS)
        self._requirements(item, pointer)
        self._parameters(item, pointer)
        self._body(item.get("requestBody", {}), (*pointer, "requestBody"))
        for status, reply in self._entries(item, "responses", pointer):
            self._reply(reply, (*pointer, "responses", status))

    def _parameters(self, node: Document, pointer: Pointer) -> None:
        kept = []
        for index, item in enumerate(node.get("parameters", [])):
            place = (*pointer, "parameters", str(index))
            if isinstance(item, dict) and self._parameter(item, place):
                kept.append(item)
            else:
                self._tell(place, "has no name or place, and is left out")
        if "parameters" in node:
            node["parameters"] = kept

    def _parameter(self, item: Document, pointer: Pointer) -> bool:
        """Whether it is one, with a name and a place."""
        if _is_text(item.get("$ref")):
            item = resolved(self._root, item)
        if not _is_text(item.get("name")) or item.get("in") not in _PLACES:
            return False
        self._header(item, pointer)
        return True

    def _header(self, item: Document, pointer: Pointer) -> None:
        if item.get("schema") in (True, False):
            item["schema"] = {}
        self._check(item, pointer, _PARAMETER_CHECKS)
        self._schema_at(item, "schema", pointer)
        self._content(item, pointer)

    def _body(self, item: Document, pointer: Pointer) -> None:
        self._check(item, pointer, {"content": _is_mapping, "required": _is_bool, "description": _is_text})
        self._content(item, pointer)

    def _reply(self, item: Document, pointer: Pointer) -> None:
        self._check(item, pointer, {"content": _is_mapping, "description": _is_text, "headers": _is_mapping})
        self._content(item, pointer)

    def _content(self, item: Document, pointer: Pointer) -> None:
        for media_type, media in self._entries(item, "content", pointer):
            place = (*pointer, "content", media_type)
            self._check(media, place, {"schema": _is_schema, "encoding": _is_mapping})
            for _ in self._entries(media, "encoding", place):
                pass
            self._schema_at(media, "schema", place)

    def _schemas(self, node: Document, key: str, pointer: Pointer) -> None:
        self._check(node, pointer, {key: _is_mapping})
        for name in list(node.get(key, {})):
            self._schema_at(node[key], name, (*pointer, key))

    def _schema_at(self, node: Any, key: Any, pointer: Pointer) -> None:  # noqa: ANN401 - a mapping or a list
        """A schema in its place; true stands for any JSON, and so does false, and what is none."""
        if isinstance(node, dict) and key not in node:
            return
        place, schema = (*pointer, str(key)), node[key]
        if not isinstance(schema, dict):
            node[key] = {}
            if schema is not True:
                self._tell(place, "allows no value, or is no schema, and is taken for any JSON")
            return
        self._check(schema, place, _SCHEMA_CHECKS)
        for word in ("properties", "patternProperties", "$defs"):
            self._schemas(schema, word, place)
        for word in ("allOf", "anyOf", "oneOf", "prefixItems"):
            for index in range(len(schema.get(word, []))):
                self._schema_at(schema[word], index, (*place, word))
        for word in ("items", "additionalProperties"):
            if word == "items" or not _is_bool(schema.get(word)):
                self._schema_at(schema, word, place)

    def _entries(self, node: Document, key: str, pointer: Pointer) -> list[tuple[str, Document]]:
        """The entries of a mapping of mappings; others are taken out."""
        self._check(node, pointer, {key: _is_mapping})
        entries = node.get(key, {})
        for name in [name for name, value in entries.items() if not _is_mapping(value)]:
            if name.startswith("x-"):
                entries.pop(name)
            else:
                self._drop(entries, name, (*pointer, key))
        return list(entries.items())

    def _check(self, node: Document, pointer: Pointer, checks: Mapping[str, _Check]) -> None:
        for key, check in checks.items():
            if key in node and not check(node[key]):
                self._drop(node, key, pointer)

    def _drop(self, node: Document, key: str, pointer: Pointer) -> None:
        node.pop(key)
        self._tell((*pointer, key), "is not of the type that OpenAPI has there, and is left out")

    def _tell(self, pointer: Pointer, words: str) -> None:
        self.notes.append(Note(show_pointer(pointer), words))
