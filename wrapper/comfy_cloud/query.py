"""What a query of assets asks of the server, and what is done here: an immutable value. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, Final, cast, get_args

from comfy_cloud._filtering.early_stop import early_stop
from comfy_cloud._filtering.evaluate import Predicate, compiled
from comfy_cloud._filtering.expressions import And, Expression, Not
from comfy_cloud._filtering.metadata import metadata as metadata_at
from comfy_cloud._filtering.server_filter import ServerFilter, server_filter
from comfy_cloud._filtering.values import checked_bool, checked_count, checked_tag, checked_text, checked_values, shown
from comfy_cloud.errors import FilterError
from comfy_cloud.filters import Field, Order, SortField, name, tag
from comfy_cloud.pagination import Page, largest_page
from comfy_cloud_api.api.asset import list_assets

MAX_PAGE_SIZE: Final = largest_page(list_assets.OPERATION)
NEWEST_FIRST: Final = Order("created_at", descending=True)
"""The order of a query that does not say one."""
MAX_PREFETCH: Final = 32
"""How many pages may be asked for at once."""
_DIGEST_VERSION: Final = 1  # another one whenever equal digests could come to stand for different listings
_SORT_FIELDS: Final = frozenset(get_args(SortField))


@dataclass(frozen=True, slots=True)
class AssetQuerySpec:
    """A query. Its methods check what they are given, and return another query; equal queries ask for the same.

    Attributes:
        where: What the server filters by, all of it; the API can express it.
        filter: What is filtered by here, all of it.
        order: What the server sorts by.
        limit: How many assets in all; None for all there are.
        page_size: How many assets a request asks for.
        include_public: Whether assets shared by others are listed as well.
        verify: Whether what comes back is checked against the tags and the name that were asked for.
        unique: Whether ids are remembered, so that an asset whose sort key changes is not repeated.
        server: What `where` asks of the server, in its one form: worked out once, as each page is asked for by it.
    """

    where: tuple[Expression, ...] = ()
    filter: tuple[Expression, ...] = ()
    order: Order = NEWEST_FIRST
    limit: int | None = None
    page_size: int = MAX_PAGE_SIZE
    include_public: bool = True
    verify: bool = True
    unique: bool = False
    server: ServerFilter = field(default=ServerFilter(), repr=False, compare=False)

    def narrowed(self, *expressions: Expression) -> AssetQuerySpec:
        """With more for the server to filter by.

        Raises:
            FilterError: the API cannot express all of it together, and a server would answer something else without
                saying so.
        """
        together = (*self.where, *expressions)
        try:
            return replace(self, where=together, server=server_filter(together))
        except RecursionError:
            raise _nesting_error("where") from None

    def filtered(self, *expressions: Expression) -> AssetQuerySpec:
        """With more to filter by here.

        Raises:
            FilterError: one of them is no filter.
        """
        for expression in expressions:
            if not isinstance(expression, Expression):
                raise FilterError(f"filter() takes filters such as size > 5 or tag('x'), not {shown(expression)}.")
            try:
                repr(expression)  # it takes the deepest stack of all that is done with a filter
            except RecursionError:
                raise _nesting_error("filter") from None
        return replace(self, filter=(*self.filter, *expressions))

    def ordered(self, order: Order | Field) -> AssetQuerySpec:
        """Sorted; a bare field sorts upwards.

        Raises:
            FilterError: it is no field that listings sort by.
        """
        return replace(self, order=checked_order(order))

    def limited(self, limit: int | None) -> AssetQuerySpec:
        """With at most this many assets in all, 0 or more; None for all there are.

        Raises:
            FilterError: it is no whole number of at least 0.
        """
        return replace(self, limit=None if limit is None else checked_count("limit", limit, 0))

    def paged(self, page_size: int) -> AssetQuerySpec:
        """With this many assets a request, 1 to 500.

        Raises:
            FilterError: it is no whole number within these bounds.
        """
        return replace(self, page_size=checked_count("page_size", page_size, 1, MAX_PAGE_SIZE))

    def with_public(self, include_public: bool) -> AssetQuerySpec:  # noqa: FBT001 - as AssetQuery.include_public
        """With or without assets shared by others.

        Raises:
            FilterError: it is neither True nor False.
        """
        return replace(self, include_public=checked_bool("include_public", include_public))

    def checked(self, *, verify: bool) -> AssetQuerySpec:
        """With or without a check of what comes back.

        Raises:
            FilterError: it is neither True nor False.
        """
        return replace(self, verify=checked_bool("verify", verify))

    def distinct(self, *, unique: bool) -> AssetQuerySpec:
        """With or without a memory of ids.

        Raises:
            FilterError: it is neither True nor False.
        """
        return replace(self, unique=checked_bool("unique", unique))

    @property
    def local(self) -> Expression | None:
        """All that is filtered by here, as one expression; None if nothing is."""
        return reduce(Expression.__and__, self.filter) if self.filter else None

    def as_code(self) -> str:
        """The calls that make this query of one of all assets, joined by dots; empty for that one."""
        where = [*map(repr, self.where), *(() if self.verify else ("verify=False",))]
        order = [repr(self.order), *(("unique=True",) if self.unique else ())]
        calls = {
            f"where({', '.join(where)})": bool(where),
            f"filter({', '.join(map(repr, self.filter))})": bool(self.filter),
            f"order_by({', '.join(order)})": self.order != NEWEST_FIRST or self.unique,
            f"include_public({self.include_public})": not self.include_public,
            f"page_size({self.page_size})": self.page_size != MAX_PAGE_SIZE,
            f"limit({self.limit})": self.limit is not None,
        }
        return ".".join(call for call, made in calls.items() if made)

    def parameters(self) -> dict[str, object]:
        """The parameters of listAssets that select and order, paging aside; equal queries give equal ones.

        `include_public` is always there, so that no server's default decides.
        """
        return self.server.parameters() | {
            "sort": self.order.field,
            "order": "desc" if self.order.descending else "asc",
            "include_public": self.include_public,
        }

    def predicate(self, now: dt.datetime) -> Predicate | None:
        """The test of what is filtered by here, for one iteration that begins now; None if there is none."""
        return None if self.local is None else compiled(self.local, now)

    def early_stop(self, now: dt.datetime) -> Predicate | None:
        """The test after which an iteration that began now can end; see `early_stop`."""
        return None if self.local is None else early_stop(self.local, self.order, now)

    def digest(self) -> str:
        """64 hexadecimal digits that are equal, in every process, for queries that list the same in the same order.

        So a resume token can be checked against the query that it is used with. What only bounds or paces the
        listing, such as `limit` and `page_size`, is not part of it.
        """
        parts = [part for whole in self.filter for part in (whole.parts if isinstance(whole, And) else (whole,))]
        said = [_DIGEST_VERSION, self.parameters(), sorted(set(map(repr, parts)))]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class WalkOptions:
    """How a listing is walked. Its methods check what they are given, and return other options.

    Attributes:
        prefetch: How many pages are asked for at once.
        token: Where to go on from; None for the beginning.
        deadline_s: How long the walk may take, in seconds; None for as long as it takes.
        on_page: Called with each page before it is handed out.
    """

    prefetch: int = 1
    token: str | None = None
    deadline_s: float | None = None
    on_page: Callable[[Page[Any]], object] | None = None  # Any: of whatever listing

    def prefetching(self, pages: int) -> WalkOptions:
        """With so many pages asked for at once.

        Raises:
            FilterError: it is no whole number from 1 to 32.
        """
        return replace(self, prefetch=checked_count("prefetch", pages, 1, MAX_PREFETCH))

    def resuming(self, token: str | None) -> WalkOptions:
        """With a place to go on from.

        Raises:
            FilterError: it is no text.
        """
        return replace(self, token=None if token is None else checked_text("resume", token))

    def ending(self, deadline_s: float | None) -> WalkOptions:
        """With a bound on the time that the walk takes.

        Raises:
            FilterError: it is no number of more than 0.
        """
        number = isinstance(deadline_s, int | float) and not isinstance(deadline_s, bool)
        if deadline_s is not None and not (number and 0 < deadline_s < float("inf")):
            raise FilterError(f"deadline takes a number of seconds of more than 0, or None, not {shown(deadline_s)}.")
        return replace(self, deadline_s=deadline_s)

    def telling(self, on_page: Callable[[Page[Any]], object] | None) -> WalkOptions:
        """With somebody to tell of each page.

        Raises:
            FilterError: it cannot be called.
        """
        if on_page is not None and not callable(on_page):
            raise FilterError(f"on_page takes a function of a page, or None, not {shown(on_page)}.")
        return replace(self, on_page=on_page)


def shortcuts(
    *,
    tags: str | Iterable[str] = (),
    not_tags: str | Iterable[str] = (),
    name_contains: str | None = None,
    metadata: Mapping[str, object] | None = None,
) -> tuple[Expression, ...]:
    """The keywords of `where(...)` and `filter(...)` as expressions, for the common case.

    Args:
        tags: Tags that an asset has to have: one, or several.
        not_tags: Tags that it must not have: one, or several.
        name_contains: A text in its name; see `name.contains`.
        metadata: Values by key. A list is any of its values, None is a missing one.

    Raises:
        FilterError: naming the keyword, the bound and the value.
    """
    if metadata is not None and not isinstance(metadata, Mapping):
        raise FilterError(f"metadata takes a mapping of keys to values, not {shown(metadata)}.")
    return (
        *map(tag, _tags("tags", tags)),
        *map(Not, map(tag, _tags("not_tags", not_tags))),
        *(() if name_contains is None else (name.contains(name_contains),)),
        *(_at(key, value) for key, value in (metadata or {}).items()),
    )


def _tags(what: str, value: str | Iterable[str]) -> tuple[str, ...]:
    several = (value,) if isinstance(value, str) else value
    if isinstance(several, list | tuple | set | frozenset) and not several:
        return ()
    return checked_values(what, several, checked_tag)


def _at(key: str, value: object) -> Expression:
    field = metadata_at[key]
    if isinstance(value, list | tuple | set | frozenset):
        return field.in_(cast("Iterable[object]", value))
    return field == value


def checked_order(order: Order | Field) -> Order:
    """A bare field sorts upwards.

    Raises:
        FilterError: it is no field that listings sort by.
    """
    if isinstance(order, Field):
        return order.asc()
    if isinstance(order, Order) and order.field in _SORT_FIELDS:
        return order
    raise FilterError(f"order_by() takes a field such as created_at.desc() or name, not {shown(order)}.")


def _nesting_error(method: str) -> FilterError:
    return FilterError(
        f"The filter given to {method}() is nested too deeply; join its parts with one kind of `&` or `|` at a time."
    )


__all__ = ["MAX_PAGE_SIZE", "AssetQuerySpec", "checked_count", "checked_order", "shortcuts"]
