# ruff: noqa: INP001 - griffe loads it by its path
"""What griffe, which reads the code for the reference, is told of msgspec's structs: how they are made.

It knows dataclasses. Without this, the reference would show no signature of a struct.
"""

from __future__ import annotations

from typing import Any, Final

import griffe

_STRUCTS: Final = frozenset({"Struct", "msgspec.Struct"})


class Structs(griffe.Extension):
    """Gives each class that derives from `msgspec.Struct` the `__init__` that msgspec makes for it."""

    def on_class_members(self, *, cls: griffe.Class, **_: Any) -> None:  # noqa: ANN401 - what griffe gives beside
        """Look at a class whose members were read."""
        if "__init__" not in cls.members and any(str(base) in _STRUCTS for base in cls.bases):
            cls.set_member("__init__", _made_by(cls))


def _made_by(cls: griffe.Class) -> griffe.Function:
    fields = [member for member in cls.members.values() if isinstance(member, griffe.Attribute) and member.annotation]
    parameters = [
        griffe.Parameter(
            field.name,
            annotation=field.annotation,
            kind=griffe.ParameterKind.positional_or_keyword,
            default=field.value,
        )
        for field in fields
        if not str(field.annotation).startswith("ClassVar")
    ]
    self = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
    return griffe.Function("__init__", parameters=griffe.Parameters(self, *parameters), returns="None")
