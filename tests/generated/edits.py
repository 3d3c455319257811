"""Kinds of edits of a spec: what a client generated before the edit no longer matches.

Each is made wherever it can be made, at up to `MOST_PLACES` places; of more, at an evenly spread sample. An edit is
judged against the whole spec, so a large spec is edited at fewer places, or the time would grow as its square.

A kind is one generator function under `@kind`: it is given a document and yields, for each place where it applies, the
place and a function that makes the edit in a copy. To add a kind is to add a function.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from pipeline.document import Document, Pointer, operations, show_pointer
from tests.generated.operations import every_schema, read_operations
from tests.generated.schemas import Schema, at

T = TypeVar("T")
Change: TypeAlias = Callable[[Document], None]
Places: TypeAlias = Iterator[tuple[Pointer, Change]]

MOST_PLACES: Final = 10
FEWEST_PLACES: Final = 3
MOST_OPERATIONS_JUDGED: Final = 100  # a kind, all its edits together
KINDS: Final[dict[str, Callable[[Document], Places]]] = {}


class Edit(NamedTuple):
    """One edit of one kind at one place."""

    kind: str
    place: Pointer
    change: Change

    def __str__(self) -> str:
        return f"{self.kind} at {show_pointer(self.place)}"

    def made_in(self, document: Document) -> Document:
        """A copy of the document with the edit."""
        edited = copy.deepcopy(document)
        self.change(edited)
        return edited


def every_edit(document: Document) -> list[Edit]:
    """The edits of every kind that can be made in the document."""
    count = max(sum(1 for _ in operations(document)), 1)
    most = min(MOST_PLACES, max(FEWEST_PLACES, MOST_OPERATIONS_JUDGED // count))
    return [Edit(name, *found) for name, places in KINDS.items() for found in spread(list(places(document)), most)]


def spread(found: list[T], most: int) -> list[T]:
    """So many of what was found, evenly spread from the first to the last; all of it if there is no more."""
    if len(found) <= most:
        return found
    return [found[round(index * (len(found) - 1) / (most - 1))] for index in range(most)]


def kind(places: Callable[[Document], Places]) -> Callable[[Document], Places]:
    """Registers a kind under its function's name."""
    KINDS[places.__name__.replace("_", " ")] = places
    return places


def put(pointer: Pointer, key: str, value: Any) -> Change:
    """The change that sets a key of the mapping at a place."""

    def change(document: Document) -> None:
        at(document, pointer)[key] = copy.deepcopy(value)

    return change


def drop(pointer: Pointer) -> Change:
    """The change that removes the node at a place."""

    def change(document: Document) -> None:
        owner = at(document, pointer[:-1])
        if isinstance(owner, list):
            del owner[int(pointer[-1])]
        else:
            del owner[pointer[-1]]

    return change


def rename(pointer: Pointer, new: str) -> Change:
    """The change that gives the node at a place another key, where it stands."""

    def change(document: Document) -> None:
        owner = at(document, pointer[:-1])
        items = [(new if key == pointer[-1] else key, value) for key, value in owner.items()]
        owner.clear()
        owner.update(items)

    return change


def all_of(*changes: Change) -> Change:
    """The changes, one after the other."""

    def change(document: Document) -> None:
        for each in changes:
            each(document)

    return change


def operation_pointers(document: Document) -> list[Pointer]:
    """Where the operations stand."""
    return [("paths", key.path, key.method) for key, _ in operations(document)]


def parameter_pointers(document: Document) -> list[Pointer]:
    """Where the parameters in use are described, each once however many operations refer to it."""
    return sorted({p.pointer for operation in read_operations(document) for p in operation.parameters})


def schema_pointers(document: Document, *kinds: str) -> list[Pointer]:
    """Where the schemas in use stand, all or those of some kinds, each once."""
    return sorted({schema.pointer for schema in every_schema(document) if not kinds or schema.kind in kinds})


def objects(document: Document) -> list[Schema]:
    """The objects that have properties written in them, each once."""
    found = {s.pointer: s for s in every_schema(document) if s.kind == "object" and s.node.get("properties")}
    return list(found.values())


def property_pointers(document: Document) -> list[Pointer]:
    """Where properties are written."""
    return [(*owner.pointer, "properties", name) for owner in objects(document) for name in owner.node["properties"]]


def parameter_schemas(document: Document) -> list[Schema]:
    """The schemas of the parameters in use, those of their items included, each once."""
    found = [parameter.schema for operation in read_operations(document) for parameter in operation.parameters]
    found += [schema.items for schema in found if schema.kind == "array"]
    return list({schema.pointer: schema for schema in found if schema.node != {}}.values())


def unlike(node: dict[str, Any]) -> dict[str, Any]:
    """A schema of another type than this one."""
    return {"type": "integer"} if node.get("type") == "boolean" else {"type": "boolean"}
