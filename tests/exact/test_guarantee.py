"""The guarantee of a listing through the public API, against a sandbox whose library changes before any answer."""

from __future__ import annotations

import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exact.meddling import KINDS, Change, Moment
from tests.exact.walks import DIALECTS, FAULTS, SORTS, Way, walk

TIES = ("same", "reversed", "none")
PREFETCH = (1, 2, 8, 32)

CHANGES = st.builds(
    Change,
    kind=st.sampled_from(KINDS),
    where=st.integers(-8, 8),
    count=st.integers(1, 12),
    shift=st.sampled_from([0, 0, 1, -1]),
)
WAYS = st.builds(
    Way,
    sort=st.sampled_from(SORTS),
    descending=st.booleans(),
    page_size=st.one_of(st.integers(1, 6), st.integers(1, 500)),
    prefetch=st.sampled_from(PREFETCH),
    awaiting=st.booleans(),
    dialect=st.sampled_from(sorted(DIALECTS)),
    ties=st.sampled_from(TIES),
    unique=st.booleans(),
    tagged=st.booleans(),
    faults=st.sampled_from(["", FAULTS]),
    shuffle=st.sampled_from([0, 1, 2]),
)
PLACES = st.one_of(st.lists(st.integers(0, 6), max_size=40), st.lists(st.integers(0, 10**6), max_size=40))
PLANS = st.lists(st.lists(CHANGES, max_size=3), max_size=20)
QUICK = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(max_examples=200, suppress_health_check=QUICK)
@given(way=WAYS, places=PLACES, plan=PLANS)
def test_what_matches_throughout_is_handed_out_exactly_once(way: Way, places: list[int], plan: list[Moment]) -> None:
    """Whatever changes, in every sort and direction, from any server, at any page size, ahead or not, with faults.

    Where texts and missing keys sort is not known, so there a walk may also stop being exact, never in silence.
    """
    assert [line for line in walk(way, places, plan) if way.certain or not line.startswith("stopped")] == []


def drawn(seed: int) -> tuple[list[int], list[Moment]]:
    """A library and what happens to it, mostly right where the walk is."""
    dice = random.Random(seed)
    places = [dice.randrange(dice.choice([6, 1000])) for _ in range(dice.randint(10, 50))]
    near = [0, 0, 1, -1, -3, -8, 2]
    plan = [
        [
            Change(dice.choice(KINDS), dice.choice(near), dice.choice([1, 1, 2, 4, 9]), dice.choice([0, 0, 1, -1]))
            for _ in range(dice.choice([0, 0, 1, 2]))
        ]
        for _ in range(15)
    ]
    return places, plan


def broken(ways: list[Way], seeds: range, **options: Any) -> list[str]:
    """How walks of so many broke the guarantee."""
    return [f"{seed}: {line}" for seed in seeds for line in walk(ways[seed % len(ways)], *drawn(seed), **options)[:1]]


@pytest.mark.parametrize("awaiting", [False, True], ids=["blocking", "awaiting"])
@pytest.mark.parametrize("prefetch", PREFETCH)
def test_bursts_where_the_walk_is_lose_and_repeat_nothing(prefetch: int, awaiting: bool) -> None:
    """Pages in flight come back in any order, some only after faults."""
    ways = [
        Way(sort, desc, size, prefetch, awaiting, dialect, faults=faults, shuffle=7)
        for sort in ("created_at", "size")
        for desc in (True, False)
        for size, faults in ((2, ""), (5, FAULTS))
        for dialect in ("cloud", "comfyui")
    ]
    assert broken(ways, range(16)) == []


ONCE_WRONG = {
    "stale answers stop a walk": (506, Way("updated_at", True, 2, 32, True, "cloud with cursors", shuffle=5)),
    "doubt on an empty last page": (2026, Way("name", False, 2, 1, False, tagged=True, faults=FAULTS, shuffle=3)),
    "no size behind a cursor": (9, Way("size", True, 2, 1, False, "comfyui", shuffle=7)),
}


@pytest.mark.parametrize("what", ONCE_WRONG)
def test_what_was_once_wrong_is_right(what: str) -> None:
    """Walks that broke the guarantee."""
    seed, way = ONCE_WRONG[what]
    assert walk(way, *drawn(seed)) == []


def plain_offset(comfy: Any, query: Any, take: Callable[[Any], object]) -> None:
    """What most clients do: the next page starts where the last one ended."""
    offset, more = 0, True
    asked = {**query._spec.parameters(), "limit": query._spec.page_size}
    with comfy:
        while more:
            answer = comfy.request("GET", "/api/assets", params={**asked, "offset": offset}).json()
            items = [SimpleNamespace(id=asset["id"]) for asset in answer["assets"]]
            take(SimpleNamespace(items=items, exact=True))
            offset, more = offset + len(items), answer["has_more"] and bool(items)


def test_plain_offsets_fail_the_same_check() -> None:
    """So it can fail."""
    ways = [Way(page_size=size, tagged=tagged) for size in (2, 5) for tagged in (True, False)]
    assert len(broken(ways, range(20), by=plain_offset)) > 5


def every_way(sort: str, prefetch: int) -> list[Way]:
    """Each direction, server, tie order and way to ask, with and without faults."""
    return [
        Way(sort, desc, size, prefetch, awaiting, dialect, ties, tagged=tagged, faults=faults, shuffle=shuffle)
        for desc in (True, False)
        for size in (1, 2, 5, 17)
        for awaiting in (True, False)
        for dialect in DIALECTS
        for ties in TIES
        for tagged, faults, shuffle in ((False, "", 0), (True, FAULTS, 3), (False, "", 5))
    ]


@pytest.mark.soak
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("prefetch", PREFETCH)
def test_hundreds_of_walks_lose_and_repeat_nothing(prefetch: int, sort: str) -> None:
    """Every combination; a few may stop, where the order is not known in full."""
    ways = every_way(sort, prefetch)
    found = broken(ways, range(2 * len(ways)))
    stopped = [line for line in found if ": stopped" in line]
    print(f"{sort}, prefetch {prefetch}: {2 * len(ways)} walks, {len(stopped)} stopped")  # noqa: T201 - the figures
    assert [line for line in found if ways[0].certain or line not in stopped] == []
    assert len(stopped) < len(ways) // 20
