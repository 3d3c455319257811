"""Walks a listing to standard output, with its progress."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from comfy_cloud.assets import AssetQuery
from comfy_cloud.cli.formats import Format, Pages, pieces
from comfy_cloud.cli.rows import ASSETS, Kind
from comfy_cloud.cli.terminal import Tell, emit, note, progress, screen
from comfy_cloud.pagination import Page

T = TypeVar("T")

SCREENFUL: Final = 50
"""How many assets a terminal is shown unless more are asked for."""


class Told:
    """Tells a bar how far a walk is, page by page."""

    def __init__(self, tell: Tell, limit: int | None = None) -> None:
        self._tell, self._limit, self._moved = tell, limit, 0
        self.total = 0

    def __call__(self, page: Page[object]) -> None:
        """A page has come. Its length counts what the page before had too, so the sum may be more than all."""
        self._moved += page.length
        self.total = page.total
        total = page.total if self._limit is None else min(page.total, self._limit)
        self._tell(min(self._moved, total), total)


def write_assets(query: AssetQuery, form: Format, limit: int | None) -> None:
    """List assets. A table on a terminal is a screenful unless a limit is given, and says so."""
    shown = screen()
    short = form == "table" and limit is None and shown.shown
    with progress("Listing", beside_output=True) as tell:
        told = Told(tell, limit)
        walked = (query.limit(SCREENFUL) if short else query).on_page(told)
        count = write((page.items for page in walked.pages()), form, ASSETS)
    if short and count == SCREENFUL and told.total > count:
        note(f"The first {count:,} are shown, of at most {told.total:,}; --limit says how many.")


def write(pages: Pages[T], form: Format, kind: Kind[T]) -> int:
    """Write a listing, and say how many there were; a table of nothing says so on standard error."""
    counted = _Counted(pages)
    emit(pieces(form, kind, counted, screen()), form)
    if form == "table" and not counted.count:
        note(f"No {kind.noun} match.")
    return counted.count


class _Counted(Iterator[Sequence[T]]):
    """Pages, and how many items they had."""

    def __init__(self, pages: Pages[T]) -> None:
        self._pages = iter(pages)
        self.count = 0

    def __next__(self) -> Sequence[T]:
        page = next(self._pages)
        self.count += len(page)
        return page
