"""The generated pictures."""

import struct
import zlib

from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_cloud.sandbox._site.previews import SIDE, preview_png


def chunks(png: bytes) -> dict[bytes, bytes]:
    """The chunks of a PNG, each checked against its CRC."""
    assert b"\x89PNG\r\n\x1a\n" == png[:8]
    found: dict[bytes, bytes] = {}
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.pack(">I", zlib.crc32(kind + data)) == png[at + 8 + length : at + 12 + length]
        found[kind] = data
        at += 12 + length
    return found


def rows(png: bytes) -> list[bytes]:
    """The pixels of a PNG, each the number of a colour, row by row, without the byte that says how rows are packed."""
    pixels = zlib.decompress(chunks(png)[b"IDAT"])
    assert SIDE * (SIDE + 1) == len(pixels)
    assert {0} == set(pixels[:: SIDE + 1])
    return [pixels[at + 1 : at + 1 + SIDE] for at in range(0, len(pixels), SIDE + 1)]


@settings(max_examples=60)
@given(st.text())
def test_any_text_makes_a_small_valid_picture(text: str) -> None:
    """128 by 128, a few kilobytes at most, with every pixel a colour of its palette."""
    png = preview_png(text)
    parts = chunks(png)
    assert [b"IHDR", b"PLTE", b"IDAT", b"IEND"] == list(parts)
    assert (SIDE, SIDE, 8, 3, 0, 0, 0) == struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert max(map(max, rows(png))) < len(parts[b"PLTE"]) // 3 <= 256
    assert len(png) < 4096


def test_a_picture_is_the_same_each_time_and_another_for_another_text() -> None:
    """So that a page of them looks like a library, and like the same one tomorrow."""
    first = [preview_png(f"blake3:{number:064x}") for number in range(60)]
    again = [preview_png(f"blake3:{number:064x}") for number in range(60)]
    assert first == again
    assert 60 == len(set(first))


def test_a_picture_is_the_same_on_every_machine_and_python() -> None:
    """Compared by its pixels and colours, because the versions of zlib pack them differently."""
    found = [zlib.crc32(b"".join(rows(png)) + chunks(png)[b"PLTE"]) for png in map(preview_png, "abcdef")]
    assert [4147804235, 3746153158, 2930662639, 29706705, 3812695629, 3514953664] == found
