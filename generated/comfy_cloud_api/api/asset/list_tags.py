# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t

from ... import _runtime as _rt
from ... import models as _models
from ...client import AuthenticatedClient, Client

OPERATION: _t.Final = _rt.Operation(
    id="listTags",
    method="GET",
    path="/api/tags",
    arguments={
        "prefix": _rt.Argument(
            _rt.Parameter(name="prefix", argument="prefix", location="query", style="form", explode=True), _rt.Str()
        ),
        "limit": _rt.Argument(
            _rt.Parameter(
                name="limit",
                argument="limit",
                location="query",
                style="form",
                explode=True,
                bounds=_rt.Bounds(minimum=1, maximum=1000),
            ),
            _rt.Int(),
        ),
        "offset": _rt.Argument(
            _rt.Parameter(
                name="offset",
                argument="offset",
                location="query",
                style="form",
                explode=True,
                bounds=_rt.Bounds(minimum=0),
            ),
            _rt.Int(),
        ),
        "order": _rt.Argument(
            _rt.Parameter(name="order", argument="order", location="query", style="form", explode=True),
            _rt.Enumerated(_models.ListTagsOrder),
        ),
        "include_zero": _rt.Argument(
            _rt.Parameter(name="include_zero", argument="include_zero", location="query", style="form", explode=True),
            _rt.Bool(),
        ),
        "include_public": _rt.Argument(
            _rt.Parameter(
                name="include_public", argument="include_public", location="query", style="form", explode=True
            ),
            _rt.Bool(),
        ),
    },
    replies={
        "200": _rt.Reply(json=_rt.Nested(lambda: _models.ListTagsResponse)),
        "400": _rt.Reply(json=_rt.Nested(lambda: _models.ErrorResponse)),
        "401": _rt.Reply(json=_rt.Nested(lambda: _models.ErrorResponse)),
        "500": _rt.Reply(json=_rt.Nested(lambda: _models.ErrorResponse)),
    },
    secured=True,
    deprecated=False,
)


def _request(
    *,
    prefix: str | _rt.Unset = _rt.UNSET,
    limit: int | _rt.Unset = 100,
    offset: int | _rt.Unset = 0,
    order: _models.ListTagsOrder | str | _rt.Unset = _models.ListTagsOrder.COUNT_DESC,
    include_zero: bool | _rt.Unset = False,
    include_public: bool | _rt.Unset = True,
) -> _rt.Request:
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
    prefix: str | _rt.Unset = _rt.UNSET,
    limit: int | _rt.Unset = 100,
    offset: int | _rt.Unset = 0,
    order: _models.ListTagsOrder | str | _rt.Unset = _models.ListTagsOrder.COUNT_DESC,
    include_zero: bool | _rt.Unset = False,
    include_public: bool | _rt.Unset = True,
) -> _rt.Response[_models.ListTagsResponse | _models.ErrorResponse]:
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
    prefix: str | _rt.Unset = _rt.UNSET,
    limit: int | _rt.Unset = 100,
    offset: int | _rt.Unset = 0,
    order: _models.ListTagsOrder | str | _rt.Unset = _models.ListTagsOrder.COUNT_DESC,
    include_zero: bool | _rt.Unset = False,
    include_public: bool | _rt.Unset = True,
) -> _models.ListTagsResponse | _models.ErrorResponse:
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

    answer: _models.ListTagsResponse | _models.ErrorResponse = client.call(
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
    prefix: str | _rt.Unset = _rt.UNSET,
    limit: int | _rt.Unset = 100,
    offset: int | _rt.Unset = 0,
    order: _models.ListTagsOrder | str | _rt.Unset = _models.ListTagsOrder.COUNT_DESC,
    include_zero: bool | _rt.Unset = False,
    include_public: bool | _rt.Unset = True,
) -> _rt.Response[_models.ListTagsResponse | _models.ErrorResponse]:
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
    prefix: str | _rt.Unset = _rt.UNSET,
    limit: int | _rt.Unset = 100,
    offset: int | _rt.Unset = 0,
    order: _models.ListTagsOrder | str | _rt.Unset = _models.ListTagsOrder.COUNT_DESC,
    include_zero: bool | _rt.Unset = False,
    include_public: bool | _rt.Unset = True,
) -> _models.ListTagsResponse | _models.ErrorResponse:
    """`sync`, awaiting."""
    answer: _models.ListTagsResponse | _models.ErrorResponse = (
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
