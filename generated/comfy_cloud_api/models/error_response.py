# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t_

from .. import _runtime as _rt_

_CODE: _t_.Final[_rt_.Kind[str]] = _rt_.Str()
_MESSAGE: _t_.Final[_rt_.Kind[str]] = _rt_.Str()


_kinds_: _t_.Final[_t_.Mapping[str, _rt_.Kind[_t_.Any]]] = {
    "code": _CODE,
    "message": _MESSAGE,
}


class ErrorResponse(_rt_.Model, frozen=True):
    """An object of the API.

    Attributes:
        code: The property code.
        message: The property message.
    """

    _code: str = _rt_.field(name="code")
    _message: str = _rt_.field(name="message")

    __kinds__ = _kinds_

    if _t_.TYPE_CHECKING:

        def __init__(
            self,
            *,
            code: str,
            message: str,
            additional_properties: _t_.Mapping[str, _t_.Any] | _rt_.Unset = _rt_.UNSET,
        ) -> None: ...

    @property
    def code(self) -> str:
        """The property code."""
        return self._code

    @property
    def message(self) -> str:
        """The property message."""
        return self._message
