# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t

from .. import _runtime as _rt
from .. import models as _models

_TAGS: _t.Final[_rt.Kind[list[_models.TagInfo]]] = _rt.ListOf(_rt.Nested(lambda: _models.TagInfo))
_TOTAL: _t.Final[_rt.Kind[int]] = _rt.Int()
_HAS_MORE: _t.Final[_rt.Kind[bool]] = _rt.Bool()


class ListTagsResponse(_rt.Model, frozen=True):
    """An object of the API.

    Attributes:
        tags: List of tags.
        total: Total number of tags.
        has_more: Whether more tags are available.
    """

    _tags: _t.Any = _rt.field(name="tags")
    _total: _t.Any = _rt.field(name="total")
    _has_more: bool = _rt.field(name="has_more")

    __kinds__ = {
        "tags": _TAGS,
        "total": _TOTAL,
        "has_more": _HAS_MORE,
    }

    if _t.TYPE_CHECKING:

        def __init__(
            self,
            *,
            tags: _t.Sequence[_models.TagInfo | _t.Mapping[str, _t.Any]],
            total: int,
            has_more: bool,
            additional_properties: _t.Mapping[str, _t.Any] | _rt.Unset = _rt.UNSET,
        ) -> None: ...

    @property
    def tags(self) -> list[_models.TagInfo]:
        """List of tags."""
        return _TAGS.read(self._tags)

    @property
    def total(self) -> int:
        """Total number of tags."""
        return _TOTAL.read(self._total)

    @property
    def has_more(self) -> bool:
        """Whether more tags are available."""
        return self._has_more
