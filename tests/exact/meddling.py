"""Somebody who changes the sandbox's library between two answers, wherever it hurts the walk that is under way."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Literal, TypeAlias, get_args
from uuid import UUID

from comfy_cloud.sandbox import Sandbox

Kind: TypeAlias = Literal["delete", "add", "restore", "move", "retag"]
KINDS: tuple[Kind, ...] = get_args(Kind)

TAG = "wanted"
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Change:
    """One burst of changes.

    Attributes:
        kind: What happens: items go, come (as ties of others or between them), come back as they were, get another
            sort key, or lose the tag that the query asks for, or have it again.
        where: How far behind the frontier in the order of the listing, or before it.
        count: To how many items.
        shift: By how much the key of what is added or moved differs from its model's.
    """

    kind: Kind
    where: int = 0
    count: int = 1
    shift: int = 0


Moment: TypeAlias = Sequence[Change]
"""What happens before one request is answered."""


def fields_at(place: int, ident: str) -> dict[str, Any]:
    """An asset that stands at a place in every sort; those at place 0 have no size and were never accessed."""
    time = EPOCH + timedelta(microseconds=place)
    return {
        "id": ident,
        "name": f"portrait {place:06d}",
        "size": place or None,
        "created_at": time,
        "updated_at": time,
        "last_access_time": time if place else None,
        "tags": [TAG],
    }


def ident_of(number: int) -> str:
    """An id: the same for the same number, in no order of numbers."""
    return str(UUID(int=random.Random(number).getrandbits(128), version=4))


def moved(value: Any, shift: int) -> Any:
    """A sort value right before or behind another."""
    if isinstance(value, int):
        return max(0, value + shift)
    if isinstance(value, datetime):
        return value + timedelta(microseconds=shift)
    if isinstance(value, str) and "T" in value:
        return moved(datetime.fromisoformat(value), shift)
    return value if value is None or not shift else f"{value}~" if shift > 0 else value[:-1] + "!"


@dataclass
class Meddler:
    """Makes the library of a sandbox, and changes it, one moment of the plan before each answer.

    Args:
        query: What the walk asks for, as the sandbox takes it.
        plan: What happens.
        frontier: The id of the item that was handed out last.
    """

    query: dict[str, str]
    plan: Sequence[Moment]
    frontier: Callable[[], str | None]
    _next: int = 0
    _fresh: int = 1_000_000
    _gone: list[dict[str, Any]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, box: Sandbox) -> None:
        """Called before a request is answered, by whatever thread."""
        with self._lock:
            if self._next < len(self.plan):
                self._next += 1
                for change in self.plan[self._next - 1]:
                    self._do(box, change)

    def _do(self, box: Sandbox, change: Change) -> None:
        listed = box.matching(**self.query)
        frontier = self.frontier()
        at = listed.index(frontier) if frontier in listed else 0
        start = max(0, at + change.where)
        chosen = listed[start : start + change.count]
        rows = {asset.id: asset._asdict() for asset in box.assets()}
        getattr(self, f"_{change.kind}")(box, change, [rows[ident] for ident in chosen])

    def _delete(self, box: Sandbox, _: Change, chosen: list[dict[str, Any]]) -> None:
        for row in chosen:
            box.delete(row["id"])
            self._gone.append(row)

    def _restore(self, box: Sandbox, change: Change, _: list[dict[str, Any]]) -> None:
        for _turn in range(min(change.count, len(self._gone))):
            box.add(**self._gone.pop())

    def _add(self, box: Sandbox, change: Change, chosen: list[dict[str, Any]]) -> None:
        models = chosen or [fields_at(5, ident_of(0))]
        for turn in range(change.count):
            self._fresh += 1
            model = models[turn % len(models)]
            keys = {name: moved(model[name], change.shift) for name in ("created_at", "updated_at", "size", "name")}
            box.add(**{**model, **keys, "id": ident_of(self._fresh)})

    def _move(self, box: Sandbox, change: Change, chosen: list[dict[str, Any]]) -> None:
        sort = self.query["sort"] if self.query["sort"] != "created_at" else "name"
        for row in chosen:
            box.change(row["id"], **{sort: moved(chosen[-1][sort], change.shift)})

    def _retag(self, box: Sandbox, change: Change, chosen: list[dict[str, Any]]) -> None:
        lost = [asset.id for asset in box.assets() if TAG not in asset.tags]
        for ident in lost[: change.count] if change.shift > 0 else ():
            box.retag(ident, add=[TAG])
        for row in chosen if change.shift <= 0 else ():
            box.retag(row["id"], remove=[TAG])
