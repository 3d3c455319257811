"""Checks of what goes over the wire."""

from __future__ import annotations

import contextlib
import io
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from tests.layer.faults import fault
from tests.layer.server import Answer, Received
from tests.layer.stock import KEY, Layer

PAGE = Answer(200, b'{"rows":[]}', "application/json")


def query(layer: Layer, **arguments: object) -> str:
    """The query that listing with these arguments sends, but for the default limit."""
    layer.call("list_items", answer=PAGE, **arguments)
    return layer.server.last.query.replace("&limit=20", "").replace("limit=20&", "")


@fault("include_tags=a&include_tags=b")
def arrays_are_joined_where_the_spec_says_explode_false(layer: Layer) -> None:
    """One key."""
    sent = query(layer, include_tags=["a", "b"])
    assert sent.count("include_tags=") == 1, sent


@fault("include_tags=a%2Cb&include_tags=c")
def the_delimiter_is_literal_and_items_are_encoded(layer: Layer) -> None:
    """An item that contains the delimiter survives."""
    sent = query(layer, include_tags=["a,b", "c"])
    assert sent == "include_tags=a%2Cb,c", sent


@fault("'str' object has no attribute 'value'", AttributeError)
def plain_strings_are_accepted_for_enums(layer: Layer) -> None:
    """Of parameters."""
    assert query(layer, sort="name") == "sort=name"


@fault("limit=501 was sent")
def bounds_are_checked_before_sending(layer: Layer) -> None:
    """The message names parameter, bound and value."""
    message = ""
    try:
        layer.call("list_items", answer=PAGE, limit=501)
    except ValueError as error:
        message = str(error)
    assert layer.server.received == [], f"{layer.server.received[0].query} was sent"
    assert {"limit", "500", "501"} <= set(message.replace(",", "").split()), message


@fault("name_contains=%7B%27a%27%3A\\+1%7D&limit=20 was sent")
def a_dict_for_a_text_is_refused(layer: Layer) -> None:
    """Not sent as Python writes it."""
    with contextlib.suppress(ValueError):
        layer.call("list_items", answer=PAGE, name_contains={"a": 1})
    assert layer.server.received == [], f"{layer.server.received[0].query} was sent"


@fault("GET /api was sent")
def two_dots_as_a_path_value_are_refused(layer: Layer) -> None:
    """No server sees another path than the spec's."""
    with contextlib.suppress(ValueError):
        layer.call("get_userdata", "..")
    sent = [f"{request.method} {request.target} was sent" for request in layer.server.received]
    assert sent == [], sent


@fault("name 'Unset' is not defined", NameError)
def a_required_body_of_two_content_types_can_be_sent(layer: Layer) -> None:
    """Stock output cannot be imported here."""
    layer.call("send_several", body=layer.models.Item(id="a"))
    assert layer.server.last.header("content-type") == "application/json"


def uploaded(layer: Layer, content: bytes) -> Received:
    """The request that uploads a file of this content."""
    file = layer.module("types").File(payload=io.BytesIO(content), file_name="f", mime_type="text/plain")
    layer.call("upload", body=layer.models.Upload(file=file))
    return layer.server.last


@fault("boundary=\\+\\+\\+")
def each_multipart_body_has_a_boundary_of_its_own(layer: Layer) -> None:
    """A fresh one."""
    first, second = (str(uploaded(layer, b"x").header("content-type")) for _ in range(2))
    assert first != second, first


@fault("\\['file', 'admin'\\]")
def a_files_content_cannot_add_parts(layer: Layer) -> None:
    """Though it holds what the generator writes as a boundary."""
    request = uploaded(layer, b'x\r\n--+++\r\nContent-Disposition: form-data; name="admin"\r\n\r\nyes')
    head = f"Content-Type: {request.header('content-type')}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.content)
    names = [part.get_param("name", header="content-disposition") for part in message.iter_parts()]
    assert names == ["file"], names


def key_sent(layer: Layer, client: Any, operation: str, *args: object) -> Received:
    """The request of an operation by this client."""
    layer.server.answer = Answer()
    with client:
        layer.operation(operation).sync_detailed(*args, client=client)
    return layer.server.last


@fault("Authorization: Bearer")
def the_key_goes_where_the_documents_security_says(layer: Layer) -> None:
    """Without being told again."""
    request = key_sent(layer, layer.bare_client(), "get_userdata", "a")
    sent = [f"{name}: {value}" for name, value in request.headers if KEY in value]
    assert sent == [f"X-Key: {KEY}"], sent


@fault("the key was sent")
def an_operation_without_security_gets_no_key(layer: Layer) -> None:
    """`security: []`."""
    request = key_sent(layer, layer.client(), "get_open")
    assert request.header("x-key") is None, "the key was sent"
