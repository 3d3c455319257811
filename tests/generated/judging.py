"""What the rules share: how a rule goes on after what it cannot judge, and how sentences show types."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec

from tests.generated.schemas import MismatchError

P = ParamSpec("P")


def guarded(judge: Callable[P, Iterator[str]], *args: P.args, **kwargs: P.kwargs) -> Iterator[str]:
    """What a judge finds; where it cannot judge, that is the finding."""
    try:
        yield from judge(*args, **kwargs)
    except MismatchError as error:
        yield str(error)


def show(value: Any) -> str:
    """A type or a value without the names of modules."""
    if value is inspect.Parameter.empty:
        return "nothing"
    text = value.__name__ if isinstance(value, type) and not hasattr(value, "__args__") else repr(value)
    return re.sub(r"\b(?:\w+\.)+(?=[A-Za-z])", "", text)
