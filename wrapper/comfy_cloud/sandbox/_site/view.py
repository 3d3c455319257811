"""`GET /api/view`: the file behind a `preview_url`. The spec has only the URL of it; the path is ComfyUI's (observed).

The files are generated pictures, see `_previews`, or those of a folder that was loaded. What no asset has as its
preview is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import permutations
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from comfy_cloud.sandbox._library.library import Library
from comfy_cloud.sandbox._serving.exchange import Pairs

from .previews import preview_png

VIEW = "/api/view"

_NAMES = ("filename", "type", "subfolder")
_TYPES = {
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}


class Picture(NamedTuple):
    """A file and its MIME type."""

    mime_type: str
    content: bytes


class Pictures:
    """The pictures of a library. Safe to use from several threads."""

    def __init__(self, library: Library, files: Mapping[str, Path] | None = None) -> None:
        """Pictures of the assets of `library`; `files` are those not to be generated, by the `preview_path`."""
        self._library = library
        self._files = dict(files or {})

    def viewed(self, query: Pairs) -> Picture | None:
        """What `/api/view` answers to a query; None when there is no such file."""
        paths = _paths(query)
        marks = ",".join("?" * len(paths))
        rows = self._library.sql(f"SELECT preview_path FROM assets WHERE preview_path IN ({marks}) LIMIT 1", paths)  # noqa: S608
        return self._picture(str(rows[0][0])) if rows else None

    def of_asset(self, identity: str) -> Picture | None:
        """The preview of an asset, or a picture in its place where the API has none; None without such an asset."""
        rows = self._library.sql("SELECT preview_path, asset_hash FROM assets WHERE id = ?", (identity,))
        if not rows:
            return None
        path, digest = rows[0]
        return self._picture(str(path)) if path is not None else Picture("image/png", _drawn(str(digest or identity)))

    def _picture(self, path: str) -> Picture | None:
        file = self._files.get(path)
        if file is None:
            return Picture("image/png", _drawn(path))
        try:
            return Picture(_TYPES.get(file.suffix.lower(), "application/octet-stream"), file.read_bytes())
        except OSError:  # gone in the meantime
            return None


_drawn = lru_cache(maxsize=512)(preview_png)


def _paths(query: Pairs) -> tuple[str, ...]:
    """The ways in which a `preview_path` may say the same as a query: servers write its parameters in any order."""
    given = {name: value for name, value in query if name in _NAMES and value}
    if "filename" not in given:
        return ()
    written = [f"{name}={quote(value, safe='')}" for name, value in given.items()]
    return tuple(f"{VIEW}?{'&'.join(order)}" for order in permutations(written))
