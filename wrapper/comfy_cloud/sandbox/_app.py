"""The HTTP face of a library: routes, the key, and errors as bodies of the spec."""

from __future__ import annotations

import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING

from ._bodies import assets_body, encoded, error_body, tags_body
from ._filters import ListAssets, ListTags
from ._parameters import BadParameterError, Query, read_request

try:
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.middleware import Middleware
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route
except ImportError as error:
    from ._extra import MISSING

    raise ImportError(MISSING) from error

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from ._library import Library


def build_app(library: Library, key: str) -> Starlette:
    """The ASGI application that serves `library` to those who send `key` in `X-API-Key`."""

    async def list_assets(request: Request) -> Response:
        asked = read_request(ListAssets, _query(request))
        page = library.list_assets(asked)
        return _json(200, encoded(assets_body(page.assets, page.total, asked.offset, _base_url(request.scope))))

    async def list_tags(request: Request) -> Response:
        asked = read_request(ListTags, _query(request))
        page = library.list_tags(asked)
        return _json(200, encoded(tags_body(page.tags, page.total, asked.offset)))

    app = Starlette(
        routes=[Route("/api/assets", list_assets), Route("/api/tags", list_tags)],
        middleware=[Middleware(_NeedsKey, key=key)],
        exception_handlers={BadParameterError: _bad_parameter, HTTPException: _refused, Exception: _failed},
    )
    app.router.redirect_slashes = False
    return app


class _NeedsKey:
    """Lets a request through only with the key. It stands before the routes, so a path tells nothing without it."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app = app
        self._key = key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = b"".join(value for name, value in scope.get("headers", ()) if name == b"x-api-key")
        if scope["type"] != "http" or hmac.compare_digest(given, self._key):
            await self._app(scope, receive, send)
            return
        said = "The API key in X-API-Key is not valid." if given else "No API key: send one in X-API-Key."
        await _json(401, encoded(error_body("UNAUTHORIZED", said)))(scope, receive, send)


async def _bad_parameter(_: Request, error: Exception) -> Response:
    return _json(400, encoded(error_body("INVALID_QUERY", f"{error}.")))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    said = f"{status.phrase}: {request.method} {request.url.path}"
    return _json(status, encoded(error_body(status.name, said)), dict(error.headers or {}))


async def _failed(_: Request, __: Exception) -> Response:
    # Starlette raises the error again after this answer, and the server writes its traceback to the log.
    return _json(500, encoded(error_body("INTERNAL_ERROR", "The sandbox failed to answer; its log says why.")))


def _json(status: int, body: bytes, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, headers, media_type="application/json")


def _query(request: Request) -> Query:
    query: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        query.setdefault(name, []).append(value)
    return query


def _base_url(scope: Scope) -> str | None:
    """Where this request arrived. Not from the Host header, which may say anything, not even a valid URI."""
    if scope.get("server") is None or scope["server"][1] is None:
        return None
    host, port = scope["server"]
    return f"{scope['scheme']}://{f'[{host}]' if ':' in host else host}:{port}"
