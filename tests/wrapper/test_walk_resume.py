"""Resume tokens: a walk goes on in another process as if it had not stopped."""

from __future__ import annotations

import random
from copy import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud._paging.page import Page
from comfy_cloud._paging.walker import Walker
from comfy_cloud.errors import FilterError
from tests.wrapper.models.library import SORTS, Item, Library, Nature
from tests.wrapper.models.walks import Walk, change


def some_library(nature: Nature, seed: int, spread: int = 10) -> Library:
    """Sixty items."""
    chance = random.Random(seed)
    return Library(nature, [chance.randint(-5, 60) * spread for _ in range(60)], seed)


def walker_of(nature: Nature, *, token: str | None = None, limit: int | None = None, digest: str = "d") -> Walker[Item]:
    """A walk with pages of 7."""
    return Walker(nature.ordering, 7, largest=500, token=token, limit=limit, digest=digest)


def pages_of(library: Library, walker: Walker[Item]) -> list[Page[Item]]:
    """What a walk hands out of a library at rest."""
    pages = []
    while walker.ask is not None:
        page = walker.take(library.page(walker.ask).sent)
        pages += [page] if page else []
    return pages


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("limit", [None, 0, 20])
def test_resumed_after_any_page_the_union_is_the_listing(sort: str, descending: bool, limit: int | None) -> None:
    """Also where the walk is bounded: the limit counts what was handed out before."""
    nature = Nature(sort, descending)
    library = some_library(nature, seed=7)
    expected = library.rows if limit is None else library.rows[:limit]
    pages = pages_of(library, walker_of(nature, limit=limit))
    for index in range(len(pages) + 1):
        before = [item for page in pages[:index] for item in page.items]
        token = pages[index - 1].token if index else walker_of(nature).token
        after = [item for page in pages_of(library, walker_of(nature, token=token, limit=limit)) for item in page.items]
        assert before + after == expected


@pytest.mark.parametrize("tie", ["same", "reversed", "random"])
def test_a_walk_that_is_resumed_all_the_time_is_exact_while_the_library_changes(tie: str) -> None:
    """Each page is taken by a walker made of nothing but the token of the one before."""
    for seed in range(60):
        chance = random.Random(seed)
        nature = Nature("created_at", bool(seed % 2), tie)  # type: ignore[arg-type]
        library = some_library(nature, seed, spread=chance.choice([1, 100]))
        walk = Walk(library, walker_of(nature), window=1)
        walk.ask()
        while not walk.over:
            walk.answer(0)
            if chance.random() < 0.3:
                change(library, walk.frontier, 7, chance)
            if not walk.over and walk.walker._trail.idle == 0 and walk.walker._pace.step == 0:  # type: ignore[attr-defined]
                walk.walker = walker_of(nature, token=walk.walker.token)  # type: ignore[attr-defined]
                walk.flying = []
                walk.ask()
        assert walk.result.violations(nature) == []


def test_a_token_is_short_and_printable_and_names_no_more_than_the_last_item() -> None:
    """What a person can paste into a command."""
    nature = Nature()
    library = some_library(nature, seed=1, spread=1000)
    for page in pages_of(library, walker_of(nature, digest="0123456789abcdef")):
        assert page.token.isascii()
        assert page.token.isprintable()
        assert " " not in page.token
        assert len(page.token) < 300


def test_a_token_of_many_equal_keys_stays_short() -> None:
    """The ids that share the last key are left out where they are many; while ids tell the order nothing is lost."""
    nature = Nature(descending=False)
    library = Library(nature, [5] * 300, seed=3)
    pages = pages_of(library, walker_of(nature))
    assert max(len(page.token) for page in pages) < 700
    for page in pages[::5]:
        rest = [item for later in pages_of(library, walker_of(nature, token=page.token)) for item in later.items]
        assert rest == library.rows[library.rows.index(page.items[-1]) + 1 :]
        assert page.exact


def test_a_resumed_walk_is_no_more_exact_than_it_was() -> None:
    """What was in doubt stays in doubt."""
    nature = Nature("name, foreign")
    library = some_library(nature, seed=2)
    pages = pages_of(library, walker_of(nature))
    assert pages_of(library, walker_of(nature, token=pages[-2].token))[0].doubt == pages[-2].doubt != ""


def test_another_query_is_refused_in_words() -> None:
    """Otherwise it would be resumed in the middle."""
    token = walker_of(Nature(), digest="one").token
    with pytest.raises(FilterError, match="of another query; resume with the query it was made with"):
        walker_of(Nature(), token=token, digest="other")


def test_another_order_is_refused_in_words() -> None:
    """The token names its own."""
    token = walker_of(Nature("size")).token
    with pytest.raises(FilterError, match="in the order size, and this one is in the order created_at"):
        walker_of(Nature("created_at"), token=token)


@pytest.mark.parametrize("token", ["", "cw1", "cw1.", "cw2.AAAA", "cw1.AAAA", "cw1.äöü", "cw1.AAAAAA==", "x" * 500, 5])
def test_what_is_no_token_is_refused_in_words(token: object) -> None:
    """Cut off, damaged, of another version, or none at all."""
    with pytest.raises(FilterError, match="pass one as a page or a PaginationError gave it"):
        walker_of(Nature(), token=token)  # type: ignore[arg-type]


@given(st.data())
def test_a_token_with_a_wrong_character_is_refused(data: st.DataObject) -> None:
    """It would resume somewhere else."""
    token = walker_of(Nature()).token
    index = data.draw(st.integers(4, len(token) - 2))
    wrong = (
        token[:index]
        + data.draw(st.sampled_from("ABCxyz019-_").filter(lambda char: char != token[index]))
        + token[index + 1 :]
    )
    with pytest.raises(FilterError):
        walker_of(Nature(), token=wrong)


def test_a_copy_of_a_walk_goes_on_by_itself() -> None:
    """Taking a page with one leaves the other where it was."""
    nature = Nature()
    library = some_library(nature, seed=2)
    walker = Walker(nature.ordering, 7, unique=True)
    assert walker.ask is not None
    walker.take(library.page(walker.ask).sent)
    twin = copy(walker)
    assert pages_of(library, walker) == pages_of(library, twin) != []
