"""Walking the assets of a query: what is asked, what comes back checked, what is kept. Pure flows."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final, Generic, TypeVar

from comfy_cloud._filtering.verify import contradiction, failing
from comfy_cloud._flow import Emit, Flow, Step, collected
from comfy_cloud._http.clock import Clock
from comfy_cloud._paging.token import read_token
from comfy_cloud._paging.walking import send, walk_exactly
from comfy_cloud.asset import AssetBase, Source, keep
from comfy_cloud.errors import FilterIgnoredError
from comfy_cloud.pagination import Ask, Ordering, Page, Sent, Walker, asset_ordering
from comfy_cloud.query import MAX_PAGE_SIZE, AssetQuerySpec, WalkOptions
from comfy_cloud_api.models import ListAssetsResponse
from comfy_cloud_api.types import Operation

A = TypeVar("A", bound=AssetBase)

_WITH_CURSORS: Final = frozenset({"created_at", "updated_at", "name"})
"""The sorts in which a cursor reaches everything. An asset may have no size, and what has no key is behind no place:
asked for what comes after one, a database leaves it out."""
_PATIENCE: Final = 4
"""How often a page is asked for that holds what was not asked for, and something else each time."""


@dataclass(frozen=True, slots=True)
class AssetWalk(Generic[A]):
    """A query, and where it is walked.

    Attributes:
        spec: The query.
        options: How it is walked.
        operation: listAssets, reading assets of this kind.
        source: Where they come from.
        clock: What time it is.
    """

    spec: AssetQuerySpec
    options: WalkOptions
    operation: Operation
    source: Source
    clock: Clock

    @property
    def ordering(self) -> Ordering[Any]:
        """The order that the server is asked for."""
        return asset_ordering(self.spec.order.field, descending=self.spec.order.descending)

    @property
    def handed_out(self) -> int:
        """How many items the walk had handed out that this one goes on from; they count towards the limit.

        Raises:
            FilterError: the token is damaged, or of another query or order.
        """
        token = self.options.token
        return 0 if token is None else read_token(token, self.ordering.name, self.spec.digest()).handed_out

    def pages(self) -> Flow[Page[A]]:
        """What each page adds to the listing."""
        spec, options = self.spec, self.options
        now = dt.datetime.fromtimestamp(self.clock.wall(), dt.UTC)
        walker: Walker[A] = Walker(
            self.ordering,
            spec.page_size,
            limit=spec.limit,
            largest=MAX_PAGE_SIZE,
            digest=spec.digest(),
            token=options.token,
            unique=spec.unique,
            cursors=options.prefetch == 1 and spec.order.field in _WITH_CURSORS,
            keep=spec.predicate(now),
        )
        yield from walk_exactly(self._ask, walker, options, stop=spec.early_stop(now), now=self.clock.now)

    def count(self) -> Flow[int]:
        """How many match: told by one page of one asset, or walked where something is filtered here."""
        spec = self.spec
        if not spec.filter:
            page = yield from self._ask(Ask(0, 1))
            yield Emit(page.total if spec.limit is None else min(page.total, spec.limit))
            return
        yield Emit(sum((yield from collected(self.pages(), lambda page: len(page.items)))))

    def _ask(self, wanted: Ask, ahead: Sequence[Ask] = ()) -> Step[Sent[A]]:
        """Ask for a page until what it holds is what was asked for.

        Raises:
            FilterIgnoredError: it is not, again and again.
        """
        known: set[A] = set()
        for attempt in range(_PATIENCE):
            sent = yield from self._send(wanted, ahead)
            wrong = failing(self.spec.server, sent.items) if self.spec.verify else []
            if not wrong:
                return sent
            repeated = [asset for asset in wrong if asset in known]
            if repeated or attempt == _PATIENCE - 1:
                raise self._ignored((repeated or wrong)[0])
            known.update(wrong)
        raise AssertionError

    def _send(self, wanted: Ask, ahead: Sequence[Ask]) -> Step[Sent[A]]:
        sent: Sent[A] = yield from send(self.operation, self.spec.parameters(), ListAssetsResponse, wanted, ahead)
        deque(map(keep, sent.items, repeat("_source_"), repeat(self.source)), maxlen=0)  # the fastest loop there is
        return sent

    def _ignored(self, asset: A) -> FilterIgnoredError:
        what = contradiction(self.spec.server, asset)
        return FilterIgnoredError(
            f"The server answers with {asset!r}, which {what}, so it ignores what it was asked for; none of that is "
            "handed out: use filter(...) in place of where(...), or where(..., verify=False) to take it as it is."
        )
