"""Pages as text, a piece for each page, so that output streams: a table, JSON, NDJSON or CSV. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from comfy_cloud.cli.layout import fitted, line
from comfy_cloud.cli.rows import Kind
from comfy_cloud.cli.showing import visible

T = TypeVar("T")
Format: TypeAlias = Literal["table", "json", "ndjson", "csv"]
Pages: TypeAlias = Iterable[Sequence[T]]


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a table is shown.

    Attributes:
        width: In cells; None where it is no terminal, so that nothing is shortened.
        heading: Makes the line of headings stand out.
        now: What time it is, aware.
        shown: Whether it is a terminal, which nothing from a server may command.
    """

    width: int | None
    heading: Callable[[str], str]
    now: dt.datetime
    shown: bool = False


def pieces(form: Format, kind: Kind[T], pages: Pages[T], screen: Screen) -> Iterator[str]:
    """The text of all pages in one format, a piece for each page as it comes."""
    match form:
        case "table":
            return _table(kind, pages, screen)
        case "json":
            return _document(kind, pages)
        case "ndjson":
            return ("".join(f"{json_text(kind.plain(item))}\n" for item in page) for page in pages)
        case "csv":
            return _csv(kind, pages, screen)


def json_text(value: object, indent: int | None = None) -> str:
    """A value as JSON. Times are ISO 8601 in UTC with `Z`; what a terminal might obey is escaped."""
    return escaped(json.dumps(value, ensure_ascii=False, indent=indent, default=_plain))


def escaped(text: str) -> str:
    """JSON with each character that is not printable as an escape, which means the same: they stand in strings only."""
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(char: str) -> str:
    """Line breaks stand between elements; those in strings are escapes already. `json` leaves DEL as it is."""
    if char.isprintable() or char == "\n":
        return char
    return "\\u007f" if char == "\x7f" else json.dumps(char)[1:-1]


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} is nothing that JSON holds.")


def _document(kind: Kind[T], pages: Pages[T]) -> Iterator[str]:
    """One array, an element a line; where the listing fails it stays open, so that nobody takes it for all."""
    before = "[\n"
    for page in pages:
        texts = [f"  {json_text(kind.plain(item))}" for item in page]
        if texts:
            yield before + ",\n".join(texts)
            before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _csv(kind: Kind[T], pages: Pages[T], screen: Screen) -> Iterator[str]:
    """By RFC 4180: lines end with CR LF, cells are quoted where they need it."""
    yield _lines([kind.headings])
    for page in pages:
        rows = [kind.row(item) for item in page]
        yield _lines([[*map(visible, row)] for row in rows] if screen.shown else rows)


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _table(kind: Kind[T], pages: Pages[T], screen: Screen) -> Iterator[str]:
    """The first page settles the widths, so that the rest can follow as it comes. Nothing listed is no table."""
    places = None
    for page in pages:
        rows = [kind.cells(item, screen.now) for item in page]
        head = ""
        if places is None and rows:
            places = fitted(kind.columns, rows, screen.width)
            headings = line([column.heading for column in kind.columns], places, cut=True)
            head = f"{screen.heading(headings)}\n"
        if places is not None:
            yield head + "".join(f"{line(row, places, cut=screen.width is not None)}\n" for row in rows)
