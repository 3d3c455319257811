"""Every documented response parses to its schema, in all its shapes, and no other status parses to anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from tests.generated.comparing import differences
from tests.generated.instances import FULL, SHAPES, instance
from tests.generated.judging import guarded, show
from tests.generated.operations import Answer, Operation, Spec
from tests.generated.package import FUNCTIONS, SHORTHANDS, Package, returned
from tests.generated.python_types import NO_CONTENT, returned_type, type_of
from tests.generated.wire import (
    Wire,
    answer_with,
    module_of,
    python_arguments,
    reading_of,
    wire_arguments,
)


def mismatches(spec: Spec, package: Package) -> Iterator[str]:
    """One sentence for each response that is not read as documented, the stated types first."""
    present = [(operation, module_of(operation, package)) for operation in spec.operations]
    for operation, module in present:
        for name in FUNCTIONS + SHORTHANDS:
            if (function := getattr(module, name, None)) is not None:
                yield from guarded(_of_type, operation, function, package)
    wire = Wire(package)
    for operation, module in present:
        if module is not None:
            yield from guarded(_of_operation, operation, module, wire)


def _of_type(operation: Operation, function: Any, package: Package) -> Iterator[str]:
    """The type a function is said to return."""
    types = [
        NO_CONTENT if answer.content.schema is None else type_of(answer.content.schema, package)
        for answer in operation.answers
    ]
    expected = returned_type(types, package, detailed=function.__name__ in FUNCTIONS)
    if returned(function) != expected:
        yield f"{operation.place}: {function.__name__} returns {show(returned(function))}, not {show(expected)}"


def _of_operation(operation: Operation, module: Any, wire: Wire) -> Iterator[str]:
    arguments = python_arguments(wire_arguments(operation, required_only=True), wire.package)
    for answer in operation.answers:
        for name in FUNCTIONS + SHORTHANDS:
            if (function := getattr(module, name, None)) is not None:
                yield from guarded(_of_answer, operation, answer, function, arguments, wire)
    function = getattr(module, FUNCTIONS[0], None)
    if function is not None:
        yield from guarded(_of_undocumented, operation, function, arguments, wire)


def _of_answer(
    operation: Operation, answer: Answer, function: Any, arguments: dict[str, Any], wire: Wire
) -> Iterator[str]:
    schema, status = answer.content.schema, operation.example_status(answer)
    shapes = SHAPES if schema is not None and reading_of(answer) == "json" else (FULL,)
    for shape in shapes:
        value = None if schema is None or shape not in SHAPES else _value(answer, shape)
        response = answer_with(answer, status, value)
        try:
            got = wire.call(function, arguments, response)
        except Exception as error:  # noqa: BLE001 - whatever stops the reading is the finding
            yield f"{answer.place}: {shape} cannot be read ({function.__name__}): {type(error).__name__}: {error}"
            continue
        if function.__name__ in FUNCTIONS:
            yield from _of_envelope(answer, got, response)
            got = got.parsed
        yield from _of_value(answer, value, got, response, wire.package)


def _value(answer: Answer, shape: str) -> Any:
    """What is served: a value of the schema, unless the body is bytes."""
    assert answer.content.schema is not None
    return instance(answer.content.schema, shape) if reading_of(answer) != "bytes" else None


def _of_envelope(answer: Answer, got: Any, response: httpx.Response) -> Iterator[str]:
    expected = (response.status_code, response.content)
    actual = (int(got.status_code), got.content)
    if expected != actual:
        yield f"{answer.place}: status and content are {actual}, not {expected}"


def _of_value(answer: Answer, value: Any, got: Any, response: httpx.Response, package: Package) -> Iterator[str]:
    schema = answer.content.schema
    if schema is None:
        if got is not None:
            yield f"{answer.place}: a response without a schema reads as {got!r}"
    elif reading_of(answer) == "bytes":
        content = got.payload.read() if isinstance(got, package.types.File) else got
        if content != response.content:
            yield f"{answer.place}: the bytes of the body read as {got!r}"
    else:
        yield from differences(schema, value, got, package)


def _of_undocumented(operation: Operation, function: Any, arguments: dict[str, Any], wire: Wire) -> Iterator[str]:
    for status in operation.undocumented():
        try:
            wire.call(function, arguments, httpx.Response(status, json={}))
        except wire.package.errors.UnexpectedStatus:
            continue
        except Exception as error:  # noqa: BLE001 - it tried to read what nobody documented
            yield f"{operation.place}: the undocumented status {status} is read: {type(error).__name__}: {error}"
        else:
            yield f"{operation.place}: the undocumented status {status} is read"
