"""Assets as rows: plain Python values, or a polars data frame. The columns are the same whatever the server sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from comfy_cloud.asset import AssetBase

if TYPE_CHECKING:
    import polars as pl

Row: TypeAlias = dict[str, Any]  # Any: metadata is whatever JSON holds, and the other columns have types of their own

_MISSING: Final = "to_polars() needs polars: pip install 'comfy-cloud[polars]'."
_INT64_BITS: Final = 63  # beside the sign


def _text(value: object) -> str | None:
    return None if value is None else str(value)


_VALUES: Final[Mapping[str, Callable[[AssetBase], Any]]] = {
    "id": lambda asset: str(asset.id),
    "name": lambda asset: asset.name,
    "asset_hash": lambda asset: asset.asset_hash,
    "size": lambda asset: asset.size,
    "mime_type": lambda asset: asset.mime_type,
    "tags": lambda asset: asset.tags,
    "user_metadata": lambda asset: asset.user_metadata.to_dict(),
    "preview_url": lambda asset: asset.preview_url,
    "preview_id": lambda asset: _text(asset.preview_id),
    "prompt_id": lambda asset: _text(asset.prompt_id),
    "created_at": lambda asset: asset.created_at,
    "updated_at": lambda asset: asset.updated_at,
    "last_access_time": lambda asset: asset.last_access_time,
    "is_immutable": lambda asset: asset.is_immutable,
    "hash": lambda asset: asset.hash_,
    "metadata": lambda asset: asset.metadata and asset.metadata.to_dict(),
    "job_id": lambda asset: asset.job_id,
    "display_name": lambda asset: asset.display_name,
}
"""The columns, in the document's order, with those that the overlay declares behind."""


def to_dicts(assets: Iterable[AssetBase]) -> list[Row]:
    """One dict an asset, of plain values that belong to the caller.

    The keys are the API's names, always all of them and always in the document's order; those that only some servers
    send (`hash`, `metadata`, `job_id`, `display_name`) stand last. Times are aware datetimes in UTC, ids are texts,
    `size` is in bytes, `tags` a list and `user_metadata` a dict, both empty where the asset has none. What else is
    absent, null or unreadable is None. Properties that no document declares are left out; `asset.to_dict()` has them.
    """
    return [{name: value(asset) for name, value in _VALUES.items()} for asset in assets]


def to_polars(assets: Iterable[AssetBase]) -> pl.DataFrame:
    """A polars data frame with one row an asset, and the columns of `to_dicts`.

    The schema is the same for any assets, also for none: times are `Datetime("us", "UTC")`, `size` is Int64 in bytes
    (null where it does not fit in 64 bits), `tags` are `List(String)`, and `user_metadata` and `metadata`, which hold
    anything, are JSON texts that keep every digit.

    Raises:
        ImportError: polars is not installed.
    """
    try:
        import polars as pl  # noqa: PLC0415 - an extra, imported where it is used
    except ImportError as error:
        raise ImportError(_MISSING) from error
    time, texts = pl.Datetime("us", "UTC"), pl.List(pl.String)
    special: dict[str, Any] = dict.fromkeys(("created_at", "updated_at", "last_access_time"), time)
    special |= {"size": pl.Int64, "tags": texts, "is_immutable": pl.Boolean}
    listed = list(assets)
    columns = [
        pl.Series(name, [_cell(name, value(asset)) for asset in listed], dtype=special.get(name, pl.String))
        for name, value in _VALUES.items()
    ]
    return pl.DataFrame(columns)


def _cell(name: str, value: Any) -> Any:  # noqa: ANN401 - of any column's type
    if value is None:
        return None
    if name in ("user_metadata", "metadata"):
        return json.dumps(value, ensure_ascii=False)
    return value if name != "size" or -(2**_INT64_BITS) <= value < 2**_INT64_BITS else None


__all__ = ["to_dicts", "to_polars"]
