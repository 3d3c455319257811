"""What a call sends: the spec's method and path, and each parameter as its style says, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from pipeline.document import show_pointer
from tests.generated.judging import guarded
from tests.generated.operations import Operation, Spec
from tests.generated.package import FUNCTIONS, Package
from tests.generated.schemas import MISSING
from tests.generated.sent_bodies import body_differences, expected_content
from tests.generated.serialising import cookie_pieces, header_text, path_text, query_pieces
from tests.generated.wire import BASE_URL, Call, Wire, module_of, plain_arguments, python_arguments, wire_calls


def mismatches(spec: Spec, package: Package) -> Iterator[str]:
    """One sentence for each thing that is sent, or is not, against what the document says."""
    wire = Wire(package)
    for operation in spec.operations:
        module = module_of(operation, package)
        for name in FUNCTIONS:
            if (function := getattr(module, name, None)) is not None:
                yield from guarded(_of_function, operation, function, wire)


def _of_function(operation: Operation, function: Any, wire: Wire) -> Iterator[str]:
    for required_only in (False, True):
        for call in wire_calls(operation, required_only=required_only):
            yield from _of_call(operation, function, call, python_arguments(operation, call, wire.package), wire)
            yield from _of_call(operation, function, call, plain_arguments(call, wire.package), wire)


def _of_call(operation: Operation, function: Any, call: Call, arguments: dict[str, Any], wire: Wire) -> Iterator[str]:
    status = next(iter(operation.undocumented()), 200)
    try:
        wire.call(function, arguments, httpx.Response(status))
    except (wire.package.errors.UnexpectedStatus, wire.package.errors.DecodeError):
        pass  # the request was sent, which is what is judged here
    except Exception as error:  # noqa: BLE001 - whatever stops the call is the finding
        yield f"{operation.place}: {function.__name__} cannot be called: {type(error).__name__}: {error}"
    if wire.request is not None:
        yield from _of_request(operation, wire.request, call)


def _of_request(operation: Operation, request: httpx.Request, call: Call) -> Iterator[str]:
    yield from _of_line(operation, request, call.values)
    yield from _of_query(operation, request, call.values)
    yield from _of_headers(operation, request, call.values)
    yield from _of_cookies(operation, request, call.values)
    if call.content is not None and operation.body is not None:
        place = show_pointer(operation.body.pointer)
        expected = expected_content(operation, call)
        yield from (f"{place}: {difference}" for difference in body_differences(expected, request, call.body))
    elif request.content:
        yield f"{operation.place}: a body is sent, {request.content!r}"


def _sent_values(operation: Operation, location: str, given: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """The parameters of a location that are sent: those that are given, and those with a default."""
    for parameter in operation.parameters:
        default = MISSING if parameter.required else parameter.schema.default
        value = given.get(parameter.python_name, default)
        if parameter.location == location and value is not MISSING and value is not None:
            yield parameter, value


def _of_line(operation: Operation, request: httpx.Request, given: dict[str, Any]) -> Iterator[str]:
    if request.method != operation.key.method.upper():
        yield f"{operation.place}: sent as {request.method}"
    path = operation.key.path
    for parameter, value in _sent_values(operation, "path", given):
        path = path.replace(f"{{{parameter.wire}}}", path_text(parameter, value))
    target = request.url.raw_path.decode().partition("?")[0]
    if str(request.url).startswith(BASE_URL) and target != path:
        yield f"{operation.place}: sent to {target}, not to {path}"


def _of_query(operation: Operation, request: httpx.Request, given: dict[str, Any]) -> Iterator[str]:
    values = _sent_values(operation, "query", given)
    expected = [piece for parameter, value in values for piece in query_pieces(parameter, value)]
    sent = request.url.query.decode().split("&") if request.url.query else []
    if sorted(sent) != sorted(expected):
        yield f"{operation.place}: the query is {sent}, not {expected}"


def _of_headers(operation: Operation, request: httpx.Request, given: dict[str, Any]) -> Iterator[str]:
    for parameter, value in _sent_values(operation, "header", given):
        expected, sent = header_text(parameter, value), request.headers.get(parameter.wire)
        if sent != expected:
            yield f"{parameter.place}: the header {parameter.wire} is {sent!r}, not {expected!r}"


def _of_cookies(operation: Operation, request: httpx.Request, given: dict[str, Any]) -> Iterator[str]:
    values = _sent_values(operation, "cookie", given)
    expected = [piece for parameter, value in values for piece in cookie_pieces(parameter, value)]
    sent = request.headers["cookie"].split("; ") if "cookie" in request.headers else []
    if sorted(sent) != sorted(expected):
        yield f"{operation.place}: the cookies are {sent}, not {expected}"
