# ruff: noqa: S608 - what is written into SQL are names and question marks of our own; values are bound.
"""The library of assets: SQLite in memory, asked by the server's thread and by the caller's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import Lock
from typing import NamedTuple

from ._filters import ListAssets, ListTags, SqlValue, matching, metadata_tokens, ordering
from ._model import ACCOUNT, AssetRow, folded_name

SCHEMA = """
CREATE TABLE assets (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, size INTEGER NOT NULL,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, last_access_time TEXT,
    asset_hash TEXT, mime_type TEXT, user_metadata TEXT,
    preview_path TEXT, preview_id TEXT, prompt_id TEXT,
    owner TEXT NOT NULL CHECK (owner IN ('account', 'public')), is_immutable INTEGER NOT NULL,
    name_folded TEXT NOT NULL
);
CREATE TABLE tags (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE asset_tags (
    tag TEXT NOT NULL REFERENCES tags (name), asset INTEGER NOT NULL REFERENCES assets (number),
    PRIMARY KEY (tag, asset)
) WITHOUT ROWID;
CREATE TABLE asset_metadata (
    key TEXT NOT NULL, kind TEXT NOT NULL, value NOT NULL, asset INTEGER NOT NULL REFERENCES assets (number),
    PRIMARY KEY (key, kind, value, asset)
) WITHOUT ROWID;
"""

# Made after loading, which is several times faster than keeping them up to date row by row.
INDEXES = """
CREATE INDEX assets_by_name ON assets (name, id);
CREATE INDEX assets_by_created_at ON assets (created_at, id);
CREATE INDEX assets_by_updated_at ON assets (updated_at, id);
CREATE INDEX assets_by_size ON assets (size, id);
CREATE INDEX assets_by_last_access_time ON assets (last_access_time, id);
CREATE INDEX assets_by_owner ON assets (owner);
CREATE INDEX tags_by_asset ON asset_tags (asset, tag);
"""

_COLUMNS = (
    "number, id, name, size, created_at, updated_at, last_access_time, asset_hash, mime_type, user_metadata,"
    " preview_path, preview_id, prompt_id, owner, is_immutable"
)
_ROWS_PER_INSERT = 5_000
_MAX_OFFSET = (1 << 63) - 1  # what SQLite can count to


class AssetPage(NamedTuple):
    """One page, and how many assets match in all, seen at the same instant."""

    assets: list[AssetRow]
    total: int


class TagPage(NamedTuple):
    """One page of (tag, number of assets), and how many tags match in all, seen at the same instant."""

    tags: list[tuple[str, int]]
    total: int


class Library:
    """Assets and tags in an SQLite database in memory. Safe to use from several threads.

    One connection behind one lock: requests are answered one at a time, each in one transaction, so that a
    response is one instant of the library (observed on ComfyUI 0.27).
    """

    def __init__(self, assets: Iterable[AssetRow] = (), tags: Iterable[str] = ()) -> None:
        """Load `assets`; `tags` are the tags that exist beside those the assets use, which may be used by none.

        Raises sqlite3.IntegrityError when two assets have the same id.
        """
        self._lock = Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        try:
            self._load(iter(assets), tags)
        except BaseException:
            self._connection.close()
            raise

    def list_assets(self, request: ListAssets) -> AssetPage:
        """The page of assets that `request` asks for."""
        where = matching(request)
        page = f"SELECT {_COLUMNS} FROM assets WHERE {where.sql} ORDER BY {ordering(request)} LIMIT ? OFFSET ?"
        with self._transaction() as db:
            ((total,),) = db.execute(f"SELECT COUNT(*) FROM assets WHERE {where.sql}", where.values)
            window = (request.limit, min(request.offset, _MAX_OFFSET))
            rows = db.execute(page, (*where.values, *window)).fetchall()
            tags = _tags_of(db, [row[0] for row in rows])
        return AssetPage([_asset(row, tuple(tags.get(row[0], ()))) for row in rows], total)

    def list_tags(self, request: ListTags) -> TagPage:
        """The page of tags that `request` asks for; those with equal counts are in the order of their names."""
        used = "asset_tags" if request.include_public else _ACCOUNT_TAGS
        prefix = request.prefix or ""
        order = "name" if request.order == "name_asc" else "count DESC, name"
        sql = (
            f"SELECT name, COUNT(asset) AS count FROM tags LEFT JOIN {used} ON tag = name"
            f" WHERE substr(name, 1, ?) = ? GROUP BY name HAVING count >= ? ORDER BY {order}"
        )
        with self._transaction() as db:
            tags = db.execute(sql, (len(prefix), prefix, 0 if request.include_zero else 1)).fetchall()
        return TagPage(tags[request.offset : request.offset + request.limit], len(tags))

    def sql(self, query: str, params: Sequence[SqlValue] = ()) -> list[tuple[SqlValue, ...]]:
        """The rows of one SQL query, which may not change anything.

        Raises sqlite3.Error when SQLite refuses the query, sqlite3.OperationalError when it would write.
        """
        with self._transaction() as db:
            return db.execute(query, params).fetchall()

    def close(self) -> None:
        """Free the database. May be called twice; nothing can be asked afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._lock:
            # Set each time, because a query given to `sql` may be a PRAGMA that takes it back.
            self._connection.execute("PRAGMA query_only = ON")
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.rollback()

    def _load(self, assets: Iterator[AssetRow], tags: Iterable[str]) -> None:
        db = self._connection
        db.executescript(SCHEMA)
        db.execute("BEGIN")
        db.executemany("INSERT OR IGNORE INTO tags VALUES (?)", ((tag,) for tag in tags))
        number = 1
        while batch := list(islice(assets, _ROWS_PER_INSERT)):
            _insert(db, number, batch)
            number += len(batch)
        db.execute("COMMIT")
        db.executescript(INDEXES)
        db.execute("ANALYZE")


_ACCOUNT_TAGS = f"(SELECT tag, asset FROM asset_tags JOIN assets ON number = asset WHERE owner = '{ACCOUNT}')"


def _insert(db: sqlite3.Connection, first: int, batch: list[AssetRow]) -> None:
    """Insert a batch whose first asset has the number `first`."""
    db.executemany(
        f"INSERT INTO assets VALUES ({','.join('?' * 16)})",
        ((number, *_columns(asset)) for number, asset in enumerate(batch, first)),
    )
    uses = [(tag, number) for number, asset in enumerate(batch, first) for tag in asset.tags]
    db.executemany("INSERT OR IGNORE INTO tags VALUES (?)", [(tag,) for tag in {tag for tag, _ in uses}])
    db.executemany("INSERT OR IGNORE INTO asset_tags VALUES (?,?)", uses)
    found_by = (
        (key, kind, value, number)
        for number, asset in enumerate(batch, first)
        for key, (kind, value) in metadata_tokens(asset.user_metadata or {})
    )
    db.executemany("INSERT OR IGNORE INTO asset_metadata VALUES (?,?,?,?)", found_by)


def _columns(asset: AssetRow) -> tuple[SqlValue, ...]:
    metadata = None if asset.user_metadata is None else json.dumps(asset.user_metadata, ensure_ascii=False)
    return (
        *(asset.id, asset.name, asset.size, asset.created_at, asset.updated_at, asset.last_access_time),
        *(asset.asset_hash, asset.mime_type, metadata, asset.preview_path, asset.preview_id, asset.prompt_id),
        *(asset.owner, int(asset.is_immutable), folded_name(asset.name)),
    )


def _asset(row: tuple[SqlValue, ...], tags: tuple[str, ...]) -> AssetRow:
    """The opposite of `_columns`, for a row of `_COLUMNS`."""
    _, *start, metadata, preview_path, preview_id, prompt_id, owner, is_immutable = row
    stored = None if metadata is None else json.loads(str(metadata))
    rest = (tags, stored, preview_path, preview_id, prompt_id, owner, bool(is_immutable))
    return AssetRow._make((*start, *rest))


def _tags_of(db: sqlite3.Connection, numbers: list[int]) -> dict[int, list[str]]:
    marks = ",".join("?" * len(numbers))
    tags: dict[int, list[str]] = {}
    # In the order of their names, as the observed server sends them.
    query = f"SELECT asset, tag FROM asset_tags WHERE asset IN ({marks}) ORDER BY asset, tag"
    for number, tag in db.execute(query, numbers):
        tags.setdefault(number, []).append(tag)
    return tags
