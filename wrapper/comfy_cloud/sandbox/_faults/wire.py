"""Faults of the way out: waiting, breaking off, lying about the length, spoiling the compression. Pure."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import ClassVar

from comfy_cloud.sandbox._serving.delivery import Delivery, Ending
from comfy_cloud.sandbox._serving.exchange import Answer, Asked

from .fault import Effect, part
from .kinds import Delay, Flag, Seconds, Spread, Whole

MAX_BYTES = 1 << 30
"""How large a bomb may become, so that one does not end the machine that runs the tests."""

_NO_DELAY = Delay(0.0)


@dataclass(frozen=True, slots=True)
class Latency(Effect):
    """A wait before the request is answered; `serialised` ones are waited one after the other."""

    name: ClassVar[str] = "latency"
    delay: Delay = part(Spread(), _NO_DELAY)  # noqa: RUF009 - a field
    serialised: bool = part(Flag(), default=False)

    def wait(self, dice: Random) -> float:
        """Evenly distributed around the middle."""
        seconds, jitter = self.delay
        return seconds + jitter * (2 * dice.random() - 1)


@dataclass(frozen=True, slots=True)
class Broken(Effect):
    """An end before the end: without `after`, before the status line; else after so many bytes of the body.

    At least one byte of the body is held back, since all of it would be a complete answer.
    """

    ending: ClassVar[Ending]
    after: int | None = part(Whole(0, MAX_BYTES), None)

    def deliver(self, delivery: Delivery) -> Delivery:
        """Cut, and marked with how it ends."""
        if self.after is None:
            return replace(delivery, ending=self.ending, head=False)
        sent = min(self.after, max(len(delivery.answer.body) - 1, 0))
        return replace(delivery, ending=self.ending, sent=sent)


@dataclass(frozen=True, slots=True)
class Reset(Broken):
    """A TCP reset."""

    name: ClassVar[str] = "reset"
    ending: ClassVar[Ending] = "reset"


@dataclass(frozen=True, slots=True)
class Stall(Broken):
    """Silence until the client leaves or the sandbox is closed."""

    name: ClassVar[str] = "stall"
    ending: ClassVar[Ending] = "stalled"


@dataclass(frozen=True, slots=True)
class HangUp(Effect):
    """The connection closed in order, without an answer, as by a server that drops idle connections."""

    name: ClassVar[str] = "hang_up"

    def deliver(self, delivery: Delivery) -> Delivery:
        """Nothing, and the end."""
        return replace(delivery, ending="closed", head=False)


@dataclass(frozen=True, slots=True)
class Truncate(Effect):
    """The connection closed in order after so many bytes of the body, by default half of them."""

    name: ClassVar[str] = "truncate"
    after: int | None = part(Whole(0, MAX_BYTES), None)

    def deliver(self, delivery: Delivery) -> Delivery:
        """Cut; the announced length is that of the whole."""
        size = len(delivery.answer.body)
        sent = size // 2 if self.after is None else min(self.after, max(size - 1, 0))
        return replace(delivery, ending="closed", sent=sent)


@dataclass(frozen=True, slots=True)
class WrongLength(Effect):
    """A Content-Length that is wrong by so many bytes, on a connection that stays open."""

    name: ClassVar[str] = "wrong_length"
    by: int = part(Whole(-MAX_BYTES, MAX_BYTES), 1)

    def deliver(self, delivery: Delivery) -> Delivery:
        """Too much announced is waited for in vain; what goes out beyond too little meets the next answer."""
        announced = max(len(delivery.answer.body) + self.by, 0)
        return replace(delivery, announced=announced, ending="stalled" if self.by > 0 else delivery.ending)


@dataclass(frozen=True, slots=True)
class Drip(Effect):
    """The body a few bytes at a time."""

    name: ClassVar[str] = "drip"
    piece: int = part(Whole(1, MAX_BYTES), 1024)
    every: float = part(Seconds(), 0.01)

    def deliver(self, delivery: Delivery) -> Delivery:
        """A wait before each piece."""
        return replace(delivery, piece=self.piece, every=self.every)


@dataclass(frozen=True, slots=True)
class CorruptGzip(Effect):
    """A body that says it is gzip and begins like it, but cannot be decompressed."""

    name: ClassVar[str] = "corrupt_gzip"

    def answer(self, answer: Answer, asked: Asked, last: Answer | None) -> Answer:  # noqa: ARG002 - the interface
        """Compressed, and the type of its first block set to the one that does not exist."""
        spoiled = bytearray(gzip.compress(answer.body, mtime=0))
        spoiled[_GZIP_HEADER] |= 0b110
        return _compressed(answer, bytes(spoiled))


@dataclass(frozen=True, slots=True)
class GzipBomb(Effect):
    """A body that is small on the wire and huge once decompressed: blanks, and then the answer, valid JSON."""

    name: ClassVar[str] = "gzip_bomb"
    size: int = part(Whole(1, MAX_BYTES), 64 << 20)

    def answer(self, answer: Answer, asked: Asked, last: Answer | None) -> Answer:  # noqa: ARG002 - the interface
        """About a thousandth of `size` bytes. Blanks before a JSON text mean nothing."""
        return _compressed(answer, _after_blanks(self.size)(answer.body))


_GZIP_HEADER = 10  # bytes, before the first block
_CHUNK = b" " * (1 << 20)


@lru_cache(maxsize=4)
def _after_blanks(size: int) -> Callable[[bytes], bytes]:
    """What compresses a body behind so many blanks, which are compressed only once, since that takes a while."""
    packer = zlib.compressobj(wbits=31)
    whole, rest = divmod(size, len(_CHUNK))
    begun = b"".join([*(packer.compress(_CHUNK) for _ in range(whole)), packer.compress(_CHUNK[:rest])])

    def compress(body: bytes) -> bytes:
        further = packer.copy()
        return begun + further.compress(body) + further.flush()

    return compress


def _compressed(answer: Answer, body: bytes) -> Answer:
    return replace(answer, headers=(*answer.headers, ("Content-Encoding", "gzip")), body=body)
