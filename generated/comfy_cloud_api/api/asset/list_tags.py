# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.list_tags_order import ListTagsOrder
from ...models.list_tags_response import ListTagsResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    prefix: str | Unset = UNSET,
    limit: int | Unset = 100,
    offset: int | Unset = 0,
    order: ListTagsOrder | Unset = ListTagsOrder.COUNT_DESC,
    include_zero: bool | Unset = False,
    include_public: bool | Unset = True,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["prefix"] = prefix

    params["limit"] = limit

    params["offset"] = offset

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order.value

    params["order"] = json_order

    params["include_zero"] = include_zero

    params["include_public"] = include_public

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/tags",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | ListTagsResponse | None:
    if response.status_code == 200:
        response_200 = ListTagsResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ErrorResponse.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ErrorResponse.from_dict(response.json())

        return response_401

    if response.status_code == 500:
        response_500 = ErrorResponse.from_dict(response.json())

        return response_500

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorResponse | ListTagsResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    prefix: str | Unset = UNSET,
    limit: int | Unset = 100,
    offset: int | Unset = 0,
    order: ListTagsOrder | Unset = ListTagsOrder.COUNT_DESC,
    include_zero: bool | Unset = False,
    include_public: bool | Unset = True,
) -> Response[ErrorResponse | ListTagsResponse]:
    """List all tags

     Retrieves a list of all tags used across assets.
    Includes usage counts and filtering options.

    Args:
        prefix (str | Unset):
        limit (int | Unset):  Default: 100.
        offset (int | Unset):  Default: 0.
        order (ListTagsOrder | Unset):  Default: ListTagsOrder.COUNT_DESC.
        include_zero (bool | Unset):  Default: False.
        include_public (bool | Unset):  Default: True.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ListTagsResponse]
    """

    kwargs = _get_kwargs(
        prefix=prefix,
        limit=limit,
        offset=offset,
        order=order,
        include_zero=include_zero,
        include_public=include_public,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    prefix: str | Unset = UNSET,
    limit: int | Unset = 100,
    offset: int | Unset = 0,
    order: ListTagsOrder | Unset = ListTagsOrder.COUNT_DESC,
    include_zero: bool | Unset = False,
    include_public: bool | Unset = True,
) -> ErrorResponse | ListTagsResponse | None:
    """List all tags

     Retrieves a list of all tags used across assets.
    Includes usage counts and filtering options.

    Args:
        prefix (str | Unset):
        limit (int | Unset):  Default: 100.
        offset (int | Unset):  Default: 0.
        order (ListTagsOrder | Unset):  Default: ListTagsOrder.COUNT_DESC.
        include_zero (bool | Unset):  Default: False.
        include_public (bool | Unset):  Default: True.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ListTagsResponse
    """

    return sync_detailed(
        client=client,
        prefix=prefix,
        limit=limit,
        offset=offset,
        order=order,
        include_zero=include_zero,
        include_public=include_public,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    prefix: str | Unset = UNSET,
    limit: int | Unset = 100,
    offset: int | Unset = 0,
    order: ListTagsOrder | Unset = ListTagsOrder.COUNT_DESC,
    include_zero: bool | Unset = False,
    include_public: bool | Unset = True,
) -> Response[ErrorResponse | ListTagsResponse]:
    """List all tags

     Retrieves a list of all tags used across assets.
    Includes usage counts and filtering options.

    Args:
        prefix (str | Unset):
        limit (int | Unset):  Default: 100.
        offset (int | Unset):  Default: 0.
        order (ListTagsOrder | Unset):  Default: ListTagsOrder.COUNT_DESC.
        include_zero (bool | Unset):  Default: False.
        include_public (bool | Unset):  Default: True.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ListTagsResponse]
    """

    kwargs = _get_kwargs(
        prefix=prefix,
        limit=limit,
        offset=offset,
        order=order,
        include_zero=include_zero,
        include_public=include_public,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    prefix: str | Unset = UNSET,
    limit: int | Unset = 100,
    offset: int | Unset = 0,
    order: ListTagsOrder | Unset = ListTagsOrder.COUNT_DESC,
    include_zero: bool | Unset = False,
    include_public: bool | Unset = True,
) -> ErrorResponse | ListTagsResponse | None:
    """List all tags

     Retrieves a list of all tags used across assets.
    Includes usage counts and filtering options.

    Args:
        prefix (str | Unset):
        limit (int | Unset):  Default: 100.
        offset (int | Unset):  Default: 0.
        order (ListTagsOrder | Unset):  Default: ListTagsOrder.COUNT_DESC.
        include_zero (bool | Unset):  Default: False.
        include_public (bool | Unset):  Default: True.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ListTagsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            prefix=prefix,
            limit=limit,
            offset=offset,
            order=order,
            include_zero=include_zero,
            include_public=include_public,
        )
    ).parsed
