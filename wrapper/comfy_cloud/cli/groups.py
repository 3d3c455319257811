"""Commands take a group of flags as one value: each field of a dataclass becomes a flag of its own."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import Any, get_type_hints


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with the fields of its dataclass parameters in their places, for typer to read.

    Typer reads flags from a signature, and cannot take several at once; so each flag is written once, in its group,
    and not in every command.
    """
    hints = get_type_hints(command, include_extras=True)
    flags = [flag for name in inspect.signature(command).parameters for flag in _flags(name, hints[name], command)]

    def run(**values: Any) -> None:  # noqa: ANN401 - of the flags' types
        command(**{name: _value(name, hints[name], values) for name in inspect.signature(command).parameters})

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__annotations__ = {flag.name: flag.annotation for flag in flags}
    run.__signature__ = Signature(sorted(flags, key=lambda flag: flag.default is not Parameter.empty))  # type: ignore[attr-defined] # inspect looks there
    return run


def _flags(name: str, hint: Any, command: Callable[..., None]) -> list[Parameter]:  # noqa: ANN401 - an annotation
    if not dataclasses.is_dataclass(hint):
        default = inspect.signature(command).parameters[name].default
        return [Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=hint)]
    hints = get_type_hints(hint, include_extras=True)
    return [
        Parameter(field.name, Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name])
        for field in dataclasses.fields(hint)
    ]


def _value(name: str, hint: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of a flag, or a group of them
    if not dataclasses.is_dataclass(hint):
        return values[name]
    return hint(**{field.name: values[field.name] for field in dataclasses.fields(hint)})  # type: ignore[operator] # a class
