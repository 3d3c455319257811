"""The changes of a library, as rows of its database. No transaction is begun or ended here."""

from __future__ import annotations

import json
import sqlite3

from .changes import Change
from .model import AssetRow
from .tables import json_text


def latest(db: sqlite3.Connection) -> int:
    """The number of the last change, 0 when there was none."""
    ((sequence,),) = db.execute("SELECT COALESCE(MAX(sequence), 0) FROM changes")
    return int(sequence)


def record(db: sqlite3.Connection, change: Change) -> Change:
    """Write a change down, and return it."""
    sides = [None if side is None else json_text(side._asdict()) for side in (change.before, change.after)]
    db.execute("INSERT INTO changes VALUES (?,?,?,?,?)", (change.sequence, change.kind, change.id, *sides))
    return change


def changes(db: sqlite3.Connection, since: int) -> list[Change]:
    """Every change after number `since`, oldest first."""
    rows = db.execute("SELECT * FROM changes WHERE sequence > ? ORDER BY sequence", (since,))
    return [Change(at, kind, of, _side(before), _side(after)) for at, kind, of, before, after in rows]


def _side(text: str | None) -> AssetRow | None:
    if text is None:
        return None
    fields = json.loads(text)
    asset = AssetRow._make(fields[name] for name in AssetRow._fields)
    return asset._replace(tags=tuple(asset.tags))
