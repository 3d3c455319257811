"""A generated client whose other end is here: what it sent, and what it makes of an answer."""

from __future__ import annotations

import asyncio
import json
from types import ModuleType
from typing import Any

import httpx

from tests.generated.instances import FULL, instance
from tests.generated.operations import Answer, Operation
from tests.generated.package import Package
from tests.generated.python_types import value_of
from tests.generated.schemas import NoRuleError, Schema

BASE_URL = "http://api.test"


class Wire:
    """Calls operations of a package over an httpx transport that answers as told and keeps the request."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.request: httpx.Request | None = None
        self.answer = httpx.Response(200)
        self._client = package.client.Client(
            base_url=BASE_URL,
            raise_on_unexpected_status=True,
            httpx_args={"transport": httpx.MockTransport(self._handle), "trust_env": False},
        )

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.request = request
        return self.answer

    def call(self, function: Any, arguments: dict[str, Any], answer: httpx.Response) -> Any:
        """What the function returns, awaited if it is a coroutine."""
        self.request, self.answer = None, answer
        returned = function(client=self._client, **arguments)
        return asyncio.run(returned) if asyncio.iscoroutine(returned) else returned


def module_of(operation: Operation, package: Package) -> ModuleType | None:
    """The module of an operation, if there is one."""
    return package.operations.get(f"{operation.tag}.{operation.name}")


def wire_arguments(operation: Operation, *, required_only: bool) -> dict[str, tuple[Schema, Any]]:
    """The arguments of a call by Python name, each with its schema and its JSON value."""
    found = {
        parameter.python_name: (parameter.schema, instance(parameter.schema))
        for parameter in operation.parameters
        if parameter.required or not required_only
    }
    body = operation.body
    if body is not None and (body.required or not required_only):
        for content in body.contents:
            if content.schema is None:
                raise NoRuleError(body.pointer, "a request body without a schema")
            found["body"] = (content.schema, instance(content.schema, FULL))
    return found


def python_arguments(given: dict[str, tuple[Schema, Any]], package: Package) -> dict[str, Any]:
    """The same arguments as Python values."""
    return {name: value_of(schema, value, package) for name, (schema, value) in given.items()}


def answer_with(answer: Answer, status: int, value: Any) -> httpx.Response:
    """A response in the documented content type; JSON, text and bytes have a rule."""
    content_type = answer.content.content_type
    if content_type is None:
        return httpx.Response(status)
    headers = {"content-type": content_type}
    match reading_of(answer):
        case "json":
            return httpx.Response(status, headers=headers, content=json.dumps(value).encode())
        case "text":
            return httpx.Response(status, headers=headers, content=str(value).encode())
    return httpx.Response(status, headers=headers, content=bytes(range(256)))


def reading_of(answer: Answer) -> str:
    """How a response's body is read: json, text or bytes."""
    content_type = (answer.content.content_type or "").partition(";")[0].strip()
    if is_json(content_type):
        return "json"
    if content_type == "application/octet-stream":
        return "bytes"
    if content_type.startswith("text/"):
        return "text"
    raise NoRuleError(answer.pointer, f"the content type {content_type} of a response")


def is_json(content_type: str | None) -> bool:
    """Whether a body of this content type is JSON."""
    plain = (content_type or "").partition(";")[0].strip()
    return plain == "application/json" or plain.endswith("+json")
