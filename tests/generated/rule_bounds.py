"""A parameter's value that its schema does not allow is refused before anything is sent; any other is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
from jsonschema.exceptions import ValidationError

from tests.generated.instances import PLAIN, instance
from tests.generated.judging import guarded
from tests.generated.operations import Operation, Parameter, Spec
from tests.generated.package import FUNCTIONS, Package
from tests.generated.python_types import FORMATS
from tests.generated.schemas import Schema
from tests.generated.validity import errors_of
from tests.generated.wire import Wire, module_of, python_arguments, wire_calls

LIMITS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
LENGTHS: Final = ("minLength", "maxLength")
COUNTS: Final = ("minItems", "maxItems")
BOUNDS: Final = frozenset({*LIMITS, *LENGTHS, *COUNTS, "pattern", "uniqueItems"})


def mismatches(spec: Spec, package: Package) -> Iterator[str]:
    """One sentence for each value at a bound that is on the wrong side of it."""
    wire = Wire(package)
    for operation in spec.operations:
        function = getattr(module_of(operation, package), FUNCTIONS[0], None)
        for parameter in operation.parameters if function else ():
            yield from guarded(_of_parameter, operation, parameter, function, wire)


def _of_parameter(operation: Operation, parameter: Parameter, function: Any, wire: Wire) -> Iterator[str]:
    candidates = list(_candidates(parameter.schema))
    if not candidates:
        return
    arguments = python_arguments(operation, wire_calls(operation, required_only=True)[0], wire.package)
    if parameter.python_name in arguments:
        del arguments[parameter.python_name]
    for value in candidates:
        if value in ([], "") and not errors_of(parameter.schema, value):
            continue  # nothing stands for these in some styles, whatever the bounds
        yield from _of_value(parameter, value, function, arguments, wire)


def _of_value(parameter: Parameter, value: Any, function: Any, arguments: dict[str, Any], wire: Wire) -> Iterator[str]:
    errors, what = errors_of(parameter.schema, value), f"{parameter.place}: {parameter.python_name}={value!r}"
    try:
        wire.call(function, {**arguments, parameter.python_name: value}, httpx.Response(299))
    except wire.package.errors.ParameterError as error:
        if not errors:
            yield f"{what} is refused: {error}"
        elif not _is_named(str(error), parameter, errors):
            yield f"{what} is refused without its name, the bound and the value: {error}"
        return
    except wire.package.errors.ResponseError:
        pass  # it was sent, which is what is judged here
    if errors and wire.request is not None:
        yield f"{what} is sent, though {errors[0].message}"


def _is_named(message: str, parameter: Parameter, errors: list[ValidationError]) -> bool:
    """Whether a message names the parameter, a bound that is broken, and the value that breaks it."""
    if not re.match(rf"{parameter.python_name}(\[\d+\])? is ", message):
        return False
    return any(_bound_of(error) in message and repr(error.instance)[:20] in message for error in errors)


def _bound_of(error: ValidationError) -> str:
    """How a message shows the bound; an exclusive one of 3.0 is that of the plain keyword."""
    if error.validator == "uniqueItems":
        return "different"
    exclusive = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
    limit = error.validator_value
    return str(error.schema[exclusive[error.validator]] if limit is True else limit)


def _candidates(schema: Schema) -> Iterator[Any]:
    """Values on both sides of each bound, those of an array's items included."""
    node = schema.node
    if schema.kind in {"integer", "number"}:
        steps = (0, 1, -1) if schema.kind == "integer" else (0, 0.5, -0.5)
        limits = [node[name] for name in LIMITS if not isinstance(node.get(name, True), bool)]
        yield from (limit + step for limit in limits for step in steps)
    elif schema.kind == "string" and node.get("format") not in FORMATS:
        lengths = [node[name] + step for name in LENGTHS if name in node for step in (0, 1, -1)]
        yield from ("a" * length for length in lengths if length >= 0)
        yield from ["~", instance(schema)] if "pattern" in node else []
    elif schema.kind == "array":
        counts = [node[name] + step for name in COUNTS if name in node for step in (0, 1, -1)]
        yield from (_distinct(schema.items, count) for count in counts if count >= 0)
        if node.get("uniqueItems"):
            yield [instance(schema.items, PLAIN)] * 2
        least = max(node.get("minItems", 1), 1)
        yield from ([item] * least for item in _candidates(schema.items) if not node.get("uniqueItems"))


def _distinct(schema: Schema, count: int) -> list[Any]:
    """So many items, different ones where that is easy."""
    first = instance(schema, PLAIN)
    plain_text = isinstance(first, str) and schema.kind == "string" and not {"format", "pattern"} & schema.node.keys()
    return [f"{first}{index}" if plain_text else first for index in range(count)]
