"""The ways in: over a socket, as an ASGI application, and in process, with the log of requests."""
