"""What is answered to a request: routes, the key, the dialect. No socket, no clock; a library behind it."""

from __future__ import annotations

import hmac
import logging
import re
from http import HTTPStatus
from typing import TypeAlias

from comfy_cloud.sandbox._library.filters import ListAssets, ListTags
from comfy_cloud.sandbox._library.library import Library
from comfy_cloud.sandbox._serving.exchange import SEQUENCE_HEADER, Answer, Asked, Pairs
from comfy_cloud.sandbox._site.view import VIEW, Pictures

from .bodies import Body, asset_body, assets_body, encoded, error_body, query_error_body, tags_body
from .cursors import BadCursorError, cursor_after, place_of
from .dialects import CLOUD, Dialect
from .parameters import Query, read_request
from .problems import BadQueryError, IndigestibleError

_Seen: TypeAlias = tuple[Body, int]
"""The body of a 200, and the last change that was seen."""

_LONGEST_TARGET = 8190
"""Bytes of path and query that the observed server reads."""

_ASSET = re.compile(r"/api/assets/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.IGNORECASE)
_TEXT = "text/plain; charset=utf-8"
_LOGGER = logging.getLogger("comfy_cloud.sandbox")


class Service:
    """Answers the API's requests from a library, in one dialect. Safe to use from several threads.

    Every answer carries `X-Sandbox-Sequence`: the number of the last change of the library that it saw. The answer to
    HEAD is that to GET; whoever sends it leaves the body out.
    """

    def __init__(self, library: Library, key: str, dialect: Dialect = CLOUD, pictures: Pictures | None = None) -> None:
        """Answer from `library`; where the dialect needs a key, to those who send `key` in `X-API-Key`."""
        self.library = library
        self._pictures = pictures or Pictures(library)
        self.dialect = dialect
        self._key = key.encode()

    def answer(self, asked: Asked) -> Answer:
        """The answer to one request, of one instant of the library. It never raises: what fails is a 500."""
        try:
            if len(asked.target) > _LONGEST_TARGET:
                return self._too_long()
            return self._keyless(asked) or self._routed(asked)
        except Exception:
            _LOGGER.exception("The sandbox failed to answer %s %s", asked.method, asked.path)
            return self._error(500, "INTERNAL_ERROR", "The sandbox failed to answer; its log says why.", sequence=0)

    def _keyless(self, asked: Asked) -> Answer | None:
        """The refusal of a request without the key. It comes before the routes, so a path tells nothing without it."""
        given = asked.header("x-api-key").encode("utf-8", "replace")
        if not self.dialect.key or hmac.compare_digest(given, self._key):
            return None
        said = "The API key in X-API-Key is not valid." if given else "No API key: send one in X-API-Key."
        return self._error(401, "UNAUTHORIZED", said)

    def _routed(self, asked: Asked) -> Answer:
        identity = _ASSET.fullmatch(asked.path) if self.dialect.single else None
        if identity is None and asked.path not in {"/api/assets", "/api/tags", VIEW}:
            return self._refused(404, asked)
        if asked.method not in {"GET", "HEAD"}:
            return self._refused(405, asked, (("Allow", "GET, HEAD"),))
        if identity is not None:
            return self._single(identity[1].lower(), asked)
        return self._view(asked) if asked.path == VIEW else self._listed(asked)

    def _listed(self, asked: Asked) -> Answer:
        query = _query(asked)
        try:
            body, sequence = self._assets(query, asked) if asked.path == "/api/assets" else self._tags(query)
        except BadQueryError as error:
            return self._answer(400, query_error_body(self.dialect, error, query))
        except BadCursorError as error:
            return self._error(400, "INVALID_CURSOR", str(error))
        except IndigestibleError as error:
            return self._indigestible(error)
        return self._answer(200, body, sequence)

    def _assets(self, query: Query, asked: Asked) -> _Seen:
        wanted = read_request(ListAssets, query, self.dialect)
        place = None if wanted.after is None else place_of(wanted.after, wanted.sort, wanted.order)
        page = self.library.list_assets(wanted, place, self.dialect.ties)
        cursor = None
        if self.dialect.cursors and page.more:
            cursor = cursor_after(page.last, wanted.sort, wanted.order)
        # Observed: behind a cursor, there is more when there is a cursor; else it is counted.
        counted = wanted.offset + len(page.rows) < page.total
        items = [asset_body(row, self.dialect, asked.base_url) for row in page.rows]
        has_more = counted if place is None else cursor is not None
        return assets_body(items, page.total, has_more, cursor), page.sequence

    def _tags(self, query: Query) -> _Seen:
        wanted = read_request(ListTags, query, self.dialect)
        page = self.library.list_tags(wanted)
        return tags_body(page.tags, page.total, wanted.offset), page.sequence

    def _single(self, identity: str, asked: Asked) -> Answer:
        row, sequence = self.library.get(identity)
        if row is None:
            said = f"AssetReference {identity} not found"  # the observed server's word for an asset
            return self._error(404, "ASSET_NOT_FOUND", said, {"id": identity}, sequence=sequence)
        return self._answer(200, asset_body(row, self.dialect, asked.base_url), sequence)

    def _view(self, asked: Asked) -> Answer:
        picture = self._pictures.viewed(asked.query)
        if picture is None:
            return self._refused(404, asked)
        return self._made(200, picture.content, picture.mime_type, (("X-Content-Type-Options", "nosniff"),), None)

    def _indigestible(self, error: IndigestibleError) -> Answer:
        if self.dialect.failures == "text":
            return self._text(500, "500 Internal Server Error\n\nServer got itself in trouble")
        return self._error(400, "INVALID_QUERY", f"{error}.")

    def _too_long(self) -> Answer:
        said = f"The request target is longer than {_LONGEST_TARGET} bytes"
        if self.dialect.failures == "text":
            return self._text(400, f"400 Bad Request\n\n{said}")
        return self._error(400, "INVALID_QUERY", f"{said}.")

    def _refused(self, status: int, asked: Asked, headers: Pairs = ()) -> Answer:
        reason = HTTPStatus(status)
        if self.dialect.failures == "text":
            return self._text(status, f"{status}: {reason.phrase}", headers)
        return self._error(status, reason.name, f"{reason.phrase}: {asked.method} {asked.path}", headers=headers)

    def _error(  # noqa: PLR0913 - what an error has
        self,
        status: int,
        code: str,
        message: str,
        details: dict[str, object] | None = None,
        *,
        sequence: int | None = None,
        headers: Pairs = (),
    ) -> Answer:
        return self._answer(status, error_body(self.dialect, code, message, details or {}), sequence, headers)

    def _answer(self, status: int, body: Body, sequence: int | None = None, headers: Pairs = ()) -> Answer:
        kind = "application/json; charset=utf-8" if self.dialect.spaced else "application/json"
        return self._made(status, encoded(body, self.dialect), kind, headers, sequence)

    def _text(self, status: int, text: str, headers: Pairs = ()) -> Answer:
        return self._made(status, text.encode(), _TEXT, headers, None)

    def _made(self, status: int, body: bytes, kind: str, headers: Pairs, sequence: int | None) -> Answer:
        seen = self.library.sequence if sequence is None else sequence
        return Answer(status, (("Content-Type", kind), (SEQUENCE_HEADER, str(seen)), *headers), body, seen)


def _query(asked: Asked) -> dict[str, list[str]]:
    query: dict[str, list[str]] = {}
    for name, value in asked.query:
        # What cannot be text, because it was not UTF-8, becomes a replacement character, as it does in servers.
        query.setdefault(name, []).append(value.encode("utf-8", "replace").decode())
    return query
