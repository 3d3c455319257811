"""Servers whose pages do not add up: the walk ends, says why, and loses nothing that it has seen."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from comfy_cloud._paging.page import Ask, Sent
from comfy_cloud._paging.walker import Walker
from comfy_cloud.errors import PaginationError
from tests.wrapper.models.library import SORTS, Item, Nature, as_time

Server = Callable[[Ask, int], Sent[Item]]
LONGEST = 2000


def items(*numbers: int) -> tuple[Item, ...]:
    """Items whose time and id rise with their number."""
    return tuple(Item(f"{number:032x}", as_time(number)) for number in numbers)


def walked(server: Server, nature: Nature | None = None) -> tuple[list[Item], PaginationError | None, int]:
    """What a walk hands out of a server, how it fails, and after how many pages."""
    walker = Walker((nature or Nature(descending=False)).ordering, 3, largest=10)
    handed_out: list[Item] = []
    for taken in range(LONGEST):
        if walker.ask is None:
            return handed_out, None, taken
        try:
            page = walker.take(server(walker.ask, taken))
        except PaginationError as error:
            return handed_out, error, taken + 1
        handed_out += page.items if page else ()
    raise AssertionError("The walk goes on and on.")


SAME = items(1, 2, 3)
EARLY, LATE = items(1, 2, 3), items(7, 8, 9)

HOSTILE: dict[str, tuple[Server, tuple[Item, ...]]] = {
    "more for ever, and nothing": (lambda *_: Sent((), 0, True), ()),
    "the same page for ever": (lambda *_: Sent(SAME, 3, True), SAME),
    "the same page for ever, total 0": (lambda *_: Sent(SAME, 0, True), SAME),
    "an empty page after the first": (lambda ask, _: Sent(SAME if not ask.offset else (), 9, True), SAME),
    "two pages in turn": (lambda _, turn: Sent(LATE if turn % 2 else EARLY, 99, True), SAME),
    "always one item": (lambda *_: Sent(SAME[:1], 3, True), SAME[:1]),
    "a total that is never reached": (lambda ask, _: Sent(SAME[ask.offset : ask.offset + ask.length], 9, False), SAME),
    "one cursor for ever": (lambda *_: Sent(SAME, 3, True, (), "again"), SAME),
    "two cursors in turn": (
        lambda _, turn: Sent(LATE if turn % 2 else EARLY, 99, True, (), "ab"[turn % 2]),
        (*EARLY, *LATE),
    ),
    "new cursors for ever": (lambda _, turn: Sent(SAME, 3, True, (), str(turn)), SAME),
    "empty pages with new cursors": (lambda _, turn: Sent(SAME[: 3 * (not turn)], 3, True, (), str(turn)), SAME),
    "garbage for ever": (lambda *_: Sent((), 9, True, (None, None, None)), ()),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_server_is_left_with_an_error_that_says_why(what: str) -> None:
    """Neither for ever nor in silence; what came first was handed out, once; and the error holds a token."""
    server, expected = HOSTILE[what]
    handed_out, error, pages = walked(server)
    assert tuple(handed_out) == expected
    assert error is not None
    assert str(error).startswith("The server's pages do not add up to a listing: ")
    assert error.token.startswith("cw1.")  # type: ignore[attr-defined]
    assert pages <= 30


def test_a_cursor_that_comes_again_is_named() -> None:
    """At once where it is the one that was just followed."""
    _, error, pages = walked(HOSTILE["one cursor for ever"][0])
    assert "gave the same cursor twice" in str(error)
    assert pages == 2


@pytest.mark.parametrize("sort", SORTS)
def test_a_server_that_answers_at_random_is_left(sort: str) -> None:
    """Any pages of any items with any flags and cursors: every walk ends."""
    for seed in range(150):
        chance = random.Random(seed)
        pool = [Item(f"{number:032x}", SORTS[sort].written(chance.randint(-2, 9))) for number in range(12)]

        def server(ask: Ask, _: int, chance: random.Random = chance, pool: list[Item] = pool) -> Sent[Item]:
            found = tuple(chance.choices(pool, k=chance.randint(0, ask.length)))
            cursor = chance.choice([None, None, str(chance.randint(0, 9))])
            return Sent(found, chance.choice([0, 5, 10**12]), chance.random() < 0.95, (), cursor)

        _, _, pages = walked(server, Nature(sort, bool(seed % 2)))
        assert pages < LONGEST


@pytest.mark.parametrize("sort", ["name", "size", "created_at"])
def test_pages_that_go_round_in_circles_are_left(sort: str) -> None:
    """Each page holds an item of the one before, and the last leads back to the first."""
    written = SORTS[sort].written
    ring = [Item(f"{number * 7 % 60:032x}", written(5 if number % 2 else 4)) for number in range(60)]

    def server(ask: Ask, _: int) -> Sent[Item]:
        return Sent(tuple(ring[(ask.offset + index) % 60] for index in range(ask.length)), 10**9, True)

    _, error, _ = walked(server, Nature(sort))
    assert error is not None
