"""What an export consists of: its lines, and what tells one export from another. Pure."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias, cast, get_args

import msgspec

from comfy_cloud._tables import Row, to_dicts
from comfy_cloud.asset import AssetBase
from comfy_cloud.assets import AssetQuery
from comfy_cloud.cli import cells
from comfy_cloud.cli.formats import json_text
from comfy_cloud.errors import FilterError

Format: TypeAlias = Literal["csv", "ndjson"]

_VERSION: Final = 1  # another one whenever the same asset comes to be written as another line


def checked_format(value: str) -> Format:
    """A format.

    Raises:
        FilterError: there is no such one.
    """
    if value in get_args(Format):
        return cast("Format", value)
    raise FilterError(f"An export is written as {' or '.join(get_args(Format))}, not as {value!r}.")


def head(kind: Format) -> bytes:
    """What stands before the first asset: the names of the columns in a CSV, nothing in NDJSON."""
    return _csv([cells.columns()]) if kind == "csv" else b""


def lines(assets: Iterable[AssetBase], kind: Format) -> bytes:
    """The lines of these assets, in UTF-8, each with its end.

    CSV is that of RFC 4180, with cells that no spreadsheet computes. A line of NDJSON is an asset as `to_dicts` has it,
    with the same keys whatever the server sent; times are RFC 3339 in UTC with `Z`.
    """
    return _csv(map(cells.row, assets)) if kind == "csv" else b"".join(map(_json, to_dicts(assets)))


def digest(query: AssetQuery, kind: Format) -> str:
    """64 hexadecimal digits, equal for exports that go on from each other: of one server, query, limit and format."""
    spec, options, server = query._spec, query._options, query._transport.base_url  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - a digest is no business of users, and must not depend on a repr
    said = [_VERSION, spec.digest(), spec.limit, spec.verify, options.token, server, kind, cells.columns()]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def expected(query: AssetQuery, total: int) -> int | None:
    """How many assets an export comes to, where the server counts so many; None where that is not known."""
    spec = query._spec  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - as in `digest`
    if spec.filter:
        return None
    return total if spec.limit is None else min(total, spec.limit)


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _json(row: Row) -> bytes:
    try:
        return msgspec.json.encode(row) + b"\n"
    except UnicodeEncodeError:  # half of a surrogate pair, which UTF-8 does not have, and JSON can escape
        return f"{json_text(row)}\n".encode()


__all__ = ["Format", "checked_format", "digest", "expected", "head", "lines"]
