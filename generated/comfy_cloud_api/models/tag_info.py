# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t

from .. import _runtime as _rt

_NAME: _t.Final[_rt.Kind[str]] = _rt.Str()
_COUNT: _t.Final[_rt.Kind[int]] = _rt.Int()


class TagInfo(_rt.Model, frozen=True):
    """An object of the API.

    Attributes:
        name: Tag name.
        count: Number of assets using this tag.
    """

    _name: str = _rt.field(name="name")
    _count: _t.Any = _rt.field(name="count")

    __kinds__ = {
        "name": _NAME,
        "count": _COUNT,
    }

    if _t.TYPE_CHECKING:

        def __init__(
            self,
            *,
            name: str,
            count: int,
            additional_properties: _t.Mapping[str, _t.Any] | _rt.Unset = _rt.UNSET,
        ) -> None: ...

    @property
    def name(self) -> str:
        """Tag name."""
        return self._name

    @property
    def count(self) -> int:
        """Number of assets using this tag."""
        return _COUNT.read(self._count)
