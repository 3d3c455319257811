"""The walk over a listing that changes meanwhile: which page to ask for, and what of it to hand out. Pure.

The rules, and why they suffice, are told in `comfy_cloud.pagination`. What a page proves is judged in `_evidence`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Final, Generic, Self, TypeVar

from msgspec.structs import replace

from comfy_cloud._paging.evidence import (
    FOREIGN,
    NULLS,
    REFUSED,
    Frontier,
    Judgement,
    Origin,
    Places,
    advance,
    farther,
    judge,
    learn,
    nulls_compare,
    suppose_beyond,
)
from comfy_cloud._paging.marks import Marks, bookmark_at
from comfy_cloud._paging.ordering import Ordering
from comfy_cloud._paging.pace import PATIENCE, Lengths, Pace, Trail
from comfy_cloud._paging.page import Ask, Page, Sent
from comfy_cloud._paging.seen import Seen
from comfy_cloud._paging.token import Bookmark, read_token
from comfy_cloud.errors import PaginationError

T = TypeVar("T")
V = TypeVar("V")

UNREAD: Final = "more elements in a row cannot be read than a page can reach over"


class Walker(Generic[T]):
    """A walk without its requests: ask for the page in `ask`, `take` what came, until `ask` is None.

    Memory is constant, but for `unique`. `copy.copy(walker)` is a walk of its own that goes on from here.

    Args:
        ordering: The order that the server is asked for.
        page_size: How many elements to ask for at once, 1 or more.
        limit: How many items to hand out in all, a resumed walk's earlier ones included; None for all there are.
        largest: How many elements the server lets a page hold: how long a page is asked for where `page_size` is too
            short for the overlap. Left away, `page_size`, but at least 2.
        digest: Stands for the query in tokens; no secret.
        token: Where to go on from: the token of a page or of a PaginationError of the same query.
        unique: Whether to leave out items whose id was handed out. It costs some 100 bytes an item, and a resumed
            walk knows of its own items only.
        cursors: Whether to follow the cursors that pages carry.
        keep: Which items to hand out; left away, all. The others count for nothing but the walk's place.

    Raises:
        FilterError: the token is damaged, or of another query or order.
    """

    __slots__ = (
        "_begun_at",
        "_cursor",
        "_cursors",
        "_doubt",
        "_ended",
        "_frontier",
        "_handed_out",
        "_keep",
        "_lengths",
        "_limit",
        "_lore",
        "_near",
        "_ordering",
        "_pace",
        "_seen",
        "_total",
        "_trail",
        "_unread",
    )

    def __init__(  # noqa: PLR0913 - one keyword for each thing that a query chooses
        self,
        ordering: Ordering[T],
        page_size: int,
        *,
        limit: int | None = None,
        largest: int = 2,
        digest: str = "",
        token: str | None = None,
        unique: bool = False,
        cursors: bool = True,
        keep: Callable[[T], bool] | None = None,
    ) -> None:
        start = Bookmark(ordering.name, digest) if token is None else read_token(token, ordering.name, digest)
        self._begun_at, self._ordering, self._limit = start, ordering, sys.maxsize if limit is None else limit
        self._cursors, self._cursor, self._keep = cursors, "", keep
        self._lengths = Lengths(page_size, max(2, page_size, largest))
        self._seen = Seen() if unique else None
        self._pace, self._trail = Pace(max(0, start.passed - 1), start.passed), Trail()
        self._frontier, self._lore = _frontier_at(start, ordering), start.lore
        self._handed_out, self._total, self._doubt = start.handed_out, 0, start.doubt
        self._near, self._unread, self._ended = True, False, self._handed_out >= self._limit

    def __copy__(self) -> Self:
        twin = object.__new__(type(self))
        for name in Walker.__slots__:
            setattr(twin, name, getattr(self, name))
        twin._seen = self._seen and self._seen.copy()
        return twin

    @property
    def ask(self) -> Ask | None:
        """The page that is wanted next; None at the end."""
        if self._ended:
            return None
        return self._asked(self._pace, self._room, self._cursor, near=self._near)

    @property
    def _room(self) -> int:
        """How many more of the server's items are wanted; not known where only some are kept."""
        return sys.maxsize if self._keep else self._limit - self._handed_out

    def ahead(self, count: int) -> list[Ask]:
        """At most `count` pages that will be wanted after `ask`, if all until then come full and are accepted.

        They may be asked for at once and answered in any order. Whoever does so hands `take` the page that is in `ask`
        and drops the others where `ask` becomes another than was foretold. Empty until the server has told its total,
        and where cursors are followed, which only the page before can give.
        """
        foretold: list[Ask] = []
        if count < 1:
            return foretold
        ask, pace, room = self.ask, self._pace, self._room
        while ask is not None and ask.cursor is None and len(foretold) < count:
            length = min(ask.length, self._lengths.most)
            room -= length - max(0, pace.passed - pace.offset)
            pace = pace.after(pace.offset, length, self._lengths.usual)
            if room <= 0 or pace.passed >= self._total:
                break
            ask = self._asked(pace, room, "", near=True)
            foretold.append(ask)
        return foretold

    @property
    def doubt(self) -> str:
        """Why the listing up to here is not proved to hold every item once; empty where it is."""
        return self._doubt

    @property
    def token(self) -> str:
        """From where to resume; see `Page.token`."""
        return self._bookmark().token

    def take(self, sent: Sent[T]) -> Page[T] | None:
        """Take the page that was asked for.

        Returns:
            What it adds to the listing, which may be nothing; None where the page leaves a hole and was refused.

        Raises:
            PaginationError: the server's pages do not add up to a listing; it holds a token.
        """
        asked = self.ask
        assert asked is not None, "the walk has ended"
        places = Places.of(sent.items, self._ordering)
        if sent.items:
            self._lore = learn(places, self._lore)
        self._total = sent.total
        if self._cursors and sent.cursor and sent.cursor in (asked.cursor, self._trail.link):
            raise self._error(f"it gave the same cursor twice, after {self._handed_out} items")
        judgement = self._judged(asked, sent, places)
        if not judgement.accepted:
            self._refuse(asked)
            return None
        if judgement.fresh or not sent.has_more:  # otherwise nothing rests on it
            self._doubt = self._doubt or judgement.doubt
        before, passed = self._bookmark(), self._frontier
        chosen, end = self._hand_out(sent.items, places, judgement.fresh)
        self._go_on(asked, sent, places, moved=bool(judgement.fresh))
        marks = Marks(before, passed, places, chosen, end, self._lore, self._pace.passed, self._doubt)
        items = tuple(_picked(sent.items, chosen))
        return Page(items, sent.total, sent.has_more, sent.unreadable, self._doubt, sent.length, marks)

    def refuse_cursor(self) -> None:
        """The server does not take its cursor (400): go on by offsets, and follow no further cursor."""
        self._cursors, self._cursor = False, ""

    def _asked(self, pace: Pace, room: int, cursor: str, *, near: bool) -> Ask:
        length = self._lengths.full
        if cursor:
            return Ask(pace.passed, min(length, room), cursor)
        if pace.passed:
            length = max(length + 2 * pace.bridge, pace.overlap + 1)  # twice, as more may have to be reached over
        if near:  # otherwise it is not known how much of the page is beyond the frontier
            length = min(length, room + max(0, pace.passed - pace.offset))
        return Ask(pace.offset, min(length, self._lengths.bound))

    def _judged(self, asked: Ask, sent: Sent[T], places: Places) -> Judgement:
        origin: Origin = "cursor" if asked.cursor is not None else "offset" if asked.offset else "start"
        if not sent.items:
            doubt = UNREAD if origin == "offset" and self._hides_what_follows(sent, moved=False) else ""
            return Judgement(accepted=origin != "offset" or sent.length > 0, doubt=doubt)
        if self._frontier is None:
            doubt = FOREIGN if self._lore.foreign else UNREAD if origin == "offset" else ""
            judgement = Judgement(True, range(len(places)), doubt)
            return judgement if origin != "offset" or self._unread else REFUSED
        doubt = ""
        if origin == "start" and not nulls_compare(places, self._frontier, self._lore):
            self._lore, doubt = suppose_beyond(places, self._lore), NULLS
        judgement = judge(places, self._frontier, self._lore, self._lengths.most, origin)
        if self._unread and not judgement.accepted:
            known: Origin = "cursor" if self._lore.foreign else "start"
            return replace(judge(places, self._frontier, self._lore, self._lengths.most, known), doubt=UNREAD)
        return replace(judgement, doubt=doubt) if doubt else judgement

    def _hand_out(self, items: Sequence[T], places: Places, fresh: Sequence[int]) -> tuple[Sequence[int], int]:
        """The indexes of the fresh items that are wanted, and the one behind them; moves the frontier there."""
        if not fresh:
            return (), 0
        self._check_no_ring(places, fresh)
        wanted, room = self._without_repeats(places, fresh), self._limit - self._handed_out
        if self._keep is not None:
            wanted = [index for index in wanted if self._keep(items[index])]
        end = wanted[room - 1] + 1 if len(wanted) >= room else len(places)
        wanted = wanted[:room]
        if self._seen is not None:
            self._seen.add(_picked(places.ids, wanted))
        self._handed_out += len(wanted)
        self._frontier = advance(self._frontier, places, end, self._lore)
        self._trail = self._trail.moved((places.key(end - 1), places.ids[end - 1]))
        return wanted, end

    def _without_repeats(self, places: Places, fresh: Sequence[int]) -> Sequence[int]:
        """Without those whose id stands on the page twice or, with `unique`, was handed out."""
        if len(places.id_set) != len(places.ids):
            ids = _picked(places.ids, fresh)
            first = dict(zip(reversed(ids), reversed(fresh), strict=True))
            fresh = sorted(first.values())
        return fresh if self._seen is None else self._seen.new(places.ids, fresh)

    def _check_no_ring(self, places: Places, fresh: Sequence[int]) -> None:
        mark = self._trail.mark
        if mark is None or mark[1] not in places.id_set:
            return
        index = places.ids.index(mark[1])
        if index in fresh and places.key(index) == mark[0]:
            raise self._error(f"items that came before come again after {self._handed_out}")

    def _go_on(self, asked: Ask, sent: Sent[T], places: Places, *, moved: bool) -> None:
        """Decide what follows an accepted page."""
        linked = asked.cursor is not None
        start = self._pace.passed if linked else asked.offset
        self._lengths = self._lengths.after(asked.length, sent.length, last=start + sent.length >= sent.total)
        self._near, self._unread = moved, self._hides_what_follows(sent, moved=moved)
        bridge = self._bridge(places, sent.length, moved=moved)
        self._pace = self._pace.after(start, sent.length, self._lengths.usual, bridge)
        all_listed = not sent.cursor if linked else start + sent.length >= sent.total
        untied = bool(bridge and start and not sent.items)  # it is looked at once more, with what comes before it
        self._ended = self._handed_out >= self._limit or (not sent.has_more and all_listed and not untied)
        if self._ended:
            return
        if not moved and (sent.items or not sent.length or start + sent.length > sent.total):
            self._note_progress(places)
        # What a page links to follows that page; so it follows the frontier if the page does, or moves it.
        self._cursor = sent.cursor or "" if self._cursors and (moved or linked or not sent.length) else ""
        if self._cursor:
            self._trail = self._trail.linked(self._cursor)

    def _hides_what_follows(self, sent: Sent[T], *, moved: bool) -> bool:
        """Whether what follows a page cannot be tied to the frontier: no page reaches over what cannot be read."""
        unread = sent.length - len(sent.items)
        return unread > 0 and not moved and unread + 2 > self._lengths.most

    def _bridge(self, places: Places, length: int, *, moved: bool) -> int:
        """How many elements reach from the page's end back to one that can tie the next page to the frontier.

        That is over those that cannot be read, where they may be why the page brought nothing; and to a strictly
        earlier key, where ids do not tell the order.
        """
        most = self._lengths.most - 1
        if not len(places):
            return length + 1 if 0 < length < most else 0
        frontier, unread = self._frontier, length - len(places)
        bridge = min(unread + 1, most) if unread and not moved else 0
        if self._lore.disordered and frontier is not None and places.key(len(places) - 1) == frontier.key:
            over = len(frontier.group) + 1 + unread
            bridge = max(bridge, over) if over <= most else bridge
        return bridge

    def _note_progress(self, places: Places) -> None:
        """An accepted page handed out nothing. Did it come nearer to the frontier?"""
        trail = self._trail
        if not len(places):
            self._idle(trail.idled())
            return
        last = (places.key(len(places) - 1), places.ids[-1])
        self._idle(trail.fell_short(last, farther=farther(places, trail.reach, self._lore)))

    def _refuse(self, asked: Ask) -> None:
        """Step back behind the hole. Where only known items can prove anything, pages must not leave gaps."""
        reach = max(1, asked.length - 1) if self._lore.foreign else sys.maxsize
        self._near, self._unread, self._cursor = False, False, ""
        self._pace = self._pace.back(self._lengths.usual, self._total, reach)
        self._idle(self._trail.refused(asked.offset))

    def _idle(self, trail: Trail) -> None:
        self._trail = trail
        if trail.idle >= PATIENCE:
            raise self._error(
                f"{PATIENCE} of them brought nothing new after {self._handed_out} items, and it counts {self._total}"
            )

    def _error(self, what: str) -> PaginationError:
        advice = "sort by created_at" if self._lore.foreign else "resume later from the error's token"
        return PaginationError(
            f"The server's pages do not add up to a listing: {what}; {advice}, or report it to the server's operator.",
            self.token,
        )

    def _bookmark(self) -> Bookmark:
        """Where the walk is."""
        if self._frontier is None:
            return self._begun_at
        return bookmark_at(
            self._begun_at,
            self._frontier,
            self._lore,
            passed=self._pace.passed,
            handed_out=self._handed_out,
            doubt=self._doubt,
        )


def _picked(row: Sequence[V], which: Sequence[int]) -> Sequence[V]:
    """Some of a row; mostly its end."""
    return row[which.start : which.stop] if isinstance(which, range) else [row[index] for index in which]


def _frontier_at(bookmark: Bookmark, ordering: Ordering[T]) -> Frontier | None:
    if bookmark.id is None:
        return None
    recent = Places([bookmark.key], [bookmark.id], ordering)
    return Frontier(bookmark.key, bookmark.id, bookmark.group, bookmark.whole, recent)
