"""The HTTP face: ASGI to and from the values of the front. It decides nothing."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING
from urllib.parse import quote

from .delivery import Delivery
from .exchange import Asked
from .front import Front, Visit, read_asked
from .line import EXTENSION, Line

try:
    from starlette.applications import Starlette
    from starlette.routing import Mount
except ImportError as error:
    from comfy_cloud.sandbox._extra import MISSING

    raise ImportError(MISSING) from error

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


def build_app(front: Front) -> Starlette:
    """The ASGI application that serves what `front` answers."""
    return Starlette(routes=[Mount("/", app=_Face(front))])


class _Face:
    """Translates. One task of the event loop for each request; only waiting gives way to others."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._in_line = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        asked = await _asked(scope, receive)
        visit = self._front.visit(asked)
        line = scope.get("extensions", {}).get(EXTENSION)
        async with self._turn(visit):
            if not await _waited(line, visit.wait):
                visit.left()
                return
            delivery = visit.delivery()
        if not await _delivered(delivery, line, send):
            visit.left()

    def _turn(self, visit: Visit) -> AbstractAsyncContextManager[object]:
        return self._in_line if visit.serialised else nullcontext()


async def _asked(scope: Scope, receive: Receive) -> Asked:
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    target = path + b"?" + scope["query_string"] if scope["query_string"] else path
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return read_asked(scope["method"], target.decode("latin-1"), headers, b"".join(parts), _base_url(scope))


def _base_url(scope: Scope) -> str:
    """Where this request arrived. Not from the Host header, which may say anything, not even a valid URI."""
    if scope.get("server") is None or scope["server"][1] is None:
        return ""
    host, port = scope["server"]
    return f"{scope['scheme']}://{f'[{host}]' if ':' in host else host}:{port}"


async def _waited(line: Line | None, seconds: float) -> bool:
    """Whether the client is still there after so many seconds. Another server than ours does not tell."""
    if line is not None:
        return await line.pause(seconds) if seconds else not line.is_gone
    if seconds:
        await asyncio.sleep(seconds)
    return True


async def _delivered(delivery: Delivery, line: Line | None, send: Send) -> bool:
    """Carry a delivery out; whether the client stayed until its end."""
    if delivery.ending != "complete" and line is None:
        raise ConnectionAbortedError("Faults that break connections need transport(), async_transport() or start().")
    if line is not None and (delivery.ending == "reset" or delivery.every):
        line.unbuffered()
    if delivery.head and not await _sent(delivery, line, send):
        return False
    if line is not None:
        await _ended(delivery, line)
    return True


async def _sent(delivery: Delivery, line: Line | None, send: Send) -> bool:
    """Send the head and the body; whether the client stayed. The body is complete only if the delivery is."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in delivery.headers]
    await send({"type": "http.response.start", "status": delivery.answer.status, "headers": headers})
    sent, size = 0, len(delivery.body) - len(delivery.surplus)
    for wait, piece in delivery.pieces():
        if wait and not await _waited(line, wait):
            return False
        sent += len(piece)
        await send(_body(piece, more=sent < size or delivery.ending != "complete"))
    if sent == 0 or delivery.ending != "complete":
        await send(_body(b"", more=delivery.ending != "complete"))
    return True


async def _ended(delivery: Delivery, line: Line) -> None:
    """End the connection as the delivery says, and return when it has ended; a complete one goes on."""
    if delivery.ending == "complete":
        if delivery.surplus:
            line.write(delivery.surplus)
        return
    if delivery.ending == "reset":
        line.reset()
    elif delivery.ending == "closed":
        line.close()
    await line.end()


def _body(data: bytes, *, more: bool) -> dict[str, object]:
    return {"type": "http.response.body", "body": data, "more_body": more}
