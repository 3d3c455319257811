"""A generated client whose other end is here: what it sent, and what it makes of an answer."""

from __future__ import annotations

import asyncio
import json
import warnings
from types import ModuleType
from typing import Any, NamedTuple

import httpx

from tests.generated.instances import FULL, PLAIN, instance
from tests.generated.operations import Answer, Content, Operation, Parameter
from tests.generated.package import Package
from tests.generated.python_types import value_of, with_files
from tests.generated.schemas import Schema

BASE_URL = "http://api.test"
TOKEN = "a-key-of-nobody"
AWKWARD = " é/&=,%"  # what a free text may hold, and a URL does not carry as it is


class Call(NamedTuple):
    """A call: the JSON values of its parameters by Python name, and its body in one of the content types, if any."""

    values: dict[str, Any]
    content: Content | None
    body: Any


class Wire:
    """Calls operations of a package over an httpx transport that answers as told and keeps the request."""

    def __init__(self, package: Package, *, keyed: bool = False) -> None:
        self.package = package
        self.request: httpx.Request | None = None
        self.warned: list[str] = []
        self.answer = httpx.Response(200)
        options = {
            "transport": httpx.MockTransport(self._handle),
            "async_transport": httpx.MockTransport(self._handle_async),
            "httpx_args": {"trust_env": False},
        }
        client, plain = package.client.AuthenticatedClient, package.client.Client
        self._client = client(BASE_URL, TOKEN, **options) if keyed and client != plain else plain(BASE_URL, **options)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.request = request
        return self.answer

    async def _handle_async(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.request = request
        return self.answer

    def call(self, function: Any, arguments: dict[str, Any], answer: httpx.Response) -> Any:
        """What the function returns, awaited if it is a coroutine; its warnings are kept."""
        self.request, self.answer = None, answer
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                returned = function(client=self._client, **arguments)
                return asyncio.run(returned) if asyncio.iscoroutine(returned) else returned
            finally:
                self.warned = [str(warning.message) for warning in caught]


def module_of(operation: Operation, package: Package) -> ModuleType | None:
    """The module of an operation, if there is one."""
    return package.operations.get(f"{operation.tag}.{operation.name}")


def parameter_value(parameter: Parameter) -> Any:
    """A JSON value for a parameter; two items in an array, and awkward characters where they have to survive."""
    schema, value = parameter.schema, instance(parameter.schema, PLAIN)
    free = schema.kind == "string" and not {"format", "pattern", "maxLength"} & schema.node.keys()
    return value + AWKWARD if free and parameter.location in {"path", "query"} else value


def wire_calls(operation: Operation, *, required_only: bool) -> list[Call]:
    """The calls to make: one for each content type of the body, or one without a body."""
    values = {
        parameter.python_name: parameter_value(parameter)
        for parameter in operation.parameters
        if parameter.required or not required_only
    }
    body = operation.body
    if body is None or (required_only and not body.required):
        return [Call(values, None, None)]
    return [Call(values, content, body_value(content)) for content in body.contents]


def body_value(content: Content) -> Any:
    """A JSON value of the content's schema, or bytes where it has none."""
    if content.schema is None:
        return bytes(range(256))
    return instance(content.schema, FULL if content.form == "json" else PLAIN)


def python_arguments(operation: Operation, call: Call, package: Package) -> dict[str, Any]:
    """The arguments of the call as Python values."""
    schemas = {parameter.python_name: parameter.schema for parameter in operation.parameters}
    found = {name: value_of(schemas[name], value, package) for name, value in call.values.items()}
    return found | _body(call, call.content and call.content.schema, package)


def plain_arguments(call: Call, package: Package) -> dict[str, Any]:
    """The same arguments as JSON values, which functions take as well."""
    return call.values | _body(call, None, package)


def _body(call: Call, schema: Schema | None, package: Package) -> dict[str, Any]:
    if call.content is None:
        return {}
    value = call.body if call.content.schema is None else with_files(call.body, package)
    return {"body": value_of(schema, call.body, package) if schema else value}


def answer_with(answer: Answer, status: int, value: Any) -> httpx.Response:
    """A response in the documented content type; a range of types is answered with one of them."""
    content = answer.content
    if content.form == "none":
        return httpx.Response(status)
    headers = {"content-type": (content.content_type or "").replace("*", "x")}
    served = {"json": json.dumps(value).encode(), "text": "a text, é\n".encode()}
    return httpx.Response(status, headers=headers, content=served.get(content.form, bytes(range(256))))
