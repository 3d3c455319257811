"""Faults that put another answer in the place of the right one: a status, a login page, a redirect. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from comfy_cloud.sandbox._serving.exchange import Answer, Asked, Pairs

from .fault import Effect, part
from .kinds import Headers, HeaderValue, Text, Whole, Word

SHAPES = ("spec", "nested", "flat", "bare", "text", "html", "empty")
"""The bodies that errors were seen with: see `status` in `comfy_cloud.sandbox.faults`."""

_HTML = "text/html; charset=utf-8"
_LOGIN = (
    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>"
    "<body><h1>Sign in</h1><p>Sign in to this network to go on.</p></body></html>\n"
)


@dataclass(frozen=True, slots=True)
class Status(Effect):
    """An answer with a status, in one of the shapes that errors come in."""

    name: ClassVar[str] = "status"
    status: int = part(Whole(200, 599), 500)
    shape: str = part(Word(*SHAPES), "spec")
    code: str = part(Text(), "")
    message: str = part(Text(), "")
    retry_after: str = part(HeaderValue(), "")
    header: Pairs = part(Headers(), ())  # noqa: RUF009 - a field
    body: str | None = part(Text(), None)

    def instead(self, asked: Asked) -> Answer | None:  # noqa: ARG002 - the interface
        """Without asking the service."""
        phrase = _phrase(self.status)
        code = self.code or phrase.upper().replace(" ", "_").replace("-", "_")
        content_type, body = _shaped(self.shape, self.status, code, self.message or phrase)
        chosen = {name.lower() for name, _ in self.header}
        headers: list[tuple[str, str]] = []
        if content_type and "content-type" not in chosen:
            headers.append(("Content-Type", content_type))
        if self.retry_after:
            headers.append(("Retry-After", self.retry_after))
        text = body if self.body is None else self.body
        return Answer(self.status, (*headers, *self.header), text.encode())


@dataclass(frozen=True, slots=True)
class Html(Effect):
    """A login wall: 200 with an HTML page."""

    name: ClassVar[str] = "html"

    def instead(self, asked: Asked) -> Answer | None:  # noqa: ARG002 - the interface
        """Whatever was asked for."""
        return Answer(200, (("Content-Type", _HTML),), _LOGIN.encode())


@dataclass(frozen=True, slots=True)
class Redirect(Effect):
    """A redirect to a path or URL; without one, to what was asked for, a loop."""

    name: ClassVar[str] = "redirect"
    to: str = part(HeaderValue(), "")
    status: int = part(Whole(300, 399), 302)

    def instead(self, asked: Asked) -> Answer | None:
        """An empty body; all is in the Location."""
        return Answer(self.status, (("Location", self.to or asked.target or asked.path),), b"")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # 499 and 520 to 527 are in use, but not registered
        return f"Error {status}"


def _shaped(shape: str, status: int, code: str, message: str) -> tuple[str, str]:
    """The media type and the body of an error in one of the `SHAPES`."""
    page = (
        f"<html>\n<head><title>{status} {message}</title></head>\n<body><h1>{status} {message}</h1></body>\n</html>\n"
    )
    as_json: Mapping[str, object] = {
        "spec": {"code": code, "message": message},
        "nested": {"error": {"code": code, "message": message, "details": {}}},
        "flat": {"error_code": code, "message": message, "details": {}},
        "bare": {"error": message},
    }
    if shape in as_json:
        return "application/json", json.dumps(as_json[shape])
    return {"text": ("text/plain; charset=utf-8", f"{status} {message}"), "html": (_HTML, page)}.get(shape, ("", ""))
