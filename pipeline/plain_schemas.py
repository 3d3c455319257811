"""Put every schema of a document in the form that the generator's parser accepts, and log what was changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from openapi_python_client.strings import ClassName, PythonIdentifier, snake_case

from pipeline.composition import composed
from pipeline.document import Document, Pointer, show_pointer


class Note(NamedTuple):
    """Something that stands in the document in a form that the generator needs otherwise."""

    pointer: str
    change: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.change}"


def make_schemas_plain(document: Document, notes: list[Note]) -> dict[str, str]:
    """Change the document's schemas in place; returns the wire names of properties that had to be renamed."""
    for pointer, schema in schemas_of(document):
        notes.extend(Note(*told) for told in composed(document, schema, pointer))
    found = list(schemas_of(document))
    known = {name for _, schema in found for name in schema.get("properties", {})}
    wire_names: dict[str, str] = {}
    _name_classes(document.get("components", {}).get("schemas", {}), notes)
    for pointer, schema in found:
        _plain_all_of(schema)
        _plain_enum(schema, pointer, notes)
        _plain_type(schema, pointer, notes)
        _without_unwritable(schema, pointer, notes)
        _plain_properties(schema, known, wire_names)
    return wire_names


def unique_name(name: str, taken: set[str], identifier: Callable[[str, str], str]) -> str:
    """The name, or with a number where its Python form is taken."""
    candidate, number = name, 1
    while identifier(candidate, "field_") in taken:
        number += 1
        candidate = f"{name}_{number}"
    taken.add(identifier(candidate, "field_"))
    return candidate


_SCHEMA_MAPS: Final = frozenset({"properties", "patternProperties", "schemas", "$defs", "definitions"})
_SCHEMA_LISTS: Final = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SCHEMAS: Final = frozenset({"schema", "items", "additionalProperties", "not"})
_WORDS: Final = frozenset(
    {"title", "description", "default", "nullable", "deprecated", "readOnly", "writeOnly", "example"}
)
DATA_WORDS: Final = frozenset({"example", "examples", "default", "enum", "const"})


def schemas_of(node: object, pointer: Pointer = (), *, is_schema: bool = False) -> Iterator[tuple[Pointer, Document]]:
    """Every schema object of the document, outer ones first."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from schemas_of(item, (*pointer, str(index)))
    if not isinstance(node, dict):
        return
    if is_schema:
        yield pointer, node
    for key, value in list(node.items()):
        if key not in DATA_WORDS and not key.startswith("x-"):
            for place, inner, inner_is_schema in _below(key, value):
                yield from schemas_of(inner, (*pointer, *place), is_schema=inner_is_schema)


def _below(key: str, value: object) -> Iterator[tuple[Pointer, object, bool]]:
    """What stands under a key, and whether each of it is a schema."""
    if key in _SCHEMA_MAPS and isinstance(value, dict):
        yield from (((key, name), inner, True) for name, inner in value.items())
    elif key in _SCHEMA_LISTS and isinstance(value, list):
        yield from (((key, str(index)), inner, True) for index, inner in enumerate(value))
    else:
        yield (key,), value, key in _SCHEMAS


def schemas_below(node: object, pointer: Pointer = ()) -> Iterator[Pointer]:
    """The pointers of the schemas nearest below a node."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from schemas_below(item, (*pointer, str(index)))
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in DATA_WORDS and not key.startswith("x-"):
                for place, inner, inner_is_schema in _below(key, value):
                    if not inner_is_schema:
                        yield from schemas_below(inner, (*pointer, *place))
                    elif isinstance(inner, dict):
                        yield (*pointer, *place)


def _plain_all_of(schema: Document) -> None:
    """One schema with words beside it, as OpenAPI 3.0 describes a reference or makes it nullable."""
    parts = schema.get("allOf", [])
    telling = [part for part in parts if part.keys() - _WORDS]
    if len(telling) != 1 or schema.keys() - _WORDS - {"allOf"}:
        return
    for part in parts:
        if part is not telling[0]:
            schema.update({key: value for key, value in part.items() if key not in schema})
    schema.pop("allOf")
    # Of several kinds the parser takes null for one; an allOf has to be objects to it.
    schema["oneOf" if schema.get("nullable") else "allOf"] = telling


def _plain_enum(schema: Document, pointer: Pointer, notes: list[Note]) -> None:
    """Mixed or clashing members: the parser raises for the one, and refuses the other."""
    values = schema.get("enum")
    if not isinstance(values, list):
        return
    members = list(dict.fromkeys(value for value in values if isinstance(value, str | int) and value is not None))
    kinds = {type(value) for value in values if value is not None}
    if not kinds <= {str} and kinds != {int}:
        notes.append(Note(show_pointer(pointer), "has an enum of mixed types, whose values are not checked"))
        schema.pop("enum")
        schema.pop("type", None)
    elif kinds:
        # Null is said among the values alone: said by the type too, the parser makes a class for each.
        types = schema.pop("type", None)
        nullable = schema.pop("nullable", False) or (isinstance(types, list) and "null" in types)
        schema["enum"] = [*members, *([None] if nullable or None in values else [])]
        names = _member_names(members)
        if names is not None and "x-enum-varnames" not in schema:
            schema["x-enum-varnames"] = names


def _member_names(members: list[str | int]) -> list[str] | None:
    """Names for members whose own would be the same in capitals, such as asc and ASC, or no names at all."""
    if not all(isinstance(member, str) for member in members):
        return None
    plain = [_member_identifier(str(member)) for member in members]
    if len(set(plain)) == len(plain) and all(name[:1].isalpha() and name.isidentifier() for name in plain):
        return None
    taken: set[str] = set()
    return [unique_name(name if name[:1].isalpha() else f"value_{name}", taken, _member_identifier) for name in plain]


def _member_identifier(name: str, _prefix: str = "") -> str:
    """What the parser makes of a member's name."""
    return snake_case(name.upper()).upper()


def _plain_type(schema: Document, pointer: Pointer, notes: list[Note]) -> None:
    """An array without `items` is an array of anything."""
    if schema.get("type") == "array" and "items" not in schema and "prefixItems" not in schema:
        notes.append(Note(show_pointer(pointer), "is an array that does not say of what"))
        schema["items"] = {}


def _name_classes(schemas: Document, notes: list[Note]) -> None:
    """Titles for schemas whose class, or whose module, would be another's: the parser refuses or overwrites these."""
    taken: set[str] = set()
    for name, schema in schemas.items():
        stated = str(ClassName(schema.get("title") or name, ""))
        given = unique_name(stated, taken, lambda text, prefix: PythonIdentifier(ClassName(text, prefix), prefix))
        if given != stated and "$ref" not in schema:
            schema["title"] = given
            notes.append(
                Note(show_pointer(("components", "schemas", name)), f"is called {given}, as {stated} is taken")
            )


def _plain_properties(schema: Document, known: set[str], wire_names: dict[str, str]) -> None:
    """Names that even the parser's second try cannot tell apart in Python, such as foo-bar and foo.bar."""
    properties = schema.get("properties", {})
    taken: set[tuple[str, str]] = set()
    renamed: dict[str, str] = {}
    for name in properties:
        forms = (PythonIdentifier(name, "field_"), PythonIdentifier(name, "field_", skip_snake_case=True))
        if forms in taken:
            renamed[name] = next(new for n in range(2, len(known) + 3) if (new := f"{name}_{n}") not in known)
            wire_names[renamed[name]] = name
            known.add(renamed[name])
        taken.add(forms)
    if renamed:
        schema["properties"] = {renamed.get(name, name): value for name, value in properties.items()}
        schema["required"] = [renamed.get(name, name) for name in schema.get("required", [])]


def _without_unwritable(schema: Document, pointer: Pointer, notes: list[Note]) -> None:
    """Property names that msgspec refuses; they stand in `additional_properties`."""
    properties = schema.get("properties", {})
    odd = [name for name in properties if not name.isprintable() or '"' in name or "\\" in name]
    change = "is read from additional_properties"
    notes.extend(Note(show_pointer((*pointer, "properties", name)), change) for name in odd)
    if odd:
        schema["properties"] = {name: value for name, value in properties.items() if name not in odd}
        schema["required"] = [name for name in schema.get("required", []) if name not in odd]
