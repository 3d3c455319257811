"""The connection that a request came in on, for endings that ASGI has no words for."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress

LINGER_0 = struct.pack("ii", 1, 0)
"""SO_LINGER on, for no time: closing then sends a reset."""

EXTENSION = "comfy_cloud.line"
"""Under this name the sandbox's own server puts the `Line` into the extensions of the ASGI scope."""


class Line:
    """One connection, seen from an ASGI application. Only for the thread of its event loop."""

    def __init__(self, transport: asyncio.Transport) -> None:
        """Speak for this transport."""
        self._transport = transport
        self._gone = asyncio.Event()

    @property
    def is_gone(self) -> bool:
        """Whether the connection has ended."""
        return self._gone.is_set()

    async def pause(self, seconds: float) -> bool:
        """Wait, and return whether the connection is still there. It may end earlier, and so does the wait."""
        try:
            async with asyncio.timeout(seconds):
                await self._gone.wait()
        except TimeoutError:
            return True
        return False

    async def end(self) -> None:
        """Return when the connection has ended."""
        await self._gone.wait()

    def unbuffered(self) -> None:
        """From now on a second write waits until the first is with the operating system."""
        self._transport.set_write_buffer_limits(0)

    def write(self, data: bytes) -> None:
        """Send bytes that HTTP knows nothing of."""
        self._transport.write(data)

    def close(self) -> None:
        """Send what is waiting, then close in order, also where the child of a fork has a copy of the socket."""
        self._transport.write_eof()
        self._transport.close()

    def reset(self) -> None:
        """Break the connection off, with a TCP reset; it is sent once no child of a fork has a copy of the socket."""
        own = self._transport.get_extra_info("socket")
        with suppress(OSError):  # it has ended already
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_0)
        self._transport.abort()

    def abort(self) -> None:
        """Close without waiting for anything, also where the child of a fork has a copy of the socket."""
        own = self._transport.get_extra_info("socket")
        with suppress(OSError):  # it has ended already
            own.shutdown(socket.SHUT_RDWR)
        self._transport.abort()

    def lost(self) -> None:
        """Called by the server when the connection has ended, whoever ended it."""
        self._gone.set()
