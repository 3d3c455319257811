"""Request bodies: JSON, forms, multipart forms and raw content, ready for either of httpx's clients.

Nothing is read into memory as a whole: a file is sent from where it stands, in pieces, with its length where it has
one. httpx writes the multipart format, with a fresh random boundary each time; here is decided what the parts are,
and refused what would not be read back.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Final, TypeAlias, cast

from msgspec import Struct

from .bounds import Wire, shown
from .errors import ParameterError
from .parameters import Parameter, Style, encode_query, json_text, named_pairs, present

Payload: TypeAlias = bytes | str | IO[bytes] | Iterable[bytes] | AsyncIterable[bytes]
Content: TypeAlias = "bytes | Iterable[bytes] | AsyncIterable[bytes]"
Upload: TypeAlias = "tuple[str, tuple[str | None, bytes | IO[bytes], str]]"
"""A part as httpx takes it: its name, then file name, content and content type."""

CHUNK_BYTES: Final = 65_536
"""How much of a file is in memory at a time."""
_MEDIA_TYPE: Final = re.compile(r"[!#$&^_.+\w-]+/[!#$&^_.+\w-]+( *;[ -~]*)?", re.ASCII)
_JSON: Final = re.compile(r"application/([\w.-]+\+)?json\b")


class Encoding(Struct, frozen=True):
    """An `encoding` object of a form's property; what the document leaves out is None.

    Giving `style`, `explode` or `allow_reserved` makes the property a query parameter of that style, and its
    `content_type` is ignored.
    """

    content_type: str | None = None
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool | None = None


@dataclass(frozen=True, slots=True)
class File:
    """Content to upload, for a part of a form or a whole body.

    Attributes:
        payload: Bytes, text (sent as UTF-8) or a file opened in binary mode; for a whole body also an iterator of
            bytes, sync or async. A file is sent from where it stands.
        file_name: What the part says; without it, the file's own name, or "upload".
        mime_type: The content type; without it, the one that the operation declares.
    """

    payload: Payload = field(repr=False)
    file_name: str | None = None
    mime_type: str | None = None


Part: TypeAlias = "File | bytes | IO[bytes]"


@dataclass(frozen=True, slots=True)
class EncodedBody:
    """A body as `httpx.Request` and `build_request` take it: `headers`, and `content` or `files`.

    Each encoding is for one request. `for_sync` and `for_async` make it fit the client that sends it.
    """

    headers: dict[str, str]
    content: Content | None = None
    files: list[Upload] | None = None

    def for_sync(self) -> EncodedBody:
        """The body for `httpx.Client`.

        Raises:
            ParameterError: It is an async iterator.
        """
        if isinstance(self.content, AsyncIterable):
            raise ParameterError("The body is an async iterator: use the async client, or give bytes or a file.")
        return self

    def for_async(self) -> EncodedBody:
        """The body for `httpx.AsyncClient`; under asyncio, files and iterators are read in a thread."""
        if self.content is None or isinstance(self.content, (bytes, AsyncIterable)):
            return self
        return replace(self, content=_InThread(self.content))


def json_body(value: Wire, content_type: str = "application/json") -> EncodedBody:
    """Compact JSON in UTF-8.

    Raises:
        ParameterError: The value holds NaN, an infinity or half of a surrogate pair.
    """
    return EncodedBody({"Content-Type": _media_type(content_type)}, json_text("body", value).encode())


def form_body(value: dict[str, Wire], encodings: Mapping[str, Encoding]) -> EncodedBody:
    """An `application/x-www-form-urlencoded` body. Spaces are %20, which every form decoder reads.

    Where no style is given, arrays repeat their name and objects are JSON text, as items too. `None` and empty arrays
    are left out.

    Raises:
        ParameterError: A value cannot be read back, as in a query.
    """
    values: list[tuple[Parameter, Wire]] = []
    for name, member in value.items():
        encoding = encodings.get(name, Encoding())
        values += [(_parameter(name, encoding, item), item) for item in _items(name, member, encoding)]
    return EncodedBody({"Content-Type": "application/x-www-form-urlencoded"}, encode_query(values).encode())


def multipart_body(parts: Mapping[str, Part | list[Part] | Wire], encodings: Mapping[str, Encoding]) -> EncodedBody:
    """A `multipart/form-data` body with a fresh random boundary.

    Without a style, arrays make a part of each item; files default to `application/octet-stream`, primitives to
    `text/plain` in UTF-8, objects to `application/json`. With a style, each name and value of a query is a part, not
    percent-encoded. `None` and empty arrays are left out. Names are escaped as browsers do: %22, %0D, %0A.

    Raises:
        ParameterError: A value, a name or a content type that would not be read back.
    """
    files: list[Upload] = []
    for name, value in parts.items():
        files += _uploads(name, value, encodings.get(name, Encoding()))
    if files:
        return EncodedBody({}, files=files)
    # httpx takes no files for no body.
    boundary = secrets.token_hex(16)
    return EncodedBody({"Content-Type": f"multipart/form-data; boundary={boundary}"}, f"--{boundary}--\r\n".encode())


def raw_body(payload: Payload | File, content_type: str) -> EncodedBody:
    """Content as it is, streamed; a file is sent from where it stands.

    A `File` with a `mime_type` is sent as that type, which a declared range such as `image/*` needs.

    Raises:
        ParameterError: The content type is a range or none, or the file is opened in text mode.
    """
    if isinstance(payload, File):
        content_type, payload = payload.mime_type or content_type, payload.payload
    headers = {"Content-Type": _media_type(content_type)}
    if isinstance(payload, (bytes, str)):
        return EncodedBody(headers, _utf8("body", payload))
    if isinstance(payload, AsyncIterable) or not hasattr(payload, "read"):
        return EncodedBody(headers, payload)
    source = _Source("body", cast("IO[bytes]", payload))
    # Said here, as httpx would count the whole file, wherever it stands, and 0 for a pipe.
    length = {} if source.length is None else {"Content-Length": str(source.length)}
    return EncodedBody(headers | length, _Chunks(source))


class _Source:
    """A binary file from where it stands to its present end, with positions counted from there.

    Without `fileno`, so that httpx measures it by `seek` and `tell`; one that cannot seek has no length.
    """

    def __init__(self, owner: str, file: IO[bytes]) -> None:
        if isinstance(file, io.TextIOBase):
            raise ParameterError(f"{owner} is a file in text mode: open it in binary mode.")
        self._file = file
        self._start = self._position = 0
        self.length: int | None = None
        # Some files without positions raise, some have no such method.
        with contextlib.suppress(OSError, AttributeError):
            self._start = file.tell()
            end = file.seek(0, os.SEEK_END)
            file.seek(self._start)
            self.length = max(end - self._start, 0)

    def read(self, size: int) -> bytes:
        # A file that grows while it is sent would not fit its announced length.
        wanted = size if self.length is None else min(size, self.length - self._position)
        chunk = self._file.read(wanted) if wanted > 0 else b""
        self._position += len(chunk)
        return chunk

    def tell(self) -> int:
        if self.length is None:
            raise io.UnsupportedOperation("tell")
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if self.length is None:
            raise io.UnsupportedOperation("seek")
        self._position = self.length + offset if whence == os.SEEK_END else offset
        self._file.seek(self._start + self._position)
        return self._position


class _Chunks:
    """A source in pieces; a request that is sent again begins it again, if it can seek."""

    def __init__(self, source: _Source) -> None:
        self._source = source

    def __iter__(self) -> Iterator[bytes]:
        with contextlib.suppress(io.UnsupportedOperation):
            self._source.seek(0)
        while chunk := self._source.read(CHUNK_BYTES):
            yield chunk


class _InThread:
    """An iterable for the async client, which would else be blocked while a file or a pipe is read."""

    def __init__(self, content: Iterable[bytes]) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        iterator = iter(self._content)
        while (chunk := await _next(iterator)) is not None:
            yield chunk


async def _next(iterator: Iterator[bytes]) -> bytes | None:
    import asyncio  # noqa: PLC0415 - blocking programs need not load it, and it takes as long as the rest

    try:
        asyncio.get_running_loop()
    except RuntimeError:  # another event loop, whose threads are out of the standard library's reach
        return next(iterator, None)
    return await asyncio.to_thread(next, iterator, None)


def _is_styled(encoding: Encoding) -> bool:
    return not (encoding.style is None and encoding.explode is None and encoding.allow_reserved is None)


def _parameter(name: str, encoding: Encoding, value: Wire) -> Parameter:
    """The query parameter that the property is encoded as."""
    style = encoding.style or "form"
    explode = style == "form" if encoding.explode is None else encoding.explode
    declared = encoding.content_type or ""
    as_json = not _is_styled(encoding) and (isinstance(value, (list, dict)) or bool(_JSON.match(declared)))
    if as_json and _single(declared) and not _JSON.match(declared):
        raise ParameterError(f"{name} is {shown(value)}, which cannot be written as {declared}.")
    return Parameter(name, name, "query", style, explode, False, bool(encoding.allow_reserved), as_json)


def _items(name: str, value: Wire, encoding: Encoding) -> list[Wire]:
    """What is encoded by itself: the items of an array that has no style, else the value."""
    if not isinstance(value, list) or _is_styled(encoding):
        return [value]
    if None in value:
        raise ParameterError(f"{name} is {shown(value)}, but a form cannot carry null in an array.")
    return value


def _uploads(name: str, value: Part | list[Part] | Wire, encoding: Encoding) -> list[Upload]:
    _check_name(name, name)
    if not isinstance(value, list):
        if value is None or isinstance(value, (str, int, float, dict)):
            return _wire_uploads(name, value, encoding)
        return [_file_upload(name, value, encoding)]
    files = [item for item in value if not (item is None or isinstance(item, (str, int, float, list, dict)))]
    if not files:
        return [
            upload
            for item in _items(name, cast("Wire", value), encoding)
            for upload in _wire_uploads(name, item, encoding)
        ]
    if len(files) < len(value):
        raise ParameterError(f"{name} holds files and other values; make a File of each.")
    return [_file_upload(name, item, encoding) for item in files]


def _wire_uploads(name: str, value: Wire, encoding: Encoding) -> list[Upload]:
    uploads: list[Upload] = []
    for parameter, sent in present([(_parameter(name, encoding, value), value)]):
        default = "application/json" if parameter.as_json else "text/plain; charset=utf-8"
        kind = default if _is_styled(encoding) else _single(encoding.content_type or "") or default
        for part_name, text in named_pairs(parameter, sent, _unescaped, _unescaped):
            _check_name(name, part_name)
            uploads.append((part_name, (None, text.encode(), _media_type(kind))))
    return uploads


def _file_upload(name: str, part: Part, encoding: Encoding) -> Upload:
    file = part if isinstance(part, File) else File(part)
    payload = file.payload
    declared = encoding.content_type or "application/octet-stream"
    media_type = _media_type(file.mime_type or declared)
    own_name = getattr(payload, "name", None)
    file_name = file.file_name or (Path(own_name).name if isinstance(own_name, str) else "") or "upload"
    _check_name(name, file_name)
    if isinstance(payload, (bytes, str)):
        return name, (file_name, _utf8(name, payload), media_type)
    if isinstance(payload, AsyncIterable) or not hasattr(payload, "read"):
        raise ParameterError(f"{name} is an iterator, but a part of a form has to be bytes or a binary file.")
    return name, (file_name, cast("IO[bytes]", _Source(name, cast("IO[bytes]", payload))), media_type)


def _check_name(owner: str, name: str) -> None:
    """ParameterError for a name that would be read back as another.

    Some servers read a backslash as an escape, others as itself, and at a name's end it hides the closing quote from
    them: whichever way it is written, somebody is wrong.
    """
    _utf8(owner, name)
    if "\\" in name:
        raise ParameterError(f"{owner} has the name {shown(name)}: a backslash is not read alike by all servers.")


def _unescaped(parameter: Parameter, text: str) -> str:
    _utf8(parameter.argument, text)
    return text


def _utf8(owner: str, text: str | bytes) -> bytes:
    try:
        return text.encode() if isinstance(text, str) else text
    except UnicodeEncodeError as error:
        raise ParameterError(f"{owner} is {shown(text)}, which holds half of a surrogate pair.") from error


def _single(declared: str) -> str | None:
    """The declared content type, unless it is a list or a range."""
    return None if not declared or "," in declared or "*" in declared else declared


def _media_type(text: str) -> str:
    """The content type, checked: one that is a list, a range or holds a line end cannot be sent."""
    if not _MEDIA_TYPE.fullmatch(text):
        raise ParameterError(f"{shown(text)} is no content type that can be sent: say which with File(mime_type=...).")
    return text
