"""A library in memory that answers pages like a server, and changes between them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from comfy_cloud._paging.ordering import NUMBERS, TEXTS, TIMES, Keys, Ordering
from comfy_cloud._paging.page import Ask, Sent

Tie: TypeAlias = Literal["same", "reversed", "random"]
GAP: Final = 1000
_EPOCH: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Item(NamedTuple):
    """One asset, as far as a walk looks at it: an id, and a sort value as it came over the wire."""

    id: str
    value: Any


def as_time(place: int) -> str:
    """A time to the nanosecond, its fraction as short as it can be: how Go writes RFC 3339."""
    whole, nanoseconds = divmod(place, 1_000_000_000)
    text = (_EPOCH + dt.timedelta(seconds=whole)).isoformat().removesuffix("+00:00")
    return (f"{text}.{nanoseconds:09d}".rstrip("0") if nanoseconds else text) + "Z"


def as_long_time(place: int) -> str:
    """The same, always with nine digits, and without offset."""
    whole, nanoseconds = divmod(place, 1_000_000_000)
    return f"{(_EPOCH + dt.timedelta(seconds=whole)).isoformat().removesuffix('+00:00')}.{nanoseconds:09d}"


def as_number(place: int) -> int | None:
    """A size; missing for the first places."""
    return place if place >= 0 else None


def as_name(place: int) -> str:
    """A text that sorts by code point as its place does."""
    return f"portrait {place + 10**9:012d}"


def as_mixed_case(place: int) -> str:
    """A text that sorts as its place does for a collation that ignores case, and otherwise by code point."""
    text = as_name(place)
    return text.upper() if place % 3 else text


@dataclass(frozen=True)
class Sort:
    """A sort field of the simulated server.

    Attributes:
        keys: How the library under test reads its values.
        written: The value of a place.
        moves: Whether values change.
        trusted: Whether the library under test may rely on its own comparison.
        nulls_last: Whether items without value sort after the others, ascending.
    """

    keys: Keys
    written: Callable[[int], object]
    moves: bool = True
    trusted: bool = True
    nulls_last: bool = False


SORTS: Final[Mapping[str, Sort]] = MappingProxyType(
    {
        "created_at": Sort(TIMES, as_time, moves=False),
        "updated_at": Sort(TIMES, as_time),
        "last_access_time": Sort(TIMES, as_long_time),
        "size": Sort(NUMBERS, as_number),
        "size, nulls last": Sort(NUMBERS, as_number, nulls_last=True),
        "name": Sort(TEXTS, as_name, trusted=False),
        "name, foreign": Sort(TEXTS, as_mixed_case, trusted=False),
    }
)


@dataclass(frozen=True)
class Nature:
    """What kind of server it is.

    Attributes:
        sort: The name of its sort.
        descending: Its direction.
        tie: How it orders items with equal keys: by id in the sort's direction, against it, or in a random fixed order.
        cursors: Whether its pages carry cursors.
        largest: How many items it lets a page hold.
    """

    sort: str = "created_at"
    descending: bool = True
    tie: Tie = "same"
    cursors: bool = False
    largest: int = 500

    @property
    def ordering(self) -> Ordering[Item]:
        """The order, as the walker is told it."""
        sort = SORTS[self.sort]
        return Ordering(
            name=self.sort,
            value=attrgetter("value"),
            identity=attrgetter("id"),
            keys=sort.keys,
            descending=self.descending,
            trusted=sort.trusted,
        )


class Shot(NamedTuple):
    """A page, and everything that matched at its instant."""

    sent: Sent[Item]
    matching: frozenset[Item]


class Library:
    """A listing that a server keeps, by hidden whole-number places; several items may share one."""

    def __init__(self, nature: Nature, places: list[int], seed: int) -> None:
        self.nature = nature
        self._random = random.Random(seed)
        self._places: dict[str, int] = {}
        self._deleted: dict[str, int] = {}
        for place in places:
            self._add(place)
        self._sort()

    def page(self, ask: Ask) -> Shot:
        """What the server answers now."""
        start = ask.offset if ask.cursor is None else self._behind(ask.cursor)
        found = self.rows[start : start + ask.length]
        more = start + len(found) < len(self.rows)
        cursor = self._cursor_of(found[-1].id) if self.nature.cursors and more and found else None
        return Shot(Sent(tuple(found), len(self.rows), more, (), cursor), frozenset(self.rows))

    def insert(self, index: int, count: int) -> None:
        """Add items at an index of the listing: between its neighbours, or as ties of them."""
        around = [self._places[row.id] for row in self.rows[max(0, index - 1) : index + 1]] or [0]
        low, high = min(around), max(around)
        if len(around) == 1:  # at an end
            low, high = low - GAP, high + GAP
        for _ in range(count):
            self._add(self._random.choice([low, high, self._random.randint(low, high)]))
        self._sort()

    def delete(self, index: int, count: int) -> None:
        """Take away the items from an index on."""
        for row in self.rows[index : index + count]:
            self._deleted[row.id] = self._places.pop(row.id)
        self._sort()

    def restore(self, count: int) -> None:
        """Bring deleted items back, as they were: what removing and adding a tag does."""
        for ident in self._random.sample(sorted(self._deleted), min(count, len(self._deleted))):
            self._places[ident] = self._deleted.pop(ident)
        self._sort()

    def move(self, index: int, to: int) -> None:
        """Change the sort key of an item, where that can change, to that of another."""
        if SORTS[self.nature.sort].moves and self.rows:
            moved, target = (self.rows[min(where, len(self.rows) - 1)] for where in (index, to))
            self._places[moved.id] = self._places[target.id] + self._random.choice([0, 0, 1, -1])
            self._sort()

    def index_of(self, ident: str) -> int:
        """Where an item stands; 0 where it does not exist."""
        return next((index for index, row in enumerate(self.rows) if row.id == ident), 0)

    def _add(self, place: int) -> None:
        self._places[f"{self._random.getrandbits(128):032x}"] = place

    def _sort(self) -> None:
        written = SORTS[self.nature.sort].written
        ordered = sorted(self._places, key=self._rank, reverse=self.nature.descending)
        self.rows = [Item(ident, written(self._places[ident])) for ident in ordered]

    def _rank(self, ident: str, place: int | None = None) -> tuple[int, int, int]:
        place = self._places[ident] if place is None else place
        sort, number = SORTS[self.nature.sort], int(ident, 16)
        tie = {"same": number, "reversed": -number, "random": number * 0x9E3779B97F4A7C15 % (1 << 61)}[self.nature.tie]
        missing = sort.written(place) is None
        return (int(missing == sort.nulls_last), 0 if missing else place, tie)

    def _cursor_of(self, ident: str) -> str:
        return f"{ident}.{self._places[ident]}"

    def _behind(self, cursor: str) -> int:
        """The index behind a cursor's place, whether or not its item is still there."""
        ident, place = cursor.split(".")
        rank = self._rank(ident, int(place))
        passed = (
            (lambda row: self._rank(row.id) >= rank)
            if self.nature.descending
            else lambda row: self._rank(row.id) <= rank
        )
        return sum(map(passed, self.rows))
