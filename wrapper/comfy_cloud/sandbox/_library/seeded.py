"""Made-up libraries, of which the small ones are made only once in a process: most tests want the same one."""

from __future__ import annotations

import sqlite3
from os import PathLike

from .library import Library
from .model import TagCase
from .seed import seeded_assets
from .words import ZERO_USE_TAGS

_LARGEST = 5_000  # assets; an image of so many is four megabytes
_MOST = 4  # images

_images: dict[tuple[int, int], bytes] = {}


def seeded_library(
    n: int, seed: int = 0, *, database: str | PathLike[str] | None = None, tag_case: TagCase = "folded"
) -> Library:
    """A library of `n` made-up assets, in memory, or in the file `database` unless that holds one already.

    Raises:
        ValueError: `n` is negative.
        DatabaseError: the file cannot be used.
    """
    assets = seeded_assets(n, seed)
    if database is not None or n > _LARGEST or not hasattr(sqlite3.Connection, "serialize"):
        return Library(assets, ZERO_USE_TAGS, database=database, tag_case=tag_case)
    image = _images.get((n, seed))
    if image is not None:
        return Library(image=image, tag_case=tag_case)
    library = Library(assets, ZERO_USE_TAGS, tag_case=tag_case)
    while len(_images) >= _MOST:
        _images.pop(next(iter(_images)), None)
    _images[n, seed] = library.image()
    return library
