"""The public class: a library with a server in front of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ._filters import SqlValue
from ._library import Library
from ._seed import seeded_assets
from ._words import ZERO_USE_TAGS

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from starlette.applications import Starlette

    from ._server import ServerThread

DEFAULT_KEY = "sandbox-key"
"""The key a sandbox wants when none is given. It guards nothing: everything behind it is made up."""


class Sandbox:
    """A Comfy Cloud on this machine, for demonstrations and tests.

    It serves `GET /api/assets` and `GET /api/tags` as the spec says and, where the spec is silent, as was observed
    on ComfyUI 0.27. Make one with `seeded`; use it in a `with` block, which starts and closes it:

        with Sandbox.seeded(2000) as sandbox:
            httpx.get(sandbox.url + "/api/assets", headers={"X-API-Key": sandbox.key})

    Without a socket, give `app` to an HTTP client that speaks ASGI, and call `close` at the end.
    """

    def __init__(self, library: Library, *, host: str = "127.0.0.1", port: int = 0, key: str = DEFAULT_KEY) -> None:
        """Serve `library`, which the sandbox closes. See `seeded` for the rest."""
        _check_key(key)
        self._library = library
        self._address = (host, port)
        self._key = key
        self._app: Starlette | None = None
        self._server: ServerThread | None = None
        self._closed = False

    @classmethod
    def seeded(
        cls, n: int = 2000, seed: int = 0, *, host: str = "127.0.0.1", port: int = 0, key: str = DEFAULT_KEY
    ) -> Self:
        """A sandbox with `n` made-up assets. The same `n` and `seed` give the same library on every machine.

        It listens on `host`, by default on loopback only, and on `port`, by default any free one; it starts when
        it is entered. `key` is what clients must send in `X-API-Key`.

        Raises ValueError when `n` is negative, or when `key` is empty or cannot be sent in a header.
        """
        _check_key(key)
        return cls(Library(seeded_assets(n, seed), ZERO_USE_TAGS), host=host, port=port, key=key)

    @property
    def key(self) -> str:
        """What clients must send in `X-API-Key`."""
        return self._key

    @property
    def url(self) -> str:
        """Where it listens: scheme, host and port, without a slash at the end.

        Raises RuntimeError unless it is started.
        """
        return self._running().url

    @property
    def app(self) -> Starlette:
        """The ASGI application, for use without a socket.

        Raises ImportError when Starlette is not installed.
        """
        if self._app is None:
            from ._app import build_app  # noqa: PLC0415 - needs the extra

            self._app = build_app(self._library, self._key)
        return self._app

    def sql(self, query: str, params: Sequence[SqlValue] = ()) -> list[tuple[SqlValue, ...]]:
        """The rows of one SQL query over the library, to compare what the API says with what is there. Read-only.

        The tables, in SQLite:

        - `assets`: `number` (its key in here, which the API never shows), `id`, `name`, `size` in bytes,
          `created_at`, `updated_at`, `last_access_time` (RFC 3339 texts of one width, which compare as the instants
          do), `asset_hash`, `mime_type`, `user_metadata` (JSON text), `preview_path`, `preview_id`, `prompt_id`,
          `owner` ('account' or 'public'), `is_immutable` (0 or 1), and `name_folded`, the name with A to Z in lower
          case. What an asset does not have is NULL.
        - `asset_tags`: `asset`, `tag`: one row for each tag of each asset; `asset` is the asset's `number`.
        - `tags`: `name`: every tag there is, also those no asset has.

        A fourth, `asset_metadata`, holds what the metadata filter looks at and may change.

        Raises sqlite3.OperationalError when the query would write, another sqlite3.Error when SQLite refuses it.
        """
        return self._library.sql(query, params)

    def start(self) -> Self:
        """Listen, and return when requests are answered. Starting it again changes nothing.

        Raises OSError when the address cannot be listened on, ImportError when Starlette or uvicorn is not
        installed, RuntimeError when it is closed already.
        """
        if self._closed:
            raise RuntimeError("This sandbox is closed: make a new one.")
        if self._server is None:
            from ._server import ServerThread  # noqa: PLC0415 - needs the extra

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

    def _running(self) -> ServerThread:
        if self._server is None:
            raise RuntimeError("This sandbox is not started: use it in a with block, or call start().")
        return self._server


def _check_key(key: str) -> None:
    if not (key and key.isascii() and key.isprintable() and key == key.strip()):
        raise ValueError("The key must be printable ASCII, not empty, without blanks at its ends.")
