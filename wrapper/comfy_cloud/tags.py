"""The tags of an account, with how many assets use each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Self

from comfy_cloud._flow import Emit, Flow, Step, collected
from comfy_cloud._listing import AsyncListing, Listing
from comfy_cloud._paging.walking import send, walk_exactly
from comfy_cloud._tag_query import TagListSpec, TagOrder, checked_tag_list
from comfy_cloud._transport import Transport
from comfy_cloud.pagination import TAGS_BY_NAME, Ask, Page, Sent, Walker, largest_page
from comfy_cloud_api.api.asset import list_tags
from comfy_cloud_api.models import ListTagsResponse, TagInfo

PAGE_SIZE: Final = largest_page(list_tags.OPERATION)


class _TagWalk:
    """A listing of tags. The server is asked for them by name, an order in which nothing moves."""

    _transport: Transport

    def __init__(self, transport: Transport, spec: TagListSpec) -> None:
        super().__init__(transport)  # type: ignore[call-arg] # a listing's, which stands behind this one in the bases
        self._spec = spec

    def _walk(self) -> Flow[Page[TagInfo]]:
        walker = Walker(TAGS_BY_NAME, PAGE_SIZE, limit=self._spec.walk_limit, largest=PAGE_SIZE)
        pages = walk_exactly(self._ask, walker)
        if not self._spec.sorts_here:
            yield from pages
            return
        listed = yield from collected(pages, lambda page: page)
        if listed:
            tags = self._spec.arranged(tag for page in listed for tag in page.items)
            unreadable = tuple(element for page in listed for element in page.unreadable)
            last, length = listed[-1], sum(page.length for page in listed)
            yield Emit(
                Page(tuple(tags), last.total, has_more=False, unreadable=unreadable, doubt=last.doubt, length=length)
            )

    def _ask(self, wanted: Ask, ahead: Sequence[Ask]) -> Step[Sent[TagInfo]]:
        return send(list_tags.OPERATION, self._spec.parameters(), ListTagsResponse, wanted, ahead)

    def _at_most(self, count: int) -> Self:
        limit = self._spec.limit
        return type(self)(self._transport, replace(self._spec, limit=count if limit is None else min(count, limit)))


class TagListing(_TagWalk, Listing[TagInfo]):
    """Tags with their counts; iterate it any number of times."""


class AsyncTagListing(_TagWalk, AsyncListing[TagInfo]):
    """`TagListing`, awaiting."""


class Tags:
    """`comfy.tags`: the tags used across the account's assets."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        prefix: str | None = None,
        order: TagOrder = "name_asc",
        include_zero: bool = False,
        include_public: bool = True,
        limit: int | None = None,
    ) -> TagListing:
        """All tags, walking the pages by name, an order in which nothing moves.

        Args:
            prefix: Only tags that begin with this; servers trim and lower-case it (observed on ComfyUI 0.27).
            order: By name, or most used first (`count_desc`), which takes all of them into memory to sort them here.
            include_zero: Also tags that no asset has.
            include_public: Also count assets shared by others.
            limit: At most this many in all, 0 or more; None for all there are.

        Raises:
            FilterError: a prefix that is blank or no text, an order that does not exist, a flag that is no bool, or a
                limit that is no whole number of at least 0.
        """
        spec = checked_tag_list(
            prefix=prefix, order=order, include_zero=include_zero, include_public=include_public, limit=limit
        )
        return TagListing(self._transport, spec)


class AsyncTags:
    """`Tags`, awaiting."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        prefix: str | None = None,
        order: TagOrder = "name_asc",
        include_zero: bool = False,
        include_public: bool = True,
        limit: int | None = None,
    ) -> AsyncTagListing:
        """See `Tags.list`."""
        spec = checked_tag_list(
            prefix=prefix, order=order, include_zero=include_zero, include_public=include_public, limit=limit
        )
        return AsyncTagListing(self._transport, spec)
