"""Request bodies as a real server receives them, parsed by werkzeug and the standard library."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.formparser import MultiPartParser

from pipeline.runtime.bodies import (
    CHUNK_BYTES,
    EncodedBody,
    Encoding,
    File,
    form_body,
    json_body,
    multipart_body,
    raw_body,
)
from pipeline.runtime.errors import ParameterError

ALL = st.text(st.characters(exclude_categories=["Cs"]))


@dataclass
class Server:
    """A server that keeps what arrived."""

    url: str
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server on a real socket, which reads bodies of a stated length and chunked ones."""
    kept = Server("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = b""
            if "Content-Length" in self.headers:
                body = self.rfile.read(int(self.headers["Content-Length"]))
            elif "Transfer-Encoding" in self.headers:
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            kept.received.append(({name.lower(): text for name, text in self.headers.items()}, body))
            self.send_response(307 if self.path == "/moved" else 204)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        kept.url = f"http://127.0.0.1:{listening.server_port}/"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield kept
        listening.shutdown()
        thread.join()


def post(
    server: Server, body: EncodedBody, *, asynchronous: bool = False, path: str = ""
) -> tuple[dict[str, str], bytes]:
    """What arrived of a body that one of httpx's clients sent."""
    server.received.clear()

    async def send() -> None:
        fit = body.for_async()
        async with httpx.AsyncClient(trust_env=False, follow_redirects=True, verify=False) as client:
            await client.post(server.url + path, headers=fit.headers, content=fit.content, files=fit.files)

    if asynchronous:
        asyncio.run(send())
    else:
        fit = body.for_sync()
        with httpx.Client(trust_env=False, follow_redirects=True, verify=False) as client:
            client.post(server.url + path, headers=fit.headers, content=fit.content, files=fit.files)
    return server.received[-1]


def sent(body: EncodedBody) -> tuple[str, bytes]:
    """The content type and the bytes of a body, without a socket."""
    request = httpx.Request("POST", "http://api.test", headers=body.headers, content=body.content, files=body.files)
    return request.headers["content-type"], request.read()


def parsed(content_type: str, content: bytes) -> list[tuple[str, str | None, str, bytes]]:
    """The parts that werkzeug finds: name, file name, content type, content."""
    boundary = content_type.partition("boundary=")[2].encode()
    fields, files = MultiPartParser().parse(io.BytesIO(content), boundary, len(content))
    found: list[tuple[str, str | None, str, bytes]] = [
        (name, None, "", text.encode()) for name, text in fields.items(multi=True)
    ]
    for name, file in files.items(multi=True):
        found.append((name, file.filename, file.content_type or "", file.read()))
        file.close()
    return found


def parts_of(
    parts: dict[str, Any], encodings: dict[str, Encoding] | None = None
) -> list[tuple[str, str | None, str, bytes]]:
    """The parts that werkzeug finds in what `multipart_body` makes."""
    return parsed(*sent(multipart_body(parts, encodings or {})))


both = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


@both
def test_json_is_compact_utf8(server: Server, asynchronous: bool) -> None:
    """No space and no escape that JSON does not need."""
    headers, content = post(server, json_body({"a": ["é", None, 1.5]}), asynchronous=asynchronous)
    assert '{"a":["é",null,1.5]}'.encode() == content
    assert "application/json" == headers["content-type"]
    assert "application/merge-patch+json" == json_body(1, "application/merge-patch+json").headers["Content-Type"]


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"a": "\ud800"}, {"\ud800": 1}])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    """Also where Python would write it."""
    with pytest.raises(ParameterError, match="cannot be written as JSON"):
        json_body(value)


@both
def test_a_form_repeats_arrays_and_writes_objects_as_json(server: Server, asynchronous: bool) -> None:
    """OpenAPI's defaults, for properties without a style."""
    value: Any = {"a": ["x", {"y": 1}], "o": {"k": "é &"}, "n": None, "e": [], "s": "", "t": True}
    headers, content = post(server, form_body(value, {}), asynchronous=asynchronous)
    expected = [("a", "x"), ("a", '{"y":1}'), ("o", '{"k":"é &"}'), ("s", ""), ("t", "true")]
    assert expected == parse_qsl(content.decode("ascii"), keep_blank_values=True)
    assert "application/x-www-form-urlencoded" == headers["content-type"]


def test_a_forms_properties_have_the_styles_of_their_encodings() -> None:
    """Byte for byte as in a query; a JSON content type writes primitives as JSON too."""
    value: Any = {"a": ["b", "c,d"], "o": {"R": 1}, "d": {"R": 1}, "p": ["x", "y"], "id": "u"}
    encodings = {
        "a": Encoding(explode=False),
        "o": Encoding(style="form"),
        "d": Encoding(style="deepObject"),
        "p": Encoding(style="pipeDelimited"),
        "id": Encoding(content_type="application/json"),
    }
    assert b"a=b,c%2Cd&R=1&d%5BR%5D=1&p=x%7Cy&id=%22u%22" == form_body(value, encodings).content


def test_the_specifications_form_example_is_encoded_as_it_shows() -> None:
    """OpenAPI 3.1.2, "URL Encoded Form with JSON Values", with %20 for its "+"."""
    address: Any = {"streetAddress": "123 Example Dr.", "city": "Somewhere", "state": "CA", "zip": "99999+1234"}
    expected = (
        "id=f81d4fae-7dec-11d0-a765-00a0c91e6bf6&address=%7B%22streetAddress%22%3A%22123%20Example%20Dr.%22%2C%22city"
        "%22%3A%22Somewhere%22%2C%22state%22%3A%22CA%22%2C%22zip%22%3A%2299999%2B1234%22%7D"
    )
    body = form_body({"id": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "address": address}, {})
    assert expected.encode() == body.content


@given(st.dictionaries(ALL, st.lists(ALL, min_size=1)))
def test_every_form_is_read_back(value: dict[str, Any]) -> None:
    """Names and texts of any characters survive."""
    content = form_body(value, {}).content
    assert isinstance(content, bytes)
    expected = [(name, item) for name, items in value.items() for item in items]
    assert expected == parse_qsl(content.decode("ascii"), keep_blank_values=True)


@both
def test_a_multipart_form_arrives(server: Server, asynchronous: bool, tmp_path: Path) -> None:
    """Primitives as text, objects as JSON, arrays as repeated parts, files with name and type."""
    (tmp_path / "disk.png").write_bytes(b"png")
    with (tmp_path / "disk.png").open("rb") as disk:
        parts: Any = {
            "text": "é",
            "tags": ["a", "b"],
            "object": {"k": [1]},
            "nothing": None,
            "file": File(b"\x00\r\n--\xff", "x.bin", "image/png"),
            "files": [File(io.BytesIO(b"one")), b"two", disk],
        }
        headers, content = post(server, multipart_body(parts, {}), asynchronous=asynchronous)
    expected = [
        ("text", None, "", "é".encode()),
        ("tags", None, "", b"a"),
        ("tags", None, "", b"b"),
        ("object", None, "", b'{"k":[1]}'),
        ("file", "x.bin", "image/png", b"\x00\r\n--\xff"),
        ("files", "upload", "application/octet-stream", b"one"),
        ("files", "upload", "application/octet-stream", b"two"),
        ("files", "disk.png", "application/octet-stream", b"png"),
    ]
    assert expected == parsed(headers["content-type"], content)
    assert b'name="text"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n' in content
    assert b'name="object"\r\nContent-Type: application/json\r\n\r\n' in content


def test_multipart_properties_have_the_styles_of_their_encodings() -> None:
    """Names and values of a query, but not percent-encoded; a delimiter inside an item has then no escape."""
    parts: dict[str, Any] = {"a": ["b", "c d"], "o": {"R": 1}, "d": {"é": "%"}, "p": ["x", "y"], "s": ["x", "y"]}
    encodings = {
        "a": Encoding(explode=False),
        "o": Encoding(explode=True),
        "d": Encoding(style="deepObject"),
        "p": Encoding(style="pipeDelimited"),
        "s": Encoding(style="spaceDelimited"),
    }
    expected = [("a", b"b,c d"), ("R", b"1"), ("d[é]", b"%"), ("p", b"x|y"), ("s", b"x y")]
    assert expected == [(name, content) for name, _, _, content in parts_of(parts, encodings)]
    with pytest.raises(ParameterError, match="separates"):
        multipart_body({"a": ["b", "c,d"]}, encodings)


def test_a_part_has_the_content_type_of_its_encoding() -> None:
    """The file's own comes first; a list or a range cannot be sent and asks for it."""
    png = {"f": Encoding(content_type="image/png")}
    assert "image/png" == parts_of({"f": b"x"}, png)[0][2]
    assert "image/gif" == parts_of({"f": File(b"x", mime_type="image/gif")}, png)[0][2]
    for declared in ("image/*", "image/png, image/jpeg"):
        with pytest.raises(ParameterError, match="mime_type"):
            multipart_body({"f": b"x"}, {"f": Encoding(content_type=declared)})
    assert b"Content-Type: text/csv\r\n" in sent(multipart_body({"f": "a"}, {"f": Encoding("text/csv")}))[1]
    with pytest.raises(ParameterError, match="application/xml"):
        multipart_body({"f": {}}, {"f": Encoding(content_type="application/xml")})


def test_each_multipart_body_has_a_boundary_of_its_own() -> None:
    """Nobody who writes a file can know it; a form without parts has one too."""
    types = {sent(multipart_body(parts, {}))[0] for parts in ({"a": "b"}, {"a": "b"}, {}, {})}
    assert 4 == len(types)
    assert all(re.fullmatch("multipart/form-data; boundary=[0-9a-f]{32}", text) for text in types)
    assert [] == parts_of({})


def test_content_that_looks_like_a_boundary_stays_content() -> None:
    """Neither a constant boundary nor one seen before ends a part."""
    seen = sent(multipart_body({"a": "b"}, {}))[0].partition("boundary=")[2]
    for boundary in ("+++", seen):
        injected = (
            f'x\r\n--{boundary}\r\nContent-Disposition: form-data; name="admin"\r\n\r\n1\r\n--{boundary}--\r\n'.encode()
        )
        assert [("f", "upload", "application/octet-stream", injected)] == parts_of({"f": injected})
        assert [("f", None, "", injected)] == parts_of({"f": injected.decode()})


def test_names_are_escaped_as_browsers_do() -> None:
    """A quote and line ends cannot end a name or a header."""
    content = sent(multipart_body({'a"\r\nb': File(b"", 'x"; name="y\r\n.png')}, {}))[1]
    assert b'; name="a%22%0D%0Ab"; filename="x%22; name=%22y%0D%0A.png"\r\n' in content


@given(ALL.filter(lambda text: "\\" not in text), ALL, st.binary(), ALL)
def test_no_name_and_no_content_makes_another_part(name: str, file_name: str, content: bytes, text: str) -> None:
    """One part in, one part out, whatever is in it."""
    clean = file_name.replace("\\", "")
    found = parts_of({name: File(content, clean), f"{name}2": text})
    assert [text.encode(), content] == [part[3] for part in found]
    assert [True, False] == [part[1] is None for part in found]


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (File(b"", "a\\"), "backslash"),
        (File(b"", "\ud800"), "surrogate"),
        (File(b"", "a", "text/plain\r\nX: y"), "no content type"),
        (File(io.StringIO("a")), "text mode"),  # type: ignore[arg-type]
        (File([b"a"]), "iterator"),
        ([b"a", "b"], "make a File of each"),
        ([None, "b"], "null"),
        ("\ud800", "surrogate"),
        (float("nan"), "number"),
    ],
)
def test_what_a_part_cannot_carry_is_refused(part: Any, message: str) -> None:
    """The message says what, and names the property."""
    with pytest.raises(ParameterError, match=message):
        multipart_body({"f": part}, {})


def pipe(content: bytes) -> Any:
    """A file that cannot seek, with this to read."""
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    return os.fdopen(reading, "rb")


@both
def test_a_pipe_is_sent_whole(server: Server, asynchronous: bool) -> None:
    """It has no length that could be stated; httpx would state 0."""
    with pipe(b"raw") as raw, pipe(b"part") as part:
        headers, content = post(server, raw_body(raw, "text/plain"), asynchronous=asynchronous)
        assert ("chunked", b"raw") == (headers["transfer-encoding"], content)
        headers, content = post(server, multipart_body({"f": part}, {}), asynchronous=asynchronous)
        assert [b"part"] == [found[3] for found in parsed(headers["content-type"], content)]


@both
def test_a_file_is_sent_from_where_it_stands_with_its_length(
    server: Server, asynchronous: bool, tmp_path: Path
) -> None:
    """Also when a redirect makes the client send it again."""
    path = tmp_path / "big"
    path.write_bytes(b"head" + b"x" * 200_000)
    for where in ("", "moved"):
        with path.open("rb") as file:
            file.seek(4)
            headers, content = post(server, raw_body(file, "text/plain"), asynchronous=asynchronous, path=where)
            assert ("200000", 200_000) == (headers["content-length"], len(content))
            file.seek(4)
            headers, content = post(server, multipart_body({"f": file}, {}), asynchronous=asynchronous, path=where)
            assert [200_000] == [len(found[3]) for found in parsed(headers["content-type"], content)]


@both
@pytest.mark.parametrize("payload", [b"ab", "ab", [b"a", b"b"], (b"a", b"b"), File(b"ab")], ids=repr)
def test_raw_content_arrives_as_it_is(server: Server, asynchronous: bool, payload: Any) -> None:
    """Bytes, text, iterables and files, through either client."""
    headers, content = post(server, raw_body(payload, "application/octet-stream"), asynchronous=asynchronous)
    assert (b"ab", "application/octet-stream") == (content, headers["content-type"])


@both
def test_a_generator_is_streamed(server: Server, asynchronous: bool) -> None:
    """Piece by piece, chunked."""
    headers, content = post(server, raw_body((b"%d" % i for i in range(3)), "text/plain"), asynchronous=asynchronous)
    assert ("chunked", b"012") == (headers["transfer-encoding"], content)


async def pieces() -> AsyncIterator[bytes]:
    """An async iterator of two pieces."""
    yield b"a"
    yield b"b"


def test_an_async_iterator_needs_the_async_client(server: Server) -> None:
    """The message says what to use."""
    assert b"ab" == post(server, raw_body(pieces(), "text/plain"), asynchronous=True)[1]
    with pytest.raises(ParameterError, match="use the async client"):
        post(server, raw_body(pieces(), "text/plain"))


def test_a_file_is_read_in_pieces() -> None:
    """Never more of it is in memory than one piece."""

    class Counting(io.BytesIO):
        largest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            chunk = super().read(size)
            self.largest = max(self.largest, len(chunk))
            return chunk

    for make in (lambda file: raw_body(file, "text/plain"), lambda file: multipart_body({"f": file}, {})):
        file = Counting(bytes(300_000))
        sent(make(file))
        assert CHUNK_BYTES == file.largest


def test_a_file_that_grows_keeps_its_announced_length() -> None:
    """What is added after the request was made is not sent: the length stands in a header already."""
    file = io.BytesIO(b"abc")
    body = raw_body(file, "text/plain")
    file.seek(0, os.SEEK_END)
    file.write(b"more")
    assert b"abc" == sent(body)[1]


def test_the_async_client_is_not_blocked_by_a_slow_source(server: Server) -> None:
    """A source that waits for the event loop to go on gets its turn: it is read in a thread."""
    going = threading.Event()

    def slow() -> Iterator[bytes]:
        assert going.wait(10)
        yield b"done"

    async def both_at_once() -> None:
        asyncio.get_running_loop().call_soon(going.set)
        fit = raw_body(slow(), "text/plain").for_async()
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            await client.post(server.url, headers=fit.headers, content=fit.content)

    server.received.clear()
    asyncio.run(both_at_once())
    assert b"done" == server.received[-1][1]


@pytest.mark.parametrize("content_type", ["image/*", "", "a", "text/plain\r\nX: y", "text/plain, text/html"])
def test_a_content_type_that_cannot_be_sent_is_refused(content_type: str) -> None:
    """A range needs a file that says which."""
    with pytest.raises(ParameterError, match="mime_type"):
        raw_body(b"", content_type)
    assert "image/png" == raw_body(File(b"", mime_type="image/png"), content_type).headers["Content-Type"]


def test_a_file_does_not_show_its_content() -> None:
    """A repr may end up in a log."""
    assert "File(file_name='a', mime_type=None)" == repr(File(b"secret", "a"))


def test_the_parts_of_json_are_json() -> None:
    """The bytes of an object's part are the object."""
    assert {"a": "é"} == json.loads(parts_of({"o": {"a": "é"}})[0][3])
