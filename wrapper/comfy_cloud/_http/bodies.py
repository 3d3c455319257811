"""Reading the body of an answer piece by piece, decompressed, with a bound on what is held. Pure.

httpx would decompress each piece at once, whatever it grows to: 64 KB of gzip can hold 64 MB, and pieces may follow.
Here no more than the bound is ever made of them, and a stream that ends too early is told from one that is complete.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Final

ACCEPT_ENCODING: Final = "gzip, deflate"
"""What is asked for: the codings that Python decompresses with a bound."""

_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_RAW_DEFLATE: Final = -zlib.MAX_WBITS
_GZIP_MAGIC: Final = b"\x1f\x8b"
_STEP: Final = 1 << 20


class BodyTooLargeError(Exception):
    """The body is larger than the bound."""


class CorruptBodyError(Exception):
    """The body is not in the coding that its headers state; the message says how."""


class Body:
    """The body of one answer, as it comes.

    Args:
        coding: The answer's Content-Encoding.
        length: The answer's Content-Length, where it states one.
        limit: The most bytes that are taken, after decompression.
    """

    def __init__(self, coding: str, length: str | None, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._parts: list[bytes] = []
        self._inflate = _inflating(coding)
        if self._inflate is None and length is not None and length.isdecimal() and int(length[:20]) > limit:
            raise BodyTooLargeError

    def feed(self, piece: bytes) -> None:
        """Take a piece.

        Raises:
            BodyTooLargeError: it would be more than the limit.
            CorruptBodyError: it cannot be decompressed.
        """
        if self._inflate is None:
            self._keep(piece)
            return
        for part in self._inflate.pieces(piece):
            self._keep(part)

    def finish(self) -> bytes:
        """The whole body.

        Raises:
            CorruptBodyError: the compressed data ends too early.
        """
        if self._inflate is not None and self._inflate.unfinished:
            raise CorruptBodyError("its compressed data is cut off")
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limit:
            self._parts.clear()
            raise BodyTooLargeError
        self._parts.append(part)


def _inflating(coding: str) -> _Inflating | None:
    match coding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip" | "deflate":
            return _Inflating()
        case other:
            raise CorruptBodyError(f"it is coded as {other[:40]!r}, which was not asked for")


class _Inflating:
    """gzip, of one member or several, or deflate, with its header or without."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._begun = False

    @property
    def unfinished(self) -> bool:
        """Whether data came, and its end did not."""
        return self._begun and not self._decoder.eof

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What the data holds, a bounded part at a time; nothing is decompressed before it is asked for."""
        part = b""
        while data or len(part) == _STEP:  # a full part may have more behind it, though all data went in
            if self._decoder.eof:
                if not data.startswith(_GZIP_MAGIC):
                    return  # padding behind the last member
                self._decoder, self._begun = zlib.decompressobj(_GZIP_OR_ZLIB), False
            part = self._decompressed(data)
            self._begun = True
            yield part
            data = self._decoder.unused_data if self._decoder.eof else self._decoder.unconsumed_tail

    def _decompressed(self, data: bytes) -> bytes:
        try:
            return self._decoder.decompress(data, _STEP)
        except zlib.error as error:
            if not self._begun:  # some servers send deflate without zlib's header
                self._decoder = zlib.decompressobj(_RAW_DEFLATE)
                try:
                    return self._decoder.decompress(data, _STEP)
                except zlib.error:
                    pass
            raise CorruptBodyError(f"it cannot be decompressed ({error})") from None


def is_broken_json(content_type: str, content: bytes) -> bool:
    """Whether a body that is said to be JSON, or anything, is none."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind and kind != "application/json" and not kind.endswith("+json"):
        return False
    try:
        json.loads(content)
    except RecursionError:
        return False
    except ValueError:
        return True
    return False
