"""What the bodies of errors say, in whichever shape they come. Pure.

Servers of this API were observed to send at least five:

    {"code": ..., "message": ...}                       the API's document
    {"error": {"code": ..., "message": ..., "details": ...}}   ComfyUI 0.27
    {"error_code": ..., "message": ..., "details": ...}
    {"error": "text"}
    anything that is not JSON: text, a proxy's HTML page, nothing at all
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, NamedTuple, cast

EXCERPT_CHARACTERS: Final = 200
"""How much of a body that is not JSON is shown."""

_CODES: Final = ("code", "error_code", "type")
_MESSAGES: Final = ("message", "detail", "error_description", "title")
_DETAILS: Final = ("details", "errors")


class Told(NamedTuple):
    """What a server says of an error: `code` and `message` are empty, and `details` None, where it says nothing."""

    code: str
    message: str
    details: object


def read_error_body(content: bytes) -> Told:
    """Read the body of an error; an excerpt is the message where it is none of the known shapes."""
    try:
        body: object = json.loads(content)
    except (ValueError, RecursionError):
        return Told("", excerpt(content), None)
    if not isinstance(body, dict):
        return Told("", excerpt(content), None)
    outer = cast("Mapping[str, object]", body)
    error = outer.get("error")
    told = _told({**outer, **cast("Mapping[str, object]", error)} if isinstance(error, dict) else outer)
    if not told.message and isinstance(error, str):
        told = told._replace(message=error)
    return told if told.message or told.code else told._replace(message=excerpt(content))


def _told(fields: Mapping[str, object]) -> Told:
    details = next((fields[name] for name in _DETAILS if fields.get(name) is not None), None)
    return Told(_text(fields, _CODES), _text(fields, _MESSAGES), details)


def _text(fields: Mapping[str, object], names: tuple[str, ...]) -> str:
    """The first of these that is text, or a number."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return str(value).encode(errors="replace").decode()  # half of a surrogate pair cannot be printed
    return ""


def excerpt(content: bytes) -> str:
    """The beginning of a body, in one line."""
    words = content[: 5 * EXCERPT_CHARACTERS].decode(errors="replace").split()
    return printable(" ".join(words))[:EXCERPT_CHARACTERS]


def printable(text: str) -> str:
    """The same text, in which nothing moves a terminal's cursor or turns the direction of writing."""
    return "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text)
