"""One asset, found and shown."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from comfy_cloud.asset import Asset, human_size
from comfy_cloud.assets import AssetQuery
from comfy_cloud.cli.exits import AssetMissingError, FlagError
from comfy_cloud.cli.formats import Screen, json_text
from comfy_cloud.cli.listing import Told
from comfy_cloud.cli.rows import plain_asset
from comfy_cloud.cli.showing import listed, visible, when
from comfy_cloud.cli.terminal import progress

_LABEL_CELLS: Final = 18


def asset_id(text: str) -> UUID:
    """An id as it was given.

    Raises:
        FlagError: it is no UUID.
    """
    try:
        return UUID(text)
    except ValueError:
        raise FlagError(
            f"An id is a UUID such as 00000000-0000-4000-8000-000000000000, not {text!r}; assets list --json shows it."
        ) from None


def found(query: AssetQuery, wanted: UUID) -> Asset:
    """The asset of this id: the listing is walked until it comes.

    Raises:
        AssetMissingError: nothing that the query lists has it.
    """
    with progress("Looking for it") as tell:
        for asset in query.on_page(Told(tell)):
            if asset.id == wanted:
                return asset
    raise AssetMissingError(f"No asset that is listed has the id {wanted}; check the id, the key and the filters.")


def card(asset: Asset, screen: Screen, *, as_json: bool) -> str:
    """All that is known of an asset, as JSON or for people."""
    row = plain_asset(asset)
    if as_json:
        return f"{json_text(row, indent=2)}\n"
    told = {
        **row,
        "size": None if asset.size is None else f"{human_size(asset.size)} ({asset.size:,} bytes)",
        "tags": listed(asset.tags),
        **{
            name: row[name] and _moment(row[name], screen.now)
            for name in ("created_at", "updated_at", "last_access_time")
        },
    }
    return "".join(
        f"{name:<{_LABEL_CELLS}}{_text(value)}\n" for name, value in told.items() if value not in (None, "", {})
    )


def _moment(at: dt.datetime, now: dt.datetime) -> str:
    ago = when(at, now)
    exactly = f"{at:%Y-%m-%d %H:%M:%S} UTC"
    return exactly if exactly.startswith(ago) else f"{exactly}, {ago}"


def _text(value: object) -> str:
    if isinstance(value, str):
        return visible(value)
    return json_text(value)
