# ruff: noqa: S608 - what is written into SQL are names and question marks of our own; values are bound.
"""The tables of a library: their schema, and assets as rows of them. No transaction is begun or ended here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

import msgspec

from .filters import SqlValue
from .model import AssetRow, Json, folded_name

Row: TypeAlias = tuple[SqlValue, ...]

APPLICATION_ID = 0x434D4659
"""What a database file of the sandbox says it is, in SQLite's `application_id`."""

VERSION = 1
"""The version of the tables, in SQLite's `user_version`."""

TABLES = frozenset(("assets", "tags", "asset_tags", "changes", "clock"))
"""What a database file of this version has at least."""

# `tags` repeats what asset_tags says, as JSON, so that a page is read without a second query.
SCHEMA = f"""
CREATE TABLE assets (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, size INTEGER,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, last_access_time TEXT,
    asset_hash TEXT, mime_type TEXT, tags TEXT NOT NULL, user_metadata TEXT,
    preview_path TEXT, preview_id TEXT, prompt_id TEXT,
    owner TEXT NOT NULL CHECK (owner IN ('account', 'public')), is_immutable INTEGER NOT NULL,
    metadata TEXT, display_name TEXT, name_folded TEXT NOT NULL
);
CREATE TABLE tags (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE asset_tags (
    tag TEXT NOT NULL REFERENCES tags (name), asset INTEGER NOT NULL REFERENCES assets (number),
    PRIMARY KEY (tag, asset)
) WITHOUT ROWID;
CREATE TABLE changes (sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, before TEXT, after TEXT);
CREATE TABLE clock (base TEXT NOT NULL);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION}
"""

# Made after loading, which is several times faster than keeping them up to date row by row.
INDEXES = """
CREATE INDEX assets_by_name ON assets (name, id);
CREATE INDEX assets_by_created_at ON assets (created_at, id);
CREATE INDEX assets_by_updated_at ON assets (updated_at, id);
CREATE INDEX assets_by_size ON assets (size, id);
CREATE INDEX assets_by_last_access_time ON assets (last_access_time, id);
CREATE INDEX assets_by_owner ON assets (owner);
CREATE INDEX assets_by_preview_path ON assets (preview_path) WHERE preview_path IS NOT NULL;
ANALYZE
"""

COLUMNS = ", ".join(AssetRow._fields)
_JSON_COLUMNS = ("tags", "user_metadata", "metadata")
_PLACES = {name: AssetRow._fields.index(name) for name in (*_JSON_COLUMNS, "is_immutable")}
_ROWS_PER_INSERT = 500
_INSERT = f"INSERT INTO assets ({COLUMNS}, name_folded) VALUES ({', '.join('?' * (len(AssetRow._fields) + 1))})"
_REPLACE = (
    f"UPDATE assets SET ({COLUMNS}, name_folded) = ({', '.join('?' * (len(AssetRow._fields) + 1))}) WHERE number = ?"
)
_ENCODER = msgspec.json.Encoder()


def json_text(value: Json) -> str:
    """A value as JSON, in UTF-8 and without blanks."""
    try:
        return _ENCODER.encode(value).decode()
    except OverflowError:  # an integer of more than 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def make(db: sqlite3.Connection) -> None:
    """Make the empty tables."""
    _each(db, SCHEMA)


def make_indexes(db: sqlite3.Connection) -> None:
    """Make what speeds up a large library."""
    _each(db, INDEXES)


def _each(db: sqlite3.Connection, statements: str) -> None:
    # Not executescript, which would end the transaction.
    for statement in statements.split(";"):
        db.execute(statement)


def insert_many(db: sqlite3.Connection, assets: Iterator[AssetRow]) -> None:
    """Insert into empty tables."""
    number = 1
    while batch := list(islice(assets, _ROWS_PER_INSERT)):
        db.executemany(_INSERT, map(_row, batch))
        _insert_tags(db, [(tag, at) for at, asset in enumerate(batch, number) for tag in asset.tags])
        number += len(batch)


def insert(db: sqlite3.Connection, asset: AssetRow) -> None:
    """Insert one. Raises sqlite3.IntegrityError when its id is taken."""
    number = db.execute(_INSERT, _row(asset)).lastrowid
    assert number is not None
    _insert_tags(db, [(tag, number) for tag in asset.tags])


def replace(db: sqlite3.Connection, before: AssetRow, after: AssetRow) -> None:
    """Put `after` in the place of `before`."""
    number = _unlink(db, before)
    db.execute(_REPLACE, (*_row(after), number))
    _insert_tags(db, [(tag, number) for tag in after.tags])


def remove(db: sqlite3.Connection, asset: AssetRow) -> None:
    """Delete one. Its tags stay, perhaps used by none."""
    db.execute("DELETE FROM assets WHERE number = ?", (_unlink(db, asset),))


def read(db: sqlite3.Connection, condition: str, values: Sequence[SqlValue] = ()) -> Iterator[AssetRow]:
    """The assets that fulfil a condition in SQL, which may go on with an order and a limit."""
    return map(asset_of, db.execute(f"SELECT {COLUMNS} FROM assets WHERE {condition}", values))


def asset_of(row: Row) -> AssetRow:
    """The asset of a row of `COLUMNS`."""
    values: list[object] = list(row)
    for name in _JSON_COLUMNS:
        place = _PLACES[name]
        values[place] = None if row[place] is None else json.loads(str(row[place]))
    asset = AssetRow._make(values)
    return asset._replace(tags=tuple(asset.tags), is_immutable=bool(asset.is_immutable))


def _row(asset: AssetRow) -> Row:
    """The values of `COLUMNS` and `name_folded`."""
    return (
        *asset[:8],
        _tags_text(asset.tags),
        None if asset.user_metadata is None else json_text(asset.user_metadata),
        *asset[10:15],
        None if asset.metadata is None else json_text(asset.metadata),
        asset.display_name,
        folded_name(asset.name),
    )


@lru_cache(maxsize=1024)
def _tags_text(tags: tuple[str, ...]) -> str:
    return json_text(tags)


def _insert_tags(db: sqlite3.Connection, uses: Iterable[tuple[str, int]]) -> None:
    uses = list(uses)
    db.executemany("INSERT OR IGNORE INTO tags VALUES (?)", [(tag,) for tag in sorted({tag for tag, _ in uses})])
    db.executemany("INSERT OR IGNORE INTO asset_tags VALUES (?,?)", uses)


def _unlink(db: sqlite3.Connection, asset: AssetRow) -> int:
    """Take away what points at an asset; its number."""
    ((number,),) = db.execute("SELECT number FROM assets WHERE id = ?", (asset.id,))
    db.executemany("DELETE FROM asset_tags WHERE tag = ? AND asset = ?", [(tag, number) for tag in asset.tags])
    return int(number)
