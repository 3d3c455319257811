"""Whether what a generated package made of a JSON value is what the schema says it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.generated.instances import EXTRA_FIELD
from tests.generated.package import Package, undeclared
from tests.generated.python_types import class_of, is_free_form, value_of, with_files
from tests.generated.schemas import Schema


def differences(schema: Schema, wire: Any, read: Any, package: Package) -> Iterator[str]:
    """One sentence for each value, however deep, that is not what the schema makes of what stands on the wire."""
    if schema.kind == "union":
        yield from differences(schema.alternatives[0], wire, read, package)
    elif schema.kind == "array" and wire is not None:
        yield from _differences_of_list(schema, wire, read, package)
    elif schema.kind == "object" and wire is not None:
        yield from _differences_of_object(schema, wire, read, package)
    elif not _same(expected := value_of(schema, wire, package), read):
        yield f"{schema.place}: {wire!r} reads as {read!r}, not as {expected!r}"


def _same(expected: Any, actual: Any) -> bool:
    """Equal, and of a type that equals: True is not 1 here."""
    is_bool = isinstance(expected, bool) == isinstance(actual, bool)
    return is_bool and isinstance(actual, type(expected)) and bool(expected == actual)


def _differences_of_list(schema: Schema, wire: list[Any], read: Any, package: Package) -> Iterator[str]:
    if not isinstance(read, list) or len(read) != len(wire):
        yield f"{schema.place}: a list of {len(wire)} reads as {read!r}"
        return
    for inner_wire, inner_read in zip(wire, read, strict=True):
        yield from differences(schema.items, inner_wire, inner_read, package)


def _differences_of_object(schema: Schema, wire: dict[str, Any], read: Any, package: Package) -> Iterator[str]:
    expected = class_of(schema, package)
    if not isinstance(read, expected):
        yield f"{schema.place}: an object reads as {type(read).__name__}, not as {expected.__name__}"
        return
    if is_free_form(schema):
        yield from _differences_of_mapping(schema, wire, read, package)
        return
    if isinstance(read, Mapping):
        yield f"{schema.place}: an object of declared properties reads as a mapping"
        return
    for prop in schema.properties:
        value = getattr(read, prop.python_name, LookupError)
        if prop.wire in wire:
            yield from differences(prop.schema, wire[prop.wire], value, package)
        elif value is not None:
            yield f"{prop.schema.place}: absent on the wire, it reads as {value!r}"
    if unreadable := dict(getattr(read, "unreadable", {})):
        yield f"{schema.place}: {unreadable} are said to be unreadable"
    if EXTRA_FIELD in wire:
        yield from _differences_of_undeclared(schema, wire[EXTRA_FIELD], read)


def _differences_of_undeclared(schema: Schema, wire: Any, read: Any) -> Iterator[str]:
    """A field that is declared nowhere is kept as it came."""
    try:
        kept = undeclared(read, EXTRA_FIELD)
    except (AttributeError, LookupError) as error:
        yield f"{schema.place}: an undeclared field is lost ({type(error).__name__})"
        return
    if kept != wire:
        yield f"{schema.place}: an undeclared {wire!r} reads as {kept!r}"


def _differences_of_mapping(schema: Schema, wire: dict[str, Any], read: Any, package: Package) -> Iterator[str]:
    """An object of free properties has the keys of the wire, and their values as their schema says."""
    if not isinstance(read, Mapping) or list(read) != list(wire):
        yield f"{schema.place}: a mapping of {list(wire)} reads as {read!r}"
        return
    for key, value in wire.items():
        if isinstance(schema.additional, Schema):
            yield from differences(schema.additional, value, read[key], package)
        elif read[key] != with_files(value, package):
            yield f"{schema.place}: {key} is {value!r} and reads as {read[key]!r}"
