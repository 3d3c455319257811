# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from __future__ import annotations

import typing as _t

from .. import _runtime as _rt

_CODE: _t.Final[_rt.Kind[str]] = _rt.Str()
_MESSAGE: _t.Final[_rt.Kind[str]] = _rt.Str()


class ErrorResponse(_rt.Model, frozen=True):
    """An object of the API.

    Attributes:
        code: The property code.
        message: The property message.
    """

    _code: str = _rt.field(name="code")
    _message: str = _rt.field(name="message")

    __kinds__ = {
        "code": _CODE,
        "message": _MESSAGE,
    }

    if _t.TYPE_CHECKING:

        def __init__(
            self,
            *,
            code: str,
            message: str,
            additional_properties: _t.Mapping[str, _t.Any] | _rt.Unset = _rt.UNSET,
        ) -> None: ...

    @property
    def code(self) -> str:
        """The property code."""
        return self._code

    @property
    def message(self) -> str:
        """The property message."""
        return self._message
