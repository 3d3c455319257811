# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

from .. import _runtime as _rt_


class AssetUserMetadata(_rt_.FreeForm["_t_.Any"]):
    """Custom user metadata for the asset"""

    __slots__ = ()
    __values__ = _rt_.Anything()
