"""Which operations reach which components, and on which side: a schema that is sent and one that is read differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from pipeline.document import METHODS, Document, OperationKey, Pointer, walk
from pipeline.spec_diff.model import Role, Use, mapping

_DEPTH: Final = 3  # components / section / name
# A component of these sections says itself what it is used for.
_ROLES: Final = {"parameters": Role.PARAMETER, "requestBodies": Role.BODY, "responses": Role.ANSWER}


def target(reference: str) -> Pointer:
    """The pointer that a local reference states."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in reference.lstrip("#").split("/")[1:])


def look_up(document: Document, node: object) -> Document:
    """What a node is, or what its $ref leads to; empty where it leads nowhere or to itself."""
    seen: set[str] = set()
    while isinstance(reference := mapping(node).get("$ref"), str):
        if reference in seen:
            return {}
        seen.add(reference)
        node = document
        for part in target(reference):
            if isinstance(node, list):
                node = node[int(part)] if part.isdigit() and int(part) < len(node) else None
            else:
                node = mapping(node).get(part)
    return mapping(node)


def path_operations(document: Document) -> Iterator[tuple[OperationKey, Document]]:
    """Every operation, as `pipeline.document.operations`, of a document that need not be valid."""
    for path, item in mapping(document.get("paths")).items():
        for method in METHODS:
            if isinstance(operation := mapping(item).get(method), dict):
                yield OperationKey(method, path), operation


def components_reached(document: Document) -> dict[Pointer, frozenset[Use]]:
    """By component, the operations that use it, directly or through other components."""
    edges = _edges(document)
    found: defaultdict[Pointer, set[Use]] = defaultdict(set)
    for key, operation in path_operations(document):
        item = document["paths"][key.path]
        roots: list[tuple[object, Role]] = [
            (item.get("parameters"), Role.PARAMETER),
            (operation.get("parameters"), Role.PARAMETER),
            (operation.get("requestBody"), Role.BODY),
            (operation.get("responses"), Role.ANSWER),
        ]
        pending = [step for root, role in roots for step in _references(root, role)]
        while pending:
            component, role = pending.pop()
            if (use := Use(key, role)) not in found[component]:
                found[component].add(use)
                pending.extend((below, _ROLES.get(below[1], role)) for below in edges.get(component, ()))
    return {component: frozenset(uses) for component, uses in found.items()}


def _edges(document: Document) -> dict[Pointer, list[Pointer]]:
    return {
        ("components", section, name): [component for component, _ in _references(node, Role.BODY)]
        for section, members in mapping(document.get("components")).items()
        for name, node in mapping(members).items()
    }


def _references(node: object, role: Role) -> Iterator[tuple[Pointer, Role]]:
    """The components that a node refers to, but for those that only its headers do."""
    for pointer, inner in walk(node):
        reference = mapping(inner).get("$ref")
        if isinstance(reference, str) and "headers" not in pointer:
            component = target(reference)[:_DEPTH]
            if component[:1] == ("components",) and component[1:2] != ("headers",):
                yield component, role
