# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.list_assets_order import ListAssetsOrder
from ...models.list_assets_response import ListAssetsResponse
from ...models.list_assets_sort import ListAssetsSort
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    include_tags: list[str] | Unset = UNSET,
    exclude_tags: list[str] | Unset = UNSET,
    name_contains: str | Unset = UNSET,
    metadata_filter: str | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    sort: ListAssetsSort | Unset = ListAssetsSort.CREATED_AT,
    order: ListAssetsOrder | Unset = ListAssetsOrder.DESC,
    include_public: bool | Unset = True,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_include_tags: list[str] | Unset = UNSET
    if not isinstance(include_tags, Unset):
        json_include_tags = include_tags

    params["include_tags"] = json_include_tags

    json_exclude_tags: list[str] | Unset = UNSET
    if not isinstance(exclude_tags, Unset):
        json_exclude_tags = exclude_tags

    params["exclude_tags"] = json_exclude_tags

    params["name_contains"] = name_contains

    params["metadata_filter"] = metadata_filter

    params["limit"] = limit

    params["offset"] = offset

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort.value

    params["sort"] = json_sort

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order.value

    params["order"] = json_order

    params["include_public"] = include_public

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/assets",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | ListAssetsResponse | None:
    if response.status_code == 200:
        response_200 = ListAssetsResponse.from_dict(response.json())

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
) -> Response[ErrorResponse | ListAssetsResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    include_tags: list[str] | Unset = UNSET,
    exclude_tags: list[str] | Unset = UNSET,
    name_contains: str | Unset = UNSET,
    metadata_filter: str | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    sort: ListAssetsSort | Unset = ListAssetsSort.CREATED_AT,
    order: ListAssetsOrder | Unset = ListAssetsOrder.DESC,
    include_public: bool | Unset = True,
) -> Response[ErrorResponse | ListAssetsResponse]:
    """List user assets

     Retrieves a paginated list of assets belonging to the authenticated user.
    Supports filtering by tags, name, metadata, and sorting options.

    Args:
        include_tags (list[str] | Unset):
        exclude_tags (list[str] | Unset):
        name_contains (str | Unset):
        metadata_filter (str | Unset):
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        sort (ListAssetsSort | Unset):  Default: ListAssetsSort.CREATED_AT.
        order (ListAssetsOrder | Unset):  Default: ListAssetsOrder.DESC.
        include_public (bool | Unset):  Default: True.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ListAssetsResponse]
    """

    kwargs = _get_kwargs(
        include_tags=include_tags,
        exclude_tags=exclude_tags,
        name_contains=name_contains,
        metadata_filter=metadata_filter,
        limit=limit,
        offset=offset,
        sort=sort,
        order=order,
        include_public=include_public,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    include_tags: list[str] | Unset = UNSET,
    exclude_tags: list[str] | Unset = UNSET,
    name_contains: str | Unset = UNSET,
    metadata_filter: str | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    sort: ListAssetsSort | Unset = ListAssetsSort.CREATED_AT,
    order: ListAssetsOrder | Unset = ListAssetsOrder.DESC,
    include_public: bool | Unset = True,
) -> ErrorResponse | ListAssetsResponse | None:
    """List user assets

     Retrieves a paginated list of assets belonging to the authenticated user.
    Supports filtering by tags, name, metadata, and sorting options.

    Args:
        include_tags (list[str] | Unset):
        exclude_tags (list[str] | Unset):
        name_contains (str | Unset):
        metadata_filter (str | Unset):
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        sort (ListAssetsSort | Unset):  Default: ListAssetsSort.CREATED_AT.
        order (ListAssetsOrder | Unset):  Default: ListAssetsOrder.DESC.
        include_public (bool | Unset):  Default: True.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ListAssetsResponse
    """

    return sync_detailed(
        client=client,
        include_tags=include_tags,
        exclude_tags=exclude_tags,
        name_contains=name_contains,
        metadata_filter=metadata_filter,
        limit=limit,
        offset=offset,
        sort=sort,
        order=order,
        include_public=include_public,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    include_tags: list[str] | Unset = UNSET,
    exclude_tags: list[str] | Unset = UNSET,
    name_contains: str | Unset = UNSET,
    metadata_filter: str | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    sort: ListAssetsSort | Unset = ListAssetsSort.CREATED_AT,
    order: ListAssetsOrder | Unset = ListAssetsOrder.DESC,
    include_public: bool | Unset = True,
) -> Response[ErrorResponse | ListAssetsResponse]:
    """List user assets

     Retrieves a paginated list of assets belonging to the authenticated user.
    Supports filtering by tags, name, metadata, and sorting options.

    Args:
        include_tags (list[str] | Unset):
        exclude_tags (list[str] | Unset):
        name_contains (str | Unset):
        metadata_filter (str | Unset):
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        sort (ListAssetsSort | Unset):  Default: ListAssetsSort.CREATED_AT.
        order (ListAssetsOrder | Unset):  Default: ListAssetsOrder.DESC.
        include_public (bool | Unset):  Default: True.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ListAssetsResponse]
    """

    kwargs = _get_kwargs(
        include_tags=include_tags,
        exclude_tags=exclude_tags,
        name_contains=name_contains,
        metadata_filter=metadata_filter,
        limit=limit,
        offset=offset,
        sort=sort,
        order=order,
        include_public=include_public,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    include_tags: list[str] | Unset = UNSET,
    exclude_tags: list[str] | Unset = UNSET,
    name_contains: str | Unset = UNSET,
    metadata_filter: str | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    sort: ListAssetsSort | Unset = ListAssetsSort.CREATED_AT,
    order: ListAssetsOrder | Unset = ListAssetsOrder.DESC,
    include_public: bool | Unset = True,
) -> ErrorResponse | ListAssetsResponse | None:
    """List user assets

     Retrieves a paginated list of assets belonging to the authenticated user.
    Supports filtering by tags, name, metadata, and sorting options.

    Args:
        include_tags (list[str] | Unset):
        exclude_tags (list[str] | Unset):
        name_contains (str | Unset):
        metadata_filter (str | Unset):
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        sort (ListAssetsSort | Unset):  Default: ListAssetsSort.CREATED_AT.
        order (ListAssetsOrder | Unset):  Default: ListAssetsOrder.DESC.
        include_public (bool | Unset):  Default: True.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ListAssetsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            include_tags=include_tags,
            exclude_tags=exclude_tags,
            name_contains=name_contains,
            metadata_filter=metadata_filter,
            limit=limit,
            offset=offset,
            sort=sort,
            order=order,
            include_public=include_public,
        )
    ).parsed
