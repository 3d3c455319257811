"""A real HTTP server on the loopback that records what arrives, byte for byte, and answers what it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What to answer: its headers are sent besides Content-Length."""

    status: int = 204
    content: bytes = b""
    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Received:
    """A request as it came in: `target` is what stands in the request line."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    content: bytes

    def header(self, name: str) -> str | None:
        """The header's value, None if it is not there; a failure if it is there twice."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) < 2, f"{name} is sent {len(found)} times"
        return found[0] if found else None

    @property
    def path(self) -> str:
        """The target before its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The target's query."""
        return self.target.partition("?")[2]


@dataclass
class Server:
    """Where it is, what it answers to everybody, and what it received so far."""

    url: str
    answer: Answer = field(default_factory=Answer)
    received: list[Received] = field(default_factory=list)

    @property
    def last(self) -> Received:
        """The only request so far, which is forgotten."""
        (request,) = self.received
        self.received.clear()
        return request


_METHODS = ("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Test", ""
    told: Server

    def respond(self) -> None:
        """Record the request and answer it."""
        headers = tuple(self.headers.items())
        self.told.received.append(Received(self.command, self.path, headers, self._content()))
        answer = self.told.answer
        self.send_response(answer.status, "Because")
        if answer.content_type:
            self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if self.command != "HEAD" and answer.status != 204:
            self.wfile.write(answer.content)

    def _content(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(iter(self._chunk, b""))
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _chunk(self) -> bytes:
        content = self.rfile.read(int(self.rfile.readline(), 16))
        self.rfile.readline()
        return content

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class calls it
        """Nothing: what was received is recorded."""


@contextmanager
def running() -> Iterator[Server]:
    """A server that answers until the block is left."""
    told = Server("")
    handler = type("Handler", (_Handler,), {"told": told, **{f"do_{name}": _Handler.respond for name in _METHODS}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        told.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
