"""How a walk moves over the offsets, and how it notices that it no longer gets anywhere. Pure."""

from __future__ import annotations

import sys
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from comfy_cloud._paging.ordering import Key

PATIENCE: Final = 8
"""How many pages may bring the walk no further."""
CALM: Final = 32
"""After how many pages without a refusal the overlap halves.

A refused page throws away those asked for ahead, which costs far more than an overlap that is wider than it need be: 16
elements are 3 % of a full page."""
NOWHERE: Final = sys.maxsize


class Pace(Struct, frozen=True):
    """Where the next page starts, and how carefully.

    Attributes:
        offset: Of the next page.
        passed: The offset behind the frontier, as far as is known.
        overlap: How many elements a page repeats of the one before: 1, doubled by each page that is refused, halved
            again in calm.
        bridge: How many the next one has to repeat to reach over a group of equal keys; 0 for no such need.
        step: How far the last refusal stepped back; 0 where the last page was accepted.
        calm: How many pages were accepted since a refusal, or since the overlap was halved.
    """

    offset: int
    passed: int
    overlap: int = 1
    bridge: int = 0
    step: int = 0
    calm: int = 0

    def after(self, start: int, length: int, page_size: int, bridge: int = 0) -> Pace:
        """Behind an accepted page of `length` elements from `start`, the next of which has to repeat `bridge`.

        An overlap that bridges is kept, so that the pages that follow can be foretold.
        """
        calm, overlap = self.calm + 1, self.overlap
        if calm >= CALM:
            calm, overlap = 0, max(1, overlap // 2)
        kept = 1 << max(0, bridge - 1).bit_length()
        if overlap < bridge and kept <= page_size // 2:
            calm, overlap = 0, kept
        end = start + length
        if bridge > overlap:
            return Pace(max(0, end - bridge), end, overlap, bridge, 0, calm)
        # A page of one element is asked for again, longer.
        forward = max(1, length - overlap) if length > 1 else 0
        return Pace(start + forward, end, overlap, 0, 0, calm)

    def back(self, page_size: int, total: int, reach: int) -> Pace:
        """After a refused page: further back each time, `reach` at most, and from the end of what there is."""
        overlap = min(2 * self.overlap, max(1, page_size // 2))
        step = min(max(overlap, 2 * self.step), reach)
        start = min(self.offset, total) if total > 0 else self.offset
        return Pace(max(0, start - step), self.passed, overlap, self.bridge, step)


class Lengths(Struct, frozen=True):
    """How long pages can be.

    Attributes:
        full: How many elements are asked for where nothing asks for more.
        bound: How many the API allows.
        longest: How many a page has held; two at least, without which pages prove nothing.
        capped: Whether the server gives less than it is asked for.
    """

    full: int
    bound: int
    longest: int = 2
    capped: bool = False

    @property
    def most(self) -> int:
        """How many elements a page can hold: what the API allows, or where the server gives less, what it gave."""
        return min(self.bound, self.longest) if self.capped else self.bound

    @property
    def usual(self) -> int:
        """How many elements a page holds where nothing asks for more."""
        return min(self.full, self.most)

    def after(self, asked: int, length: int, *, last: bool) -> Lengths:
        """After a page of so many elements. The last one may well be short, and a longer one undoes a cap."""
        if length < asked and not last:
            return replace(self, longest=max(self.longest, length), capped=True)
        return replace(self, longest=length, capped=False) if length > self.longest else self


class Trail(Struct, frozen=True):
    """What tells progress from going round in circles.

    Attributes:
        idle: How many pages brought the walk no further since the frontier moved or `lowest` fell.
        lowest: The lowest offset whose page was refused since the frontier moved.
        reach: The last place of the page before, if it ended before the frontier.
        run: How many pages in a row have ended before the frontier, each farther on than the one before.
        run_mark: The last place of such a page at a power of two of `run`. If it comes again, they go round in circles.
        moves: How often the frontier moved.
        mark: A place handed out at a power of two of `moves`. If it comes again, the listing is a ring.
        links: How many cursors were followed.
        link: The cursor that was followed at a power of two of `links`. If it comes again, so do all that followed.
    """

    idle: int = 0
    lowest: int = NOWHERE
    reach: tuple[Key, str] | None = None
    run: int = 0
    run_mark: tuple[Key, str] | None = None
    moves: int = 0
    mark: tuple[Key, str] | None = None
    links: int = 0
    link: str | None = None

    def moved(self, place: tuple[Key, str]) -> Trail:
        """The frontier moved here."""
        moves = self.moves + 1
        mark = place if _is_power_of_two(moves) else self.mark
        return Trail(moves=moves, mark=mark, links=self.links, link=self.link)

    def fell_short(self, place: tuple[Key, str], *, farther: bool) -> Trail:
        """A page ended here, before the frontier; farther on than the page before or not."""
        if not farther or place == self.run_mark:
            return replace(self.idled(), reach=place, run=1, run_mark=place)
        run = self.run + 1
        return replace(self, reach=place, run=run, run_mark=place if _is_power_of_two(run) else self.run_mark)

    def refused(self, offset: int) -> Trail:
        """The page at this offset lies behind a hole."""
        trail = self.idled() if offset >= self.lowest else replace(self, idle=0, lowest=offset)
        return replace(trail, reach=None, run=0, run_mark=None)

    def idled(self) -> Trail:
        """A page told nothing new."""
        return replace(self, idle=self.idle + 1)

    def linked(self, cursor: str) -> Trail:
        """A cursor is followed."""
        links = self.links + 1
        return replace(self, links=links, link=cursor if _is_power_of_two(links) else self.link)


def _is_power_of_two(number: int) -> bool:
    return number & (number - 1) == 0
