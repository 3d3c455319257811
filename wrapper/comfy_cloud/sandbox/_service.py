"""What is answered to a request: routes, the key, the dialect. No socket, no clock; a library behind it."""

from __future__ import annotations

import hmac
from http import HTTPStatus

from ._bodies import assets_body, encoded, error_body, tags_body
from ._exchange import SEQUENCE_HEADER, Answer, Asked
from ._filters import ListAssets, ListTags
from ._library import Library
from ._parameters import BadParameterError, read_request


class Service:
    """Answers the API's requests from a library. Safe to use from several threads."""

    def __init__(self, library: Library, key: str) -> None:
        """Answer from `library` those who send `key` in `X-API-Key`."""
        self._library = library
        self._key = key.encode()

    def answer(self, asked: Asked) -> Answer:
        """The answer to one request, of one instant of the library. It never raises."""
        given = asked.header("x-api-key").encode()
        if not hmac.compare_digest(given, self._key):
            said = "The API key in X-API-Key is not valid." if given else "No API key: send one in X-API-Key."
            return _json(401, encoded(error_body("UNAUTHORIZED", said)))
        try:
            return self._routed(asked)
        except BadParameterError as error:
            return _json(400, encoded(error_body("INVALID_QUERY", f"{error}.")))

    def _routed(self, asked: Asked) -> Answer:
        query: dict[str, list[str]] = {}
        for name, value in asked.query:
            query.setdefault(name, []).append(value)
        if asked.path not in {"/api/assets", "/api/tags"}:
            return _refused(asked, HTTPStatus.NOT_FOUND)
        if asked.method not in {"GET", "HEAD"}:
            return _refused(asked, HTTPStatus.METHOD_NOT_ALLOWED)
        if asked.path == "/api/assets":
            wanted = read_request(ListAssets, query)
            page = self._library.list_assets(wanted)
            return _json(200, encoded(assets_body(page.assets, page.total, wanted.offset, asked.base_url or None)))
        listed = read_request(ListTags, query)
        tags = self._library.list_tags(listed)
        return _json(200, encoded(tags_body(tags.tags, tags.total, listed.offset)))


def _refused(asked: Asked, status: HTTPStatus) -> Answer:
    return _json(status, encoded(error_body(status.name, f"{status.phrase}: {asked.method} {asked.path}")))


def _json(status: int, body: bytes, sequence: int = 0) -> Answer:
    headers = (("Content-Type", "application/json"), (SEQUENCE_HEADER, str(sequence)))
    return Answer(status, headers, body, sequence)
