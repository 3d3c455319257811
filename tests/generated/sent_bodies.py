"""Bodies that were sent, read back by code that shares nothing with what wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tests.generated.operations import Content, Operation
from tests.generated.serialising import form_fields
from tests.generated.validity import is_valid
from tests.generated.wire import Call


def expected_content(operation: Operation, call: Call) -> Content:
    """The content type that a value is sent in: the first that takes it, and raw content only if no other does."""
    assert operation.body is not None
    assert call.content is not None
    contents = sorted(operation.body.contents, key=lambda content: content.schema is None)
    return next(
        content
        for content in contents
        if content == call.content or (content.schema and is_valid(content.schema, call.body))
    )


def body_differences(content: Content, request: httpx.Request, value: Any) -> Iterator[str]:
    """How the request's body is not the value in the content type."""
    stated, sent_type = content.content_type or "", request.headers.get("content-type", "")
    if not sent_type.startswith(stated.rstrip("*")):
        yield f"sent as {sent_type or 'nothing'}, not as {stated}"
        return
    expected, sent = expected_and_sent(content, request, value)
    if sent != expected:
        yield f"the body is {sent}, not {expected}"


def expected_and_sent(content: Content, request: httpx.Request, value: Any) -> tuple[Any, Any]:
    """The value in the form of its content type, and what the request holds in that form."""
    match content.form:
        case "json":
            return value, json.loads(request.content)
        case "form":
            fields = [(name, text) for name, text, _ in form_fields(content, value)]
            return fields, parse_qsl(request.content.decode(), keep_blank_values=True)
        case "multipart":
            parts = [(name, _utf8(text), kind) for name, text, kind in form_fields(content, value)]
            return parts, list(_parts(request))
    return value, request.content


def _utf8(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _parts(request: httpx.Request) -> Iterator[tuple[str, bytes, str]]:
    """Name, content and content type of each part of a multipart form."""
    start = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    for part in message_from_bytes(start + request.content).get_payload():
        assert not isinstance(part, str)
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        yield str(name), content, part["content-type"]
