"""Whether what came back is what was asked for: servers ignore filters they do not know, and answer with a 200. Pure.

Tags and the text in the name are checked; metadata is not, as an answer need not carry all that a server filters by.
Servers may fold or not, so where the two differ, an asset has the benefit of the doubt: one that lacks a required tag
or the text lacks it however it is folded, and one that has an excluded tag has it exactly as it was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from comfy_cloud._filtering.folding import folded_tag, loosely_folded
from comfy_cloud._filtering.server_filter import ServerFilter


class Sent(Protocol):
    """What is checked of an asset. Tags that did not come are None; it cannot be checked for them, and passes."""

    @property
    def name(self) -> str: ...
    @property
    def sent_tags(self) -> Sequence[str] | None: ...


A = TypeVar("A", bound=Sent)


def failing(asked: ServerFilter, assets: Iterable[A]) -> list[A]:
    """The assets that contradict the tags or the name that were asked for, in their order."""
    if not verifies(asked):
        return []
    return [asset for asset in _suspects(asked, assets) if contradiction(asked, asset)]


def verifies(asked: ServerFilter) -> bool:
    """Whether there is anything to check."""
    return bool(asked.required or asked.excluded or asked.name_contains)


def contradiction(asked: ServerFilter, asset: Sent) -> str | None:
    """What is wrong with an asset, as the end of a sentence that begins with it; None if nothing.

    Such as "has the tag 'final', which was excluded".
    """
    tags = asset.sent_tags
    if tags is not None:
        had = {_loose_tag(tag) for tag in tags}
        if lacking := [tag for tag in asked.required if _loose_tag(tag) not in had]:
            return f"lacks the tag {lacking[0]!r}, which was required"
        if barred := _kept(asked.excluded).intersection(tags):
            return f"has the tag {min(barred)!r}, which was excluded"
    text = asked.name_contains
    if text and loosely_folded(text) not in loosely_folded(asset.name):
        return f"has a name without {text!r}, which was asked for"
    return None


def _suspects(asked: ServerFilter, assets: Iterable[A]) -> list[A]:
    """Those that are not as a server that folds in the usual way would send them: a quick look at every asset."""
    text = (asked.name_contains or "").lower()
    required, barred = frozenset(map(folded_tag, asked.required)), _kept(asked.excluded)
    tagged = bool(required or barred)

    def is_usual(asset: Sent) -> bool:
        if text and text not in asset.name.lower():
            return False
        tags = asset.sent_tags if tagged else None
        return tags is None or (barred.isdisjoint(tags) and not required.difference(tags))

    return [asset for asset in assets if not is_usual(asset)]


def _kept(tags: Iterable[str]) -> frozenset[str]:
    """As asked for, and trimmed, as that is how every server is known to keep tags."""
    return frozenset(form for tag in tags for form in (tag, tag.strip()))


def _loose_tag(text: str) -> str:
    return loosely_folded(text.strip())
