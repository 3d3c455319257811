"""The cells of a CSV: which columns there are, and what keeps a spreadsheet from computing what is in them. Pure."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Final

from comfy_cloud._tables import to_dicts
from comfy_cloud.asset import AssetBase

_COLUMNS: Final = (
    "id",
    "name",
    "asset_hash",
    "size",
    "mime_type",
    "tags",
    "user_metadata",
    "preview_url",
    "preview_id",
    "prompt_id",
    "created_at",
    "updated_at",
    "last_access_time",
    "is_immutable",
    "hash",
    "metadata",
    "job_id",
    "display_name",
)
_COMPUTED: Final = frozenset("=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\uff0d\uff20")
_STARTS: Final = frozenset("\t\r\n'") | _COMPUTED
_HALVES: Final = re.compile("[\ud800-\udfff]")


def columns() -> tuple[str, ...]:
    """The headings, which are the keys of `to_dicts`, in its order."""
    return _COLUMNS


def row(asset: AssetBase) -> list[str]:
    """One asset's cells, as many as there are columns, each safe to open in a spreadsheet.

    What is missing is empty. Times are ISO 8601 in UTC with `Z`, sizes are bytes, truth is `true` or `false`. Tags and
    metadata are JSON on one line, as a tag may hold any separator.
    """
    values = to_dicts([asset])[0]
    return [_cell(values[name]) for name in _COLUMNS]


def safe(text: str) -> str:
    """A text as a cell that spreadsheets show and do not compute.

    One that begins with `=`, `+`, `-` or `@` (also full-width ones, or behind blanks and control characters), with a
    tab or with a line break gets an apostrophe put in front, which spreadsheets take for "this is text". One that
    begins with an apostrophe gets another, so that to take one away gives every text back. Halves of surrogate pairs,
    which no file can hold, become U+FFFD.

    It holds for the separator that the file was written with: whoever opens a CSV with commas as one with semicolons
    has other cells.
    """
    text = _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)
    first = next((char for char in text if char.isprintable() and not char.isspace()), "")
    return f"'{text}" if text[:1] in _STARTS or first in _COMPUTED else text


def _cell(value: object) -> str:
    """Numbers are written as they are: a minus sign before digits computes nothing."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case dt.datetime():
            return value.isoformat().replace("+00:00", "Z")
        case str():
            return safe(value)
        case _:
            return safe(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


__all__ = ["columns", "row", "safe"]
