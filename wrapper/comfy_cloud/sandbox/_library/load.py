"""A library of your own, from a file or a folder.

- `.json`: a list of assets, or what `GET /api/assets` answered (an object with `assets`).
- `.ndjson` or `.jsonl`: an asset on each line; empty lines are passed over.
- `.csv`: a header row, then an asset in each row. Columns are the fields of an asset; `tags` are separated by `|` or
  are a JSON list, `user_metadata` and `metadata` are JSON objects, an empty cell is a field that the asset has not.
- a folder: see `_load_folder`.

The fields are those of the spec's `Asset`, see `_load_fields`. Text is UTF-8.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TypeAlias

from comfy_cloud.sandbox._errors import AssetError, LoadError

from .load_fields import KNOWN_FIELDS, Record, asset_row
from .load_folder import FolderError, folder_assets
from .model import AssetRow, Json, TagCase

Placed: TypeAlias = tuple[str, Record]
"""A record and where it stands in its file: `entry 3` or `line 7`, both counted from 1."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded. `previews` are the files that serve as previews, by the asset's `preview_path`."""

    assets: tuple[AssetRow, ...]
    previews: Mapping[str, Path] = field(default_factory=dict[str, Path])


def load(path: str | Path, case: TagCase = "folded") -> Loaded:
    """Read a library from a file or a folder. Everything is checked before anything is returned.

    `case` says whether tags are lower-cased, as the dialect's feature `tag_case`.

    Raises LoadError when it cannot be read, or holds what an asset cannot be.
    """
    path = Path(path)
    try:
        if path.is_dir():
            return Loaded(*folder_assets(path, case))
        read = _READERS.get(path.suffix.lower())
        if read is None:
            raise LoadError(f"Cannot load {path}: give a folder, or a file that ends in {', '.join(_READERS)}.")
        return Loaded(tuple(_assets(path, read(_content(path)), case)))
    except (_PlaceError, FolderError) as error:
        raise LoadError(f"{path}: {error}.") from None
    except OSError as error:
        raise LoadError(f"Cannot read {path}: {error.strerror or error}.") from None


class _PlaceError(ValueError):
    """Something is wrong at a place in the file, which the message starts with."""


def _content(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")  # spreadsheets start their files with a byte order mark
    except UnicodeDecodeError as error:
        raise _PlaceError(f"byte {error.start + 1} is not UTF-8 text") from None


def _assets(path: Path, records: Iterable[Placed], case: TagCase) -> Iterator[AssetRow]:
    places: dict[str, str] = {}
    for position, (place, record) in enumerate(records):
        try:
            asset = asset_row(record, position, case)
        except AssetError as error:
            raise LoadError(f"{path}, {place}: {error}") from None
        if asset.id in places:
            raise LoadError(f"{path}, {place}: id {asset.id} is that of {places[asset.id]} too.")
        places[asset.id] = place
        yield asset


def _from_json(content: str) -> Iterator[Placed]:
    document = _parsed(content, "")
    entries = document.get("assets") if isinstance(document, Mapping) else document
    if not isinstance(entries, list):
        raise _PlaceError("it must be a list of assets, or an object with such a list as its assets")
    for number, entry in enumerate(entries, 1):
        yield _placed(f"entry {number}", entry)


def _from_lines(content: str) -> Iterator[Placed]:
    # Split at line feeds alone: the other things that Python takes for line ends may stand in a JSON text.
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield _placed(f"line {number}", _parsed(line, f"line {number}: "))


def _from_csv(content: str) -> Iterator[Placed]:
    rows = csv.reader(StringIO(content, newline=""), strict=True)
    line = 1
    try:
        header = next(rows, list[str]())
        _check_header(header)
        line = rows.line_num + 1
        for row in rows:
            if row:
                yield f"line {line}", _row(header, row, f"line {line}: ")
            line = rows.line_num + 1
    except csv.Error as error:
        raise _PlaceError(f"line {line}: {error}") from None


def _check_header(header: list[str]) -> None:
    unknown = [column for column in header if column not in KNOWN_FIELDS]
    if unknown:
        raise _PlaceError(f"line 1: no asset has a field {unknown[0]!r}; there are {', '.join(KNOWN_FIELDS)}")
    if len(set(header)) < len(header):
        raise _PlaceError("line 1: a column is there twice")
    if "name" not in header:
        raise _PlaceError("line 1: the header has no column name")


def _row(header: list[str], cells: list[str], place: str) -> Record:
    if len(cells) != len(header):
        raise _PlaceError(f"{place}{len(cells)} cells, where the header has {len(header)}")
    named = dict(zip(header, cells, strict=True))
    # Only a name can be empty; in the other columns an empty cell says that there is nothing to say.
    return {name: _cell(name, cell, place) for name, cell in named.items() if cell or name == "name"}


def _cell(name: str, cell: str, place: str) -> Json:
    if name == "tags" and not cell.lstrip().startswith("["):
        return cell.split("|")
    if name in {"tags", "user_metadata", "metadata"}:
        return _parsed(cell, f"{place}{name}: ")
    if name in {"public", "is_immutable"}:
        return {"true": True, "false": False}.get(cell.lower(), cell)
    if name == "size" and cell.isascii() and cell.isdigit():
        return int(cell) if len(cell) < 20 else float("inf")  # noqa: PLR2004 - no size has 20 digits
    return cell


def _placed(place: str, entry: Json) -> Placed:
    if not isinstance(entry, Mapping):
        raise _PlaceError(f"{place}: an asset must be a JSON object")
    return place, entry


def _parsed(content: str, place: str) -> Json:
    try:
        document: Json = json.loads(content, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}" if not place else f"column {error.colno}"
        raise _PlaceError(f"{place}not JSON at {where}") from None
    except (ValueError, RecursionError) as error:
        raise _PlaceError(f"{place}not JSON that can be read: {error}") from None
    return document


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON number")


_READERS = {".json": _from_json, ".ndjson": _from_lines, ".jsonl": _from_lines, ".csv": _from_csv}
