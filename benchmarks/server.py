"""Serve libraries over HTTP with as little work as possible, in a process of its own: it is not what is measured.

A base URL of `http://127.0.0.1:PORT/KIND/TOTAL/LATENCY` is a server that holds the first TOTAL assets of a library and
answers each request after LATENCY milliseconds.
"""

from __future__ import annotations

import re
import socketserver
import sys
import time
from functools import cache
from pathlib import Path
from typing import Final

from pages import Library

_REQUEST: Final = re.compile(rb"GET /(\w+(?:-\w+)?)/(\d+)/(\d+)/api/assets\?(\S*) HTTP/1.1\r\n")
_NUMBER: Final = {name: re.compile(rb"(?:^|&)" + name + rb"=(\d+)") for name in (b"offset", b"limit")}
FOLDER: Final = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()


@cache
def library(kind: str) -> Library:
    """A library, opened when it is first asked for."""
    return Library(FOLDER, kind)


def number(name: bytes, query: bytes, default: int) -> int:
    """The value of a parameter."""
    match = _NUMBER[name].search(query)
    return int(match[1]) if match else default


class Handler(socketserver.BaseRequestHandler):
    """One connection, in a thread of its own."""

    def handle(self) -> None:
        """Answer until the client closes it."""
        while head := self._head():
            kind, total, latency_ms, query = self._asked(head)
            body = library(kind).page(number(b"offset", query, 0), number(b"limit", query, 20), total)
            time.sleep(latency_ms / 1000)
            length = sum(map(len, body))
            start = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n".encode()
            sent = self.request.sendmsg([start, *body])
            if sent < len(start) + length:
                self.request.sendall(memoryview(b"".join([start, *body]))[sent:])

    def _head(self) -> bytes:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            piece = self.request.recv(65536)
            if not piece:
                return b""
            head += piece
        return head

    def _asked(self, head: bytes) -> tuple[str, int, int, bytes]:
        match = _REQUEST.match(head)
        assert match is not None, head
        return match[1].decode(), int(match[2]), int(match[3]), match[4]


class Server(socketserver.ThreadingTCPServer):
    """Ends with the process that started it."""

    daemon_threads = True
    allow_reuse_address = True

    def get_request(self) -> tuple[object, object]:
        """As the base class's, without delaying small answers."""
        connection, address = super().get_request()
        connection.setsockopt(6, 1, 1)  # TCP_NODELAY
        return connection, address


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Handler) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
