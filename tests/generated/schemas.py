"""Schemas as the raw document writes them: references followed, each with its place and its Python name.

Nothing here comes from the generator's parser, so a schema the parser loses is still expected. From the generator only
the spelling of names is taken (`snake_case`, reserved words).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Final, NamedTuple

from openapi_python_client.strings import ClassName, PythonIdentifier, pascal_case

from pipeline.document import Document, Pointer, show_pointer

RESERVED_PROPERTIES: Final = frozenset(
    {"adopt", "over", "to_dict", "from_dict", "replace", "additional_properties", "unreadable"}
)  # what every model has
FIELD_PREFIX: Final = "field_"  # what a name gets that is no Python identifier: the generator's setting
MISSING: Final = object()  # a default that the document does not state, as null may be stated


class MismatchError(Exception):
    """A mismatch that ends what was being judged; its text is the sentence."""


class NoRuleError(MismatchError):
    """The document uses something that no rule here can judge, so nobody may believe it was checked."""

    def __init__(self, pointer: Pointer, construct: str) -> None:
        super().__init__(f"{show_pointer(pointer)}: no rule for {construct}")


class Property(NamedTuple):
    """A property of an object: its name on the wire, its schema, and whether it is always there."""

    wire: str
    schema: Schema
    required: bool

    @property
    def python_name(self) -> str:
        """The attribute that reads it."""
        name = identifier(self.wire)
        return f"{name}_property" if name in RESERVED_PROPERTIES else name


@dataclass(frozen=True, eq=False)
class Schema:
    """A schema with its references followed; `name` and `parent` are what a class made from it is called after."""

    document: Document
    pointer: Pointer
    node: Mapping[str, Any]
    name: str
    parent: str
    nullable: bool
    default: Any

    @cached_property
    def place(self) -> str:
        """Where it stands, as a JSON pointer."""
        return show_pointer(self.pointer)

    @cached_property
    def kind(self) -> str:
        """What is written here: any, array, boolean, const, enum, integer, null, number, object, string or union."""
        node, types = self.node, self.types
        if "const" in node:
            return "const"
        if "enum" in node:  # of texts or of integers; others are read as they come
            kinds = {type(value) for value in node["enum"] if value is not None}
            return "enum" if kinds in ({str}, {int}) else "any"
        if any(member in node for member in ("oneOf", "anyOf")) or len(types) > 1:
            return "union"
        if types:
            return types[0]
        if self.nullable and "null" in node.get("type", ""):
            return "null"
        return "object" if "allOf" in node or "properties" in node else "any"

    @property
    def types(self) -> list[str]:
        """The stated types, null aside: one in OpenAPI 3.0, any number in 3.1."""
        stated = self.node.get("type", [])
        return [name for name in ([stated] if isinstance(stated, str) else stated) if name != "null"]

    @cached_property
    def class_name(self) -> str:
        """What a class made from this schema is called."""
        name = self.node.get("title", self.name)
        if not self.parent:
            return str(ClassName(name, FIELD_PREFIX))
        if self.kind == "enum" and None in self.node["enum"]:
            name = f"{name}_type_1"  # the second member of a union with null
        suffix = "Type0" if self.kind == "object" and self.nullable else ""  # the first member of a union with null
        return str(ClassName(pascal_case(self.parent) + pascal_case(name) + suffix, FIELD_PREFIX))

    @cached_property
    def properties(self) -> list[Property]:
        """The properties of an object, those of its `allOf` members included."""
        required = {name for member in self._parts for name in member.node.get("required", [])}
        found: dict[str, Schema] = {}
        for member in self._parts:
            owner = self if member.pointer[: len(self.pointer)] == self.pointer else member
            for wire, node in member.node.get("properties", {}).items():
                place = (*member.pointer, "properties", wire)
                if wire in found:
                    raise NoRuleError(place, "a property that two members of allOf describe")
                found[wire] = locate(self.document, place, node, wire, owner.class_name)
        return [Property(wire, schema, wire in required) for wire, schema in found.items()]

    @cached_property
    def _parts(self) -> list[Schema]:
        """The schema itself and, recursively, the members of its `allOf`."""
        parts = [self]
        for index, node in enumerate(self.node.get("allOf", [])):
            member = locate(self.document, (*self.pointer, "allOf", str(index)), node, self.name, self.parent)
            if member.kind not in {"object", "any"}:
                raise NoRuleError(member.pointer, "a member of allOf that is no object")
            if "additionalProperties" in member.node:
                raise NoRuleError(member.pointer, "additionalProperties in a member of allOf")
            parts += member._parts
        return parts

    @cached_property
    def items(self) -> Schema:
        """What an array holds."""
        if "items" not in self.node:
            return replace(self, pointer=(*self.pointer, "items"), node={}, nullable=False, default=MISSING)
        return self._inner("items", name=f"{self.name}_item", parent=self.parent)

    @cached_property
    def additional(self) -> Schema | bool:
        """What an object's undeclared properties hold; True if anything, False if it may have none."""
        stated = self.node.get("additionalProperties", True)
        if isinstance(stated, bool) or not stated:
            return stated is not False
        return self._inner("additionalProperties", name="AdditionalProperty", parent=self.class_name)

    @cached_property
    def alternatives(self) -> list[Schema]:
        """The members of a union, null aside."""
        if {"properties", "allOf"} & self.node.keys():
            raise NoRuleError(self.pointer, "a union that is something else besides")
        written = [(key, index) for key in ("anyOf", "oneOf") for index in range(len(self.node.get(key, [])))]
        members = [
            locate(
                self.document,
                (*self.pointer, key, str(index)),
                self.node[key][index],
                f"{self.name}_type_{n}",
                self.parent,
            )
            for n, (key, index) in enumerate(written)
        ]
        if not written:
            members = [
                replace(self, node={**self.node, "type": name}, name=f"{self.name}_type_{n}", nullable=False)
                for n, name in enumerate(self.types)
            ]
        return [member for member in members if member.kind != "null"]

    def _inner(self, key: str, *, name: str, parent: str) -> Schema:
        return locate(self.document, (*self.pointer, key), self.node[key], name, parent)

    def children(self) -> Iterator[Schema]:
        """The schemas directly inside this one."""
        if self.kind == "object":
            yield from (prop.schema for prop in self.properties)
            if isinstance(self.additional, Schema):
                yield self.additional
        elif self.kind == "array":
            yield self.items
        elif self.kind == "union":
            yield from self.alternatives


def locate(document: Document, pointer: Pointer, node: Mapping[str, Any], name: str, parent: str) -> Schema:
    """The schema at a place, its references followed; a component gives its own name to what is made from it."""
    nullable, default = False, node.get("default", MISSING) if "$ref" not in node else MISSING
    while True:
        if "$ref" not in node:
            nullable = nullable or _allows_null(node)
        target = _target(node)
        if target is None:
            break
        named = pointer[:2] == ("components", "schemas") and len(pointer) == 3
        pointer = pointer_of(target)
        node = at(document, pointer)
        if pointer[:2] == ("components", "schemas") and not named:
            name, parent = pointer[-1], ""
        if default is MISSING and "$ref" not in node:
            default = node.get("default", MISSING)
    return Schema(document, pointer, node, name, parent, nullable, default)


def _allows_null(node: Mapping[str, Any]) -> bool:
    """Whether null is said to be allowed: by a keyword in 3.0, as a type or a member of a union in 3.1."""
    members = [member for key in ("anyOf", "oneOf") for member in node.get(key, [])]
    return bool(node.get("nullable")) or "null" in node.get("type", "") or {"type": "null"} in members


def _target(node: Mapping[str, Any]) -> str | None:
    """What a schema refers to, plainly or as the only member of a union, which is how 3.0 adds words to a `$ref`."""
    if "$ref" in node:
        return str(node["$ref"])
    members = [member for key in ("allOf", "anyOf", "oneOf") for member in node.get(key, [])]
    only = members[0] if len(members) == 1 and "properties" not in node else {}
    return str(only["$ref"]) if "$ref" in only else None


def component_schemas(document: Document) -> Iterator[Schema]:
    """The schemas under `components`."""
    for name, node in document.get("components", {}).get("schemas", {}).items():
        yield locate(document, ("components", "schemas", name), node, name, "")


def with_all_inside(roots: Iterator[Schema]) -> Iterator[Schema]:
    """Each schema and everything inside it, once, however often it is referred to."""
    pending, seen = list(roots), set()
    while pending:
        schema = pending.pop(0)
        key = (schema.pointer, schema.name, schema.parent)
        if key not in seen:
            seen.add(key)
            yield schema
            with contextlib.suppress(NoRuleError):  # the rule about constructs says so; the rest is judged all the same
                pending.extend(schema.children())


def pointer_of(reference: str) -> Pointer:
    """The parts of a `$ref`."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in reference.removeprefix("#/").split("/"))


def at(document: Document, pointer: Pointer) -> Any:
    """The node at a place of the document."""
    node: Any = document
    for part in pointer:
        node = node[int(part)] if isinstance(node, list) else node[part]
    return node


@cache
def identifier(name: str) -> str:
    """What Python calls something that the wire calls `name`."""
    return str(PythonIdentifier(name, FIELD_PREFIX))
