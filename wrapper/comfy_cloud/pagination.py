"""Walking the pages of a listing. Pure: a flow that says which page it wants next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from comfy_cloud._flow import Emit, Flow, Step
from comfy_cloud.errors import PaginationError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a listing, in the order asked for.

    Attributes:
        items: What this page adds to the listing.
        total: How many match in all, as the server counted for this page; it may change from page to page.
        has_more: Whether the server says that another page follows.
    """

    items: tuple[T, ...]
    total: int
    has_more: bool


def walk(fetch: Callable[[int, int], Step[Page[T]]], page_size: int, limit: int | None) -> Flow[Page[T]]:
    """Emit page after page until the server says there are no more, or `limit` items were emitted.

    Args:
        fetch: Given offset and length, the step that asks for that page.
        page_size: How many items to ask for at once.
        limit: How many items to emit in all; None for all there are.

    Raises:
        PaginationError: the server says more follow, and sends none.
    """
    offset = 0
    while limit is None or offset < limit:
        wanted = page_size if limit is None else min(page_size, limit - offset)
        page = yield from fetch(offset, wanted)
        if not page.items and page.has_more:
            raise PaginationError(
                f"The server says that more items follow the first {offset}, and sends none; "
                f"its count is {page.total}. Try again later, or report it to the server's operator."
            )
        if page.items:
            yield Emit(page)
        offset += len(page.items)
        if not page.has_more:
            return
