"""One page of a listing: as it is asked for, as it was sent, and as it is handed out. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from msgspec import Struct

from comfy_cloud._paging.marks import Marks

T = TypeVar("T")


class Ask(Struct, frozen=True):
    """Which page is wanted next.

    Attributes:
        offset: How many elements to skip; of no meaning where there is a cursor.
        length: How many elements to ask for.
        cursor: The cursor of the page before, or None to ask by offset.
    """

    offset: int
    length: int
    cursor: str | None = None


class Sent(Struct, Generic[T], frozen=True):
    """A page as the server sent it.

    Attributes:
        items: Its readable elements, in the server's order.
        total: How many elements match in all, as the server counted for this page.
        has_more: Whether the server says that another page follows.
        unreadable: Its other elements, as they came.
        cursor: The cursor of the next page, or None where there is none.
        slowed: Whether the server said on the way that requests come too fast.
    """

    items: tuple[T, ...]
    total: int
    has_more: bool
    unreadable: tuple[object, ...] = ()
    cursor: str | None = None
    slowed: bool = False

    @property
    def length(self) -> int:
        """How many elements the server sent, readable or not."""
        return len(self.items) + len(self.unreadable)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a listing, in the order asked for.

    Attributes:
        items: What this page adds to the listing: not what pages before it have handed out.
        total: How many match in all, as the server counted for this page; it may change from page to page.
        has_more: Whether the server says that another page follows.
        unreadable: What the page holds beside, as it came: elements that lack a required property. An element that
            two pages have in common stands in both.
        doubt: Why the listing up to here is not proved to hold every item once; empty where it is.
        length: How many elements the server sent, readable or not, those included that were handed out before.
    """

    items: tuple[T, ...]
    total: int
    has_more: bool
    unreadable: tuple[object, ...] = ()
    doubt: str = ""
    length: int = 0
    _marks: Marks | None = field(default=None, repr=False, compare=False)

    @property
    def exact(self) -> bool:
        """Whether the listing up to here is proved to hold every item once."""
        return not self.doubt

    def _repr_html_(self) -> str:
        """For notebooks: a table; nothing is fetched for it."""
        from comfy_cloud._html import page_html  # noqa: PLC0415 - only notebooks need it

        return page_html(self)

    @property
    def token(self) -> str:
        """From where to resume after this page, in this process or another: short, printable, without secrets.

        It names the sort key and the id of the last item handed out. Empty for a page that no listing handed out.
        """
        return self.token_after(len(self.items))

    def token_after(self, count: int) -> str:
        """From where to resume after the first `count` of this page's items; see `token`."""
        return self._marks.after(count).token if self._marks else ""
