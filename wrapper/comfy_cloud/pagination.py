"""Listing exactly, while the library changes: the guarantee, the rules that keep it, and the flow that walks.

The guarantee
    Each response is one contiguous slice, at one instant, of the matching assets in the order (sort key, id). An asset
    that matches at every instant read, with an unchanged sort key, is yielded exactly once, whatever is inserted,
    deleted or retagged around it and whatever the page size, prefetch or faults. Under `created_at` nothing is ever
    yielded twice, in constant memory. Under any other sort an asset whose key changes may be missed or repeated;
    `unique=True` removes repeats and costs memory per asset.

The rules
    The walk remembers a place in the order, its *frontier* F: the key and the id of the last item handed out, and the
    ids that were handed out with that key. It asks for pages by offset, each of which repeats the end of the one
    before, an overlap of one element when nothing moves.

    1. A page is *accepted* if it starts at offset 0, or with a key strictly before F's, or with F's key and among its
       items with that key is one that was handed out. What lies beyond F is handed out, and F moves to the page's end.
       Items with F's key lie beyond it if they were not handed out.
    2. Any other page, an empty one included, is *refused*: the overlap doubles, up to half a page, and the walk steps
       back by it, by twice as much each time the next page is refused too. In calm the overlap shrinks again.
    3. The walk ends on an accepted page with `has_more: false` that reaches the `total` told with it, and nowhere else.
       Both are hints (observed on ComfyUI 0.27: an insert and a delete cancel); only the overlap proves anything.
    4. A page makes progress that moves F, ends before F but farther on than the page before, or is refused at a lower
       offset than any since F moved. Eight pages without are a PaginationError, which holds a token to resume from.

Why they suffice
    Take an item that matches at every instant read, with one key. The claim: once F is at or beyond it, it was handed
    out, once. Let an accepted page move F from F to F', past the item. The page is contiguous at its instant, the item
    matched at that instant, and the page starts at or before F by rule 1, so the item is on the page, beyond F, and
    handed out. It is not handed out again: F only moves on, and with F's very key the remembered ids tell. Nothing
    here needs pages to be read in the order in which they are taken, so they may be asked for ahead. The walk ends:
    F moves along finitely many items; between two moves the refused offsets fall, and between two falls pages that end
    before F end at later and later places, or count towards the eight. Where the order cannot tell, a place that comes
    again does (after Brent, in constant memory).

Orders that are not known
    How Comfy Cloud orders items with equal keys is not documented. Only that it is the same order each time is used
    above, where a page begins with F's very key. Where ids are seen not to follow the order, rule 1 takes only the
    strictly earlier key, which holds even if ties come in another order each time; the overlap and the page grow to
    reach over the group. A group longer than any page is walked on the assumption that its order is fixed, from one
    of its items to the next, and the page is not `exact`. (While ids do follow the order, groups of any length are:
    beyond 1,024 ids the order of ids takes the place of the set.) A page can be as long as the API's bound; or, from a
    server that gives shorter ones than it is asked for, as its longest so far.

    How servers collate texts, and where missing keys sort, is not documented either. Under a text sort a page is
    accepted if it holds an item that was on the page before, where it stood, and what follows the last such item is
    new: that assumes only that the order is a fixed one. If they are all gone, texts are compared by code point, as
    ComfyUI does (observed on 0.27), and the page is not `exact`. Where missing keys sort is learned from the first
    page that has both; until then they prove nothing, and a page from offset 0 that has only the other kind than F is
    taken to lie beyond F and is not `exact`. A page whose keys are in no order of ours makes the walk go by known items
    alone, and not `exact`; if those are gone it is a PaginationError, never a silent loss.

What cannot be read
    An element that cannot be read has no place in the order: it counts for the length of its page, and the next page
    reaches back over it and grows. A page of nothing else does not end the walk while one can reach over it, and counts
    towards the eight only beyond the total. Where no page can reach over all of them, what follows cannot be tied to F;
    the walk goes on there, and the page is not `exact`.

Cursors
    Where a page that moved F, or was led to itself, carries a cursor it is followed: the page it leads to is accepted,
    because a cursor names a place (observed on ComfyUI 0.27), which is F or follows it. What lies beyond F is judged as
    above, so that an order of known keys repeats nothing. A cursor that comes again is a PaginationError. A server that
    refuses its cursor, or leaves it out, is asked by offset from where the walk is, by the rules above.
"""

from __future__ import annotations

from comfy_cloud._paging.ordering import TAGS_BY_NAME, Ordering, asset_ordering
from comfy_cloud._paging.page import Ask, Page, Sent
from comfy_cloud._paging.walker import Walker
from comfy_cloud_api.types import Operation, Pagination


def paging(operation: Operation) -> Pagination:
    """The names by which a listing is paged, from the metadata of its operation."""
    assert operation.pagination is not None, f"{operation.id} is no listing"
    return operation.pagination


def largest_page(operation: Operation) -> int:
    """How many items the API allows a request to ask for; few large pages are fastest."""
    bound = operation.arguments[str(paging(operation).limit)].parameter.bounds.maximum
    assert bound is not None, f"{operation.id} has no bound on its pages"
    return int(bound)


__all__ = [
    "TAGS_BY_NAME",
    "Ask",
    "Ordering",
    "Page",
    "Sent",
    "Walker",
    "asset_ordering",
    "largest_page",
    "paging",
]
