# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t_

from .. import _runtime as _rt_
from .. import models as _models_
from .._runtime import UNSET as _unset_

_ASSETS: _t_.Final[_rt_.Kind[list[_models_.Asset]]] = _rt_.ListOf(_rt_.Nested(lambda: _models_.Asset))
_TOTAL: _t_.Final[_rt_.Kind[int]] = _rt_.Int()
_HAS_MORE: _t_.Final[_rt_.Kind[bool]] = _rt_.Bool()
_NEXT_CURSOR: _t_.Final[_rt_.Kind[str | None]] = _rt_.OneOf(_rt_.Str(), _rt_.Null())


_kinds_: _t_.Final[_t_.Mapping[str, _rt_.Kind[_t_.Any]]] = {
    "assets": _ASSETS,
    "total": _TOTAL,
    "has_more": _HAS_MORE,
    "next_cursor": _NEXT_CURSOR,
}


class ListAssetsResponse(_rt_.Model, frozen=True):
    """An object of the API.

    Attributes:
        assets: List of assets matching the query.
        total: Total number of assets matching the filters.
        has_more: Whether more assets are available beyond this page.
        next_cursor: Cursor of the next page, where the server has cursors and another page follows. None where
            absent.
    """

    _assets: _t_.Any = _rt_.field(name="assets")
    _total: _t_.Any = _rt_.field(name="total")
    _has_more: bool = _rt_.field(name="has_more")
    _next_cursor: _t_.Any = _rt_.field(default=_rt_.UNSET, name="next_cursor")

    __kinds__ = _kinds_
    __unpublished__ = frozenset(
        {
            "next_cursor",
        }
    )

    if _t_.TYPE_CHECKING:

        def __init__(
            self,
            *,
            assets: _t_.Sequence[_models_.Asset | _t_.Mapping[str, _t_.Any]],
            total: int,
            has_more: bool,
            next_cursor: str | None | _rt_.Unset = _rt_.UNSET,
            additional_properties: _t_.Mapping[str, _t_.Any] | _rt_.Unset = _rt_.UNSET,
        ) -> None: ...

    @property
    def assets(self) -> list[_models_.Asset]:
        """List of assets matching the query."""
        return _ASSETS.read(self._assets)

    @property
    def total(self) -> int:
        """Total number of assets matching the filters."""
        value = self._total
        return value if type(value) is int else _TOTAL.read(value)

    @property
    def has_more(self) -> bool:
        """Whether more assets are available beyond this page."""
        return self._has_more

    @property
    def next_cursor(self) -> str | None:
        """Cursor of the next page, where the server has cursors and another page follows. None where absent."""
        value = self._next_cursor
        return None if value is _unset_ else _NEXT_CURSOR.read_optional(value)
