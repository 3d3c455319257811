"""The servers of a case on loopback: two origins, a third at which nothing listens, and the gateway to all others.

The gateway is the first origin too. A request that carries `X-Conformance-Url` is answered as if it had been sent
there, so that a runner whose library has exchangeable transports can be checked for what it does on https, or on other
machines, without certificates or names.
"""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Final, Self
from urllib.parse import urlsplit

from comfy_cloud.conformance._worlds import CLOSED, OTHER, SERVER, Answer, Asked, EndlessError, Trouble, World

URL_HEADER: Final = "x-conformance-url"
_LOOPBACK: Final = "127.0.0.1"
_STALLED_S: Final = 30.0
_LINGER_NOT: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""Makes closing a connection break it."""


class Servers:
    """Loopback servers, to be started once for many cases; a context manager.

    Attributes:
        places: The address of each place.
    """

    def __init__(self) -> None:
        self._world: World | None = None
        self._lock = Lock()
        self._listening = [_Server(self, place) for place in (SERVER, OTHER)]
        self._closed = socket.socket()
        self._closed.bind((_LOOPBACK, 0))  # bound, so that nobody else listens there
        ports = [*(server.server_address[1] for server in self._listening), self._closed.getsockname()[1]]
        self.places: Final[Mapping[str, str]] = {
            place: f"http://{_LOOPBACK}:{port}" for place, port in zip((SERVER, OTHER, CLOSED), ports, strict=True)
        }
        self._threads = [Thread(target=server.serve_forever, args=(0.01,)) for server in self._listening]
        for thread in self._threads:
            thread.start()

    @property
    def gateway(self) -> str:
        """Where requests to other machines go, with their URL in a header."""
        return self.places[SERVER]

    @contextmanager
    def serving(self, world: World) -> Generator[None]:
        """Within the block, requests are answered by this world."""
        with self._lock:
            self._world = world
        try:
            yield
        finally:
            with self._lock:
                self._world = None

    def answer(self, asked: Asked) -> Answer | Trouble:
        """What the world of the moment answers; one request at a time."""
        with self._lock:
            try:
                return Answer(404, (), b"") if self._world is None else self._world.answer(asked)
            except EndlessError:
                return Trouble.RESET

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for server, thread in zip(self._listening, self._threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()
        self._closed.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, servers: Servers, place: str) -> None:
        self.servers, self.place = servers, place
        super().__init__((_LOOPBACK, 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a client that goes away is the client's business."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] # it is the only one that makes these

    def parse_request(self) -> bool:
        """Any method is answered alike."""
        if not super().parse_request():
            return False
        setattr(self, f"do_{self.command}", self._answer)
        return True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it that
        """Nothing."""

    def _answer(self) -> None:
        self.close_connection = True
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.server.servers.answer(self._asked())
        if answer is Trouble.STALL:
            self.connection.settimeout(_STALLED_S)
            with suppress(OSError):
                self.connection.recv(1)
        elif isinstance(answer, Trouble):
            if answer is Trouble.CUT:
                self._send(Answer(200, (("Content-Type", "application/json"),), b'{"assets": ['), more=100)
                return
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        else:
            self._send(answer)

    def _asked(self) -> Asked:
        headers = {name.lower(): value for name, value in self.headers.items()}
        url = headers.pop(URL_HEADER, None)
        if url is None:
            host = headers.get("host", "").rpartition(":")[0]
            origin = self.server.place if host == _LOOPBACK else f"http://{headers.get('host', '')}"
            return Asked(self.command, origin, self.path, headers)
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return Asked(self.command, f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", target, headers)

    def _send(self, answer: Answer, more: int = 0) -> None:
        """An answer; with `more`, it states so many bytes that never come."""
        stated = {"Content-Length": str(len(answer.body) + more), "Connection": "close"}
        self.send_response_only(answer.status)
        for name, value in {**stated, **dict(answer.headers)}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


__all__ = ["URL_HEADER", "Servers"]
