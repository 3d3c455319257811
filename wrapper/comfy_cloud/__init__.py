"""The Python SDK of the Comfy Cloud API.

from comfy_cloud import ComfyCloud, name, tag

with ComfyCloud() as comfy:
    for asset in comfy.assets.where(tag("output"), name.contains("portrait")):
        print(asset.name, asset.size, asset.created_at)
"""

from comfy_cloud._version import __version__
from comfy_cloud.assets import AssetQuery, AsyncAssetQuery
from comfy_cloud.client import AsyncComfyCloud, ComfyCloud
from comfy_cloud.errors import (
    ApiConnectionError,
    ApiError,
    ApiTimeoutError,
    AuthenticationError,
    ConfigurationError,
    DecodeError,
    FilterError,
    PaginationError,
    StatusError,
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
from comfy_cloud_api.models import Asset, TagInfo

__all__ = [
    "ApiConnectionError",
    "ApiError",
    "ApiTimeoutError",
    "Asset",
    "AssetQuery",
    "AsyncAssetQuery",
    "AsyncComfyCloud",
    "AuthenticationError",
    "ComfyCloud",
    "ConfigurationError",
    "DecodeError",
    "Expression",
    "FilterError",
    "Page",
    "PaginationError",
    "StatusError",
    "TagInfo",
    "__version__",
    "asset_hash",
    "created_at",
    "last_access_time",
    "metadata",
    "mime_type",
    "name",
    "prompt_id",
    "size",
    "tag",
    "updated_at",
]
