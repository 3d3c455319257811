"""An ASGI application served by uvicorn in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
from threading import Event, Thread
from typing import TYPE_CHECKING

try:
    import uvicorn
except ImportError as error:
    from ._extra import MISSING

    raise ImportError(MISSING) from error

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_BACKLOG = 512
_GRACE_SECONDS = 1


class _Announcing(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Event) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._listening.set()


class ServerThread:
    """Serves from construction, which returns when requests are answered, until `close`.

    Signal handlers stay as they are. Only errors are logged, to the loggers of uvicorn.
    """

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        """Listen on `host`; port 0 is any free one.

        Raises OSError when the address cannot be listened on.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self._failure: BaseException | None = None
        self._ready = Event()
        self._server = _Announcing(_config(app), self._ready)
        # A daemon, so that a program which forgot to close the sandbox can still end.
        self._thread = Thread(target=self._run, name="comfy-cloud-sandbox", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self.close()
            raise RuntimeError("The sandbox's server did not start.") from self._failure

    @property
    def url(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def wait(self) -> None:
        """Return when the server ends, which it does not by itself."""
        # With a timeout, because on Windows Ctrl-C does not interrupt a wait that has none.
        while self._thread.is_alive():
            self._thread.join(timeout=0.5)

    def close(self) -> None:
        """Stop listening, end the connections and the thread. May be called twice."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._socket]))
        except BaseException as error:  # noqa: BLE001 - the constructor raises it in the caller's thread
            self._failure = error
        finally:
            self._ready.set()


def _config(app: ASGIApp) -> uvicorn.Config:
    """The same loop and parser whatever else is installed; no lifespan, since the application has none."""
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
