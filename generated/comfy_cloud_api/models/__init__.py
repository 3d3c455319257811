# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Contains all the data models used in inputs/outputs"""

from .asset import Asset
from .asset_metadata import AssetMetadata
from .asset_user_metadata import AssetUserMetadata
from .error_response import ErrorResponse
from .list_assets_order import ListAssetsOrder
from .list_assets_response import ListAssetsResponse
from .list_assets_sort import ListAssetsSort
from .list_tags_order import ListTagsOrder
from .list_tags_response import ListTagsResponse
from .tag_info import TagInfo

__all__ = (
    "Asset",
    "AssetMetadata",
    "AssetUserMetadata",
    "ErrorResponse",
    "ListAssetsOrder",
    "ListAssetsResponse",
    "ListAssetsSort",
    "ListTagsOrder",
    "ListTagsResponse",
    "TagInfo",
)
