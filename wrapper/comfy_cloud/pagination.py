"""Walking the pages of a listing. Pure: a flow that says which page it wants next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from comfy_cloud._flow import Emit, Flow, Step, call
from comfy_cloud.errors import PaginationError
from comfy_cloud_api.types import Model, Operation, Pagination

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a listing, in the order asked for.

    Attributes:
        items: What this page adds to the listing.
        total: How many match in all, as the server counted for this page; it may change from page to page.
        has_more: Whether the server says that another page follows.
        unreadable: What the page holds beside, as it came: elements that lack a required property.
    """

    items: tuple[T, ...]
    total: int
    has_more: bool
    unreadable: tuple[object, ...] = ()

    @property
    def length(self) -> int:
        """How many elements the server sent, readable or not."""
        return len(self.items) + len(self.unreadable)


def paging(operation: Operation) -> Pagination:
    """The names by which a listing is paged, from the metadata of its operation."""
    assert operation.pagination is not None, f"{operation.id} is no listing"
    return operation.pagination


def largest_page(operation: Operation) -> int:
    """How many items the API allows a request to ask for; few large pages are fastest."""
    bound = operation.arguments[str(paging(operation).limit)].parameter.bounds.maximum
    assert bound is not None, f"{operation.id} has no bound on its pages"
    return int(bound)


def fetch(
    operation: Operation, arguments: Mapping[str, object], body_type: type[Model], offset: int, limit: int
) -> Step[Page[Any]]:
    """Ask for one page. Its items are of the type that the operation's answer documents."""
    names = paging(operation)
    body = yield from call(operation, {**arguments, str(names.offset): offset, str(names.limit): limit}, body_type)
    items, total, has_more = (getattr(body, str(name)) for name in (names.items, names.total, names.has_more))
    return Page(tuple(items), total, has_more, tuple(body.unreadable.get(str(names.items), ())))


def walk(ask: Callable[[int, int], Step[Page[T]]], page_size: int, limit: int | None) -> Flow[Page[T]]:
    """Emit page after page until the server says there are no more, or `limit` items were emitted.

    Args:
        ask: Given offset and length, the step that asks for that page.
        page_size: How many items to ask for at once.
        limit: How many items to emit in all; None for all there are.

    Raises:
        PaginationError: the server says more follow, and sends none.
    """
    offset = emitted = 0
    while limit is None or emitted < limit:
        page = yield from ask(offset, page_size if limit is None else min(page_size, limit - emitted))
        if not page.length and page.has_more:
            raise PaginationError(
                f"The server says that more items follow the first {offset}, and sends none; "
                f"its count is {page.total}. Try again later, or report it to the server's operator."
            )
        if page.length:
            yield Emit(page)
        offset += page.length
        emitted += len(page.items)
        if not page.has_more:
            return
