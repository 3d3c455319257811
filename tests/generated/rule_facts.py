"""What the package says of an operation as data, its `OPERATION`, is what the document says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.generated.judging import guarded
from tests.generated.operations import Operation, Parameter, Spec
from tests.generated.package import Package
from tests.generated.schemas import Schema
from tests.generated.wire import module_of

BOUNDS: Final = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_items",
    "maxItems": "max_items",
    "pattern": "pattern",
    "uniqueItems": "unique_items",
}


def mismatches(spec: Spec, package: Package) -> Iterator[str]:
    """One sentence for each fact that differs."""
    for operation in spec.operations:
        module = module_of(operation, package)
        if module is not None:
            yield from guarded(_of_operation, operation, module)


def _of_operation(operation: Operation, module: Any) -> Iterator[str]:
    facts, parameters = module.OPERATION, {p.python_name: p for p in operation.parameters}
    expected: dict[str, Any] = {
        "method": operation.key.method.upper(),
        "path": operation.key.path,
        "secured": operation.secured,
        "deprecated": operation.deprecated,
        "body_required": operation.body is not None and operation.body.required,
    }
    yield from _differences(operation.place, facts, expected)
    if operation.stated_id not in {None, facts.id}:
        yield f"{operation.place}: its id is {facts.id}"
    if sorted(facts.arguments) != sorted(parameters):
        yield f"{operation.place}: the arguments are {sorted(facts.arguments)}, not {sorted(parameters)}"
    for name in facts.arguments.keys() & parameters.keys():
        yield from _of_parameter(parameters[name], facts.arguments[name].parameter)
    stated = sorted(content.content_type or "" for content in (operation.body.contents if operation.body else []))
    if stated != sorted(body.content_type for body in facts.bodies):
        yield f"{operation.place}: the bodies are {[body.content_type for body in facts.bodies]}, not {stated}"
    statuses = sorted({answer.status for answer in operation.answers})
    if statuses != sorted(facts.replies):
        yield f"{operation.place}: the replies are {sorted(facts.replies)}, not {statuses}"


def _of_parameter(parameter: Parameter, facts: Any) -> Iterator[str]:
    expected = {
        "name": parameter.wire,
        "argument": parameter.python_name,
        "location": parameter.location,
        "style": parameter.style,
        "explode": parameter.explode,
        "required": parameter.required,
        "allow_reserved": parameter.allow_reserved,
        "as_json": parameter.as_json,
    }
    yield from _differences(parameter.place, facts, expected)
    yield from _of_bounds(parameter.schema, facts.bounds)


def _of_bounds(schema: Schema, facts: Any) -> Iterator[str]:
    expected: dict[str, Any] = dict.fromkeys(BOUNDS.values()) | {"unique_items": False}
    expected |= {ours: schema.node[theirs] for theirs, ours in BOUNDS.items() if theirs in schema.node}
    for end in ("minimum", "maximum"):  # 3.0 says of the plain bound whether it is exclusive
        if isinstance(flag := expected[f"exclusive_{end}"], bool):
            expected[f"exclusive_{end}"] = expected[end] if flag else None
            expected[end] = None if flag else expected[end]
    yield from _differences(schema.place, facts, expected)
    if schema.kind == "array" and facts.items is not None:
        yield from _of_bounds(schema.items, facts.items)
    elif schema.kind == "array" and schema.items.node.keys() & BOUNDS.keys():
        yield f"{schema.items.place}: its bounds are lost"


def _differences(place: str, facts: Any, expected: Mapping[str, Any]) -> Iterator[str]:
    for name, value in expected.items():
        if (actual := getattr(facts, name)) != value:
            yield f"{place}: {name} is {actual!r}, not {value!r}"
