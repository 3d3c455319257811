"""Fetching previews ahead, several at once, and handing them out in the order of the assets."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from comfy_cloud.asset import Asset, keep
from comfy_cloud.cli.gallery.cards import Preview, judged
from comfy_cloud.errors import ApiError, ResponseTooLargeError

PREVIEW_BYTES: Final = 1_000_000
"""The largest preview that is embedded: ComfyUI may send the whole file for one."""
ROOM_BYTES: Final = 128_000_000
"""How many bytes of previews are embedded in all; a browser has to hold the page, a third larger, in memory."""
PATIENCE: Final = 20
"""After how many failures in a row no more previews are asked for, as each costs some attempts."""

_AT_ONCE: Final = 8
_AHEAD: Final = 16  # how many previews are held in memory, at most

_NO_ROOM: Final = Preview(why="Left out, as the page has many previews.")
_NOT_FETCHED: Final = Preview(why="The preview could not be fetched.")
_TOO_LARGE: Final = Preview(why="The preview is larger than 1 MB.")


def with_previews(assets: Iterable[Asset], room_bytes: int = ROOM_BYTES) -> Generator[tuple[Asset, Preview]]:
    """The assets with their previews, fetched by the client's rules: the key goes to its own server alone.

    What cannot be had, or is no picture, has words in its place. Close the generator if it is not taken to its end.

    Args:
        assets: Some assets, in order.
        room_bytes: How many bytes of previews there may be in all.
    """
    takings = _Takings(room_bytes)
    waiting = deque[tuple[Asset, Future[bytes | None] | None]]()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="comfy-cloud-preview") as threads:
        try:
            for asset in assets:
                wanted = asset.preview_url and takings.goes_on
                waiting.append((asset, threads.submit(asset.preview, PREVIEW_BYTES) if wanted else None))
                if len(waiting) > _AHEAD:
                    yield takings.taken(*waiting.popleft())
            while waiting:
                yield takings.taken(*waiting.popleft())
        finally:
            threads.shutdown(cancel_futures=True)


class _Takings:
    """What has been taken so far, and whether there is a point in taking more.

    Attributes:
        goes_on: Whether there is.
    """

    def __init__(self, room_bytes: int) -> None:
        self.goes_on = True
        self._room = room_bytes
        self._failures = 0
        self._instead = _NO_ROOM

    def taken(self, asset: Asset, fetching: Future[bytes | None] | None) -> tuple[Asset, Preview]:
        """The asset with its preview; the asset itself no longer holds it, as its whole page is in memory."""
        if fetching is None:
            return asset, self._instead if asset.preview_url else Preview()
        preview = self._outcome(fetching)
        keep(asset, "_preview_", None)
        if len(preview.content) > self._room:
            self.goes_on, self._instead = False, _NO_ROOM
            return asset, _NO_ROOM
        self._room -= len(preview.content)
        return asset, preview

    def _outcome(self, fetching: Future[bytes | None]) -> Preview:
        try:
            content = fetching.result()
        except ResponseTooLargeError:
            self._failures = 0
            return _TOO_LARGE
        except ApiError:
            self._failures += 1
            if self._failures == PATIENCE:
                self.goes_on, self._instead = False, _NOT_FETCHED
            return _NOT_FETCHED
        self._failures = 0
        return judged(content or b"")


__all__ = ["PATIENCE", "PREVIEW_BYTES", "ROOM_BYTES", "with_previews"]
