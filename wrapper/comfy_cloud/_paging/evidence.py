"""What a page proves: whether it leaves no hole behind the frontier, and which of its items lie beyond. Pure.

Nothing here knows of offsets, requests or time. A page is a row of places, the frontier is a place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from operator import gt, lt
from typing import Any, Final, Literal, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from comfy_cloud._paging.ordering import Key, Ordering

T = TypeVar("T")
Origin: TypeAlias = Literal["offset", "start", "cursor"]
"""How a page was asked for: by an offset, from the start of the listing, or by the cursor of an accepted page."""

MAX_GROUP: Final = 1024
"""How many ids of one sort key are remembered, so that memory is constant."""

FOREIGN: Final = "the server sorts in another order than this library compares by"
LONG_GROUP: Final = "more items share a sort key, in no known order, than a page can hold"
NULLS: Final = "where the server sorts items without a key is not known"
UNANCHORED: Final = "the items handed out last are gone, and how the server compares texts is not known"


class Lore(Struct, frozen=True):
    """What the pages so far have shown of the server's order.

    Attributes:
        nulls: Where items without key sort: -1 before all keys in an ascending listing, 1 after them, 0 not seen yet.
        foreign: Keys came in an order that is not ours.
        disordered: Items with equal keys came in another order than that of their ids.
        supposed: `nulls` is a guess, which the first page that has both may correct.
    """

    nulls: int = 0
    foreign: bool = False
    disordered: bool = False
    supposed: bool = False


class Places:
    """The places of the items of one page, or of its beginning: read in bulk, and keys one by one where needed."""

    __slots__ = ("_id_set", "comparable", "ids", "ordering", "values")

    def __init__(self, values: Sequence[Any], ids: Sequence[str], ordering: Ordering[Any]) -> None:
        self.values, self.ids, self.ordering = values, ids, ordering
        self._id_set: frozenset[str] | None = None
        self.comparable: Sequence[Any] = ordering.keys.read_all(values) if values else values

    @classmethod
    def of(cls, items: Sequence[T], ordering: Ordering[T]) -> Places:
        """The places of a page's items."""
        return cls(list(map(ordering.value, items)), list(map(ordering.identity, items)), ordering)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def id_set(self) -> frozenset[str]:
        """The ids, for looking them up."""
        if self._id_set is None:
            self._id_set = frozenset(self.ids)
        return self._id_set

    def key(self, index: int) -> Key:
        """The key of one item, comparable with those of other pages."""
        return self.ordering.keys.read(self.values[index])

    def followed_by(self, others: Places, which: range) -> Places:
        """These places and some of others, as many as are remembered."""
        which = which[: max(0, MAX_GROUP - len(self))]
        values = [*self.values, *(others.values[index] for index in which)]
        return Places(values, [*self.ids, *(others.ids[index] for index in which)], self.ordering)

    def ends_with_group_of(self, end: int) -> int:
        """How many of the items before `end`, which is not 0, share the last one's key."""
        last, size = self.comparable[end - 1], 1
        while size < end and self.comparable[end - 1 - size] == last:
            size += 1
        return size


class Frontier(Struct, frozen=True):
    """The place up to which everything has been handed out.

    Attributes:
        key: The sort key of the last item handed out.
        id: Its id.
        group: Ids of the items with that key that were handed out.
        whole: Whether those are all of them.
        recent: The places of the page that moved the frontier last, up to there; and those of earlier pages that may
            still come between them and the frontier.
    """

    key: Key
    id: str
    group: frozenset[str]
    whole: bool
    recent: Places


class Judgement(Struct, frozen=True):
    """What a page proves.

    Attributes:
        accepted: Whether there is no hole between the frontier and the page.
        fresh: The indexes of its items that lie beyond the frontier.
        doubt: Why neither is certain; empty where both are.
    """

    accepted: bool
    fresh: Sequence[int] = ()
    doubt: str = ""


REFUSED: Final = Judgement(accepted=False)


def advance(frontier: Frontier | None, places: Places, end: int, lore: Lore) -> Frontier:
    """The frontier behind the first `end` items of an accepted page, which are handed out by now."""
    key, ident, size = places.key(end - 1), places.ids[end - 1], places.ends_with_group_of(end)
    group, whole = frozenset(places.ids[end - size : end]), True
    recent = places if end == len(places) else Places(places.values[:end], places.ids[:end], places.ordering)
    if frontier is None:
        return Frontier(key, ident, group, whole, recent)
    before = _before(places.ordering)
    here, there = (_ranked(at, places.ordering, lore) for at in (key, frontier.key))
    if lore.foreign or not (places.ordering.trusted or before(there, here)):
        rest = _not_yet_reached(recent, frontier.recent)
        recent = recent.followed_by(frontier.recent, rest)
        if rest and before(here, there) and not lore.foreign:
            return replace(frontier, recent=recent)  # the page ended before the frontier
    if frontier.key == key:
        together = group | frontier.group
        whole = frontier.whole and len(together) <= MAX_GROUP
        group = together if whole else group
        if places.ordering.trusted and not lore.disordered and before(ident, frontier.id):
            ident = frontier.id  # among those of one key the farthest, as the order of ids may have to tell them apart
    return Frontier(key, ident, group, whole, recent)


def _not_yet_reached(page: Places, recent: Places) -> range:
    """Which of the recent places may lie beyond a page: those behind the last that it holds."""
    on_page = {ident: index for index, ident in enumerate(page.ids)}
    for index in range(len(recent) - 1, -1, -1):
        where = on_page.get(recent.ids[index], -1)
        if where >= 0 and page.key(where) == recent.key(index):
            return range(index + 1, len(recent))
    return range(0)


def learn(places: Places, lore: Lore) -> Lore:
    """What is known of the server's order after this page."""
    keys, reverse = places.comparable, places.ordering.descending
    if keys is not places.values and None in keys:
        some = any(key is not None for key in keys)
        if some and (not lore.nulls or lore.supposed):
            lore = replace(lore, nulls=-1 if (keys[0] is None) != reverse else 1, supposed=False)
        keys = [_ranked(key, places.ordering, lore) for key in keys]
    if all(map(gt if reverse else lt, keys, islice(keys, 1, None))):
        return lore  # as on most pages: in our order, and no two keys are equal
    if sorted(keys, reverse=reverse) != list(keys):
        return replace(lore, foreign=True)
    if lore.disordered or len(set(keys)) == len(keys):
        return lore
    pairs = list(zip(keys, places.ids, strict=True))
    return lore if sorted(pairs, reverse=reverse) == pairs else replace(lore, disordered=True)


def farther(places: Places, place: tuple[Key, str] | None, lore: Lore) -> bool:
    """Whether a page ends farther on in the order than this place, as far as the order is known."""
    if place is None:
        return True
    key, known = places.key(len(places) - 1), place[0]
    if lore.foreign or (not lore.nulls and (key is None) != (known is None)):
        return False
    here, there = (_ranked(at, places.ordering, lore) for at in (key, known))
    if here == there:
        return places.ids[-1] != place[1] if lore.disordered else _before(places.ordering)(place[1], places.ids[-1])
    return _before(places.ordering)(there, here)


def nulls_compare(places: Places, frontier: Frontier, lore: Lore) -> bool:
    """Whether it is known how the page's items compare with the frontier, if one of them has a key and one has none."""
    return lore.nulls != 0 or (places.comparable[0] is None) == (frontier.key is None)


def suppose_beyond(places: Places, lore: Lore) -> Lore:
    """That items without key, here or at the frontier, sort so that the page lies beyond."""
    nulls = 1 if (places.comparable[0] is None) != places.ordering.descending else -1
    return replace(lore, nulls=nulls, supposed=True)


def judge(places: Places, frontier: Frontier, lore: Lore, largest: int, origin: Origin) -> Judgement:
    """What a page with at least one readable item proves, given what its order is known to be.

    Args:
        places: The page.
        frontier: Up to where items have been handed out.
        lore: What is known of the order, this page included.
        largest: How many items a page can hold.
        origin: How it was asked for.
    """
    if lore.foreign or not nulls_compare(places, frontier, lore):
        return _by_identity(places, frontier, FOREIGN if lore.foreign else "", origin)
    by_key = _ByKey(places, frontier, lore, largest)
    if places.ordering.trusted:
        return by_key.judgement(proven=origin != "offset")
    by_identity = _by_identity(places, frontier, "", origin)
    if by_identity.accepted:
        return by_identity
    guess = by_key.judgement(proven=origin == "start")
    return replace(guess, doubt=guess.doubt or UNANCHORED)


def _by_identity(places: Places, frontier: Frontier, doubt: str, origin: Origin) -> Judgement:
    """Assumes only that the server's order is a fixed one: behind an item that was handed out nothing is missing."""
    known = _last_known(places, frontier)
    if known < 0 and origin != "cursor":
        return REFUSED
    fresh: Sequence[int] = range(known + 1, len(places))
    again = _handed_out_with_it(places, frontier, known + 1) if doubt != FOREIGN else ()
    if again:
        fresh = [index for index in fresh if index not in again]
    return Judgement(accepted=True, fresh=fresh, doubt=doubt)


def _handed_out_with_it(places: Places, frontier: Frontier, start: int) -> set[int]:
    """The indexes, from `start`, of items that were handed out with the frontier's key, and have it still."""
    indexes = map(places.ids.index, frontier.group & places.id_set)
    return {index for index in indexes if index >= start and places.key(index) == frontier.key}


def _last_known(places: Places, frontier: Frontier) -> int:
    """The index of the last item of the page that stands where it stood when it was handed out; -1 for none."""
    recent = frontier.recent
    shared = recent.id_set & places.id_set
    for index in range(len(places) - 1, -1, -1) if shared else ():
        ident = places.ids[index]
        if ident in shared and recent.key(recent.ids.index(ident)) == places.key(index):
            return index
    return -1


class _ByKey:
    """Assumes that the server sorts by key as we do; and by id only where a group is too long to be remembered."""

    def __init__(self, places: Places, frontier: Frontier, lore: Lore, largest: int) -> None:
        self._places, self._frontier, self._lore, self._largest = places, frontier, lore, largest
        self._before = _before(places.ordering)
        self._at = _ranked(frontier.key, places.ordering, lore)
        self._start = self._first(0, lambda key: not self._before(key, self._at))
        self._end = self._first(self._start, lambda key: self._before(self._at, key))

    def judgement(self, *, proven: bool) -> Judgement:
        """Accepted if it starts before the frontier's key, or else among the items that were handed out with it."""
        doubt = ""
        if not proven and not self._start:
            if not self._starts_within_the_group():
                return REFUSED
            doubt = LONG_GROUP if self._lore.disordered else ""
        grouped = self._fresh_of_the_group()
        rest = range(self._end, len(self._places))
        if grouped and self._lore.disordered and not self._frontier.whole:
            doubt = LONG_GROUP
        fresh = [*grouped, *rest] if grouped else rest
        return Judgement(accepted=True, fresh=fresh, doubt=doubt)

    def _starts_within_the_group(self) -> bool:
        frontier, ids = self._frontier, self._places.ids[: self._end]
        known = any(ident in frontier.group for ident in ids)
        if self._lore.disordered:  # a page that starts with an earlier key is better, where one can reach over
            return known and (not frontier.whole or len(frontier.group) + 2 > self._largest)
        return known or (not frontier.whole and bool(ids) and not self._before(frontier.id, ids[0]))

    def _fresh_of_the_group(self) -> Sequence[int]:
        """The indexes of the items with the frontier's key that were not handed out."""
        frontier, ids = self._frontier, self._places.ids
        group = range(self._start, self._end)
        if frontier.whole or not group:
            return [index for index in group if ids[index] not in frontier.group]
        if not self._lore.disordered:
            return [index for index in group if self._before(frontier.id, ids[index])]
        known = [index for index in group if ids[index] in frontier.group]
        return range(known[-1] + 1 if known else self._start, self._end)

    def _first(self, low: int, reached: Callable[[Any], bool]) -> int:
        """The first index, from `low`, whose key has reached something. Keys are in order, and it is mostly near."""
        places, lore, high, step = self._places, self._lore, len(self._places), 1
        probe = low
        while low < high:
            if reached(_ranked(places.key(probe), places.ordering, lore)):
                high, step = probe, 0
            else:
                low, step = probe + 1, 2 * step
            probe = min(low + step - 1, high - 1) if step else (low + high) // 2
        return low


def _before(ordering: Ordering[Any]) -> Callable[[Any, Any], bool]:
    """Whether one key, or one id, comes before another."""
    return gt if ordering.descending else lt


def _ranked(key: Key, ordering: Ordering[Any], lore: Lore) -> Any:  # noqa: ANN401 - keys of one ordering compare
    """The key, or what stands for none where items without key sort."""
    if key is not None:
        return key
    return ordering.keys.most if lore.nulls > 0 else ordering.keys.least
