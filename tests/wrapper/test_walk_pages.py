"""What a walk asks for, and what it makes of pages that are out of the ordinary."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Sequence
from functools import partial

import pytest

from comfy_cloud import ComfyCloud, PaginationError, StatusError
from comfy_cloud._flow import Call, Emit, drive
from comfy_cloud._paging.evidence import FOREIGN, LONG_GROUP, Lore, Places, learn, suppose_beyond
from comfy_cloud._paging.page import Ask, Page, Sent
from comfy_cloud._paging.walker import UNREAD, Walker
from comfy_cloud._paging.walking import InexactListingWarning, send, walk_exactly
from comfy_cloud.pagination import asset_ordering
from comfy_cloud.sandbox import Sandbox
from comfy_cloud_api.api.asset import list_assets
from comfy_cloud_api.models import ListAssetsResponse
from tests.wrapper.models.library import Item, Library, Nature, as_time
from tests.wrapper.models.walkers import frontier
from tests.wrapper.models.walks import Walk

STILL = Nature(descending=False)


def asked(library: Library, walker: Walker[Item]) -> list[tuple[Ask, int]]:
    """What is asked for of a library at rest, and how many items each page adds."""
    seen = []
    while (ask := walker.ask) is not None:
        page = walker.take(library.page(ask).sent)
        seen.append((ask, len(page.items) if page else -1))
    return seen


def library_of(count: int, nature: Nature = STILL) -> Library:
    """Items with keys of their own."""
    return Library(nature, [1000 * number for number in range(count)], seed=1)


def items_of(pages: list[Page[Item]]) -> list[Item]:
    """All of them."""
    return [item for page in pages for item in page.items]


def walked(library: Library, walker: Walker[Item]) -> list[Page[Item]]:
    """The pages of a walk over a library at rest."""
    pages = []
    while walker.ask is not None:
        page = walker.take(library.page(walker.ask).sent)
        pages += [page] if page else []
    return pages


def test_pages_of_a_library_at_rest_overlap_by_one() -> None:
    """So that each proves its tie to the one before; no more is asked for than that."""
    seen = asked(library_of(1200), Walker(STILL.ordering, 500))
    assert seen == [(Ask(0, 500), 500), (Ask(499, 500), 499), (Ask(998, 500), 201)]


def test_pages_of_one_are_asked_for_with_the_item_before() -> None:
    """A page that holds one item alone can prove nothing."""
    seen = asked(library_of(3), Walker(STILL.ordering, 1))
    assert seen == [(Ask(0, 1), 1), (Ask(0, 2), 1), (Ask(1, 2), 1)]


@pytest.mark.parametrize("limit", [0, 1, 10, 11, 19, 20, 25, 100])
@pytest.mark.parametrize("cursors", [True, False])
def test_a_limit_bounds_what_is_handed_out_and_what_is_asked_for(limit: int, cursors: bool) -> None:
    """No page brings more items that nobody wants."""
    nature = Nature(descending=False, cursors=cursors)
    library = library_of(25, nature)
    seen = asked(library, Walker(nature.ordering, 10, limit=limit))
    assert sum(added for _, added in seen) == min(limit, 25)
    lengths = sum(ask.length for ask, _ in seen)
    assert lengths <= limit + (0 if cursors else max(0, len(seen) - 1)) or limit > 25


@pytest.mark.parametrize("limit", [None, 1, 30, 95, 100])
@pytest.mark.parametrize("page_size", [1, 2, 7, 50])
def test_what_is_foretold_is_what_is_asked_for_when_nothing_moves(page_size: int, limit: int | None) -> None:
    """Pages fetched ahead are not thrown away."""
    library = library_of(100)
    walker = Walker(STILL.ordering, page_size, limit=limit)
    seen = asked(library, Walker(STILL.ordering, page_size, limit=limit))
    wanted = [ask for ask, _ in seen]
    for index, ask in enumerate(wanted):
        assert walker.ask == ask
        if index:
            foretold = walker.ahead(8)
            assert foretold == wanted[index + 1 : index + 9][: len(foretold)]
            assert len(foretold) >= min(8, len(wanted) - index - 1)
        walker.take(library.page(ask).sent)


def test_nothing_is_foretold_before_the_server_has_told_how_many_there_are() -> None:
    """A listing of one page costs one request."""
    assert Walker(STILL.ordering, 10).ahead(8) == []


def test_a_moving_library_costs_few_extra_pages() -> None:
    """A deletion before each page, eight in flight: the overlap grows, and at most half as many pages again."""
    library = library_of(1000)
    walk = Walk(library, frontier(STILL, 10), window=8)
    walk.ask()
    while not walk.over:
        walk.answer(0)
        library.delete(0, 1)
        library.insert(len(library.rows), 1)
    assert walk.result.error is None
    assert walk.result.pages <= 1.5 * 1000 / 10


def test_the_overlap_shrinks_again_in_calm() -> None:
    """A burst makes the walk careful for a while."""
    library = library_of(12_000)
    walker = Walker(STILL.ordering, 50)
    for turn in range(200):
        assert walker.ask is not None
        walker.take(library.page(walker.ask).sent)
        if turn in (3, 4, 5):
            library.delete(0, 30)
        if turn == 8:
            assert walker._pace.overlap > 1
    assert walker._pace.overlap == 1


def test_a_listing_that_is_emptied_meanwhile_ends() -> None:
    """Nothing that matches throughout is left."""
    library = library_of(30)
    walker = Walker(STILL.ordering, 10)
    assert walker.ask is not None
    walker.take(library.page(walker.ask).sent)
    library.delete(0, 30)
    assert items_of(walked(library, walker)) == []


@pytest.mark.parametrize("tie", ["same", "reversed", "random"])
@pytest.mark.parametrize("page_size", [1, 3, 50])
def test_ties_in_any_order_are_exact_as_long_as_a_page_can_hold_them(tie: str, page_size: int) -> None:
    """The overlap reaches over the group, and the page grows with it."""
    nature = Nature(descending=False, tie=tie)  # type: ignore[arg-type]
    library = Library(nature, [number // 40 for number in range(200)], seed=5)
    pages = walked(library, Walker(nature.ordering, page_size, largest=100))
    assert items_of(pages) == library.rows
    assert {page.doubt for page in pages} == {""}


def test_a_group_in_no_known_order_longer_than_a_page_is_complete_but_not_exact() -> None:
    """Its order has to be taken for a fixed one, and the page says so."""
    nature = Nature(tie="random", largest=50)
    library = Library(nature, [5] * 300, seed=5)
    pages = walked(library, Walker(nature.ordering, 50, largest=50))
    assert items_of(pages) == library.rows
    assert [page.exact for page in pages[:1]] == [True]
    assert (pages[-1].exact, pages[-1].doubt) == (False, LONG_GROUP)


def test_a_long_group_in_the_order_of_ids_is_exact() -> None:
    """However long: thousands of items can share the second they were made in."""
    library = Library(STILL, [5] * 3000, seed=5)
    pages = walked(library, Walker(STILL.ordering, 100))
    assert items_of(pages) == library.rows
    assert all(page.exact for page in pages)


@pytest.mark.parametrize("cursors", [True, False])
def test_a_foreign_collation_is_complete_but_not_exact(cursors: bool) -> None:
    """At rest nothing is missed or repeated, and the pages say that the order is not ours."""
    nature = Nature("name, foreign", descending=False, cursors=cursors)
    library = library_of(100, nature)
    pages = walked(library, Walker(nature.ordering, 9, cursors=cursors))
    assert items_of(pages) == library.rows
    assert pages[-1].doubt == FOREIGN


def test_unique_leaves_out_what_came_before() -> None:
    """An item that moves ahead of the walk comes again, unless that is not wanted."""
    nature = Nature("updated_at", descending=False)
    times = []
    for unique in (False, True):
        library = library_of(30, nature)
        walker = Walker(nature.ordering, 10, unique=unique)
        assert walker.ask is not None
        first = library.rows[0].id
        walker.take(library.page(walker.ask).sent)
        library.move(0, 29)
        times.append([item.id for item in items_of(walked(library, walker))].count(first))
    assert times == [1, 0]


def test_unreadable_elements_count_for_their_page() -> None:
    """They shift no offset, wherever they stand."""
    library: list[Item | None] = [Item(f"{number:032x}", as_time(number)) for number in range(40)]
    library[3:3] = library[20:20] = [None, None, None]
    walker, found = Walker(STILL.ordering, 5), []
    while walker.ask is not None:
        part = library[walker.ask.offset : walker.ask.offset + walker.ask.length]
        readable = tuple(item for item in part if item is not None)
        more = walker.ask.offset + len(part) < len(library)
        page = walker.take(Sent(readable, len(library), more, (None,) * (len(part) - len(readable))))
        found += page.items if page else ()
    assert found == [item for item in library if item is not None]
    assert walker.doubt == ""


def test_a_whole_page_that_cannot_be_read_is_passed_but_not_exact() -> None:
    """Nothing ties what follows it to what came before."""
    library: list[Item | None] = [Item(f"{number:032x}", as_time(number)) for number in range(40)]
    library[10:10] = [None] * 9
    walker, found = Walker(STILL.ordering, 5), []
    while walker.ask is not None:
        part = library[walker.ask.offset : walker.ask.offset + walker.ask.length]
        readable = tuple(item for item in part if item is not None)
        more = walker.ask.offset + len(part) < len(library)
        page = walker.take(Sent(readable, len(library), more, (None,) * (len(part) - len(readable))))
        found += page.items if page else ()
    assert found == [item for item in library if item is not None]
    assert walker.doubt == UNREAD


def test_a_first_page_that_cannot_be_read_is_passed_but_not_exact() -> None:
    """Nothing ties the second one to the beginning."""
    walker = Walker(STILL.ordering, 3)
    walker.take(Sent((), 5, True, (None, None, None)))
    assert walker.ask == Ask(2, 3)
    page = walker.take(Sent((Item("a", as_time(1)), Item("b", as_time(2))), 5, False, (None,)))
    assert page is not None
    assert (len(page.items), page.doubt, walker.ask) == (2, UNREAD, None)


def test_a_cursor_is_followed_where_there_is_one() -> None:
    """It repeats nothing, so every page is full."""
    nature = Nature(descending=False, cursors=True)
    seen = asked(library_of(25, nature), Walker(nature.ordering, 10))
    assert [(ask.cursor is None, added) for ask, added in seen] == [(True, 10), (False, 10), (False, 5)]


@pytest.mark.parametrize("after", [1, 3])
def test_a_refused_or_missing_cursor_makes_the_walk_go_on_by_offsets(after: int) -> None:
    """From where it is."""
    nature = Nature(descending=False, cursors=True)
    library, found = library_of(60, nature), []
    refused, missing = Walker(nature.ordering, 10), Walker(nature.ordering, 10)
    for walker in (refused, missing):
        for turn in range(20):
            if walker.ask is None:
                break
            if walker is refused and turn == after:
                assert walker.ask.cursor is not None
                walker.refuse_cursor()
                assert walker.ask == Ask(10 * after - 1, 10)
            sent = library.page(walker.ask).sent
            if walker is missing and turn >= after:
                sent = Sent(sent.items, sent.total, sent.has_more)
            page = walker.take(sent)
            found += page.items if page else ()
    assert found == library.rows * 2


def test_items_on_a_page_with_a_repeated_cursor_are_not_lost() -> None:
    """The token of the error goes on before them, as they were not handed out."""
    nature = Nature(descending=False, cursors=True)
    library, found = library_of(30, nature), []
    walker = Walker(nature.ordering, 10)
    assert walker.ask is not None
    found += items_of([page for page in [walker.take(library.page(walker.ask).sent)] if page])
    sent = library.page(walker.ask).sent
    with pytest.raises(PaginationError, match="the same cursor twice") as caught:
        walker.take(Sent(sent.items, sent.total, sent.has_more, (), walker.ask.cursor))
    resumed = Walker(nature.ordering, 10, token=caught.value.token)
    assert found + items_of(walked(library, resumed)) == library.rows


def test_the_flow_asks_by_offset_when_the_server_refuses_its_cursor() -> None:
    """A 400 to a cursor is no error of the walk; a 400 to anything else is."""
    nature = Nature(descending=False, cursors=True)
    library = library_of(25, nature)

    def ask(wanted: Ask, _: Sequence[Ask]) -> Iterator[Call]:
        yield from ()
        if wanted.cursor is not None:
            raise StatusError(400, "INVALID_CURSOR", "unknown")
        if wanted.length == 3:
            raise StatusError(400, "BAD", "three")
        return library.page(wanted).sent

    emitted = list(walk_exactly(ask, Walker(nature.ordering, 10)))  # type: ignore[arg-type]
    assert [item for step in emitted if isinstance(step, Emit) for item in step.value.items] == library.rows
    with pytest.raises(StatusError, match="three"):
        list(walk_exactly(ask, Walker(nature.ordering, 3)))  # type: ignore[arg-type]


def test_a_listing_that_is_not_exact_warns_once() -> None:
    """In words, where it stops being exact."""
    nature = Nature("name, foreign", descending=False)
    library = library_of(50, nature)

    def ask(wanted: Ask, _: Sequence[Ask]) -> Iterator[Call]:
        yield from ()
        return library.page(wanted).sent

    with pytest.warns(InexactListingWarning, match="sorts in another order") as warned:
        list(walk_exactly(ask, Walker(nature.ordering, 10)))  # type: ignore[arg-type]
    assert len(warned) == 1


def test_a_walk_holds_no_more_than_a_page() -> None:
    """Memory does not grow with the listing, also where all keys are equal."""
    walker = Walker(STILL.ordering, 100)
    grown = []
    tracemalloc.start()
    try:
        for page in range(120):
            items = tuple(Item(f"{99 * page + number:032x}", as_time(5)) for number in range(100))
            walker.take(Sent(items, 10**9, True))
            grown.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert grown[-1] - grown[30] < 50_000


@pytest.mark.parametrize("field", ["created_at", "updated_at", "size", "name", "last_access_time"])
@pytest.mark.parametrize("descending", [True, False])
def test_over_real_sockets_every_sort_is_listed_exactly(seeded: Sandbox, field: str, descending: bool) -> None:
    """The generated models carry what the walk needs, and the sandbox's order is the one expected."""
    parameters: dict[str, object] = {"sort": field, "order": "desc" if descending else "asc"}
    walker = Walker(asset_ordering(field, descending=descending), 37, largest=500)
    with ComfyCloud(base_url=seeded.url, api_key=seeded.key) as comfy:
        flow = walk_exactly(partial(send, list_assets.OPERATION, parameters, ListAssetsResponse), walker)
        pages = list(drive(flow, comfy._transport.perform))
    way = "DESC" if descending else "ASC"
    expected = [str(row[0]) for row in seeded.sql(f"SELECT id FROM assets ORDER BY {field} {way}, id {way}")]
    assert [str(asset.id) for page in pages for asset in page.items] == expected
    assert all(page.exact for page in pages)


@pytest.fixture(scope="module")
def seeded() -> Iterator[Sandbox]:
    """A library of 300 assets."""
    with Sandbox.seeded(300) as sandbox:
        yield sandbox


def test_an_error_of_a_walk_holds_a_token_that_goes_on_behind_what_was_handed_out() -> None:
    """Nothing already seen is lost, and nothing comes again."""
    library, walker = library_of(40), Walker(STILL.ordering, 10)
    found: list[Item] = []

    def go_on() -> None:
        while walker.ask is not None:
            sent = library.page(walker.ask).sent
            page = walker.take(sent if len(found) < 15 else Sent((), 40, True))
            found.extend(page.items if page else ())

    with pytest.raises(PaginationError) as caught:
        go_on()
    resumed = Walker(STILL.ordering, 10, token=caught.value.token)
    assert found + items_of(walked(library, resumed)) == library.rows


def test_where_missing_keys_sort_is_supposed_until_a_page_has_both() -> None:
    """A supposition that turned out wrong would refuse every page that follows; one that was seen stays."""
    sizes = Nature("size", descending=True).ordering
    none, both, other = (Places(values, "abc"[: len(values)], sizes) for values in ([None], [None, 5, 4], [5, 4, None]))
    supposed = suppose_beyond(none, Lore())
    assert supposed == Lore(nulls=-1, supposed=True)
    assert learn(both, supposed) == Lore(nulls=1)
    assert learn(other, learn(both, supposed)) == Lore(nulls=1, foreign=True)
