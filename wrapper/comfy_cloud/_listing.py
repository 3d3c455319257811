"""What sync and async listings have in common: something to iterate, by item or by page, any number of times."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from typing import Generic, TypeVar

from comfy_cloud._flow import Flow, adrive, drive
from comfy_cloud._transport import Transport
from comfy_cloud.pagination import Page

T = TypeVar("T")
V = TypeVar("V")


class _Walk(ABC, Generic[T]):
    """A listing that knows its transport, and the flow that walks it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @abstractmethod
    def _walk(self) -> Flow[Page[T]]:
        """A fresh walk over all pages."""


class Listing(_Walk[T]):
    """Iterate it for its items; each iteration asks the server anew."""

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items

    def pages(self) -> Iterator[Page[T]]:
        """The same listing, a page at a time."""
        return self._drive(self._walk())

    def to_list(self) -> list[T]:
        """All items, in memory."""
        return list(self)

    def first(self) -> T | None:
        """The first item, or None where nothing matches."""
        return next(iter(self), None)

    def _drive(self, flow: Flow[V]) -> Iterator[V]:
        return drive(flow, self._transport.perform)


class AsyncListing(_Walk[T]):
    """`Listing`, awaiting."""

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item

    def pages(self) -> AsyncIterator[Page[T]]:
        """See `Listing.pages`."""
        return self._drive(self._walk())

    async def to_list(self) -> list[T]:
        """See `Listing.to_list`."""
        return [item async for item in self]

    async def first(self) -> T | None:
        """See `Listing.first`."""
        return await anext(aiter(self), None)

    def _drive(self, flow: Flow[V]) -> AsyncIterator[V]:
        return adrive(flow, self._transport.aperform)
