# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t

from .. import _runtime as _rt


class AssetUserMetadata(_rt.FreeForm[_t.Any]):
    """Custom user metadata for the asset"""

    __slots__ = ()
    __values__ = _rt.Anything()
