"""Whether what came back is what was asked for: servers ignore filters they do not know, and answer with a 200. Pure.

Tags and the text in the name are checked; metadata is not, as an answer need not carry all that a server filters by.
Servers may fold or not, so where the two differ, an asset has the benefit of the doubt: one that lacks a required tag
or the text lacks it however it is folded, and one that has an excluded tag has it exactly as it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
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

_TAGS: Final[Callable[[Sent], object]] = attrgetter("_tags")
"""As they came over the wire, whatever they are, without what reading them as a property costs."""


def failing(asked: ServerFilter, assets: Sequence[A]) -> list[A]:
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


def _suspects(asked: ServerFilter, assets: Sequence[A]) -> list[A]:
    """Those that are not as a server that folds in the usual way would send them: a quick look at every asset."""
    text = (asked.name_contains or "").lower()
    found = {index for index, asset in enumerate(assets) if text not in asset.name.lower()} if text else set[int]()
    required, barred = frozenset(map(folded_tag, asked.required)), _kept(asked.excluded)
    if required or barred:
        try:
            found |= _unusual(required, barred, list(map(_TAGS, assets)))
        except TypeError:  # among the tags that came is what is no text, so that those of one asset are unknown
            found |= _unusual(required, barred, [asset.sent_tags for asset in assets])
    return [assets[index] for index in sorted(found)]


def _unusual(required: frozenset[str], barred: frozenset[str], rows: Sequence[object]) -> set[int]:
    """The indexes of the lists of tags that lack one or have one; what is no list is not known."""
    pairs = [(index, tags) for index, tags in enumerate(rows) if isinstance(tags, list)]
    if len(required) == 1:  # as a rule; and looking for one text costs a fifth of comparing sets
        (tag,) = required
        found = {index for index, tags in pairs if tag not in tags}
    else:
        found = {index for index, tags in pairs if not required.issubset(tags)} if required else set[int]()
    return found | {index for index, tags in pairs if not barred.isdisjoint(tags)} if barred else found


def _kept(tags: Iterable[str]) -> frozenset[str]:
    """As asked for, and trimmed, as that is how every server is known to keep tags."""
    return frozenset(form for tag in tags for form in (tag, tag.strip()))


def _loose_tag(text: str) -> str:
    return loosely_folded(text.strip())
