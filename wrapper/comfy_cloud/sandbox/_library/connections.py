"""One SQLite connection that several threads share, also across a fork, and the file behind it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from threading import Lock
from weakref import WeakSet

from comfy_cloud.sandbox._errors import CLOSED, DatabaseError

from .metadata import METADATA_MATCHES, metadata_matches
from .tables import APPLICATION_ID, TABLES, VERSION

_BUSY_SECONDS = 5
_LARGE = -65_536  # of the page cache, in KiB when negative


class Connection:
    """A database behind a lock: in memory, or in a file. `is_new` says whether there is nothing in it yet."""

    def __init__(self, path: str | PathLike[str] | None = None, image: bytes | None = None) -> None:
        """Open or make it; `image` is what a database in memory begins with.

        Raises DatabaseError when the file cannot be read, is not a sandbox's, or is of another version.
        """
        self._lock = Lock()
        self._path = None if path is None else os.fspath(path)
        self._closed = False
        self._left_behind: list[sqlite3.Connection] = []
        self._db = self._opened()
        try:
            if image is not None:
                self._db.deserialize(image)
            self.is_new = self._checked()
        except BaseException:
            self._db.close()
            raise
        _alive.add(self)

    @contextmanager
    def transaction(self, *, write: bool = False) -> Generator[sqlite3.Connection]:
        """The connection within a transaction, which is committed when it writes and no error leaves it.

        Raises RuntimeError when it is closed.
        """
        with self._lock:
            if self._closed:
                raise RuntimeError(CLOSED)
            db = self._db
            # Set each time, because a query of the caller's may be a PRAGMA that takes it back.
            db.execute(f"PRAGMA query_only = {'OFF' if write else 'ON'}")
            db.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield db
                if write:
                    db.commit()
            except sqlite3.OperationalError as error:
                if write and self._path is not None:  # such as a file that may only be read
                    raise self._unusable(str(error)) from None
                raise
            finally:
                db.rollback()

    def image(self) -> bytes:
        """The whole database, for another one in memory to begin with."""
        with self._lock:
            return self._db.serialize()

    def close(self) -> None:
        """Close it. May be called twice."""
        with self._lock:
            self._closed = True
            self._db.close()
        _alive.discard(self)

    def before_fork(self) -> None:
        """Wait until nothing is in the middle of a transaction."""
        self._lock.acquire()

    def after_fork(self, *, child: bool) -> None:
        """Go on; in a child, with a connection of its own when there is a file.

        The one it inherited is kept unused: closing it would take the parent's locks on the file away.
        """
        if child and self._path is not None:
            self._left_behind.append(self._db)
            self._db = self._opened()
        self._lock.release()

    def _opened(self) -> sqlite3.Connection:
        try:
            db = sqlite3.connect(
                self._path or ":memory:", check_same_thread=False, isolation_level=None, timeout=_BUSY_SECONDS
            )
        except sqlite3.Error as error:
            raise self._unusable(str(error)) from None
        try:
            db.execute(f"PRAGMA cache_size = {_LARGE}")  # the first statement finds out whether it is a database
        except sqlite3.Error as error:
            db.close()
            raise self._unusable(str(error)) from None
        db.create_function(METADATA_MATCHES, 3, metadata_matches, deterministic=True)
        return db

    def _checked(self) -> bool:
        try:
            ((application,),) = self._db.execute("PRAGMA application_id")
            ((version,),) = self._db.execute("PRAGMA user_version")
            tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_schema")}
            ((health,),) = self._db.execute("PRAGMA quick_check(1)") if self._path is not None else (("ok",),)
        except sqlite3.Error as error:
            raise self._unusable(str(error)) from None
        if not (application or version or tables):
            return True
        if application != APPLICATION_ID:
            raise self._unusable("it is not a database of the sandbox")
        if version != VERSION:
            raise self._unusable(f"it is of version {version}, and this sandbox reads version {VERSION}")
        if health != "ok" or not tables >= TABLES:
            raise self._unusable("it is damaged")
        return False

    def _unusable(self, why: str) -> DatabaseError:
        name = Path(self._path or "").name
        return DatabaseError(f"The database {name} cannot be used: {why}; choose another file, or delete it.")


_alive: WeakSet[Connection] = WeakSet()
_held: list[Connection] = []


def _before() -> None:
    _held[:] = list(_alive)
    for connection in _held:
        connection.before_fork()


def _after(*, child: bool) -> None:
    for connection in _held:
        connection.after_fork(child=child)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before, after_in_parent=lambda: _after(child=False), after_in_child=lambda: _after(child=True)
    )
