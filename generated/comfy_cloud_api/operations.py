# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Every operation of this API, by its operationId: method, path, arguments, paging, and what may be retried."""

import typing as _t_

from . import _runtime as _rt_
from .api.asset import list_assets as _asset_list_assets_
from .api.asset import list_tags as _asset_list_tags_

OPERATIONS: _t_.Final[_t_.Mapping[str, _rt_.Operation]] = {
    "listAssets": _asset_list_assets_.OPERATION,
    "listTags": _asset_list_tags_.OPERATION,
}
