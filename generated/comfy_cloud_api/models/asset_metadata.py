# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t_

from .. import _runtime as _rt_

if _t_.TYPE_CHECKING:
    _base_ = _rt_.FreeForm[_t_.Any]
else:
    _base_ = _rt_.FreeForm


class AssetMetadata(_base_):
    """What the server found out about the asset"""

    __slots__ = ()
    __values__ = _rt_.Anything()
