"""A fault of stock output: its check, which passes where it is mended, and how it shows on stock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tests.layer.stock import Layer

Check: TypeAlias = Callable[[Layer], None]


@dataclass(frozen=True)
class Fault:
    """How a check fails on stock output: with which exception, and a piece of what it says.

    Where stock output itself raises, before there is anything to assert, that exception is named.
    """

    check: Check
    error: type[Exception]
    says: str

    @property
    def name(self) -> str:
        """The check's name."""
        return self.check.__name__


FAULTS: list[Fault] = []


def fault(says: str, error: type[Exception] = AssertionError) -> Callable[[Check], Check]:
    """Register a check."""

    def register(check: Check) -> Check:
        FAULTS.append(Fault(check, error, says))
        return check

    return register
