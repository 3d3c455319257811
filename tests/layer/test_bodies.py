"""Request bodies go over the wire as the spec says, in one request with everything else of it."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.layer.packages import Caller, Package
from tests.layer.server import Received, Server

PIXEL = b"\x89PNG\r\n\x1a\n\x00--+++\r\n"
BLOB = bytes(range(256)) * 1000


@pytest.fixture
def send(packages: dict[str, Package], server: Server, way: str) -> Caller:
    """Calls the operations of bodies.yaml."""
    return Caller(packages["bodies"], "send", server.url, way)


def parts(request: Received) -> list[tuple[str, str | None, str, bytes]]:
    """A multipart body's parts, by the standard library's parser: name, file name, content type, content."""
    head = f"Content-Type: {request.header('content-type')}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.content)
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part.get_content_type(),
            part.get_payload(decode=True),
        )
        for part in message.iter_parts()
    ]


def test_a_model_or_a_mapping_goes_as_the_json_that_it_is(send: Caller, server: Server) -> None:
    """JSON comes first where an operation takes several content types, whatever the document's order."""
    note = send.package.models.Note
    for value in (note(text="ü", tags=["a"]), {"text": "ü", "tags": ["a"]}):
        send.detailed("send_several", body=value)
        request = server.last
        assert request.header("content-type") == "application/json"
        assert request.content == '{"text":"ü","tags":["a"]}'.encode()


def test_a_form_goes_urlencoded_where_only_that_takes_it(send: Caller, server: Server) -> None:
    """The content type is the one that declares this model."""
    send.detailed("send_several", body=send.package.models.Login(user="a b", secret="&=%"))
    request = server.last
    assert request.header("content-type") == "application/x-www-form-urlencoded"
    assert parse_qsl(request.content.decode(), strict_parsing=True) == [("user", "a b"), ("secret", "&=%")]


def test_an_upload_goes_as_multipart_where_only_that_takes_it(send: Caller, server: Server) -> None:
    """The content type is the one that declares this model."""
    send.detailed("send_several", body=send.package.models.Upload(picture=PIXEL))
    assert parts(server.last) == [("picture", "upload", "application/octet-stream", PIXEL)]


def test_bytes_go_as_they_are_where_no_other_content_type_takes_them(send: Caller, server: Server) -> None:
    """The raw content type, though the document names it first."""
    send.detailed("send_several", body=BLOB)
    request = server.last
    assert (request.header("content-type"), request.content) == ("application/octet-stream", BLOB)


@pytest.mark.parametrize("body", [{"nope": 1}, None, 5, [1], {"text": 1}])
def test_data_that_no_content_type_takes_is_refused(send: Caller, server: Server, body: object) -> None:
    """Raw content takes what can be read as bytes, not whatever the others refused."""
    with pytest.raises(send.package.errors.ParameterError, match=r"^body: "):
        send.detailed("send_several", body=body)
    assert server.received == []


def test_a_mapping_is_accepted_for_an_upload(send: Caller, server: Server) -> None:
    """With its files as File."""
    send.detailed("upload", body={"picture": send.package.types.File(PIXEL), "title": "t"})
    assert [(name, content) for name, _, _, content in parts(server.last)] == [("picture", PIXEL), ("title", b"t")]


def test_a_required_body_that_is_missing_is_refused_before_sending(send: Caller, server: Server) -> None:
    """The error names the operation, and no connection is made."""
    with pytest.raises(send.package.errors.ParameterError, match="sendSeveral"):
        send.detailed("send_several", body=send.package.types.UNSET)
    assert server.received == []


def test_an_optional_body_is_left_out_unless_given(send: Caller, server: Server) -> None:
    """Neither content nor content type; an array as the root is sent as one."""
    send.detailed("send_list")
    request = server.last
    assert (request.content, request.header("content-type")) == (b"", None)
    send.detailed("send_list", body=[{"text": "a"}, send.package.models.Note(text="b")])
    assert json.loads(server.last.content) == [{"text": "a"}, {"text": "b"}]


def test_two_kinds_of_json_are_told_apart_by_their_models(send: Caller, server: Server) -> None:
    """Each model goes with the content type that declares it, and a mapping with the first that takes it."""
    patch = send.package.models.PatchNoteJsonJson2
    for body, content_type in (
        (send.package.models.Note(text="a"), "application/json"),
        (patch(rank=3), "application/merge-patch+json"),
        ({"rank": 3}, "application/merge-patch+json"),
    ):
        send.detailed("patch_note", "7", body=body)
        assert server.last.header("content-type") == content_type


def test_delete_can_have_a_body(send: Caller, server: Server) -> None:
    """RFC 9110 gives it no meaning of its own, but this API does."""
    send.detailed("delete_notes", "7", body={"ids": ["a", "b"]})
    request = server.last
    assert (request.method, request.target, request.content) == ("DELETE", "/notes/7", b'{"ids":["a","b"]}')


def test_a_multipart_form_has_a_part_for_each_field_file_and_item(send: Caller, server: Server, tmp_path: Path) -> None:
    """Arrays as `encoding` says: repeated parts without, joined by commas with `explode: false`; objects are JSON."""
    (tmp_path / "b.bin").write_bytes(b"two")
    models, file = send.package.models, send.package.types.File
    with (tmp_path / "b.bin").open("rb") as opened:
        form = models.Upload(
            picture=file(PIXEL, file_name="a b.png"),
            extras=[file(b"one", mime_type="text/csv"), file(opened)],
            title="ü;\r\n--x",
            tags=["x", "y"],
            codes=[1, 2],
            meta=models.Note(text="n"),
        )
        send.detailed("upload", body=form)
    assert parts(server.last) == [
        ("picture", "a b.png", "image/png", PIXEL),
        ("extras", "upload", "text/csv", b"one"),
        ("extras", "b.bin", "application/octet-stream", b"two"),
        ("title", None, "text/plain", "ü;\r\n--x".encode()),
        ("tags", None, "text/plain", b"x"),
        ("tags", None, "text/plain", b"y"),
        ("codes", None, "text/plain", b"1,2"),
        ("meta", None, "application/json", b'{"text":"n"}'),
    ]


def test_every_multipart_body_has_a_boundary_of_its_own(send: Caller, server: Server) -> None:
    """Random, so that no file can contain it on purpose."""
    boundaries = set()
    for _ in range(3):
        send.detailed("upload", body=send.package.models.Upload(picture=PIXEL))
        request = server.last
        boundaries.add(str(request.header("content-type")).partition("boundary=")[2])
        assert [content for *_, content in parts(request)] == [PIXEL]
    assert (len(boundaries), {len(boundary) >= 16 for boundary in boundaries}) == (3, {True})


def test_a_form_repeats_and_joins_arrays_as_its_encoding_says(send: Caller, server: Server) -> None:
    """Without an encoding an array repeats its name; with `explode: false` it is joined; an object is JSON text."""
    send.detailed("send_form", body={"name": "n", "tags": ["a,b", "c"], "codes": [1, 2], "meta": {"k": [None]}})
    assert parse_qsl(server.last.content.decode(), strict_parsing=True) == [
        ("name", "n"),
        ("tags", "a,b"),
        ("tags", "c"),
        ("codes", "1,2"),
        ("meta", '{"k":[null]}'),
    ]


def chunks() -> Iterator[bytes]:
    """The blob from an iterator."""
    yield from (BLOB[:1000], BLOB[1000:])


async def async_chunks() -> AsyncIterator[bytes]:
    """The blob from an async iterator."""
    for chunk in chunks():
        await asyncio.sleep(0)
        yield chunk


@pytest.mark.parametrize("payload", [lambda: BLOB, lambda: io.BytesIO(BLOB), chunks], ids=["bytes", "file", "iterator"])
def test_raw_content_comes_from_bytes_files_and_iterators(
    send: Caller, server: Server, payload: Callable[[], object]
) -> None:
    """The same bytes arrive; with their length where it is known, in chunks where it is not."""
    for wrapped in (False, True):
        body = send.package.types.File(payload()) if wrapped else payload()
        send.detailed("put_blob", "a/b", body=body)
        request = server.last
        assert (request.target, request.content) == ("/blobs/a%2Fb", BLOB)
        assert request.header("content-type") == "application/octet-stream"
        assert request.header("content-length") == (None if payload is chunks else str(len(BLOB)))


def test_an_async_iterator_is_for_the_async_client_alone(send: Caller, server: Server) -> None:
    """The sync client refuses it, in a sentence that says what to do."""
    if send.way == "async":
        send.detailed("put_blob", "x", body=async_chunks())
        assert server.last.content == BLOB
    else:
        with pytest.raises(send.package.errors.ParameterError, match="use the async client"):
            send.detailed("put_blob", "x", body=async_chunks())
        assert server.received == []


def test_a_range_of_content_types_needs_the_file_to_say_which(send: Caller, server: Server) -> None:
    """`image/*` cannot be sent."""
    send.detailed("put_image", body=send.package.types.File(PIXEL, mime_type="image/png"))
    assert server.last.header("content-type") == "image/png"
    with pytest.raises(send.package.errors.ParameterError, match=r"mime_type"):
        send.detailed("put_image", body=PIXEL)
    assert server.received == []


def test_text_goes_as_utf8(send: Caller, server: Server) -> None:
    """With the content type that the document writes, its parameters included."""
    send.detailed("send_text", body="grün")
    request = server.last
    assert (request.header("content-type"), request.content) == ("text/plain; charset=utf-8", "grün".encode())
