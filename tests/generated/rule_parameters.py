"""The functions of an operation take the spec's parameters: names, types, requiredness and defaults."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from pipeline.document import show_pointer
from tests.generated.judging import guarded, show
from tests.generated.operations import Body, Operation, Parameter, Spec
from tests.generated.package import FUNCTIONS, SHORTHANDS, Attribute, Package, arguments
from tests.generated.python_types import absent, body_type, default_of, optional, taken_type
from tests.generated.wire import module_of


def mismatches(spec: Spec, package: Package) -> Iterator[str]:
    """One sentence for each argument that is missing, too many, or not what the document says."""
    for operation in spec.operations:
        module = module_of(operation, package)
        for name in FUNCTIONS + SHORTHANDS:
            if (function := getattr(module, name, None)) is not None:
                yield from _of_function(operation, name, arguments(function), package)


def _of_function(operation: Operation, function: str, given: dict[str, Attribute], package: Package) -> Iterator[str]:
    expected = {parameter.python_name for parameter in operation.parameters} | {"client"}
    for parameter in operation.parameters:
        yield from guarded(_of_parameter, parameter, function, given, package)
    if operation.body is not None:
        expected.add("body")
        yield from guarded(_of_body, operation.body, function, given, package)
    for name in sorted(given.keys() - expected):
        yield f"{operation.place}: no parameter for the argument {name} of {function}"


def _of_parameter(parameter: Parameter, function: str, given: dict[str, Attribute], package: Package) -> Iterator[str]:
    name, schema = parameter.python_name, parameter.schema
    if name not in given:
        yield f"{parameter.place}: no argument {name} of {function}"
        return
    taken = taken_type(schema, package)
    expected = Attribute(
        taken if parameter.required else optional(taken, package),
        default_of(schema, package, required=parameter.required),
    )
    yield from _differences(parameter.place, f"{name} of {function}", expected, given[name])


def _of_body(body: Body, function: str, given: dict[str, Attribute], package: Package) -> Iterator[str]:
    if "body" not in given:
        yield f"{show_pointer(body.pointer)}: no argument body of {function}"
        return
    taken = body_type(body, package)
    expected = (
        Attribute(taken, inspect.Parameter.empty)
        if body.required
        else Attribute(optional(taken, package), absent(package))
    )
    yield from _differences(show_pointer(body.pointer), f"body of {function}", expected, given["body"])


def _differences(place: str, what: str, expected: Attribute, actual: Attribute) -> Iterator[str]:
    if expected.type != actual.type:
        yield f"{place}: {what} is {show(actual.type)}, not {show(expected.type)}"
    if (expected.default, type(expected.default)) != (actual.default, type(actual.default)):
        yield f"{place}: {what} has the default {show(actual.default)}, not {show(expected.default)}"
