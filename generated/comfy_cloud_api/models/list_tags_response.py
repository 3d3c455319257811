# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t_

from .. import _runtime as _rt_
from .. import models as _models_

_TAGS: _t_.Final[_rt_.Kind[list[_models_.TagInfo]]] = _rt_.ListOf(_rt_.Nested(lambda: _models_.TagInfo))
_TOTAL: _t_.Final[_rt_.Kind[int]] = _rt_.Int()
_HAS_MORE: _t_.Final[_rt_.Kind[bool]] = _rt_.Bool()


_kinds_: _t_.Final[_t_.Mapping[str, _rt_.Kind[_t_.Any]]] = {
    "tags": _TAGS,
    "total": _TOTAL,
    "has_more": _HAS_MORE,
}


class ListTagsResponse(_rt_.Model, frozen=True):
    """An object of the API.

    Attributes:
        tags: List of tags.
        total: Total number of tags.
        has_more: Whether more tags are available.
    """

    _tags: _t_.Any = _rt_.field(name="tags")
    _total: _t_.Any = _rt_.field(name="total")
    _has_more: bool = _rt_.field(name="has_more")

    __kinds__ = _kinds_

    if _t_.TYPE_CHECKING:

        def __init__(
            self,
            *,
            tags: _t_.Sequence[_models_.TagInfo | _t_.Mapping[str, _t_.Any]],
            total: int,
            has_more: bool,
            additional_properties: _t_.Mapping[str, _t_.Any] | _rt_.Unset = _rt_.UNSET,
        ) -> None: ...

    @property
    def tags(self) -> list[_models_.TagInfo]:
        """List of tags."""
        return _TAGS.read(self._tags)

    @property
    def total(self) -> int:
        """Total number of tags."""
        value = self._total
        return value if type(value) is int else _TOTAL.read(value)

    @property
    def has_more(self) -> bool:
        """Whether more tags are available."""
        return self._has_more
