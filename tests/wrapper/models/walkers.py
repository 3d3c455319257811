"""The walker under test, and three wrong ones that other libraries use."""

from __future__ import annotations

from comfy_cloud._paging.page import Ask, Page, Sent
from comfy_cloud._paging.walker import Walker
from tests.wrapper.models.library import Item, Nature
from tests.wrapper.models.walks import Walks


def frontier(nature: Nature, page_size: int) -> Walks:
    """The right one."""
    return Walker(nature.ordering, page_size, largest=nature.largest, cursors=nature.cursors)


class PlainOffset:
    """Wrong: the next page starts where this one ended."""

    def __init__(self, _: Nature, page_size: int) -> None:
        self.ask: Ask | None = Ask(0, page_size)

    def ahead(self, count: int) -> list[Ask]:
        """See `Walks`."""
        if self.ask is None:
            return []
        return [Ask(self.ask.offset + ahead * self.ask.length, self.ask.length) for ahead in range(1, count + 1)]

    def take(self, sent: Sent[Item]) -> Page[Item] | None:
        """See `Walks`."""
        assert self.ask is not None
        self.ask = Ask(self.ask.offset + sent.length, self.ask.length) if sent.has_more and sent.length else None
        return Page(sent.items, sent.total, sent.has_more)


class OffsetAndDedupe(PlainOffset):
    """Wrong: the same, and what came before is left out."""

    def __init__(self, nature: Nature, page_size: int) -> None:
        super().__init__(nature, page_size)
        self._seen: set[str] = set()

    def take(self, sent: Sent[Item]) -> Page[Item] | None:
        """See `Walks`."""
        super().take(sent)
        items = tuple(item for item in sent.items if item.id not in self._seen)
        self._seen.update(item.id for item in items)
        return Page(items, sent.total, sent.has_more)


class IdentityAnchor:
    """Wrong: each page has to hold an item of the page before, wherever that is by now, and goes on behind the last.

    Where it holds none the walk steps back, and begins anew at the start. Constant memory, as the right one.
    """

    def __init__(self, _: Nature, page_size: int) -> None:
        self.ask: Ask | None = Ask(0, page_size)
        self._length = max(2, page_size)
        self._anchors: set[str] = set()
        self._step = 1

    def ahead(self, count: int) -> list[Ask]:
        """See `Walks`."""
        del count
        return []

    def take(self, sent: Sent[Item]) -> Page[Item] | None:
        """See `Walks`."""
        assert self.ask is not None
        offset = self.ask.offset
        known = [index for index, item in enumerate(sent.items) if item.id in self._anchors]
        if offset and not known:
            self.ask = Ask(max(0, offset - self._step), self._length)
            self._step *= 2
            return None
        items = sent.items[known[-1] + 1 :] if known else sent.items
        self._anchors, self._step = {item.id for item in sent.items}, 1
        more = sent.has_more and sent.length
        self.ask = Ask(offset + max(int(offset > 0), sent.length - 1), self._length) if more else None
        return Page(items, sent.total, sent.has_more)
