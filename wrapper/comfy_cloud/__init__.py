"""The Python SDK of the Comfy Cloud API.

from comfy_cloud import ComfyCloud, name, tag

with ComfyCloud() as comfy:
    for asset in comfy.assets.where(tag("output"), name.contains("portrait")):
        print(asset.name, asset.size, asset.created_at)
"""

from typing import Final

from comfy_cloud._explain import Explanation
from comfy_cloud._http.events import RequestEvent, ResponseEvent, RetryEvent, Stats
from comfy_cloud._paging.walking import InexactListingWarning
from comfy_cloud._settings import Timeouts
from comfy_cloud._version import __version__
from comfy_cloud.asset import Asset, AsyncAsset
from comfy_cloud.assets import AssetQuery, AsyncAssetQuery
from comfy_cloud.client import AsyncComfyCloud, ComfyCloud
from comfy_cloud.drift import DriftEntry, DriftReport
from comfy_cloud.errors import (
    ApiConnectionError,
    ApiError,
    ApiTimeoutError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    DecodeError,
    FilterError,
    FilterIgnoredError,
    NotFoundError,
    PaginationError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    ResponseTooLargeError,
    ResultError,
    ServerError,
    StatusError,
    SubscriptionInactiveError,
    WalkDeadlineError,
)
from comfy_cloud.filters import (
    Expression,
    asset_hash,
    created_at,
    last_access_time,
    metadata,
    mime_type,
    name,
    prompt_id,
    size,
    tag,
    updated_at,
)
from comfy_cloud.pagination import Page
from comfy_cloud.retries import RetryPolicy
from comfy_cloud_api import client as _api_client
from comfy_cloud_api.models import TagInfo

spec_version: Final = _api_client.API_VERSION
"""The version of the API's document that the library was made from."""

__all__ = [
    "ApiConnectionError",
    "ApiError",
    "ApiTimeoutError",
    "Asset",
    "AssetQuery",
    "AsyncAsset",
    "AsyncAssetQuery",
    "AsyncComfyCloud",
    "AuthenticationError",
    "BadRequestError",
    "ComfyCloud",
    "ConfigurationError",
    "ConflictError",
    "DecodeError",
    "DriftEntry",
    "DriftReport",
    "Explanation",
    "Expression",
    "FilterError",
    "FilterIgnoredError",
    "InexactListingWarning",
    "NotFoundError",
    "Page",
    "PaginationError",
    "PermissionDeniedError",
    "RateLimitError",
    "RedirectError",
    "RequestEvent",
    "ResponseEvent",
    "ResponseTooLargeError",
    "ResultError",
    "RetryEvent",
    "RetryPolicy",
    "ServerError",
    "Stats",
    "StatusError",
    "SubscriptionInactiveError",
    "TagInfo",
    "Timeouts",
    "WalkDeadlineError",
    "__version__",
    "asset_hash",
    "created_at",
    "last_access_time",
    "metadata",
    "mime_type",
    "name",
    "prompt_id",
    "size",
    "spec_version",
    "tag",
    "updated_at",
]
