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
from tests.generated.python_types import returned_type
from tests.generated.wire import Wire, answer_with, module_of, python_arguments, wire_calls


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
    expected = returned_type(operation.answers, package, detailed=function.__name__ in FUNCTIONS)
    if returned(function) != expected:
        yield f"{operation.place}: {function.__name__} returns {show(returned(function))}, not {show(expected)}"


def _of_operation(operation: Operation, module: Any, wire: Wire) -> Iterator[str]:
    arguments = python_arguments(operation, wire_calls(operation, required_only=True)[0], wire.package)
    for answer in operation.answers:
        for name in FUNCTIONS + SHORTHANDS:
            if (function := getattr(module, name, None)) is not None:
                yield from guarded(_of_answer, operation, answer, function, arguments, wire)
    yield from guarded(_of_undocumented, operation, module, arguments, wire)


def _of_answer(
    operation: Operation, answer: Answer, function: Any, arguments: dict[str, Any], wire: Wire
) -> Iterator[str]:
    schema, status = answer.content.schema, operation.example_status(answer)
    for shape in SHAPES if schema is not None else (FULL,):
        value = None if schema is None else instance(schema, shape)
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


def _of_envelope(answer: Answer, got: Any, response: httpx.Response) -> Iterator[str]:
    expected = (response.status_code, response.content)
    actual = (int(got.status_code), got.content)
    if expected != actual:
        yield f"{answer.place}: status and content are {actual}, not {expected}"


def _of_value(answer: Answer, value: Any, got: Any, response: httpx.Response, package: Package) -> Iterator[str]:
    if answer.content.schema is not None:
        yield from differences(answer.content.schema, value, got, package)
        return
    expected = {"none": None, "text": response.text}.get(answer.content.form, response.content)
    if got != expected or type(got) is not type(expected):
        yield f"{answer.place}: the body {expected!r} reads as {got!r}"


def _of_undocumented(operation: Operation, module: Any, arguments: dict[str, Any], wire: Wire) -> Iterator[str]:
    name = (SHORTHANDS if operation.has_shorthands else FUNCTIONS)[0]
    for status in operation.undocumented():
        try:
            wire.call(getattr(module, name), arguments, httpx.Response(status, json={}))
        except wire.package.errors.UnexpectedStatus:
            continue
        except Exception as error:  # noqa: BLE001 - it tried to read what nobody documented
            yield f"{operation.place}: the undocumented status {status} is read: {type(error).__name__}: {error}"
        else:
            yield f"{operation.place}: the undocumented status {status} is read"
