# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Every operation of this API, by its operationId: method, path, arguments, paging, and what may be retried."""

import typing as _t_

from . import _runtime as _rt_
from .api.asset import list_assets as _asset_list_assets_
from .api.asset import list_tags as _asset_list_tags_

RETRY: _t_.Final = _rt_.Retry(
    transient_statuses=frozenset([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]),
    retry_after_statuses=frozenset([429]),
    unprocessed_statuses=frozenset([425, 429]),
    transient_codes=frozenset(["RATE_LIMITED", "RATE_LIMIT_EXCEEDED", "TOO_MANY_REQUESTS"]),
    permanent_codes=frozenset(["SERVICE_DISABLED"]),
    subscription_words=frozenset(["inactive", "subscription"]),
)
"""What may be retried, where nothing is said of the operation."""

OPERATIONS: _t_.Final[_t_.Mapping[str, _rt_.Operation]] = {
    "listAssets": _asset_list_assets_.OPERATION,
    "listTags": _asset_list_tags_.OPERATION,
}
