"""`comfy-cloud assets gallery`: the assets of a query as one HTML page that holds all it needs.

It is looked at without a network and without this program: previews are in it, search and facets are its own script.
Nothing of it is under the final name before all of it is.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TypeAlias

from comfy_cloud.asset import Asset
from comfy_cloud.assets import AssetQuery
from comfy_cloud.cli.exporting import disk
from comfy_cloud.cli.exporting.errors import BusyError, OutputError
from comfy_cloud.cli.exporting.lines import expected
from comfy_cloud.cli.gallery.cards import Preview, card
from comfy_cloud.cli.gallery.page import Contents, frame
from comfy_cloud.cli.gallery.previews import with_previews

DEFAULT_TITLE: Final = "Comfy Cloud assets"

_STEP: Final = 1 << 20  # bytes that are copied at a time

Progress: TypeAlias = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What a gallery came to.

    Attributes:
        path: The file.
        items: How many assets it shows.
        previews: How many of them with a preview.
        skipped: How many have a preview that is not in it: it could not be fetched, is no picture, or is too large.
    """

    path: Path
    items: int
    previews: int
    skipped: int


def write(
    query: AssetQuery,
    path: Path,
    *,
    title: str | None = None,
    previews: bool = True,
    on_progress: Progress | None = None,
) -> Written:
    """Write the assets of a query as a gallery, which replaces a file of that name once it is complete.

    Previews of up to 1 MB are embedded, up to 128 MB in all; only PNG, JPEG, GIF and WebP, by their first bytes.
    Memory does not grow with the number of assets, but for their distinct tags.

    Args:
        query: The assets, in the query's order.
        path: The file; where it is a link, what it leads to.
        title: What stands at its top.
        previews: Whether previews are fetched.
        on_progress: Called after each asset, with the number of assets so far and how many they will be, as the server
            counts; None where that is not known.

    Raises:
        BusyError: another run is writing this file.
        OutputError: the file cannot be written; one of that name is left as it was.
        ApiError: the listing failed.
    """
    target = disk.destination(path)
    new = disk.beside(target, disk.NEW)
    with disk.telling(target):
        descriptor = disk.opened_alone(new)
    try:
        with disk.telling(target):
            # Written first, as their number and tags stand before them on the page.
            cards = tempfile.TemporaryFile(dir=target.parent, buffering=0)  # noqa: SIM115 - closed below
        with closing(cards):
            contents, embedded, skipped = _fill(cards, target, query, previews=previews, tell=on_progress)
            with disk.telling(target):
                _assemble(descriptor, cards, frame(DEFAULT_TITLE if title is None else title, contents))
    except BaseException:
        with suppress(OSError):  # on Windows, where it is still open, an empty one may stay
            new.unlink()
        os.close(descriptor)
        raise
    with disk.telling(target):
        disk.move(descriptor, new, target)
    return Written(path, contents.items, embedded, skipped)


def _fill(
    cards: IO[bytes], target: Path, query: AssetQuery, *, previews: bool, tell: Progress | None
) -> tuple[Contents, int, int]:
    """Write the cards; what they are of, and how many previews are embedded and skipped."""
    listed, contents, embedded, skipped = _Listed(query), Contents(), 0, 0
    with closing(with_previews(listed) if previews else _without(listed)) as pairs:
        for asset, preview in pairs:
            html = card(contents.items + 1, asset, contents.add(asset), preview)
            with disk.telling(target):
                disk.write_all(cards.fileno(), html.encode())
            embedded, skipped = embedded + bool(preview.kind), skipped + bool(preview.why)
            if tell is not None:
                tell(contents.items, listed.total)
    return contents, embedded, skipped


def _assemble(descriptor: int, cards: IO[bytes], around: tuple[str, str]) -> None:
    before, after = around
    cards.seek(0)
    os.ftruncate(descriptor, 0)
    with open(descriptor, "wb", closefd=False) as page:
        page.write(before.encode())
        shutil.copyfileobj(cards, page, _STEP)
        page.write(after.encode())


def _without(assets: Iterable[Asset]) -> Generator[tuple[Asset, Preview]]:
    for asset in assets:
        yield asset, Preview()


class _Listed:
    """The assets of a query, and how many they will be, as the last page says."""

    def __init__(self, query: AssetQuery) -> None:
        self._query = query
        self.total: int | None = None

    def __iter__(self) -> Iterator[Asset]:
        for page in self._query.pages():
            self.total = expected(self._query, page.total)
            yield from page.items


__all__ = ["BusyError", "OutputError", "Written", "write"]
