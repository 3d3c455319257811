"""What listings have in common: something to iterate, by item or by page, any number of times, sync or async.

What a listing does is a flow, written once; the two classes below drive it. Their methods are twins.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import chain
from operator import attrgetter, length_hint
from typing import Generic, Self, TypeVar, cast

from comfy_cloud._flow import Emit, Flow, Step, adrive, collected, drive
from comfy_cloud._paging.ahead import AsyncCallsAhead, CallsAhead
from comfy_cloud._transport import Transport
from comfy_cloud.errors import ResultError
from comfy_cloud.pagination import Page

T = TypeVar("T")
V = TypeVar("V")


class _Walk(ABC, Generic[T]):
    """A listing that knows its transport, and the flows that walk it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @abstractmethod
    def _walk(self) -> Flow[Page[T]]:
        """A fresh walk over all pages."""

    @abstractmethod
    def _at_most(self, count: int) -> Self:
        """The same listing, with at most so many items."""

    @property
    def _begins_at(self) -> str:
        """The token that the listing goes on from; empty where it starts at the beginning."""
        return ""

    def _kept_items(self) -> Callable[[Page[T]], Sequence[T]]:
        """What takes the items of the pages whose items are all kept."""
        return attrgetter("items")

    def _items(self) -> Step[list[T]]:
        pages = yield from collected(self._walk(), self._kept_items())
        return list(chain.from_iterable(pages))

    def _to_list(self) -> Flow[list[T]]:
        yield Emit((yield from self._items()))

    def _first(self) -> Flow[T | None]:
        items = yield from self._at_most(1)._items()  # noqa: SLF001 - of this class
        yield Emit(items[0] if items else None)

    def _one(self) -> Flow[T]:
        items = yield from self._at_most(2)._items()  # noqa: SLF001 - of this class
        if len(items) == 1:
            yield Emit(items[0])
            return
        found, advice = ("none", "widen the query") if not items else ("several", "narrow the query")
        raise ResultError(f"one() needs exactly one match, and there are {found}; {advice}, or use first().")

    def _exists(self) -> Flow[bool]:
        yield Emit(bool((yield from self._at_most(1)._items())))  # noqa: SLF001 - of this class


class _Opened(Iterator[Iterator[T]]):
    """The items of one page after the other, and how far they were taken.

    Attributes:
        page: The last page that was opened; None before the first has come.
        rest: What was not taken of it.
    """

    def __init__(self, pages: Iterator[Page[T]]) -> None:
        self._pages = pages
        self.page: Page[T] | None = None
        self.rest: Iterator[T] = iter(())

    def __next__(self) -> Iterator[T]:
        page = next(self._pages)
        self.page, self.rest = page, iter(page.items)
        return self.rest


class Items(chain[T]):
    """The items of a listing, one after the other; `chain` is the fastest way to hand them out.

    Attributes:
        token: From where to resume after the last item handed out, in this process or another; see `Page.token`. Before
            the first page has come, the one that the listing itself was resumed from, or empty.
    """

    _opened: _Opened[T]
    _begins_at: str

    def __new__(cls, pages: Iterator[Page[T]], begins_at: str = "") -> Self:
        """Hand out the items of these pages."""
        opened = _Opened(pages)
        items = cast("Self", super().from_iterable(opened))  # which makes one of this class
        items._opened, items._begins_at = opened, begins_at  # noqa: SLF001 - of this class
        return items

    @property
    def token(self) -> str:
        """See the class."""
        page = self._opened.page
        return self._begins_at if page is None else _token_within(page, self._opened.rest)


class AsyncItems(AsyncIterator[T]):
    """`Items`, awaiting."""

    def __init__(self, pages: AsyncIterator[Page[T]], begins_at: str = "") -> None:
        self._pages, self._begins_at = pages, begins_at
        self._page: Page[T] | None = None
        self._rest: Iterator[T] = iter(())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        for item in self._rest:
            return item
        async for page in self._pages:
            self._page, self._rest = page, iter(page.items)
            for item in self._rest:
                return item
        raise StopAsyncIteration

    @property
    def token(self) -> str:
        """See `Items.token`."""
        return self._begins_at if self._page is None else _token_within(self._page, self._rest)


def _token_within(page: Page[T], rest: Iterator[T]) -> str:
    return page.token_after(len(page.items) - length_hint(rest))


class Listing(_Walk[T]):
    """Iterate it for its items; each iteration asks the server anew."""

    def __iter__(self) -> Items[T]:
        return Items(self.pages(), self._begins_at)

    def pages(self) -> Iterator[Page[T]]:
        """The same listing, a page at a time."""
        return self._drive(self._walk())

    def to_list(self) -> list[T]:
        """All items, in memory. Of assets it takes a quarter less than a list of your own: what is equal is shared."""
        return self._value(self._to_list())

    def first(self) -> T | None:
        """The first item, or None where nothing matches. One request, where nothing is filtered here."""
        return self._value(self._first())

    def one(self) -> T:
        """The only item.

        Raises:
            ResultError: there is none, or more than one.
        """
        return self._value(self._one())

    def exists(self) -> bool:
        """Whether anything matches. One request, where nothing is filtered here."""
        return self._value(self._exists())

    def _drive(self, flow: Flow[V]) -> Iterator[V]:
        with CallsAhead(self._transport.perform, self._transport.threads) as calls:
            yield from drive(flow, calls.perform)

    def _value(self, flow: Flow[V]) -> V:
        """What a flow emits that emits one value."""
        (value,) = self._drive(flow)
        return value


class AsyncListing(_Walk[T]):
    """`Listing`, awaiting."""

    def __aiter__(self) -> AsyncItems[T]:
        return AsyncItems(self.pages(), self._begins_at)

    def pages(self) -> AsyncIterator[Page[T]]:
        """See `Listing.pages`."""
        return self._drive(self._walk())

    async def to_list(self) -> list[T]:
        """See `Listing.to_list`."""
        return await self._value(self._to_list())

    async def first(self) -> T | None:
        """See `Listing.first`."""
        return await self._value(self._first())

    async def one(self) -> T:
        """See `Listing.one`."""
        return await self._value(self._one())

    async def exists(self) -> bool:
        """See `Listing.exists`."""
        return await self._value(self._exists())

    async def _drive(self, flow: Flow[V]) -> AsyncIterator[V]:
        async with AsyncCallsAhead(self._transport.aperform, self._transport.tasks) as calls:
            async for value in adrive(flow, calls.perform):
                yield value

    async def _value(self, flow: Flow[V]) -> V:
        """See `Listing._value`."""
        (value,) = [value async for value in self._drive(flow)]
        return value
