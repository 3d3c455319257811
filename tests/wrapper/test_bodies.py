"""Bodies that come in pieces, compressed or not: what is made of them, and how much is held."""

from __future__ import annotations

import gzip
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud._http.bodies import Body, BodyTooLargeError, CorruptBodyError

MIB = 1 << 20
CODINGS = st.sampled_from(["", "identity", "gzip", "deflate"])


def packed(coding: str, data: bytes) -> bytes:
    """The data in a coding."""
    return {"gzip": gzip.compress, "deflate": zlib.compress}.get(coding, bytes)(data)


def read(coding: str, pieces: list[bytes], limit: int = MIB, length: str | None = None) -> bytes:
    """What a body makes of its pieces."""
    body = Body(coding, length, limit)
    for piece in pieces:
        body.feed(piece)
    return body.finish()


@given(CODINGS, st.binary(max_size=5000), st.lists(st.integers(0, 6000)))
def test_a_body_is_the_same_however_it_is_cut(coding: str, data: bytes, cuts: list[int]) -> None:
    """In one piece, or in many, some of them empty."""
    sent = packed(coding, data)
    places = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    assert data == read(coding, [sent[low:high] for low, high in pairwise(places)])


@given(CODINGS, st.integers(0, 5000), st.integers(1, 5000))
def test_the_limit_is_of_what_is_left_after_decompression(coding: str, size: int, limit: int) -> None:
    """Exactly that many bytes are taken, and not one more."""
    sent = packed(coding, bytes(size))
    if size <= limit:
        assert bytes(size) == read(coding, [sent], limit)
    else:
        with pytest.raises(BodyTooLargeError):
            read(coding, [sent], limit)


@pytest.mark.parametrize("size", [MIB - 1, MIB, MIB + 1, 2 * MIB, 5 * MIB + 7])
def test_a_body_larger_than_a_step_of_decompression_is_whole(size: int) -> None:
    """Nothing is left in the decompressor, at whichever size."""
    for coding in ("gzip", "deflate"):
        assert bytes(size) == read(coding, [packed(coding, bytes(size))], 8 * MIB)


@given(st.sampled_from(["gzip", "deflate"]), st.binary(min_size=1, max_size=500), st.data())
def test_compressed_data_that_ends_early_is_never_taken_for_whole(
    coding: str, data: bytes, drawn: st.DataObject
) -> None:
    """Wherever it is cut; nothing at all is an empty body, as of an answer to HEAD."""
    sent = packed(coding, data)
    cut = drawn.draw(st.integers(1, len(sent) - 1))
    with pytest.raises(CorruptBodyError, match="its compressed data is cut off"):
        read(coding, [sent[:cut]])
    assert b"" == read(coding, [])


@given(st.text(max_size=30), st.binary(max_size=200), st.none() | st.text(max_size=30))
def test_whatever_comes_is_read_or_refused(coding: str, data: bytes, length: str | None) -> None:
    """With one of two errors, whatever the headers say."""
    try:
        assert len(read(coding, [data], 100, length)) <= 100
    except (BodyTooLargeError, CorruptBodyError) as error:
        refused = type(error)
        assert refused in (BodyTooLargeError, CorruptBodyError)
