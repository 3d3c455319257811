"""When faults fire: by counts, by what is asked, by dice that are the same everywhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud.sandbox import faults as f
from comfy_cloud.sandbox._serving.exchange import Asked

ASSETS = Asked("GET", "/api/assets")
TAGS = Asked("GET", "/api/tags", (("offset", "20"),))


def fired(faults: f.Faults, asked: Asked = ASSETS, n: int = 1) -> list[list[str]]:
    """The names of what fires for each of n requests."""
    return [[one.effect.name for one in faults.fire(asked)] for _ in range(n)]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("", "xxxxxx"),
        ("*2", "xx----"),
        ("@3", "--x---"),
        ("@2-4", "-xxx--"),
        ("@4-", "---xxx"),
        ("@2-*3", "-xxx--"),
        (":100%", "xxxxxx"),
    ],
)
def test_counts_say_which_requests(when: str, expected: str) -> None:
    """Counted from 1."""
    faults = f.Faults()
    faults.add(f"html{when}")
    assert expected == "".join("x" if one else "-" for one in fired(faults, n=6))


@pytest.mark.parametrize(
    ("match", "assets", "tags"),
    [
        ("", True, True),
        ("[path=/api/tags]", False, True),
        ('[path="/api/*s"]', True, True),
        ("[operation=listAssets]", True, False),
        ("[method=GET]", True, True),
        ("[method=POST]", False, False),
        ("[offset=0]", True, False),
        ("[offset=20]", False, True),
        ("[offset=20, operation=listAssets]", False, False),
    ],
)
def test_a_fault_can_be_for_some_requests_only(match: str, assets: bool, tags: bool) -> None:
    """All that is given must fit."""
    faults = f.Faults()
    faults.add(f"html{match}")
    assert (assets, tags) == (bool(faults.fire(ASSETS)), bool(faults.fire(TAGS)))


def test_requests_that_do_not_match_are_not_counted() -> None:
    """The third listing of tags is the third, whatever was asked in between."""
    faults = f.Faults()
    faults.add("html@2[operation=listTags]")
    assert [[], [], [], ["html"]] == [fired(faults, one)[0] for one in (TAGS, ASSETS, ASSETS, TAGS)]


def test_what_is_not_the_api_meets_no_faults() -> None:
    """Pages and the interface of the sandbox work while everything else is broken."""
    faults = f.Faults()
    faults.add("html")
    assert [[], []] == [fired(faults, Asked("GET", path))[0] for path in ("/", "/_sandbox/requests")]


def test_the_dice_are_the_same_on_every_machine() -> None:
    """A seed is a plan: this one is pinned."""
    faults = f.Faults(seed=7)
    faults.add("html:30%")
    assert "-x------x--x--x--x-x" == "".join("x" if one else "-" for one in fired(faults, n=20))


@given(st.integers(), st.lists(st.sampled_from([ASSETS, TAGS]), max_size=30))
def test_the_same_seed_and_the_same_requests_meet_the_same_faults(seed: int, asked: list[Asked]) -> None:
    """Whether faults are new or were cleared, and with the same waits."""
    plan = ("html:50%", "reset:20%*2[operation=listTags]", "latency=50ms±50ms:70%")
    faults, again = f.Faults(seed), f.Faults(seed)
    again.add("stall")
    fired(again, n=3)
    again.clear()
    for one in (faults, again):
        one.add(*plan)

    def story(met: f.Faults) -> list[list[tuple[str, float]]]:
        return [[(str(one.fault), one.effect.wait(one.dice)) for one in met.fire(request)] for request in asked]

    assert story(faults) == story(again)


@given(st.lists(st.sampled_from([ASSETS, TAGS]), max_size=30))
def test_dice_do_not_depend_on_other_faults_and_requests(asked: list[Asked]) -> None:
    """What fires for the listings of tags is the same, whatever else is asked and goes wrong."""
    alone, among = f.Faults(), f.Faults()
    alone.add("html:50%[operation=listTags]")
    among.add("html:50%[operation=listTags]", "reset:50%")

    def html(faults: f.Faults, wanted: list[Asked]) -> list[bool]:
        return [any(one.effect.name == "html" for one in faults.fire(request)) for request in wanted]

    expected = html(alone, [one for one in asked if one is TAGS])
    assert expected == [hit for one, hit in zip(asked, html(among, asked), strict=True) if one is TAGS]


def test_chances_are_what_they_say() -> None:
    """Of 2,000 requests about a tenth, with the dice of seed 0."""
    faults = f.Faults()
    added = faults.add("html:10%")
    fired(faults, n=2000)
    assert 150 < added.fired < 250


def test_what_was_added_can_be_taken_back() -> None:
    """At the end of a block, by hand, or all at once; counts say how often it fired."""
    faults = f.Faults()
    faults.add(f.reset())
    with faults.add("html", f.stall()) as added:
        assert [["reset", "html", "stall"]] == fired(faults)
        assert (2, 3) == (added.fired, len(faults))
    assert [["reset"]] == fired(faults)
    added.remove()
    faults.clear()
    assert ([[]], [], "<Faults ''>") == (fired(faults), list(faults), repr(faults))


def test_a_text_that_is_wrong_adds_nothing() -> None:
    """Not even what stands before the mistake."""
    faults = f.Faults()
    with pytest.raises(f.FaultError, match=r"^Column 7, at 'nosuch'"):
        faults.add("html", "reset;nosuch")
    assert 0 == len(faults)


def test_threads_share_the_counts() -> None:
    """A fault that fires ten times does so ten times, however many threads ask."""
    faults = f.Faults()
    added = faults.add("html*10")
    with ThreadPoolExecutor(8) as pool:
        together = sum(pool.map(lambda _: len(faults.fire(ASSETS)), range(400)))
    assert (10, 10) == (together, added.fired)
