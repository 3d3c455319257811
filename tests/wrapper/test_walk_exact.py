"""The guarantee of a listing, against a library that changes between any two of its pages."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.wrapper.models.library import GAP, SORTS, Library, Nature
from tests.wrapper.models.walkers import IdentityAnchor, OffsetAndDedupe, PlainOffset, frontier
from tests.wrapper.models.walks import Maker, Walk, failures, simulate

TIES = ("same", "reversed", "random")
TRUSTED = [name for name, sort in SORTS.items() if sort.trusted]
NATURES = [Nature(sort, desc, tie) for sort, desc, tie in product(TRUSTED, (True, False), TIES)]
WINDOWS = (1, 2, 8, 32)
WRONG = (PlainOffset, OffsetAndDedupe, IdentityAnchor)
PLACES = st.lists(st.integers(-3, 40), max_size=40)


class AnyChange(RuleBasedStateMachine):
    """A walk, and somebody who changes the library wherever and whenever it hurts."""

    make: Maker

    @initialize(
        nature=st.builds(Nature, st.sampled_from(TRUSTED), st.booleans(), st.sampled_from(TIES), st.booleans()),
        places=st.tuples(PLACES, st.sampled_from([1, GAP])).map(lambda drawn: [at * drawn[1] for at in drawn[0]]),
        page_size=st.one_of(st.integers(1, 6), st.integers(1, 500)),
        window=st.sampled_from(WINDOWS),
    )
    def start(self, nature: Nature, places: list[int], page_size: int, window: int) -> None:
        """Any server, any library, any walk."""
        self.nature = nature
        self.library = Library(nature, places, seed=len(places))
        walker = type(self).make(nature, page_size)
        self.walk = Walk(self.library, walker, 1 if nature.cursors else window)
        self.walk.ask()

    @precondition(lambda self: not self.walk.over)
    @rule(which=st.integers(0, 31))
    def answer(self, which: int) -> None:
        """One of the pages that are asked for is answered."""
        self.walk.answer(which)

    @rule(where=st.integers(-12, 12), count=st.integers(1, 12))
    def delete(self, where: int, count: int) -> None:
        """Items go, near the frontier: it, the whole page before it, a burst of pages."""
        self.library.delete(max(0, self.walk.frontier + where), count)

    @rule(where=st.integers(-12, 12), count=st.integers(1, 12))
    def insert(self, where: int, count: int) -> None:
        """Items come, between others or as their ties."""
        self.library.insert(max(0, self.walk.frontier + where), count)

    @rule(where=st.integers(-2, 2), to=st.integers(0, 40))
    def move(self, where: int, to: int) -> None:
        """An item's sort key changes."""
        self.library.move(max(0, self.walk.frontier + where), to)

    @rule(count=st.integers(1, 5))
    def restore(self, count: int) -> None:
        """Items that went come back as they were."""
        self.library.restore(count)

    def teardown(self) -> None:
        """The library comes to rest, and the walk to its end."""
        if not hasattr(self, "walk"):
            return
        while not self.walk.over:
            self.walk.answer(0)
        assert self.walk.result.violations(self.nature) == []


def check(maker: Maker, examples: int) -> None:
    """Run the machine with a walker."""
    machine = type(maker.__name__, (AnyChange,), {"make": staticmethod(maker)})
    phases = (Phase.generate,) if maker is not frontier else (Phase.generate, Phase.shrink)
    quick = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            database=None,
            suppress_health_check=quick,
            phases=phases,
            deadline=None,
            print_blob=False,
        ),
    )


def test_whatever_changes_every_lasting_item_comes_exactly_once() -> None:
    """The guarantee, for any server of a known order, any change, any page size and any number of pages in flight."""
    check(frontier, 250)


@pytest.mark.parametrize("maker", WRONG)
def test_a_wrong_walker_fails_the_same_check(maker: Maker) -> None:
    """Plain offsets, leaving out what came before, and an item for an anchor do not keep the guarantee."""
    with pytest.raises((AssertionError, ExceptionGroup)):
        check(maker, 3000)


@pytest.mark.parametrize("window", WINDOWS)
def test_no_simulated_walk_misses_or_repeats(window: int) -> None:
    """Bursts around the frontier, in every trusted sort, direction and tie order; pages answered in any order."""
    assert failures(frontier, NATURES, range(300), window) == 0


@pytest.mark.parametrize("maker", WRONG)
def test_simulated_walks_find_every_wrong_walker(maker: Maker) -> None:
    """The simulation can fail."""
    assert failures(maker, NATURES, range(300)) > 0


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("tie", TIES)
def test_cursors_keep_the_guarantee_under_every_sort(sort: str, tie: str) -> None:
    """Foreign ones included: a cursor names a place."""
    natures = [Nature(sort, descending, tie, cursors=True) for descending in (True, False)]  # type: ignore[arg-type]
    assert failures(frontier, natures, range(80)) == 0


@pytest.mark.parametrize("window", [1, 8])
@pytest.mark.parametrize("sort", ["name", "name, foreign"])
def test_a_text_sort_is_never_wrong_in_silence(sort: str, window: int) -> None:
    """However texts are collated, a walk is exact, or says that it is not, or stops with an error."""
    for seed in range(300):
        nature = Nature(sort, bool(seed % 2), TIES[seed % 3])  # type: ignore[arg-type]
        found = simulate(frontier, nature, seed, window).violations(nature)
        assert [line for line in found if not line.startswith("stopped")] == []


def test_names_by_code_point_are_complete_even_in_doubt() -> None:
    """On a server that collates as we compare, a listing that calls itself inexact has missed nothing."""
    doubted = 0
    for seed in range(300):
        nature = Nature("name", bool(seed % 2))
        result = simulate(frontier, nature, seed)
        doubted += bool(result.doubt)
        result.doubt = ""
        assert [line for line in result.violations(nature) if line.startswith("missed")] == []
    assert doubted > 0


@pytest.mark.soak
@pytest.mark.parametrize("window", WINDOWS)
def test_twenty_thousand_simulated_walks_are_exact(window: int) -> None:
    """The frontier loses none of 20,000."""
    assert failures(frontier, NATURES, range(20_000), window) == 0


@pytest.mark.soak
@pytest.mark.parametrize("maker", WRONG)
def test_twenty_thousand_simulated_walks_by_wrong_walkers_are_not(maker: Maker) -> None:
    """Not even one in a thousand may be wrong, and these are."""
    assert failures(maker, NATURES, range(20_000)) > 20


@pytest.mark.soak
def test_many_thousand_changes_at_any_point_are_survived() -> None:
    """The guarantee, with forty times as many examples."""
    check(frontier, 10_000)
