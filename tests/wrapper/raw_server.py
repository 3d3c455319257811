"""A server of bare sockets on loopback: it does with each request what a step says, however wrong."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

TIME = "2026-01-01T00:00:00Z"
ASSET = {"id": "00000000-0000-4000-8000-000000000001", "name": "a", "created_at": TIME, "updated_at": TIME}
PAGE = json.dumps({"assets": [ASSET], "total": 1, "has_more": False}).encode()


@dataclass
class Asked:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class RawServer:
    """What is known of a server while it runs.

    Attributes:
        url: Where it is.
        asked: The requests, in the order of their coming.
        sent: Bytes that were sent, where a step counts them.
        stopping: Set when the server ends, so that no step waits any longer.
    """

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    sent: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)


Step = Callable[[socket.socket, Asked, RawServer], Any]
"""What to do with a request; returning a true value leaves the connection open for the next one."""


def answer(body: bytes = PAGE, status: int = 200, *, length: int | None = None, **headers: str) -> Step:
    """A step that sends an answer, of a stated length if given; header names are written with underscores."""
    known = {"Content_Type": "application/json", "Content_Length": str(len(body) if length is None else length)}
    names = {**known, **headers}
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Whatever"
    head = f"HTTP/1.1 {status} {phrase}\r\n"
    head += "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in names.items() if value)
    data = head.encode("latin-1") + b"Connection: close\r\n\r\n" + body

    def step(connection: socket.socket, _: Asked, __: RawServer) -> None:
        connection.sendall(data)

    return step


def reset(before: bytes = b"") -> Step:
    """A step that sends something and breaks the connection, so that the other side gets ECONNRESET."""

    def step(connection: socket.socket, _: Asked, __: RawServer) -> None:
        connection.sendall(before)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return step


def stall(before: bytes = b"") -> Step:
    """A step that sends something, and then nothing for ever."""

    def step(connection: socket.socket, _: Asked, server: RawServer) -> None:
        connection.sendall(before)
        server.stopping.wait()

    return step


def drip(before: bytes, piece: bytes, every_s: float = 0.01) -> Step:
    """A step that sends something, and then a small piece again and again."""

    def step(connection: socket.socket, _: Asked, server: RawServer) -> None:
        connection.sendall(before)
        while not server.stopping.wait(every_s):
            connection.sendall(piece)

    return step


def flood(total: int, before: bytes) -> Step:
    """A step that sends chunks of 64 KB, until they are as many bytes or the other side has enough."""
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"

    def step(connection: socket.socket, _: Asked, server: RawServer) -> None:
        connection.sendall(before)
        while server.sent < total:
            connection.sendall(chunk)
            server.sent += 0x10000
        connection.sendall(b"0\r\n\r\n")

    return step


def bomb(size: int) -> bytes:
    """So many zeros, compressed a thousandfold."""
    return gzip.compress(bytes(size), 9)


def read_request(connection: socket.socket) -> Asked | None:
    """The next request of a connection, or None at its end."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Asked(method, target, headers, body)


@contextmanager
def raw_server(*steps: Step, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Serve: the first request gets the first step, and so on; the last step goes on for ever."""
    server = RawServer()
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    server.url = f"http{'s' if tls else ''}://127.0.0.1:{listener.getsockname()[1]}"
    lock, threads = threading.Lock(), list[threading.Thread]()

    def serve(connection: socket.socket) -> None:
        # The other side goes away when it has enough; that is its right.
        with connection, contextlib.suppress(OSError, ValueError):
            wrapped = tls.wrap_socket(connection, server_side=True) if tls else connection
            with wrapped:
                while (asked := read_request(wrapped)) is not None:
                    with lock:
                        server.asked.append(asked)
                        step = steps[min(len(server.asked), len(steps)) - 1]
                    if not step(wrapped, asked, server):
                        return

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            if server.stopping.is_set():
                connection.close()
                return
            thread = threading.Thread(target=serve, args=(connection,))
            threads.append(thread)
            thread.start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield server
    finally:
        server.stopping.set()
        socket.create_connection(listener.getsockname()).close()
        accepting.join()
        listener.close()
        for thread in threads:
            thread.join()
