"""Counting, over many answers, how a server differs from the published document."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Final

from .deviations import Deviation, Findings

MAX_ENTRIES: Final = 500
"""How many different entries are kept, so that a server cannot fill the memory with names of its own."""


@dataclass(frozen=True, slots=True)
class DriftEntry:
    """One way in which the answers of one operation differed from the published document.

    Attributes:
        operation: The operation's id.
        where: The place: `Asset.size`, `ListAssetsResponse.assets[]` (its elements), `status 418`, `body`.
        what: The kind of difference.
        count: How often it came.
        example: The first that came, without its content: `string(36)`, `object with 3 keys`. Of an enum value that
            the document does not list, the value, shortened.
    """

    operation: str
    where: str
    what: Deviation
    count: int
    example: str


class Drift:
    """Collects what answers hold that the published document does not know; hand it to `Operation.read`.

    Safe to share between threads. It holds no value that a server sent, only counts, names and shapes.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[tuple[str, str, Deviation], tuple[int, str]] = {}

    def add(self, operation: str, findings: Findings) -> None:
        """Add what was found in one answer of an operation."""
        if not findings.found:
            return
        with self._lock:
            for (place, what), (count, example) in findings.found.items():
                key = self._key(operation, place, what)
                before, first = self._known.get(key, (0, example))
                self._known[key] = (before + count, first)

    def _key(self, operation: str, place: str, what: Deviation) -> tuple[str, str, Deviation]:
        key = (operation, place, what)
        return key if key in self._known or len(self._known) < MAX_ENTRIES else (operation, "(other places)", what)

    def entries(self) -> tuple[DriftEntry, ...]:
        """What was collected up to now, by operation, place and kind."""
        with self._lock:
            known = sorted(self._known.items())
        return tuple(DriftEntry(*key, count, example) for key, (count, example) in known)

    def __repr__(self) -> str:
        return f"Drift({len(self._known)} entries)"


__all__ = ["Drift", "DriftEntry"]
