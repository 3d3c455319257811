# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t

from .. import _runtime as _rt
from .. import models as _models

_ASSETS: _t.Final[_rt.Kind[list[_models.Asset]]] = _rt.ListOf(_rt.Nested(lambda: _models.Asset))
_TOTAL: _t.Final[_rt.Kind[int]] = _rt.Int()
_HAS_MORE: _t.Final[_rt.Kind[bool]] = _rt.Bool()


class ListAssetsResponse(_rt.Model, frozen=True):
    """An object of the API.

    Attributes:
        assets: List of assets matching the query.
        total: Total number of assets matching the filters.
        has_more: Whether more assets are available beyond this page.
    """

    _assets: _t.Any = _rt.field(name="assets")
    _total: _t.Any = _rt.field(name="total")
    _has_more: bool = _rt.field(name="has_more")

    __kinds__ = {
        "assets": _ASSETS,
        "total": _TOTAL,
        "has_more": _HAS_MORE,
    }

    if _t.TYPE_CHECKING:

        def __init__(
            self,
            *,
            assets: _t.Sequence[_models.Asset | _t.Mapping[str, _t.Any]],
            total: int,
            has_more: bool,
            additional_properties: _t.Mapping[str, _t.Any] | _rt.Unset = _rt.UNSET,
        ) -> None: ...

    @property
    def assets(self) -> list[_models.Asset]:
        """List of assets matching the query."""
        return _ASSETS.read(self._assets)

    @property
    def total(self) -> int:
        """Total number of assets matching the filters."""
        return _TOTAL.read(self._total)

    @property
    def has_more(self) -> bool:
        """Whether more assets are available beyond this page."""
        return self._has_more
