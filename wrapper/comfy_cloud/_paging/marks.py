"""From where a listing can be resumed: after any item of a page that was handed out. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from comfy_cloud._paging.evidence import Frontier, Lore, Places, advance
from comfy_cloud._paging.token import Bookmark


def bookmark_at(  # noqa: PLR0913 - what a bookmark holds
    begun_at: Bookmark, frontier: Frontier, lore: Lore, *, passed: int, handed_out: int, doubt: str
) -> Bookmark:
    """The bookmark of a walk that began at one, and has come to a frontier."""
    return replace(
        begun_at,
        key=frontier.key,
        id=frontier.id,
        passed=passed,
        handed_out=handed_out,
        group=frontier.group,
        whole=frontier.whole,
        lore=lore,
        doubt=doubt,
    )


class Marks(Struct, frozen=True):
    """What the bookmarks within a page are made of, when somebody asks for one.

    Attributes:
        before: The bookmark before the page.
        frontier: The frontier before the page.
        places: Of the page's items.
        chosen: The indexes of those that were handed out.
        end: The index up to which the page counts as handed out; 0 where it did not move the frontier.
        lore: What is known of the server's order.
        passed: The offset behind the page, as far as is known.
        doubt: Why the listing up to here is not proved to hold every item once.
    """

    before: Bookmark
    frontier: Frontier | None
    places: Places
    chosen: Sequence[int]
    end: int
    lore: Lore
    passed: int
    doubt: str

    def after(self, count: int) -> Bookmark:
        """The bookmark after so many of the page's items."""
        if not self.end or (count == 0 and self.chosen):
            return self.before
        end = self.end if count >= len(self.chosen) else self.chosen[count - 1] + 1
        frontier = advance(self.frontier, self.places, end, self.lore)
        passed = self.passed - (len(self.places) - end)
        handed_out = self.before.handed_out + count
        return bookmark_at(self.before, frontier, self.lore, passed=passed, handed_out=handed_out, doubt=self.doubt)
