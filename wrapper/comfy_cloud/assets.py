"""The assets of an account: `comfy.assets` is all of them, and narrows to the ones you want."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar
from uuid import UUID

from comfy_cloud._asset_walk import AssetWalk
from comfy_cloud._explain import Explanation, explain
from comfy_cloud._flow import Flow
from comfy_cloud._listing import AsyncListing, Listing
from comfy_cloud._sharing import Sharing
from comfy_cloud._tables import Row, to_dicts, to_polars
from comfy_cloud._transport import Transport
from comfy_cloud.asset import Asset, AssetBase, AsyncAsset
from comfy_cloud.filters import Expression, Field, Order
from comfy_cloud.pagination import Page
from comfy_cloud.query import AssetQuerySpec, WalkOptions, shortcuts
from comfy_cloud_api.api.asset import list_assets
from comfy_cloud_api.types import Operation

if TYPE_CHECKING:
    import polars as pl

A = TypeVar("A", bound=AssetBase)

READ: Final[Mapping[type[AssetBase], Operation]] = {
    kind: list_assets.OPERATION.reading(kind) for kind in (Asset, AsyncAsset)
}
"""listAssets, reading either kind of asset."""


class _Query:
    """How a query is narrowed, sorted and bounded. Each method returns a new query and leaves this one alone."""

    _asset: ClassVar[type[AssetBase]]
    _transport: Transport

    def __init__(
        self, transport: Transport, spec: AssetQuerySpec | None = None, options: WalkOptions | None = None
    ) -> None:
        super().__init__(transport)  # type: ignore[call-arg] # a listing's, which stands behind this one in the bases
        self._spec = spec or AssetQuerySpec()
        self._options = options or WalkOptions()

    def where(
        self,
        *filters: Expression,
        tags: str | Iterable[str] = (),
        not_tags: str | Iterable[str] = (),
        name_contains: str | None = None,
        metadata: Mapping[str, object] | None = None,
        verify: bool | None = None,
    ) -> Self:
        """Only assets that match all of these; the server does the filtering.

        What comes back is checked against the tags and the name, as servers ignore filters that they do not know. An
        asset that fails is never handed out: the page is asked for again, and if it fails again, FilterIgnoredError
        is raised. An asset that comes without tags cannot be checked for them.

        Args:
            filters: `tag("x")`, `~tag("x")`, `name.contains("s")`, `metadata["key"] == value`, and these joined by
                `&`. What the API cannot express is refused here, and can be given to `filter`.
            tags: Tags that an asset has to have: one, or several.
            not_tags: Tags that it must not have: one, or several.
            name_contains: A text in its name, whatever the case of its ASCII letters.
            metadata: Values by key. A list is any of its values, None is a missing one.
            verify: Whether what comes back is checked; it is unless this is said to be False.

        Raises:
            FilterError: the API cannot express this, and a server would answer something else without saying so.
        """
        more = shortcuts(tags=tags, not_tags=not_tags, name_contains=name_contains, metadata=metadata)
        spec = self._spec.narrowed(*filters, *more)
        return self._with(spec if verify is None else spec.checked(verify=verify))

    def filter(
        self,
        *filters: Expression,
        tags: str | Iterable[str] = (),
        not_tags: str | Iterable[str] = (),
        name_contains: str | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> Self:
        """Only assets that match all of these as well; what the server sends is filtered here.

        Takes any filter, and moves all that `where` lets through. A listing sorted by time or size ends early when
        nothing further can match. The arguments are those of `where`.

        Raises:
            FilterError: something given is no filter.
        """
        more = shortcuts(tags=tags, not_tags=not_tags, name_contains=name_contains, metadata=metadata)
        return self._with(self._spec.filtered(*filters, *more))

    def order_by(self, order: Order | Field, *, unique: bool | None = None) -> Self:
        """Sort, by `created_at.desc()` unless this is called; assets with equal values follow by id.

        Args:
            order: A field, which sorts upwards, or `field.asc()` or `field.desc()`.
            unique: Whether an asset is left out that was handed out before, as its sort key changed meanwhile. That
                costs some 100 bytes an asset, and is not needed under `created_at`, which never changes.

        Raises:
            FilterError: listings do not sort by this.
        """
        spec = self._spec.ordered(order)
        return self._with(spec if unique is None else spec.distinct(unique=unique))

    def limit(self, count: int | None) -> Self:
        """At most this many assets in all, 0 or more; None for all there are.

        Raises:
            FilterError: it is no whole number of at least 0.
        """
        return self._with(self._spec.limited(count))

    def page_size(self, count: int) -> Self:
        """How many assets a request asks for, 1 to 500; 500 unless this is called, as few large pages are fastest.

        Raises:
            FilterError: it is no whole number from 1 to 500.
        """
        return self._with(self._spec.paged(count))

    def include_public(self, include: bool) -> Self:  # noqa: FBT001 - include_public(False) reads well
        """Whether assets shared by others are listed as well; they are unless this is called.

        ComfyUI does not know this parameter and ignores it (observed on 0.27).

        Raises:
            FilterError: it is neither True nor False.
        """
        return self._with(self._spec.with_public(include))

    def prefetch(self, pages: int) -> Self:
        """Ask for up to this many pages at once, 1 to 32; one after the other unless this is called.

        They are handed out in order, with everything that is said of exactness. It helps where the network's latency
        is long against the server's work (measured in docs/explanation/exact-listing.md), and not at all where a
        server works on one request at a time, as ComfyUI does. Pages are then asked for by offset, as a cursor is only
        known from the page before. Each time the server says that requests come too fast (429), the number is halved.

        Raises:
            FilterError: it is no whole number from 1 to 32.
        """
        return self._walking(self._options.prefetching(pages))

    def resume(self, token: str | None) -> Self:
        """Go on after the item or page that gave this token, in the same order; None starts at the beginning.

        Raises:
            FilterError: when it is iterated, if the token is damaged, or of another query or order.
        """
        return self._walking(self._options.resuming(token))

    def deadline(self, seconds: float | None) -> Self:
        """End a walk that takes longer than this, in seconds, with a WalkDeadlineError that holds a resume token.

        Raises:
            FilterError: it is no number of more than 0.
        """
        return self._walking(self._options.ending(seconds))

    def on_page(self, tell: Callable[[Page[Any]], object] | None) -> Self:
        """Call this with each page that was read, before its items are handed out: for a progress bar.

        Raises:
            FilterError: it cannot be called.
        """
        return self._walking(self._options.telling(tell))

    def explain(self, total: int | None = None) -> Explanation:
        """What is asked of the server, what is done here, how many requests to expect, and whether the walk is exact.

        Asks nothing of the server.

        Args:
            total: How many assets match on the server, for the number of requests; see `count`.
        """
        return explain(self._spec, total)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._spec.as_code() or 'of all assets'}>"

    def _with(self, spec: AssetQuerySpec) -> Self:
        return type(self)(self._transport, spec, self._options)

    def _walking(self, options: WalkOptions) -> Self:
        return type(self)(self._transport, self._spec, options)

    def _at_most(self, count: int) -> Self:
        limit, wanted = self._spec.limit, self._assets().handed_out + count
        return self.limit(wanted if limit is None else min(wanted, limit))

    @property
    def _begins_at(self) -> str:
        return self._options.token or ""

    def _kept_items(self) -> Callable[[Page[A]], Sequence[A]]:
        return Sharing().items

    def _assets(self) -> AssetWalk[Any]:
        """Any: the subclasses say which kind of asset."""
        settings = self._transport.settings
        return AssetWalk(self._spec, self._options, READ[self._asset], self._transport, settings.clock)


class AssetQuery(_Query, Listing[Asset]):
    """Assets that match, in order: an immutable value to extend, keep, count and iterate any number of times."""

    _asset = Asset

    def _walk(self) -> Flow[Page[Asset]]:
        return self._assets().pages()

    def count(self) -> int:
        """How many match: one request that moves one asset; with `filter`, all that the server lists is walked."""
        return self._value(self._assets().count())

    def ids(self) -> Iterator[UUID]:
        """The ids of the assets, in order."""
        return (asset.id for asset in self)

    def to_dicts(self) -> list[Row]:
        """One dict an asset, of plain values, with the same keys whatever the server sends.

        The keys are the API's names. Times are aware datetimes in UTC, ids are texts, `size` is in bytes, `tags` is a
        list and `user_metadata` a dict; what else is absent, null or unreadable is None.
        """
        return to_dicts(self)

    def to_polars(self) -> pl.DataFrame:
        """A polars data frame with the columns of `to_dicts`, of the same types also when it is empty.

        Metadata is JSON text, as it holds anything.

        Raises:
            ImportError: polars is not installed; `pip install 'comfy-cloud[polars]'`.
        """
        return to_polars(self)


class AsyncAssetQuery(_Query, AsyncListing[AsyncAsset]):
    """`AssetQuery`, awaiting."""

    _asset = AsyncAsset

    def _walk(self) -> Flow[Page[AsyncAsset]]:
        return self._assets().pages()

    async def count(self) -> int:
        """See `AssetQuery.count`."""
        return await self._value(self._assets().count())

    def ids(self) -> AsyncIterator[UUID]:
        """See `AssetQuery.ids`."""
        return (asset.id async for asset in self)

    async def to_dicts(self) -> list[Row]:
        """See `AssetQuery.to_dicts`."""
        return to_dicts(await self.to_list())

    async def to_polars(self) -> pl.DataFrame:
        """See `AssetQuery.to_polars`."""
        return to_polars(await self.to_list())
