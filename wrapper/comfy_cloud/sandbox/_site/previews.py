"""Small pictures for assets, drawn from nothing but a text: the same text is the same picture everywhere. Pure.

A picture is a PNG with a palette, 128 by 128 pixels and about one kilobyte. It is drawn in runs of one colour and not
pixel by pixel, which takes a millisecond or two in plain Python.
"""

from __future__ import annotations

import colorsys
import hashlib
import math
import struct
import zlib
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

SIDE = 128
"""Width and height of a picture, in pixels."""

Rows: TypeAlias = list[bytearray]
Rgb: TypeAlias = tuple[int, int, int]

_SKY = 48  # how many steps of the gradient behind everything
_INK = _SKY  # the palette's next entries: the colours of the shapes in front
_INKS = 8


class _Dice:
    """Choices read off a digest, so that they are the same on every machine and Python."""

    def __init__(self, text: str) -> None:
        self._stream = self._bytes(text)

    @staticmethod
    def _bytes(text: str) -> Iterator[int]:
        block = text.encode("utf-8", "surrogatepass")
        while True:
            block = hashlib.sha256(block).digest()
            yield from block

    def share(self) -> float:
        """A number from 0 to 1, 1 excluded."""
        return next(self._stream) / 256

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, both included."""
        return low + int(self.share() * (high - low + 1))


@dataclass(frozen=True, slots=True)
class _Canvas:
    """What a picture is drawn on: rows of palette entries."""

    rows: Rows

    def run(self, y: int, start: float, end: float, colour: int) -> None:
        """Colour the pixels of row `y` from `start` up to `end`, as far as they are on the canvas."""
        left, right = max(0, round(start)), min(SIDE, round(end))
        if 0 <= y < SIDE and left < right:
            self.rows[y][left:right] = bytes((colour,)) * (right - left)

    def disc(self, x: float, y: float, radius: float, colour: int, *, flat: float = 1.0) -> None:
        """Colour an ellipse; `flat` is its height as a share of its width."""
        for row in range(math.floor(y - radius * flat), math.ceil(y + radius * flat) + 1):
            inside = radius * radius - ((row - y) / flat) ** 2
            if inside > 0:
                half = math.sqrt(inside)
                self.run(row, x - half, x + half, colour)

    def box(self, x: float, y: float, width: float, height: float, colour: int) -> None:
        """Colour a rectangle whose upper left corner is at x, y."""
        for row in range(round(y), round(y + height)):
            self.run(row, x, x + width, colour)


def preview_png(text: str) -> bytes:
    """The picture of `text`, usually an asset's hash, as a PNG."""
    dice = _Dice(text)
    scene = _SCENES[bisect(_SCENE_LIMITS, dice.share())]
    hue = dice.share()
    palette = _palette(dice, hue)
    canvas = _Canvas([bytearray((row * _SKY // SIDE,)) * SIDE for row in range(SIDE)])
    scene(canvas, dice)
    return _png(canvas.rows, palette)


def _hills(canvas: _Canvas, dice: _Dice) -> None:
    """A sun or a moon over ranges of hills, the nearest darkest."""
    sun, horizon = dice.between(14, 26), dice.between(60, 84)
    canvas.disc(dice.between(26, 102), dice.between(24, horizon), sun, _INK)
    for layer in range(4):
        base, swell = horizon + layer * 13, dice.between(4, 13)
        waves = [(dice.between(0.02, 0.09), dice.between(0, 6.3)) for _ in range(2)]
        tops = [base + swell * sum(math.sin(x * pace + start) for pace, start in waves) for x in range(SIDE)]
        for y in range(max(0, int(min(tops))), SIDE):
            _below(canvas, y, tops, _INK + 1 + layer)


def _below(canvas: _Canvas, y: int, tops: list[float], colour: int) -> None:
    """Colour the runs of row `y` that lie below a line."""
    start: int | None = None
    for x, top in enumerate(tops):
        if top <= y and start is None:
            start = x
        elif top > y and start is not None:
            canvas.run(y, start, x, colour)
            start = None
    if start is not None:
        canvas.run(y, start, SIDE, colour)


def _person(canvas: _Canvas, dice: _Dice) -> None:
    """A head and shoulders before a halo."""
    x, y, head = dice.between(52, 76), dice.between(48, 58), dice.between(19, 25)
    canvas.disc(x, y, dice.between(42, 58), _INK)
    long, cap = dice.share() < 2 / 3, dice.share() < 2 / 3
    canvas.disc(x, y - 3, head + 6, _INK + 4, flat=1.1)
    if long:
        canvas.box(x - head - 6, y - 3, 2 * head + 12, dice.between(26, 48), _INK + 4)
    canvas.box(x - 8, y + head - 4, 16, 24, _INK + 6)
    canvas.disc(x, 138, dice.between(44, 56), _INK + 3, flat=0.78)
    canvas.disc(x, y + 2, head, _INK + 6, flat=1.2)
    if cap:
        canvas.disc(x, y - head, head * 0.95, _INK + 4, flat=0.6)


def _city(canvas: _Canvas, dice: _Dice) -> None:
    """Towers with lit windows, in two ranks."""
    canvas.disc(dice.between(20, 108), dice.between(18, 40), dice.between(8, 15), _INK)
    for rank in (2, 4):
        x = -dice.between(0, 10)
        while x < SIDE:
            width, top = dice.between(14, 27), dice.between(28, 78) + rank * 7
            canvas.box(x, top, width, SIDE - top, _INK + rank)
            if rank > 2:  # noqa: PLR2004 - the rank in front
                _windows(canvas, dice, (x, top, width))
            x += width + dice.between(0, 5)


def _windows(canvas: _Canvas, dice: _Dice, tower: tuple[float, float, float]) -> None:
    x, top, width = tower
    for row in range(round(top) + 5, SIDE, 7):
        for column in range(round(x) + 3, round(x + width) - 3, 5):
            if dice.share() < 0.5:  # noqa: PLR2004 - half of them
                canvas.box(column, row, 2, 3, _INK + 7)


def _circles(canvas: _Canvas, dice: _Dice) -> None:
    """Rings around a few centres."""
    for _ in range(dice.whole(3, 5)):
        x, y, radius = dice.between(0, 128), dice.between(0, 128), dice.between(18, 52)
        first, rings = dice.whole(0, 6), dice.whole(1, 4)
        for ring in range(rings):
            canvas.disc(x, y, radius * (1 - ring / rings), _INK + (first + ring) % 7)


def _tiles(canvas: _Canvas, dice: _Dice) -> None:
    """A quilt of quarter discs, boxes and dots."""
    side = (16, 21.4, 32)[dice.whole(0, 2)]
    count = math.ceil(SIDE / side)
    for row in range(count):
        for column in range(count):
            kind, colour = dice.whole(0, 4), _INK + dice.whole(0, 6)
            x, y = column * side, row * side
            if kind == 0:
                canvas.box(x, y, side, side, colour)
            elif kind == 1:
                canvas.disc(x + side / 2, y + side / 2, side / 2.4, colour)
            elif kind == 2:  # noqa: PLR2004 - one of five kinds
                for line in range(round(side)):
                    canvas.run(round(y) + line, x, x + math.sqrt(max(0, side * side - line * line)), colour)


def _jar(canvas: _Canvas, dice: _Dice) -> None:
    """A thing on a table, as product shots have it."""
    table = dice.between(84, 98)
    canvas.box(0, table, SIDE, SIDE, _INK + 2)
    x, wide, high = dice.between(50, 78), dice.between(15, 27), dice.between(34, 58)
    canvas.disc(x, table + 12, wide * 1.5, _INK + 3, flat=0.22)
    canvas.box(x - wide, table + 10 - high, 2 * wide, high, _INK + 5)
    canvas.disc(x, table + 10, wide, _INK + 5, flat=0.3)
    canvas.box(x + wide * 0.35, table + 12 - high, wide * 0.3, high, _INK + 6)
    canvas.disc(x, table + 10 - high, wide, _INK + 4, flat=0.3)
    canvas.disc(x, table + 10 - high, wide * 0.7, _INK + 1, flat=0.3)


_SCENES: tuple[Callable[[_Canvas, _Dice], None], ...] = (_hills, _person, _city, _circles, _tiles, _jar)
_SCENE_LIMITS = (0.3, 0.52, 0.68, 0.8, 0.9)


def _palette(dice: _Dice, hue: float) -> bytes:
    """A gradient of the sky, then inks from light to dark in two hues that go with it."""
    apart = (0.08, 0.12, 0.45, 0.55)[dice.whole(0, 3)]
    top = colorsys.hsv_to_rgb(hue, 0.62, dice.between(0.25, 0.95))
    bottom = colorsys.hsv_to_rgb((hue + apart) % 1, dice.between(0.2, 0.4), 0.97)
    # Mixed as colours of light and not by turning the hue, which would pass through a rainbow.
    shares = [step / (_SKY - 1) for step in range(_SKY)]
    sky = [tuple(high + (low - high) * share for high, low in zip(top, bottom, strict=True)) for share in shares]
    front = (hue + apart + dice.between(-0.04, 0.04)) % 1
    inks = [colorsys.hsv_to_rgb(front, 0.25, 0.98)]
    inks += [colorsys.hsv_to_rgb((front - 0.03 * step) % 1, 0.45 + 0.07 * step, 0.8 - 0.13 * step) for step in range(5)]
    inks += [colorsys.hsv_to_rgb(0.07, dice.between(0.25, 0.6), dice.between(0.5, 0.95))]
    inks += [colorsys.hsv_to_rgb(0.13, 0.5, 1)]
    return bytes(min(255, int(part * 256)) for colour in (*sky, *inks[:_INKS]) for part in colour)


def _png(rows: Rows, palette: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 3, 0, 0, 0)  # eight bits a pixel, which name a colour
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
