"""Whether what came back is what was asked for: servers ignore filters they do not know, and answer with a 200. Pure.

Tags and the text in the name are checked; metadata is not, as an answer need not carry all that a server filters by.
Servers may fold or not, so where the two differ, an asset has the benefit of the doubt: one that lacks a required tag
or the text lacks it however it is folded, and one that has an excluded tag has it exactly as it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import repeat
from operator import attrgetter, contains
from typing import Final, Protocol, TypeVar

from comfy_cloud._filtering.folding import folded_tag, loosely_folded
from comfy_cloud._filtering.server_filter import ServerFilter


class Sent(Protocol):
    """What is checked of an asset. Tags that did not come are None; it cannot be checked for them, and passes."""

    @property
    def name(self) -> str: ...
    @property
    def sent_tags(self) -> Sequence[str] | None: ...


A = TypeVar("A", bound=Sent)

_FEW: Final = 4
_TAGS: Final[Callable[[Sent], Collection[object]]] = attrgetter("_tags")
"""As they came over the wire, whatever they are, without what reading them as a property costs."""


def failing(asked: ServerFilter, assets: Sequence[A]) -> list[A]:
    """The assets that contradict the tags or the name that were asked for, in their order."""
    if not verifies(asked) or _are_usual(asked, assets):
        return []
    return [asset for asset in assets if contradiction(asked, asset)]


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


def _are_usual(asked: ServerFilter, assets: Sequence[Sent]) -> bool:
    """Whether all are as a server that folds in the usual way, or not at all, would send them: a quick look."""
    text = (asked.name_contains or "").lower()
    if text and not all(map(contains, [asset.name.lower() for asset in assets], repeat(text))):
        return False
    rows = list(map(_TAGS, assets)) if asked.required or asked.excluded else []
    if set(map(type, rows)) - {list}:
        kinds = map(type, rows)
        rows = [row for row, kind in zip(rows, kinds, strict=True) if kind is list]  # what is no list is not known
    try:
        barred = asked.excluded and not all(map(_kept(asked.excluded).isdisjoint, rows))
        return not barred and _all_have(rows, asked.required)
    except TypeError:  # what cannot be a tag stands among them
        return False


def _all_have(rows: Sequence[Collection[object]], tags: Sequence[str]) -> bool:
    """Whether all tags are in each row, folded or as they were asked for."""
    for forms in (tuple(map(folded_tag, tags)), tags):
        # Looking for a text costs a fifth of making a set, if they are few.
        each = len(forms) <= _FEW and all(all(map(contains, rows, repeat(form))) for form in forms)
        if each or all(map(frozenset(forms).issubset, rows)):
            return True
    return False


def _kept(tags: Iterable[str]) -> frozenset[str]:
    """As asked for, and trimmed, as that is how every server is known to keep tags."""
    return frozenset(form for tag in tags for form in (tag, tag.strip()))


def _loose_tag(text: str) -> str:
    return loosely_folded(text.strip())
