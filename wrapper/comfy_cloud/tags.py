"""The tags of an account, with how many assets use each."""

from __future__ import annotations

from typing import Final, Literal

from comfy_cloud._flow import Flow, Step
from comfy_cloud._listing import AsyncListing, Listing
from comfy_cloud._transport import Transport
from comfy_cloud.errors import FilterError
from comfy_cloud.pagination import Page, fetch, largest_page, walk
from comfy_cloud.query import checked_count
from comfy_cloud_api.api.asset import list_tags
from comfy_cloud_api.models import ListTagsOrder, ListTagsResponse, TagInfo

PAGE_SIZE: Final = largest_page(list_tags.OPERATION)


class _TagWalk:
    _arguments: dict[str, object]
    _limit: int | None

    def _walk(self) -> Flow[Page[TagInfo]]:
        return walk(self._fetch, PAGE_SIZE, self._limit)

    def _fetch(self, offset: int, limit: int) -> Step[Page[TagInfo]]:
        return fetch(list_tags.OPERATION, self._arguments, ListTagsResponse, offset, limit)


class TagListing(_TagWalk, Listing[TagInfo]):
    """Tags with their counts; iterate it any number of times."""

    def __init__(self, transport: Transport, arguments: dict[str, object], limit: int | None) -> None:
        super().__init__(transport)
        self._arguments, self._limit = arguments, limit


class AsyncTagListing(_TagWalk, AsyncListing[TagInfo]):
    """`TagListing`, awaiting."""

    def __init__(self, transport: Transport, arguments: dict[str, object], limit: int | None) -> None:
        super().__init__(transport)
        self._arguments, self._limit = arguments, limit


class Tags:
    """`comfy.tags`: the tags used across the account's assets."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        prefix: str | None = None,
        order: Literal["count_desc", "name_asc"] = "count_desc",
        include_zero: bool = False,
        include_public: bool = True,
        limit: int | None = None,
    ) -> TagListing:
        """All tags, walking the pages.

        Args:
            prefix: Only tags that begin with this; servers trim and lower-case it (observed on ComfyUI 0.27).
            order: Most used first, or by name.
            include_zero: Also tags that no asset has.
            include_public: Also count assets shared by others.
            limit: At most this many in all.

        Raises:
            FilterError: a prefix that is blank, an order that does not exist, or a negative limit.
        """
        arguments = _tag_arguments(prefix, order, include_zero=include_zero, include_public=include_public)
        return TagListing(self._transport, arguments, _checked_limit(limit))


class AsyncTags:
    """`Tags`, awaiting."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        prefix: str | None = None,
        order: Literal["count_desc", "name_asc"] = "count_desc",
        include_zero: bool = False,
        include_public: bool = True,
        limit: int | None = None,
    ) -> AsyncTagListing:
        """See `Tags.list`."""
        arguments = _tag_arguments(prefix, order, include_zero=include_zero, include_public=include_public)
        return AsyncTagListing(self._transport, arguments, _checked_limit(limit))


def _tag_arguments(prefix: str | None, order: str, *, include_zero: bool, include_public: bool) -> dict[str, object]:
    if prefix is not None and (not isinstance(prefix, str) or not prefix.strip()):
        raise FilterError(f"prefix is {prefix!r}, and the API refuses an empty one; leave it away for all tags.")
    known = [str(item) for item in ListTagsOrder]
    if order not in known:
        raise FilterError(f"order is {order!r}, but tags are sorted by {' or '.join(map(repr, known))}.")
    arguments: dict[str, object] = {"order": order, "include_zero": include_zero, "include_public": include_public}
    return arguments if prefix is None else {**arguments, "prefix": prefix}


def _checked_limit(limit: int | None) -> int | None:
    return None if limit is None else checked_count("limit", limit, 0)
