"""Simulated walks: a walker and a library that take turns, and what the guarantee says of the result."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from comfy_cloud._paging.page import Ask, Page, Sent
from comfy_cloud.errors import PaginationError
from tests.wrapper.models.library import SORTS, Item, Library, Nature, Shot


class Walks(Protocol):
    """What a walker is, right or wrong."""

    @property
    def ask(self) -> Ask | None:
        """The page that is wanted next."""

    def ahead(self, count: int) -> list[Ask]:
        """Pages that will be wanted after it."""

    def take(self, sent: Sent[Item]) -> Page[Item] | None:
        """What a page adds."""


@dataclass
class Result:
    """What a walk came to.

    Attributes:
        handed_out: Every item, in order.
        stable: What matched at every instant read, with an unchanged key; None before the first.
        pages: How many pages were taken.
        doubt: Why the walk says that it is not exact.
        error: What ended it early.
    """

    handed_out: list[Item] = field(default_factory=list)
    stable: frozenset[Item] | None = None
    pages: int = 0
    doubt: str = ""
    error: PaginationError | None = None

    def violations(self, nature: Nature) -> list[str]:
        """How the guarantee was broken. A walk that says that it is not exact may miss and repeat, not stop."""
        times = Counter(item.id for item in self.handed_out)
        found = ["stopped: " + str(self.error)] if self.error else []
        if self.error or self.doubt:
            return found
        found += [f"missed {item}" for item in self.stable or () if not times[item.id]]
        fixed = not SORTS[nature.sort].moves
        stable = {item.id for item in self.stable or ()}
        found += [f"repeated {ident}" for ident, count in times.items() if count > 1 and (fixed or ident in stable)]
        return found


@dataclass
class Walk:
    """A walk under way: pages are asked for as far ahead as its window reaches, and answered in any order."""

    library: Library
    walker: Walks
    window: int
    result: Result = field(default_factory=Result)
    flying: list[tuple[Ask, Shot | None]] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether there is nothing left to do."""
        return self.walker.ask is None or self.result.error is not None

    def ask(self) -> None:
        """Ask for all pages that may be asked for now; what the walker foretold wrongly is dropped."""
        first = self.walker.ask
        wanted = [] if first is None else [first, *self.walker.ahead(self.window - 1)]
        kept: list[tuple[Ask, Shot | None]] = []
        for ask, (flying, shot) in zip(wanted, self.flying, strict=False):
            if ask != flying:
                break
            kept.append((flying, shot))
        self.flying = kept + [(ask, None) for ask in wanted[len(kept) :]]

    def answer(self, which: int) -> None:
        """The server answers one of the pages that were asked for, and everything that is complete is taken."""
        waiting = [index for index, (_, shot) in enumerate(self.flying) if shot is None]
        index = waiting[which % len(waiting)]
        ask = self.flying[index][0]
        self.flying[index] = (ask, self.library.page(ask))
        while self.flying and (shot := self.flying[0][1]) is not None and not self.over:
            del self.flying[0]
            self.take(shot)
            self.ask()

    def take(self, shot: Shot) -> None:
        """Hand a page to the walker, and note what it makes of it."""
        result = self.result
        result.pages += 1
        result.stable = shot.matching if result.stable is None else result.stable & shot.matching
        try:
            page = self.walker.take(shot.sent)
        except PaginationError as error:
            result.error = error
            return
        if page is not None:
            result.handed_out += page.items
            result.doubt = result.doubt or page.doubt

    @property
    def frontier(self) -> int:
        """Where the last item that was handed out stands now."""
        return self.library.index_of(self.result.handed_out[-1].id) if self.result.handed_out else 0


Maker = Callable[[Nature, int], Walks]


def simulate(make: Maker, nature: Nature, seed: int, window: int = 1) -> Result:
    """A walk over a small library with bursts of changes, mostly around the frontier, until the changes run out."""
    chance = random.Random(seed)
    page_size = chance.choice([1, 2, 3, 5, 10, 20])
    count = chance.randint(0, 60)
    spread = chance.choice([1, 10, 1000])
    library = Library(nature, [chance.randint(-5, count) * spread for _ in range(count)], seed)
    walk = Walk(library, make(nature, page_size), window)
    changes = chance.randint(0, 15)
    walk.ask()
    while not walk.over:
        walk.answer(chance.randrange(64) if chance.random() < 0.5 else 0)
        while changes and chance.random() < 0.6:
            changes -= 1
            change(library, walk.frontier, page_size, chance)
    return walk.result


def change(library: Library, frontier: int, page_size: int, chance: random.Random) -> None:
    """One burst of changes: at the frontier, in the page before it, or anywhere."""
    near = [frontier, frontier + 1, max(0, frontier - page_size), chance.randint(0, len(library.rows))]
    index = min(chance.choice(near), len(library.rows))
    size = chance.choice([1, 1, 2, page_size, page_size + chance.randint(1, 10)])
    kind = chance.choice(["insert", "delete", "delete", "move", "restore"])
    if kind == "insert":
        library.insert(index, size)
    elif kind == "delete":
        library.delete(index, size)
    elif kind == "restore":
        library.restore(size)
    else:
        library.move(index, chance.randint(0, len(library.rows)))


def failures(make: Maker, natures: Sequence[Nature], seeds: range, window: int = 1) -> int:
    """How many of so many simulated walks broke the guarantee."""
    return sum(
        bool(simulate(make, natures[seed % len(natures)], seed, window).violations(natures[seed % len(natures)]))
        for seed in seeds
    )
