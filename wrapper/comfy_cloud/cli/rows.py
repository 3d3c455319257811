"""What is listed, as rows of a table, of JSON and of a CSV. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

from comfy_cloud._tables import to_dicts
from comfy_cloud.asset import Asset, human_size
from comfy_cloud.cli import cells
from comfy_cloud.cli.layout import Column
from comfy_cloud.cli.showing import listed, visible, when
from comfy_cloud_api.models import TagInfo

T = TypeVar("T")
Row: TypeAlias = dict[str, Any]  # Any: metadata is whatever JSON holds


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of thing to list.

    Attributes:
        noun: What several of them are called.
        columns: Of a table.
        cells: One of them in these columns, at a time that is taken for now.
        headings: Of a CSV.
        row: One of them under these headings, safe in spreadsheets.
        plain: One of them as plain values, for JSON.
    """

    noun: str
    columns: tuple[Column, ...]
    cells: Callable[[T, dt.datetime], Sequence[str]]
    headings: tuple[str, ...]
    row: Callable[[T], Sequence[str]]
    plain: Callable[[T], Row]


def plain_asset(asset: Asset) -> Row:
    """An asset as `to_dicts` gives it."""
    return to_dicts([asset])[0]


def _asset_cells(asset: Asset, now: dt.datetime) -> Sequence[str]:
    size = "" if asset.size is None else human_size(asset.size)
    created = when(asset.created_at, now)
    name, kind = visible(asset.name) or "(empty name)", visible(asset.mime_type or "")
    return name, size, kind, created, listed(asset.tags), str(asset.id)


def _tag_row(tag: TagInfo) -> Sequence[str]:
    return cells.safe(tag.name), str(tag.count)


ASSETS: Final[Kind[Asset]] = Kind(
    "assets",
    (
        Column("name", 22, 0),
        Column("size", 7, 1, right=True),
        Column("type", 15, 4),
        Column("created (UTC)", 16, 2),
        Column("tags", 14, 3),
        Column("id", 36, 5),
    ),
    _asset_cells,
    cells.columns(),
    cells.row,
    plain_asset,
)
TAGS: Final[Kind[TagInfo]] = Kind(
    "tags",
    (Column("tag", 8, 0), Column("assets", 6, 1, right=True)),
    lambda tag, _: (visible(tag.name), f"{tag.count:,}"),
    ("name", "count"),
    _tag_row,
    lambda tag: {"name": tag.name, "count": tag.count},
)
