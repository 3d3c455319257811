"""How an answer goes out, as a value: what is sent, when, and how it ends. Pure; the ways in carry it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .exchange import Answer, Pairs

Ending: TypeAlias = Literal["complete", "reset", "closed", "stalled"]
"""How a delivery ends: as it should, with a TCP reset, with the connection closed, or with silence for ever."""

_WITHOUT_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Delivery:
    """One answer on its way out.

    `sent` is how many bytes of the body go out, all unless given, and `announced` what Content-Length says, the truth
    unless given. Without `head` not even the status line goes out. A `piece` is how many bytes are sent at a time,
    `every` so many seconds. `bodiless` is for HEAD.
    """

    answer: Answer
    ending: Ending = "complete"
    head: bool = True
    sent: int | None = None
    announced: int | None = None
    piece: int | None = None
    every: float = 0.0
    bodiless: bool = False

    @property
    def headers(self) -> Pairs:
        """The answer's headers, with the Content-Length."""
        if self.answer.status in _WITHOUT_BODY:
            return self.answer.headers
        length = len(self.answer.body) if self.announced is None else self.announced
        return (*self.answer.headers, ("Content-Length", str(length)))

    @property
    def body(self) -> bytes:
        """The bytes of the body that go out in time; nothing where HTTP knows no body."""
        if not self.head or self.bodiless or self.answer.status in _WITHOUT_BODY:
            return b""
        return self.answer.body if self.sent is None else self.answer.body[: self.sent]

    @property
    def surplus(self) -> bytes:
        """What goes out after the announced end of the body, where the next answer is expected."""
        return b"" if self.announced is None else self.body[self.announced :]

    def pieces(self) -> Iterator[tuple[float, bytes]]:
        """The body without the surplus: how many seconds to wait, and what to send then."""
        body = self.body if self.announced is None else self.body[: self.announced]
        size = self.piece or len(body) or 1
        for start in range(0, len(body), size):
            yield self.every, body[start : start + size]
