"""The public class: a library with a server in front of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from ._api.dialects import CLOUD, Dialect
from ._api.dialects import dialect as dialect_of
from ._api.parameters import read_request
from ._api.service import Service
from ._errors import CLOSED
from ._faults.plan import Faults
from ._faults.text import parse_faults
from ._library.changes import Change
from ._library.filters import ListAssets, SqlValue
from ._library.library import Library
from ._library.load import load as read_library
from ._library.model import AssetRow
from ._library.seeded import seeded_library
from ._serving.front import Front
from ._serving.log import RequestLog
from ._site.view import Pictures

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from starlette.applications import Starlette

    from ._serving.exchange import Answer, Asked
    from ._serving.inprocess import AsyncInProcess, AsyncSleep, InProcess, SyncSleep
    from ._serving.server import ServerThread
    from ._site.site import Site

DEFAULT_KEY = "sandbox-key"
"""The key a sandbox wants when none is given. It guards nothing: everything behind it is made up."""

_LAST_PORT = 65_535


class Sandbox:
    """A Comfy Cloud on this machine, for demonstrations and tests.

    It serves `GET /api/assets` and `GET /api/tags` as the spec says and, where the spec is silent, as was observed
    on ComfyUI 0.27. Make one with `seeded`; use it in a `with` block, which starts and closes it:

        with Sandbox.seeded(2000) as sandbox:
            httpx.get(sandbox.url + "/api/assets", headers={"X-API-Key": sandbox.key})

    Without a socket, give `transport()` to an `httpx.Client` or `async_transport()` to an `httpx.AsyncClient`, and call
    `close` at the end; what is asked of it afterwards is a RuntimeError. What goes wrong is in `faults`, what was asked
    in `requests`.
    """

    def __init__(  # noqa: PLR0913 - settings, by name
        self,
        library: Library,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        key: str = DEFAULT_KEY,
        dialect: str | Dialect = CLOUD,
        faults: str = "",
        fault_seed: int = 0,
        previews: Mapping[str, Path] | None = None,
    ) -> None:
        """Serve `library`, which the sandbox closes. See `seeded` for the rest.

        `previews` are files to serve as such, by the `preview_path` of an asset.
        """
        _check(host, port, key, faults)
        self._library = library
        self._address = (host, port)
        self._key = key
        self._dialect = dialect_of(dialect)
        self._pictures = Pictures(library, previews)
        self._service = Service(library, key, self._dialect, self._pictures)
        self._faults = Faults(fault_seed)
        self._faults.add(faults)
        self._requests = RequestLog()
        self._front: Front | None = None
        self._site: Site | None = None
        self._app: Starlette | None = None
        self._server: ServerThread | None = None
        self._closed = False

    @classmethod
    def seeded(  # noqa: PLR0913 - settings, by name
        cls,
        n: int = 2000,
        seed: int = 0,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        key: str = DEFAULT_KEY,
        dialect: str | Dialect = CLOUD,
        faults: str = "",
        fault_seed: int = 0,
        database: str | PathLike[str] | None = None,
    ) -> Self:
        """A sandbox with `n` made-up assets. The same `n` and `seed` give the same library on every machine.

        It listens on `host`, by default on loopback only, and on `port`, by default any free one; it starts when
        it is entered. `key` is what clients must send in `X-API-Key`, where the dialect needs one. `dialect` is how
        the server speaks: "cloud", "comfyui", or a `Dialect`, such as `CLOUD.but(cursors=True)`. With `database`, the
        library is kept in that SQLite file; when there is one in it already, that is opened instead. `faults` are texts
        as in `503*2; reset:10%` (see `comfy_cloud.sandbox.faults`), and `fault_seed` chooses their dice.

        Raises:
            ValueError: `n` is negative, `host` or `key` is empty, `port` is none, or `key` cannot be sent in a header.
            DialectError: there is no such dialect.
            FaultError: `faults` is not the text of faults.
            DatabaseError: the file cannot be read or written, is not a sandbox's, or is of another version.
        """
        _check(host, port, key, faults)
        spoken = dialect_of(dialect)
        library = seeded_library(n, seed, database=database, tag_case=spoken.tag_case)
        return cls(library, host=host, port=port, key=key, dialect=spoken, faults=faults, fault_seed=fault_seed)

    @classmethod
    def open(  # noqa: PLR0913 - settings, by name
        cls,
        database: str | PathLike[str],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        key: str = DEFAULT_KEY,
        dialect: str | Dialect = CLOUD,
        faults: str = "",
        fault_seed: int = 0,
    ) -> Self:
        """A sandbox whose library is kept in an SQLite file; one that is not there yet is made, and is empty.

        The settings are those of `seeded`.

        Raises:
            ValueError: `host` or `key` is empty, `port` is none, or `key` cannot be sent in a header.
            DialectError: there is no such dialect.
            FaultError: `faults` is not the text of faults.
            DatabaseError: the file cannot be read or written, is not a sandbox's, or is of another version.
        """
        return cls.seeded(
            0,
            host=host,
            port=port,
            key=key,
            dialect=dialect,
            database=database,
            faults=faults,
            fault_seed=fault_seed,
        )

    @classmethod
    def load(  # noqa: PLR0913 - settings, by name
        cls,
        path: str | PathLike[str],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        key: str = DEFAULT_KEY,
        dialect: str | Dialect = CLOUD,
        faults: str = "",
        fault_seed: int = 0,
        database: str | PathLike[str] | None = None,
    ) -> Self:
        """A sandbox with a library of your own: a file of JSON, NDJSON or CSV, or a folder of files.

        A file holds assets with the fields of the spec, of which only `name` is required; a JSON file may also be
        what `GET /api/assets` answered. In a CSV file, tags are separated by `|`. A folder is seen as ComfyUI sees its
        own: each file is an asset with its size and time, the folders above it are its tags, and pictures are their own
        previews. The settings are those of `seeded`.

        Raises:
            LoadError: the path cannot be read, or holds what an asset cannot be; it says where.
            ValueError: `host` or `key` is empty, `port` is none, or `key` cannot be sent in a header.
            DialectError: there is no such dialect.
            FaultError: `faults` is not the text of faults.
            DatabaseError: the file cannot be read or written, is not a sandbox's, or is of another version.
        """
        _check(host, port, key, faults)
        spoken = dialect_of(dialect)
        loaded = read_library(Path(path), spoken.tag_case)
        library = Library(loaded.assets, database=database, tag_case=spoken.tag_case)
        return cls(
            library,
            host=host,
            port=port,
            key=key,
            dialect=spoken,
            faults=faults,
            fault_seed=fault_seed,
            previews=loaded.previews,
        )

    @property
    def dialect(self) -> Dialect:
        """How it speaks."""
        return self._dialect

    @property
    def service(self) -> Service:
        """What answers: the API without any way in."""
        return self._service

    @property
    def faults(self) -> Faults:
        """What goes wrong: `sandbox.faults.add("503*2")`. None at first, unless some were given."""
        return self._faults

    @property
    def requests(self) -> RequestLog:
        """What was asked so far and what came of it, without the key."""
        return self._requests

    @property
    def front(self) -> Front:
        """What every way in asks: the API with its faults and its log, and the sandbox's own pages."""
        if self._front is None:
            self._front = Front(
                api=self._service.answer,
                pages=self._pages,
                library=self,
                sequence=lambda: self.sequence,
                faults=self._faults,
                log=self._requests,
                one_at_a_time=self._dialect.one_at_a_time,
            )
        return self._front

    def transport(self, *, sleep: SyncSleep | None = None) -> InProcess:
        """A transport for `httpx.Client` that asks this sandbox without a socket; any `base_url` will do.

        Faults are the errors of httpx that a real connection would end in. Latency and drips wait with `sleep`, which
        takes seconds and is by default `time.sleep`; a wait beyond the read timeout is a `ReadTimeout` at once.
        """
        from ._serving.inprocess import InProcess  # noqa: PLC0415 - only this way in needs it

        return InProcess(self.front, lambda: self._closed, sleep)

    def async_transport(self, *, sleep: AsyncSleep | None = None) -> AsyncInProcess:
        """The same for `httpx.AsyncClient`, on asyncio or trio; `sleep` is awaited. See `transport`."""
        from ._serving.inprocess import AsyncInProcess  # noqa: PLC0415 - only this way in needs it

        return AsyncInProcess(self.front, lambda: self._closed, sleep)

    @property
    def key(self) -> str:
        """What clients must send in `X-API-Key`."""
        return self._key

    @property
    def url(self) -> str:
        """Where it listens: scheme, host and port, without a slash at the end.

        Raises RuntimeError unless it is started, and when it is closed.
        """
        return self._running().url

    @property
    def app(self) -> Starlette:
        """The ASGI application, for use without a socket.

        Raises ImportError when Starlette is not installed.
        """
        if self._app is None:
            from ._serving.app import build_app  # noqa: PLC0415 - needs the extra

            self._app = build_app(self.front)
        return self._app

    def sql(self, query: str, params: Sequence[SqlValue] = ()) -> list[tuple[SqlValue, ...]]:
        """The rows of one SQL query over the library, to compare what the API says with what is there. Read-only.

        The tables, in SQLite:

        - `assets`: `number` (its key in here, which the API never shows), `id`, `name`, `size` in bytes,
          `created_at`, `updated_at`, `last_access_time` (RFC 3339 texts of one width, which compare as the instants
          do), `asset_hash`, `mime_type`, `tags` (JSON text), `user_metadata` and `metadata` (JSON texts, the second
          is the server's own), `preview_path`, `preview_id`, `prompt_id`, `owner` ('account' or 'public'),
          `is_immutable` (0 or 1), `display_name`, and `name_folded`, the name with A to Z in lower case. What an
          asset does not have is NULL.
        - `asset_tags`: `asset`, `tag`: one row for each tag of each asset; `asset` is the asset's `number`.
        - `tags`: `name`: every tag there is, also those no asset has.
        - `changes`: `sequence`, `kind`, `id`, `before`, `after` (assets as JSON texts): see `changes`.

        Other tables are made and changed as they are needed.

        Raises sqlite3.OperationalError when the query would write, another sqlite3.Error when SQLite refuses it.
        """
        return self._library.sql(query, params)

    @property
    def sequence(self) -> int:
        """The number of the library's last change, 0 when there was none. Each answer says which one it saw."""
        return self._library.sequence

    def add(self, /, **fields: object) -> Change:
        """Add one asset, in one transaction: `sandbox.add(name="a.png", tags=["output"], size=10)`.

        The fields are those of `AssetRow`, and what is not given is what a fresh upload has. Times may be datetimes;
        those not given are the library's clock, which stands still but for one millisecond with each change, so that
        a test is the same each time. The id is the change's `id`.

        Raises AssetError for a field that does not exist or that is not acceptable, or an id that is taken.
        """
        return self._library.add(fields)

    def delete(self, asset_id: str, /) -> Change:
        """Delete one asset, in one transaction. Its tags stay, perhaps used by none.

        Raises AssetNotFoundError.
        """
        return self._library.delete(asset_id)

    def rename(self, asset_id: str, name: str, /) -> Change:
        """Give an asset another name. See `change`."""
        return self._library.change(asset_id, "rename", {"name": name})

    def retag(self, asset_id: str, /, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Change:
        """Give an asset some tags and take some away; a tag in both is taken away. See `change`."""
        return self._library.retag(asset_id, add, remove)

    def change(self, asset_id: str, /, **fields: object) -> Change:
        """Give an asset other values of some fields, in one transaction.

        `created_at` and `id` never change. `updated_at` becomes the library's clock when a field really changes,
        except when that is only `last_access_time`, or when it is given.

        Raises:
            AssetNotFoundError: there is no such asset (any more).
            AssetError: a field that does not exist, that never changes, or a value that is not acceptable.
        """
        return self._library.change(asset_id, "change", fields)

    def changes(self, since: int = 0) -> list[Change]:
        """Every change of the library after number `since`, oldest first, each with the asset before and after it."""
        return self._library.changes(since)

    def assets(self, at: int | None = None) -> list[AssetRow]:
        """All assets in the order of their ids, now, or as they were right after change number `at`; 0 is the start."""
        return self._library.assets(at)

    def matching(self, at: int | None = None, **query: str) -> list[str]:
        """The ids that a query's pages join up to, now or right after change number `at`, in its order.

        `query` is what `GET /api/assets` takes, as texts; `limit`, `offset` and `after` play no part.

        Raises ValueError when the query is one that is answered with a 400.
        """
        wanted = self._request(query)
        if at is None:
            return self._library.matches(wanted, self._dialect.ties)
        with closing(Library(self._library.assets(at))) as then:
            return then.matches(wanted, self._dialect.ties)

    def kept(self, since: int, until: int | None = None, **query: str) -> list[str]:
        """The ids of what matched a query throughout, from change `since` to change `until`, its sort key unchanged.

        That is what a listing which went on in the meantime must have yielded exactly once. `until` is by default
        the last change. In the order of the query at `since`; see `matching` for `query`.
        """
        last = self.sequence if until is None else until
        return self._library.kept(self._request(query), since, last)

    def start(self) -> Self:
        """Listen, and return when requests are answered. Starting it again changes nothing.

        Raises OSError when the address cannot be listened on, ImportError when Starlette or uvicorn is not
        installed, RuntimeError when it is closed already.
        """
        if self._closed:
            raise RuntimeError(CLOSED)
        if self._server is None:
            from ._serving.server import ServerThread  # noqa: PLC0415 - needs the extra

            self._server = ServerThread(self.app, *self._address)
        return self

    def wait(self) -> None:
        """Return when the server ends: after `close` from another thread, or never.

        Raises RuntimeError unless it is started.
        """
        self._running().wait()

    def close(self) -> None:
        """Stop listening and free the library. May be called twice, and on a sandbox that was never started."""
        self._closed = True
        if self._server is not None:
            self._server.close()
            self._server = None
        self._library.close()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "closed" if self._closed else "not started" if self._server is None else self._server.url
        return f"<Sandbox {state}>"

    def _pages(self, asked: Asked) -> Answer:
        """The sandbox's own pages."""
        if self._site is None:
            from ._site.site import Site  # noqa: PLC0415 - most sandboxes are never looked at

            self._site = Site(self, self._pictures, self._key, self._address[0])
        return self._site.answer(asked)

    def _request(self, query: Mapping[str, str]) -> ListAssets:
        return read_request(ListAssets, {name: [text] for name, text in query.items()}, self._dialect)

    def _running(self) -> ServerThread:
        if self._closed:
            raise RuntimeError(CLOSED)
        if self._server is None:
            raise RuntimeError("This sandbox is not started: use it in a with block, or call start().")
        return self._server


def _check(host: str, port: int, key: str, faults: str) -> None:
    """Refuse settings before a library is made for them."""
    if not host.strip():  # it would be every address of the machine
        raise ValueError("The host must not be empty: 127.0.0.1 is this machine only, 0.0.0.0 all its addresses.")
    if not 0 <= port <= _LAST_PORT:
        raise ValueError(f"The port must be 0 to {_LAST_PORT}, not {port}; 0 is any free one.")
    if not (key and key.isascii() and key.isprintable() and key == key.strip()):
        raise ValueError("The key must be printable ASCII, not empty, without blanks at its ends.")
    parse_faults(faults)
