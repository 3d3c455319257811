"""What a call sends: the spec's method and path, and each parameter under its wire name in its location."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx

from pipeline.document import show_pointer
from tests.generated.judging import guarded
from tests.generated.operations import Operation, Parameter, Spec
from tests.generated.package import FUNCTIONS, Package
from tests.generated.schemas import MISSING, NoRuleError
from tests.generated.wire import Wire, is_json, module_of, python_arguments, wire_arguments


def mismatches(spec: Spec, package: Package) -> Iterator[str]:
    """One sentence for each thing that is sent, or is not, against what the document says."""
    wire = Wire(package)
    for operation in spec.operations:
        module = module_of(operation, package)
        for name in FUNCTIONS:
            if (function := getattr(module, name, None)) is not None:
                yield from guarded(_of_call, operation, function, wire, required_only=False)
                yield from guarded(_of_call, operation, function, wire, required_only=True)


def _of_call(operation: Operation, function: Any, wire: Wire, *, required_only: bool) -> Iterator[str]:
    given = wire_arguments(operation, required_only=required_only)
    arguments = python_arguments(given, wire.package)
    undocumented = operation.undocumented()
    status = undocumented[0] if undocumented else 200
    try:
        wire.call(function, arguments, httpx.Response(status))
    except wire.package.errors.UnexpectedStatus:
        pass  # the request was sent, which is what is judged here
    except Exception as error:  # noqa: BLE001 - whatever stops the call is the finding
        if wire.request is None:
            yield f"{operation.place}: {function.__name__} cannot be called: {type(error).__name__}: {error}"
    if wire.request is not None:
        yield from _of_request(operation, wire.request, {name: value for name, (_, value) in given.items()})


def _of_request(operation: Operation, request: httpx.Request, given: dict[str, Any]) -> Iterator[str]:
    yield from _of_line(operation, request, given)
    yield from _of_query(operation, request, given)
    for parameter in operation.parameters:
        if parameter.location in {"header", "cookie"} and parameter.python_name in given:
            yield from _of_header(parameter, request, given[parameter.python_name])
    if "body" in given:
        yield from _of_body(operation, request, given["body"])


def _of_line(operation: Operation, request: httpx.Request, given: dict[str, Any]) -> Iterator[str]:
    if request.method != operation.key.method.upper():
        yield f"{operation.place}: sent as {request.method}"
    path = operation.key.path
    for parameter in operation.parameters:
        if parameter.location == "path":
            path = path.replace(f"{{{parameter.wire}}}", quote(_text(parameter, given[parameter.python_name]), safe=""))
    sent = request.url.raw_path.decode().partition("?")[0]
    if sent != path:
        yield f"{operation.place}: sent to {sent}, not to {path}"


def _of_query(operation: Operation, request: httpx.Request, given: dict[str, Any]) -> Iterator[str]:
    expected = {}
    for parameter in operation.parameters:
        if parameter.location == "query":
            value = given.get(parameter.python_name, parameter.schema.default)
            if value is not MISSING and value is not None:
                expected[parameter.wire] = _text(parameter, value)
    sent = parse_qsl(request.url.query.decode(), keep_blank_values=True, strict_parsing=bool(request.url.query))
    if sorted(sent) != sorted(expected.items()):
        yield f"{operation.place}: the query is {dict(sent)}, not {expected}"


def _of_header(parameter: Parameter, request: httpx.Request, value: Any) -> Iterator[str]:
    expected = _text(parameter, value)
    if parameter.location == "header":
        sent = request.headers.get(parameter.wire)
    else:
        pairs = (pair.partition("=") for pair in request.headers.get("cookie", "").split("; "))
        sent = {name: value for name, _, value in pairs}.get(parameter.wire)
    if sent != expected:
        yield f"{parameter.place}: the {parameter.location} {parameter.wire} is {sent!r}, not {expected!r}"


def _of_body(operation: Operation, request: httpx.Request, value: Any) -> Iterator[str]:
    body = operation.body
    assert body is not None
    stated = body.contents[0].content_type or ""
    place = show_pointer(body.pointer)
    content_type = request.headers.get("content-type", "").partition(";")[0]
    if content_type != stated:
        yield f"{place}: sent as {content_type or 'nothing'}, not as {stated}"
    elif is_json(stated):
        if (sent := json.loads(request.content)) != value:
            yield f"{place}: the body is {sent}, not {value}"
    else:
        raise NoRuleError(body.pointer, f"the content type {stated} of a request body")


def _text(parameter: Parameter, value: Any) -> str:
    """A value as a parameter's text; of arrays only those of one item, whose text is the same in every style."""
    if isinstance(value, list) and len(value) == 1:
        return _text(parameter, value[0])
    if isinstance(value, dict | list) or value is None:
        raise NoRuleError(parameter.pointer, f"how {type(value).__name__} is written as a parameter")
    return str(value).lower() if isinstance(value, bool) else str(value)
