"""An ASGI application served on a socket, by uvicorn's HTTP protocol in a thread of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import weakref
from contextlib import suppress
from email.utils import formatdate
from threading import Event, Thread
from typing import TYPE_CHECKING, cast

from .line import EXTENSION, Line

try:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol
    from uvicorn.server import ServerState
except ImportError as error:
    from comfy_cloud.sandbox._extra import MISSING

    raise ImportError(MISSING) from error

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_BACKLOG = 512
_GRACE_SECONDS = 5
_ACCEPTING_TURNS = 5
"""In how many turns of the event loop what it has accepted becomes a connection: three in CPython 3.11 to 3.14."""
_MAX_HEAD = 1 << 20
"""How long a request's head may be, in bytes, before uvicorn refuses it; what is too long the service says earlier."""


class _Protocol(H11Protocol):
    """One connection. It tells the application which one, and when it has ended."""

    line: Line

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        # asyncio does so only for sockets that name their protocol, and accepted ones do not. Without it, a body waits
        # up to 40 ms for the acknowledgement of its head.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.line = Line(transport)
        self.app = _with_line(self.app, self.line)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.line.lost()


def _with_line(app: ASGIApp, line: Line) -> ASGIApp:
    async def aware(scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {EXTENSION: line}
        await app(scope, receive, send)

    return aware


class ServerThread:
    """Serves from construction, which returns when requests are answered, until `close`.

    Signal handlers stay as they are. Only errors are logged, to the loggers of uvicorn. uvicorn's `Server` is left
    out, because it takes several tenths of a second to stop and waits for answers that a fault holds back.

    After a fork only the parent serves: the child's copy of the listening socket is closed at once, so that the port
    is free as soon as the parent is done with it, and `close` in the child does nothing.
    """

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        """Listen on `host`; port 0 is any free one.

        Raises OSError when the address cannot be listened on.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self._process = os.getpid()
        self._config = _config(app)
        self._state = ServerState()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._failure: BaseException | None = None
        self._ready = Event()
        # A daemon, so that a program which forgot to close the sandbox can still end.
        self._thread = Thread(target=self._run, name="comfy-cloud-sandbox", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self.close()
            raise RuntimeError("The sandbox's server did not start.") from self._failure
        _SERVERS.add(self)

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
        """Stop listening, break off what is still being answered, end the thread. May be called twice."""
        if os.getpid() != self._process:
            return
        if self._thread.is_alive() and self._loop is not None and self._stop is not None:
            with suppress(RuntimeError):  # the loop has just ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._socket.close()

    def forget(self) -> None:
        """Close this process's copy of the listening socket. For the child of a fork."""
        self._socket.close()

    def _run(self) -> None:
        try:
            # This loop on every system and whatever policy is set, because it can stop to accept.
            # Not in debug mode, which python -X dev turns on: it would report every long answer as a slow task.
            with asyncio.Runner(debug=False, loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - the constructor raises it in the caller's thread
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._config.load()
        server = await self._loop.create_server(self._protocol, sock=self._socket)
        self._dated()
        self._ready.set()
        await self._stop.wait()
        # First no new ones: one that is being accepted while its server closes would be lost, and its socket leak.
        self._loop.remove_reader(self._socket)
        for _ in range(_ACCEPTING_TURNS):
            await asyncio.sleep(0)
        server.close()
        await self._break_off()

    async def _break_off(self) -> None:
        """End all connections and the tasks that answer on them, whose waits end with their connections."""
        lines = [cast("_Protocol", connection).line for connection in self._state.connections]
        for line in lines:
            line.abort()
        if tasks := list(self._state.tasks):
            await asyncio.wait(tasks, timeout=_GRACE_SECONDS)
        for line in lines:
            await line.end()

    def _protocol(self) -> _Protocol:
        return _Protocol(self._config, self._state, {})

    def _dated(self) -> None:
        """Keep the Date header right to the second."""
        self._state.default_headers = [(b"date", formatdate(usegmt=True).encode())]
        asyncio.get_running_loop().call_later(1, self._dated)


def _config(app: ASGIApp) -> uvicorn.Config:
    """The same parser whatever else is installed; no lifespan, since the application has none."""
    return uvicorn.Config(
        app,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        h11_max_incomplete_event_size=_MAX_HEAD,
    )


_SERVERS: weakref.WeakSet[ServerThread] = weakref.WeakSet()


def _forget_all() -> None:
    for server in list(_SERVERS):
        server.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
