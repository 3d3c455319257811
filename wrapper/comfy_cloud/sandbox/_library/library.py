# ruff: noqa: S608 - what is written into SQL are names and question marks of our own; values are bound.
"""The library of assets: SQLite in memory or in a file, asked by the server's threads and by the caller's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing, contextmanager
from os import PathLike
from typing import NamedTuple, TypeVar

from comfy_cloud.sandbox._api.cursors import Place
from comfy_cloud.sandbox._errors import AssetError, AssetNotFoundError

from . import history, tables
from .changes import Change, Kind, clock, edited, made, retagged, state_at
from .connections import Connection
from .filters import EVERYTHING, Clause, ListAssets, ListTags, SqlValue, Ties, following, matching, ordering
from .metadata import METADATA_MATCHES
from .model import ACCOUNT, AssetRow, TagCase

T = TypeVar("T")

LATEST = "2026-07-01T12:00:00.000000Z"
"""Where the clock of a library stands at first, unless it has a later asset."""

_MAX_OFFSET = (1 << 63) - 1  # what SQLite can count to
_MANY = 5_000  # from here on, indexes are worth the time they take to make
_FEW = 2_000  # so many are sorted in no time
_FEW_SLOW = 20_000  # so many are sorted in less time than it takes to look into the metadata of a page
_MOST_CACHED = 256


class AssetPage(NamedTuple):
    """One page of one instant: its rows, how many assets match in all, and whether more follow the page.

    `rows` are columns as they are stored, in the order of `AssetRow`; `sequence` is the last change that was seen.
    """

    rows: list[tables.Row]
    total: int
    more: bool
    sequence: int

    @property
    def assets(self) -> list[AssetRow]:
        """The rows as assets."""
        return [tables.asset_of(row) for row in self.rows]

    @property
    def last(self) -> AssetRow:
        """The last row as an asset; there must be one."""
        return tables.asset_of(self.rows[-1])


class TagPage(NamedTuple):
    """One page of (tag, number of assets), and how many tags match in all, seen at the same instant."""

    tags: list[tuple[str, int]]
    total: int
    sequence: int


class Library:
    """Assets and tags in an SQLite database. Safe to use from several threads, and after a fork.

    One connection behind one lock: requests are answered one at a time, each in one transaction, so that a
    response is one instant of the library (observed on ComfyUI 0.27). A forked process has a copy of a library in
    memory, and a connection of its own to one in a file.
    """

    def __init__(
        self,
        assets: Iterable[AssetRow] = (),
        tags: Iterable[str] = (),
        *,
        database: str | PathLike[str] | None = None,
        tag_case: TagCase = "folded",
        image: bytes | None = None,
    ) -> None:
        """A library of `assets`, in memory, or in the file `database`.

        A file that holds a library already is opened, and so is an `image`; then `assets` are not even made. `tags`
        exist beside those the assets use, perhaps used by none. `tag_case` is how later changes treat tags.

        Raises:
            AssetError: two assets have the same id.
            DatabaseError: the file cannot be used.
        """
        self._tag_case: TagCase = tag_case
        self._cached: tuple[int, dict[object, object]] = (-1, {})
        self._connection = Connection(database, image)
        try:
            if self._connection.is_new:
                self._load(assets, tags)
        except BaseException:
            self._connection.close()
            raise

    def list_assets(self, request: ListAssets, place: Place | None = None, ties: Ties = "same") -> AssetPage:
        """The page of assets that `request` asks for; behind `place`, which then replaces the offset."""
        where = matching(request)
        behind = Clause("1") if place is None else following(request, place, ties)
        offset = 0 if place is not None else min(request.offset, _MAX_OFFSET)
        with self._reading() as (db, sequence):
            found = self._remembered(sequence, where, lambda: _look(db, where))
            page = (
                f"SELECT {tables.COLUMNS} FROM assets WHERE {found.where.sql} AND {behind.sql}"
                f" ORDER BY {ordering(request, ties)} LIMIT ? OFFSET ?"
            )
            # One more, to see whether another page follows.
            values = (*found.where.values, *behind.values, request.limit + 1, offset)
            rows = db.execute(page, values).fetchall() if offset < found.total else []
        return AssetPage(rows[: request.limit], found.total, len(rows) > request.limit, sequence)

    def list_tags(self, request: ListTags) -> TagPage:
        """The page of tags that `request` asks for; those with equal counts are in the order of their names."""
        used = "asset_tags" if request.include_public else _ACCOUNT_TAGS
        prefix = request.prefix or ""
        order = "name" if request.order == "name_asc" else "count DESC, name"
        sql = (
            f"SELECT name, COUNT(asset) AS count FROM tags LEFT JOIN {used} ON tag = name"
            f" WHERE substr(name, 1, ?) = ? GROUP BY name HAVING count >= ? ORDER BY {order}"
        )
        values = (len(prefix), prefix, 0 if request.include_zero else 1)
        with self._reading() as (db, sequence):
            tags = self._remembered(sequence, (sql, values), lambda: db.execute(sql, values).fetchall())
        return TagPage(tags[request.offset : request.offset + request.limit], len(tags), sequence)

    def get(self, identity: str) -> tuple[tables.Row | None, int]:
        """The row of the asset with this id, if there is one, and the last change that was seen."""
        with self._reading() as (db, sequence):
            rows = db.execute(f"SELECT {tables.COLUMNS} FROM assets WHERE id = ?", (identity,)).fetchall()
        return rows[0] if rows else None, sequence

    def sql(self, query: str, params: Sequence[SqlValue] = ()) -> list[tuple[SqlValue, ...]]:
        """The rows of one SQL query, which may not change anything.

        Raises sqlite3.Error when SQLite refuses the query, sqlite3.OperationalError when it would write.
        """
        with self._reading() as (db, _):
            return db.execute(query, params).fetchall()

    @property
    def sequence(self) -> int:
        """The number of the last change, 0 when there was none."""
        with self._reading() as (_, sequence):
            return sequence

    def changes(self, since: int = 0) -> list[Change]:
        """Every change after number `since`, oldest first."""
        with self._reading() as (db, _):
            return history.changes(db, since)

    def assets(self, at: int | None = None) -> list[AssetRow]:
        """All assets in the order of their ids, now, or as they were after change number `at`; 0 is at the start."""
        with self._reading() as (db, sequence):
            now = list(tables.read(db, "1 ORDER BY id"))
            return state_at(now, history.changes(db, sequence if at is None else at))

    def add(self, fields: Mapping[str, object]) -> Change:
        """Add one asset. Raises AssetError."""
        with self._writing() as (db, sequence, now):
            asset = made(fields, sequence, now, self._tag_case)
            try:
                tables.insert(db, asset)
            except sqlite3.IntegrityError:
                raise AssetError(f"id: there is an asset {asset.id} already.") from None
            return history.record(db, Change(sequence, "add", asset.id, None, asset))

    def delete(self, identity: str) -> Change:
        """Delete one asset. Raises AssetNotFoundError."""
        with self._writing() as (db, sequence, _):
            asset = _found(db, identity)
            tables.remove(db, asset)
            return history.record(db, Change(sequence, "delete", asset.id, asset, None))

    def change(self, identity: str, kind: Kind, fields: Mapping[str, object]) -> Change:
        """Give an asset other values of some fields. Raises AssetNotFoundError, AssetError."""
        return self._edit(identity, kind, lambda _: fields)

    def retag(self, identity: str, add: Iterable[str], remove: Iterable[str]) -> Change:
        """Give an asset some tags and take some away. Raises AssetNotFoundError, AssetError."""
        return self._edit(identity, "retag", lambda asset: {"tags": retagged(asset.tags, add, remove, self._tag_case)})

    def kept(self, request: ListAssets, since: int, until: int) -> list[str]:
        """The ids of what matched all the way from change `since` to change `until`, its sort key unchanged.

        In the order of the request at `since`. `limit`, `offset` and `after` play no part.
        """
        changes = [change for change in self.changes(since) if change.sequence <= until]
        with closing(Library(self.assets(since))) as before:
            found = before.matches(request)
        broken = {change.id for change in changes if _moves(change, request.sort)}
        # Each version of an asset as an asset of its own, so that one query tells which of them match.
        versions = {f"{change.sequence:032}": change for change in changes if change.after is not None}
        rows = [change.after._replace(id=name) for name, change in versions.items() if change.after is not None]
        with closing(Library(rows)) as after:
            matching_versions = set(after.matches(request))
        broken.update(change.id for name, change in versions.items() if name not in matching_versions)
        return [identity for identity in found if identity not in broken]

    def matches(self, request: ListAssets, ties: Ties = "same") -> list[str]:
        """The ids of all assets that match, in the order of the request, whatever its limit and offset."""
        where = matching(request)
        query = f"SELECT id FROM assets WHERE {where.sql} ORDER BY {ordering(request, ties)}"
        with self._reading() as (db, _):
            return [identity for (identity,) in db.execute(query, where.values)]

    def image(self) -> bytes:
        """All of the library, to make another one of it."""
        return self._connection.image()

    def close(self) -> None:
        """Free the database. May be called twice; nothing can be asked afterwards."""
        self._connection.close()

    def _edit(self, identity: str, kind: Kind, fields: Callable[[AssetRow], Mapping[str, object]]) -> Change:
        with self._writing() as (db, sequence, now):
            before = _found(db, identity)
            after = edited(before, fields(before), now, self._tag_case)
            tables.replace(db, before, after)
            return history.record(db, Change(sequence, kind, before.id, before, after))

    @contextmanager
    def _reading(self) -> Generator[tuple[sqlite3.Connection, int]]:
        """A transaction that sees one instant, and the number of the last change in it."""
        with self._connection.transaction() as db:
            yield db, history.latest(db)

    @contextmanager
    def _writing(self) -> Generator[tuple[sqlite3.Connection, int, str]]:
        """A transaction that changes something, the number of the change and its time."""
        with self._connection.transaction(write=True) as db:
            sequence = history.latest(db) + 1
            ((base,),) = db.execute("SELECT base FROM clock")
            yield db, sequence, clock(base, sequence)

    def _remembered(self, sequence: int, asked: object, ask: Callable[[], T]) -> T:
        """What `ask` answers, remembered until the next change. Called within a transaction, so by one at a time."""
        if self._cached[0] != sequence or len(self._cached[1]) >= _MOST_CACHED:
            self._cached = (sequence, {})
        answers = self._cached[1]
        if asked not in answers:
            answers[asked] = ask()
        return answers[asked]  # type: ignore[return-value]  # it is what ask gave for the same question

    def _load(self, assets: Iterable[AssetRow], tags: Iterable[str]) -> None:
        with self._connection.transaction(write=True) as db:
            tables.make(db)
            db.executemany("INSERT OR IGNORE INTO tags VALUES (?)", ((tag,) for tag in tags))
            try:
                tables.insert_many(db, iter(assets))
            except sqlite3.IntegrityError:
                raise AssetError("id: two of the assets have the same.") from None
            ((many, latest),) = db.execute(
                "SELECT COUNT(*) > ?, MAX(MAX(created_at, updated_at)) FROM assets", (_MANY,)
            )
            db.execute("INSERT INTO clock VALUES (?)", (max(LATEST, latest or ""),))
            if many:
                tables.make_indexes(db)


class _Found(NamedTuple):
    """How many assets a filter finds, and the cheapest way to find them again."""

    total: int
    where: Clause


def _look(db: sqlite3.Connection, where: Clause) -> _Found:
    few = 0 if where == EVERYTHING else _FEW_SLOW if METADATA_MATCHES in where.sql else _FEW
    some = f"SELECT number FROM assets WHERE {where.sql} LIMIT ?"
    numbers = [number for (number,) in db.execute(some, (*where.values, few + 1))]
    if len(numbers) > few:  # a page is found by walking along an index until it is full
        ((total,),) = db.execute(f"SELECT COUNT(*) FROM assets WHERE {where.sql}", where.values)
        return _Found(total, where)
    # When few assets match, that walk is through the whole library, and they are remembered instead.
    return _Found(len(numbers), Clause("number IN (SELECT value FROM json_each(?))", (json.dumps(numbers),)))


_ACCOUNT_TAGS = f"(SELECT tag, asset FROM asset_tags JOIN assets ON number = asset WHERE owner = '{ACCOUNT}')"


def _found(db: sqlite3.Connection, identity: str) -> AssetRow:
    asset = next(tables.read(db, "id = ?", (str(identity).lower(),)), None)
    if asset is None:
        raise AssetNotFoundError(f"There is no asset {identity}.")
    return asset


def _moves(change: Change, sort: str) -> bool:
    """Whether an asset comes, goes, or has another place in the order afterwards."""
    if change.before is None or change.after is None:
        return True
    return bool(getattr(change.before, sort) != getattr(change.after, sort))
