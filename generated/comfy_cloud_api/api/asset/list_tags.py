# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t_

from ... import _runtime as _rt_
from ... import models as _models_
from ...client import AuthenticatedClient, Client

OPERATION: _t_.Final = _rt_.Operation(
    id="listTags",
    method="GET",
    path="/api/tags",
    arguments={
        "prefix": _rt_.Argument(
            _rt_.Parameter(name="prefix", argument="prefix", location="query", style="form", explode=True), _rt_.Str()
        ),
        "limit": _rt_.Argument(
            _rt_.Parameter(
                name="limit",
                argument="limit",
                location="query",
                style="form",
                explode=True,
                bounds=_rt_.Bounds(minimum=1, maximum=1000),
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
        "order": _rt_.Argument(
            _rt_.Parameter(name="order", argument="order", location="query", style="form", explode=True),
            _rt_.Enumerated(lambda: _models_.ListTagsOrder),
        ),
        "include_zero": _rt_.Argument(
            _rt_.Parameter(name="include_zero", argument="include_zero", location="query", style="form", explode=True),
            _rt_.Bool(),
        ),
        "include_public": _rt_.Argument(
            _rt_.Parameter(
                name="include_public", argument="include_public", location="query", style="form", explode=True
            ),
            _rt_.Bool(),
        ),
    },
    replies={
        "200": _rt_.Reply(json=_rt_.Nested(lambda: _models_.ListTagsResponse)),
        "400": _rt_.Reply(json=_rt_.Nested(lambda: _models_.ErrorResponse)),
        "401": _rt_.Reply(json=_rt_.Nested(lambda: _models_.ErrorResponse)),
        "500": _rt_.Reply(json=_rt_.Nested(lambda: _models_.ErrorResponse)),
    },
    secured=True,
    deprecated=False,
    idempotent=True,
    pagination=_rt_.Pagination(offset="offset", limit="limit", items="tags", total="total", has_more="has_more"),
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
    prefix: str | _rt_.Unset = _rt_.UNSET,
    limit: int | _rt_.Unset = 100,
    offset: int | _rt_.Unset = 0,
    order: _models_.ListTagsOrder | str | _rt_.Unset = _models_.ListTagsOrder.COUNT_DESC,
    include_zero: bool | _rt_.Unset = False,
    include_public: bool | _rt_.Unset = True,
) -> _rt_.Request:
    return OPERATION.request(
        {
            "prefix": prefix,
            "limit": limit,
            "offset": offset,
            "order": order,
            "include_zero": include_zero,
            "include_public": include_public,
        },
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    prefix: str | _rt_.Unset = _rt_.UNSET,
    limit: int | _rt_.Unset = 100,
    offset: int | _rt_.Unset = 0,
    order: _models_.ListTagsOrder | str | _rt_.Unset = _models_.ListTagsOrder.COUNT_DESC,
    include_zero: bool | _rt_.Unset = False,
    include_public: bool | _rt_.Unset = True,
) -> _rt_.Response[_models_.ListTagsResponse | _models_.ErrorResponse]:
    """List all tags

    Retrieves a list of all tags used across assets.
    Includes usage counts and filtering options.

    GET /api/tags, at #/paths/~1api~1tags/get of the API's document.

    Args:
        client: Sends the request, with its key.
        prefix: Filter tags by prefix.
        limit: Maximum number of tags to return (1-1000). From 1 to 1000; 100 unless given.
        offset: Number of tags to skip for pagination. At least 0; 0 unless given.
        order: Sort order for tags. One of count_desc, name_asc; count_desc unless given.
        include_zero: Include tags with zero usage count. False unless given.
        include_public: Whether to include public/shared assets when counting tags. True unless given.

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
            prefix=prefix,
            limit=limit,
            offset=offset,
            order=order,
            include_zero=include_zero,
            include_public=include_public,
        )
    )


def sync(
    *,
    client: AuthenticatedClient | Client,
    prefix: str | _rt_.Unset = _rt_.UNSET,
    limit: int | _rt_.Unset = 100,
    offset: int | _rt_.Unset = 0,
    order: _models_.ListTagsOrder | str | _rt_.Unset = _models_.ListTagsOrder.COUNT_DESC,
    include_zero: bool | _rt_.Unset = False,
    include_public: bool | _rt_.Unset = True,
) -> _models_.ListTagsResponse | _models_.ErrorResponse:
    """List all tags

    Retrieves a list of all tags used across assets.
    Includes usage counts and filtering options.

    GET /api/tags, at #/paths/~1api~1tags/get of the API's document.

    Args:
        client: Sends the request, with its key.
        prefix: Filter tags by prefix.
        limit: Maximum number of tags to return (1-1000). From 1 to 1000; 100 unless given.
        offset: Number of tags to skip for pagination. At least 0; 0 unless given.
        order: Sort order for tags. One of count_desc, name_asc; count_desc unless given.
        include_zero: Include tags with zero usage count. False unless given.
        include_public: Whether to include public/shared assets when counting tags. True unless given.

    Raises:
        ParameterError: an argument is not what the API allows; nothing was sent.
        UnexpectedStatus: the answer has a status that the API does not document.
        DecodeError: the answer's body is not what the API documents.
        httpx.TransportError: the server was not reached in time, or the connection broke.

    Returns:
        The answer's body as the API documents it for its status, errors included.
    """

    answer: _models_.ListTagsResponse | _models_.ErrorResponse = client.call(
        _request(
            prefix=prefix,
            limit=limit,
            offset=offset,
            order=order,
            include_zero=include_zero,
            include_public=include_public,
        ),
        strict=True,
    ).parsed
    return answer


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    prefix: str | _rt_.Unset = _rt_.UNSET,
    limit: int | _rt_.Unset = 100,
    offset: int | _rt_.Unset = 0,
    order: _models_.ListTagsOrder | str | _rt_.Unset = _models_.ListTagsOrder.COUNT_DESC,
    include_zero: bool | _rt_.Unset = False,
    include_public: bool | _rt_.Unset = True,
) -> _rt_.Response[_models_.ListTagsResponse | _models_.ErrorResponse]:
    """`sync_detailed`, awaiting."""
    return await client.acall(
        _request(
            prefix=prefix,
            limit=limit,
            offset=offset,
            order=order,
            include_zero=include_zero,
            include_public=include_public,
        )
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    prefix: str | _rt_.Unset = _rt_.UNSET,
    limit: int | _rt_.Unset = 100,
    offset: int | _rt_.Unset = 0,
    order: _models_.ListTagsOrder | str | _rt_.Unset = _models_.ListTagsOrder.COUNT_DESC,
    include_zero: bool | _rt_.Unset = False,
    include_public: bool | _rt_.Unset = True,
) -> _models_.ListTagsResponse | _models_.ErrorResponse:
    """`sync`, awaiting."""
    answer: _models_.ListTagsResponse | _models_.ErrorResponse = (
        await client.acall(
            _request(
                prefix=prefix,
                limit=limit,
                offset=offset,
                order=order,
                include_zero=include_zero,
                include_public=include_public,
            ),
            strict=True,
        )
    ).parsed
    return answer
