"""The assets of an account: `comfy.assets` is all of them, and narrows to the ones you want."""

from __future__ import annotations

from typing import Self

from comfy_cloud._flow import Emit, Flow, Step
from comfy_cloud._listing import AsyncListing, Listing
from comfy_cloud._transport import Transport
from comfy_cloud.filters import Expression, Field, Order
from comfy_cloud.pagination import Page, fetch, walk
from comfy_cloud.query import AssetQuerySpec
from comfy_cloud_api.api.asset import list_assets
from comfy_cloud_api.models import Asset, ListAssetsResponse


class _Narrowing:
    """How a query is narrowed, sorted and bounded. Each method returns a new query and leaves this one alone."""

    _spec: AssetQuerySpec
    _transport: Transport

    def where(self, *filters: Expression) -> Self:
        """Only assets that match all of these; the server does the filtering.

        Args:
            filters: `tag("x")`, `~tag("x")`, `name.contains("s")`, `metadata["key"] == value`.

        Raises:
            FilterError: the API cannot express this combination.
        """
        return self._with(self._spec.narrowed(*filters))

    def order_by(self, order: Order | Field) -> Self:
        """Sort, by `created_at.desc()` unless this is called; assets with equal values follow by id."""
        return self._with(self._spec.ordered(order))

    def limit(self, count: int) -> Self:
        """At most this many assets in all, 0 or more."""
        return self._with(self._spec.limited(count))

    def page_size(self, count: int) -> Self:
        """How many assets a request asks for, 1 to 500; 500 unless this is called, as few large pages are fastest."""
        return self._with(self._spec.paged(count))

    def include_public(self, include: bool) -> Self:  # noqa: FBT001 - include_public(False) reads well
        """Whether assets shared by others are listed as well; they are unless this is called."""
        return self._with(self._spec.with_public(include))

    def _with(self, spec: AssetQuerySpec) -> Self:
        return type(self)(self._transport, spec)  # type: ignore[call-arg] # the two subclasses below take these

    def _walk(self) -> Flow[Page[Asset]]:
        return walk(self._fetch, self._spec.page_size, self._spec.limit)

    def _fetch(self, offset: int, limit: int) -> Step[Page[Asset]]:
        return fetch(list_assets.OPERATION, self._spec.parameters(), ListAssetsResponse, offset, limit)

    def _count(self) -> Flow[int]:
        page = yield from self._fetch(0, 1)
        yield Emit(page.total if self._spec.limit is None else min(page.total, self._spec.limit))


class AssetQuery(_Narrowing, Listing[Asset]):
    """Assets that match, in order: an immutable value to extend, keep, count and iterate any number of times."""

    def __init__(self, transport: Transport, spec: AssetQuerySpec) -> None:
        super().__init__(transport)
        self._spec = spec

    def count(self) -> int:
        """How many match: one request that moves one asset."""
        return next(self._drive(self._count()))


class AsyncAssetQuery(_Narrowing, AsyncListing[Asset]):
    """`AssetQuery`, awaiting."""

    def __init__(self, transport: Transport, spec: AssetQuerySpec) -> None:
        super().__init__(transport)
        self._spec = spec

    async def count(self) -> int:
        """See `AssetQuery.count`."""
        return await anext(self._drive(self._count()))
