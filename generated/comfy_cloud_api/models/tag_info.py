# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t_

from .. import _runtime as _rt_

_NAME: _t_.Final[_rt_.Kind[str]] = _rt_.Str()
_COUNT: _t_.Final[_rt_.Kind[int]] = _rt_.Int()


_kinds_: _t_.Final[_t_.Mapping[str, _rt_.Kind[_t_.Any]]] = {
    "name": _NAME,
    "count": _COUNT,
}


class TagInfo(_rt_.Model, frozen=True):
    """An object of the API.

    Attributes:
        name: Tag name.
        count: Number of assets using this tag.
    """

    _name: str = _rt_.field(name="name")
    _count: _t_.Any = _rt_.field(name="count")

    __kinds__ = _kinds_

    if _t_.TYPE_CHECKING:

        def __init__(
            self,
            *,
            name: str,
            count: int,
            additional_properties: _t_.Mapping[str, _t_.Any] | _rt_.Unset = _rt_.UNSET,
        ) -> None: ...

    @property
    def name(self) -> str:
        """Tag name."""
        return self._name

    @property
    def count(self) -> int:
        """Number of assets using this tag."""
        value = self._count
        return value if type(value) is int else _COUNT.read(value)
