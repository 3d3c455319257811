# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t_

from ... import _runtime as _rt_
from ... import models as _models_
from ...client import AuthenticatedClient, Client

OPERATION: _t_.Final = _rt_.Operation(
    id="listAssets",
    method="GET",
    path="/api/assets",
    arguments={
        "include_tags": _rt_.Argument(
            _rt_.Parameter(name="include_tags", argument="include_tags", location="query", style="form", explode=False),
            _rt_.ListOf(_rt_.Str()),
        ),
        "exclude_tags": _rt_.Argument(
            _rt_.Parameter(name="exclude_tags", argument="exclude_tags", location="query", style="form", explode=False),
            _rt_.ListOf(_rt_.Str()),
        ),
        "name_contains": _rt_.Argument(
            _rt_.Parameter(
                name="name_contains", argument="name_contains", location="query", style="form", explode=True
            ),
            _rt_.Str(),
        ),
        "metadata_filter": _rt_.Argument(
            _rt_.Parameter(
                name="metadata_filter", argument="metadata_filter", location="query", style="form", explode=True
            ),
            _rt_.Str(),
        ),
        "limit": _rt_.Argument(
            _rt_.Parameter(
                name="limit",
                argument="limit",
                location="query",
                style="form",
                explode=True,
                bounds=_rt_.Bounds(minimum=1, maximum=500),
            ),
            _rt_.Int(),
        ),
        "offset": _rt_.Argument(
            _rt_.Parameter(
                name="offset",
                argument="offset",
                location="query",
                style="form",
                explode=True,
                bounds=_rt_.Bounds(minimum=0),
            ),
            _rt_.Int(),
        ),
        "sort": _rt_.Argument(
            _rt_.Parameter(name="sort", argument="sort", location="query", style="form", explode=True),
            _rt_.Enumerated(lambda: _models_.ListAssetsSort),
        ),
        "order": _rt_.Argument(
            _rt_.Parameter(name="order", argument="order", location="query", style="form", explode=True),
            _rt_.Enumerated(lambda: _models_.ListAssetsOrder),
        ),
        "include_public": _rt_.Argument(
            _rt_.Parameter(
                name="include_public", argument="include_public", location="query", style="form", explode=True
            ),
            _rt_.Bool(),
        ),
        "after": _rt_.Argument(
            _rt_.Parameter(name="after", argument="after", location="query", style="form", explode=True), _rt_.Str()
        ),
    },
    replies={
        "200": _rt_.Reply(json=_rt_.Nested(lambda: _models_.ListAssetsResponse)),
        "400": _rt_.Reply(json=_rt_.Nested(lambda: _models_.ErrorResponse)),
        "401": _rt_.Reply(json=_rt_.Nested(lambda: _models_.ErrorResponse)),
        "500": _rt_.Reply(json=_rt_.Nested(lambda: _models_.ErrorResponse)),
    },
    secured=True,
    deprecated=False,
    idempotent=True,
    pagination=_rt_.Pagination(
        offset="offset",
        limit="limit",
        cursor="after",
        items="assets",
        total="total",
        has_more="has_more",
        next_cursor="next_cursor",
    ),
    retry=_rt_.Retry(
        transient_statuses=frozenset([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]),
        retry_after_statuses=frozenset([429]),
        unprocessed_statuses=frozenset([425, 429]),
        transient_codes=frozenset(["RATE_LIMITED", "RATE_LIMIT_EXCEEDED", "TOO_MANY_REQUESTS"]),
        permanent_codes=frozenset(["SERVICE_DISABLED"]),
        subscription_words=frozenset(["inactive", "subscription"]),
    ),
)


def _request(
    *,
    include_tags: _t_.Sequence[str] | _rt_.Unset = _rt_.UNSET,
    exclude_tags: _t_.Sequence[str] | _rt_.Unset = _rt_.UNSET,
    name_contains: str | _rt_.Unset = _rt_.UNSET,
    metadata_filter: str | _rt_.Unset = _rt_.UNSET,
    limit: int | _rt_.Unset = 20,
    offset: int | _rt_.Unset = 0,
    sort: _models_.ListAssetsSort | str | _rt_.Unset = _models_.ListAssetsSort.CREATED_AT,
    order: _models_.ListAssetsOrder | str | _rt_.Unset = _models_.ListAssetsOrder.DESC,
    include_public: bool | _rt_.Unset = True,
    after: str | _rt_.Unset = _rt_.UNSET,
) -> _rt_.Request:
    return OPERATION.request(
        {
            "include_tags": include_tags,
            "exclude_tags": exclude_tags,
            "name_contains": name_contains,
            "metadata_filter": metadata_filter,
            "limit": limit,
            "offset": offset,
            "sort": sort,
            "order": order,
            "include_public": include_public,
            "after": after,
        },
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    include_tags: _t_.Sequence[str] | _rt_.Unset = _rt_.UNSET,
    exclude_tags: _t_.Sequence[str] | _rt_.Unset = _rt_.UNSET,
    name_contains: str | _rt_.Unset = _rt_.UNSET,
    metadata_filter: str | _rt_.Unset = _rt_.UNSET,
    limit: int | _rt_.Unset = 20,
    offset: int | _rt_.Unset = 0,
    sort: _models_.ListAssetsSort | str | _rt_.Unset = _models_.ListAssetsSort.CREATED_AT,
    order: _models_.ListAssetsOrder | str | _rt_.Unset = _models_.ListAssetsOrder.DESC,
    include_public: bool | _rt_.Unset = True,
    after: str | _rt_.Unset = _rt_.UNSET,
) -> _rt_.Response[_models_.ListAssetsResponse | _models_.ErrorResponse]:
    """List user assets

    Retrieves a paginated list of assets belonging to the authenticated user.
    Supports filtering by tags, name, metadata, and sorting options.

    GET /api/assets, at #/paths/~1api~1assets/get of the API's document.

    Args:
        client: Sends the request, with its key.
        include_tags: Filter assets that have ALL of these tags.
        exclude_tags: Exclude assets that have ANY of these tags.
        name_contains: Filter assets where name contains this substring (case-insensitive).
        metadata_filter: JSON object for filtering by metadata fields.
        limit: Maximum number of assets to return (1-500). From 1 to 500; 20 unless given.
        offset: Number of assets to skip for pagination. At least 0; 0 unless given.
        sort: Field to sort by. One of name, created_at, updated_at, size, last_access_time; created_at unless
            given.
        order: Sort order. One of asc, desc; desc unless given.
        include_public: Whether to include public/shared assets in results. True unless given.
        after: Cursor of the page before, from its next_cursor; replaces offset.

    Raises:
        ParameterError: an argument is not what the API allows; nothing was sent.
        UnexpectedStatus: the answer has a status that the API does not document.
        DecodeError: the answer's body is not what the API documents.
        httpx.TransportError: the server was not reached in time, or the connection broke.

    Returns:
        The answer: its status, headers and content, and its body as the API documents it.
    """

    return client.call(
        _request(
            include_tags=include_tags,
            exclude_tags=exclude_tags,
            name_contains=name_contains,
            metadata_filter=metadata_filter,
            limit=limit,
            offset=offset,
            sort=sort,
            order=order,
            include_public=include_public,
            after=after,
        )
    )


def sync(
    *,
    client: AuthenticatedClient | Client,
    include_tags: _t_.Sequence[str] | _rt_.Unset = _rt_.UNSET,
    exclude_tags: _t_.Sequence[str] | _rt_.Unset = _rt_.UNSET,
    name_contains: str | _rt_.Unset = _rt_.UNSET,
    metadata_filter: str | _rt_.Unset = _rt_.UNSET,
    limit: int | _rt_.Unset = 20,
    offset: int | _rt_.Unset = 0,
    sort: _models_.ListAssetsSort | str | _rt_.Unset = _models_.ListAssetsSort.CREATED_AT,
    order: _models_.ListAssetsOrder | str | _rt_.Unset = _models_.ListAssetsOrder.DESC,
    include_public: bool | _rt_.Unset = True,
    after: str | _rt_.Unset = _rt_.UNSET,
) -> _models_.ListAssetsResponse | _models_.ErrorResponse:
    """List user assets

    Retrieves a paginated list of assets belonging to the authenticated user.
    Supports filtering by tags, name, metadata, and sorting options.

    GET /api/assets, at #/paths/~1api~1assets/get of the API's document.

    Args:
        client: Sends the request, with its key.
        include_tags: Filter assets that have ALL of these tags.
        exclude_tags: Exclude assets that have ANY of these tags.
        name_contains: Filter assets where name contains this substring (case-insensitive).
        metadata_filter: JSON object for filtering by metadata fields.
        limit: Maximum number of assets to return (1-500). From 1 to 500; 20 unless given.
        offset: Number of assets to skip for pagination. At least 0; 0 unless given.
        sort: Field to sort by. One of name, created_at, updated_at, size, last_access_time; created_at unless
            given.
        order: Sort order. One of asc, desc; desc unless given.
        include_public: Whether to include public/shared assets in results. True unless given.
        after: Cursor of the page before, from its next_cursor; replaces offset.

    Raises:
        ParameterError: an argument is not what the API allows; nothing was sent.
        UnexpectedStatus: the answer has a status that the API does not document.
        DecodeError: the answer's body is not what the API documents.
        httpx.TransportError: the server was not reached in time, or the connection broke.

    Returns:
        The answer's body as the API documents it for its status, errors included.
    """

    answer: _models_.ListAssetsResponse | _models_.ErrorResponse = client.call(
        _request(
            include_tags=include_tags,
            exclude_tags=exclude_tags,
            name_contains=name_contains,
            metadata_filter=metadata_filter,
            limit=limit,
            offset=offset,
            sort=sort,
            order=order,
            include_public=include_public,
            after=after,
        ),
        strict=True,
    ).parsed
    return answer


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    include_tags: _t_.Sequence[str] | _rt_.Unset = _rt_.UNSET,
    exclude_tags: _t_.Sequence[str] | _rt_.Unset = _rt_.UNSET,
    name_contains: str | _rt_.Unset = _rt_.UNSET,
    metadata_filter: str | _rt_.Unset = _rt_.UNSET,
    limit: int | _rt_.Unset = 20,
    offset: int | _rt_.Unset = 0,
    sort: _models_.ListAssetsSort | str | _rt_.Unset = _models_.ListAssetsSort.CREATED_AT,
    order: _models_.ListAssetsOrder | str | _rt_.Unset = _models_.ListAssetsOrder.DESC,
    include_public: bool | _rt_.Unset = True,
    after: str | _rt_.Unset = _rt_.UNSET,
) -> _rt_.Response[_models_.ListAssetsResponse | _models_.ErrorResponse]:
    """`sync_detailed`, awaiting."""
    return await client.acall(
        _request(
            include_tags=include_tags,
            exclude_tags=exclude_tags,
            name_contains=name_contains,
            metadata_filter=metadata_filter,
            limit=limit,
            offset=offset,
            sort=sort,
            order=order,
            include_public=include_public,
            after=after,
        )
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    include_tags: _t_.Sequence[str] | _rt_.Unset = _rt_.UNSET,
    exclude_tags: _t_.Sequence[str] | _rt_.Unset = _rt_.UNSET,
    name_contains: str | _rt_.Unset = _rt_.UNSET,
    metadata_filter: str | _rt_.Unset = _rt_.UNSET,
    limit: int | _rt_.Unset = 20,
    offset: int | _rt_.Unset = 0,
    sort: _models_.ListAssetsSort | str | _rt_.Unset = _models_.ListAssetsSort.CREATED_AT,
    order: _models_.ListAssetsOrder | str | _rt_.Unset = _models_.ListAssetsOrder.DESC,
    include_public: bool | _rt_.Unset = True,
    after: str | _rt_.Unset = _rt_.UNSET,
) -> _models_.ListAssetsResponse | _models_.ErrorResponse:
    """`sync`, awaiting."""
    answer: _models_.ListAssetsResponse | _models_.ErrorResponse = (
        await client.acall(
            _request(
                include_tags=include_tags,
                exclude_tags=exclude_tags,
                name_contains=name_contains,
                metadata_filter=metadata_filter,
                limit=limit,
                offset=offset,
                sort=sort,
                order=order,
                include_public=include_public,
                after=after,
            ),
            strict=True,
        )
    ).parsed
    return answer
