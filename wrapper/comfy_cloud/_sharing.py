"""Keeping many assets in memory: what is equal in them is held once. Pure.

The tags and the MIME types of a listing repeat all the time, and are a quarter of what an asset takes: every list of
tags is one more object for the garbage collector, and every text one more copy.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Any, Final, TypeVar

from comfy_cloud.asset import AssetBase, keep
from comfy_cloud.pagination import Page

A = TypeVar("A", bound=AssetBase)

MAX_SHARED: Final = 10_000
"""How many different values of a field are remembered; where there are more, sharing saves little."""


class Sharing:
    """Makes the assets of one list share what is equal in them. What they say does not change."""

    def __init__(self) -> None:
        self._types: dict[Any, Any] = {}
        self._tags: dict[Any, Any] = {}

    def items(self, page: Page[A]) -> Sequence[A]:
        """The items of a page, which share with those of the pages before."""
        _share(page.items, "_mime_type", str, str, self._types)
        _share(page.items, "_tags", list, tuple, self._tags)
        return page.items


def _share(
    assets: Sequence[AssetBase], field: str, kind: type, hashable: Callable[[Any], Any], known: dict[Any, Any]
) -> None:
    """Replace the values of a field by equal ones that are known. Those of another type than `kind` stay."""
    wires = list(map(attrgetter(field), assets))
    if set(map(type, wires)) != {kind}:
        assets = [asset for asset, wire in zip(assets, wires, strict=True) if type(wire) is kind]
        wires = [wire for wire in wires if type(wire) is kind]
    if len(known) > MAX_SHARED:
        return
    try:
        deque(map(keep, assets, repeat(field), map(known.setdefault, map(hashable, wires), wires)), maxlen=0)
    except TypeError:  # what is no tag stands among the tags, and has no hash: the rest stays as it is
        return
